// Access tokens, privileges, impersonation and access checks.
#include "security.h"

HOTPATCH BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, HANDLE *token)
{
    return bool_from_status(NtOpenProcessToken(process, access, token));
}

HOTPATCH BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, HANDLE *token)
{
    return bool_from_status(NtOpenThreadToken(thread, access, as_self != 0, token));
}

HOTPATCH BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS class, void *buffer,
                                         DWORD length, DWORD *needed)
{
    ULONG size = 0;
    BOOL done = bool_from_status(NtQueryInformationToken(token, class, buffer, length, &size));
    if (needed) *needed = size;
    return done;
}

HOTPATCH BOOL WINAPI SetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS class, void *buffer,
                                         DWORD length)
{
    return bool_from_status(NtSetInformationToken(token, class, buffer, length));
}

// The call succeeds also when not all privileges are held; the last error tells (Microsoft's documentation).
HOTPATCH BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, TOKEN_PRIVILEGES *wanted,
                                           DWORD length, TOKEN_PRIVILEGES *previous, DWORD *result_length)
{
    NTSTATUS status =
        NtAdjustPrivilegesToken(token, disable_all != 0, wanted, length, previous, result_length);
    SetLastError(RtlNtStatusToDosError(status));
    return NT_SUCCESS(status);
}

HOTPATCH BOOL WINAPI AdjustTokenGroups(HANDLE token, BOOL reset, TOKEN_GROUPS *wanted, DWORD length,
                                       TOKEN_GROUPS *previous, DWORD *result_length)
{
    NTSTATUS status = NtAdjustGroupsToken(token, reset != 0, wanted, length, previous, result_length);
    SetLastError(RtlNtStatusToDosError(status));
    return NT_SUCCESS(status);
}

HOTPATCH BOOL WINAPI DuplicateTokenEx(HANDLE token, DWORD access, SECURITY_ATTRIBUTES *security,
                                      SECURITY_IMPERSONATION_LEVEL level, TOKEN_TYPE type, HANDLE *result)
{
    SECURITY_QUALITY_OF_SERVICE quality = {sizeof(quality), level, SECURITY_STATIC_TRACKING, FALSE};
    OBJECT_ATTRIBUTES attributes;
    InitializeObjectAttributes(&attributes, NULL, security && security->bInheritHandle ? OBJ_INHERIT : 0,
                               NULL, security ? security->lpSecurityDescriptor : NULL);
    attributes.SecurityQualityOfService = &quality;
    return bool_from_status(NtDuplicateToken(token, access, &attributes, FALSE, type, result));
}

HOTPATCH BOOL WINAPI DuplicateToken(HANDLE token, SECURITY_IMPERSONATION_LEVEL level, HANDLE *result)
{
    return DuplicateTokenEx(token, TOKEN_IMPERSONATE | TOKEN_QUERY, NULL, level, TokenImpersonation, result);
}

// A counted list as NtFilterToken takes it; NULL for none. False without memory.
static bool counted_list(DWORD count, const void *entries, DWORD entry_size, void **list)
{
    *list = NULL;
    if (!count) return true;
    DWORD *memory = heap_alloc(sizeof(DWORD) + (SIZE_T)count * entry_size);
    if (!memory) return false;
    *memory = count;
    memcpy(memory + 1, entries, (SIZE_T)count * entry_size);
    *list = memory;
    return true;
}

HOTPATCH BOOL WINAPI CreateRestrictedToken(HANDLE token, DWORD flags, DWORD disable_count,
                                           SID_AND_ATTRIBUTES *disable, DWORD delete_count,
                                           LUID_AND_ATTRIBUTES *delete, DWORD restrict_count,
                                           SID_AND_ATTRIBUTES *restrict_to, HANDLE *result)
{
    AUTO_FREE void *groups = NULL, *privileges = NULL, *restricted = NULL;
    if (!counted_list(disable_count, disable, sizeof(*disable), &groups) ||
        !counted_list(delete_count, delete, sizeof(*delete), &privileges) ||
        !counted_list(restrict_count, restrict_to, sizeof(*restrict_to), &restricted))
        return FALSE;
    return bool_from_status(NtFilterToken(token, flags, groups, privileges, restricted, result));
}

HOTPATCH BOOL WINAPI IsTokenRestricted(HANDLE token)
{
    DWORD restricted = 0, size;
    return GetTokenInformation(token, TokenHasRestrictions, &restricted, sizeof(restricted), &size) &&
           restricted;
}

HOTPATCH BOOL WINAPI AllocateLocallyUniqueId(LUID *luid)
{
    return bool_from_status(NtAllocateLocallyUniqueId(luid));
}

// --- impersonation

HOTPATCH BOOL WINAPI SetThreadToken(HANDLE *thread, HANDLE token)
{
    return bool_from_status(NtSetInformationThread(thread ? *thread : NtCurrentThread(),
                                                   ThreadImpersonationToken, &token, sizeof(token)));
}

HOTPATCH BOOL WINAPI RevertToSelf(void)
{
    return SetThreadToken(NULL, NULL);
}

HOTPATCH BOOL WINAPI ImpersonateSelf(SECURITY_IMPERSONATION_LEVEL level)
{
    return bool_from_status(RtlImpersonateSelf(level));
}

