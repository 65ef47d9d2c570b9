// Waits for shared objects: the side of the region.
#ifndef LOWLAND_SHARED_WAIT_H
#define LOWLAND_SHARED_WAIT_H

#include "region.h"
#include "wait_internal.h"

// A thread's wait, in the region while shared objects are among what it waits for.
struct shared_wait {
    struct region_record record;
    _Atomic uint32_t word; // futex: enum shared_wait_word
    uint32_t slot, tid;    // whose
    uint32_t n;            // objects, private ones included
    uint32_t all, mixed;   // wants all; has private objects too
    _Atomic uint32_t result;
    uint32_t linked;   // derived: the nodes hang on their objects
    uint64_t sequence; // order of waiting
    struct shared_wait_node {
        uint32_t object;         // record, 0: private to the waiting process
        uint32_t next, previous; // in the object's list: wait * 64 + position. Derived
    } nodes[OBJECTS_MAX];
};

enum shared_wait_word {
    WAIT_IDLE,
    WAIT_BLOCKED,
    WAIT_KICKED,     // look again: a new holder to watch, or all of a mixed wait may be there
    WAIT_CLAIMED,    // the holder of the region's lock is ending it
    WAIT_ENDED,      // with `result`
    WAIT_ENDED_HERE, // by the waiter's own process, with wait_thread.result
};

// --- what is done to an object, by its stand-in. As the functions of wait.h
bool shared_wait_set(struct waitable *waitable);
bool shared_wait_pulse(struct waitable *waitable);
NTSTATUS shared_wait_release_semaphore(struct waitable *waitable, uint32_t count, uint32_t *previous);
void shared_wait_free_mutant(struct waitable *waitable, uint32_t mark);
// As state_try_take. NEEDS_LOCK also where the lock must tell whether the owner lives or a timer is due.
enum taken shared_wait_try_take(struct waitable *waitable, uint32_t tid);

// --- a thread's wait; with the region's lock

// The thread's record, made at its first such wait. NULL: the region is full.
struct shared_wait *shared_wait_of_thread(struct wait_thread *thread);
void shared_wait_thread_exit(struct wait_thread *thread);
void shared_wait_link(struct shared_wait *wait, struct object *const *objects, uint32_t n, bool all);
void shared_wait_unlink(struct shared_wait *wait);
// Lets timers among the objects that are due go off. Returns when the next one is: CLOCK_MONOTONIC ns,
// INT64_MAX: none.
int64_t shared_wait_timers(struct shared_wait *wait, struct wakes *wakes);

// --- without a lock

// Ends a wait that nobody has ended yet: true for the one who does. to: WAIT_CLAIMED or WAIT_ENDED_HERE.
bool shared_wait_claim(struct shared_wait *wait, enum shared_wait_word to);
void shared_wait_kick(struct shared_wait *wait);
void shared_wait_wake(struct wakes *wakes);

// --- with the region's lock

// Everybody who waits for the object looks again.
void shared_wait_kick_all(struct shared_record *record);
// Those of this process's threads that wait look again.
void shared_waits_kick_own(void);
// The process that a shared mutant's owner is of, as a guest id; 0: none that lives.
uint32_t shared_wait_owner_process(const struct waitable *waitable, uint32_t owner);
// A mutant whose owner died is abandoned, and goes to who waits.
void shared_wait_owner_died(struct shared_record *record);
// Lets a timer go off if it is due. Whether it did.
bool shared_wait_timer(struct shared_record *record, int64_t now, struct wakes *wakes);

// region_recover.c
void shared_waits_recover(void);
void shared_waits_wake_ended(void);
void shared_waits_forget(uint32_t slot);

#endif
