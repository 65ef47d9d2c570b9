// Functions on paths that stayed in shlwapi when the others moved to kernelbase. The narrow ones go through
// the wide ones.
#include "shlwapi_local.h"

// Runs a wide function that changes a path in a copy, and writes the result back, which is no longer than
// MAX_PATH.
#define CHANGE_NARROW(path, call)                                                                            \
    do {                                                                                                     \
        WCHAR wide[MAX_PATH];                                                                                \
        if (!(path) || !widen(wide, MAX_PATH, (path))) break;                                                \
        call;                                                                                                \
        narrow((path), MAX_PATH, wide);                                                                      \
    } while (0)

HOTPATCH WCHAR *WINAPI PathBuildRootW(WCHAR *out, int drive)
{
    if (!out || drive < 0 || drive > 25) return out;
    out[0] = (WCHAR)('A' + drive);
    memcpy(out + 1, L":\\", 3 * sizeof(WCHAR));
    return out;
}

HOTPATCH char *WINAPI PathBuildRootA(char *out, int drive)
{
    if (!out || drive < 0 || drive > 25) return out;
    out[0] = (char)('A' + drive);
    memcpy(out + 1, ":\\", 3);
    return out;
}

// Cuts off what PathGetArgs finds, and the blank before it.
HOTPATCH void WINAPI PathRemoveArgsW(WCHAR *path)
{
    WCHAR *arguments = PathGetArgsW(path);

    if (!path) return;
    if (*arguments || (arguments > path && arguments[-1] == ' ')) arguments[-1] = 0;
}

HOTPATCH void WINAPI PathRemoveArgsA(char *path)
{
    char *arguments = PathGetArgsA(path);

    if (!path) return;
    if (*arguments || (arguments > path && arguments[-1] == ' ')) arguments[-1] = 0;
}

// Takes [number] off the end of a file's name.
HOTPATCH void WINAPI PathUndecorateW(WCHAR *path)
{
    WCHAR *extension = PathFindExtensionW(path), *open;

    if (!path || extension == path || extension[-1] != ']') return;
    for (open = extension - 2; open > path && *open >= '0' && *open <= '9';) open--;
    if (open <= path || *open != '[' || open == PathFindFileNameW(path)) return;
    memmove(open, extension, (wide_length(extension) + 1) * sizeof(WCHAR));
}

HOTPATCH void WINAPI PathUndecorateA(char *path)
{
    CHANGE_NARROW(path, PathUndecorateW(wide));
}

// Makes a name all in capitals a small one but for its first letter. FALSE when it has small letters already.
HOTPATCH BOOL WINAPI PathMakePrettyW(WCHAR *path)
{
    if (!path) return FALSE;
    for (const WCHAR *at = path; *at; at++)
        if (*at != RtlUpcaseUnicodeChar(*at)) return FALSE;
    if (!*path) return TRUE;
    for (WCHAR *at = path + 1; *at; at++) *at = RtlDowncaseUnicodeChar(*at);
    return TRUE;
}

HOTPATCH BOOL WINAPI PathMakePrettyA(char *path)
{
    BOOL changed = FALSE;
    CHANGE_NARROW(path, changed = PathMakePrettyW(wide));
    return changed;
}

HOTPATCH BOOL WINAPI PathIsNetworkPathW(const WCHAR *path)
{
    WCHAR root[4];
    int drive;

    if (!path) return FALSE;
    if (PathIsUNCW(path)) return TRUE;
    drive = PathGetDriveNumberW(path);
    return drive >= 0 && GetDriveTypeW(PathBuildRootW(root, drive)) == DRIVE_REMOTE;
}

HOTPATCH BOOL WINAPI PathIsNetworkPathA(const char *path)
{
    WCHAR wide[MAX_PATH];
    return path && widen(wide, MAX_PATH, path) && PathIsNetworkPathW(wide);
}

