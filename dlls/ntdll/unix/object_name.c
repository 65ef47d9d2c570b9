// The namespace: capturing OBJECT_ATTRIBUTES, walking paths, naming and opening objects.
#include "dlls/ntdll/unix/object_name.h"
#include "dlls/ntdll/unix/directory.h"
#include "dlls/ntdll/unix/upcase.h"
#include <stdlib.h>
#include <string.h>

enum {
    LINKS_MAX = 32, // symbolic links followed in one walk
    DIRECTORY_TRAVERSE_RIGHT = 2,
    ATTRIBUTES_KNOWN =
        0x1FF2, // OBJ_VALID_ATTRIBUTES and the kernel's own bits, which it ignores from user mode
    SECURITY_MAX = 0x10000,
};

pthread_mutex_t namespace_lock = PTHREAD_MUTEX_INITIALIZER;
static struct directory *root;

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

// Where a path ended: the directory and the last component, and what stands there (NULL: nothing).
struct walk {
    struct directory *directory; // NULL for the root itself
    const uint16_t *leaf;
    uint32_t leaf_length;
    struct object *found;
    uint16_t *rewritten; // the path after links, free it
};

// Puts a link's target before the rest of a path that led through it.
static NTSTATUS follow_link(struct walk *walk, const struct symbolic_link *link, const uint16_t *rest,
                            uint32_t rest_length, const uint16_t **path, uint32_t *length)
{
    uint16_t *joined = malloc((link->length + rest_length + 2) * sizeof *joined);
    if (!joined) return STATUS_NO_MEMORY;
    memcpy(joined, link->target, link->length * sizeof *joined);
    *length = link->length;
    if (rest_length) {
        joined[(*length)++] = '\\';
        memcpy(joined + *length, rest, rest_length * sizeof *joined);
        *length += rest_length;
    }
    free(walk->rewritten);
    *path = walk->rewritten = joined;
    return STATUS_SUCCESS;
}

// Walks a path from start (NULL: the path must begin at the root) under namespace_lock. A link as the last
// component is followed unless open_link.
static NTSTATUS walk_path(struct walk *walk, struct directory *start, const uint16_t *path, uint32_t length,
                          bool insensitive, bool open_link)
{
    memset(walk, 0, sizeof *walk);
    for (int links = 0; links <= LINKS_MAX; links++) {
        struct directory *directory = start;
        if (!directory) {
            if (!length || path[0] != '\\') return STATUS_OBJECT_PATH_SYNTAX_BAD;
            directory = root;
            path++, length--;
        } else if (length && path[0] == '\\') {
            return STATUS_OBJECT_PATH_SYNTAX_BAD;
        }
        if (!length) {
            walk->found = &directory->object;
            walk->directory = NULL;
            return STATUS_SUCCESS;
        }
        for (;;) {
            uint32_t n = 0;
            while (n < length && path[n] != '\\') n++;
            bool last = n == length;
            if (!n || (!last && n + 1 == length)) return STATUS_OBJECT_NAME_INVALID;
            struct object_entry *entry = directory_find(directory, path, n, insensitive);
            walk->directory = directory;
            walk->leaf = path;
            walk->leaf_length = n;
            walk->found = entry ? entry->object : NULL;
            if (!entry) return last ? STATUS_SUCCESS : STATUS_OBJECT_PATH_NOT_FOUND;
            const uint16_t *rest = last ? NULL : path + n + 1;
            uint32_t rest_length = last ? 0 : length - n - 1;
            if (entry->object->type == &symbolic_link_type && !(last && open_link)) {
                NTSTATUS status = follow_link(walk, (struct symbolic_link *)entry->object, rest, rest_length,
                                              &path, &length);
                if (status != STATUS_SUCCESS) return status;
                start = NULL;
                break;
            }
            if (last) return STATUS_SUCCESS;
            if (entry->object->type != &directory_type) return STATUS_OBJECT_TYPE_MISMATCH;
            directory = (struct directory *)entry->object;
            path = rest;
            length = rest_length;
        }
    }
    return STATUS_OBJECT_NAME_INVALID;
}

