// CPUID and the scheduler's affinity.
#include "loader/host_cpu.h"
#include <cpuid.h>
#include <pthread.h>
#include <sched.h>

static struct host_cpu cpu;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint64_t read_xcr0(void)
{
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static void identify(void)
{
    // Each CPUID costs microseconds where a hypervisor answers it.
    uint32_t a, b, c, d;
    __cpuid(1, a, b, cpu.features_ecx, cpu.features_edx);
    cpu.stepping = a & 15;
    cpu.family = a >> 8 & 15;
    cpu.model = a >> 4 & 15;
    if (cpu.family == 6 || cpu.family == 15) cpu.model |= a >> 12 & 0xF0;
    if (cpu.family == 15) cpu.family += a >> 20 & 0xFF;
    if (cpu.features_ecx & bit_OSXSAVE) __cpuid_count(7, 0, a, cpu.features_7_ebx, c, d);
    __cpuid(0x80000001, a, b, cpu.extended_ecx, cpu.extended_edx);
    if (cpu.features_ecx & bit_OSXSAVE) cpu.xstate = read_xcr0();
}

const struct host_cpu *host_cpu(void)
{
    pthread_once(&once, identify);
    return &cpu;
}

uint32_t host_cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? (uint32_t)n : 1;
}
