// What the subjects of winmm share.
#ifndef LOWLAND_WINMM_MULTIMEDIA_H
#define LOWLAND_WINMM_MULTIMEDIA_H

#include "nt/nt.h"
#include <mmsystem.h>
#include <stdbool.h>

// What timers can be set to, in ms: timeGetDevCaps tells programs of it.
enum { PERIOD_MIN = 1, PERIOD_MAX = 1000000 };

#endif
