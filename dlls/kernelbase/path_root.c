// Roots and prefixes of paths (pathcch.h): where they end, whether a path is one, taking what follows off.
#include "path_cch.h"
#define PATHCCH_NO_DEPRECATE
#include <pathcch.h>
#include <strsafe.h>

#define EXTENDED_LENGTH 4 // of \\?\ .
#define UNC_LENGTH      8 // of \\?\UNC\ .

static bool begins_with(const WCHAR *path, const WCHAR *prefix)
{
    for (; *prefix; path++, prefix++)
        if (RtlUpcaseUnicodeChar(*path) != RtlUpcaseUnicodeChar(*prefix)) return false;
    return true;
}

// {01234567-89ab-cdef-0123-456789abcdef}
static bool is_guid(const WCHAR *text)
{
    static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";

    for (const char *at = form; *at; at++, text++)
        if (*at == 'x' ? hex_digit(*text) < 0 : *text != (WCHAR)*at) return false;
    return true;
}

#define VOLUME_LENGTH (EXTENDED_LENGTH + 6 + 38) // of \\?\Volume{GUID}

enum path_prefix path_prefix_of(const WCHAR *path)
{
    if (!begins_with(path, L"\\\\?\\")) return PATH_PREFIX_NONE;
    if (is_drive(path + EXTENDED_LENGTH)) return PATH_PREFIX_DRIVE;
    if (begins_with(path + EXTENDED_LENGTH, L"UNC\\")) return PATH_PREFIX_UNC;
    if (begins_with(path + EXTENDED_LENGTH, L"Volume") && is_guid(path + EXTENDED_LENGTH + 6))
        return PATH_PREFIX_VOLUME;
    return PATH_PREFIX_EXTENDED;
}

// Past server\share\, as far as it is there.
static const WCHAR *skip_share(const WCHAR *at)
{
    for (int part = 0; part < 2; part++) {
        while (*at && *at != '\\') at++;
        if (*at) at++;
    }
    return at;
}

static const WCHAR *skip_backslash(const WCHAR *at)
{
    return *at == '\\' ? at + 1 : at;
}

const WCHAR *path_root_end(const WCHAR *path)
{
    switch (path_prefix_of(path)) {
    case PATH_PREFIX_UNC: return skip_share(path + UNC_LENGTH);
    case PATH_PREFIX_DRIVE: return skip_backslash(path + EXTENDED_LENGTH + 2);
    case PATH_PREFIX_VOLUME: return skip_backslash(path + VOLUME_LENGTH);
    case PATH_PREFIX_EXTENDED: return NULL;
    default: break;
    }
    if (path[0] == '\\' && path[1] == '\\') return path[2] == '?' ? NULL : skip_share(path + 2);
    if (path[0] == '\\') return path + 1;
    return is_drive(path) ? skip_backslash(path + 2) : NULL;
}

// Whether *server gets the server of a network path. It is NULL for other paths.
HOTPATCH BOOL WINAPI PathIsUNCEx(const WCHAR *path, const WCHAR **server)
{
    const WCHAR *found = NULL;

    if (path_prefix_of(path) == PATH_PREFIX_UNC)
        found = path + UNC_LENGTH;
    else if (path[0] == '\\' && path[1] == '\\' && path[2] != '?')
        found = path + 2;
    if (server) *server = found;
    return found != NULL;
}

HOTPATCH HRESULT WINAPI PathCchSkipRoot(const WCHAR *path, const WCHAR **end)
{
    if (!path || !*path || !end) return E_INVALIDARG;
    *end = path_root_end(path);
    return *end ? S_OK : E_INVALIDARG;
}

// A root is \, X:\, or \\server\share and less, with or without \\?\ before the last two.
HOTPATCH BOOL WINAPI PathCchIsRoot(const WCHAR *path)
{
    const WCHAR *end, *server;

    if (!path || !*path) return FALSE;
    if (PathIsUNCEx(path, &server)) {
        const WCHAR *share = server;
        while (*share && *share != '\\') share++;
        if (!*share) return TRUE;
        if (!*++share) return FALSE; // \\server\ .
        while (*share && *share != '\\') share++;
        return !*share;
    }
    end = path_root_end(path);
    return end && !*end && end[-1] == '\\';
}

// Whether size is one of a buffer that holds a terminated path.
static bool is_terminated(const WCHAR *path, size_t size)
{
    SIZE_T n = 0;

    if (!path || !size || size > PATHCCH_MAX_CCH) return false;
    while (n < size && path[n]) n++;
    return n < size;
}

// S_OK when \\?\ was taken off, and \\?\UNC\ replaced by \\; S_FALSE when nothing was to do.
HOTPATCH HRESULT WINAPI PathCchStripPrefix(WCHAR *path, size_t size)
{
    SIZE_T skipped = EXTENDED_LENGTH;
    WCHAR *to = path;

    if (!is_terminated(path, size)) return E_INVALIDARG;
    switch (path_prefix_of(path)) {
    case PATH_PREFIX_UNC:
        skipped = UNC_LENGTH;
        to = path + 2;
        break;
    case PATH_PREFIX_DRIVE: break;
    default: return S_FALSE;
    }
    memmove(to, path + skipped, (wide_length(path + skipped) + 1) * sizeof(WCHAR));
    return S_OK;
}

