// KUSER_SHARED_DATA at 7FFE0000h and our own page after it (thunks/nt/lowland.h).
#ifndef LOWLAND_SHARED_DATA_H
#define LOWLAND_SHARED_DATA_H

#include "address_space.h"
#include <stdatomic.h>

#define SHARED_DATA_ADDRESS 0x7FFE0000u

// Fills both pages and maps them into the guest, KUSER_SHARED_DATA without access until its first touch.
// Once, after address_space_init and before the guest runs. False with errno.
bool shared_data_init(void);

// Whether a fault at address is a first touch of KUSER_SHARED_DATA: if so it is readable now and ticks, and
// the instruction can run again. From the fault path: async-signal-safe.
bool shared_data_touched(gptr address, enum vm_access access);

// The clocks stand still while no guest thread runs. A thread says when it begins and ceases to (its life,
// and each time it blocks); one that wakes the others from such a pause brings the clocks up to date first.
void shared_data_thread_runs(void);
void shared_data_thread_stops(void);

// Ticks follow timeBeginPeriod: the interval in 100 ns, from 1 ms to 15.625 ms.
void shared_data_set_interval(uint32_t interval);

#endif
