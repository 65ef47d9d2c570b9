// Entries of directories.
#include "listing.h"
#include <stdlib.h>
#include <wchar.h>

struct file_list listing_read(const WCHAR *directory)
{
    WCHAR *pattern = join_file(directory, L"*");
    struct file_list listing = list_files(pattern);
    free(pattern);
    return listing;
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
