// The namespace: capturing OBJECT_ATTRIBUTES, walking paths, naming and opening objects.
#include "dlls/ntdll/unix/object_name.h"
#include "dlls/ntdll/unix/directory.h"
#include "dlls/ntdll/unix/region_layout.h"
#include "dlls/ntdll/unix/region_text.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/upcase.h"
#include "loader/host_clock.h"
#include <stdlib.h>
#include <string.h>

enum {
    LINKS_MAX = 32, // symbolic links followed in one walk
    DIRECTORY_TRAVERSE_RIGHT = 2,
    ATTRIBUTES_KNOWN =
        0x1FF2, // OBJ_VALID_ATTRIBUTES and the kernel's own bits, which it ignores from user mode
    SECURITY_MAX = 0x10000,
};

bool object_name_equal(const uint16_t *a, const uint16_t *b, uint32_t length, bool insensitive)
{
    if (!insensitive) return !memcmp(a, b, length * sizeof *a);
    for (uint32_t i = 0; i < length; i++)
        if (a[i] != b[i] && upcase(a[i]) != upcase(b[i])) return false;
    return true;
}

// --- OBJECT_ATTRIBUTES
// ------------------------------------------------------------------------------------------

// The parts of a security descriptor, self-relative or not, put together as a self-relative one.
static NTSTATUS capture_security(struct object_name *out, gptr address)
{
    // Control bits and offsets of the parts in both forms (SECURITY_DESCRIPTOR, winnt.h).
    enum { SELF_RELATIVE = 0x8000, DACL_PRESENT = 4, SACL_PRESENT = 0x10, HEAD = 20, PARTS = 4 };
    struct {
        uint8_t revision, sbz1;
        uint16_t control;
        uint32_t part[PARTS]; // owner, group, SACL, DACL
    } head;
    if (address & 3) return STATUS_DATATYPE_MISALIGNMENT;
    if (!guest_read(&head, address, HEAD)) return STATUS_ACCESS_VIOLATION;
    if (head.revision != 1) return STATUS_UNKNOWN_REVISION;
    if (!(head.control & SACL_PRESENT)) head.part[2] = 0;
    if (!(head.control & DACL_PRESENT)) head.part[3] = 0;

    uint32_t sizes[PARTS], total = HEAD;
    for (int i = 0; i < PARTS; i++) {
        uint8_t start[4];
        sizes[i] = 0;
        if (!head.part[i]) continue;
        if (head.control & SELF_RELATIVE) head.part[i] += address;
        if (!guest_read(start, head.part[i], sizeof start)) return STATUS_ACCESS_VIOLATION;
        // A SID counts its sub-authorities in byte 1, an ACL its bytes in bytes 2 and 3.
        sizes[i] = i < 2 ? 8u + 4u * start[1] : (uint32_t)start[2] | (uint32_t)start[3] << 8;
        if (i < 2 && (start[0] != 1 || start[1] > 15)) return STATUS_INVALID_SID;
        if (i >= 2 && sizes[i] < 8) return STATUS_INVALID_ACL;
        total += (sizes[i] + 3) & ~3u;
    }
    uint8_t *copy = calloc(1, total);
    if (!copy) return STATUS_NO_MEMORY;
    uint32_t at = HEAD;
    for (int i = 0; i < PARTS; i++) {
        if (!sizes[i]) continue;
        if (!guest_read(copy + at, head.part[i], sizes[i])) {
            free(copy);
            return STATUS_ACCESS_VIOLATION;
        }
        head.part[i] = at;
        at += (sizes[i] + 3) & ~3u;
    }
    head.control |= SELF_RELATIVE;
    memcpy(copy, &head, HEAD);
    out->security = copy;
    out->security_size = total;
    return STATUS_SUCCESS;
}

static NTSTATUS capture_name(struct object_name *out, gptr address)
{
    UNICODE_STRING32 string;
    if (address & 3) return STATUS_DATATYPE_MISALIGNMENT;
    if (!guest_read(&string, address, sizeof string)) return STATUS_ACCESS_VIOLATION;
    if (!string.Length) return STATUS_SUCCESS;
    if (string.Length & 1) return STATUS_OBJECT_NAME_INVALID;
    if (string.Buffer & 1) return STATUS_DATATYPE_MISALIGNMENT;
    out->name = malloc(string.Length + sizeof *out->name);
    if (!out->name) return STATUS_NO_MEMORY;
    if (!guest_read(out->name, string.Buffer, string.Length)) return STATUS_ACCESS_VIOLATION;
    out->length = string.Length / sizeof *out->name;
    out->name[out->length] = 0;
    return STATUS_SUCCESS;
}

