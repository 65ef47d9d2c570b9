// Tokens and privileges.
#include "base.h"

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

// The call succeeds also when not all privileges are held; the last error tells (Microsoft's documentation).
HOTPATCH BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, TOKEN_PRIVILEGES *wanted,
                                           DWORD length, TOKEN_PRIVILEGES *previous, DWORD *result_length)
{
    NTSTATUS status =
        NtAdjustPrivilegesToken(token, disable_all != 0, wanted, length, previous, result_length);
    SetLastError(RtlNtStatusToDosError(status));
    return NT_SUCCESS(status);
}

// SE_*_NAME in the order of their numbers, from SE_CREATE_TOKEN_PRIVILEGE (2) on.
static const WCHAR *const privileges[] = {
    L"SeCreateTokenPrivilege",
    L"SeAssignPrimaryTokenPrivilege",
    L"SeLockMemoryPrivilege",
    L"SeIncreaseQuotaPrivilege",
    L"SeMachineAccountPrivilege",
    L"SeTcbPrivilege",
    L"SeSecurityPrivilege",
    L"SeTakeOwnershipPrivilege",
    L"SeLoadDriverPrivilege",
    L"SeSystemProfilePrivilege",
    L"SeSystemtimePrivilege",
    L"SeProfileSingleProcessPrivilege",
    L"SeIncreaseBasePriorityPrivilege",
    L"SeCreatePagefilePrivilege",
    L"SeCreatePermanentPrivilege",
    L"SeBackupPrivilege",
    L"SeRestorePrivilege",
    L"SeShutdownPrivilege",
    L"SeDebugPrivilege",
    L"SeAuditPrivilege",
    L"SeSystemEnvironmentPrivilege",
    L"SeChangeNotifyPrivilege",
    L"SeRemoteShutdownPrivilege",
    L"SeUndockPrivilege",
    L"SeSyncAgentPrivilege",
    L"SeEnableDelegationPrivilege",
    L"SeManageVolumePrivilege",
    L"SeImpersonatePrivilege",
    L"SeCreateGlobalPrivilege",
    L"SeTrustedCredManAccessPrivilege",
    L"SeRelabelPrivilege",
    L"SeIncreaseWorkingSetPrivilege",
    L"SeTimeZonePrivilege",
    L"SeCreateSymbolicLinkPrivilege",
    L"SeDelegateSessionUserImpersonatePrivilege",
};
enum { FIRST_PRIVILEGE = 2, PRIVILEGES = sizeof(privileges) / sizeof(privileges[0]) };

HOTPATCH BOOL WINAPI LookupPrivilegeValueW(LPCWSTR system, LPCWSTR name, LUID *luid)
{
    (void)system;
    for (DWORD i = 0; i < PRIVILEGES; i++) {
        if (lstrcmpiW(name, privileges[i]) != 0) continue;
        luid->LowPart = FIRST_PRIVILEGE + i;
        luid->HighPart = 0;
        return TRUE;
    }
    SetLastError(ERROR_NO_SUCH_PRIVILEGE);
    return FALSE;
}

HOTPATCH BOOL WINAPI LookupPrivilegeValueA(LPCSTR system, LPCSTR name, LUID *luid)
{
    WCHAR wide[64];
    (void)system;
    if (!MultiByteToWideChar(CP_ACP, 0, name, -1, wide, 64)) {
        SetLastError(ERROR_NO_SUCH_PRIVILEGE);
        return FALSE;
    }
    return LookupPrivilegeValueW(NULL, wide, luid);
}

HOTPATCH BOOL WINAPI LookupPrivilegeNameW(LPCWSTR system, LUID *luid, LPWSTR name, DWORD *size)
{
    DWORD i = luid->LowPart - FIRST_PRIVILEGE;
    (void)system;
    if (luid->HighPart || i >= PRIVILEGES) {
        SetLastError(ERROR_NO_SUCH_PRIVILEGE);
        return FALSE;
    }
    DWORD length = lstrlenW(privileges[i]);
    if (*size <= length) {
        *size = length + 1;
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    memcpy(name, privileges[i], (length + 1) * sizeof(WCHAR));
    *size = length;
    return TRUE;
}

// The user's name is what the environment of the session says, as the session's own logon does on Windows.
HOTPATCH BOOL WINAPI GetUserNameW(LPWSTR name, DWORD *size)
{
    DWORD needed = GetEnvironmentVariableW(L"USERNAME", NULL, 0);
    if (!needed) {
        SetLastError(ERROR_NO_SUCH_USER);
        return FALSE;
    }
    if (*size < needed || !name) {
        *size = needed;
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    *size = GetEnvironmentVariableW(L"USERNAME", name, *size) + 1;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetUserNameA(LPSTR name, DWORD *size)
{
    WCHAR wide[257];
    DWORD wide_size = 257;
    if (!GetUserNameW(wide, &wide_size)) return FALSE;
    DWORD needed = WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL);
    if (*size < needed || !name) {
        *size = needed;
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    *size = WideCharToMultiByte(CP_ACP, 0, wide, -1, name, *size, NULL, NULL);
    return TRUE;
}
