// One-time initialization (INIT_ONCE).
//
// The word's low two bits say how far it is; while one thread initializes, bit 2 says that others are parked.
// When complete, the rest is the context.
#include "parking.h"

#define STATE_MASK   3u
#define NOT_STARTED  0u
#define IN_PROGRESS  1u
#define COMPLETE     2u
#define ASYNCHRONOUS 3u
#define PARKED       4u

static inline volatile ULONG *word_of(PRTL_RUN_ONCE once)
{
    return (volatile ULONG *)&once->Ptr;
}

static inline BOOLEAN replace(volatile ULONG *word, ULONG old, ULONG new)
{
    return __atomic_compare_exchange_n(word, &old, new, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

void WINAPI RtlRunOnceInitialize(PRTL_RUN_ONCE once)
{
    once->Ptr = NULL;
}

/**
 * Begins initialization: STATUS_SUCCESS when it is complete (with its context), STATUS_PENDING when the
 * caller is to do it, STATUS_UNSUCCESSFUL for RTL_RUN_ONCE_CHECK_ONLY before completion,
 * STATUS_INVALID_PARAMETER for wrong flags or ways that don't mix. Waits while another thread initializes
 * synchronously.
 */
NTSTATUS WINAPI RtlRunOnceBeginInitialize(PRTL_RUN_ONCE once, ULONG flags, PVOID *context)
{
    volatile ULONG *word = word_of(once);

    if (flags & RTL_RUN_ONCE_CHECK_ONLY) {
        ULONG value = *word;

        if (flags & RTL_RUN_ONCE_ASYNC) return STATUS_INVALID_PARAMETER;
        if ((value & STATE_MASK) != COMPLETE) return STATUS_UNSUCCESSFUL;
        if (context) *context = (PVOID)(value & ~STATE_MASK);
        return STATUS_SUCCESS;
    }
    for (;;) {
        ULONG value = __atomic_load_n(word, __ATOMIC_ACQUIRE), parked;

        switch (value & STATE_MASK) {
        case NOT_STARTED:
            if (replace(word, value, flags & RTL_RUN_ONCE_ASYNC ? ASYNCHRONOUS : IN_PROGRESS)) {
                return STATUS_PENDING;
            }
            break;
        case IN_PROGRESS:
            if (flags & RTL_RUN_ONCE_ASYNC) return STATUS_INVALID_PARAMETER;
            parked = value | PARKED;
            if (value == parked || replace(word, value, parked)) park(word, &parked, sizeof(parked), 0, NULL);
            break;
        case COMPLETE:
            if (context) *context = (PVOID)(value & ~STATE_MASK);
            return STATUS_SUCCESS;
        case ASYNCHRONOUS:
            if (!(flags & RTL_RUN_ONCE_ASYNC)) return STATUS_INVALID_PARAMETER;
            return STATUS_PENDING;
        }
    }
}

/**
 * Ends initialization, with success or (RTL_RUN_ONCE_INIT_FAILED) without. STATUS_UNSUCCESSFUL when it wasn't
 * in progress or another asynchronous initialization won, STATUS_INVALID_PARAMETER for wrong flags or a
 * context with the low two bits set.
 */
NTSTATUS WINAPI RtlRunOnceComplete(PRTL_RUN_ONCE once, ULONG flags, PVOID context)
{
    volatile ULONG *word = word_of(once);
    ULONG new = (ULONG)context | COMPLETE;

    if ((ULONG)context & STATE_MASK) return STATUS_INVALID_PARAMETER;
    if (flags & RTL_RUN_ONCE_INIT_FAILED) {
        if (context || (flags & RTL_RUN_ONCE_ASYNC)) return STATUS_INVALID_PARAMETER;
        new = NOT_STARTED;
    }
    for (;;) {
        ULONG value = *word;

        switch (value & STATE_MASK) {
        case IN_PROGRESS:
            if (flags & RTL_RUN_ONCE_ASYNC) return STATUS_INVALID_PARAMETER;
            if (!replace(word, value, new)) break;
            if (value & PARKED) unpark_all(word);
            return STATUS_SUCCESS;
        case ASYNCHRONOUS:
            if (!(flags & RTL_RUN_ONCE_ASYNC)) return STATUS_INVALID_PARAMETER;
            if (!replace(word, value, new)) break;
            return STATUS_SUCCESS;
        default: return STATUS_UNSUCCESSFUL;
        }
    }
}

/** Runs function once, whoever comes first; the others wait. STATUS_UNSUCCESSFUL when it returns 0. */
NTSTATUS WINAPI RtlRunOnceExecuteOnce(PRTL_RUN_ONCE once, PRTL_RUN_ONCE_INIT_FN function, PVOID parameter,
                                      PVOID *context)
{
    NTSTATUS status = RtlRunOnceBeginInitialize(once, 0, context);

    if (status != STATUS_PENDING) return status;
    // The function finds in the caller's context what stood there, and may have none.
    if (!function(once, parameter, context)) {
        RtlRunOnceComplete(once, RTL_RUN_ONCE_INIT_FAILED, NULL);
        return STATUS_UNSUCCESSFUL;
    }
    return RtlRunOnceComplete(once, 0, context ? *context : NULL);
}
