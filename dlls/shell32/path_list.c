// Lists of paths as SHFileOperation takes them: one after the other, each ending in NUL, the last in two.
#include "file_operation.h"
#include <shlwapi.h>

bool path_exists(const WCHAR *path)
{
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

bool path_is_folder(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

bool path_join(WCHAR *path, const WCHAR *folder, const WCHAR *name)
{
    size_t length = (size_t)lstrlenW(folder), name_length = (size_t)lstrlenW(name);
    if (length + name_length + 2 > MAX_PATH) return false;
    memmove(path, folder, length * sizeof(WCHAR));
    if (length && path[length - 1] != '\\') path[length++] = '\\';
    memcpy(path + length, name, (name_length + 1) * sizeof(WCHAR));
    return true;
}

static DWORD add(struct path_list *list, const WCHAR *path)
{
    size_t size = ((size_t)list->count + 1) * sizeof *list->paths;
    void *longer = list->paths ? HeapReAlloc(GetProcessHeap(), 0, list->paths, size)
                               : HeapAlloc(GetProcessHeap(), 0, size);
    if (!longer) return ERROR_NOT_ENOUGH_MEMORY;
    list->paths = longer;
    lstrcpyW(list->paths[list->count++], path);
    return 0;
}

static bool is_dots(const WCHAR *name)
{
    return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

static DWORD add_matches(struct path_list *list, WCHAR *pattern, bool files_only)
{
    WIN32_FIND_DATAW found;
    WCHAR path[MAX_PATH];
    DWORD error = 0;
    HANDLE search = FindFirstFileW(pattern, &found);
    list->wildcards = true;
    if (search == INVALID_HANDLE_VALUE) return 0;
    *PathFindFileNameW(pattern) = 0;
    do {
        if (is_dots(found.cFileName)) continue;
        if (files_only && found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) continue;
        error = path_join(path, pattern, found.cFileName) ? add(list, path) : DE_INVALIDFILES;
    } while (!error && FindNextFileW(search, &found));
    FindClose(search);
    return error;
}

static DWORD add_existing(struct path_list *list, WCHAR *path, bool files_only)
{
    WCHAR *name = PathFindFileNameW(path);
    if (wcspbrk(name, L"*?")) return add_matches(list, path, files_only);
    if (path_exists(path)) return add(list, path);
    return GetLastError() == ERROR_FILE_NOT_FOUND ? ERROR_FILE_NOT_FOUND : DE_INVALIDFILES;
}

// A full path without a backslash at its end, unless it is a drive's.
static bool complete(const WCHAR *text, WCHAR *path)
{
    DWORD length = GetFullPathNameW(*text ? text : L".", MAX_PATH, path, NULL);
    if (!length || length >= MAX_PATH) return false;
    PathRemoveBackslashW(path);
    return true;
}

DWORD path_list_read(struct path_list *list, const WCHAR *text, bool expand, bool files_only)
{
    WCHAR path[MAX_PATH];
    DWORD error = 0;
    *list = (struct path_list){};
    for (; *text && !error; text += lstrlenW(text) + 1) {
        list->entries++;
        if (!complete(text, path)) {
            // What follows the first destination may be left unread.
            if (!expand && list->count) break;
            error = DE_INVALIDFILES;
        } else {
            error = expand ? add_existing(list, path, files_only) : add(list, path);
        }
    }
    return error;
}

void path_list_free(struct path_list *list)
{
    if (list->paths) HeapFree(GetProcessHeap(), 0, list->paths);
}
