// What the files that wait share: wait.c (objects of this process), mixed_wait.c (waits with shared objects
// among them), shared_wait.c (the side of the region).
#ifndef LOWLAND_WAIT_INTERNAL_H
#define LOWLAND_WAIT_INTERNAL_H

#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/wait_state.h"
#include "loader/host_futex.h"
#include "loader/thread.h"

enum { OBJECTS_MAX = 64, WAKES_MAX = 64 };
// Ends a private wait that has to begin anew because an object of it became shared. No NTSTATUS that a wait
// returns.
#define WAIT_RESTART ((NTSTATUS)0x20000001)

struct wait_block {
    struct wait_block *next, *previous; // in the waitable's list
    struct waitable *waitable;
    struct wait_thread *thread;
};

// Threads to wake once the lock is free: they would only run into it.
struct wakes {
    uint32_t n;
    _Atomic uint32_t *words[WAKES_MAX];
    struct wait_thread *watches; // that ended
};

static inline struct object *object_of(const struct waitable *waitable)
{
    return (struct object *)waitable - 1;
}

static inline struct waitable *waitable_of(const struct object *object)
{
    return (struct waitable *)((char *)object + object->waitable_offset);
}

// Whether the object is the stand-in of a shared one: its own state is then WAITERS for ever.
static inline bool is_stand_in(const struct waitable *waitable)
{
    return atomic_load_explicit(&object_of(waitable)->moved, memory_order_acquire);
}

static inline struct wait_state own_state(struct waitable *waitable)
{
    return (struct wait_state){&waitable->state, &waitable->recursion, waitable->kind, waitable->limit};
}

// Of a stand-in: its record's.
static inline struct wait_state shared_state(const struct waitable *waitable)
{
    struct shared_record *record = shared_record_of(object_of(waitable));
    return (struct wait_state){&record->state, &record->recursion, waitable->kind, waitable->limit};
}

static inline struct wait_state state_of(struct waitable *waitable)
{
    return is_stand_in(waitable) ? shared_state(waitable) : own_state(waitable);
}

// wait.c
void dispatcher_lock(void);
void dispatcher_unlock(void);
void wait_block_link(struct wait_block *block, struct waitable *waitable, struct wait_thread *thread);
// Takes away the blocks of a thread's wait; those of shared objects are only forgotten.
void wait_blocks_unlink(struct wait_thread *thread);
// Takes for a thread what its wait asks for, if it can have it: then true and the status. With the locks of
// all its objects.
bool wait_satisfy(const struct wait_thread *thread, NTSTATUS *status);
// What ends the calling thread's wait now, whatever it waits for: STATUS_PENDING when nothing does. Under the
// lock, so that whoever comes later finds the wait in progress.
NTSTATUS wait_alert_status(struct wait_thread *self);

// mixed_wait.c: host_wait's slow path when some object is shared. deadline NULL: none; poll: don't block.
NTSTATUS mixed_wait(struct wait_thread *self, struct object *const *objects, uint32_t n, bool all,
                    bool alertable, bool poll, const struct host_deadline *deadline);

#endif
