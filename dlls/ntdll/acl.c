// Access control lists.
#include "nt/rtl_security.h"
#include "rtl.h"

static inline ACE_HEADER *first_ace(const ACL *acl)
{
    return (ACE_HEADER *)(acl + 1);
}

static inline ACE_HEADER *next_ace(const ACE_HEADER *ace)
{
    return (ACE_HEADER *)((BYTE *)ace + ace->AceSize);
}

/** Starts an empty list of size bytes. STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_PARAMETER. */
NTSTATUS WINAPI RtlCreateAcl(PACL acl, ULONG size, ULONG revision)
{
    if (revision < MIN_ACL_REVISION || revision > MAX_ACL_REVISION) return STATUS_INVALID_PARAMETER;
    if (size < sizeof(*acl)) return STATUS_BUFFER_TOO_SMALL;
    if (size > 0xFFFF) return STATUS_INVALID_PARAMETER;
    memset(acl, 0, sizeof(*acl));
    acl->AclRevision = revision;
    acl->AclSize = size & ~3u;
    return STATUS_SUCCESS;
}

/** Where the next entry would go: *free_ace NULL when the list is full to the last byte. FALSE for a broken
 * list. */
BOOLEAN WINAPI RtlFirstFreeAce(PACL acl, PACE_HEADER *free_ace)
{
    const BYTE *end = (const BYTE *)acl + acl->AclSize;
    ACE_HEADER *ace = first_ace(acl);

    *free_ace = NULL;
    for (ULONG i = 0; i < acl->AceCount; i++) {
        if ((const BYTE *)(ace + 1) > end) return FALSE;
        ace = next_ace(ace);
    }
    if ((const BYTE *)ace > end) return FALSE;
    if ((const BYTE *)ace < end) *free_ace = ace;
    return TRUE;
}

BOOLEAN WINAPI RtlValidAcl(PACL acl)
{
    const BYTE *end;
    ACE_HEADER *ace;

    if (!acl || acl->AclRevision < MIN_ACL_REVISION || acl->AclRevision > MAX_ACL_REVISION ||
        acl->AclSize < sizeof(*acl) || acl->AclSize & 3) {
        return FALSE;
    }
    end = (const BYTE *)acl + acl->AclSize;
    ace = first_ace(acl);
    for (ULONG i = 0; i < acl->AceCount; i++) {
        if ((const BYTE *)(ace + 1) > end || ace->AceSize < sizeof(*ace) ||
            ace->AceSize > end - (const BYTE *)ace) {
            return FALSE;
        }
        ace = next_ace(ace);
    }
    return TRUE;
}

NTSTATUS WINAPI RtlGetAce(PACL acl, ULONG index, PVOID *out)
{
    ACE_HEADER *ace = first_ace(acl);

    if (index >= acl->AceCount) return STATUS_INVALID_PARAMETER;
    while (index--) ace = next_ace(ace);
    *out = ace;
    return STATUS_SUCCESS;
}

