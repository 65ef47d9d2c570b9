// Critical sections.
//
// LockCount as on Windows since Vista: bit 0 set when free, bit 1 set when no waiter is being woken, and
// minus the number of waiters above that; so -1 free, -2 held. LockSemaphore counts wakes: waiters park on
// it. The count is odd and below 2^24; anything else but 0 is an event's handle that the program put there,
// and waiters block on that as they do on Windows.
#include "parking.h"

#define FREE    1
#define NO_WAKE 2
#define WAITER  4

static inline BOOLEAN replace(volatile LONG *word, LONG old, LONG new)
{
    return __atomic_compare_exchange_n(word, &old, new, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

/** Initializes a section. STATUS_INVALID_PARAMETER_3 for unknown flags, _2 for a spin count with flag bits.
 */
NTSTATUS WINAPI RtlInitializeCriticalSectionEx(PRTL_CRITICAL_SECTION section, ULONG spin_count, ULONG flags)
{
    if (flags & 0xE0000000) return STATUS_INVALID_PARAMETER_3;
    if (spin_count & 0xFF000000) return STATUS_INVALID_PARAMETER_2;
    section->DebugInfo = (PRTL_CRITICAL_SECTION_DEBUG)-1; // as Windows 8 and later: no debug information
    section->LockCount = -1;
    section->RecursionCount = 0;
    section->OwningThread = NULL;
    section->LockSemaphore = NULL;
    section->SpinCount = peb_self()->NumberOfProcessors > 1 ? spin_count & 0x00FFFFFF : 0;
    if (flags & RTL_CRITICAL_SECTION_FLAG_FORCE_DEBUG_INFO) {
        RTL_CRITICAL_SECTION_DEBUG *debug = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*debug));
        if (!debug) return STATUS_NO_MEMORY;
        debug->CriticalSection = section;
        debug->ProcessLocksList.Flink = debug->ProcessLocksList.Blink = &debug->ProcessLocksList;
        section->DebugInfo = debug;
    }
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlInitializeCriticalSectionAndSpinCount(PRTL_CRITICAL_SECTION section, ULONG spin_count)
{
    return RtlInitializeCriticalSectionEx(section, spin_count & 0x00FFFFFF, 0);
}

NTSTATUS WINAPI RtlInitializeCriticalSection(PRTL_CRITICAL_SECTION section)
{
    return RtlInitializeCriticalSectionEx(section, 0, 0);
}

/** Ends a section's use. It reads as free afterwards. */
NTSTATUS WINAPI RtlDeleteCriticalSection(PRTL_CRITICAL_SECTION section)
{
    PRTL_CRITICAL_SECTION_DEBUG debug = section->DebugInfo;

    section->DebugInfo = NULL;
    section->LockCount = -1;
    section->RecursionCount = 0;
    section->OwningThread = NULL;
    section->LockSemaphore = NULL;
    section->SpinCount = 0;
    // A statically initialized section may have debug information that isn't from our heap.
    if (debug && debug != (PRTL_CRITICAL_SECTION_DEBUG)-1 &&
        RtlSizeHeap(process_heap(), 0, debug) == sizeof(*debug)) {
        RtlFreeHeap(process_heap(), 0, debug);
    }
    return STATUS_SUCCESS;
}

// Takes the section if it is free; leaves tells that the caller stands among the waiters.
static BOOLEAN try_take(RTL_CRITICAL_SECTION *section, BOOLEAN leaves)
{
    volatile LONG *count = (volatile LONG *)&section->LockCount;

    for (;;) {
        LONG old = *count;

        if (!(old & FREE)) return FALSE;
        if (replace(count, old, leaves ? ((old & ~FREE) + WAITER) | NO_WAKE : old & ~FREE)) return TRUE;
    }
}

static inline BOOLEAN is_event(LONG semaphore)
{
    return semaphore && (!(semaphore & 1) || semaphore & 0xFF000000);
}

static __attribute__((noinline)) void wait_and_take(RTL_CRITICAL_SECTION *section)
{
    volatile LONG *count = (volatile LONG *)&section->LockCount;
    volatile LONG *wakes = (volatile LONG *)&section->LockSemaphore;

    for (ULONG_PTR spins = section->SpinCount & 0x00FFFFFF; spins; spins--) {
        if (try_take(section, FALSE)) return;
        if (*count < -WAITER) break; // others wait already: no use in spinning
        __builtin_ia32_pause();
    }
    __atomic_sub_fetch(count, WAITER, __ATOMIC_SEQ_CST);
    for (;;) {
        LONG seen = *wakes;

        // From here on a leave must wake: one that came before `seen` was read found nobody asleep, and as
        // long as its wake counts as on its way no other is sent. A wake too many does no harm.
        __atomic_or_fetch(count, NO_WAKE, __ATOMIC_SEQ_CST);
        if (try_take(section, TRUE)) return;
        if (is_event(seen)) {
            NTSTATUS status = NtWaitForSingleObject((HANDLE)seen, FALSE, NULL);
            if (!NT_SUCCESS(status)) RtlRaiseStatus(status);
        } else {
            park(wakes, &seen, sizeof(seen), 0, NULL);
        }
    }
}

/** Takes the section, waiting for it if need be; recursive. */
NTSTATUS WINAPI RtlEnterCriticalSection(PRTL_CRITICAL_SECTION section)
{
    HANDLE self = (HANDLE)(ULONG_PTR)current_thread_id();

    if (!replace((volatile LONG *)&section->LockCount, -1, -2)) {
        if (section->OwningThread == self) {
            section->RecursionCount++;
            return STATUS_SUCCESS;
        }
        if (!try_take(section, FALSE)) wait_and_take(section);
    }
    section->OwningThread = self;
    section->RecursionCount = 1;
    return STATUS_SUCCESS;
}

/** Takes the section if that needs no waiting. */
BOOL WINAPI RtlTryEnterCriticalSection(PRTL_CRITICAL_SECTION section)
{
    HANDLE self = (HANDLE)(ULONG_PTR)current_thread_id();

    if (try_take(section, FALSE)) {
        section->OwningThread = self;
        section->RecursionCount = 1;
        return TRUE;
    }
    if (section->OwningThread != self) return FALSE;
    section->RecursionCount++;
    return TRUE;
}

static __attribute__((noinline)) void wake_waiter(RTL_CRITICAL_SECTION *section)
{
    volatile LONG *count = (volatile LONG *)&section->LockCount;

    for (;;) {
        LONG old = *count;

        // Somebody took it meanwhile and will wake on leaving; or a wake is on its way; or nobody waits.
        if (!(old & FREE) || !(old & NO_WAKE) || old == -1) return;
        if (replace(count, old, old & ~NO_WAKE)) break;
    }
    volatile LONG *wakes = (volatile LONG *)&section->LockSemaphore;
    LONG seen;
    do {
        seen = *wakes;
        if (is_event(seen)) {
            NtSetEvent((HANDLE)seen, NULL);
            return;
        }
    } while (!replace(wakes, seen, ((seen + 2) & 0x00FFFFFF) | 1));
    unpark_one(wakes);
}

/** Gives the section up once. Leaving a section that isn't held changes counts only, as on Windows. */
NTSTATUS WINAPI RtlLeaveCriticalSection(PRTL_CRITICAL_SECTION section)
{
    if (--section->RecursionCount > 0) return STATUS_SUCCESS;
    section->RecursionCount = 0;
    section->OwningThread = NULL;
    if (!replace((volatile LONG *)&section->LockCount, -2, -1)) {
        __atomic_or_fetch((volatile LONG *)&section->LockCount, FREE, __ATOMIC_SEQ_CST);
        wake_waiter(section);
    }
    return STATUS_SUCCESS;
}

/** Sets how often to try before sleeping; returns the former count. */
ULONG WINAPI RtlSetCriticalSectionSpinCount(PRTL_CRITICAL_SECTION section, ULONG spin_count)
{
    ULONG old = section->SpinCount;

    section->SpinCount = peb_self()->NumberOfProcessors > 1 ? spin_count : 0;
    return old;
}

BOOL WINAPI RtlIsCriticalSectionLocked(PRTL_CRITICAL_SECTION section)
{
    return section->RecursionCount != 0;
}

BOOL WINAPI RtlIsCriticalSectionLockedByThread(PRTL_CRITICAL_SECTION section)
{
    return section->RecursionCount && section->OwningThread == (HANDLE)(ULONG_PTR)current_thread_id();
}

ULONG WINAPI RtlGetCriticalSectionRecursionCount(PRTL_CRITICAL_SECTION section)
{
    return RtlIsCriticalSectionLockedByThread(section) ? section->RecursionCount : 0;
}

HANDLE WINAPI RtlQueryCriticalSectionOwner(PRTL_CRITICAL_SECTION section)
{
    return section->OwningThread;
}
