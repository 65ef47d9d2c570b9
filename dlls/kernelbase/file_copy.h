// What copying and moving files share.
#ifndef LOWLAND_KERNELBASE_FILE_COPY_H
#define LOWLAND_KERNELBASE_FILE_COPY_H

#include "base.h"

// Has an open file deleted when its last handle is closed, if that may be.
void delete_open_file(HANDLE file);

#endif
