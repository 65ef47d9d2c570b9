// The time in milliseconds since the start, and how finely the clock of all waits ticks.
#include "multimedia.h"
#include "ntdll.h"

// Longer periods than the clock's own 15.6 ms change nothing, but are counted too.
enum { SLOW_PERIOD = 16 };

static SRWLOCK lock = SRWLOCK_INIT;
static UINT requests[SLOW_PERIOD + 1]; // under the lock: how often each period is asked for

static UINT request_index(UINT period)
{
    return period < SLOW_PERIOD ? period : SLOW_PERIOD;
}

// The shortest period that is asked for is the process's.
static void apply_requests(void)
{
    UINT shortest = PERIOD_MIN;
    ULONG current;
    while (shortest < SLOW_PERIOD && !requests[shortest]) shortest++;
    bool set = shortest < SLOW_PERIOD;
    NtSetTimerResolution(set ? shortest * UNITS_PER_MILLISECOND : 0, set, &current);
}

HOTPATCH MMRESULT WINAPI timeBeginPeriod(UINT period)
{
    if (period < PERIOD_MIN || period > PERIOD_MAX) return TIMERR_NOCANDO;
    AcquireSRWLockExclusive(&lock);
    if (!requests[request_index(period)]++) apply_requests();
    ReleaseSRWLockExclusive(&lock);
    return TIMERR_NOERROR;
}

HOTPATCH MMRESULT WINAPI timeEndPeriod(UINT period)
{
    if (period < PERIOD_MIN || period > PERIOD_MAX) return TIMERR_NOCANDO;
    AcquireSRWLockExclusive(&lock);
    UINT *count = &requests[request_index(period)];
    bool known = *count;
    if (known && !--*count) apply_requests();
    ReleaseSRWLockExclusive(&lock);
    return known ? TIMERR_NOERROR : TIMERR_NOCANDO;
}

HOTPATCH MMRESULT WINAPI timeGetDevCaps(LPTIMECAPS caps, UINT size)
{
    if (!caps || size < sizeof(*caps)) return TIMERR_NOCANDO;
    *caps = (TIMECAPS){.wPeriodMin = PERIOD_MIN, .wPeriodMax = PERIOD_MAX};
    return TIMERR_NOERROR;
}

HOTPATCH DWORD WINAPI timeGetTime(void)
{
    return (DWORD)(multimedia_time() / UNITS_PER_MILLISECOND);
}

HOTPATCH MMRESULT WINAPI timeGetSystemTime(LPMMTIME time, UINT size)
{
    if (!time || size < sizeof(*time)) return MMSYSERR_INVALPARAM;
    time->wType = TIME_MS;
    time->u.ms = timeGetTime();
    return TIMERR_NOERROR;
}
