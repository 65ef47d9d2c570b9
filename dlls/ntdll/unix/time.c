// The NT calls that tell the time.
#include "guest_constants.h"
#include "loader/clock.h"
#include "loader/host_clock.h"
#include "loader/shared_data.h"
#include "ntdll_host.h"
#include <stdatomic.h>

// Clock interrupt intervals in 100 ns, as on a PC.
enum { SLOWEST = 156250, FASTEST = 5000 };

NTSTATUS NtQuerySystemTime(LARGE_INTEGER32 *time)
{
    time->QuadPart = host_system_time();
    return STATUS_SUCCESS;
}

NTSTATUS NtQueryPerformanceCounter(LARGE_INTEGER32 *counter, LARGE_INTEGER32 *frequency)
{
    counter->QuadPart = clock_counter_calibrating();
    if (frequency) frequency->QuadPart = CLOCK_COUNTER_FREQUENCY;
    return STATUS_SUCCESS;
}

uint32_t NtGetTickCount(void)
{
    return (uint32_t)(clock_counter_calibrating() / 10000);
}

static _Atomic uint32_t resolution; // what the program asked for, 0: nothing

NTSTATUS NtQueryTimerResolution(uint32_t *maximum, uint32_t *minimum, uint32_t *current)
{
    uint32_t set = atomic_load(&resolution);
    *maximum = SLOWEST;
    *minimum = FASTEST;
    *current = set ? set : SLOWEST;
    return STATUS_SUCCESS;
}

NTSTATUS NtSetTimerResolution(uint32_t wanted, uint8_t set, uint32_t *current)
{
    uint32_t clamped = wanted < FASTEST ? FASTEST : wanted > SLOWEST ? SLOWEST : wanted;
    uint32_t before = atomic_exchange(&resolution, set ? clamped : 0);
    shared_data_set_interval(set ? clamped : SLOWEST);
    *current = set ? clamped : SLOWEST;
    return set || before ? STATUS_SUCCESS : STATUS_TIMER_RESOLUTION_NOT_SET;
}
