// RegLoadMUIString: a value that names a string of a DLL's resources, "@file,-id".
#include "reg.h"

// Splits "@path,-id". ERROR_INVALID_DATA when it is nothing like that.
static LSTATUS split(WCHAR *text, WCHAR **path, UINT *id)
{
    if (*text != '@') return ERROR_INVALID_DATA;
    WCHAR *comma = NULL;
    for (WCHAR *p = text; *p; p++)
        if (*p == ',') comma = p;
    if (!comma || comma[1] != '-' || comma[2] < '0' || comma[2] > '9') return ERROR_INVALID_DATA;
    *comma = 0;
    *path = text + 1;
    *id = 0;
    for (WCHAR *p = comma + 2; *p >= '0' && *p <= '9'; p++) *id = *id * 10 + (*p - '0');
    return ERROR_SUCCESS;
}

// String id of a module's table: blocks of sixteen counted strings. *length in characters.
static LSTATUS find_string(HMODULE module, UINT id, const WCHAR **text, DWORD *length)
{
    HRSRC resource = FindResourceW(module, MAKEINTRESOURCEW(id / 16 + 1), (LPCWSTR)RT_STRING);
    HGLOBAL loaded = resource ? LoadResource(module, resource) : NULL;
    const WCHAR *p = loaded ? LockResource(loaded) : NULL;
    if (!p) return (LSTATUS)GetLastError();
    for (UINT i = id % 16; i; i--) p += 1 + *p;
    if (!*p) return ERROR_NOT_FOUND;
    *text = p + 1;
    *length = *p;
    return ERROR_SUCCESS;
}

static LSTATUS put(const WCHAR *text, DWORD length, WCHAR *buffer, DWORD room, DWORD *needed, DWORD flags)
{
    DWORD bytes = (length + 1) * sizeof(WCHAR);
    if (needed) *needed = bytes;
    if (room < bytes && (!(flags & REG_MUI_STRING_TRUNCATE) || room < sizeof(WCHAR))) return ERROR_MORE_DATA;
    if (room < bytes) length = room / sizeof(WCHAR) - 1;
    memcpy(buffer, text, length * sizeof(WCHAR));
    buffer[length] = 0;
    return ERROR_SUCCESS;
}

static LSTATUS load(const WCHAR *path, const WCHAR *directory, UINT id, WCHAR *buffer, DWORD room,
                    DWORD *needed, DWORD flags)
{
    WCHAR *whole AUTO_FREE = NULL;
    const WCHAR *text = NULL;
    DWORD length = 0;
    if (directory) {
        SIZE_T n = wide_length(directory), m = wide_length(path);
        whole = heap_alloc((n + m + 2) * sizeof(WCHAR));
        if (!whole) return ERROR_NOT_ENOUGH_MEMORY;
        memcpy(whole, directory, n * sizeof(WCHAR));
        whole[n] = '\\';
        memcpy(whole + n + 1, path, (m + 1) * sizeof(WCHAR));
        path = whole;
    }
    HMODULE module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_AS_IMAGE_RESOURCE);
    if (!module) return (LSTATUS)GetLastError();
    LSTATUS error = find_string(module, id, &text, &length);
    if (!error) error = put(text, length, buffer, room, needed, flags);
    FreeLibrary(module);
    return error;
}

HOTPATCH LSTATUS WINAPI RegLoadMUIStringW(HKEY key, LPCWSTR name, LPWSTR buffer, DWORD room, DWORD *needed,
                                          DWORD flags, LPCWSTR directory)
{
    struct reg_value value AUTO_VALUE;
    WCHAR *path;
    UINT id;
    value.block = NULL;
    if (flags & ~REG_MUI_STRING_TRUNCATE || (flags & REG_MUI_STRING_TRUNCATE && needed) ||
        room % sizeof(WCHAR) || (!buffer && room))
        return ERROR_INVALID_PARAMETER;
    DWORD last = GetLastError();
    LSTATUS error = reg_value_read(key, name, &value);
    if (error) return error;
    if (value.type != REG_SZ && value.type != REG_EXPAND_SZ) return ERROR_INVALID_DATA;
    DWORD size = ExpandEnvironmentStringsW((WCHAR *)value.data, NULL, 0);
    WCHAR *text AUTO_FREE = heap_alloc(size * sizeof(WCHAR));
    if (!text) return ERROR_NOT_ENOUGH_MEMORY;
    ExpandEnvironmentStringsW((WCHAR *)value.data, text, size);
    error = split(text, &path, &id);
    if (!error) error = load(path, directory, id, buffer, room, needed, flags);
    SetLastError(last);
    return error;
}

// Windows has only the other one.
HOTPATCH LSTATUS WINAPI RegLoadMUIStringA(HKEY key, LPCSTR name, LPSTR buffer, DWORD room, DWORD *needed,
                                          DWORD flags, LPCSTR directory)
{
    (void)key, (void)name, (void)buffer, (void)room, (void)needed, (void)flags, (void)directory;
    return ERROR_CALL_NOT_IMPLEMENTED;
}
