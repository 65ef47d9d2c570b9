// Patterns and paths.
#include "find.h"
#include <stdlib.h>

bool has_wildcards(const WCHAR *text)
{
    return wcspbrk(text, L"*?") != NULL;
}

bool is_directory(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY;
}

bool is_root(const WCHAR *path)
{
    const WCHAR *full = absolute(path);
    return full[0] && full[1] == ':' && full[2] == '\\' && !full[3];
}

size_t directory_length(const WCHAR *path)
{
    size_t length = wcslen(path);
    while (length && path[length - 1] != '\\' && path[length - 1] != ':') length--;
    return length;
}

WCHAR *join_path(const WCHAR *directory, const WCHAR *name)
{
    struct text path = {};
    text_add_string(&path, directory);
    if (path.length && !wcschr(L"\\/:", path.data[path.length - 1])) text_add(&path, '\\');
    text_add_string(&path, name);
    return (WCHAR *)text_get(&path);
}

const WCHAR *absolute(const WCHAR *path)
{
    DWORD size = GetFullPathNameW(path, 0, NULL, NULL);
    if (!size) return path;
    WCHAR *full = region_take((size + 1) * sizeof(WCHAR));
    return GetFullPathNameW(path, size + 1, full, NULL) ? full : path;
}

static bool is_dots(const WCHAR *name)
{
    return wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0;
}

static struct found *new_found(const WCHAR *pattern, size_t prefix, const WIN32_FIND_DATAW *data)
{
    struct text path = {};
    struct found *found = region_take(sizeof(*found));
    text_add_part(&path, pattern, prefix);
    text_add_string(&path, data->cFileName);
    found->path = path.data;
    found->name = path.data + prefix;
    found->data = *data;
    return found;
}

static int by_name(const void *a, const void *b)
{
    return _wcsicmp((*(struct found *const *)a)->name, (*(struct found *const *)b)->name);
}

void find_sort(struct found **list, int (*order)(const void *, const void *))
{
    size_t count = 0;
    for (struct found *f = *list; f; f = f->next) count++;
    struct found **all = region_take((count + 1) * sizeof(*all)), *f = *list;
    for (size_t i = 0; i < count; i++, f = f->next) all[i] = f;
    qsort(all, count, sizeof(*all), order);
    for (size_t i = 0; i < count; i++) all[i]->next = all[i + 1];
    *list = all[0];
}

static struct found *find(const WCHAR *pattern, bool dots)
{
    struct found *list = NULL;
    size_t prefix = directory_length(pattern);
    WIN32_FIND_DATAW data;
    HANDLE search = FindFirstFileW(pattern, &data);
    if (search == INVALID_HANDLE_VALUE) return NULL;
    do {
        if (is_dots(data.cFileName) && !dots) continue;
        struct found *found = new_found(pattern, prefix, &data);
        found->next = list;
        list = found;
    } while (FindNextFileW(search, &data));
    FindClose(search);
    SetLastError(ERROR_FILE_NOT_FOUND);
    find_sort(&list, by_name);
    return list;
}

struct found *find_all(const WCHAR *pattern)
{
    return find(pattern, false);
}

struct found *find_with_dots(const WCHAR *pattern)
{
    return find(pattern, true);
}

WCHAR *fill_pattern(const WCHAR *pattern, const WCHAR *source)
{
    struct text name = {};
    for (const WCHAR *p = pattern; *p; p++) {
        if (*p == '*') {
            // Up to the source's last occurrence of what follows in the pattern.
            const WCHAR *stop = p[1] ? wcsrchr(source, p[1]) : NULL;
            size_t length = stop ? (size_t)(stop - source) : wcslen(source);
            text_add_part(&name, source, length);
            source += length;
        } else if (*p == '?') {
            if (*source && *source != '.') text_add(&name, *source++);
        } else {
            text_add(&name, *p);
            if (*p == '.') {
                while (*source && *source != '.') source++;
            }
            // Only a dot takes a dot.
            if (*source && (*p == '.' || *source != '.')) source++;
        }
    }
    return (WCHAR *)text_get(&name);
}