static NTSTATUS resolve_root(const struct object_name *name, struct directory **start)
{
    *start = NULL;
    if (!name->root) return STATUS_SUCCESS;
    struct object *object;
    NTSTATUS status = handle_resolve(name->root, &directory_type, DIRECTORY_TRAVERSE_RIGHT, &object);
    if (status == STATUS_SUCCESS) *start = (struct directory *)object;
    return status;
}

// --- creating and opening
// ---------------------------------------------------------------------------------------

// What object_create_handle does for an object with a name; consumes nothing.
static NTSTATUS create_named(struct object *object, const struct object_name *name, ACCESS_MASK32 access,
                             HANDLE32 *handle)
{
    struct directory *start;
    NTSTATUS status = resolve_root(name, &start);
    if (status != STATUS_SUCCESS) return status;

    struct walk walk;
    bool insensitive = name->attributes & OBJ_CASE_INSENSITIVE;
    pthread_mutex_lock(&namespace_lock);
    status = walk_path(&walk, start, name->name, name->length, insensitive,
                       object->type == &symbolic_link_type || (name->attributes & OBJ_OPENLINK));
    if (status == STATUS_SUCCESS && walk.found) {
        if (!(name->attributes & OBJ_OPENIF)) {
            status = STATUS_OBJECT_NAME_COLLISION;
        } else if (walk.found->type != object->type) {
            status = STATUS_OBJECT_TYPE_MISMATCH;
        } else {
            status = object_check_access(object->type, access, &access);
            if (status == STATUS_SUCCESS)
                status = handle_create(walk.found, access, name->attributes, handle);
            if (status == STATUS_SUCCESS) status = STATUS_OBJECT_NAME_EXISTS;
        }
    } else if (status == STATUS_SUCCESS) {
        if (!directory_insert(walk.directory, walk.leaf, walk.leaf_length, object)) {
            status = STATUS_NO_MEMORY;
        } else {
            atomic_store(&object->permanent, (name->attributes & OBJ_PERMANENT) != 0);
            status = handle_create(object, access, name->attributes, handle);
            if (status != STATUS_SUCCESS) {
                // The caller's reference to the object stays; the directory outlives the lock by the walk's
                // start.
                directory_remove(atomic_load(&object->entry));
                object_release(object);
            }
        }
    }
    pthread_mutex_unlock(&namespace_lock);
    free(walk.rewritten);
    if (start) object_release(&start->object);
    return status;
}

NTSTATUS object_create_handle(struct object *object, const OBJECT_ATTRIBUTES32 *attributes,
                              ACCESS_MASK32 access, HANDLE32 *handle)
{
    struct object_name name;
    NTSTATUS status = object_name_capture(&name, attributes);
    if (status == STATUS_SUCCESS) {
        if (name.name)
            status = create_named(object, &name, access, handle);
        else if (name.root)
            status = STATUS_OBJECT_NAME_INVALID;
        else
            status = handle_create(object, object_map_access(object->type, access), name.attributes, handle);
        object_name_free(&name);
    }
    object_release(object);
    return status;
}

NTSTATUS object_open_handle(const struct object_type *type, const OBJECT_ATTRIBUTES32 *attributes,
                            ACCESS_MASK32 access, HANDLE32 *handle)
{
    if (!attributes) return STATUS_INVALID_PARAMETER;
    struct object_name name;
    struct directory *start = NULL;
    NTSTATUS status = object_name_capture(&name, attributes);
    if (status != STATUS_SUCCESS) return status;
    status = name.name || name.root ? resolve_root(&name, &start) : STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (status == STATUS_SUCCESS) {
        struct walk walk;
        pthread_mutex_lock(&namespace_lock);
        status = walk_path(&walk, start, name.name, name.length, name.attributes & OBJ_CASE_INSENSITIVE,
                           type == &symbolic_link_type);
        if (status == STATUS_SUCCESS) {
            if (!walk.found)
                status = STATUS_OBJECT_NAME_NOT_FOUND;
            else if (walk.found->type != type)
                status = STATUS_OBJECT_TYPE_MISMATCH;
            else
                status = object_check_access(type, access, &access);
            if (status == STATUS_SUCCESS) status = handle_create(walk.found, access, name.attributes, handle);
        }
        pthread_mutex_unlock(&namespace_lock);
        free(walk.rewritten);
    }
    if (start) object_release(&start->object);
    object_name_free(&name);
    return status;
}

