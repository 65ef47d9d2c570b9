// The atoms of a prefix in the region: a record for each, in chains by hash. Who looks for one reads without
// the lock: a record's serial tells whether it stayed the same meanwhile, and what is not found is looked for
// once more under the lock.
#include "shared_atom.h"
#include "guest_constants.h"
#include "region_layout.h"
#include "upcase.h"
#include <assert.h>
#include <string.h>

enum { RECORDS_MAX = 16384, TIDY_FROM = RECORDS_MAX / 2 };

struct shared_atom {
    struct region_record record; // kind: enum shared_atom_table
    _Atomic uint32_t serial;     // another one for each use of the record
    uint32_t hash;
    _Atomic uint32_t references; // ATOM_REFERENCES_MAX: stays for ever
    uint32_t length;             // in units
    uint16_t name[ATOM_NAME_MAX + 1];
    uint8_t reserved[40];
};

static struct shared_atom *atom_record(uint32_t index)
{
    static_assert(sizeof(struct shared_atom) == 576, "as in region.c");
    return region_record(REGION_ATOMS, index);
}

static uint32_t hash_name(enum shared_atom_table table, const struct atom_name *name)
{
    uint32_t hash = 2166136261u ^ table;
    for (uint32_t i = 0; i < name->length; i++) hash = (hash ^ upcase(name->units[i])) * 16777619u;
    return hash;
}

static _Atomic uint32_t *bucket_of(uint32_t hash)
{
    return &region->atom_buckets[(hash ^ hash >> 16) % REGION_ATOM_BUCKETS];
}

// Names differ in case alone are the same.
static bool equal(const struct atom_name *one, const struct atom_name *two)
{
    if (one->length != two->length) return false;
    for (uint32_t i = 0; i < one->length; i++)
        if (upcase(one->units[i]) != upcase(two->units[i])) return false;
    return true;
}

// Copies a record while others may change it. False when it is no atom of the table or changed meanwhile.
static bool read_record(const struct shared_atom *record, enum shared_atom_table table,
                        struct atom_name *name)
{
    uint32_t serial = atomic_load_explicit(&record->serial, memory_order_acquire);
    if (atomic_load_explicit(&record->record.kind, memory_order_acquire) != table) return false;
    name->length = *(const volatile uint32_t *)&record->length;
    name->references = atomic_load_explicit(&record->references, memory_order_relaxed);
    if (name->length > ATOM_NAME_MAX) return false;
    memcpy(name->units, record->name, name->length * sizeof name->units[0]);
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&record->record.kind, memory_order_relaxed) == table &&
           atomic_load_explicit(&record->serial, memory_order_relaxed) == serial;
}

// The index of a name's record, 0 when there is none. Without the lock a chain may lead astray: then 0 too.
static uint32_t find_record(enum shared_atom_table table, const struct atom_name *name, uint32_t hash)
{
    struct atom_name found;
    uint32_t index = atomic_load_explicit(bucket_of(hash), memory_order_acquire);
    for (uint32_t i = region_records_end(REGION_ATOMS); i > 0; i--) {
        const struct shared_atom *record = atom_record(index);
        if (!record) return 0;
        if (*(const volatile uint32_t *)&record->hash == hash && read_record(record, table, &found) &&
            equal(&found, name))
            return index;
        index = *(const volatile uint32_t *)&record->record.next;
    }
    return 0;
}

static void enter(uint32_t index)
{
    struct shared_atom *record = atom_record(index);
    _Atomic uint32_t *bucket = bucket_of(record->hash);
    record->record.next = atomic_load_explicit(bucket, memory_order_relaxed);
    atomic_store_explicit(bucket, index, memory_order_release);
}

static void leave(uint32_t index)
{
    struct shared_atom *record = atom_record(index), *before = NULL;
    _Atomic uint32_t *bucket = bucket_of(record->hash);
    uint32_t at = atomic_load(bucket);
    for (uint32_t i = region_records_end(REGION_ATOMS); i > 0 && at != index; i--) {
        before = atom_record(at);
        if (!before) return;
        at = before->record.next;
    }
    if (at != index) return;
    if (before)
        before->record.next = record->record.next;
    else
        atomic_store(bucket, record->record.next);
}

static void end_record(uint32_t index)
{
    leave(index);
    region_record_free(REGION_ATOMS, index);
}

