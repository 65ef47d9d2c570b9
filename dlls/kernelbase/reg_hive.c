// Hive files. Keys cannot be saved to them or loaded from them yet: `lowland reg` moves keys as .reg files.
#include "reg.h"

// The error after the checks of the key.
static LSTATUS unsupported(HKEY key, const void *file)
{
    HANDLE handle;
    LSTATUS error = reg_handle(key, &handle);
    if (error) return error;
    return file ? ERROR_NOT_SUPPORTED : ERROR_INVALID_PARAMETER;
}

HOTPATCH LSTATUS WINAPI RegSaveKeyW(HKEY key, LPCWSTR file, SECURITY_ATTRIBUTES *security)
{
    (void)security;
    return unsupported(key, file);
}

HOTPATCH LSTATUS WINAPI RegSaveKeyA(HKEY key, LPCSTR file, SECURITY_ATTRIBUTES *security)
{
    (void)security;
    return unsupported(key, file);
}

HOTPATCH LSTATUS WINAPI RegSaveKeyExW(HKEY key, LPCWSTR file, SECURITY_ATTRIBUTES *security, DWORD flags)
{
    (void)security, (void)flags;
    return unsupported(key, file);
}

HOTPATCH LSTATUS WINAPI RegSaveKeyExA(HKEY key, LPCSTR file, SECURITY_ATTRIBUTES *security, DWORD flags)
{
    (void)security, (void)flags;
    return unsupported(key, file);
}

HOTPATCH LSTATUS WINAPI RegRestoreKeyW(HKEY key, LPCWSTR file, DWORD flags)
{
    (void)flags;
    return unsupported(key, file);
}

HOTPATCH LSTATUS WINAPI RegRestoreKeyA(HKEY key, LPCSTR file, DWORD flags)
{
    (void)flags;
    return unsupported(key, file);
}

static LSTATUS load(HKEY key, const void *file, bool empty)
{
    LSTATUS error = unsupported(key, file);
    return error == ERROR_NOT_SUPPORTED && empty ? ERROR_INVALID_PARAMETER : error;
}

HOTPATCH LSTATUS WINAPI RegLoadKeyW(HKEY key, LPCWSTR path, LPCWSTR file)
{
    (void)path;
    return load(key, file, file && !*file);
}

HOTPATCH LSTATUS WINAPI RegLoadKeyA(HKEY key, LPCSTR path, LPCSTR file)
{
    (void)path;
    return load(key, file, file && !*file);
}

// Nothing is loaded that could be unloaded; the user's own hives may not be.
HOTPATCH LSTATUS WINAPI RegUnLoadKeyW(HKEY key, LPCWSTR path)
{
    HKEY child;
    LSTATUS error = RegOpenKeyExW(key, path, 0, MAXIMUM_ALLOWED, &child);
    if (error) return error;
    RegCloseKey(child);
    return key == HKEY_USERS ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

HOTPATCH LSTATUS WINAPI RegUnLoadKeyA(HKEY key, LPCSTR path)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(path);
    if (conversion_failed(path, wide)) return ERROR_NOT_ENOUGH_MEMORY;
    return RegUnLoadKeyW(key, wide);
}

HOTPATCH LSTATUS WINAPI RegLoadAppKeyW(LPCWSTR file, HKEY *result, REGSAM access, DWORD options,
                                       DWORD reserved)
{
    (void)access, (void)options;
    if (!file || !result || reserved) return ERROR_INVALID_PARAMETER;
    *result = NULL;
    return ERROR_NOT_SUPPORTED;
}

HOTPATCH LSTATUS WINAPI RegLoadAppKeyA(LPCSTR file, HKEY *result, REGSAM access, DWORD options,
                                       DWORD reserved)
{
    (void)access, (void)options;
    if (!file || !result || reserved) return ERROR_INVALID_PARAMETER;
    *result = NULL;
    return ERROR_NOT_SUPPORTED;
}
