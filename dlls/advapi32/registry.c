// The registry while there is no store behind it: the predefined keys exist and are empty, so reading finds
// nothing, as on Windows where a key is absent. Functions that would write are not exported.
#include "base.h"

static bool is_predefined(HKEY key)
{
    ULONG_PTR value = (ULONG_PTR)key;
    return value >= (ULONG_PTR)HKEY_CLASSES_ROOT && value <= (ULONG_PTR)HKEY_DYN_DATA;
}

static LSTATUS open_key(HKEY key, bool has_name, HKEY *result)
{
    if (!result) return ERROR_INVALID_PARAMETER;
    *result = NULL;
    if (!is_predefined(key)) return ERROR_INVALID_HANDLE;
    if (has_name) return ERROR_FILE_NOT_FOUND;
    *result = key; // an empty name opens the key itself, and predefined keys stay themselves
    return ERROR_SUCCESS;
}

HOTPATCH LSTATUS WINAPI RegOpenKeyExW(HKEY key, LPCWSTR name, DWORD options, REGSAM access, HKEY *result)
{
    (void)options, (void)access;
    return open_key(key, name && *name, result);
}

HOTPATCH LSTATUS WINAPI RegOpenKeyExA(HKEY key, LPCSTR name, DWORD options, REGSAM access, HKEY *result)
{
    (void)options, (void)access;
    return open_key(key, name && *name, result);
}

HOTPATCH LSTATUS WINAPI RegOpenKeyW(HKEY key, LPCWSTR name, HKEY *result)
{
    return open_key(key, name && *name, result);
}

HOTPATCH LSTATUS WINAPI RegOpenKeyA(HKEY key, LPCSTR name, HKEY *result)
{
    return open_key(key, name && *name, result);
}

HOTPATCH LSTATUS WINAPI RegCloseKey(HKEY key)
{
    return is_predefined(key) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

HOTPATCH LSTATUS WINAPI RegQueryValueExW(HKEY key, LPCWSTR name, DWORD *reserved, DWORD *type, BYTE *data,
                                         DWORD *size)
{
    (void)name, (void)type;
    if (reserved || (data && !size)) return ERROR_INVALID_PARAMETER;
    return is_predefined(key) ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_HANDLE;
}

HOTPATCH LSTATUS WINAPI RegQueryValueExA(HKEY key, LPCSTR name, DWORD *reserved, DWORD *type, BYTE *data,
                                         DWORD *size)
{
    (void)name, (void)type;
    if (reserved || (data && !size)) return ERROR_INVALID_PARAMETER;
    return is_predefined(key) ? ERROR_FILE_NOT_FOUND : ERROR_INVALID_HANDLE;
}

static LSTATUS enumerate(HKEY key)
{
    return is_predefined(key) ? ERROR_NO_MORE_ITEMS : ERROR_INVALID_HANDLE;
}

HOTPATCH LSTATUS WINAPI RegEnumKeyExW(HKEY key, DWORD index, LPWSTR name, DWORD *size, DWORD *reserved,
                                      LPWSTR class, DWORD *class_size, FILETIME *time)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)class, (void)class_size, (void)time;
    return enumerate(key);
}

HOTPATCH LSTATUS WINAPI RegEnumKeyExA(HKEY key, DWORD index, LPSTR name, DWORD *size, DWORD *reserved,
                                      LPSTR class, DWORD *class_size, FILETIME *time)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)class, (void)class_size, (void)time;
    return enumerate(key);
}

HOTPATCH LSTATUS WINAPI RegEnumValueW(HKEY key, DWORD index, LPWSTR name, DWORD *size, DWORD *reserved,
                                      DWORD *type, BYTE *data, DWORD *data_size)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)type, (void)data, (void)data_size;
    return enumerate(key);
}

HOTPATCH LSTATUS WINAPI RegEnumValueA(HKEY key, DWORD index, LPSTR name, DWORD *size, DWORD *reserved,
                                      DWORD *type, BYTE *data, DWORD *data_size)
{
    (void)index, (void)name, (void)size, (void)reserved, (void)type, (void)data, (void)data_size;
    return enumerate(key);
}
