// NtQuerySystemInformation: which class is answered by what, and the answers of a few numbers.
#include "dlls/ntdll/unix/process_object.h"
#include "dlls/ntdll/unix/system_answer.h"
#include "dlls/ntdll/unix/time_zone.h"
#include "loader/clock.h"
#include "loader/host_clock.h"
#include "loader/host_cpu.h"
#include "ntdll_host.h"
#include <cpuid.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

enum {
    PAGE = 4096,
    GRANULARITY = 65536,
    LOWEST_ADDRESS = GRANULARITY,
    HIGHEST_ADDRESS = 0x7FFEFFFF,
    CLOCK_INCREMENT = 156250, // 100 ns between clock interrupts
};

uint32_t answer_append(struct system_answer *answer, const void *bytes, uint32_t size)
{
    uint32_t at = answer->size;
    if (at + size > answer->capacity) {
        uint32_t wanted = (at + size) * 2;
        uint8_t *larger = realloc(answer->bytes, wanted);
        if (!larger) {
            answer->failed = true;
            return 0;
        }
        answer->bytes = larger;
        answer->capacity = wanted;
    }
    if (bytes)
        memcpy(answer->bytes + at, bytes, size);
    else
        memset(answer->bytes + at, 0, size);
    answer->size += size;
    return at;
}

// Pages of memory: all, free, and what may be committed with swap.
struct memory_pages {
    uint32_t total, available, commit_limit, committed;
};

static struct memory_pages memory_pages(void)
{
    struct sysinfo info = {0};
    struct memory_pages pages;
    sysinfo(&info);
    uint64_t unit = info.mem_unit ? info.mem_unit : 1;
    uint64_t free = (info.freeram + info.bufferram) * unit;
    // What the kernel would give up for programs counts as free, too.
    FILE *file = fopen("/proc/meminfo", "re");
    char line[128];
    unsigned long long kib;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "MemAvailable: %llu", &kib) == 1) free = kib * 1024;
    if (file) fclose(file);
    pages.total = (uint32_t)(info.totalram * unit / PAGE);
    pages.available = (uint32_t)(free / PAGE);
    pages.commit_limit = (uint32_t)((info.totalram + info.totalswap) * unit / PAGE);
    pages.committed = pages.commit_limit - (uint32_t)((free + info.freeswap * unit) / PAGE);
    return pages;
}

static void answer_basic(struct system_answer *answer)
{
    uint32_t count = host_cpu_count();
    struct sysinfo memory = {0};
    sysinfo(&memory);
    SYSTEM_BASIC_INFORMATION32 info = {
        .MaximumIncrement = CLOCK_INCREMENT,
        .PhysicalPageSize = PAGE,
        .NumberOfPhysicalPages = (uint32_t)((uint64_t)memory.totalram * memory.mem_unit / PAGE),
        .LowestPhysicalPage = 1,
        .AllocationGranularity = GRANULARITY,
        .LowestUserAddress = LOWEST_ADDRESS,
        .HighestUserAddress = HIGHEST_ADDRESS,
        .ActiveProcessors = count >= 32 ? UINT32_MAX : (1u << count) - 1,
        .NumberOfProcessors = (char)(count > 32 ? 32 : count),
    };
    info.HighestPhysicalPage = info.NumberOfPhysicalPages;
    answer_append(answer, &info, sizeof info);
}

static void answer_processor(struct system_answer *answer, uint16_t architecture)
{
    // Feature bits of the kernel's own numbering (KF_*): what x86 processors of this century have.
    enum {
        KF_RDTSC = 2,
        KF_CR4 = 4,
        KF_CMOV = 8,
        KF_GLOBAL_PAGE = 0x10,
        KF_LARGE_PAGE = 0x20,
        KF_MTRR = 0x40,
        KF_CMPXCHG8B = 0x80,
        KF_MMX = 0x100,
        KF_PAT = 0x400,
        KF_FXSR = 0x800,
        KF_FAST_SYSCALL = 0x1000,
        KF_XMMI = 0x2000,
        KF_3DNOW = 0x4000,
        KF_XMMI64 = 0x10000,
        KF_NX_BIT = 0x20000000
    };
    const struct host_cpu *cpu = host_cpu();
    SYSTEM_PROCESSOR_INFORMATION32 info = {
        .ProcessorArchitecture = architecture,
        .ProcessorLevel = (uint16_t)cpu->family,
        .ProcessorRevision = (uint16_t)(cpu->model << 8 | cpu->stepping),
        .Unknown = (uint16_t)host_cpu_count(),
        .FeatureBits = KF_RDTSC | KF_CR4 | KF_CMOV | KF_GLOBAL_PAGE | KF_LARGE_PAGE | KF_MTRR | KF_CMPXCHG8B |
                       KF_MMX | KF_PAT | KF_FXSR | KF_FAST_SYSCALL | KF_XMMI | KF_XMMI64 | KF_NX_BIT,
    };
    if (cpu->extended_edx & bit_3DNOW) info.FeatureBits |= KF_3DNOW;
    answer_append(answer, &info, sizeof info);
}

