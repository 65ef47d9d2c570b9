// Slim reader/writer locks and condition variables, on parking.
//
// An SRW lock is one word: bit 0 held exclusively, bit 1 somebody is parked, the rest counts shared holders.
// New shared holders queue behind waiters, so that writers get their turn. A condition variable is a word
// that changes with each wake (bits 1 up); bit 0 says that somebody may be parked.
#include "parking.h"

#define HELD_EXCLUSIVE 1u
#define PARKED         2u
#define ONE_SHARED     4u

enum { WAITS_EXCLUSIVE, WAITS_SHARED };

static inline volatile ULONG *word_of(PRTL_SRWLOCK lock)
{
    return (volatile ULONG *)&lock->Ptr;
}

static inline BOOLEAN replace(volatile ULONG *word, ULONG old, ULONG new)
{
    return __atomic_compare_exchange_n(word, &old, new, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

void WINAPI RtlInitializeSRWLock(PRTL_SRWLOCK lock)
{
    lock->Ptr = NULL;
}

BOOLEAN WINAPI RtlTryAcquireSRWLockExclusive(PRTL_SRWLOCK lock)
{
    volatile ULONG *word = word_of(lock);
    ULONG old = *word;

    return !(old & ~PARKED) && replace(word, old, old | HELD_EXCLUSIVE);
}

static __attribute__((noinline)) void acquire_exclusive_slow(volatile ULONG *word)
{
    for (ULONG turn = 0;;) {
        ULONG old = *word;

        if (!(old & ~PARKED)) {
            if (replace(word, old, old | HELD_EXCLUSIVE)) return;
        } else if (!spin_turn(&turn)) {
            ULONG parked = old | PARKED;
            if (old == parked || replace(word, old, parked)) {
                park(word, &parked, sizeof(parked), WAITS_EXCLUSIVE, NULL);
                turn = 0;
            }
        }
    }
}

/** Takes the lock for one thread alone; not recursive. */
void WINAPI RtlAcquireSRWLockExclusive(PRTL_SRWLOCK lock)
{
    if (!replace(word_of(lock), 0, HELD_EXCLUSIVE)) acquire_exclusive_slow(word_of(lock));
}

static BOOLEAN try_shared(volatile ULONG *word, BOOLEAN was_woken)
{
    for (;;) {
        ULONG old = *word;

        if (old & (was_woken ? HELD_EXCLUSIVE : HELD_EXCLUSIVE | PARKED)) return FALSE;
        if (replace(word, old, old + ONE_SHARED)) return TRUE;
    }
}

BOOLEAN WINAPI RtlTryAcquireSRWLockShared(PRTL_SRWLOCK lock)
{
    return try_shared(word_of(lock), FALSE);
}

/** Takes the lock together with other shared holders. */
void WINAPI RtlAcquireSRWLockShared(PRTL_SRWLOCK lock)
{
    volatile ULONG *word = word_of(lock);
    BOOLEAN was_woken = FALSE;
    ULONG turn = 0;

    while (!try_shared(word, was_woken)) {
        ULONG old = *word, parked = old | PARKED;

        if (spin_turn(&turn)) continue;
        // With nobody holding it, the one who is to take it has been woken already or barges in: look again.
        if (!(old & ~PARKED)) {
            was_woken = TRUE;
            continue;
        }
        if (old == parked || replace(word, old, parked)) {
            park(word, &parked, sizeof(parked), WAITS_SHARED, NULL);
            was_woken = TRUE;
            turn = 0;
        }
    }
}

// Takes held off the word and wakes the next: one exclusive waiter, or all shared ones.
static __attribute__((noinline)) void release_slow(volatile ULONG *word, ULONG held)
{
    HANDLE thread_ids[32];
    ULONG n = 0, old;
    struct parking_bucket *bucket = parking_lock(word);
    struct parked *waiter = parking_next(bucket, NULL, word);

    old = __atomic_sub_fetch(word, held, __ATOMIC_SEQ_CST);
    if (old & ~PARKED) waiter = NULL; // others hold it still
    while (waiter && n < ARRAYSIZE(thread_ids)) {
        struct parked *next = waiter->next;
        ULONG kind = waiter->kind;

        if (n && kind == WAITS_EXCLUSIVE) {
            waiter = next ? parking_next(bucket, next, word) : NULL;
            continue;
        }
        thread_ids[n++] = parking_remove(bucket, waiter);
        if (kind == WAITS_EXCLUSIVE) break;
        waiter = next ? parking_next(bucket, next, word) : NULL;
    }
    if (!parking_next(bucket, NULL, word)) __atomic_and_fetch(word, ~PARKED, __ATOMIC_SEQ_CST);
    parking_unlock(bucket);
    for (ULONG i = 0; i < n; i++) parking_alert(thread_ids[i]);
}

/** Gives up exclusive ownership. STATUS_RESOURCE_NOT_OWNED is raised when nobody has it. */
void WINAPI RtlReleaseSRWLockExclusive(PRTL_SRWLOCK lock)
{
    volatile ULONG *word = word_of(lock);

    if (replace(word, HELD_EXCLUSIVE, 0)) return;
    if (!(*word & HELD_EXCLUSIVE)) RtlRaiseStatus(STATUS_RESOURCE_NOT_OWNED);
    release_slow(word, HELD_EXCLUSIVE);
}

/** Gives up one shared ownership. STATUS_RESOURCE_NOT_OWNED is raised when nobody has it. */
void WINAPI RtlReleaseSRWLockShared(PRTL_SRWLOCK lock)
{
    volatile ULONG *word = word_of(lock);

    for (;;) {
        ULONG old = *word;

        if (old < ONE_SHARED) RtlRaiseStatus(STATUS_RESOURCE_NOT_OWNED);
        if ((old & PARKED) && old < 2 * ONE_SHARED) {
            release_slow(word, ONE_SHARED);
            return;
        }
        if (replace(word, old, old - ONE_SHARED)) return;
    }
}

/** Waits until nobody holds the lock, without holding it then. */
void WINAPI RtlAcquireReleaseSRWLockExclusive(PRTL_SRWLOCK lock)
{
    RtlAcquireSRWLockExclusive(lock);
    RtlReleaseSRWLockExclusive(lock);
}

/** Turns exclusive ownership into a shared one, and lets in who waits to share it. */
void WINAPI RtlConvertSRWLockExclusiveToShared(PRTL_SRWLOCK lock)
{
    volatile ULONG *word = word_of(lock);
    HANDLE thread_ids[32];
    ULONG n = 0;

    if (!(*word & HELD_EXCLUSIVE)) RtlRaiseStatus(STATUS_RESOURCE_NOT_OWNED);
    if (replace(word, HELD_EXCLUSIVE, ONE_SHARED)) return;
    struct parking_bucket *bucket = parking_lock(word);
    struct parked *waiter = parking_next(bucket, NULL, word);
    __atomic_add_fetch(word, ONE_SHARED - HELD_EXCLUSIVE, __ATOMIC_SEQ_CST);
    while (waiter && n < ARRAYSIZE(thread_ids)) {
        struct parked *next = waiter->next;
        if (waiter->kind == WAITS_SHARED) thread_ids[n++] = parking_remove(bucket, waiter);
        waiter = next ? parking_next(bucket, next, word) : NULL;
    }
    if (!parking_next(bucket, NULL, word)) __atomic_and_fetch(word, ~PARKED, __ATOMIC_SEQ_CST);
    parking_unlock(bucket);
    for (ULONG i = 0; i < n; i++) parking_alert(thread_ids[i]);
}

/** Turns the only shared ownership into an exclusive one; with other holders gives it up and returns FALSE.
 */
BOOLEAN WINAPI RtlTryConvertSRWLockSharedToExclusiveOrRelease(PRTL_SRWLOCK lock)
{
    volatile ULONG *word = word_of(lock);
    ULONG old = *word;

    if (old < ONE_SHARED) RtlRaiseStatus(STATUS_RESOURCE_NOT_OWNED);
    while (old < 2 * ONE_SHARED) {
        if (replace(word, old, (old & PARKED) | HELD_EXCLUSIVE)) return TRUE;
        old = *word;
    }
    RtlReleaseSRWLockShared(lock);
    return FALSE;
}

void WINAPI RtlInitializeConditionVariable(PRTL_CONDITION_VARIABLE variable)
{
    variable->Ptr = NULL;
}

static inline volatile ULONG *condition_word(PRTL_CONDITION_VARIABLE variable)
{
    return (volatile ULONG *)&variable->Ptr;
}

/** Wakes one sleeper. Cheap when there is none. */
void WINAPI RtlWakeConditionVariable(PRTL_CONDITION_VARIABLE variable)
{
    volatile ULONG *word = condition_word(variable);
    struct parking_bucket *bucket;
    struct parked *waiter;
    HANDLE thread_id = NULL;

    if (!(*word & 1)) return;
    bucket = parking_lock(word);
    waiter = parking_next(bucket, NULL, word);
    if (waiter) thread_id = parking_remove(bucket, waiter);
    __atomic_add_fetch(word, 2, __ATOMIC_SEQ_CST);
    if (!parking_next(bucket, NULL, word)) __atomic_and_fetch(word, ~1u, __ATOMIC_SEQ_CST);
    parking_unlock(bucket);
    if (thread_id) parking_alert(thread_id);
}

/** Wakes all sleepers. */
void WINAPI RtlWakeAllConditionVariable(PRTL_CONDITION_VARIABLE variable)
{
    volatile ULONG *word = condition_word(variable);
    ULONG old = *word;

    if (!(old & 1)) return;
    while (!__atomic_compare_exchange_n(word, &old, (old + 2) & ~1u, FALSE, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED)) {
    }
    unpark_all(word);
}

// Announces a sleeper; returns the word to park on. Called while the caller still holds its lock.
static ULONG condition_announce(volatile ULONG *word)
{
    return __atomic_or_fetch(word, 1, __ATOMIC_SEQ_CST);
}

/** Sleeps on variable, with the critical section released meanwhile. STATUS_SUCCESS or STATUS_TIMEOUT. */
NTSTATUS WINAPI RtlSleepConditionVariableCS(PRTL_CONDITION_VARIABLE variable, PRTL_CRITICAL_SECTION section,
                                            const LARGE_INTEGER *timeout)
{
    volatile ULONG *word = condition_word(variable);
    ULONG announced = condition_announce(word);
    NTSTATUS status;

    RtlLeaveCriticalSection(section);
    status = park(word, &announced, sizeof(announced), 0, timeout);
    RtlEnterCriticalSection(section);
    return status;
}

/** Sleeps on variable, with the SRW lock (held shared if flags has bit 0) released meanwhile. */
NTSTATUS WINAPI RtlSleepConditionVariableSRW(PRTL_CONDITION_VARIABLE variable, PRTL_SRWLOCK lock,
                                             const LARGE_INTEGER *timeout, ULONG flags)
{
    volatile ULONG *word = condition_word(variable);
    ULONG announced = condition_announce(word);
    NTSTATUS status;

    if (flags & RTL_CONDITION_VARIABLE_LOCKMODE_SHARED) {
        RtlReleaseSRWLockShared(lock);
    } else {
        RtlReleaseSRWLockExclusive(lock);
    }
    status = park(word, &announced, sizeof(announced), 0, timeout);
    if (flags & RTL_CONDITION_VARIABLE_LOCKMODE_SHARED) {
        RtlAcquireSRWLockShared(lock);
    } else {
        RtlAcquireSRWLockExclusive(lock);
    }
    return status;
}
