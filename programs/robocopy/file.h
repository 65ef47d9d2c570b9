// Single files: how two compare, and copying one.
#ifndef ROBOCOPY_FILE_H
#define ROBOCOPY_FILE_H
#include "options.h"

struct comparison {
    const WCHAR *class; // for the report
    bool wanted;        // is to be copied
};

// A file of the source and what the target has of it (NULL: nothing).
struct comparison file_compare(const struct options *options, const WIN32_FIND_DATAW *data,
                               const WIN32_FIND_DATAW *old);

// Copies a file, or moves it, and tries again as often as the options say. False after it was reported.
bool file_copy(const struct options *options, const WIN32_FIND_DATAW *data, const WCHAR *from,
               const WCHAR *to);
// Deletes a file, also a read-only one.
bool file_delete(const WCHAR *path);

// Gives a directory that was made the attributes and times of its source.
void directory_finish(const struct options *options, const WCHAR *from, const WCHAR *to);

#endif
