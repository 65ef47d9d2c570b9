// Security descriptors, absolute and self-relative.
#include "rtl.h"

#define SE_DACL_UNTRUSTED  0x0040
#define SE_SERVER_SECURITY 0x0080

// The parts of a descriptor, wherever they lie.
struct parts {
    SID *owner, *group;
    ACL *sacl, *dacl;
};

static void *part(PISECURITY_DESCRIPTOR descriptor, ULONG offset)
{
    return offset ? (BYTE *)descriptor + offset : NULL;
}

static struct parts parts_of(PSECURITY_DESCRIPTOR p)
{
    SECURITY_DESCRIPTOR *d = p;

    if (d->Control & SE_SELF_RELATIVE) {
        SECURITY_DESCRIPTOR_RELATIVE *r = p;
        return (struct parts){part(p, r->Owner), part(p, r->Group),
                              d->Control & SE_SACL_PRESENT ? part(p, r->Sacl) : NULL,
                              d->Control & SE_DACL_PRESENT ? part(p, r->Dacl) : NULL};
    }
    return (struct parts){d->Owner, d->Group, d->Control & SE_SACL_PRESENT ? d->Sacl : NULL,
                          d->Control & SE_DACL_PRESENT ? d->Dacl : NULL};
}

static ULONG aligned(ULONG size)
{
    return (size + 3) & ~3u;
}

NTSTATUS WINAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR p, ULONG revision)
{
    SECURITY_DESCRIPTOR *d = p;

    if (revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    memset(d, 0, sizeof(*d));
    d->Revision = revision;
    return STATUS_SUCCESS;
}

BOOLEAN WINAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR p)
{
    SECURITY_DESCRIPTOR *d = p;
    struct parts parts;

    if (!d || d->Revision != SECURITY_DESCRIPTOR_REVISION) return FALSE;
    parts = parts_of(p);
    return (!parts.owner || RtlValidSid(parts.owner)) && (!parts.group || RtlValidSid(parts.group)) &&
           (!parts.dacl || RtlValidAcl(parts.dacl)) && (!parts.sacl || RtlValidAcl(parts.sacl));
}

static BOOLEAN is_sid_inside(const BYTE *base, ULONG length, ULONG offset)
{
    const SID *sid = (const SID *)(base + offset);

    if (!offset) return TRUE;
    return !(offset & 3) && offset < length && length - offset >= 8 && RtlValidSid((PSID)sid) &&
           RtlLengthSid((PSID)sid) <= length - offset;
}

static BOOLEAN is_acl_inside(const BYTE *base, ULONG length, ULONG offset)
{
    const ACL *acl = (const ACL *)(base + offset);

    if (!offset) return TRUE;
    return !(offset & 3) && offset < length && length - offset >= sizeof(ACL) &&
           acl->AclSize <= length - offset && RtlValidAcl((PACL)acl);
}

/** Whether a self-relative descriptor of at most length bytes is whole and holds what information asks for.
 */
BOOLEAN WINAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR p, ULONG length,
                                                  SECURITY_INFORMATION information)
{
    SECURITY_DESCRIPTOR_RELATIVE *r = p;

    if (length < sizeof(*r) || r->Revision != SECURITY_DESCRIPTOR_REVISION ||
        !(r->Control & SE_SELF_RELATIVE)) {
        return FALSE;
    }
    if (information & OWNER_SECURITY_INFORMATION && !r->Owner) return FALSE;
    if (information & GROUP_SECURITY_INFORMATION && !r->Group) return FALSE;
    return is_sid_inside(p, length, r->Owner) && is_sid_inside(p, length, r->Group) &&
           (!(r->Control & SE_DACL_PRESENT) || is_acl_inside(p, length, r->Dacl)) &&
           (!(r->Control & SE_SACL_PRESENT) || is_acl_inside(p, length, r->Sacl));
}

ULONG WINAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR p)
{
    struct parts parts = parts_of(p);
    ULONG size = sizeof(SECURITY_DESCRIPTOR);

    if (((SECURITY_DESCRIPTOR *)p)->Control & SE_SELF_RELATIVE) size = sizeof(SECURITY_DESCRIPTOR_RELATIVE);
    if (parts.owner) size += aligned(RtlLengthSid(parts.owner));
    if (parts.group) size += aligned(RtlLengthSid(parts.group));
    if (parts.dacl) size += aligned(parts.dacl->AclSize);
    if (parts.sacl) size += aligned(parts.sacl->AclSize);
    return size;
}

