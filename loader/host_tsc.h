// The processor's time stamp counter as far as the host vouches for it.
#ifndef LOWLAND_HOST_TSC_H
#define LOWLAND_HOST_TSC_H

#include <stdbool.h>
#include <stdint.h>

static inline uint64_t host_tsc(void)
{
    return __builtin_ia32_rdtsc();
}

// Whether the host itself takes its time from the TSC: then it is in step on all processors.
bool host_tsc_is_clock(void);

// The kernel's own scale: ns = tsc * mult >> shift. False where it keeps that to itself.
bool host_tsc_kernel_scale(uint32_t *mult, uint32_t *shift);

#endif
