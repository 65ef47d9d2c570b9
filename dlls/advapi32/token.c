// The process's token, as that of an ordinary user who holds what every user holds. Its handle is the
// documented pseudo handle of the own token, so there is nothing to close.
#include "nt/nt.h"
#include <stdbool.h>
#include <stddef.h>

static BOOL fail_with(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static bool is_own_token(HANDLE token)
{
    return token == NtCurrentProcessToken() || token == NtCurrentThreadEffectiveToken();
}

HOTPATCH BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, HANDLE *token)
{
    (void)access;
    if (GetProcessId(process) != GetCurrentProcessId()) return fail_with(ERROR_ACCESS_DENIED);
    *token = NtCurrentProcessToken();
    return TRUE;
}

// No thread impersonates anybody.
HOTPATCH BOOL WINAPI OpenThreadToken(HANDLE thread, DWORD access, BOOL as_self, HANDLE *token)
{
    (void)thread, (void)access, (void)as_self;
    *token = NULL;
    return fail_with(ERROR_NO_TOKEN);
}

// ---- privileges: the well-known ones, by their numbers ----

static const WCHAR *const privilege_names[] = {
    [2] = L"SeCreateTokenPrivilege",
    [3] = L"SeAssignPrimaryTokenPrivilege",
    [4] = L"SeLockMemoryPrivilege",
    [5] = L"SeIncreaseQuotaPrivilege",
    [6] = L"SeMachineAccountPrivilege",
    [7] = L"SeTcbPrivilege",
    [8] = L"SeSecurityPrivilege",
    [9] = L"SeTakeOwnershipPrivilege",
    [10] = L"SeLoadDriverPrivilege",
    [11] = L"SeSystemProfilePrivilege",
    [12] = L"SeSystemtimePrivilege",
    [13] = L"SeProfileSingleProcessPrivilege",
    [14] = L"SeIncreaseBasePriorityPrivilege",
    [15] = L"SeCreatePagefilePrivilege",
    [16] = L"SeCreatePermanentPrivilege",
    [17] = L"SeBackupPrivilege",
    [18] = L"SeRestorePrivilege",
    [19] = L"SeShutdownPrivilege",
    [20] = L"SeDebugPrivilege",
    [21] = L"SeAuditPrivilege",
    [22] = L"SeSystemEnvironmentPrivilege",
    [23] = L"SeChangeNotifyPrivilege",
    [24] = L"SeRemoteShutdownPrivilege",
    [25] = L"SeUndockPrivilege",
    [26] = L"SeSyncAgentPrivilege",
    [27] = L"SeEnableDelegationPrivilege",
    [28] = L"SeManageVolumePrivilege",
    [29] = L"SeImpersonatePrivilege",
    [30] = L"SeCreateGlobalPrivilege",
    [31] = L"SeTrustedCredManAccessPrivilege",
    [32] = L"SeRelabelPrivilege",
    [33] = L"SeIncreaseWorkingSetPrivilege",
    [34] = L"SeTimeZonePrivilege",
    [35] = L"SeCreateSymbolicLinkPrivilege",
};
#define PRIVILEGES (sizeof(privilege_names) / sizeof(privilege_names[0]))

HOTPATCH BOOL WINAPI LookupPrivilegeValueW(const WCHAR *system, const WCHAR *name, LUID *luid)
{
    if (system && system[0]) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    for (DWORD i = 0; name && i < PRIVILEGES; i++) {
        if (!privilege_names[i] || CompareStringOrdinal(name, -1, privilege_names[i], -1, TRUE) != CSTR_EQUAL)
            continue;
        *luid = (LUID){i, 0};
        return TRUE;
    }
    return fail_with(ERROR_NO_SUCH_PRIVILEGE);
}

HOTPATCH BOOL WINAPI LookupPrivilegeValueA(const char *system, const char *name, LUID *luid)
{
    WCHAR wide[64];
    if (system && system[0]) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    if (!name || !MultiByteToWideChar(CP_ACP, 0, name, -1, wide, sizeof(wide) / sizeof(wide[0])))
        return fail_with(ERROR_NO_SUCH_PRIVILEGE);
    return LookupPrivilegeValueW(NULL, wide, luid);
}