// FILE_ATTRIBUTE_DIRECTORY or FALSE.
HOTPATCH BOOL WINAPI PathIsDirectoryW(const WCHAR *path)
{
    DWORD attributes = path ? GetFileAttributesW(path) : INVALID_FILE_ATTRIBUTES;
    return attributes == INVALID_FILE_ATTRIBUTES ? FALSE : (BOOL)(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

HOTPATCH BOOL WINAPI PathIsDirectoryA(const char *path)
{
    DWORD attributes = path ? GetFileAttributesA(path) : INVALID_FILE_ATTRIBUTES;
    return attributes == INVALID_FILE_ATTRIBUTES ? FALSE : (BOOL)(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

static bool is_dots(const WCHAR *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

HOTPATCH BOOL WINAPI PathIsDirectoryEmptyW(const WCHAR *path)
{
    WCHAR pattern[MAX_PATH];
    WIN32_FIND_DATAW found;
    BOOL empty = TRUE;

    if (!PathIsDirectoryW(path) || !PathCombineW(pattern, path, L"*.*")) return FALSE;
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) return FALSE;
    do empty = is_dots(found.cFileName);
    while (empty && FindNextFileW(search, &found));
    FindClose(search);
    return empty;
}

HOTPATCH BOOL WINAPI PathIsDirectoryEmptyA(const char *path)
{
    WCHAR wide[MAX_PATH];
    return path && widen(wide, MAX_PATH, path) && PathIsDirectoryEmptyW(wide);
}

// Appends text at *length if it fits.
static bool append(WCHAR *out, SIZE_T *length, const WCHAR *text)
{
    SIZE_T n = wide_length(text);

    if (*length + n >= MAX_PATH) return false;
    memcpy(out + *length, text, (n + 1) * sizeof(WCHAR));
    *length += n;
    return true;
}

// The way from one path, which is a directory's, to another: up from where they part, then down.
static bool append_way(WCHAR *out, const WCHAR *up, const WCHAR *down)
{
    SIZE_T length = 0;

    if (!*up) append(out, &length, L".");
    if (*up == '\\') up++;
    while (*up) {
        up = PathFindNextComponentW(up);
        if (!append(out, &length, *up ? L"..\\" : L"..")) return false;
    }
    if (*down && *down != '\\' && !append(out, &length, L"\\")) return false;
    return append(out, &length, down);
}

// How one gets from a file or directory to another by .. and names. FALSE, and an empty path, when they have
// no common beginning, or when that is too long.
HOTPATCH BOOL WINAPI PathRelativePathToW(WCHAR *out, const WCHAR *from, DWORD from_attributes,
                                         const WCHAR *to, DWORD to_attributes)
{
    WCHAR source[MAX_PATH], target[MAX_PATH];
    int common;

    if (!out) return FALSE;
    *out = 0;
    if (!from || !to || wide_length(from) >= MAX_PATH || wide_length(to) >= MAX_PATH) return FALSE;
    memcpy(source, from, (wide_length(from) + 1) * sizeof(WCHAR));
    memcpy(target, to, (wide_length(to) + 1) * sizeof(WCHAR));
    if (!(from_attributes & FILE_ATTRIBUTE_DIRECTORY)) PathRemoveFileSpecW(source);
    (void)to_attributes; // a file's name and a directory's are alike at the end of the way
    common = PathCommonPrefixW(source, target, NULL);
    if (!common) return FALSE;
    if (append_way(out, source + common, target + common)) return TRUE;
    *out = 0;
    return FALSE;
}

HOTPATCH BOOL WINAPI PathRelativePathToA(char *out, const char *from, DWORD from_attributes, const char *to,
                                         DWORD to_attributes)
{
    WCHAR wide_from[MAX_PATH], wide_to[MAX_PATH], result[MAX_PATH];

    if (!out) return FALSE;
    *out = 0;
    if (!from || !to || !widen(wide_from, MAX_PATH, from) || !widen(wide_to, MAX_PATH, to)) return FALSE;
    return PathRelativePathToW(result, wide_from, from_attributes, wide_to, to_attributes) &&
           narrow(out, MAX_PATH, result);
}

// A path in at most size - 1 characters: its beginning, ..., and the file's name as far as that goes.
HOTPATCH BOOL WINAPI PathCompactPathExW(WCHAR *out, const WCHAR *path, UINT size, DWORD flags)
{
    SIZE_T length, name_length, kept;
    const WCHAR *name;

    (void)flags;
    if (!out || !path) return FALSE;
    *out = 0;
    if (!size) return FALSE;
    length = wide_length(path);
    if (length < size) {
        memcpy(out, path, (length + 1) * sizeof(WCHAR));
        return TRUE;
    }
    if (size < 5) { // only dots have room
        for (UINT i = 0; i + 1 < size; i++) out[i] = '.';
        out[size - 1] = 0;
        return TRUE;
    }
    name = PathFindFileNameW(path);
    if (name > path) name--; // with its backslash
    name_length = wide_length(name);
    if (name_length + 3 < size) {
        kept = size - 1 - 3 - name_length;
        memcpy(out, path, kept * sizeof(WCHAR));
        memcpy(out + kept, L"...", 3 * sizeof(WCHAR));
        memcpy(out + kept + 3, name, (name_length + 1) * sizeof(WCHAR));
        return TRUE;
    }
    // ...\name... or name...
    kept = 0;
    if (name > path && size > 8) {
        memcpy(out, L"...", 3 * sizeof(WCHAR));
        kept = 3;
    } else if (name > path) {
        name++;
    }
    memcpy(out + kept, name, (size - 4 - kept) * sizeof(WCHAR));
    memcpy(out + size - 4, L"...", 4 * sizeof(WCHAR));
    return TRUE;
}

HOTPATCH BOOL WINAPI PathCompactPathExA(char *out, const char *path, UINT size, DWORD flags)
{
    WCHAR wide[MAX_PATH], result[MAX_PATH];

    if (!out || !path || !widen(wide, MAX_PATH, path)) return FALSE;
    return PathCompactPathExW(result, wide, size < MAX_PATH ? size : MAX_PATH, flags) &&
           narrow(out, size, result);
}

// The first of n suffixes that a path ends with, in the same case; NULL for none.
HOTPATCH const WCHAR *WINAPI PathFindSuffixArrayW(const WCHAR *path, const WCHAR *const *suffixes, int n)
{
    SIZE_T length = path ? wide_length(path) : 0;

    for (int i = 0; path && suffixes && i < n; i++) {
        SIZE_T suffix = wide_length(suffixes[i]);
        if (suffix < length && !StrCmpCW(path + length - suffix, suffixes[i])) return suffixes[i];
    }
    return NULL;
}

HOTPATCH const char *WINAPI PathFindSuffixArrayA(const char *path, const char *const *suffixes, int n)
{
    SIZE_T length = path ? strlen(path) : 0;

    for (int i = 0; path && suffixes && i < n; i++) {
        SIZE_T suffix = strlen(suffixes[i]);
        if (suffix < length && !strcmp(path + length - suffix, suffixes[i])) return suffixes[i];
    }
    return NULL;
}