// Cuts a path behind its root. E_INVALIDARG, and an empty path, when it has none.
HOTPATCH HRESULT WINAPI PathCchStripToRoot(WCHAR *path, size_t size)
{
    WCHAR *end;
    const WCHAR *server;

    if (!is_terminated(path, size)) return E_INVALIDARG;
    end = (WCHAR *)path_root_end(path);
    if (!end) {
        *path = 0;
        return E_INVALIDARG;
    }
    // A share's root goes without the backslash.
    if (end > path && end[-1] == '\\' && PathIsUNCEx(path, &server) && end - 1 > server) end--;
    if (!*end) return S_FALSE;
    *end = 0;
    return S_OK;
}

// Cuts the last part of a path off, but nothing of its root. S_FALSE when it is a root.
HOTPATCH HRESULT WINAPI PathCchRemoveFileSpec(WCHAR *path, size_t size)
{
    WCHAR *root, *end, *server;

    if (!is_terminated(path, size)) return E_INVALIDARG;
    root = (WCHAR *)path_root_end(path);
    if (!root) root = path;
    // A share keeps its name alone.
    if (root > path && root[-1] == '\\' && PathIsUNCEx(path, (const WCHAR **)&server) && root - 1 > server)
        root--;
    for (end = path + wide_length(path); end > root && *end != '\\';) end--;
    if (!*end) return S_FALSE;
    *end = 0;
    return S_OK;
}

HOTPATCH HRESULT WINAPI PathCchAddBackslashEx(WCHAR *path, size_t size, WCHAR **end, size_t *remaining)
{
    SIZE_T length;
    HRESULT result = S_FALSE;

    if (!is_terminated(path, size)) return E_INVALIDARG;
    length = wide_length(path);
    if (length && path[length - 1] != '\\') {
        if (size - length < 2) return STRSAFE_E_INSUFFICIENT_BUFFER;
        path[length++] = '\\';
        path[length] = 0;
        result = S_OK;
    }
    if (end) *end = path + length;
    if (remaining) *remaining = size - length;
    return result;
}

HOTPATCH HRESULT WINAPI PathCchAddBackslash(WCHAR *path, size_t size)
{
    return PathCchAddBackslashEx(path, size, NULL, NULL);
}

// *end is where the backslash was, or where it stays because the path is a root.
HOTPATCH HRESULT WINAPI PathCchRemoveBackslashEx(WCHAR *path, size_t size, WCHAR **end, size_t *remaining)
{
    SIZE_T length;
    bool has_backslash;

    if (!is_terminated(path, size)) return E_INVALIDARG;
    length = wide_length(path);
    has_backslash = length && path[length - 1] == '\\';
    if (has_backslash) length--;
    if (end) *end = path + length;
    if (remaining) *remaining = size - length;
    if (!has_backslash || PathCchIsRoot(path)) return S_FALSE;
    path[length] = 0;
    return S_OK;
}

HOTPATCH HRESULT WINAPI PathCchRemoveBackslash(WCHAR *path, size_t size)
{
    return PathCchRemoveBackslashEx(path, size, NULL, NULL);
}

// ---- extensions ----

const WCHAR *path_extension(const WCHAR *path)
{
    const WCHAR *dot = NULL;

    for (; *path; path++) {
        if (*path == '\\' || *path == ' ') dot = NULL;
        if (*path == '.') dot = path;
    }
    return dot ? dot : path;
}

HOTPATCH HRESULT WINAPI PathCchFindExtension(const WCHAR *path, size_t size, const WCHAR **extension)
{
    if (!extension) return E_INVALIDARG;
    *extension = NULL;
    if (!is_terminated(path, size)) return E_INVALIDARG;
    *extension = path_extension(path);
    return S_OK;
}

// An extension has no backslash or space, and a dot only at its beginning.
static bool is_extension(const WCHAR *extension)
{
    if (*extension == '.') extension++;
    for (; *extension; extension++)
        if (*extension == '.' || *extension == '\\' || *extension == ' ') return false;
    return true;
}

HOTPATCH HRESULT WINAPI PathCchAddExtension(WCHAR *path, size_t size, const WCHAR *extension)
{
    SIZE_T length, added;
    bool has_dot;

    if (!is_terminated(path, size) || !extension || !is_extension(extension)) return E_INVALIDARG;
    if (*path_extension(path)) return S_FALSE;
    has_dot = *extension == '.';
    if (!extension[has_dot]) return S_OK;
    length = wide_length(path);
    added = wide_length(extension);
    if (length + !has_dot + added >= size) return STRSAFE_E_INSUFFICIENT_BUFFER;
    if (!has_dot) path[length++] = '.';
    memcpy(path + length, extension, (added + 1) * sizeof(WCHAR));
    return S_OK;
}

HOTPATCH HRESULT WINAPI PathCchRemoveExtension(WCHAR *path, size_t size)
{
    const WCHAR *extension;
    HRESULT result = PathCchFindExtension(path, size, &extension);

    if (FAILED(result)) return result;
    if (!*extension) return S_FALSE;
    *(WCHAR *)extension = 0;
    return S_OK;
}

HOTPATCH HRESULT WINAPI PathCchRenameExtension(WCHAR *path, size_t size, const WCHAR *extension)
{
    HRESULT result;

    if (!extension || !is_extension(extension)) return E_INVALIDARG;
    result = PathCchRemoveExtension(path, size);
    if (FAILED(result)) return result;
    result = PathCchAddExtension(path, size, extension);
    return FAILED(result) ? result : S_OK;
}