/** Inserts entries (length bytes of them) before the one at index, or at the end for -1. */
NTSTATUS WINAPI RtlAddAce(PACL acl, ULONG revision, ULONG index, PVOID list, ULONG length)
{
    ACE_HEADER *place = first_ace(acl), *end, *ace = list;
    ULONG count = 0;

    if (!RtlValidAcl(acl) || !RtlFirstFreeAce(acl, &end)) return STATUS_INVALID_PARAMETER;
    for (BYTE *p = list; p < (BYTE *)list + length; p += ((ACE_HEADER *)p)->AceSize) {
        ace = (ACE_HEADER *)p;
        if (ace->AceSize < sizeof(*ace) || ace->AceSize > (BYTE *)list + length - p)
            return STATUS_INVALID_PARAMETER;
        count++;
    }
    if (!end || (BYTE *)end + length > (BYTE *)acl + acl->AclSize) return STATUS_BUFFER_TOO_SMALL;
    for (ULONG i = 0; i < index && i < acl->AceCount; i++) place = next_ace(place);
    memmove((BYTE *)place + length, place, (BYTE *)end - (BYTE *)place);
    memcpy(place, list, length);
    acl->AceCount += count;
    if (revision > acl->AclRevision) acl->AclRevision = revision;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlDeleteAce(PACL acl, ULONG index)
{
    ACE_HEADER *end;
    PVOID ace;
    ULONG size;
    NTSTATUS status = RtlGetAce(acl, index, &ace);

    if (status < 0) return status;
    if (!RtlFirstFreeAce(acl, &end)) return STATUS_INVALID_PARAMETER;
    if (!end) end = (ACE_HEADER *)((BYTE *)acl + acl->AclSize);
    size = ((ACE_HEADER *)ace)->AceSize;
    memmove(ace, (BYTE *)ace + size, (BYTE *)end - (BYTE *)ace - size);
    acl->AceCount--;
    return STATUS_SUCCESS;
}

// All simple entries are a header, a mask and a SID.
static NTSTATUS add(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid, BYTE type)
{
    ACE_HEADER *place;
    ACCESS_ALLOWED_ACE *ace;
    ULONG size;

    if (!RtlValidSid(sid)) return STATUS_INVALID_SID;
    if (revision > MAX_ACL_REVISION || acl->AclRevision > MAX_ACL_REVISION) return STATUS_REVISION_MISMATCH;
    if (!RtlValidAcl(acl) || !RtlFirstFreeAce(acl, &place)) return STATUS_INVALID_ACL;
    size = sizeof(ACE_HEADER) + sizeof(ACCESS_MASK) + RtlLengthSid(sid);
    if (!place || (BYTE *)place + size > (BYTE *)acl + acl->AclSize) return STATUS_ALLOTTED_SPACE_EXCEEDED;
    ace = (ACCESS_ALLOWED_ACE *)place;
    ace->Header = (ACE_HEADER){type, flags, size};
    ace->Mask = mask;
    memcpy(&ace->SidStart, sid, RtlLengthSid(sid));
    acl->AceCount++;
    if (revision > acl->AclRevision) acl->AclRevision = revision;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlAddAccessAllowedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid)
{
    return add(acl, revision, 0, mask, sid, ACCESS_ALLOWED_ACE_TYPE);
}

NTSTATUS WINAPI RtlAddAccessAllowedAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid)
{
    return add(acl, revision, flags, mask, sid, ACCESS_ALLOWED_ACE_TYPE);
}

NTSTATUS WINAPI RtlAddAccessDeniedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid)
{
    return add(acl, revision, 0, mask, sid, ACCESS_DENIED_ACE_TYPE);
}

NTSTATUS WINAPI RtlAddAccessDeniedAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid)
{
    return add(acl, revision, flags, mask, sid, ACCESS_DENIED_ACE_TYPE);
}

NTSTATUS WINAPI RtlAddAuditAccessAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid,
                                       BOOLEAN success, BOOLEAN failure)
{
    if (success) flags |= SUCCESSFUL_ACCESS_ACE_FLAG;
    if (failure) flags |= FAILED_ACCESS_ACE_FLAG;
    return add(acl, revision, flags, mask, sid, SYSTEM_AUDIT_ACE_TYPE);
}

NTSTATUS WINAPI RtlAddAuditAccessAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid, BOOLEAN success,
                                     BOOLEAN failure)
{
    return RtlAddAuditAccessAceEx(acl, revision, 0, mask, sid, success, failure);
}

/** Adds an integrity label; policy is of SYSTEM_MANDATORY_LABEL_VALID_MASK. STATUS_INVALID_PARAMETER. */
NTSTATUS WINAPI RtlAddMandatoryAce(PACL acl, ULONG revision, ULONG flags, PSID sid, BYTE type, ULONG policy)
{
    if (type != SYSTEM_MANDATORY_LABEL_ACE_TYPE || policy & ~SYSTEM_MANDATORY_LABEL_VALID_MASK)
        return STATUS_INVALID_PARAMETER;
    return add(acl, revision, flags, policy, sid, type);
}

