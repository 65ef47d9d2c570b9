/* The clock of C11. */
#include "ucrtbase.h"

struct timespec64 {
    __int64 seconds;
    long nanoseconds;
};
struct timespec32 {
    long seconds, nanoseconds;
};
enum { BASE_UTC = 1 };

/* BASE, or 0 if it is none or OUT is NULL. */
int EXPORT _timespec64_get(struct timespec64 *out, int base)
{
    enum { TICKS = 10000000 };
    FILETIME now;
    uint64_t ticks;

    if (!out || base != BASE_UTC) return 0;
    GetSystemTimePreciseAsFileTime(&now);
    ticks = ((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) - 116444736000000000ull;
    out->seconds = ticks / TICKS;
    out->nanoseconds = ticks % TICKS * 100;
    return base;
}

int EXPORT _timespec32_get(struct timespec32 *out, int base)
{
    struct timespec64 time;

    if (!out || !_timespec64_get(&time, base) || time.seconds > LONG_MAX) return 0;
    out->seconds = time.seconds;
    out->nanoseconds = time.nanoseconds;
    return base;
}
