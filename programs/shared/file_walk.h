// Files that a pattern names, in one directory or in a whole tree.
#ifndef PROGRAMS_FILE_WALK_H
#define PROGRAMS_FILE_WALK_H
#include "console_text.h"

struct file_list {
    WIN32_FIND_DATAW *entries; // by name, without "." and ".."; the caller frees them
    size_t count, capacity;
    DWORD error; // why there may be more; 0: these are all
};

// What a pattern matches, all at once, so that what is done with it doesn't change what is found.
struct file_list list_files(const WCHAR *pattern);
// The entry of that name in whatever case, or NULL.
const WIN32_FIND_DATAW *list_find(const struct file_list *list, const WCHAR *name);

// For each entry: its path, built from the pattern's directory as the user wrote it. False ends the walk.
typedef bool walk_entry(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context);

// Calls ENTRY for the files and directories that a pattern matches, without "." and "..", by name; with DEEP
// then for those of all directories below (not through links). The number of calls, -1 when ENTRY has ended
// the walk.
int walk_files(const WCHAR *pattern, bool deep, walk_entry *entry, void *context);

// DIRECTORY\NAME (NAME alone for an empty directory); the caller frees it.
WCHAR *join_file(const WCHAR *directory, const WCHAR *name);
// How much of a path is its directory, with the last backslash, slash or colon.
size_t directory_part(const WCHAR *path);
// The full path; the caller frees it.
WCHAR *full_file(const WCHAR *path);
bool has_wildcards(const WCHAR *text);
bool is_directory(const WCHAR *path);

#endif
