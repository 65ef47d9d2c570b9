// Strings that name a string of a module's resources, "@file,-id", as the registry and the shell have them.
#include "indirect_string.h"
#include "shell_text.h"

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

LSTATUS indirect_string_load(WCHAR *text, const WCHAR *directory, WCHAR *buffer, DWORD room, DWORD *needed,
                             DWORD flags)
{
    WCHAR *path;
    UINT id;
    LSTATUS error = split(text, &path, &id);

    return error ? error : load(path, directory, id, buffer, room, needed, flags);
}

// What an indirect string names, environment strings in it expanded; any other string itself. Cut to size
// characters.
HOTPATCH HRESULT WINAPI SHLoadIndirectString(const WCHAR *source, WCHAR *out, UINT size, void **reserved)
{
    WCHAR *text AUTO_FREE = NULL;
    DWORD length;
    LSTATUS error;

    if (!source || !out || !size || reserved) return E_INVALIDARG;
    if (*source != '@') {
        StrCpyNW(out, source, (int)size);
        return S_OK;
    }
    length = ExpandEnvironmentStringsW(source, NULL, 0);
    text = length ? heap_alloc(length * sizeof(WCHAR)) : NULL;
    if (!text || !ExpandEnvironmentStringsW(source, text, length)) return E_OUTOFMEMORY;
    *out = 0;
    error = indirect_string_load(text, NULL, out, size * sizeof(WCHAR), NULL, REG_MUI_STRING_TRUNCATE);
    return HRESULT_FROM_WIN32(error); // a macro that evaluates it twice
}
