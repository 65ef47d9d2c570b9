// Mapping sections into this process, asked for by one of its calls or by another process.
#ifndef LOWLAND_SECTION_VIEW_H
#define LOWLAND_SECTION_VIEW_H

#include "object.h"

struct view_terms {
    gptr base;      // 0: anywhere; becomes where it is
    gptr low, high; // where it must lie, both inclusive
    uint32_t commit_size;
    uint32_t size; // 0: all; becomes what is mapped
    uint64_t offset;
    uint32_t type, protect;
};

// A descriptor of the file that an image of this process is mapped from, the caller's to close; -1 when it
// can't be had.
int section_image_open(gptr base);

#endif
