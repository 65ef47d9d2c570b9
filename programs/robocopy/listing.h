// The entries of a directory, and names against patterns.
#ifndef ROBOCOPY_LISTING_H
#define ROBOCOPY_LISTING_H
#include "../shared/console_text.h"

struct listing {
    WIN32_FIND_DATAW *entries; // by name, without "." and ".."
    size_t count, capacity;
    DWORD error; // why there may be more; 0: these are all
};

struct listing listing_read(const WCHAR *directory);
void listing_free(struct listing *listing);
// The entry of that name in whatever case, or NULL.
const WIN32_FIND_DATAW *listing_find(const struct listing *listing, const WCHAR *name);

// Whether a name, or a path, is one of a pattern with * and ?; "*.*" is any name.
bool name_matches(const WCHAR *pattern, const WCHAR *name);

#endif
