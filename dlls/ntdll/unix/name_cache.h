// Finding a directory's entry when only the case of a name, or its short form, differs.
#ifndef LOWLAND_NAME_CACHE_H
#define LOWLAND_NAME_CACHE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Looks for an entry of the directory `path` (relative to directory descriptor base) that equals name without
// regard to case, or whose generated 8.3 name does. Among several the one spelled alike wins, else the first
// in the directory's order. Thread-safe; holds a lock only inside.
//
// A directory that is asked about repeatedly is remembered, and inotify says what changes in it; so a lookup
// costs two system calls however large the directory is. Where inotify doesn't reach (network file systems,
// limits) the directory is read each time.
enum name_result { NAME_FOUND, NAME_MISSING, NAME_NO_DIRECTORY };
enum name_result name_cache_find(int base, const char *path, const uint16_t *name, size_t length,
                                 char found[NAME_MAX + 1]);

#endif
