// The fault-fixup half of the guest-memory primitives (guest.h), for the signal handler.
#ifndef LOWLAND_GUEST_MEMORY_H
#define LOWLAND_GUEST_MEMORY_H

#include <stdint.h>

// Where execution goes on when a guest access at this program counter faults for good; 0 when pc lies in no
// primitive. Async-signal-safe.
uintptr_t guest_fixup_for(uintptr_t pc);

#endif
