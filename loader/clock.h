// The guest's monotonic clock: 100 ns since boot, read from the time stamp counter by one scale per boot that
// all processes of a user share through a small file.
#ifndef LOWLAND_CLOCK_H
#define LOWLAND_CLOCK_H

#include "thunks/nt/lowland.h"

#define CLOCK_COUNTER_FREQUENCY 10000000

// Takes over the boot's scale if another process found it before. page is where the guest sees it; its memory
// stays writable. Once, at start.
void clock_init(struct lowland_shared_data *page);

// QueryPerformanceCounter, interrupt time. Never goes back. Async-signal-safe.
int64_t clock_counter(void);

// The scale of the time stamp counter, 100 ns units per tick times 2^64; 0 while it is not known.
uint64_t clock_scale(void);

// clock_counter from a call: finds the scale, if it is not known yet and can be by now.
int64_t clock_counter_calibrating(void);

#endif