// Object entries: two optional GUIDs between the mask and the SID. Without either, a simple entry.
static NTSTATUS add_object(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, const GUID *object,
                           const GUID *inherited, PSID sid, BYTE type, BYTE simple_type)
{
    BYTE buffer[sizeof(ACCESS_ALLOWED_OBJECT_ACE) + SECURITY_MAX_SID_SIZE];
    ACCESS_ALLOWED_OBJECT_ACE *ace = (ACCESS_ALLOWED_OBJECT_ACE *)buffer;
    BYTE *at = (BYTE *)&ace->ObjectType;
    NTSTATUS status;

    if (!object && !inherited) return add(acl, revision, flags, mask, sid, simple_type);
    if (revision < ACL_REVISION_DS || revision > MAX_ACL_REVISION) return STATUS_REVISION_MISMATCH;
    if (!RtlValidSid(sid)) return STATUS_INVALID_SID;
    ace->Mask = mask;
    ace->Flags = (object ? ACE_OBJECT_TYPE_PRESENT : 0) | (inherited ? ACE_INHERITED_OBJECT_TYPE_PRESENT : 0);
    if (object) memcpy(at, object, sizeof(GUID)), at += sizeof(GUID);
    if (inherited) memcpy(at, inherited, sizeof(GUID)), at += sizeof(GUID);
    memcpy(at, sid, RtlLengthSid(sid));
    ace->Header = (ACE_HEADER){type, flags, at + RtlLengthSid(sid) - buffer};
    status = RtlAddAce(acl, revision, ~0u, ace, ace->Header.AceSize);
    return status == STATUS_BUFFER_TOO_SMALL ? STATUS_ALLOTTED_SPACE_EXCEEDED : status;
}

NTSTATUS WINAPI RtlAddAccessAllowedObjectAce(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask,
                                             GUID *object, GUID *inherited, PSID sid)
{
    return add_object(acl, revision, flags, mask, object, inherited, sid, ACCESS_ALLOWED_OBJECT_ACE_TYPE,
                      ACCESS_ALLOWED_ACE_TYPE);
}

NTSTATUS WINAPI RtlAddAccessDeniedObjectAce(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask,
                                            GUID *object, GUID *inherited, PSID sid)
{
    return add_object(acl, revision, flags, mask, object, inherited, sid, ACCESS_DENIED_OBJECT_ACE_TYPE,
                      ACCESS_DENIED_ACE_TYPE);
}

NTSTATUS WINAPI RtlAddAuditAccessObjectAce(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask,
                                           GUID *object, GUID *inherited, PSID sid, BOOLEAN success,
                                           BOOLEAN failure)
{
    if (success) flags |= SUCCESSFUL_ACCESS_ACE_FLAG;
    if (failure) flags |= FAILED_ACCESS_ACE_FLAG;
    return add_object(acl, revision, flags, mask, object, inherited, sid, SYSTEM_AUDIT_OBJECT_ACE_TYPE,
                      SYSTEM_AUDIT_ACE_TYPE);
}

/** Changes the revision of a list. STATUS_INVALID_INFO_CLASS, STATUS_BUFFER_TOO_SMALL,
 * STATUS_INVALID_PARAMETER. */
NTSTATUS WINAPI RtlSetInformationAcl(PACL acl, PVOID buffer, ULONG length, ACL_INFORMATION_CLASS class)
{
    const ACL_REVISION_INFORMATION *info = buffer;

    if (class != AclRevisionInformation) return STATUS_INVALID_INFO_CLASS;
    if (length < sizeof(*info)) return STATUS_BUFFER_TOO_SMALL;
    if (info->AclRevision < acl->AclRevision || info->AclRevision > MAX_ACL_REVISION)
        return STATUS_INVALID_PARAMETER;
    acl->AclRevision = info->AclRevision;
    return STATUS_SUCCESS;
}

/** Revision or sizes of a list. STATUS_BUFFER_TOO_SMALL, STATUS_INVALID_INFO_CLASS. */
NTSTATUS WINAPI RtlQueryInformationAcl(PACL acl, PVOID buffer, ULONG length, ACL_INFORMATION_CLASS class)
{
    ACE_HEADER *end;

    switch (class) {
    case AclRevisionInformation:
        if (length < sizeof(ACL_REVISION_INFORMATION)) return STATUS_BUFFER_TOO_SMALL;
        ((ACL_REVISION_INFORMATION *)buffer)->AclRevision = acl->AclRevision;
        return STATUS_SUCCESS;
    case AclSizeInformation: {
        ACL_SIZE_INFORMATION *info = buffer;

        if (length < sizeof(*info)) return STATUS_BUFFER_TOO_SMALL;
        if (!RtlFirstFreeAce(acl, &end)) return STATUS_INVALID_ACL;
        info->AceCount = acl->AceCount;
        info->AclBytesInUse = end ? (DWORD)((BYTE *)end - (BYTE *)acl) : acl->AclSize;
        info->AclBytesFree = acl->AclSize - info->AclBytesInUse;
        return STATUS_SUCCESS;
    }
    default: return STATUS_INVALID_INFO_CLASS;
    }
}