static NTSTATUS get_acl(PSECURITY_DESCRIPTOR p, USHORT present_bit, USHORT defaulted_bit, ACL *acl,
                        PBOOLEAN present, PACL *out, PBOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *d = p;

    if (d->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    *present = (d->Control & present_bit) != 0;
    if (*present) {
        *out = acl;
        *defaulted = (d->Control & defaulted_bit) != 0;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, PBOOLEAN present, PACL *acl,
                                             PBOOLEAN defaulted)
{
    return get_acl(p, SE_DACL_PRESENT, SE_DACL_DEFAULTED, parts_of(p).dacl, present, acl, defaulted);
}

NTSTATUS WINAPI RtlGetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, PBOOLEAN present, PACL *acl,
                                             PBOOLEAN defaulted)
{
    return get_acl(p, SE_SACL_PRESENT, SE_SACL_DEFAULTED, parts_of(p).sacl, present, acl, defaulted);
}

NTSTATUS WINAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID *owner, PBOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *d = p;

    if (d->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    *owner = parts_of(p).owner;
    *defaulted = (d->Control & SE_OWNER_DEFAULTED) != 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID *group, PBOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *d = p;

    if (d->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    *group = parts_of(p).group;
    *defaulted = (d->Control & SE_GROUP_DEFAULTED) != 0;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlGetControlSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR_CONTROL control,
                                                PULONG revision)
{
    SECURITY_DESCRIPTOR *d = p;

    *revision = d->Revision;
    if (d->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    *control = d->Control;
    return STATUS_SUCCESS;
}

// Only absolute descriptors can be changed part by part.
static NTSTATUS check_absolute(const SECURITY_DESCRIPTOR *d)
{
    if (d->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    return d->Control & SE_SELF_RELATIVE ? STATUS_INVALID_SECURITY_DESCR : STATUS_SUCCESS;
}

static void set_bit(SECURITY_DESCRIPTOR *d, USHORT bit, BOOLEAN on)
{
    d->Control = on ? d->Control | bit : d->Control & ~bit;
}

NTSTATUS WINAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, BOOLEAN present, PACL acl,
                                             BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *d = p;
    NTSTATUS status = check_absolute(d);

    if (status < 0) return status;
    set_bit(d, SE_DACL_PRESENT, present);
    if (present) {
        d->Dacl = acl;
        set_bit(d, SE_DACL_DEFAULTED, defaulted);
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlSetSaclSecurityDescriptor(PSECURITY_DESCRIPTOR p, BOOLEAN present, PACL acl,
                                             BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *d = p;
    NTSTATUS status = check_absolute(d);

    if (status < 0) return status;
    set_bit(d, SE_SACL_PRESENT, present);
    if (present) {
        d->Sacl = acl;
        set_bit(d, SE_SACL_DEFAULTED, defaulted);
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID owner, BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *d = p;
    NTSTATUS status = check_absolute(d);

    if (status < 0) return status;
    d->Owner = owner;
    set_bit(d, SE_OWNER_DEFAULTED, defaulted);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR p, PSID group, BOOLEAN defaulted)
{
    SECURITY_DESCRIPTOR *d = p;
    NTSTATUS status = check_absolute(d);

    if (status < 0) return status;
    d->Group = group;
    set_bit(d, SE_GROUP_DEFAULTED, defaulted);
    return STATUS_SUCCESS;
}

/** Changes the control bits in mask; only those of inheritance may be. STATUS_INVALID_PARAMETER. */
NTSTATUS WINAPI RtlSetControlSecurityDescriptor(PSECURITY_DESCRIPTOR p, SECURITY_DESCRIPTOR_CONTROL mask,
                                                SECURITY_DESCRIPTOR_CONTROL bits)
{
    const SECURITY_DESCRIPTOR_CONTROL allowed =
        SE_DACL_UNTRUSTED | SE_SERVER_SECURITY | SE_DACL_AUTO_INHERIT_REQ | SE_SACL_AUTO_INHERIT_REQ |
        SE_DACL_AUTO_INHERITED | SE_SACL_AUTO_INHERITED | SE_DACL_PROTECTED | SE_SACL_PROTECTED;
    SECURITY_DESCRIPTOR *d = p;

    if ((mask | bits) & ~allowed || bits & ~mask) return STATUS_INVALID_PARAMETER;
    d->Control = (d->Control & ~mask) | bits;
    return STATUS_SUCCESS;
}

static ULONG append(BYTE *base, ULONG *at, const void *data, ULONG size)
{
    ULONG offset = *at;

    if (!data) return 0;
    memcpy(base + offset, data, size);
    *at += aligned(size);
    return offset;
}

/** Copies an absolute descriptor into one block of *size bytes. STATUS_BUFFER_TOO_SMALL with the size needed.
 */
NTSTATUS WINAPI RtlMakeSelfRelativeSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size)
{
    SECURITY_DESCRIPTOR *d = p;
    SECURITY_DESCRIPTOR_RELATIVE *r = out;
    struct parts parts = parts_of(p);
    ULONG needed = RtlLengthSecurityDescriptor(p), at = sizeof(*r);

    if (d->Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    if (*size < needed) {
        *size = needed;
        return STATUS_BUFFER_TOO_SMALL;
    }
    if (d->Control & SE_SELF_RELATIVE) {
        memcpy(out, p, needed);
        *size = needed;
        return STATUS_SUCCESS;
    }
    memset(out, 0, needed);
    r->Revision = d->Revision;
    r->Sbz1 = d->Sbz1;
    r->Control = d->Control | SE_SELF_RELATIVE;
    r->Sacl = append(out, &at, parts.sacl, parts.sacl ? parts.sacl->AclSize : 0);
    r->Dacl = append(out, &at, parts.dacl, parts.dacl ? parts.dacl->AclSize : 0);
    r->Owner = append(out, &at, parts.owner, parts.owner ? RtlLengthSid(parts.owner) : 0);
    r->Group = append(out, &at, parts.group, parts.group ? RtlLengthSid(parts.group) : 0);
    return STATUS_SUCCESS;
}

/** RtlMakeSelfRelativeSD for absolute descriptors only: STATUS_BAD_DESCRIPTOR_FORMAT. */
NTSTATUS WINAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size)
{
    if (((SECURITY_DESCRIPTOR *)p)->Control & SE_SELF_RELATIVE) return STATUS_BAD_DESCRIPTOR_FORMAT;
    return RtlMakeSelfRelativeSD(p, out, size);
}

static void *copy_part(void *out, const void *data, ULONG size)
{
    return data ? memcpy(out, data, size) : NULL;
}

/** Takes a self-relative descriptor apart into buffers. STATUS_BUFFER_TOO_SMALL with all sizes needed. */
NTSTATUS WINAPI RtlSelfRelativeToAbsoluteSD(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR out, PULONG size,
                                            PACL dacl, PULONG dacl_size, PACL sacl, PULONG sacl_size,
                                            PSID owner, PULONG owner_size, PSID group, PULONG group_size)
{
    SECURITY_DESCRIPTOR *d = p, *a = out;
    struct parts parts = parts_of(p);
    ULONG needed[4] = {parts.dacl ? parts.dacl->AclSize : 0, parts.sacl ? parts.sacl->AclSize : 0,
                       parts.owner ? RtlLengthSid(parts.owner) : 0,
                       parts.group ? RtlLengthSid(parts.group) : 0};

    if (!(d->Control & SE_SELF_RELATIVE)) return STATUS_BAD_DESCRIPTOR_FORMAT;
    if (*size < sizeof(*a) || *dacl_size < needed[0] || *sacl_size < needed[1] || *owner_size < needed[2] ||
        *group_size < needed[3]) {
        *size = sizeof(*a);
        *dacl_size = needed[0];
        *sacl_size = needed[1];
        *owner_size = needed[2];
        *group_size = needed[3];
        return STATUS_BUFFER_TOO_SMALL;
    }
    memset(a, 0, sizeof(*a));
    a->Revision = d->Revision;
    a->Sbz1 = d->Sbz1;
    a->Control = d->Control & ~SE_SELF_RELATIVE;
    a->Dacl = copy_part(dacl, parts.dacl, needed[0]);
    a->Sacl = copy_part(sacl, parts.sacl, needed[1]);
    a->Owner = copy_part(owner, parts.owner, needed[2]);
    a->Group = copy_part(group, parts.group, needed[3]);
    return STATUS_SUCCESS;
}

/** Copies a self-relative descriptor into a new block of the process heap. */
NTSTATUS WINAPI RtlCopySecurityDescriptor(PSECURITY_DESCRIPTOR p, PSECURITY_DESCRIPTOR *out)
{
    ULONG size = RtlLengthSecurityDescriptor(p);

    *out = RtlAllocateHeap(process_heap(), 0, size);
    if (!*out) return STATUS_NO_MEMORY;
    memcpy(*out, p, size);
    return STATUS_SUCCESS;
}

/** Replaces generic rights by the specific ones of mapping. */
void WINAPI RtlMapGenericMask(PACCESS_MASK mask, const GENERIC_MAPPING *mapping)
{
    if (*mask & GENERIC_READ) *mask |= mapping->GenericRead;
    if (*mask & GENERIC_WRITE) *mask |= mapping->GenericWrite;
    if (*mask & GENERIC_EXECUTE) *mask |= mapping->GenericExecute;
    if (*mask & GENERIC_ALL) *mask |= mapping->GenericAll;
    *mask &= 0x0FFFFFFF;
}

BOOLEAN WINAPI RtlAreAllAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired)
{
    return (granted & desired) == desired;
}

BOOLEAN WINAPI RtlAreAnyAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired)
{
    return (granted & desired) != 0;
}
