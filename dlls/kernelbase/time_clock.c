// Clocks: tick counts, the performance counter, system time and interrupt time. None of these crosses while
// the shared clock page is ready.
#include "base.h"
#include "nt/clock.h"

HOTPATCH ULONGLONG WINAPI GetTickCount64(void)
{
    return clock_ticks();
}

HOTPATCH DWORD WINAPI GetTickCount(void)
{
    return (DWORD)clock_ticks();
}

// Interrupt time in 100 ns, which is also the performance counter at its 10 MHz.
static int64_t counter_now(void)
{
    LARGE_INTEGER counter;
    if (!clock_counter(&counter.QuadPart)) NtQueryPerformanceCounter(&counter, NULL);
    return counter.QuadPart;
}

HOTPATCH BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *counter)
{
    counter->QuadPart = counter_now();
    return TRUE;
}

HOTPATCH BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *frequency)
{
    frequency->QuadPart = 10000000;
    return TRUE;
}

HOTPATCH void WINAPI QueryInterruptTimePrecise(ULONGLONG *time)
{
    *time = (ULONGLONG)counter_now();
}

HOTPATCH void WINAPI QueryInterruptTime(ULONGLONG *time)
{
    *time = (ULONGLONG)counter_now();
}

HOTPATCH void WINAPI QueryUnbiasedInterruptTimePrecise(ULONGLONG *time)
{
    *time = (ULONGLONG)counter_now() - SharedUserData->InterruptTimeBias;
}

HOTPATCH BOOL WINAPI QueryUnbiasedInterruptTime(ULONGLONG *time)
{
    if (!time) return fail_with(ERROR_INVALID_PARAMETER);
    QueryUnbiasedInterruptTimePrecise(time);
    return TRUE;
}

static FILETIME file_time(LONGLONG value)
{
    return (FILETIME){(DWORD)value, (DWORD)(value >> 32)};
}

HOTPATCH void WINAPI GetSystemTimeAsFileTime(FILETIME *time)
{
    LARGE_INTEGER now;
    NtQuerySystemTime(&now);
    *time = file_time(now.QuadPart);
}

HOTPATCH void WINAPI GetSystemTimePreciseAsFileTime(FILETIME *time)
{
    GetSystemTimeAsFileTime(time);
}

HOTPATCH void WINAPI GetSystemTime(SYSTEMTIME *time)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    FileTimeToSystemTime(&now, time);
}

HOTPATCH void WINAPI GetLocalTime(SYSTEMTIME *time)
{
    FILETIME now, local;
    GetSystemTimeAsFileTime(&now);
    FileTimeToLocalFileTime(&now, &local);
    FileTimeToSystemTime(&local, time);
}

// The clock belongs to the host: setting it fails as for a user without SeSystemtimePrivilege.
HOTPATCH BOOL WINAPI SetSystemTime(const SYSTEMTIME *time)
{
    FILETIME file;
    return SystemTimeToFileTime(time, &file) && fail_with(ERROR_PRIVILEGE_NOT_HELD);
}

HOTPATCH BOOL WINAPI SetLocalTime(const SYSTEMTIME *time)
{
    return SetSystemTime(time);
}

HOTPATCH BOOL WINAPI GetSystemTimeAdjustment(DWORD *adjustment, DWORD *increment, BOOL *disabled)
{
    SYSTEM_TIME_ADJUSTMENT_QUERY info;
    NTSTATUS status = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemTimeAdjustmentInformation,
                                               &info, sizeof(info), NULL);
    if (!bool_from_status(status)) return FALSE;
    *adjustment = info.TimeAdjustment;
    *increment = info.TimeIncrement;
    *disabled = info.TimeAdjustmentDisabled;
    return TRUE;
}

// Time of all processors since start: the kernel time includes the idle time, as documented.
HOTPATCH BOOL WINAPI GetSystemTimes(FILETIME *idle, FILETIME *kernel, FILETIME *user)
{
    ULONG count = peb_self()->NumberOfProcessors;
    AUTO_FREE SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION *info = heap_alloc(count * sizeof(*info));
    if (!info) return FALSE;
    NTSTATUS status =
        NtQuerySystemInformation(SystemProcessorPerformanceInformation, info, count * sizeof(*info), NULL);
    if (!bool_from_status(status)) return FALSE;
    LONGLONG sums[3] = {};
    for (ULONG i = 0; i < count; i++) {
        sums[0] += info[i].IdleTime.QuadPart;
        sums[1] += info[i].KernelTime.QuadPart;
        sums[2] += info[i].UserTime.QuadPart;
    }
    if (idle) *idle = file_time(sums[0]);
    if (kernel) *kernel = file_time(sums[1]);
    if (user) *user = file_time(sums[2]);
    return TRUE;
}

// *size becomes the bytes that all processors take: asked for with 0; a NULL buffer only asks.
HOTPATCH BOOL WINAPI QueryIdleProcessorCycleTimeEx(USHORT group, ULONG *size, ULONG64 *cycles)
{
    ULONG needed = peb_self()->NumberOfProcessors * sizeof(*cycles);
    if (group) return fail_with(ERROR_INVALID_PARAMETER);
    if (!*size) *size = needed;
    if (!cycles) return TRUE;
    return bool_from_status(NtQuerySystemInformation(
        (SYSTEM_INFORMATION_CLASS)SystemProcessorIdleCycleTimeInformation, cycles, *size, size));
}

HOTPATCH BOOL WINAPI QueryIdleProcessorCycleTime(ULONG *size, ULONG64 *cycles)
{
    return QueryIdleProcessorCycleTimeEx(0, size, cycles);
}
