// Private namespaces: directories that are found by a boundary descriptor (a name, and SIDs that the caller
// must have) instead of a path. They lie in a directory of their own, under a name made of the descriptor.
// Sources: Microsoft's documentation of CreatePrivateNamespace, phnt's ntobapi.h.
#include "directory.h"
#include "ntdll_host.h"
#include "object_name.h"
#include "token.h"
#include <stdlib.h>
#include <string.h>

enum { BOUNDARY_MAX = 8192, ENTRY_ALIGNMENT = 8 };

// A descriptor in host memory, whole and checked.
struct boundary {
    uint8_t *bytes; // malloc'd
    uint32_t size;
};

// ---- boundary descriptors ----

// The SID of an entry must be in the caller's token. STATUS_INVALID_SID, STATUS_ACCESS_DENIED.
static NTSTATUS check_sid(const struct token *token, const uint8_t *data, uint32_t size, bool label)
{
    struct sid sid;
    if (!sid_parse(&sid, data, size)) return STATUS_INVALID_SID;
    if (!label) return token_has_sid(&token->state, &sid, false) ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
    // S-1-16-RID: not above the caller's own.
    uint32_t level;
    memcpy(&level, sid.bytes + sid.size - sizeof level, sizeof level);
    const struct sid of_level = sid_integrity(level);
    if (!sid_equal(&sid, &of_level)) return STATUS_INVALID_SID;
    return level <= token->state.integrity ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

// Walks the entries. There must be a name, and only one.
static NTSTATUS check_entries(const struct boundary *boundary, uint32_t items)
{
    NTSTATUS status = STATUS_SUCCESS;
    uint32_t at = sizeof(OBJECT_BOUNDARY_DESCRIPTOR32), names = 0;
    struct token *token = token_effective();
    if (!token) return STATUS_NO_MEMORY;
    pthread_mutex_lock(&token->lock);
    for (uint32_t i = 0; i < items && status == STATUS_SUCCESS; i++) {
        OBJECT_BOUNDARY_ENTRY32 entry;
        if (boundary->size - at < sizeof entry) {
            status = STATUS_INVALID_PARAMETER;
            break;
        }
        memcpy(&entry, boundary->bytes + at, sizeof entry);
        if (entry.EntrySize <= sizeof entry || entry.EntrySize > boundary->size - at) {
            status = STATUS_INVALID_PARAMETER;
            break;
        }
        const uint8_t *data = boundary->bytes + at + sizeof entry;
        const uint32_t size = entry.EntrySize - (uint32_t)sizeof entry;
        if (entry.EntryType == OBNS_NAME)
            names++;
        else if (entry.EntryType == OBNS_SID || entry.EntryType == OBNS_IL)
            status = check_sid(token, data, size, entry.EntryType == OBNS_IL);
        else
            status = STATUS_INVALID_PARAMETER;
        at += (entry.EntrySize + ENTRY_ALIGNMENT - 1) & ~(uint32_t)(ENTRY_ALIGNMENT - 1);
        if (at > boundary->size) at = boundary->size;
    }
    pthread_mutex_unlock(&token->lock);
    object_release(&token->object);
    if (status == STATUS_SUCCESS && names != 1) status = STATUS_INVALID_PARAMETER;
    return status;
}

static NTSTATUS capture(struct boundary *boundary, gptr address)
{
    OBJECT_BOUNDARY_DESCRIPTOR32 head;
    if (!guest_read(&head, address, sizeof head)) return STATUS_ACCESS_VIOLATION;
    if (head.Version != BOUNDARY_DESCRIPTOR_VERSION || head.TotalSize < sizeof head ||
        head.TotalSize > BOUNDARY_MAX)
        return STATUS_INVALID_PARAMETER;
    boundary->size = head.TotalSize;
    boundary->bytes = malloc(boundary->size);
    if (!boundary->bytes) return STATUS_NO_MEMORY;
    NTSTATUS status = STATUS_ACCESS_VIOLATION;
    if (guest_read(boundary->bytes, address, boundary->size)) {
        memcpy(boundary->bytes, &head, sizeof head); // as it was checked
        status = check_entries(boundary, head.Items);
    }
    if (status != STATUS_SUCCESS) free(boundary->bytes);
    return status;
}

// ---- names ----

static void append_text(struct object_name *name, const char *text)
{
    for (; *text; text++) name->name[name->length++] = (uint8_t)*text;
}

// The path of a descriptor's directory: its bytes in hexadecimal digits. The rest comes from attributes.
static NTSTATUS make_name(struct object_name *name, const struct boundary *boundary,
                          const OBJECT_ATTRIBUTES32 *attributes)
{
    static const char digits[] = "0123456789abcdef", directory[] = PRIVATE_NAMESPACES "\\";
    OBJECT_ATTRIBUTES32 unnamed = {.Length = sizeof unnamed};
    if (attributes) {
        unnamed = *attributes;
        unnamed.ObjectName = 0; // the alias is the caller's business
        unnamed.RootDirectory = 0;
    }
    NTSTATUS status = object_name_capture(name, &unnamed);
    if (status != STATUS_SUCCESS) return status;
    name->name = malloc((sizeof directory + boundary->size * 2) * sizeof *name->name);
    if (!name->name) {
        object_name_free(name);
        return STATUS_NO_MEMORY;
    }
    append_text(name, directory);
    for (uint32_t i = 0; i < boundary->size; i++)
        append_text(name,
                    (const char[]){digits[boundary->bytes[i] >> 4], digits[boundary->bytes[i] & 15], 0});
    name->name[name->length] = 0;
    name->attributes &= ~(uint32_t)(OBJ_PERMANENT | OBJ_CASE_INSENSITIVE);
    return STATUS_SUCCESS;
}

static NTSTATUS name_of(struct object_name *name, gptr address, const OBJECT_ATTRIBUTES32 *attributes)
{
    struct boundary boundary;
    NTSTATUS status = capture(&boundary, address);
    if (status != STATUS_SUCCESS) return status;
    status = make_name(name, &boundary, attributes);
    free(boundary.bytes);
    return status;
}

// ---- calls ----

NTSTATUS NtCreatePrivateNamespace(HANDLE32 *handle, ACCESS_MASK32 access,
                                  const OBJECT_ATTRIBUTES32 *attributes, gptr boundary)
{
    struct object_name name;
    NTSTATUS status = name_of(&name, boundary, attributes);
    if (status != STATUS_SUCCESS) return status;
    struct directory *directory = directory_new();
    if (directory) {
        status = object_security_create(&directory->object, name.security, name.security_size);
        if (status == STATUS_SUCCESS) status = object_create_named(&directory->object, &name, access, handle);
        object_release(&directory->object);
    } else {
        status = STATUS_NO_MEMORY;
    }
    object_name_free(&name);
    return status;
}

NTSTATUS NtOpenPrivateNamespace(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                                gptr boundary)
{
    struct object_name name;
    NTSTATUS status = name_of(&name, boundary, attributes);
    if (status != STATUS_SUCCESS) return status;
    status = object_open_named(&directory_type, &name, access, handle);
    object_name_free(&name);
    return status;
}

// Nobody finds it any more; those who have it keep it. STATUS_INVALID_PARAMETER for other directories.
NTSTATUS NtDeletePrivateNamespace(HANDLE32 handle)
{
    static const char directory[] = PRIVATE_NAMESPACES "\\";
    struct object *object;
    uint32_t length, i = 0;
    NTSTATUS status = handle_resolve(handle, &directory_type, DELETE, &object);
    if (status != STATUS_SUCCESS) return status;
    uint16_t *name = object_full_name(object, &length);
    while (name && i < length && directory[i] && name[i] == (uint8_t)directory[i]) i++;
    if (name && !directory[i])
        object_remove_name(object);
    else
        status = STATUS_INVALID_PARAMETER;
    free(name);
    object_release(object);
    return status;
}
