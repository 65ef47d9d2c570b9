// The processors as the guest may know them.
#ifndef LOWLAND_HOST_CPU_H
#define LOWLAND_HOST_CPU_H

#include <stdbool.h>
#include <stdint.h>

struct host_cpu {
    uint32_t family, model, stepping;
    uint32_t features_edx, features_ecx; // CPUID 1
    uint32_t features_7_ebx;
    uint32_t extended_edx, extended_ecx; // CPUID 80000001h
    uint64_t xstate;                     // state components that the host saves, 0 without XSAVE
};

// Read once, then the same pointer.
const struct host_cpu *host_cpu(void);

// Processors that the process may run on.
uint32_t host_cpu_count(void);

#endif