NTSTATUS object_name_capture(struct object_name *out, const OBJECT_ATTRIBUTES32 *attributes)
{
    memset(out, 0, sizeof *out);
    if (!attributes) return STATUS_SUCCESS;
    if (attributes->Length != sizeof *attributes || (attributes->Attributes & ~(uint32_t)ATTRIBUTES_KNOWN))
        return STATUS_INVALID_PARAMETER;
    out->root = attributes->RootDirectory;
    out->attributes = attributes->Attributes;
    NTSTATUS status = STATUS_SUCCESS;
    if (attributes->SecurityDescriptor) status = capture_security(out, attributes->SecurityDescriptor);
    if (status == STATUS_SUCCESS && attributes->ObjectName)
        status = capture_name(out, attributes->ObjectName);
    if (status != STATUS_SUCCESS) object_name_free(out);
    return status;
}

void object_name_free(struct object_name *name)
{
    free(name->name);
    free(name->security);
    memset(name, 0, sizeof *name);
}

// --- walking
// ----------------------------------------------------------------------------------------------------

// Where a path ended: the directory and the last component, and what stands there. Records of the region.
struct walk {
    uint32_t directory; // 0 for the root itself
    const uint16_t *leaf;
    uint32_t leaf_length;
    uint32_t found;      // 0: nothing
    uint16_t *rewritten; // the path after links, free it
};

static uint32_t kind_of(uint32_t index)
{
    const struct shared_record *record = shared_record(index);
    return record ? atomic_load(&record->record.kind) : 0;
}

// Puts a link's target before the rest of a path that led through it.
static NTSTATUS follow_link(struct walk *walk, uint32_t link, const uint16_t *rest, uint32_t rest_length,
                            const uint16_t **path, uint32_t *length)
{
    const struct shared_record *record = shared_record(link);
    uint32_t target = (uint16_t)atomic_load(&record->data[LINK_BYTES]) / 2;
    uint16_t *joined = malloc((target + rest_length + 2) * sizeof *joined);
    if (!joined) return STATUS_NO_MEMORY;
    region_text_read(atomic_load(&record->text), joined, target * 2);
    *length = target;
    if (rest_length) {
        joined[(*length)++] = '\\';
        memcpy(joined + *length, rest, rest_length * sizeof *joined);
        *length += rest_length;
    }
    free(walk->rewritten);
    *path = walk->rewritten = joined;
    return STATUS_SUCCESS;
}

// Takes what only dead processes had; whether that was so, and the record is gone.
static bool is_left_by_dead(uint32_t index)
{
    const struct shared_record *record = shared_record(index);
    if (!record || region_set_has(&record->holders, region_self())) return false;
    for (uint32_t slot = region_set_next(&record->holders, 0); slot < REGION_SLOTS;
         slot = region_set_next(&record->holders, slot + 1))
        if (!region_slot_reap(slot)) return false;
    return !shared_record(index);
}

static uint32_t find_live(uint32_t directory, const uint16_t *name, uint32_t length, bool insensitive)
{
    uint32_t index = shared_name_find(directory, name, length, insensitive);
    return index && is_left_by_dead(index) ? 0 : index;
}

