// Reading the clocks without crossing the boundary, for guest code.
#ifndef LOWLAND_NT_CLOCK_H
#define LOWLAND_NT_CLOCK_H

#include "nt.h"
#include "lowland.h"

// The upper half of the 128-bit product.
static inline ULONGLONG clock_multiply_high(ULONGLONG a, ULONGLONG b)
{
    ULONG a0 = (ULONG)a, a1 = a >> 32, b0 = (ULONG)b, b1 = b >> 32;
    ULONGLONG low = (ULONGLONG)a0 * b0, middle1 = (ULONGLONG)a1 * b0, middle2 = (ULONGLONG)a0 * b1;
    ULONGLONG carry = (low >> 32) + (ULONG)middle1 + (ULONG)middle2;

    return (ULONGLONG)a1 * b1 + (middle1 >> 32) + (middle2 >> 32) + (carry >> 32);
}

// The performance counter, which is also interrupt time in 100 ns. False: ask NtQueryPerformanceCounter.
static inline BOOLEAN clock_counter(LONGLONG *counter)
{
    const struct lowland_shared_data *shared = (const void *)LOWLAND_SHARED_DATA_ADDRESS;

    if (!shared->clock_ready) return FALSE;
    *counter = clock_multiply_high(__builtin_ia32_rdtsc(), shared->counter_scale) + shared->counter_offset;
    return TRUE;
}

// Milliseconds since boot, as the last tick has them: KUSER_SHARED_DATA counts ticks of 15.625 ms.
static inline ULONGLONG clock_ticks(void)
{
    LONG high;
    ULONG low;

    do {
        high = SharedUserData->TickCount.High1Time;
        low = SharedUserData->TickCount.LowPart;
    } while (high != SharedUserData->TickCount.High2Time);
    return (((ULONGLONG)(ULONG)high << 32 | low) * 125) >> 3;
}

#endif
