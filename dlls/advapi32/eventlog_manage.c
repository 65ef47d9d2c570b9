// Backing event logs up, clearing them, asking about them.
#include "eventlog.h"

static bool may_back_up(void)
{
    enum { SE_BACKUP = 17 }; // MS-LSAD 3.1.1.2.1
    PRIVILEGE_SET set = {
        .PrivilegeCount = 1, .Control = PRIVILEGE_SET_ALL_NECESSARY, .Privilege = {{.Luid = {SE_BACKUP, 0}}}};
    HANDLE token;
    BOOL held = FALSE;
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token) &&
        !OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return false;
    PrivilegeCheck(token, &set, &held);
    CloseHandle(token);
    return held;
}

HOTPATCH BOOL WINAPI BackupEventLogW(HANDLE handle, LPCWSTR file)
{
    if (!file) return fail_with(ERROR_INVALID_PARAMETER);
    struct eventlog *log AUTO_EVENTLOG = eventlog_resolve(handle);
    if (!log) return FALSE;
    DWORD error = may_back_up() ? eventlog_copy(log, file) : ERROR_PRIVILEGE_NOT_HELD;
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI BackupEventLogA(HANDLE handle, LPCSTR file)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(file);
    return !conversion_failed(file, wide) && BackupEventLogW(handle, wide);
}

HOTPATCH BOOL WINAPI ClearEventLogW(HANDLE handle, LPCWSTR file)
{
    struct eventlog *log AUTO_EVENTLOG = eventlog_resolve(handle);
    if (!log) return FALSE;
    if (log->backup) return fail_with(ERROR_INVALID_HANDLE);
    DWORD error = file ? eventlog_copy(log, file) : ERROR_SUCCESS;
    if (!error) error = eventlog_empty(log);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI ClearEventLogA(HANDLE handle, LPCSTR file)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(file);
    return !conversion_failed(file, wide) && ClearEventLogW(handle, wide);
}

HOTPATCH BOOL WINAPI GetEventLogInformation(HANDLE handle, DWORD level, void *buffer, DWORD size,
                                            DWORD *needed)
{
    if (level != EVENTLOG_FULL_INFO) return fail_with(ERROR_INVALID_LEVEL);
    struct eventlog *log AUTO_EVENTLOG = eventlog_resolve(handle);
    if (!log) return FALSE;
    if (!buffer || !needed) return fail_with(RPC_X_NULL_REF_POINTER);
    *needed = sizeof(EVENTLOG_FULL_INFORMATION);
    if (size < sizeof(EVENTLOG_FULL_INFORMATION)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    ((EVENTLOG_FULL_INFORMATION *)buffer)->dwFull = FALSE; // the oldest records make room
    return TRUE;
}
