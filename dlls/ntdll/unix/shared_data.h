// KUSER_SHARED_DATA at 7FFE0000h and our own page after it (thunks/nt/lowland.h).
#ifndef LOWLAND_SHARED_DATA_H
#define LOWLAND_SHARED_DATA_H

#include "loader/guest.h"
#include <stdbool.h>

#define SHARED_DATA_ADDRESS 0x7FFE0000u

// Fills both pages and maps them into the guest, KUSER_SHARED_DATA without access until its first touch.
// Once, after address_space_init and before the guest runs. False with errno.
bool shared_data_init(void);

// Whether a fault at address is the first touch of KUSER_SHARED_DATA: if so it is readable now and ticks, and
// the instruction can run again. From the fault path: async-signal-safe.
bool shared_data_touched(gptr address);

#endif