static void answer_performance(struct system_answer *answer)
{
    struct memory_pages pages = memory_pages();
    SYSTEM_PERFORMANCE_INFORMATION32 info = {
        .AvailablePages = pages.available,
        .TotalCommittedPages = pages.committed,
        .TotalCommitLimit = pages.commit_limit,
        .PeakCommitment = pages.committed,
    };
    FILE *file = fopen("/proc/uptime", "re");
    double up, idle;
    if (file && fscanf(file, "%lf %lf", &up, &idle) == 2) info.IdleTime.QuadPart = (int64_t)(idle * 1e7);
    if (file) fclose(file);
    answer_append(answer, &info, sizeof info);
}

static void answer_time_of_day(struct system_answer *answer)
{
    uint32_t id;
    int64_t now = host_system_time();
    SYSTEM_TIMEOFDAY_INFORMATION32 info = {.CurrentTime.QuadPart = now};
    info.BootTime.QuadPart = now - host_monotonic_ns() / 100;
    info.TimeZoneBias.QuadPart = (int64_t)time_zone_bias_now(&id) * 60 * 10000000;
    info.CurrentTimeZoneId = id;
    answer_append(answer, &info, sizeof info);
}

static void answer_time_adjustment(struct system_answer *answer)
{
    const SYSTEM_TIME_ADJUSTMENT_QUERY32 info = {
        .TimeAdjustment = CLOCK_INCREMENT, .TimeIncrement = CLOCK_INCREMENT, .TimeAdjustmentDisabled = 1};
    answer_append(answer, &info, sizeof info);
}

static void answer_time_zone(struct system_answer *answer, uint32_t size)
{
    DYNAMIC_TIME_ZONE_INFORMATION32 zone; // begins with a TIME_ZONE_INFORMATION
    time_zone_get(&zone);
    answer_append(answer, &zone, size);
}

