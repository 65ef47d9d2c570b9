// Entries of directories.
#include "listing.h"
#include "../shared/file_walk.h"
#include <stdlib.h>
#include <wchar.h>

static int by_name(const void *a, const void *b)
{
    return _wcsicmp(((const WIN32_FIND_DATAW *)a)->cFileName, ((const WIN32_FIND_DATAW *)b)->cFileName);
}

struct listing listing_read(const WCHAR *directory)
{
    struct listing listing = {};
    WIN32_FIND_DATAW data;
    WCHAR *pattern = join_file(directory, L"*");
    HANDLE find = FindFirstFileW(pattern, &data);
    bool found = find != INVALID_HANDLE_VALUE;
    for (; found; found = FindNextFileW(find, &data)) {
        if (wcscmp(data.cFileName, L".") == 0 || wcscmp(data.cFileName, L"..") == 0) continue;
        make_room(&listing.entries, &listing.capacity, listing.count + 1, sizeof data);
        listing.entries[listing.count++] = data;
    }
    DWORD error = GetLastError();
    if (error != ERROR_NO_MORE_FILES && error != ERROR_FILE_NOT_FOUND) listing.error = error;
    if (find != INVALID_HANDLE_VALUE) FindClose(find);
    if (listing.count) qsort(listing.entries, listing.count, sizeof data, by_name);
    free(pattern);
    return listing;
}

void listing_free(struct listing *listing)
{
    free(listing->entries);
}

const WIN32_FIND_DATAW *listing_find(const struct listing *listing, const WCHAR *name)
{
    WIN32_FIND_DATAW key;
    wcscpy(key.cFileName, name);
    return listing->count ? bsearch(&key, listing->entries, listing->count, sizeof(key), by_name) : NULL;
}

// Goes back to the last asterisk when what follows it doesn't match.
static bool matches(const WCHAR *pattern, const WCHAR *name)
{
    const WCHAR *star = NULL, *tried = NULL;
    while (*name) {
        if (*pattern == '*') {
            star = ++pattern;
            tried = name;
        } else if (*pattern == '?' || (*pattern && towlower(*pattern) == towlower(*name))) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++tried;
        } else {
            return false;
        }
    }
    while (*pattern == '*') pattern++;
    return !*pattern;
}

bool name_matches(const WCHAR *pattern, const WCHAR *name)
{
    return wcscmp(pattern, L"*.*") == 0 || matches(pattern, name);
}