// A new record with one reference; 0: full.
static uint32_t make_record(enum shared_atom_table table, const struct atom_name *name, uint32_t hash)
{
    uint32_t index = region_record_new(REGION_ATOMS);
    struct shared_atom *record = atom_record(index);
    if (!record) return 0;
    atomic_store(&record->serial, (uint32_t)atomic_fetch_add(&region->sequence, 1));
    record->hash = hash;
    record->length = name->length;
    memcpy(record->name, name->units, name->length * sizeof name->units[0]);
    atomic_store(&record->references, 1);
    atomic_store_explicit(&record->record.kind, table, memory_order_release);
    enter(index);
    return index;
}

NTSTATUS shared_atom_add(enum shared_atom_table table, const struct atom_name *name, uint16_t *atom)
{
    uint32_t hash = hash_name(table, name);
    region_lock();
    uint32_t index = find_record(table, name, hash);
    struct shared_atom *record = atom_record(index);
    if (record && atomic_load(&record->references) < ATOM_REFERENCES_MAX)
        atomic_fetch_add(&record->references, 1);
    if (!record) index = make_record(table, name, hash);
    region_unlock();
    if (!index) return STATUS_NO_MEMORY;
    *atom = (uint16_t)(ATOM_FIRST + index);
    return STATUS_SUCCESS;
}

NTSTATUS shared_atom_find(enum shared_atom_table table, const struct atom_name *name, uint16_t *atom)
{
    uint32_t hash = hash_name(table, name), index = find_record(table, name, hash);
    if (!index) {
        region_lock();
        index = find_record(table, name, hash);
        region_unlock();
    }
    if (!index) return STATUS_OBJECT_NAME_NOT_FOUND;
    *atom = (uint16_t)(ATOM_FIRST + index);
    return STATUS_SUCCESS;
}

NTSTATUS shared_atom_delete(enum shared_atom_table table, uint16_t atom)
{
    if (atom < ATOM_FIRST) return atom ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    uint32_t index = atom - ATOM_FIRST;
    region_lock();
    struct shared_atom *record = atom_record(index);
    bool there = record && atomic_load(&record->record.kind) == table;
    if (there) {
        uint32_t references = atomic_load(&record->references);
        if (references <= 1)
            end_record(index);
        else if (references < ATOM_REFERENCES_MAX)
            atomic_store(&record->references, references - 1);
    }
    region_unlock();
    return there ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

NTSTATUS shared_atom_name(enum shared_atom_table table, uint16_t atom, struct atom_name *name)
{
    if (!atom) return STATUS_INVALID_PARAMETER;
    if (atom < ATOM_FIRST) {
        name->length = atom_integer_name(atom, name->units);
        name->references = 1;
        return STATUS_SUCCESS;
    }
    const struct shared_atom *record = atom_record(atom - ATOM_FIRST);
    return record && read_record(record, table, name) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

uint32_t shared_atoms_list(enum shared_atom_table table, uint16_t *atoms, uint32_t max)
{
    uint32_t n = 0;
    for (uint32_t index = 1; index < region_records_end(REGION_ATOMS); index++) {
        if (atomic_load(&atom_record(index)->record.kind) != table) continue;
        if (n < max) atoms[n] = (uint16_t)(ATOM_FIRST + index);
        n++;
    }
    return n;
}

void shared_atoms_recover(void)
{
    for (uint32_t i = 0; i < REGION_ATOM_BUCKETS; i++) atomic_store(&region->atom_buckets[i], 0);
    for (uint32_t index = 1; index < region_records_end(REGION_ATOMS); index++)
        if (atomic_load(&atom_record(index)->record.kind)) enter(index);
}

static bool somebody_else_lives(void)
{
    for (uint32_t slot = region_slot_next(0); slot < REGION_SLOTS; slot = region_slot_next(slot + 1))
        if (slot != region_self() && region_slot_alive(slot)) return true;
    return false;
}

void shared_atoms_tidy(void)
{
    uint32_t end = region_records_end(REGION_ATOMS);
    if (end < TIDY_FROM || somebody_else_lives()) return;
    for (uint32_t index = 1; index < end; index++)
        if (atomic_load(&atom_record(index)->record.kind)) end_record(index);
}
