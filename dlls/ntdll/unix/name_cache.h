// Finding a directory's entry when only the case of a name, or its short form, differs.
#ifndef LOWLAND_NAME_CACHE_H
#define LOWLAND_NAME_CACHE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Looks for an entry of the directory `path` (relative to directory descriptor base) that equals name without
// regard to case, or whose generated 8.3 name does. Among several the first in the directory's order wins.
// False when there is none or the directory can't be read. Thread-safe; takes one lock, none across the call.
//
// A directory that is asked about repeatedly is remembered, and inotify says what changes in it; so a lookup
// costs two system calls however large the directory is. Where inotify doesn't reach (network file systems,
// limits) the directory is read each time.
bool name_cache_find(int base, const char *path, const uint16_t *name, size_t length,
                     char found[NAME_MAX + 1]);

#endif
