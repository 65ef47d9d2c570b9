// Access control lists from explicit entries and back, and the rights that a list gives a trustee.
#include "trustee.h"

enum { SID_OFFSET = 8 }; // of entries that are a header, a mask and a SID

struct entry {
    union {
        SID sid;
        BYTE bytes[SECURITY_MAX_SID_SIZE];
    } sid;
    DWORD mask;
    ACCESS_MODE mode;
    BYTE flags;
};

static bool is_simple(const ACE_HEADER *ace)
{
    return ace->AceType == ACCESS_ALLOWED_ACE_TYPE || ace->AceType == ACCESS_DENIED_ACE_TYPE ||
           ace->AceType == SYSTEM_AUDIT_ACE_TYPE;
}

static PSID sid_of(const ACE_HEADER *ace)
{
    return (PSID)((const BYTE *)ace + SID_OFFSET);
}

// Whether an entry of the old list goes because of a new one: setting replaces all of a trustee's, revoking
// takes what allows.
static bool is_replaced(const ACE_HEADER *ace, const struct entry *entries, ULONG count)
{
    for (ULONG i = 0; i < count && is_simple(ace); i++) {
        if (!RtlEqualSid(sid_of(ace), (PSID)&entries[i].sid)) continue;
        if (entries[i].mode == SET_ACCESS && ace->AceType != SYSTEM_AUDIT_ACE_TYPE) return true;
        if (entries[i].mode == REVOKE_ACCESS && ace->AceType == ACCESS_ALLOWED_ACE_TYPE) return true;
    }
    return false;
}

static NTSTATUS add_entry(ACL *acl, const struct entry *entry)
{
    PSID sid = (PSID)&entry->sid;
    switch (entry->mode) {
    case GRANT_ACCESS:
    case SET_ACCESS: return RtlAddAccessAllowedAceEx(acl, ACL_REVISION, entry->flags, entry->mask, sid);
    case DENY_ACCESS: return RtlAddAccessDeniedAceEx(acl, ACL_REVISION, entry->flags, entry->mask, sid);
    case SET_AUDIT_SUCCESS:
    case SET_AUDIT_FAILURE:
        return RtlAddAuditAccessAceEx(acl, ACL_REVISION, entry->flags, entry->mask, sid,
                                      entry->mode == SET_AUDIT_SUCCESS, entry->mode == SET_AUDIT_FAILURE);
    default: return STATUS_SUCCESS;
    }
}

static void copy_old(ACL *acl, ACL *old, const struct entry *entries, ULONG count, bool inherited)
{
    ACE_HEADER *ace;
    for (DWORD i = 0; old && NT_SUCCESS(RtlGetAce(old, i, (void **)&ace)); i++)
        if (((ace->AceFlags & INHERITED_ACE) != 0) == inherited && !is_replaced(ace, entries, count))
            RtlAddAce(acl, acl->AclRevision, ~0u, ace, ace->AceSize);
}

// Canonical order: what denies, what allows, then the old list's explicit entries and inherited ones.
static DWORD merge(const struct entry *entries, ULONG count, ACL *old, ACL **result)
{
    DWORD size = sizeof(ACL) + (old ? old->AclSize : 0) + count * (SID_OFFSET + SECURITY_MAX_SID_SIZE);
    ACL *acl = size <= 0xFFFF ? LocalAlloc(LMEM_ZEROINIT, size) : NULL;
    if (!acl) return ERROR_NOT_ENOUGH_MEMORY;
    RtlCreateAcl(acl, size, old ? old->AclRevision : ACL_REVISION);
    for (ULONG i = 0; i < count; i++)
        if (entries[i].mode == DENY_ACCESS) add_entry(acl, &entries[i]);
    for (ULONG i = 0; i < count; i++)
        if (entries[i].mode != DENY_ACCESS) add_entry(acl, &entries[i]);
    copy_old(acl, old, entries, count, false);
    copy_old(acl, old, entries, count, true);
    *result = acl;
    return ERROR_SUCCESS;
}

static DWORD read_entry(struct entry *entry, const EXPLICIT_ACCESSW *access)
{
    if (access->grfAccessMode < GRANT_ACCESS || access->grfAccessMode > SET_AUDIT_FAILURE)
        return ERROR_INVALID_PARAMETER;
    entry->mask = access->grfAccessPermissions;
    entry->mode = access->grfAccessMode;
    entry->flags = (BYTE)(access->grfInheritance & VALID_INHERIT_FLAGS & ~INHERITED_ACE);
    return trustee_sid(&access->Trustee, &entry->sid.sid);
}