// Builds the answer of a class. parameter is that of the Ex call.
static NTSTATUS answer_class(struct system_answer *answer, uint32_t class, uint32_t parameter)
{
    switch (class) {
    case SystemBasicInformation:
    case SystemEmulationBasicInformation: answer_basic(answer); return STATUS_SUCCESS;
    case SystemProcessorInformation:
        answer_processor(answer, PROCESSOR_ARCHITECTURE_INTEL);
        return STATUS_SUCCESS;
    case SystemEmulationProcessorInformation:
        // GetNativeSystemInfo's.
        answer_processor(answer, PROCESSOR_ARCHITECTURE_AMD64);
        return STATUS_SUCCESS;
    case SystemPerformanceInformation: answer_performance(answer); return STATUS_SUCCESS;
    case SystemTimeOfDayInformation: answer_time_of_day(answer); return STATUS_SUCCESS;
    case SystemProcessInformation: answer_processes(answer); return STATUS_SUCCESS;
    case SystemProcessorPerformanceInformation: answer_processor_times(answer); return STATUS_SUCCESS;
    case SystemProcessorIdleCycleTimeInformation: answer_processor_idle_cycles(answer); return STATUS_SUCCESS;
    case SystemHandleInformation: answer_handles(answer); return STATUS_SUCCESS;
    case SystemExtendedHandleInformation: answer_handles_extended(answer); return STATUS_SUCCESS;
    case SystemTimeAdjustmentInformation: answer_time_adjustment(answer); return STATUS_SUCCESS;
    case SystemKernelDebuggerInformation: {
        const SYSTEM_KERNEL_DEBUGGER_INFORMATION32 info = {.KernelDebuggerNotPresent = 1};
        answer_append(answer, &info, sizeof info);
        return STATUS_SUCCESS;
    }
    case SystemCurrentTimeZoneInformation:
        answer_time_zone(answer, sizeof(TIME_ZONE_INFORMATION32));
        return STATUS_SUCCESS;
    case SystemDynamicTimeZoneInformation:
        answer_time_zone(answer, sizeof(DYNAMIC_TIME_ZONE_INFORMATION32));
        return STATUS_SUCCESS;
    case SystemLogicalProcessorInformation: answer_processors(answer); return STATUS_SUCCESS;
    case SystemLogicalProcessorInformationEx:
        answer_processors_extended(answer, parameter);
        return STATUS_SUCCESS;
    case SystemRegistryQuotaInformation: answer_registry_quota(answer); return STATUS_SUCCESS;
    case SystemCodeIntegrityInformation: {
        const SYSTEM_CODEINTEGRITY_INFORMATION32 info = {.Length = sizeof info};
        answer_append(answer, &info, sizeof info);
        return STATUS_SUCCESS;
    }
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS query(uint32_t class, uint32_t parameter, gptr buffer, uint32_t length,
                      uint32_t *result_length)
{
    struct system_answer answer = {.address = buffer};
    NTSTATUS status = answer_class(&answer, class, parameter);
    if (status == STATUS_SUCCESS && answer.failed) status = STATUS_NO_MEMORY;
    if (status == STATUS_SUCCESS) {
        uint32_t size = answer.size;
        // The time of day and the processors' times come as far as there is room.
        if (class == SystemTimeOfDayInformation && length > size) status = STATUS_INFO_LENGTH_MISMATCH;
        if (class == SystemTimeOfDayInformation && length < size) size = length;
        if (class == SystemProcessorPerformanceInformation && length < size)
            size = length - length % sizeof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION32);
        if (result_length) *result_length = size ? size : answer.size;
        if (length < size || (!size && class == SystemProcessorPerformanceInformation))
            status = STATUS_INFO_LENGTH_MISMATCH;
        else if (status == STATUS_SUCCESS && !guest_write(buffer, answer.bytes, size))
            status = STATUS_ACCESS_VIOLATION;
    }
    free(answer.bytes);
    return status;
}

NTSTATUS NtQuerySystemInformation(uint32_t class, gptr buffer, uint32_t length, uint32_t *result_length)
{
    if (class == SystemLogicalProcessorInformationEx) return STATUS_INVALID_INFO_CLASS; // needs a parameter
    return query(class, 0, buffer, length, result_length);
}

// The sets that a process may run on; they are the same for all.
static NTSTATUS query_cpu_sets(HANDLE32 process, gptr buffer, uint32_t length, uint32_t *result_length)
{
    struct system_answer answer = {.address = buffer};
    if (result_length) *result_length = 0;
    NTSTATUS status = process ? process_check(process, PROCESS_QUERY_LIMITED_INFORMATION) : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return status;
    answer_cpu_sets(&answer);
    if (answer.failed)
        status = STATUS_NO_MEMORY;
    else if (length < answer.size)
        status = STATUS_BUFFER_TOO_SMALL;
    else if (!guest_write(buffer, answer.bytes, answer.size))
        status = STATUS_ACCESS_VIOLATION;
    if (result_length && status != STATUS_ACCESS_VIOLATION) *result_length = answer.size;
    free(answer.bytes);
    return status;
}

NTSTATUS NtQuerySystemInformationEx(uint32_t class, gptr parameters, uint32_t parameters_length, gptr buffer,
                                    uint32_t length, uint32_t *result_length)
{
    enum { SystemCpuSetInformation = 175 };
    uint32_t parameter;
    if (class != SystemLogicalProcessorInformationEx && class != SystemCpuSetInformation)
        return STATUS_INVALID_INFO_CLASS;
    if (!parameters || parameters_length < sizeof parameter) return STATUS_INVALID_PARAMETER;
    if (!guest_read32(&parameter, parameters)) return STATUS_ACCESS_VIOLATION;
    if (class == SystemCpuSetInformation) return query_cpu_sets(parameter, buffer, length, result_length);
    return query(class, parameter, buffer, length, result_length);
}