// Walks a path from the record start (0: the path must begin at the root) with the region's lock. A link as
// the last component is followed unless open_link.
static NTSTATUS walk_path(struct walk *walk, uint32_t start, const uint16_t *path, uint32_t length,
                          bool insensitive, bool open_link)
{
    memset(walk, 0, sizeof *walk);
    for (int links = 0; links <= LINKS_MAX; links++) {
        uint32_t directory = start;
        if (!directory) {
            if (!length || path[0] != '\\') return STATUS_OBJECT_PATH_SYNTAX_BAD;
            directory = REGION_ROOT;
            path++, length--;
        } else if (length && path[0] == '\\') {
            return STATUS_OBJECT_PATH_SYNTAX_BAD;
        }
        if (!length) {
            walk->found = directory;
            walk->directory = 0;
            return STATUS_SUCCESS;
        }
        for (;;) {
            uint32_t n = 0;
            while (n < length && path[n] != '\\') n++;
            bool last = n == length;
            if (!n || (!last && n + 1 == length)) return STATUS_OBJECT_NAME_INVALID;
            uint32_t found = find_live(directory, path, n, insensitive);
            walk->directory = directory;
            walk->leaf = path;
            walk->leaf_length = n;
            walk->found = found;
            if (!found) return last ? STATUS_SUCCESS : STATUS_OBJECT_PATH_NOT_FOUND;
            const uint16_t *rest = last ? NULL : path + n + 1;
            uint32_t rest_length = last ? 0 : length - n - 1;
            if (kind_of(found) == SHARED_SYMBOLIC_LINK && !(last && open_link)) {
                NTSTATUS status = follow_link(walk, found, rest, rest_length, &path, &length);
                if (status != STATUS_SUCCESS) return status;
                start = 0;
                break;
            }
            if (last) return STATUS_SUCCESS;
            if (kind_of(found) != SHARED_DIRECTORY) return STATUS_OBJECT_TYPE_MISMATCH;
            directory = found;
            path = rest;
            length = rest_length;
        }
    }
    return STATUS_OBJECT_NAME_INVALID;
}

static NTSTATUS resolve_root(const struct object_name *name, struct object **start)
{
    *start = NULL;
    if (!name->root) return STATUS_SUCCESS;
    return handle_resolve(name->root, &directory_type, DIRECTORY_TRAVERSE_RIGHT, start);
}

// --- creating and opening
// ---------------------------------------------------------------------------------------

// A handle to the object of a record that this process holds. With namespace_lock.
static NTSTATUS open_record(uint32_t index, const struct object_type *type, ACCESS_MASK32 access,
                            uint32_t attributes, HANDLE32 *handle)
{
    struct object *object;
    NTSTATUS status = shared_object_adopt(index, &object);
    if (status != STATUS_SUCCESS) return status;
    status = object->type == type ? object_check_security(object, access, &access) : STATUS_OBJECT_TYPE_MISMATCH;
    if (status == STATUS_SUCCESS) status = handle_create(object, access, attributes, handle);
    object_release(object);
    return status;
}

NTSTATUS object_create_named(struct object *object, const struct object_name *name, ACCESS_MASK32 access,
                             HANDLE32 *handle)
{
    struct object *start;
    NTSTATUS status = resolve_root(name, &start);
    if (status != STATUS_SUCCESS) return status;

    struct walk walk;
    bool insensitive = name->attributes & OBJ_CASE_INSENSITIVE, exists = false;
    pthread_mutex_lock(&namespace_lock);
    region_lock();
    status = walk_path(&walk, start ? atomic_load(&start->shared) : 0, name->name, name->length, insensitive,
                       object->type == &symbolic_link_type || (name->attributes & OBJ_OPENLINK));
    if (status == STATUS_SUCCESS && walk.found) {
        if (!(name->attributes & OBJ_OPENIF))
            status = STATUS_OBJECT_NAME_COLLISION;
        else if (kind_of(walk.found) != object->type->shared_kind)
            status = STATUS_OBJECT_TYPE_MISMATCH;
        else
            exists = true;
        if (exists) shared_object_hold(walk.found);
    } else if (status == STATUS_SUCCESS) {
        status = shared_object_publish_locked(object, walk.directory, walk.leaf, walk.leaf_length);
    }
    region_unlock();
    if (exists) {
        status = open_record(walk.found, object->type, access, name->attributes, handle);
        if (status == STATUS_SUCCESS) status = STATUS_OBJECT_NAME_EXISTS;
    } else if (status == STATUS_SUCCESS) {
        if (name->attributes & OBJ_PERMANENT) shared_object_set_permanent(object, true);
        status = handle_create(object, object_map_access(object->type, access), name->attributes, handle);
        if (status != STATUS_SUCCESS) shared_object_handles_changed(object);
    }
    pthread_mutex_unlock(&namespace_lock);
    free(walk.rewritten);
    if (start) object_release(start);
    return status;
}

