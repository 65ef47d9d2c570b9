// The registry by name of key and value in one call. Results are ERROR_ codes. Recursive functions are the
// registry's own.
#include "shlwapi_local.h"

// Opens a key for the time of one call; name NULL or empty: the key itself once more.
static LSTATUS open_key(HKEY key, const WCHAR *name, REGSAM access, HKEY *opened)
{
    return RegOpenKeyExW(key, name, 0, access, opened);
}

HOTPATCH DWORD WINAPI SHDeleteKeyW(HKEY key, const WCHAR *name)
{
    if (!name) return ERROR_INVALID_PARAMETER;
    return (DWORD)RegDeleteTreeW(key, name);
}

HOTPATCH DWORD WINAPI SHDeleteKeyA(HKEY key, const char *name)
{
    if (!name) return ERROR_INVALID_PARAMETER;
    return (DWORD)RegDeleteTreeA(key, name);
}

// Deletes a key that has no others below it.
HOTPATCH DWORD WINAPI SHDeleteEmptyKeyW(HKEY key, const WCHAR *name)
{
    DWORD keys;
    HKEY opened;
    LSTATUS status = open_key(key, name, KEY_READ, &opened);

    if (status) return (DWORD)status;
    status = RegQueryInfoKeyW(opened, NULL, NULL, NULL, &keys, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    RegCloseKey(opened);
    if (!status && keys) return ERROR_KEY_HAS_CHILDREN;
    return status ? (DWORD)status : (DWORD)RegDeleteKeyExW(key, name, 0, 0);
}

HOTPATCH DWORD WINAPI SHDeleteEmptyKeyA(HKEY key, const char *name)
{
    WCHAR *wide = wide_copy(name);
    DWORD status = name && !wide ? ERROR_NOT_ENOUGH_MEMORY : SHDeleteEmptyKeyW(key, wide);

    if (wide) RtlFreeHeap(process_heap(), 0, wide);
    return status;
}

HOTPATCH DWORD WINAPI SHDeleteValueW(HKEY key, const WCHAR *name, const WCHAR *value)
{
    HKEY opened;
    LSTATUS status = open_key(key, name, KEY_SET_VALUE, &opened);

    if (status) return (DWORD)status;
    status = RegDeleteValueW(opened, value);
    RegCloseKey(opened);
    return (DWORD)status;
}

HOTPATCH DWORD WINAPI SHDeleteValueA(HKEY key, const char *name, const char *value)
{
    HKEY opened;
    LSTATUS status = RegOpenKeyExA(key, name, 0, KEY_SET_VALUE, &opened);

    if (status) return (DWORD)status;
    status = RegDeleteValueA(opened, value);
    RegCloseKey(opened);
    return (DWORD)status;
}

// Any type; REG_EXPAND_SZ comes expanded, as REG_SZ. Strings are terminated.
HOTPATCH DWORD WINAPI SHGetValueW(HKEY key, const WCHAR *name, const WCHAR *value, DWORD *type, void *data,
                                  DWORD *size)
{
    return (DWORD)RegGetValueW(key, name, value, RRF_RT_ANY, type, data, size);
}

HOTPATCH DWORD WINAPI SHGetValueA(HKEY key, const char *name, const char *value, DWORD *type, void *data,
                                  DWORD *size)
{
    return (DWORD)RegGetValueA(key, name, value, RRF_RT_ANY, type, data, size);
}

HOTPATCH DWORD WINAPI SHQueryValueExW(HKEY key, const WCHAR *value, DWORD *reserved, DWORD *type, void *data,
                                      DWORD *size)
{
    (void)reserved;
    return SHGetValueW(key, NULL, value, type, data, size);
}

HOTPATCH DWORD WINAPI SHQueryValueExA(HKEY key, const char *value, DWORD *reserved, DWORD *type, void *data,
                                      DWORD *size)
{
    (void)reserved;
    return SHGetValueA(key, NULL, value, type, data, size);
}

// Makes the key if it isn't there.
HOTPATCH DWORD WINAPI SHSetValueW(HKEY key, const WCHAR *name, const WCHAR *value, DWORD type,
                                  const void *data, DWORD size)
{
    HKEY opened = key;
    LSTATUS status = ERROR_SUCCESS;

    if (name && *name)
        status =
            RegCreateKeyExW(key, name, 0, NULL, REG_OPTION_NON_VOLATILE, KEY_SET_VALUE, NULL, &opened, NULL);
    if (status) return (DWORD)status;
    status = RegSetValueExW(opened, value, 0, type, data, size);
    if (opened != key) RegCloseKey(opened);
    return (DWORD)status;
}

HOTPATCH DWORD WINAPI SHSetValueA(HKEY key, const char *name, const char *value, DWORD type, const void *data,
                                  DWORD size)
{
    HKEY opened = key;
    LSTATUS status = ERROR_SUCCESS;

    if (name && *name)
        status =
            RegCreateKeyExA(key, name, 0, NULL, REG_OPTION_NON_VOLATILE, KEY_SET_VALUE, NULL, &opened, NULL);
    if (status) return (DWORD)status;
    status = RegSetValueExA(opened, value, 0, type, data, size);
    if (opened != key) RegCloseKey(opened);
    return (DWORD)status;
}

HOTPATCH DWORD WINAPI SHCopyKeyW(HKEY from, const WCHAR *name, HKEY to, DWORD reserved)
{
    (void)reserved;
    if (!from || !to) return ERROR_INVALID_PARAMETER;
    return (DWORD)RegCopyTreeW(from, name, to);
}

HOTPATCH LONG WINAPI SHEnumKeyExW(HKEY key, DWORD index, WCHAR *name, DWORD *size)
{
    return RegEnumKeyExW(key, index, name, size, NULL, NULL, NULL, NULL);
}

HOTPATCH LONG WINAPI SHEnumKeyExA(HKEY key, DWORD index, char *name, DWORD *size)
{
    return RegEnumKeyExA(key, index, name, size, NULL, NULL, NULL, NULL);
}

HOTPATCH LONG WINAPI SHEnumValueW(HKEY key, DWORD index, WCHAR *name, DWORD *name_size, DWORD *type,
                                  void *data, DWORD *size)
{
    return RegEnumValueW(key, index, name, name_size, NULL, type, data, size);
}

HOTPATCH LONG WINAPI SHEnumValueA(HKEY key, DWORD index, char *name, DWORD *name_size, DWORD *type,
                                  void *data, DWORD *size)
{
    return RegEnumValueA(key, index, name, name_size, NULL, type, data, size);
}

HOTPATCH LONG WINAPI SHQueryInfoKeyW(HKEY key, DWORD *keys, DWORD *longest_key, DWORD *values,
                                     DWORD *longest_value)
{
    return RegQueryInfoKeyW(key, NULL, NULL, NULL, keys, longest_key, NULL, values, longest_value, NULL, NULL,
                            NULL);
}

HOTPATCH LONG WINAPI SHQueryInfoKeyA(HKEY key, DWORD *keys, DWORD *longest_key, DWORD *values,
                                     DWORD *longest_value)
{
    return RegQueryInfoKeyA(key, NULL, NULL, NULL, keys, longest_key, NULL, values, longest_value, NULL, NULL,
                            NULL);
}

// The same key by another handle; NULL when it can't be opened.
HOTPATCH HKEY WINAPI SHRegDuplicateHKey(HKEY key)
{
    HKEY copy = NULL;

    RegOpenKeyExW(key, NULL, 0, MAXIMUM_ALLOWED, &copy);
    return copy;
}

// A path with environment strings expanded, as the value's type says or not.
HOTPATCH DWORD WINAPI SHRegGetPathW(HKEY key, const WCHAR *name, const WCHAR *value, WCHAR *path, DWORD flags)
{
    WCHAR raw[MAX_PATH];
    DWORD size = sizeof(raw), n;
    LSTATUS status =
        RegGetValueW(key, name, value, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, NULL, raw, &size);

    (void)flags;
    if (status) return (DWORD)status;
    n = ExpandEnvironmentStringsW(raw, path, MAX_PATH);
    return n && n <= MAX_PATH ? ERROR_SUCCESS : ERROR_MORE_DATA;
}

HOTPATCH DWORD WINAPI SHRegGetPathA(HKEY key, const char *name, const char *value, char *path, DWORD flags)
{
    char raw[MAX_PATH];
    DWORD size = sizeof(raw), n;
    LSTATUS status =
        RegGetValueA(key, name, value, RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, NULL, raw, &size);

    (void)flags;
    if (status) return (DWORD)status;
    n = ExpandEnvironmentStringsA(raw, path, MAX_PATH);
    return n && n <= MAX_PATH ? ERROR_SUCCESS : ERROR_MORE_DATA;
}
