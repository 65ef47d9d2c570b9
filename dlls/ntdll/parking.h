// Parking: threads sleep until somebody wakes the address they wait on. Every blocking lock of ntdll stands
// on this. Waiters queue in a hash table of our own; the sleep itself is NtWaitForAlertByThreadId.
#ifndef LOWLAND_NTDLL_PARKING_H
#define LOWLAND_NTDLL_PARKING_H

#include "rtl.h"

// Lives on the stack of a parked thread.
struct parked {
    struct parked *next, *previous;
    const volatile void *address;
    HANDLE thread_id;
    ULONG kind; // the lock's own distinction between waiters
    LONG woken;
};

struct parking_bucket {
    volatile LONG lock;
    struct parked *first, *last;
};

// Locks the queue that address hashes to. Hold it for a few instructions only, and take no other.
struct parking_bucket *parking_lock(const volatile void *address);
void parking_unlock(struct parking_bucket *bucket);

// Sleeps until woken, unless *address (size 1, 2, 4 or 8 bytes) differs from *expected, which is tested when
// no wake can be missed any more. timeout NULL: for ever; else as NtDelayExecution. STATUS_SUCCESS or
// STATUS_TIMEOUT.
NTSTATUS park(const volatile void *address, const void *expected, SIZE_T size, ULONG kind,
              const LARGE_INTEGER *timeout);

// The longest waiting thread on address at or after `from` (NULL: the queue's first). Under the bucket's
// lock.
struct parked *parking_next(struct parking_bucket *bucket, struct parked *from, const volatile void *address);

// Takes a waiter from the queue (under the lock); pass what it returns to parking_alert after unlocking.
HANDLE parking_remove(struct parking_bucket *bucket, struct parked *waiter);
void parking_alert(HANDLE thread_id);

// Wakes one or all threads parked on address.
void unpark_one(const volatile void *address);
void unpark_all(const volatile void *address);

// For the last thread of a process that ends: who was parked is gone, with the stack that the table points
// to, and so is whoever was about to change the table.
void parking_forget_all(void);

// A few turns of waiting on the processor; false when it is time to sleep. *turn starts at 0.
static inline BOOLEAN spin_turn(ULONG *turn)
{
    if (*turn >= 60) return FALSE;
    ++*turn;
    __builtin_ia32_pause();
    return TRUE;
}

#endif