NTSTATUS object_create_handle(struct object *object, const OBJECT_ATTRIBUTES32 *attributes,
                              ACCESS_MASK32 access, HANDLE32 *handle)
{
    struct object_name name;
    NTSTATUS status = object_name_capture(&name, attributes);
    if (status == STATUS_SUCCESS) {
        status = object_security_create(object, name.security, name.security_size);
    }
    if (status == STATUS_SUCCESS) {
        if (name.name && !object->type->shared_kind)
            status = STATUS_OBJECT_NAME_INVALID;
        else if (name.name)
            status = object_create_named(object, &name, access, handle);
        else if (name.root)
            status = STATUS_OBJECT_NAME_INVALID;
        else
            status = handle_create(object, object_map_access(object->type, access), name.attributes, handle);
    }
    object_name_free(&name);
    object_release(object);
    return status;
}

NTSTATUS object_open_named(const struct object_type *type, const struct object_name *name, ACCESS_MASK32 access,
                           HANDLE32 *handle)
{
    struct object *start = NULL;
    struct walk walk;
    NTSTATUS status = resolve_root(name, &start);
    if (status != STATUS_SUCCESS) return status;
    pthread_mutex_lock(&namespace_lock);
    region_lock();
    status = walk_path(&walk, start ? atomic_load(&start->shared) : 0, name->name, name->length,
                       name->attributes & OBJ_CASE_INSENSITIVE, type == &symbolic_link_type);
    if (status == STATUS_SUCCESS) {
        if (!walk.found)
            status = STATUS_OBJECT_NAME_NOT_FOUND;
        else if (kind_of(walk.found) != type->shared_kind)
            status = STATUS_OBJECT_TYPE_MISMATCH;
        else
            shared_object_hold(walk.found);
    }
    region_unlock();
    if (status == STATUS_SUCCESS) status = open_record(walk.found, type, access, name->attributes, handle);
    pthread_mutex_unlock(&namespace_lock);
    free(walk.rewritten);
    if (start) object_release(start);
    return status;
}

NTSTATUS object_open_handle(const struct object_type *type, const OBJECT_ATTRIBUTES32 *attributes,
                            ACCESS_MASK32 access, HANDLE32 *handle)
{
    if (!attributes) return STATUS_INVALID_PARAMETER;
    struct object_name name;
    NTSTATUS status = object_name_capture(&name, attributes);
    if (status != STATUS_SUCCESS) return status;
    status = name.name || name.root ? object_open_named(type, &name, access, handle) : STATUS_OBJECT_PATH_SYNTAX_BAD;
    object_name_free(&name);
    return status;
}

// --- what is asked of names
// ------------------------------------------------------------------------------------

void object_make_temporary(struct object *object)
{
    if (atomic_load(&object->shared)) shared_object_set_permanent(object, false);
}

void object_remove_name(struct object *object)
{
    uint32_t index = atomic_load(&object->shared);
    if (!index) return;
    region_lock();
    if (shared_record(index)) shared_name_remove(index);
    region_unlock();
}

void object_make_permanent(struct object *object)
{
    if (atomic_load(&object->shared)) shared_object_set_permanent(object, true);
}

bool object_is_permanent(struct object *object)
{
    return atomic_load(&object->shared) && atomic_load(&shared_record_of(object)->permanent);
}

enum { DEPTH_MAX = 64 };

struct ancestor {
    const struct shared_record *record;
    uint32_t length; // of its name
};

// From an object's record up to the one below the root. 0: it has no name.
static uint32_t ancestry(uint32_t index, struct ancestor path[DEPTH_MAX])
{
    uint32_t n = 0;
    const struct shared_record *record;
    while (n < DEPTH_MAX && index != REGION_ROOT && (record = shared_record(index)) &&
           atomic_load(&record->name)) {
        path[n++] = (struct ancestor){record, shared_name_length(record)};
        index = record->parent;
    }
    return n;
}

static uint32_t write_path(uint16_t *name, const struct ancestor *path, uint32_t n)
{
    uint32_t at = 0;
    while (n-- > 0) {
        name[at++] = '\\';
        shared_name_read(path[n].record, name + at, path[n].length);
        at += path[n].length;
    }
    return at;
}

