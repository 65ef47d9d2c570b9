// Walking over files.
#include "file_walk.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static int by_name(const void *a, const void *b)
{
    return _wcsicmp(((const WIN32_FIND_DATAW *)a)->cFileName, ((const WIN32_FIND_DATAW *)b)->cFileName);
}

static bool is_dots(const WCHAR *name)
{
    return wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0;
}

struct file_list list_files(const WCHAR *pattern)
{
    struct file_list list = {};
    WIN32_FIND_DATAW data;
    HANDLE find = FindFirstFileW(pattern, &data);
    for (bool found = find != INVALID_HANDLE_VALUE; found; found = FindNextFileW(find, &data)) {
        if (is_dots(data.cFileName)) continue;
        make_room(&list.entries, &list.capacity, list.count + 1, sizeof data);
        list.entries[list.count++] = data;
    }
    DWORD error = GetLastError();
    if (error != ERROR_NO_MORE_FILES && error != ERROR_FILE_NOT_FOUND) list.error = error;
    if (find != INVALID_HANDLE_VALUE) FindClose(find);
    if (list.count) qsort(list.entries, list.count, sizeof data, by_name);
    return list;
}

const WIN32_FIND_DATAW *list_find(const struct file_list *list, const WCHAR *name)
{
    WIN32_FIND_DATAW key;
    wcscpy(key.cFileName, name);
    return list->count ? bsearch(&key, list->entries, list->count, sizeof key, by_name) : NULL;
}

WCHAR *join_file(const WCHAR *directory, const WCHAR *name)
{
    size_t length = wcslen(directory);
    WCHAR *path = take_memory((length + wcslen(name) + 2) * sizeof(WCHAR));
    wcscpy(path, directory);
    if (length && !wcschr(L"\\/:", directory[length - 1])) wcscat(path, L"\\");
    return wcscat(path, name);
}

size_t directory_part(const WCHAR *path)
{
    size_t length = wcslen(path);
    while (length && !wcschr(L"\\/:", path[length - 1])) length--;
    return length;
}

static int walk_here(const WCHAR *directory, const WCHAR *name, walk_entry *entry, void *context)
{
    WCHAR *pattern = join_file(directory, name);
    struct file_list list = list_files(pattern);
    int count = 0;
    for (size_t i = 0; i < list.count && count >= 0; i++) {
        WCHAR *path = join_file(directory, list.entries[i].cFileName);
        count = entry(path, &list.entries[i], context) ? count + 1 : -1;
        free(path);
    }
    free(list.entries);
    free(pattern);
    return count;
}

static int walk_below(const WCHAR *directory, const WCHAR *name, walk_entry *entry, void *context)
{
    int count = walk_here(directory, name, entry, context);
    WCHAR *all = join_file(directory, L"*");
    struct file_list list = list_files(all);
    for (size_t i = 0; i < list.count && count >= 0; i++) {
        DWORD attributes = list.entries[i].dwFileAttributes;
        if (!(attributes & FILE_ATTRIBUTE_DIRECTORY) || attributes & FILE_ATTRIBUTE_REPARSE_POINT) continue;
        WCHAR *path = join_file(directory, list.entries[i].cFileName);
        int more = walk_below(path, name, entry, context);
        count = more < 0 ? -1 : count + more;
        free(path);
    }
    free(list.entries);
    free(all);
    return count;
}

int walk_files(const WCHAR *pattern, bool deep, walk_entry *entry, void *context)
{
    size_t length = directory_part(pattern);
    WCHAR *directory = copy_text(pattern);
    directory[length] = 0;
    int count = (deep ? walk_below : walk_here)(directory, pattern + length, entry, context);
    free(directory);
    return count;
}

WCHAR *full_file(const WCHAR *path)
{
    DWORD room = GetFullPathNameW(path, 0, NULL, NULL);
    WCHAR *full = take_memory(((size_t)room + 1) * sizeof(WCHAR));
    full[0] = 0;
    GetFullPathNameW(path, room + 1, full, NULL);
    return full;
}

bool has_wildcards(const WCHAR *text)
{
    return wcspbrk(text, L"*?") != NULL;
}

bool is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}
