// Segment descriptors of the host: the LDT entries that hold each TEB's base.
#ifndef LOWLAND_HOST_SEGMENTS_H
#define LOWLAND_HOST_SEGMENTS_H

#include <stdbool.h>
#include <stdint.h>

// Whether the descriptor that the gate switches to is there: some hypervisors run 64-bit code only.
bool host_segments_run_32_bit_code(void);

// Sets LDT entries [first, first + count) to data segments at base, base + stride, ... False when the host
// refuses. Costs a system call each, and a broadcast when other threads run: fill in batches.
bool host_segments_fill(unsigned first, unsigned count, uint32_t base, uint32_t stride);

// The selector of an LDT entry.
static inline uint16_t host_segment_selector(unsigned entry)
{
    return entry << 3 | 7;
}

// Loads DS, ES and FS of the calling thread for guest code; the FS base stays the host's.
void host_segments_load(uint16_t fs_selector);

#endif
