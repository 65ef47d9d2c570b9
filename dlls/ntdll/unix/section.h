// Section objects: what is mapped into address spaces.
#ifndef LOWLAND_SECTION_H
#define LOWLAND_SECTION_H

#include "loader/image.h"
#include "loader/views.h"
#include "object.h"

struct section {
    struct object object;
    uint32_t attributes; // SEC_*, as NtQuerySection reports them
    uint32_t protect;    // PAGE_* that views may have at most
    _Atomic uint64_t size;
    int fd;                     // the file, or page-file memory (a memfd)
    struct view_commit *commit; // SEC_RESERVE without a file; NULL: all is committed
    struct image_info *image;   // SEC_IMAGE; parsed once
    struct image_source source;
    uint8_t image_flags;   // of SECTION_IMAGE_INFORMATION
    uint32_t loader_flags; // likewise: 1 for .NET
};

extern const struct object_type section_type;

static inline bool section_is_file(const struct section *section)
{
    return section->attributes & SEC_FILE;
}

// The NT name of the file that is mapped at address, of length units. STATUS_INVALID_ADDRESS (nothing or
// private memory is there), STATUS_FILE_INVALID (no file).
size_t section_view_nt_name(gptr address, uint16_t *name, size_t capacity, NTSTATUS *status);

#endif