uint16_t *object_full_name(struct object *object, uint32_t *length)
{
    uint32_t index = atomic_load(&object->shared), room = 1;
    struct ancestor path[DEPTH_MAX];
    uint16_t *name = NULL;
    *length = 0;
    if (!index) return NULL;
    region_lock();
    uint32_t n = ancestry(index, path);
    for (uint32_t i = 0; i < n; i++) room += 1 + path[i].length;
    if (n || index == REGION_ROOT) name = malloc((room + 1) * sizeof *name);
    if (name) {
        *length = index == REGION_ROOT ? 1 : write_path(name, path, n);
        if (index == REGION_ROOT) name[0] = '\\';
        name[*length] = 0;
    }
    region_unlock();
    return name;
}

// --- start
// ------------------------------------------------------------------------------------------------------

// A directory, or with a target a symbolic link, that stays without a process. With the region's lock.
static bool make_initial(uint32_t directory, const uint16_t *name, uint32_t length, const uint16_t *target,
                         uint32_t target_length)
{
    uint32_t index = region_record_new(REGION_OBJECTS);
    struct shared_record *record = region_record(REGION_OBJECTS, index);
    if (!record || (directory ? false : index != REGION_ROOT)) return false;
    if (directory && !shared_name_set(record, directory, name, length)) return false;
    if (target_length) {
        atomic_store(&record->text, region_text_new(target, target_length * 2));
        atomic_store(&record->data[LINK_BYTES], target_length * 2);
        atomic_store(&record->data[LINK_CREATED], (uint64_t)host_system_time());
    }
    atomic_store(&record->permanent, true);
    atomic_store(&record->record.kind, target_length ? SHARED_SYMBOLIC_LINK : SHARED_DIRECTORY);
    shared_name_enter(index);
    return true;
}

bool object_namespace_init(void)
{
    // The base directories of session 1 as Windows has them; the first ones must come before what is in them.
    static const struct {
        const char *path, *target; // target: a symbolic link
    } initial[] = {
        {"\\BaseNamedObjects", NULL},
        {"\\Sessions", NULL},
        {"\\Sessions\\1", NULL},
        {"\\Sessions\\1\\BaseNamedObjects", NULL},
        {"\\Sessions\\1\\Windows", NULL},
        {PRIVATE_NAMESPACES, NULL},
        {"\\Sessions\\BNOLINKS", NULL},
        {"\\KernelObjects", NULL},
        {"\\RPC Control", NULL},
        {"\\Security", NULL},
        {"\\Windows", NULL},
        {"\\KnownDlls", NULL},
        {"\\KnownDlls32", NULL},
        {"\\Device", NULL},
        {"\\GLOBAL??", NULL},
        {"\\DosDevices", "\\GLOBAL??"},
        {"\\??", "\\GLOBAL??"},
        {"\\BaseNamedObjects\\Global", "\\BaseNamedObjects"},
        {"\\BaseNamedObjects\\Local", "\\BaseNamedObjects"},
        {"\\BaseNamedObjects\\Session", "\\Sessions\\BNOLINKS"},
        {"\\Sessions\\1\\BaseNamedObjects\\Global", "\\BaseNamedObjects"},
        {"\\Sessions\\1\\BaseNamedObjects\\Local", "\\Sessions\\1\\BaseNamedObjects"},
        {"\\Sessions\\1\\BaseNamedObjects\\Session", "\\Sessions\\BNOLINKS"},
        {"\\Sessions\\BNOLINKS\\0", "\\BaseNamedObjects"},
        {"\\Sessions\\BNOLINKS\\1", "\\Sessions\\1\\BaseNamedObjects"},
    };
    region_lock();
    bool good = true;
    if (atomic_load(&region->namespace_built)) {
        region_unlock();
        return true;
    }
    if (!shared_record(REGION_ROOT)) good = make_initial(0, NULL, 0, NULL, 0);
    for (size_t i = 0; good && i < sizeof initial / sizeof *initial; i++) {
        uint16_t path[64], target[64];
        uint32_t length = 0, target_length = 0;
        for (const char *p = initial[i].path; *p; p++) path[length++] = (uint8_t)*p;
        for (const char *p = initial[i].target; p && *p; p++) target[target_length++] = (uint8_t)*p;
        struct walk walk;
        good =
            walk_path(&walk, 0, path, length, false, true) == STATUS_SUCCESS &&
            (walk.found || make_initial(walk.directory, walk.leaf, walk.leaf_length, target, target_length));
    }
    if (good) atomic_store(&region->namespace_built, 1);
    region_unlock();
    return good;
}
