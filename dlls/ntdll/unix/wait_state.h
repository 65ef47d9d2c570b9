// The word that says whether an object is signalled, and the steps on it: the same for objects of one process
// and for shared ones. Internal to wait.c and shared_wait.c.
//
// A state has the WAITERS bit while somebody waits for the object (and always when it is but the stand-in of
// a shared one, whose state is in the region). With it set, only the holder of the lock that the object
// belongs to may make it signalled or take it, so that under the lock the states of many objects are one
// picture. Reading a notification object and resetting need no lock: a reset can be ordered after the
// picture.
#ifndef LOWLAND_WAIT_STATE_H
#define LOWLAND_WAIT_STATE_H

#include "dlls/ntdll/unix/wait.h"

#define WAITERS   0x80000000u
#define ABANDONED 0x40000000u // mutants: the last owner ended without releasing
#define OWNER     0x3FFFFFFFu // mutants: thread id

struct wait_state {
    _Atomic uint32_t *state, *recursion;
    uint32_t kind; // enum waitable_kind
    uint32_t limit;
};

enum taken { NOT_SIGNALLED, TAKEN, TAKEN_ABANDONED, NEEDS_LOCK };

// Takes a signalled object without the lock where that is possible.
static inline enum taken state_try_take(struct wait_state at, uint32_t tid)
{
    uint32_t state = atomic_load_explicit(at.state, memory_order_acquire), wanted;
    do {
        switch (at.kind) {
        case WAITABLE_NOTIFICATION: return state & ~WAITERS ? TAKEN : NOT_SIGNALLED;
        case WAITABLE_MUTANT:
            if ((state & OWNER) == tid) {
                atomic_fetch_add_explicit(at.recursion, 1, memory_order_relaxed);
                return TAKEN;
            }
            if (state & OWNER) return NOT_SIGNALLED;
            wanted = tid;
            break;
        default:
            if (!(state & ~WAITERS)) return NOT_SIGNALLED;
            wanted = state - 1;
        }
        if (state & WAITERS) return NEEDS_LOCK;
    } while (!atomic_compare_exchange_weak_explicit(at.state, &state, wanted, memory_order_acq_rel,
                                                    memory_order_acquire));
    return state & ABANDONED && at.kind == WAITABLE_MUTANT ? TAKEN_ABANDONED : TAKEN;
}

// Whether thread tid could take the object now. Under the lock, WAITERS set.
static inline bool state_is_signalled(struct wait_state at, uint32_t tid)
{
    uint32_t state = atomic_load_explicit(at.state, memory_order_acquire);
    if (at.kind != WAITABLE_MUTANT) return (state & ~WAITERS) != 0;
    return !(state & OWNER) || (state & OWNER) == tid;
}

// Takes an object that state_is_signalled was true of, for thread tid. Whether it was abandoned.
static inline bool state_take_locked(struct wait_state at, uint32_t tid)
{
    switch (at.kind) {
    case WAITABLE_SYNCHRONIZATION:
        // May have been reset meanwhile: then the reset counts as after this.
        atomic_fetch_and_explicit(at.state, WAITERS, memory_order_acq_rel);
        return false;
    case WAITABLE_SEMAPHORE: atomic_fetch_sub_explicit(at.state, 1, memory_order_acq_rel); return false;
    case WAITABLE_MUTANT: {
        uint32_t state = atomic_load_explicit(at.state, memory_order_relaxed);
        if ((state & OWNER) == tid) {
            atomic_fetch_add_explicit(at.recursion, 1, memory_order_relaxed);
            return false;
        }
        atomic_store_explicit(at.state, (state & WAITERS) | tid, memory_order_release);
        return state & ABANDONED;
    }
    default: return false;
    }
}

// Sets an object for which nobody waits; *before is whether it was set. False: somebody waits, nothing
// changed.
static inline bool state_try_set(struct wait_state at, bool *before)
{
    uint32_t state = atomic_load_explicit(at.state, memory_order_relaxed);
    while (!(state & WAITERS))
        if (atomic_compare_exchange_weak_explicit(at.state, &state, 1, memory_order_acq_rel,
                                                  memory_order_relaxed)) {
            *before = state;
            return true;
        }
    return false;
}

// The same under the lock: whether it was set before; if not, hand it out.
static inline bool state_set_locked(struct wait_state at)
{
    return atomic_fetch_or_explicit(at.state, 1, memory_order_acq_rel) & 1;
}

static inline bool state_reset(struct wait_state at)
{
    return atomic_fetch_and_explicit(at.state, ~1u, memory_order_acq_rel) & 1;
}

// Adds count to a semaphore. STATUS_SEMAPHORE_LIMIT_EXCEEDED; without the lock also STATUS_PENDING: somebody
// waits, nothing changed.
static inline NTSTATUS state_release_semaphore(struct wait_state at, bool locked, uint32_t count,
                                               uint32_t *previous)
{
    uint32_t state = atomic_load_explicit(at.state, memory_order_relaxed);
    for (;;) {
        if (!locked && (state & WAITERS)) return STATUS_PENDING;
        // Under the lock too by an exchange: the last who waited may have given up meanwhile.
        if (count > at.limit - (state & ~WAITERS)) return STATUS_SEMAPHORE_LIMIT_EXCEEDED;
        if (atomic_compare_exchange_weak_explicit(at.state, &state, state + count, memory_order_acq_rel,
                                                  memory_order_relaxed)) {
            *previous = state & ~WAITERS;
            return STATUS_SUCCESS;
        }
    }
}

// Makes an owned mutant free (mark 0 or ABANDONED). False: somebody waits, nothing changed.
static inline bool state_try_free_mutant(struct wait_state at, uint32_t mark)
{
    uint32_t state = atomic_load_explicit(at.state, memory_order_relaxed);
    while (!(state & WAITERS))
        if (atomic_compare_exchange_weak_explicit(at.state, &state, mark, memory_order_acq_rel,
                                                  memory_order_relaxed))
            return true;
    return false;
}

// The same under the lock; then hand it out.
static inline void state_free_mutant_locked(struct wait_state at, uint32_t mark)
{
    // While it is owned only WAITERS can change, and that under the lock.
    uint32_t state = atomic_load_explicit(at.state, memory_order_relaxed);
    atomic_store_explicit(at.state, (state & WAITERS) | mark, memory_order_release);
}

#endif
