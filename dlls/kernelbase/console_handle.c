// The handles of consoles as functions of their own, from when they were no objects; and the name of the
// program that reads the console, by which input editing keeps programs' histories apart.
#include "console.h"

HOTPATCH HANDLE WINAPI DuplicateConsoleHandle(HANDLE handle, DWORD access, BOOL inherit, DWORD options)
{
    HANDLE copy;
    return DuplicateHandle(GetCurrentProcess(), handle, GetCurrentProcess(), &copy, access, inherit, options)
               ? copy
               : INVALID_HANDLE_VALUE;
}

HOTPATCH BOOL WINAPI CloseConsoleHandle(HANDLE handle)
{
    return CloseHandle(handle);
}

// name: CONIN$ or CONOUT$. ERROR_INVALID_PARAMETER for anything else, and for rights that aren't generic.
HOTPATCH HANDLE WINAPI OpenConsoleW(const WCHAR *name, DWORD access, BOOL inherit, DWORD creation)
{
    const DWORD generic = GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL;
    SECURITY_ATTRIBUTES security = {sizeof(security), NULL, inherit};
    if (!name || (lstrcmpiW(name, L"CONIN$") && lstrcmpiW(name, L"CONOUT$")) || access & ~generic ||
        creation > TRUNCATE_EXISTING) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return INVALID_HANDLE_VALUE;
    }
    return CreateFileW(name, access, FILE_SHARE_READ | FILE_SHARE_WRITE, &security, OPEN_EXISTING, 0, NULL);
}

// ---- the reading program's name ----

static WCHAR exe_name[MAX_PATH]; // "": the module's own
static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;

void console_exe_name(WCHAR *buffer)
{
    RtlAcquireSRWLockShared(&lock);
    lstrcpyW(buffer, exe_name);
    RtlReleaseSRWLockShared(&lock);
    if (*buffer) return;
    WCHAR path[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, path, ARRAY_LENGTH(path));
    while (length && path[length - 1] != '\\') length--;
    lstrcpynW(buffer, path + length, MAX_PATH);
}

// Never fails: what is too long leaves the buffer alone and sets ERROR_BUFFER_OVERFLOW.
HOTPATCH BOOL WINAPI GetConsoleInputExeNameW(DWORD size, WCHAR *buffer)
{
    WCHAR name[MAX_PATH];
    console_exe_name(name);
    if (wide_length(name) < size)
        lstrcpyW(buffer, name);
    else
        SetLastError(ERROR_BUFFER_OVERFLOW);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetConsoleInputExeNameA(DWORD size, char *buffer)
{
    WCHAR name[MAX_PATH];
    console_exe_name(name);
    if (ansi_from_wide(buffer, size, name, wide_length(name)) >= size) SetLastError(ERROR_BUFFER_OVERFLOW);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleInputExeNameW(const WCHAR *name)
{
    if (!name || !*name || wide_length(name) >= MAX_PATH) return fail_with(ERROR_INVALID_PARAMETER);
    RtlAcquireSRWLockExclusive(&lock);
    lstrcpyW(exe_name, name);
    RtlReleaseSRWLockExclusive(&lock);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetConsoleInputExeNameA(const char *name)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return FALSE;
    return SetConsoleInputExeNameW(wide);
}
