// The memory that all processes of a prefix share: tables of fixed-size records under one lock that survives
// its holder. docs/shared-objects.md has the rules; in short:
// - What is read from it is checked before use: another process may have scribbled over it.
// - A record's change commits by the store of one word. Everything derived from records (free lists, hash
// chains,
//   waiter lists) is rebuilt when a holder of the lock dies, so it may be broken at any instruction.
// - Nothing is counted: who holds something is a bit or a record of the holder's slot, which goes with the
// slot.
#ifndef LOWLAND_REGION_H
#define LOWLAND_REGION_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    REGION_VERSION = 2, // of the layout; part of the file's name
    REGION_SLOTS = 1024,
    REGION_OBJECT_BUCKETS = 8192,
    REGION_OWNED_BUCKETS = 8192,
    REGION_ATOM_BUCKETS = 4096,
    REGION_INTENT_MAX = 64,
};

// The tables. Numbers are part of the layout.
enum region_table {
    REGION_OBJECTS = 1, // shared_object.h
    REGION_TEXT,        // names and security descriptors, in chained pieces: region_text.h
    REGION_WAITS,       // shared_wait.c
    REGION_OWNED,       // region_owned.h
    REGION_ATOMS,       // shared_atom.h
    REGION_WINDOWS,     // these four: region_user.h
    REGION_QUEUES,
    REGION_HOOKS,
    REGION_CLIPBOARD,
    REGION_TABLES = 16,
};

// A set of slots.
struct region_set {
    _Atomic uint64_t words[REGION_SLOTS / 64];
};

// How a record begins. `kind` is the word that commits: 0 means free. `next` is derived: of the free list,
// then the table's own.
struct region_record {
    _Atomic uint32_t kind;
    uint32_t next;
};

enum region_holding { REGION_HOLDS_OWNED = 1, REGION_HOLDS_OBJECTS = 2, REGION_HOLDS_WAITS = 4 };

// A process that has joined.
struct region_slot {
    _Atomic uint32_t generation;  // counts the processes that had the slot
    _Atomic uint32_t pid;         // the host's, 0: free
    _Atomic uint32_t exit_status; // the guest's, of the last process; STATUS_PENDING while it runs
    _Atomic uint32_t holds;       // enum region_holding: in which tables to look when it dies
    _Atomic uint64_t started;     // 100 ns since 1601
    uint64_t reserved[5];
};

// --- joining

// Joins: maps the region and takes a slot. Where the host has no place for it, the memory is this process's
// own and all works within the process. Once, at start, after prefix_open and before handles. False without
// memory.
bool region_attach(void);
// Leaves: the slot is cleaned as it would be after our death, and keeps exit_status. For the process's end.
void region_detach(uint32_t exit_status);

// --- the lock

// Everything but single atomic words is read and changed under it, for moments: no wait, no callback, no
// guest memory, no other lock taken inside. Order: the process's own locks first. If the last holder died in
// the middle, what is derived is rebuilt before this returns. Not recursive. Any thread but signal handlers.
void region_lock(void);
void region_unlock(void);

// --- slots

// Our own slot.
uint32_t region_self(void);
// Notes, before it is so, that our slot holds something in a table.
void region_self_holds(enum region_holding holding);
// The slot's record, NULL for a number that is none.
struct region_slot *region_slot(uint32_t slot);
// Whether the slot's process lives: asks the kernel, not the memory. False for free slots. Any thread, the
// lock held or not.
bool region_slot_alive(uint32_t slot);
// With the lock: cleans up after the slot's process if it is dead. Whether it was; what was read before is
// then to be read anew.
bool region_slot_reap(uint32_t slot);
// The slots in use from `slot` on, dead ones not yet met included; REGION_SLOTS at the end.
uint32_t region_slot_next(uint32_t slot);
// The live slot of a host process, REGION_SLOTS when there is none.
uint32_t region_slot_of_pid(uint32_t pid);

// --- sets of slots

static inline bool region_set_has(const struct region_set *set, uint32_t slot)
{
    return atomic_load_explicit(&set->words[slot / 64], memory_order_acquire) >> slot % 64 & 1;
}

static inline void region_set_add(struct region_set *set, uint32_t slot)
{
    atomic_fetch_or_explicit(&set->words[slot / 64], 1ull << slot % 64, memory_order_acq_rel);
}

static inline void region_set_remove(struct region_set *set, uint32_t slot)
{
    atomic_fetch_and_explicit(&set->words[slot / 64], ~(1ull << slot % 64), memory_order_acq_rel);
}

// The first member from slot on, REGION_SLOTS when there is none.
uint32_t region_set_next(const struct region_set *set, uint32_t slot);

// --- tables, with the lock

// The record at an index, NULL for an index that has none (0 among them). Its content is anybody's.
void *region_record(enum region_table table, uint32_t index);
uint32_t region_index(enum region_table table, const void *record);
// A zeroed record with kind 0: it is the caller's once that stores a kind. 0 when the table or the host's
// memory is full.
uint32_t region_record_new(enum region_table table);
// Commits a record's end.
void region_record_free(enum region_table table, uint32_t index);
// Indices from 1 to below this have memory.
uint32_t region_records_end(enum region_table table);

#endif