// A primary token is impersonated by a copy, an impersonation token itself.
HOTPATCH BOOL WINAPI ImpersonateLoggedOnUser(HANDLE token)
{
    TOKEN_TYPE type;
    DWORD size;
    HANDLE AUTO_CLOSE copy = NULL;
    if (!GetTokenInformation(token, TokenType, &type, sizeof(type), &size)) return FALSE;
    if (type == TokenImpersonation && SetThreadToken(NULL, token)) return TRUE;
    if (!DuplicateTokenEx(token, TOKEN_IMPERSONATE | TOKEN_QUERY, NULL, SecurityImpersonation,
                          TokenImpersonation, &copy))
        return FALSE;
    return SetThreadToken(NULL, copy);
}

HOTPATCH BOOL WINAPI ImpersonateAnonymousToken(HANDLE thread)
{
    return bool_from_status(NtImpersonateAnonymousToken(thread));
}

// --- checks

HOTPATCH BOOL WINAPI PrivilegeCheck(HANDLE token, PRIVILEGE_SET *set, BOOL *result)
{
    BOOLEAN held = FALSE;
    NTSTATUS status = NtPrivilegeCheck(token, set, &held);
    if (NT_SUCCESS(status)) *result = held;
    return bool_from_status(status);
}

HOTPATCH BOOL WINAPI AccessCheck(PSECURITY_DESCRIPTOR descriptor, HANDLE token, DWORD desired,
                                 GENERIC_MAPPING *mapping, PRIVILEGE_SET *privileges,
                                 DWORD *privileges_length, DWORD *granted, BOOL *allowed)
{
    NTSTATUS verdict;
    NTSTATUS status = NtAccessCheck(descriptor, token, desired, mapping, privileges, privileges_length,
                                    (ACCESS_MASK *)granted, &verdict);
    if (!bool_from_status(status)) return FALSE;
    *allowed = bool_from_status(verdict);
    return TRUE;
}

HOTPATCH void WINAPI MapGenericMask(DWORD *mask, GENERIC_MAPPING *mapping)
{
    RtlMapGenericMask((ACCESS_MASK *)mask, mapping);
}

HOTPATCH BOOL WINAPI AreAllAccessesGranted(DWORD granted, DWORD desired)
{
    return RtlAreAllAccessesGranted(granted, desired);
}

HOTPATCH BOOL WINAPI AreAnyAccessesGranted(DWORD granted, DWORD desired)
{
    return RtlAreAnyAccessesGranted(granted, desired);
}

// The effective token as an impersonation token that may be asked. NULL with the last error set.
static HANDLE impersonation_token(void)
{
    HANDLE process = NULL, copy = NULL, thread = NULL;
    NTSTATUS status = NtOpenThreadToken(NtCurrentThread(), TOKEN_QUERY, TRUE, &thread);
    if (NT_SUCCESS(status)) return thread;
    if (status != STATUS_NO_TOKEN) return bool_from_status(status), NULL;
    if (!OpenProcessToken(NtCurrentProcess(), TOKEN_DUPLICATE, &process)) return NULL;
    DuplicateToken(process, SecurityIdentification, &copy);
    NtClose(process);
    return copy;
}

// Whether the SID is enabled in the token: an access check against a list that allows nobody else.
HOTPATCH BOOL WINAPI CheckTokenMembership(HANDLE token, PSID sid, BOOL *member)
{
    enum { RIGHT = 1 };
    BYTE list[sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE];
    SECURITY_DESCRIPTOR descriptor;
    GENERIC_MAPPING mapping = {RIGHT, RIGHT, RIGHT, RIGHT};
    PRIVILEGE_SET privileges;
    DWORD length = sizeof(privileges), granted;
    SID_IDENTIFIER_AUTHORITY null_authority = {SECURITY_NULL_SID_AUTHORITY};
    SID nobody;
    HANDLE AUTO_CLOSE own = NULL;

    *member = FALSE;
    if (!token && !(token = own = impersonation_token())) return FALSE;
    RtlInitializeSid(&nobody, &null_authority, 1);
    nobody.SubAuthority[0] = SECURITY_NULL_RID;
    RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlCreateAcl((ACL *)list, sizeof(list), ACL_REVISION);
    NTSTATUS status = RtlAddAccessAllowedAce((ACL *)list, ACL_REVISION, RIGHT, sid);
    if (!bool_from_status(status)) return FALSE;
    RtlSetDaclSecurityDescriptor(&descriptor, TRUE, (ACL *)list, FALSE);
    RtlSetOwnerSecurityDescriptor(&descriptor, &nobody, FALSE);
    RtlSetGroupSecurityDescriptor(&descriptor, &nobody, FALSE);
    NTSTATUS verdict;
    status = NtAccessCheck(&descriptor, token, RIGHT, &mapping, &privileges, &length, &granted, &verdict);
    if (!bool_from_status(status)) return FALSE;
    *member = NT_SUCCESS(verdict);
    return TRUE;
}

HOTPATCH BOOL WINAPI CheckTokenMembershipEx(HANDLE token, PSID sid, DWORD flags, BOOL *member)
{
    enum { INCLUDE_APP_CONTAINERS = 1 };
    if (flags & ~(DWORD)INCLUDE_APP_CONTAINERS) return fail_with(ERROR_INVALID_PARAMETER);
    return CheckTokenMembership(token, sid, member);
}
