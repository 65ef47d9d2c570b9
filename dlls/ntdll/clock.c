// Performance counter, tick count and interrupt time: no crossing where the time stamp counter serves.
#include "rtl.h"
#include "nt/clock.h"

ULONGLONG interrupt_time(void)
{
    LARGE_INTEGER counter;

    if (!clock_counter(&counter.QuadPart)) NtQueryPerformanceCounter(&counter, NULL);
    return counter.QuadPart;
}

/** The 10 MHz performance counter. Always TRUE. */
LOGICAL WINAPI RtlQueryPerformanceCounter(LARGE_INTEGER *counter)
{
    counter->QuadPart = interrupt_time();
    return TRUE;
}

/** 10,000,000 counts per second. Always TRUE. */
LOGICAL WINAPI RtlQueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    frequency->QuadPart = 10000000;
    return TRUE;
}

/** Milliseconds since boot, modulo 2^32. */
ULONG WINAPI RtlGetTickCount(void)
{
    return (ULONG)clock_ticks();
}

/** Interrupt time in 100 ns, with the performance counter it was computed from. */
LONGLONG WINAPI RtlGetInterruptTimePrecise(LARGE_INTEGER *counter)
{
    counter->QuadPart = interrupt_time();
    return counter->QuadPart;
}

/** Interrupt time without the time that the system slept; ours doesn't count sleep at all. */
LOGICAL WINAPI RtlQueryUnbiasedInterruptTime(LARGE_INTEGER *time)
{
    if (!time) {
        RtlSetLastWin32Error(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    time->QuadPart = interrupt_time();
    return TRUE;
}

/** System time in 100 ns since 1601. */
LARGE_INTEGER WINAPI RtlGetSystemTimePrecise(void)
{
    LARGE_INTEGER time;

    NtQuerySystemTime(&time);
    return time;
}
