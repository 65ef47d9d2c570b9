// Copies of guest bytes for host libraries, which must not meet a fault.
#ifndef LOWLAND_GUEST_COPY_H
#define LOWLAND_GUEST_COPY_H

#include "guest_constants.h"
#include "loader/guest.h"
#include <stdlib.h>
#include <string.h>

enum { GUEST_COPY_MAX = 64 << 20 };

struct guest_copy {
    uint8_t *data; // malloc'd, NUL-terminated
    uint32_t size;
};

// Copies size bytes (0: source is not looked at). STATUS_ACCESS_VIOLATION, STATUS_NO_MEMORY (also above
// GUEST_COPY_MAX).
static inline NTSTATUS guest_copy(struct guest_copy *copy, gptr source, uint32_t size)
{
    copy->size = size;
    copy->data = size <= GUEST_COPY_MAX ? malloc((size_t)size + 1) : NULL;
    if (!copy->data) return STATUS_NO_MEMORY;
    copy->data[size] = 0;
    if (!size || guest_read(copy->data, source, size)) return STATUS_SUCCESS;
    free(copy->data);
    copy->data = NULL;
    return STATUS_ACCESS_VIOLATION;
}

// Frees a copy, having wiped it: it may be a key. For __attribute__((cleanup)).
static inline void guest_copy_end(struct guest_copy *copy)
{
    if (copy->data) explicit_bzero(copy->data, copy->size);
    free(copy->data);
}
#define AUTO_COPY __attribute__((cleanup(guest_copy_end)))

// Hands size bytes to the guest. STATUS_BUFFER_TOO_SMALL with *needed, STATUS_ACCESS_VIOLATION.
static inline NTSTATUS guest_hand_out(gptr target, uint32_t room, const void *data, size_t size,
                                      uint32_t *needed)
{
    if (size > INT32_MAX) return STATUS_NO_MEMORY;
    *needed = (uint32_t)size;
    if (room < size) return STATUS_BUFFER_TOO_SMALL;
    return !size || guest_write(target, data, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

#endif
