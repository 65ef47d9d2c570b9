// What the subjects of winmm share.
#ifndef LOWLAND_WINMM_MULTIMEDIA_H
#define LOWLAND_WINMM_MULTIMEDIA_H

#include "nt/nt.h"
#include <mmsystem.h>
#include <stdbool.h>

// What timers can be set to, in ms: timeGetDevCaps tells programs of it.
enum { PERIOD_MIN = 1, PERIOD_MAX = 1000000 };
enum { UNITS_PER_MILLISECOND = 10000 }; // of 100 ns

// The time since the start in 100 ns. Not the tick count, whose ticks are longer than most timers' delays.
static inline ULONGLONG multimedia_time(void)
{
    ULONGLONG time;
    QueryInterruptTime(&time);
    return time;
}

#endif