// *size counts the NUL when the buffer is too small, and not otherwise.
HOTPATCH BOOL WINAPI LookupPrivilegeNameW(const WCHAR *system, LUID *luid, WCHAR *buffer, DWORD *size)
{
    (void)system;
    const WCHAR *name = !luid->HighPart && luid->LowPart < PRIVILEGES ? privilege_names[luid->LowPart] : NULL;
    if (!name) return fail_with(ERROR_NO_SUCH_PRIVILEGE);
    DWORD length = (DWORD)lstrlenW(name);
    if (*size <= length) {
        *size = length + 1;
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(buffer, name, (length + 1) * sizeof(WCHAR));
    *size = length;
    return TRUE;
}

// What an ordinary user holds, with the state it begins in.
static LUID_AND_ATTRIBUTES held[] = {
    {{19, 0}, 0}, {{23, 0}, SE_PRIVILEGE_ENABLED | SE_PRIVILEGE_ENABLED_BY_DEFAULT},
    {{25, 0}, 0}, {{33, 0}, 0},
    {{34, 0}, 0},
};
#define HELD (sizeof(held) / sizeof(held[0]))

// Succeeds with ERROR_NOT_ALL_ASSIGNED when a privilege is not held. The previous state holds what changed.
HOTPATCH BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, TOKEN_PRIVILEGES *state,
                                           DWORD size, TOKEN_PRIVILEGES *previous, DWORD *needed)
{
    DWORD missing = 0, changed = 0;
    if (!is_own_token(token)) return fail_with(ERROR_INVALID_HANDLE);
    if (!disable_all && !state) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD most = offsetof(TOKEN_PRIVILEGES, Privileges) + HELD * sizeof(LUID_AND_ATTRIBUTES);
    if (previous && needed) *needed = most;
    if (previous && size < most &&
        size < offsetof(TOKEN_PRIVILEGES, Privileges) +
                   (disable_all ? HELD : state->PrivilegeCount) * sizeof(LUID_AND_ATTRIBUTES))
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    for (DWORD k = 0; k < (disable_all ? HELD : state->PrivilegeCount); k++) {
        const LUID_AND_ATTRIBUTES *wanted = disable_all ? &held[k] : &state->Privileges[k];
        DWORD enable = disable_all ? 0 : wanted->Attributes & SE_PRIVILEGE_ENABLED;
        bool found = false;
        for (DWORD i = 0; i < HELD; i++) {
            if (held[i].Luid.LowPart != wanted->Luid.LowPart || wanted->Luid.HighPart) continue;
            found = true;
            if ((held[i].Attributes & SE_PRIVILEGE_ENABLED) == enable) break;
            if (previous) previous->Privileges[changed++] = held[i];
            held[i].Attributes ^= SE_PRIVILEGE_ENABLED;
            break;
        }
        missing += !found;
    }
    if (previous) {
        previous->PrivilegeCount = changed;
        if (needed) *needed = offsetof(TOKEN_PRIVILEGES, Privileges) + changed * sizeof(LUID_AND_ATTRIBUTES);
    }
    SetLastError(missing ? ERROR_NOT_ALL_ASSIGNED : ERROR_SUCCESS);
    return TRUE;
}

// ---- what can be asked ----

// S-1-5-21-0-0-0-1000: the first ordinary account of a machine.
static const struct {
    SID sid;
    DWORD rest[4];
} user = {{SID_REVISION, 5, {SECURITY_NT_AUTHORITY}, {SECURITY_NT_NON_UNIQUE}}, {0, 0, 0, 1000}};

HOTPATCH BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS class, void *buffer,
                                         DWORD size, DWORD *needed)
{
    char answer[256] __attribute__((aligned(4)));
    DWORD length = sizeof(DWORD);
    if (!is_own_token(token)) return fail_with(ERROR_INVALID_HANDLE);
    memset(answer, 0, sizeof(answer));
    switch (class) {
    case TokenUser:
        length = sizeof(TOKEN_USER) + sizeof(user);
        ((TOKEN_USER *)answer)->User.Sid = (char *)buffer + sizeof(TOKEN_USER);
        memcpy(answer + sizeof(TOKEN_USER), &user, sizeof(user));
        break;
    case TokenOwner:
    case TokenPrimaryGroup:
        length = sizeof(TOKEN_OWNER) + sizeof(user);
        ((TOKEN_OWNER *)answer)->Owner = (char *)buffer + sizeof(TOKEN_OWNER);
        memcpy(answer + sizeof(TOKEN_OWNER), &user, sizeof(user));
        break;
    case TokenPrivileges:
        length = offsetof(TOKEN_PRIVILEGES, Privileges) + sizeof(held);
        ((TOKEN_PRIVILEGES *)answer)->PrivilegeCount = HELD;
        memcpy(((TOKEN_PRIVILEGES *)answer)->Privileges, held, sizeof(held));
        break;
    case TokenType: *(TOKEN_TYPE *)answer = TokenPrimary; break;
    case TokenSessionId: *(DWORD *)answer = peb_self()->SessionId; break;
    case TokenElevation: break;
    case TokenElevationType: *(TOKEN_ELEVATION_TYPE *)answer = TokenElevationTypeDefault; break;
    case TokenUIAccess:
    case TokenVirtualizationAllowed:
    case TokenVirtualizationEnabled:
    case TokenHasRestrictions:
    case TokenIsAppContainer: break;
    default: return fail_with(ERROR_NOT_SUPPORTED);
    }
    if (needed) *needed = length;
    if (size < length) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, answer, length);
    return TRUE;
}

// *size counts the NUL always.
HOTPATCH BOOL WINAPI GetUserNameW(WCHAR *buffer, DWORD *size)
{
    WCHAR name[257];
    DWORD length = GetEnvironmentVariableW(L"USERNAME", name, 257);
    if (!length || length >= 257) {
        lstrcpyW(name, L"user");
        length = 4;
    }
    bool fits = buffer && *size > length;
    *size = length + 1;
    if (!fits) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, name, (length + 1) * sizeof(WCHAR));
    return TRUE;
}

HOTPATCH BOOL WINAPI GetUserNameA(char *buffer, DWORD *size)
{
    WCHAR name[257];
    DWORD length = 257;
    if (!GetUserNameW(name, &length)) return FALSE;
    DWORD bytes = (DWORD)WideCharToMultiByte(CP_ACP, 0, name, -1, NULL, 0, NULL, NULL);
    bool fits = buffer && *size >= bytes;
    *size = bytes;
    if (!fits) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    WideCharToMultiByte(CP_ACP, 0, name, -1, buffer, (int)bytes, NULL, NULL);
    return TRUE;
}
