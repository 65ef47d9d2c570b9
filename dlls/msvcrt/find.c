/* _findfirst and _findnext in all their sizes. */
#include "msvcrt.h"

__int64 file_time_to_unix(const FILETIME *time);

#define FIND_LAYOUT(layout, char_type, size_type, time_type)                                                 \
    struct layout {                                                                                          \
        unsigned attrib;                                                                                     \
        time_type time_create, time_access, time_write;                                                      \
        size_type size;                                                                                      \
        char_type name[MAX_PATH];                                                                            \
    }
FIND_LAYOUT(find32, char, unsigned, int);
FIND_LAYOUT(find32i64, char, __int64, int);
FIND_LAYOUT(find64, char, __int64, __int64);
FIND_LAYOUT(find64i32, char, unsigned, __int64);
FIND_LAYOUT(wfind32, wchar_t, unsigned, int);
FIND_LAYOUT(wfind32i64, wchar_t, __int64, int);
FIND_LAYOUT(wfind64, wchar_t, __int64, __int64);
FIND_LAYOUT(wfind64i32, wchar_t, unsigned, __int64);

static intptr_t find_first(const wchar_t *pattern, WIN32_FIND_DATAW *data)
{
    HANDLE find;

    REQUIRE(pattern && data, EINVAL, -1);
    find = FindFirstFileW(pattern, data);
    if (find == INVALID_HANDLE_VALUE) set_os_error(GetLastError());
    return (intptr_t)find;
}

static int find_next(intptr_t find, WIN32_FIND_DATAW *data)
{
    if (FindNextFileW((HANDLE)find, data)) return 0;
    set_os_error(GetLastError());
    return -1;
}

int EXPORT _findclose(intptr_t find)
{
    if (FindClose((HANDLE)find)) return 0;
    set_os_error(GetLastError());
    return -1;
}

/* Where the system has no time the runtime says -1. */
static __int64 time_or_none(const FILETIME *time)
{
    return time->dwLowDateTime || time->dwHighDateTime ? file_time_to_unix(time) : -1;
}

#define FILL(out, data)                                                                                      \
    (out)->attrib = (data)->dwFileAttributes == FILE_ATTRIBUTE_NORMAL ? 0 : (data)->dwFileAttributes;        \
    (out)->time_create = time_or_none(&(data)->ftCreationTime);                                              \
    (out)->time_access = time_or_none(&(data)->ftLastAccessTime);                                            \
    (out)->time_write = time_or_none(&(data)->ftLastWriteTime);                                              \
    (out)->size = (__int64)(data)->nFileSizeHigh << 32 | (data)->nFileSizeLow

#define FIND_FAMILY(first, next, wfirst, wnext, layout, wlayout)                                             \
    static void fill_##layout(struct layout *out, const WIN32_FIND_DATAW *data)                              \
    {                                                                                                        \
        FILL(out, data);                                                                                     \
        if (!narrow_path(data->cFileName, out->name, MAX_PATH)) *out->name = 0;                              \
    }                                                                                                        \
    static void fill_##wlayout(struct wlayout *out, const WIN32_FIND_DATAW *data)                            \
    {                                                                                                        \
        FILL(out, data);                                                                                     \
        wcscpy(out->name, data->cFileName);                                                                  \
    }                                                                                                        \
    intptr_t EXPORT first(const char *pattern, struct layout *out)                                           \
    {                                                                                                        \
        WIN32_FIND_DATAW data;                                                                               \
        struct wide_path wide;                                                                               \
        intptr_t find = find_first(wide_path_make(&wide, pattern), out ? &data : NULL);                      \
        wide_path_free(&wide);                                                                               \
        if (find != -1) fill_##layout(out, &data);                                                           \
        return find;                                                                                         \
    }                                                                                                        \
    int EXPORT next(intptr_t find, struct layout *out)                                                       \
    {                                                                                                        \
        WIN32_FIND_DATAW data;                                                                               \
        if (find_next(find, &data)) return -1;                                                               \
        fill_##layout(out, &data);                                                                           \
        return 0;                                                                                            \
    }                                                                                                        \
    intptr_t EXPORT wfirst(const wchar_t *pattern, struct wlayout *out)                                      \
    {                                                                                                        \
        WIN32_FIND_DATAW data;                                                                               \
        intptr_t find = find_first(pattern, out ? &data : NULL);                                             \
        if (find != -1) fill_##wlayout(out, &data);                                                          \
        return find;                                                                                         \
    }                                                                                                        \
    int EXPORT wnext(intptr_t find, struct wlayout *out)                                                     \
    {                                                                                                        \
        WIN32_FIND_DATAW data;                                                                               \
        if (find_next(find, &data)) return -1;                                                               \
        fill_##wlayout(out, &data);                                                                          \
        return 0;                                                                                            \
    }
FIND_FAMILY(_findfirst, _findnext, _wfindfirst, _wfindnext, find32, wfind32)
FIND_FAMILY(_findfirsti64, _findnexti64, _wfindfirsti64, _wfindnexti64, find32i64, wfind32i64)
FIND_FAMILY(_findfirst64, _findnext64, _wfindfirst64, _wfindnext64, find64, wfind64)
FIND_FAMILY(_findfirst64i32, _findnext64i32, _wfindfirst64i32, _wfindnext64i32, find64i32, wfind64i32)
