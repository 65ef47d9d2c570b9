// What the 64-bit side shows the guest of its clocks: one page, read-only to the guest, beside
// KUSER_SHARED_DATA. Private to our own DLLs. Unlike KUSER_SHARED_DATA it does not tick, and reading it costs
// nothing.
#ifndef LOWLAND_NT_LOWLAND_H
#define LOWLAND_NT_LOWLAND_H

#include <stdint.h>

#define LOWLAND_SHARED_DATA_ADDRESS 0x7FFE1000u

// The performance counter (10 MHz, also interrupt time) is the time stamp counter by one scale per boot, the
// same in every process: (tsc * counter_scale >> 64) + counter_offset, with the full 128-bit product. While
// clock_ready is 0 (no usable TSC, or not yet measured) call NtQueryPerformanceCounter instead; such a call
// may set clock_ready.
struct lowland_shared_data {
    volatile uint32_t clock_ready; // written last, never cleared
    uint32_t reserved;
    uint64_t counter_scale;
    int64_t counter_offset;
};

#endif
