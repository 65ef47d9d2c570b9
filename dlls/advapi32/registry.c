// Reading the registry while there is none: the predefined keys exist and are empty. Whatever is looked up is
// not found, as on a machine where no program ever wrote it; writing functions are not offered at all.
#include "nt/nt.h"
#include <stdbool.h>

static bool is_predefined(HKEY key)
{
    ULONG_PTR value = (ULONG_PTR)key;
    return value >= (ULONG_PTR)HKEY_CLASSES_ROOT && value <= (ULONG_PTR)HKEY_DYN_DATA;
}

HOTPATCH LSTATUS WINAPI RegOpenKeyExW(HKEY key, const WCHAR *name, DWORD options, REGSAM access, HKEY *result)
{
    (void)options, (void)access;
    if (!result) return ERROR_INVALID_PARAMETER;
    *result = NULL;
    if (!is_predefined(key)) return ERROR_INVALID_HANDLE;
    if (name && name[0]) return ERROR_FILE_NOT_FOUND;
    *result = key;
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegOpenKeyExA(HKEY key, const char *name, DWORD options, REGSAM access, HKEY *result)
{
    return RegOpenKeyExW(key, name && name[0] ? L"name" : NULL, options, access, result);
}

HOTPATCH LSTATUS WINAPI RegCloseKey(HKEY key)
{
    return is_predefined(key) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

HOTPATCH LSTATUS WINAPI RegQueryValueExW(HKEY key, const WCHAR *name, DWORD *reserved, DWORD *type,
                                         BYTE *data, DWORD *size)
{
    (void)name, (void)type;
    if (reserved || (data && !size)) return ERROR_INVALID_PARAMETER;
    return is_predefined(key) ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_HANDLE;
}

HOTPATCH LSTATUS WINAPI RegQueryValueExA(HKEY key, const char *name, DWORD *reserved, DWORD *type, BYTE *data,
                                         DWORD *size)
{
    return RegQueryValueExW(key, name ? L"" : NULL, reserved, type, data, size);
}
