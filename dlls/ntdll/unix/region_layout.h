// The region's layout: internal to region*.c and the modules that keep something in its header.
#ifndef LOWLAND_REGION_LAYOUT_H
#define LOWLAND_REGION_LAYOUT_H

#include "region.h"
#include "region_lock.h"
#include <stddef.h>

// What an update of several words of different records will do, written down before it is done and done again
// by who finds it: shared_wait.c.
struct region_intent {
    _Atomic uint32_t valid;
    uint32_t wait;   // the record whose wait ends
    uint32_t result; // with this status
    uint32_t n;
    struct {
        uint32_t object, state, recursion;
    } takes[REGION_INTENT_MAX];
};

struct region_header {
    _Atomic uint32_t magic;
    _Atomic uint32_t version;
    struct region_lock lock;
    _Atomic uint64_t sequence;        // of waits, in their order
    _Atomic uint32_t namespace_built; // object_name.c has made the first directories
    struct region_set used;           // slots that have or had a process not yet cleaned up after
    _Atomic uint32_t ready[REGION_TABLES];
    uint32_t free[REGION_TABLES]; // derived
    struct region_intent intent;
    uint32_t object_buckets[REGION_OBJECT_BUCKETS];     // derived
    uint32_t owned_buckets[REGION_OWNED_BUCKETS];       // derived
    _Atomic uint32_t atom_buckets[REGION_ATOM_BUCKETS]; // derived
    struct region_slot slots[REGION_SLOTS];
};

extern struct region_header *region;

// region.c: more memory for a table; with the lock. False: full.
bool region_table_grow(enum region_table table);
// Rebuilds the free lists.
void region_tables_recover(void);

// region_slot.c
// Takes a token, 0 to REGION_SLOTS - 1; REGION_SLOTS: none is free. directory: where the tokens are, -1: this
// process is alone.
uint32_t region_token_take(int directory);
// Enters this process into its slot; with the lock.
void region_slot_enter(uint32_t slot);

// region_lock.c: says who we are before the first region_lock.
void region_lock_init(uint32_t slot, uint32_t generation);

// region_recover.c: rebuilds all that is derived, with the lock.
void region_recover(void);
// Cleans what a slot's process held, with the lock.
void region_forget_slot(uint32_t slot);

#endif