// --- the end of names
// -------------------------------------------------------------------------------------------

// Takes an object's name and what the name held, if nothing keeps it. Call with namespace_lock, which it
// drops.
static void drop_name_and_unlock(struct object *object, bool last)
{
    struct object_entry *entry = atomic_load(&object->entry);
    if (!last || !entry || atomic_load(&object->permanent)) entry = NULL;
    struct directory *parent = entry ? entry->parent : NULL;
    if (entry) directory_remove(entry);
    pthread_mutex_unlock(&namespace_lock);
    if (!parent) return;
    object_release(object);
    object_release(&parent->object);
}

bool object_name_handle_closed(struct object *object)
{
    if (!atomic_load_explicit(&object->entry, memory_order_acquire))
        return atomic_fetch_sub_explicit(&object->handles, 1, memory_order_acq_rel) == 1;
    pthread_mutex_lock(&namespace_lock);
    bool last = atomic_fetch_sub_explicit(&object->handles, 1, memory_order_acq_rel) == 1;
    drop_name_and_unlock(object, last);
    return last;
}

void object_make_temporary(struct object *object)
{
    pthread_mutex_lock(&namespace_lock);
    atomic_store(&object->permanent, false);
    drop_name_and_unlock(object, atomic_load(&object->handles) == 0);
}

uint16_t *object_full_name(struct object *object, uint32_t *length)
{
    uint16_t *name = NULL;
    uint32_t n = 0;
    pthread_mutex_lock(&namespace_lock);
    struct object_entry *entry = atomic_load(&object->entry);
    for (struct object_entry *e = entry; e; e = atomic_load(&e->parent->object.entry)) n += e->length + 1;
    if (object == &root->object) n = 1;
    if (n) name = malloc((n + 1) * sizeof *name);
    if (name) {
        uint32_t at = n;
        name[n] = 0;
        for (struct object_entry *e = entry; e; e = atomic_load(&e->parent->object.entry)) {
            at -= e->length;
            memcpy(name + at, e->name, e->length * sizeof *name);
            name[--at] = '\\';
        }
        if (object == &root->object) name[0] = '\\';
    }
    pthread_mutex_unlock(&namespace_lock);
    *length = name ? n : 0;
    return name;
}

// --- start
// ------------------------------------------------------------------------------------------------------

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
    root = directory_new();
    if (!root) return false;
    for (size_t i = 0; i < sizeof initial / sizeof *initial; i++) {
        uint16_t path[64], target[64];
        uint32_t length = 0, target_length = 0;
        for (const char *p = initial[i].path; *p; p++) path[length++] = (uint8_t)*p;
        for (const char *p = initial[i].target; p && *p; p++) target[target_length++] = (uint8_t)*p;
        struct walk walk;
        struct directory *directory = target_length ? NULL : directory_new();
        struct symbolic_link *link = target_length ? symbolic_link_new(target, target_length) : NULL;
        struct object *object = link ? &link->object : &directory->object;
        if (!object || walk_path(&walk, NULL, path, length, false, true) != STATUS_SUCCESS || walk.found ||
            !directory_insert(walk.directory, walk.leaf, walk.leaf_length, object))
            return false;
        atomic_store(&object->permanent, true);
        object_release(object); // the name keeps it
    }
    return true;
}
