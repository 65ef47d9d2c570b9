// The files that a pattern matches.
#ifndef CMD_FIND_H
#define CMD_FIND_H
#include "text.h"

struct found {
    struct found *next;
    const WCHAR *path; // the pattern's directory part and the name
    const WCHAR *name; // the end of path
    WIN32_FIND_DATAW data;
};

// All entries that PATTERN matches now, sorted by name as NTFS keeps them, but "." and ".."; NULL if there
// are none (the last error tells why). In the region.
struct found *find_all(const WCHAR *pattern);
// The same with "." and "..".
struct found *find_with_dots(const WCHAR *pattern);
// Sorts a list; ORDER compares pointers to pointers, as for qsort.
void find_sort(struct found **list, int (*order)(const void *, const void *));
bool has_wildcards(const WCHAR *text);
bool is_directory(const WCHAR *path);
bool is_root(const WCHAR *path);
// DIRECTORY\NAME, in the region.
WCHAR *join_path(const WCHAR *directory, const WCHAR *name);
// The length of a path up to and with its last backslash or colon.
size_t directory_length(const WCHAR *path);
// The absolute path, in the region; PATH itself where there is none.
const WCHAR *absolute(const WCHAR *path);
// NAME made of SOURCE's name by PATTERN: ? takes its character, * the rest of its part.
WCHAR *fill_pattern(const WCHAR *pattern, const WCHAR *source);

#endif
