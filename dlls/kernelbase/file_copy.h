// What copying and moving files share.
#ifndef LOWLAND_KERNELBASE_FILE_COPY_H
#define LOWLAND_KERNELBASE_FILE_COPY_H

#include "base.h"

// Has an open file deleted when its last handle is closed, if that may be.
void delete_open_file(HANDLE file);

// Whether two handles are to the same file, by whatever names they were opened.
bool are_one_file(HANDLE first, HANDLE second);

// Has a file (an NT name) moved to another name, or deleted when that is NULL, when the next session of the
// prefix begins. FALSE with the last error set.
BOOL move_at_next_start(const UNICODE_STRING *from, const UNICODE_STRING *to, bool replace);

#endif