HOTPATCH DWORD WINAPI SetEntriesInAclW(ULONG count, EXPLICIT_ACCESSW *accesses, PACL old, PACL *result)
{
    *result = NULL;
    if (!count && !old) return ERROR_SUCCESS;
    AUTO_FREE struct entry *entries = heap_alloc((count + 1) * sizeof(*entries));
    if (!entries) return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++) {
        DWORD error = read_entry(&entries[i], &accesses[i]);
        if (error) return error;
    }
    return merge(entries, count, old, result);
}

HOTPATCH DWORD WINAPI SetEntriesInAclA(ULONG count, EXPLICIT_ACCESSA *accesses, PACL old, PACL *result)
{
    *result = NULL;
    if (!count && !old) return ERROR_SUCCESS;
    AUTO_FREE struct entry *entries = heap_alloc((count + 1) * sizeof(*entries));
    if (!entries) return ERROR_NOT_ENOUGH_MEMORY;
    for (ULONG i = 0; i < count; i++) {
        EXPLICIT_ACCESSW wide;
        AUTO_FREE WCHAR *name = NULL;
        memcpy(&wide, &accesses[i], sizeof(wide)); // the same layout
        DWORD error = trustee_from_ansi(&wide.Trustee, &accesses[i].Trustee, &name);
        if (!error) error = read_entry(&entries[i], &wide);
        if (error) return error;
    }
    return merge(entries, count, old, result);
}

// --- and back

static void describe(EXPLICIT_ACCESSW *access, const ACE_HEADER *ace, SID *sid)
{
    access->grfAccessPermissions = ((const ACCESS_ALLOWED_ACE *)ace)->Mask;
    access->grfAccessMode = ace->AceType == ACCESS_ALLOWED_ACE_TYPE      ? GRANT_ACCESS
                            : ace->AceType == ACCESS_DENIED_ACE_TYPE     ? DENY_ACCESS
                            : ace->AceFlags & SUCCESSFUL_ACCESS_ACE_FLAG ? SET_AUDIT_SUCCESS
                                                                         : SET_AUDIT_FAILURE;
    access->grfInheritance = ace->AceFlags & VALID_INHERIT_FLAGS;
    RtlCopySid(SECURITY_MAX_SID_SIZE, sid, sid_of(ace));
    BuildTrusteeWithSidW(&access->Trustee, sid);
}

