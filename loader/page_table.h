// The state of every guest page, and the host protection that follows from it. Written under the address
// space's lock; single entries may be read without it.
#ifndef LOWLAND_PAGE_TABLE_H
#define LOWLAND_PAGE_TABLE_H

#include "guest.h"
#include <stdatomic.h>

#define GUEST_PAGE_SHIFT  12
#define GUEST_PAGE_SIZE   0x1000u
#define GUEST_PAGE_MASK   0xfffu
#define GUEST_GRANULARITY 0x10000u
#define GUEST_PAGES       (1u << 20)
#define PAGES_PER_SLOT    16u
#define GUEST_LOWEST      0x10000u

// A page that is free or only reserved has state 0: whether it is reserved, its allocation says.
typedef uint16_t page_state;
enum {
    PS_PROTECT = 0x0007, // index of the PAGE_* protection: bit number in the Windows constant
    PS_COMMITTED = 0x0008,
    PS_GUARD = 0x0010,
    PS_WATCHED = 0x0020, // belongs to a MEM_WRITE_WATCH allocation
    PS_CLEAN = 0x0040,   // watched and not written since: write-protected on the host
    PS_SHARED = 0x0080,  // of a view: mapped shared on the host, so never copied on write
    PS_LOCKED = 0x0100,  // VirtualLock
};

enum { // values of PS_PROTECT
    PP_NOACCESS,
    PP_READONLY,
    PP_READWRITE,
    PP_WRITECOPY,
    PP_EXECUTE,
    PP_EXECUTE_READ,
    PP_EXECUTE_READWRITE,
    PP_EXECUTE_WRITECOPY,
};

extern _Atomic page_state page_table[GUEST_PAGES];
extern bool page_data_executable; // reading implies executing: no DEP

static inline page_state page_get(uint32_t page)
{
    return atomic_load_explicit(&page_table[page], memory_order_relaxed);
}

static inline void page_set(uint32_t page, page_state state)
{
    atomic_store_explicit(&page_table[page], state, memory_order_relaxed);
}

static inline bool page_is_copy_on_write(page_state state)
{
    return (state & 3) == PP_WRITECOPY;
}

static inline bool page_readable(page_state state)
{
    return (state & PS_COMMITTED) && (state & PS_PROTECT) != PP_NOACCESS;
}

static inline bool page_writable(page_state state)
{
    return (state & PS_COMMITTED) && (state & 2);
}

static inline bool page_executable(page_state state)
{
    return page_readable(state) && ((state & 4) || page_data_executable);
}

void page_fill(uint32_t page, uint32_t n, page_state state);

// The number of pages from page on, at most n, that have the same state as the first.
uint32_t page_run(uint32_t page, uint32_t n);

// Translates a PAGE_* protection into state bits (PS_PROTECT, PS_GUARD). False when it is no valid
// protection. PAGE_NOCACHE and PAGE_WRITECOMBINE are checked, but belong to the whole allocation;
// PAGE_TARGETS_INVALID (the same as PAGE_TARGETS_NO_UPDATE) is for executable pages, and without control flow
// guard it changes nothing.
bool page_from_protect(uint32_t protect, page_state *state);
// The PAGE_* protection, PAGE_GUARD included, that a state stands for.
uint32_t page_to_protect(page_state state);

// The PROT_* bits of a page in this state.
int page_host_protection(page_state state);

// Gives pages of the host the protection that their states ask for, one mprotect for each run. False
// with errno when the host refuses.
bool page_apply(uint32_t page, uint32_t n);

#endif
