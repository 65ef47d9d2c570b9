// Changing a file's owner and access control list.
#include "change.h"
#include "permissions.h"
#include <aclapi.h>
#include <sddl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

// ---- reading ----

static PSID sid_of(const WCHAR *name)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    WCHAR domain[256];
    DWORD size = sizeof sid, domain_size = ARRAYSIZE(domain);
    SID_NAME_USE use;
    PSID result = NULL;
    if (*name == '*') return ConvertStringSidToSidW(name + 1, &result) ? result : NULL;
    if (!LookupAccountNameW(NULL, name, sid, &size, domain, &domain_size, &use)) return NULL;
    size = GetLengthSid(sid);
    return memcpy(take_memory(size), sid, size);
}

static bool takes_permissions(enum change_kind kind)
{
    return kind == CHANGE_GRANT || kind == CHANGE_REPLACE || kind == CHANGE_DENY;
}

DWORD change_read(struct change *change, const WCHAR *text)
{
    WCHAR *name = copy_text(text), *colon = wcschr(name, ':');
    if (takes_permissions(change->kind)) {
        if (!colon) return ERROR_INVALID_PARAMETER;
        *colon = 0;
        if (!permissions_read(colon + 1, &change->mask, &change->flags)) return ERROR_INVALID_PARAMETER;
        // Nobody is denied to wait for a file, or all access would be.
        if (change->kind == CHANGE_DENY && change->mask != FILE_ALL_ACCESS)
            change->mask &= ~(DWORD)SYNCHRONIZE;
    }
    change->sid = sid_of(name);
    DWORD error = change->sid ? ERROR_SUCCESS : ERROR_NONE_MAPPED;
    free(name);
    return error;
}

// ---- lists ----

// A list with room for one entry more; the caller frees it.
static ACL *new_list(const ACL *old, size_t sid_size)
{
    DWORD size = (DWORD)((old ? old->AclSize : sizeof(ACL)) + sizeof(ACCESS_ALLOWED_ACE) + sid_size);
    ACL *list = take_memory(size);
    InitializeAcl(list, size, ACL_REVISION);
    return list;
}

// Whether a change takes this entry out.
static bool is_removed(const struct change *change, const ACE_HEADER *entry)
{
    bool inherited = entry->AceFlags & INHERITED_ACE, granted = entry->AceType == ACCESS_ALLOWED_ACE_TYPE,
         denied = entry->AceType == ACCESS_DENIED_ACE_TYPE;
    if (change->kind == CHANGE_RESET) return !inherited;
    if (change->kind == CHANGE_DISINHERIT) return inherited;
    if (!change->sid || inherited || !EqualSid(&((ACCESS_ALLOWED_ACE *)entry)->SidStart, change->sid))
        return false;
    switch (change->kind) {
    case CHANGE_REMOVE: return true;
    case CHANGE_REMOVE_GRANTED:
    case CHANGE_REPLACE: return granted;
    case CHANGE_REMOVE_DENIED: return denied;
    default: return false;
    }
}

// Where an entry of its own belongs: what is denied stands before what is granted, both before what was
// inherited.
static bool stands_before(const struct change *change, const ACE_HEADER *entry)
{
    return entry->AceFlags & INHERITED_ACE ||
           (change->kind == CHANGE_DENY && entry->AceType != ACCESS_DENIED_ACE_TYPE);
}

// Adds rights to an entry that has the same account and flags.
static bool merge(const struct change *change, ACE_HEADER *entry)
{
    BYTE type = change->kind == CHANGE_DENY ? ACCESS_DENIED_ACE_TYPE : ACCESS_ALLOWED_ACE_TYPE;
    ACCESS_ALLOWED_ACE *known = (ACCESS_ALLOWED_ACE *)entry;
    if (entry->AceType != type || entry->AceFlags != change->flags ||
        !EqualSid(&known->SidStart, change->sid))
        return false;
    known->Mask |= change->mask;
    return true;
}

static void add_new(ACL *list, const struct change *change)
{
    if (change->kind == CHANGE_DENY)
        AddAccessDeniedAceEx(list, ACL_REVISION, change->flags, change->mask, change->sid);
    else
        AddAccessAllowedAceEx(list, ACL_REVISION, change->flags, change->mask, change->sid);
}

static ACL *changed_list(ACL *old, const struct change *change)
{
    ACL *list = new_list(old, change->sid ? GetLengthSid(change->sid) : 0);
    bool added = !takes_permissions(change->kind);
    ACE_HEADER *entry;
    for (DWORD i = 0; old && i < old->AceCount; i++) {
        if (!GetAce(old, i, (void **)&entry) || is_removed(change, entry)) continue;
        if (!added && merge(change, entry)) added = true;
        if (change->kind == CHANGE_DONT_INHERIT) entry->AceFlags &= (BYTE)~INHERITED_ACE;
        if (!added && stands_before(change, entry)) {
            // The same account's may still come, but an entry of its own does no harm.
            add_new(list, change);
            added = true;
        }
        AddAce(list, ACL_REVISION, MAXDWORD, entry, entry->AceSize);
    }
    if (!added) add_new(list, change);
    return list;
}

// ---- files ----

static DWORD put_list(WCHAR *path, enum change_kind kind, ACL *list)
{
    SECURITY_INFORMATION what = DACL_SECURITY_INFORMATION;
    if (kind == CHANGE_DONT_INHERIT || kind == CHANGE_DISINHERIT) what |= PROTECTED_DACL_SECURITY_INFORMATION;
    if (kind == CHANGE_INHERIT || kind == CHANGE_RESET) what |= UNPROTECTED_DACL_SECURITY_INFORMATION;
    return SetNamedSecurityInfoW(path, SE_FILE_OBJECT, what, NULL, NULL, list, NULL);
}

static DWORD apply(WCHAR *path, const struct change *change)
{
    PSECURITY_DESCRIPTOR descriptor;
    ACL *old = NULL;
    if (change->kind == CHANGE_OWNER)
        return SetNamedSecurityInfoW(path, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, change->sid, NULL,
                                     NULL, NULL);
    DWORD error = GetNamedSecurityInfoW(path, SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, &old,
                                        NULL, &descriptor);
    if (error) return error;
    ACL *list = changed_list(old, change);
    error = put_list(path, change->kind, list);
    free(list);
    LocalFree(descriptor);
    return error;
}

DWORD change_file(const WCHAR *path, const struct change *changes, size_t count)
{
    WCHAR *copy = copy_text(path);
    DWORD error = ERROR_SUCCESS;
    for (size_t i = 0; i < count && !error; i++) error = apply(copy, &changes[i]);
    free(copy);
    return error;
}
