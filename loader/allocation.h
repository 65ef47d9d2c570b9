// Allocation records: which addresses are taken, by what, in address order; and the search for free space.
// Everything here is called with the address space's lock held.
#ifndef LOWLAND_ALLOCATION_H
#define LOWLAND_ALLOCATION_H

#include "page_table.h"

struct view;

enum allocation_kind { ALLOCATION_PRIVATE, ALLOCATION_MAPPED, ALLOCATION_IMAGE };
enum {                       // allocation.flags
    ALLOCATION_WATCHED = 1,  // MEM_WRITE_WATCH
    ALLOCATION_BUILDING = 2, // being filled without the lock: nobody else may change it
    ALLOCATION_SPARSE = 4,   // the host has no mapping in the rest of its last 64 KiB
    ALLOCATION_PLACEHOLDER = 8,
    ALLOCATION_REPLACED = 16, // stands where a placeholder was, and can become one again
};

struct allocation {
    gptr base;
    uint32_t size;    // bytes, whole pages
    uint32_t protect; // AllocationProtect
    uint8_t kind;     // enum allocation_kind
    uint8_t flags;
    uint16_t next, previous; // neighbours by address, 0: none
    struct view *view;       // NULL for private memory
};

static inline gptr allocation_end(const struct allocation *allocation)
{
    return allocation->base +
           allocation->size; // 0 when it ends at 4 GB: nothing may, see address_space_limit
}

// The allocation that has address in it; NULL when it is free.
struct allocation *allocation_find(gptr address);
// The first allocation that ends above address; NULL when there is none.
struct allocation *allocation_at_or_above(gptr address);
struct allocation *allocation_next(const struct allocation *allocation);

// True when all of [base, base + size) is free.
bool allocation_is_free(gptr base, uint32_t size);

// Finds size free bytes in [low, high], the lowest or the highest, aligned to a power of two from 64 KiB on.
// 0 when there are none.
gptr allocation_search(gptr low, gptr high, uint32_t size, uint32_t alignment, bool top_down);

// Adds a record for free space. NULL when there are too many.
struct allocation *allocation_add(gptr base, uint32_t size);
void allocation_remove(struct allocation *allocation);
// Takes [base, base + size) out of an allocation, which is removed, shortened or split. False when a record
// for the upper part can't be had; nothing has changed then.
bool allocation_cut(struct allocation *allocation, gptr base, uint32_t size);

#endif
