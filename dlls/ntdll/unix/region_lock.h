// Locks in memory that processes share: they survive their holders.
#ifndef LOWLAND_REGION_LOCK_H
#define LOWLAND_REGION_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Zeroes: free. Fields belong to region_lock.c.
struct region_lock {
    _Atomic uint32_t word;  // the holder
    _Atomic uint32_t count; // how often it was taken
};

// Takes it, waiting for moments. True: from a holder that is dead or did nothing for 5 s; what it guards may
// be half changed. Not recursive. After region_attach; any thread but signal handlers.
bool region_lock_take(struct region_lock *lock);
void region_lock_give(struct region_lock *lock);

#endif
