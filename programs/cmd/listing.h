// What DIR writes.
#ifndef CMD_LISTING_H
#define CMD_LISTING_H
#include "attributes.h"
#include "find.h"

struct listing {
    struct attribute_filter filter;
    bool bare, tree, wide, lower, short_names, owners, plain_numbers;
    const WCHAR *order; // the keys of /O, or NULL
    WCHAR time;         // which time is shown: c, a or w
    WCHAR volume;       // the drive that was named last
    int files;
    ULONGLONG bytes;
};

const FILETIME *listing_time(const struct found *found, WCHAR which);
// The head line of a drive, unless it was the last one named.
void listing_volume(struct listing *l, const WCHAR *directory);
// A directory's head: "Directory of ...".
void listing_head(const struct listing *l, const WCHAR *directory);
// The head, the directory's entries and its sums.
void listing_show(struct listing *l, const WCHAR *directory, const struct found *list);
// All sums, and the free space.
void listing_total(struct listing *l, const WCHAR *directory);

#endif
