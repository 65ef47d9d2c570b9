// What the namespace is made of: directories and symbolic links. Which names are in a directory is in the
// region (shared_object.h).
#ifndef LOWLAND_OBJECT_DIRECTORY_H
#define LOWLAND_OBJECT_DIRECTORY_H

#include "dlls/ntdll/unix/object.h"

struct directory {
    struct object object;
};

struct symbolic_link {
    struct object object;
    uint16_t *target;
    uint32_t length;
    int64_t created; // system time
    uint8_t drive;   // the letter, for the link of a DOS drive: dos_device.c has those; else 0
};

// What NtMakeTemporaryObject does to a link that is a drive: ends it.
void symbolic_link_end_drive(struct object *object);

extern const struct object_type directory_type, symbolic_link_type;

struct directory *directory_new(void);
struct symbolic_link *symbolic_link_new(const uint16_t *target, uint32_t length);

#endif
