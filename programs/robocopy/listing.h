// What is in a directory, and names against patterns.
#ifndef ROBOCOPY_LISTING_H
#define ROBOCOPY_LISTING_H
#include "../shared/file_walk.h"

// All that a directory has.
struct file_list listing_read(const WCHAR *directory);

// Whether a name, or a path, is one of a pattern with * and ?; "*.*" is any name.
bool name_matches(const WCHAR *pattern, const WCHAR *name);

#endif