// One block: the entries, then their SIDs. NULL for a list without any.
HOTPATCH DWORD WINAPI GetExplicitEntriesFromAclW(PACL acl, ULONG *count, EXPLICIT_ACCESSW **accesses)
{
    ACE_HEADER *ace;
    ULONG n = 0;
    *count = 0;
    *accesses = NULL;
    for (DWORD i = 0; acl && NT_SUCCESS(RtlGetAce(acl, i, (void **)&ace)); i++)
        if (is_simple(ace) && !(ace->AceFlags & INHERITED_ACE)) n++;
    if (!n) return ERROR_SUCCESS;
    EXPLICIT_ACCESSW *made = LocalAlloc(LMEM_ZEROINIT, n * (sizeof(*made) + SECURITY_MAX_SID_SIZE));
    if (!made) return ERROR_NOT_ENOUGH_MEMORY;
    BYTE *sids = (BYTE *)(made + n);
    for (DWORD i = 0; NT_SUCCESS(RtlGetAce(acl, i, (void **)&ace)); i++) {
        if (!is_simple(ace) || ace->AceFlags & INHERITED_ACE) continue;
        describe(&made[*count], ace, (SID *)(sids + *count * SECURITY_MAX_SID_SIZE));
        ++*count;
    }
    *accesses = made;
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetExplicitEntriesFromAclA(PACL acl, ULONG *count, EXPLICIT_ACCESSA **accesses)
{
    // No names come out, only SIDs: both forms have one layout.
    return GetExplicitEntriesFromAclW(acl, count, (EXPLICIT_ACCESSW **)accesses);
}

// Entries for the trustee itself and for Everyone: other groups can't be known without a token of it.
static bool concerns(const ACE_HEADER *ace, SID *sid)
{
    static const SID everyone = {SID_REVISION, 1, {SECURITY_WORLD_SID_AUTHORITY}, {SECURITY_WORLD_RID}};
    return RtlEqualSid(sid_of(ace), sid) || RtlEqualSid(sid_of(ace), (PSID)&everyone);
}

HOTPATCH DWORD WINAPI GetEffectiveRightsFromAclW(PACL acl, TRUSTEEW *trustee, ACCESS_MASK *rights)
{
    union {
        SID sid;
        BYTE bytes[SECURITY_MAX_SID_SIZE];
    } sid;
    ACE_HEADER *ace;
    DWORD denied = 0, error = trustee_sid(trustee, &sid.sid);
    if (error) return error;
    *rights = 0;
    for (DWORD i = 0; NT_SUCCESS(RtlGetAce(acl, i, (void **)&ace)); i++) {
        DWORD mask = ((const ACCESS_ALLOWED_ACE *)ace)->Mask;
        if (ace->AceFlags & INHERIT_ONLY_ACE || !is_simple(ace) || !concerns(ace, &sid.sid)) continue;
        if (ace->AceType == ACCESS_ALLOWED_ACE_TYPE) *rights |= mask & ~denied;
        if (ace->AceType == ACCESS_DENIED_ACE_TYPE) denied |= mask & ~*rights;
    }
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetEffectiveRightsFromAclA(PACL acl, TRUSTEEA *trustee, ACCESS_MASK *rights)
{
    TRUSTEEW wide;
    AUTO_FREE WCHAR *name = NULL;
    DWORD error = trustee_from_ansi(&wide, trustee, &name);
    return error ? error : GetEffectiveRightsFromAclW(acl, &wide, rights);
}

// --- BuildSecurityDescriptor

// The old descriptor's parts where no new ones are given. A descriptor of LocalAlloc's.
static DWORD assemble(PSID owner, PSID group, ACL *dacl, ACL *sacl, PSECURITY_DESCRIPTOR old, ULONG *size,
                      PSECURITY_DESCRIPTOR *result)
{
    SECURITY_DESCRIPTOR made;
    PSID sid;
    BOOLEAN defaulted;
    RtlCreateSecurityDescriptor(&made, SECURITY_DESCRIPTOR_REVISION);
    if (!owner && old && NT_SUCCESS(RtlGetOwnerSecurityDescriptor(old, &sid, &defaulted))) owner = sid;
    if (!group && old && NT_SUCCESS(RtlGetGroupSecurityDescriptor(old, &sid, &defaulted))) group = sid;
    RtlSetOwnerSecurityDescriptor(&made, owner, FALSE);
    RtlSetGroupSecurityDescriptor(&made, group, FALSE);
    if (dacl) RtlSetDaclSecurityDescriptor(&made, TRUE, dacl, FALSE);
    if (sacl) RtlSetSaclSecurityDescriptor(&made, TRUE, sacl, FALSE);
    ULONG needed = RtlLengthSecurityDescriptor(&made);
    *result = LocalAlloc(0, needed);
    if (!*result) return ERROR_NOT_ENOUGH_MEMORY;
    *size = needed;
    return RtlNtStatusToDosError(RtlMakeSelfRelativeSD(&made, *result, &needed));
}

HOTPATCH DWORD WINAPI BuildSecurityDescriptorW(TRUSTEEW *owner, TRUSTEEW *group, ULONG access_count,
                                               EXPLICIT_ACCESSW *access, ULONG audit_count,
                                               EXPLICIT_ACCESSW *audit, PSECURITY_DESCRIPTOR old, ULONG *size,
                                               PSECURITY_DESCRIPTOR *result)
{
    BYTE owner_sid[SECURITY_MAX_SID_SIZE], group_sid[SECURITY_MAX_SID_SIZE];
    SECURITY_DESCRIPTOR_CONTROL control;
    BOOLEAN present, defaulted;
    DWORD revision, error = ERROR_SUCCESS;
    ACL *old_dacl = NULL, *old_sacl = NULL;
    AUTO_LOCAL ACL *dacl = NULL, *sacl = NULL;
    if (old) {
        if (!NT_SUCCESS(RtlGetControlSecurityDescriptor(old, &control, &revision)) ||
            !(control & SE_SELF_RELATIVE))
            return ERROR_INVALID_SECURITY_DESCR;
        RtlGetDaclSecurityDescriptor(old, &present, &old_dacl, &defaulted);
        RtlGetSaclSecurityDescriptor(old, &present, &old_sacl, &defaulted);
    }
    if (owner) error = trustee_sid(owner, (SID *)owner_sid);
    if (!error && group) error = trustee_sid(group, (SID *)group_sid);
    if (!error) error = SetEntriesInAclW(access_count, access, old_dacl, &dacl);
    if (!error) error = SetEntriesInAclW(audit_count, audit, old_sacl, &sacl);
    if (error) return error;
    return assemble(owner ? owner_sid : NULL, group ? group_sid : NULL, dacl, sacl, old, size, result);
}
