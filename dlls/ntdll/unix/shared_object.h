// Objects that processes share: each has a record in the region, and in each process that has a reference one
// object that stands for it. Every named object is shared; an unnamed one becomes so when another process is
// to have it.
#ifndef LOWLAND_SHARED_OBJECT_H
#define LOWLAND_SHARED_OBJECT_H

#include "object.h"
#include "region.h"
#include <pthread.h>

// What stands in struct object_type.shared_kind. Numbers are part of the region's layout.
enum shared_kind {
    SHARED_DIRECTORY = 1,
    SHARED_SYMBOLIC_LINK,
    SHARED_EVENT,
    SHARED_MUTANT,
    SHARED_SEMAPHORE,
    SHARED_TIMER,
    SHARED_SECTION,
    SHARED_KEYED_EVENT,
    SHARED_IO_COMPLETION,
    SHARED_JOB,
    SHARED_PORT,
    SHARED_TRANSACTION,
    SHARED_REGISTRY_TRANSACTION,
    SHARED_KINDS = 32,
};

// Where each kind keeps what it needs in shared_record.data.
enum { TIMER_DUE, TIMER_PERIOD, TIMER_LAST_DUE, TIMER_SETTING };
enum { SECTION_SIZE, SECTION_ATTRIBUTES, SECTION_PROTECT, SECTION_DEVICE, SECTION_INODE };
enum { LINK_BYTES, LINK_CREATED };

struct shared_record {
    struct region_record record; // kind: enum shared_kind; next: of the name's bucket, derived
    _Atomic uint32_t serial;     // tells the objects apart that have the record one after the other
    _Atomic uint32_t permanent;
    // As in struct waitable. waitable: its kind + 1; 0: the kind cannot be waited for, or its state is
    // elsewhere.
    _Atomic uint32_t state, recursion;
    uint32_t waitable, limit;
    uint32_t first_wait, last_wait; // derived: who waits (shared_wait.c)
    // The name; `name` commits. parent: the directory's record.
    _Atomic uint32_t name;
    uint32_t name_length, name_hash, parent;  // UTF-16 units
    uint32_t children;                        // derived: names in this directory
    _Atomic uint32_t security, security_size; // a text: self-relative SECURITY_DESCRIPTOR
    _Atomic uint32_t text;                    // the kind's own
    _Atomic uint64_t data[12];
    struct region_set holders; // processes with an object for it
    struct region_set handles; // those with a handle to it
    uint64_t reserved[11];
};

// The process's view of shared objects: taken before the dispatcher's lock and the region's. Recursive.
extern pthread_mutex_t namespace_lock;

// The record at an index, NULL if there is none. With the region's lock.
struct shared_record *shared_record(uint32_t index);
// The same without it, for single words of an object that this process holds.
struct shared_record *shared_record_of(const struct object *object);

// Gives an object a record, with the name (of length units) in the directory that is record `parent`, or
// without a name (parent 0). With namespace_lock and the region's. STATUS_INSUFFICIENT_RESOURCES.
NTSTATUS shared_object_publish_locked(struct object *object, uint32_t parent, const uint16_t *name,
                                      uint32_t length);
// Makes an object without a record a shared one, unless it is. STATUS_NOT_SUPPORTED: its kind stays in its
// process.
NTSTATUS shared_object_publish(struct object *object);

// Notes that this process is about to have the object of a record; with both locks. Those who wait for it
// hear of it.
void shared_object_hold(uint32_t index);
// This process's object for a record it holds, retained; made if need be. With namespace_lock, not the
// region's. STATUS_NOT_SUPPORTED: it lives in another process.
NTSTATUS shared_object_adopt(uint32_t index, struct object **object);

// The first handle of a shared object was made or the last one closed: the name goes with the last one
// anywhere.
void shared_object_handles_changed(struct object *object);
// The last reference of a shared object's stand-in is gone.
void shared_object_dropped(struct object *object);

// Takes and sets a permanent object's mark.
void shared_object_set_permanent(struct object *object, bool permanent);

// A fresh object for a record whose kind is nothing but struct object and struct waitable, for adopt.
// STATUS_NO_MEMORY.
NTSTATUS shared_object_adopt_waitable(const struct object_type *type, uint32_t waitable_kind,
                                      struct object **object);

// The type of a kind, NULL for a number that is none.
const struct object_type *shared_object_type(uint32_t kind);

// --- names, with the region's lock (shared_name.c)

enum { REGION_ROOT = 1 }; // the root directory's record

// The record of a name in a directory, 0 when there is none.
uint32_t shared_name_find(uint32_t directory, const uint16_t *name, uint32_t length, bool insensitive);
// Names a record that has no name yet and is not committed. False when the region is full.
bool shared_name_set(struct shared_record *record, uint32_t directory, const uint16_t *name, uint32_t length);
// Enters a committed record's name where it is found.
void shared_name_enter(uint32_t index);
void shared_name_remove(uint32_t index);
// The length of a record's name in UTF-16 units, at most 32767. Asked once: it may change under us if
// somebody scribbles.
uint32_t shared_name_length(const struct shared_record *record);
void shared_name_read(const struct shared_record *record, uint16_t *name, uint32_t length);

// --- recovery

void shared_names_recover(void);
void shared_objects_mark_texts(void);
void shared_objects_forget(uint32_t slot);
// Frees the record if nothing has it any more.
void shared_record_settle(uint32_t index);

#endif
