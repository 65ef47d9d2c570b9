// Parts of paths that the PathCch functions and the older ones of the shell share. All texts are
// NUL-terminated.
#ifndef LOWLAND_KERNELBASE_PATH_CCH_H
#define LOWLAND_KERNELBASE_PATH_CCH_H

#include "base.h"

// What a path begins with.
enum path_prefix {
    PATH_PREFIX_NONE,
    PATH_PREFIX_EXTENDED, // \\?\ and anything but the next two
    PATH_PREFIX_DRIVE,    // \\?\X:
    PATH_PREFIX_VOLUME,   // \\?\Volume{GUID}
    PATH_PREFIX_UNC,      // \\?\UNC\ .
};

enum path_prefix path_prefix_of(const WCHAR *path);

// Where the root of a path ends, with its backslash if it has one; NULL for a path without a root.
const WCHAR *path_root_end(const WCHAR *path);

static inline bool is_drive(const WCHAR *path)
{
    WCHAR letter = path[0] | 0x20;
    return letter >= 'a' && letter <= 'z' && path[1] == ':';
}

// Where the extension begins, with its dot; the path's end if it has none.
const WCHAR *path_extension(const WCHAR *path);

#endif
