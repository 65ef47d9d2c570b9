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
    struct file_node *node;     // of the file, which knows that it is mapped (file_share.h)
    struct view_commit *commit; // SEC_RESERVE without a file; NULL: all is committed
    struct image_info *image;   // SEC_IMAGE; parsed once
    struct image_source source;
    uint8_t image_flags;   // of SECTION_IMAGE_INFORMATION
    uint32_t loader_flags; // likewise: 1 for .NET
    uint32_t offered;      // of a shared one: the record that says so of fd (section_shared.c)
};

extern const struct object_type section_type;

static inline bool section_is_file(const struct section *section)
{
    return section->attributes & SEC_FILE;
}

// section.c: a section of another process, of which fd (owned from here on) is the file or the memory. Pages
// of a SEC_RESERVE section count as committed here.
NTSTATUS section_from_fd(int fd, uint32_t attributes, uint32_t protect, uint64_t size,
                         struct section **section);

// section_shared.c: of section_type.
struct shared_record;
void section_publish(struct object *object, struct shared_record *record);
NTSTATUS section_adopt(const struct shared_record *copy, uint32_t index, struct object **object);
// The section is going: nobody shall look for its descriptor here.
void section_withdraw(struct section *section);

// The NT name of the file that is mapped at address, of length units. STATUS_INVALID_ADDRESS (nothing or
// private memory is there), STATUS_FILE_INVALID (no file).
size_t section_view_nt_name(gptr address, uint16_t *name, size_t capacity, NTSTATUS *status);

#endif
