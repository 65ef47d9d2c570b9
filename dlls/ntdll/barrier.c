// Synchronization barriers: threads wait for each other until all have come; one of them is told that it was
// the last. The barrier can be used again at once.
#include "rtl.h"
#include "parking.h"
#include "nt/rtl_lock.h"

#define THREADS_MAX  0x7FFFFFFFu
#define SPIN_DEFAULT 2000u

// What RTL_BARRIER's members mean here.
struct barrier {
    LONG awaited; // threads still to come in this round
    LONG threads; // of each round
    ULONG round;  // changes when the last has come; what the others wait on
    LONG inside;  // threads that may still touch this memory
    ULONG spin_count;
    ULONG reserved;
};
NT_SIZE(struct barrier, sizeof(RTL_BARRIER));

/** Makes a barrier for so many threads; spin_count -1 is the default. STATUS_INVALID_PARAMETER for no
 * threads. */
NTSTATUS NTAPI RtlInitBarrier(PRTL_BARRIER memory, ULONG threads, ULONG spin_count)
{
    struct barrier *barrier = (struct barrier *)memory;

    if (!threads || threads > THREADS_MAX) return STATUS_INVALID_PARAMETER;
    if (spin_count == ~0u) spin_count = SPIN_DEFAULT;
    *barrier = (struct barrier){(LONG)threads, (LONG)threads, 0, 0, spin_count, 0};
    return STATUS_SUCCESS;
}

static void wait_for_round(struct barrier *barrier, ULONG round, ULONG flags)
{
    volatile ULONG *word = &barrier->round;
    ULONG turns = flags & SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY ? 0 : barrier->spin_count;

    while (*word == round) {
        if (flags & SYNCHRONIZATION_BARRIER_FLAGS_SPIN_ONLY) {
            NtYieldExecution();
        } else if (turns) {
            turns--;
            __builtin_ia32_pause();
        } else {
            park(word, &round, sizeof(round), 0, NULL);
        }
    }
}

/** Waits for all threads of the round. TRUE in the last one, FALSE in the others. */
BOOLEAN NTAPI RtlBarrier(PRTL_BARRIER memory, ULONG flags)
{
    struct barrier *barrier = (struct barrier *)memory;
    bool may_be_deleted = !(flags & SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE);
    ULONG round = *(volatile ULONG *)&barrier->round;
    bool is_last;

    if (may_be_deleted) InterlockedIncrement(&barrier->inside);
    is_last = !InterlockedDecrement(&barrier->awaited);
    if (is_last) {
        barrier->awaited = barrier->threads;
        InterlockedIncrement((LONG *)&barrier->round);
        unpark_all(&barrier->round);
    } else {
        wait_for_round(barrier, round, flags);
    }
    if (may_be_deleted && !InterlockedDecrement(&barrier->inside)) unpark_all(&barrier->inside);
    return is_last;
}

/** Waits until nobody is inside any more; the memory is the caller's again then. */
NTSTATUS NTAPI RtlDeleteBarrier(PRTL_BARRIER memory)
{
    struct barrier *barrier = (struct barrier *)memory;
    LONG inside;

    while ((inside = *(volatile LONG *)&barrier->inside))
        park(&barrier->inside, &inside, sizeof(inside), 0, NULL);
    return STATUS_SUCCESS;
}

/** RtlBarrier for a round after which the last thread deletes the barrier: it returns after all others have
 * left. */
BOOLEAN NTAPI RtlBarrierForDelete(PRTL_BARRIER memory, ULONG flags)
{
    bool is_last = RtlBarrier(memory, flags & ~(ULONG)SYNCHRONIZATION_BARRIER_FLAGS_NO_DELETE);

    if (is_last) RtlDeleteBarrier(memory);
    return is_last;
}
