// Privileges: numbers, names and what they are called.
#include "base.h"
#include "privilege.h"

// SE_*_NAME in the order of their numbers, from SE_CREATE_TOKEN_PRIVILEGE (2) on; display names as an English
// Windows shows them.
static const struct {
    const WCHAR *name, *display;
} privileges[] = {
    {L"SeCreateTokenPrivilege", L"Create a token object"},
    {L"SeAssignPrimaryTokenPrivilege", L"Replace a process level token"},
    {L"SeLockMemoryPrivilege", L"Lock pages in memory"},
    {L"SeIncreaseQuotaPrivilege", L"Adjust memory quotas for a process"},
    {L"SeMachineAccountPrivilege", L"Add workstations to domain"},
    {L"SeTcbPrivilege", L"Act as part of the operating system"},
    {L"SeSecurityPrivilege", L"Manage auditing and security log"},
    {L"SeTakeOwnershipPrivilege", L"Take ownership of files or other objects"},
    {L"SeLoadDriverPrivilege", L"Load and unload device drivers"},
    {L"SeSystemProfilePrivilege", L"Profile system performance"},
    {L"SeSystemtimePrivilege", L"Change the system time"},
    {L"SeProfileSingleProcessPrivilege", L"Profile single process"},
    {L"SeIncreaseBasePriorityPrivilege", L"Increase scheduling priority"},
    {L"SeCreatePagefilePrivilege", L"Create a pagefile"},
    {L"SeCreatePermanentPrivilege", L"Create permanent shared objects"},
    {L"SeBackupPrivilege", L"Back up files and directories"},
    {L"SeRestorePrivilege", L"Restore files and directories"},
    {L"SeShutdownPrivilege", L"Shut down the system"},
    {L"SeDebugPrivilege", L"Debug programs"},
    {L"SeAuditPrivilege", L"Generate security audits"},
    {L"SeSystemEnvironmentPrivilege", L"Modify firmware environment values"},
    {L"SeChangeNotifyPrivilege", L"Bypass traverse checking"},
    {L"SeRemoteShutdownPrivilege", L"Force shutdown from a remote system"},
    {L"SeUndockPrivilege", L"Remove computer from docking station"},
    {L"SeSyncAgentPrivilege", L"Synchronize directory service data"},
    {L"SeEnableDelegationPrivilege", L"Enable computer and user accounts to be trusted for delegation"},
    {L"SeManageVolumePrivilege", L"Perform volume maintenance tasks"},
    {L"SeImpersonatePrivilege", L"Impersonate a client after authentication"},
    {L"SeCreateGlobalPrivilege", L"Create global objects"},
    {L"SeTrustedCredManAccessPrivilege", L"Access Credential Manager as a trusted caller"},
    {L"SeRelabelPrivilege", L"Modify an object label"},
    {L"SeIncreaseWorkingSetPrivilege", L"Increase a process working set"},
    {L"SeTimeZonePrivilege", L"Change the time zone"},
    {L"SeCreateSymbolicLinkPrivilege", L"Create symbolic links"},
    {L"SeDelegateSessionUserImpersonatePrivilege",
     L"Obtain an impersonation token for another user in the same session"},
};
enum { FIRST_PRIVILEGE = 2 };

const WCHAR *privilege_name(const LUID *luid)
{
    DWORD i = luid->LowPart - FIRST_PRIVILEGE;
    return luid->HighPart || i >= ARRAY_LENGTH(privileges) ? NULL : privileges[i].name;
}

HOTPATCH BOOL WINAPI LookupPrivilegeValueW(LPCWSTR system, LPCWSTR name, LUID *luid)
{
    if (!is_local_system(system)) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    for (DWORD i = 0; name && i < ARRAY_LENGTH(privileges); i++) {
        if (lstrcmpiW(name, privileges[i].name) != 0) continue;
        luid->LowPart = FIRST_PRIVILEGE + i;
        luid->HighPart = 0;
        return TRUE;
    }
    return fail_with(ERROR_NO_SUCH_PRIVILEGE);
}

HOTPATCH BOOL WINAPI LookupPrivilegeValueA(LPCSTR system, LPCSTR name, LUID *luid)
{
    AUTO_FREE WCHAR *wide_system = wide_from_ansi(system), *wide_name = wide_from_ansi(name);
    if (conversion_failed(system, wide_system) || conversion_failed(name, wide_name)) return FALSE;
    return LookupPrivilegeValueW(wide_system, wide_name, luid);
}

static BOOL give_wide(const WCHAR *text, LPWSTR buffer, DWORD *size)
{
    DWORD length = (DWORD)lstrlenW(text);
    bool whole = *size > length;
    *size = whole ? length : length + 1;
    if (!whole) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    copy_wide(buffer, text);
    return TRUE;
}

static BOOL give_ansi(const WCHAR *text, LPSTR buffer, DWORD *size)
{
    DWORD needed = ansi_size(text);
    bool whole = *size >= needed;
    *size = whole ? needed - 1 : needed;
    if (!whole) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    WideCharToMultiByte(CP_ACP, 0, text, -1, buffer, (int)needed, NULL, NULL);
    return TRUE;
}

HOTPATCH BOOL WINAPI LookupPrivilegeNameW(LPCWSTR system, LUID *luid, LPWSTR name, DWORD *size)
{
    if (!is_local_system(system)) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    const WCHAR *found = privilege_name(luid);
    return found ? give_wide(found, name, size) : fail_with(ERROR_NO_SUCH_PRIVILEGE);
}

HOTPATCH BOOL WINAPI LookupPrivilegeNameA(LPCSTR system, LUID *luid, LPSTR name, DWORD *size)
{
    AUTO_FREE WCHAR *wide_system = wide_from_ansi(system);
    if (conversion_failed(system, wide_system)) return FALSE;
    if (!is_local_system(wide_system)) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    const WCHAR *found = privilege_name(luid);
    return found ? give_ansi(found, name, size) : fail_with(ERROR_NO_SUCH_PRIVILEGE);
}

static const WCHAR *display_name(LPCWSTR name, DWORD *language)
{
    LUID luid;
    if (!LookupPrivilegeValueW(NULL, name, &luid)) return NULL;
    *language = MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US);
    return privileges[luid.LowPart - FIRST_PRIVILEGE].display;
}

HOTPATCH BOOL WINAPI LookupPrivilegeDisplayNameW(LPCWSTR system, LPCWSTR name, LPWSTR display, DWORD *size,
                                                 DWORD *language)
{
    if (!is_local_system(system)) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    const WCHAR *found = display_name(name, language);
    return found && give_wide(found, display, size);
}

HOTPATCH BOOL WINAPI LookupPrivilegeDisplayNameA(LPCSTR system, LPCSTR name, LPSTR display, DWORD *size,
                                                 DWORD *language)
{
    AUTO_FREE WCHAR *wide_system = wide_from_ansi(system), *wide_name = wide_from_ansi(name);
    if (conversion_failed(system, wide_system) || conversion_failed(name, wide_name)) return FALSE;
    if (!is_local_system(wide_system)) return fail_with(RPC_S_SERVER_UNAVAILABLE);
    const WCHAR *found = display_name(wide_name, language);
    return found && give_ansi(found, display, size);
}
