// Security descriptors of objects. Objects belong to the user who runs the process; a file's descriptor says
// what its host mode says. Setting one is honoured where the host can: read-only files; the rest is refused.
#include "file.h"
#include "ntdll_host.h"
#include "sid.h"
#include <string.h>
#include <sys/stat.h>

enum { NT = 5, WORLD = 1, ACE_ALLOWED = 0, ACL_REVISION_VALUE = 2 };

struct descriptor {
    uint32_t size;
    uint8_t bytes[512];
};

static uint32_t append(struct descriptor *d, const void *bytes, uint32_t n)
{
    uint32_t at = d->size;
    memcpy(d->bytes + at, bytes, n);
    d->size += n;
    return at;
}

static void append_ace(struct descriptor *d, uint32_t acl, struct sid sid, uint32_t access)
{
    uint16_t size = 8 + sid.size;
    const uint8_t head[4] = {ACE_ALLOWED, 0, (uint8_t)size, (uint8_t)(size >> 8)};
    ACL32 list;
    append(d, head, sizeof head);
    append(d, &access, sizeof access);
    append(d, sid.bytes, sid.size);
    memcpy(&list, d->bytes + acl, sizeof list);
    list.AclSize += size;
    list.AceCount++;
    memcpy(d->bytes + acl, &list, sizeof list);
}

// The rights that three mode bits give on a file.
static uint32_t file_rights(unsigned bits)
{
    uint32_t rights = 0;
    if (bits & 4) rights |= FILE_GENERIC_READ;
    if (bits & 2) rights |= FILE_GENERIC_WRITE | DELETE;
    if (bits & 1) rights |= FILE_GENERIC_EXECUTE;
    return rights;
}

static void append_dacl(struct descriptor *d, const struct object *object)
{
    ACL32 list = {.AclRevision = ACL_REVISION_VALUE, .AclSize = sizeof list};
    struct stat st;
    uint32_t acl = append(d, &list, sizeof list);
    const struct file *file = object->type == &file_type ? (const struct file *)object : NULL;
    if (file && file->fd >= 0 && fstat(file->fd, &st) == 0) {
        append_ace(d, acl, sid_user(), file_rights(st.st_mode >> 6 & 7) | WRITE_DAC | WRITE_OWNER);
        append_ace(d, acl, sid_primary_group(), file_rights(st.st_mode >> 3 & 7));
        append_ace(d, acl, sid_make(WORLD, 1, 0u), file_rights(st.st_mode & 7));
    } else {
        append_ace(d, acl, sid_user(), object->type->valid_access);
        append_ace(d, acl, sid_make(NT, 1, 18u), object->type->valid_access);
    }
}

static void build(struct descriptor *d, const struct object *object, uint32_t information)
{
    SECURITY_DESCRIPTOR_RELATIVE32 head = {.Revision = 1, .Control = SE_SELF_RELATIVE};
    d->size = sizeof head;
    if (information & OWNER_SECURITY_INFORMATION) {
        struct sid owner = sid_user();
        head.Owner = append(d, owner.bytes, owner.size);
    }
    if (information & GROUP_SECURITY_INFORMATION) {
        struct sid group = sid_primary_group();
        head.Group = append(d, group.bytes, group.size);
    }
    if (information & DACL_SECURITY_INFORMATION) {
        head.Control |= SE_DACL_PRESENT;
        head.Dacl = d->size;
        append_dacl(d, object);
    }
    memcpy(d->bytes, &head, sizeof head);
}

NTSTATUS NtQuerySecurityObject(HANDLE32 handle, uint32_t information, gptr buffer, uint32_t length,
                               uint32_t *needed)
{
    struct object *object;
    struct descriptor d;
    uint32_t access = READ_CONTROL | (information & SACL_SECURITY_INFORMATION ? ACCESS_SYSTEM_SECURITY : 0);
    NTSTATUS status = handle_resolve(handle, NULL, access, &object);
    if (!NT_SUCCESS(status)) return status;
    build(&d, object, information);
    object_release(object);
    *needed = d.size;
    if (length < d.size) return STATUS_BUFFER_TOO_SMALL;
    return guest_write(buffer, d.bytes, d.size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Owners and lists beyond the host's mode bits cannot be kept, and a descriptor that is silently dropped
// would be a lie: only what changes nothing succeeds, an empty request and the same owner and group again.
static NTSTATUS same_owner(gptr descriptor, const SECURITY_DESCRIPTOR_RELATIVE32 *head, uint32_t offset,
                           struct sid wanted)
{
    uint8_t sid[SID_MAX_BYTES];
    gptr at = head->Control & SE_SELF_RELATIVE ? descriptor + offset : offset;
    if (!offset) return STATUS_INVALID_OWNER;
    if (!guest_read(sid, at, wanted.size)) return STATUS_ACCESS_VIOLATION;
    return memcmp(sid, wanted.bytes, wanted.size) == 0 ? STATUS_SUCCESS : STATUS_INVALID_OWNER;
}

NTSTATUS NtSetSecurityObject(HANDLE32 handle, uint32_t information, gptr descriptor)
{
    struct object *object;
    SECURITY_DESCRIPTOR_RELATIVE32 head;
    uint32_t access = 0;
    if (!guest_read(&head, descriptor, sizeof head)) return STATUS_ACCESS_VIOLATION;
    if (head.Revision != 1) return STATUS_UNKNOWN_REVISION;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION)) access |= WRITE_OWNER;
    if (information & DACL_SECURITY_INFORMATION) access |= WRITE_DAC;
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    NTSTATUS status = handle_resolve(handle, NULL, access, &object);
    if (!NT_SUCCESS(status)) return status;
    object_release(object);
    if (information & OWNER_SECURITY_INFORMATION)
        status = same_owner(descriptor, &head, head.Owner, sid_user());
    if (NT_SUCCESS(status) && information & GROUP_SECURITY_INFORMATION)
        status = same_owner(descriptor, &head, head.Group, sid_primary_group());
    if (NT_SUCCESS(status) && information & (DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION))
        status = STATUS_NOT_SUPPORTED;
    return status;
}
