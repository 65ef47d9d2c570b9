// The host's clocks in the units that the rest uses.
#ifndef LOWLAND_HOST_CLOCK_H
#define LOWLAND_HOST_CLOCK_H

#include <stdint.h>
#include <sys/time.h>
#include <time.h>

// 100 ns units between 1601 (Windows) and 1970 (Unix).
#define HOST_EPOCH_DIFFERENCE 116444736000000000LL

// Since boot, not counting sleep.
static inline int64_t host_monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Windows' system time: 100 ns since 1601, UTC.
static inline int64_t host_system_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 10000000 + now.tv_nsec / 100 + HOST_EPOCH_DIFFERENCE;
}

// An interval in Windows' unit of 100 ns.
static inline int64_t host_interval(const struct timeval *t)
{
    return (int64_t)t->tv_sec * 10000000 + (int64_t)t->tv_usec * 10;
}

#endif
