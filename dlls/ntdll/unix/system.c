// NtQuerySystemInformation: which class is answered by what, and the answers of a few numbers.
#include "dlls/ntdll/unix/process_object.h"
#include "dlls/ntdll/unix/system_answer.h"
#include "dlls/ntdll/unix/time_zone.h"
#include "loader/clock.h"
#include "loader/host_clock.h"
#include "loader/host_cpu.h"
#include "ntdll_host.h"
#include <cpuid.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

enum {
    PAGE = 4096,
    GRANULARITY = 65536,
    LOWEST_ADDRESS = GRANULARITY,
    HIGHEST_ADDRESS = 0x7FFEFFFF,
    CLOCK_INCREMENT = 156250, // 100 ns between clock interrupts
    CACHE_LINE = 64,
};

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

static uint32_t processor_feature_bits(void)
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
    uint32_t bits = KF_RDTSC | KF_CR4 | KF_CMOV | KF_GLOBAL_PAGE | KF_LARGE_PAGE | KF_MTRR | KF_CMPXCHG8B | KF_MMX |
                    KF_PAT | KF_FXSR | KF_FAST_SYSCALL | KF_XMMI | KF_XMMI64 | KF_NX_BIT;
    if (host_cpu()->extended_edx & bit_3DNOW) bits |= KF_3DNOW;
    return bits;
}

static void answer_processor(struct system_answer *answer, uint16_t architecture)
{
    const struct host_cpu *cpu = host_cpu();
    const SYSTEM_PROCESSOR_INFORMATION32 info = {
        .ProcessorArchitecture = architecture,
        .ProcessorLevel = (uint16_t)cpu->family,
        .ProcessorRevision = (uint16_t)(cpu->model << 8 | cpu->stepping),
        .Unknown = (uint16_t)host_cpu_count(),
        .FeatureBits = processor_feature_bits(),
    };
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

static void answer_u32(struct system_answer *answer, uint32_t value)
{
    answer_append(answer, &value, sizeof value);
}

static void answer_devices(struct system_answer *answer)
{
    const SYSTEM_DEVICE_INFORMATION32 info = {.NumberOfDisks = 1};
    answer_append(answer, &info, sizeof info);
}

// The kernel's modules are the host's and have no place that a program could name: Windows tells one that may
// not know addresses just as little.
static RTL_PROCESS_MODULE_INFORMATION32 kernel_module(void)
{
    static const char path[] = "\\SystemRoot\\system32\\ntoskrnl.exe";
    RTL_PROCESS_MODULE_INFORMATION32 info = {.LoadCount = 1,
                                             .OffsetToFileName = (uint16_t)(strrchr(path, '\\') + 1 - path)};
    memcpy(info.FullPathName, path, sizeof path);
    return info;
}

static void answer_modules(struct system_answer *answer)
{
    const RTL_PROCESS_MODULES32 info = {.NumberOfModules = 1, .Modules = {kernel_module()}};
    answer_append(answer, &info, sizeof info);
}

// A list that an offset of 0 ends (phnt's ntldr.h: RTL_PROCESS_MODULE_INFORMATION_EX).
static void answer_modules_extended(struct system_answer *answer)
{
    const struct {
        uint16_t next, padding;
        RTL_PROCESS_MODULE_INFORMATION32 base;
        uint32_t checksum, time_stamp, default_base;
    } info = {.next = sizeof info, .base = kernel_module()};
    const uint16_t end = 0;
    answer_append(answer, &info, sizeof info);
    answer_append(answer, &end, sizeof end);
}

static void answer_leap_seconds(struct system_answer *answer)
{
    const SYSTEM_LEAP_SECOND_INFORMATION32 info = {.Enabled = 1};
    answer_append(answer, &info, sizeof info);
}

static void answer_kernel_debugger(struct system_answer *answer)
{
    const SYSTEM_KERNEL_DEBUGGER_INFORMATION32 info = {.KernelDebuggerNotPresent = 1};
    answer_append(answer, &info, sizeof info);
}

static void answer_kernel_debugger_more(struct system_answer *answer)
{
    const SYSTEM_KERNEL_DEBUGGER_INFORMATION_EX32 info = {0};
    answer_append(answer, &info, sizeof info);
}

// No driver is loaded here that is not signed, since none is.
static void answer_code_integrity(struct system_answer *answer)
{
    enum { ENABLED = 1 }; // CODEINTEGRITY_OPTION_ENABLED
    const SYSTEM_CODEINTEGRITY_INFORMATION32 info = {.Length = sizeof info, .CodeIntegrityOptions = ENABLED};
    answer_append(answer, &info, sizeof info);
}

static void answer_processor_features(struct system_answer *answer)
{
    const SYSTEM_PROCESSOR_FEATURES_INFORMATION32 info = {.ProcessorFeatureBits = processor_feature_bits()};
    answer_append(answer, &info, sizeof info);
}

static void answer_intel(struct system_answer *answer)
{
    answer_processor(answer, PROCESSOR_ARCHITECTURE_INTEL);
}

static void answer_plain_processes(struct system_answer *answer)
{
    answer_processes(answer, false);
}

static void answer_extended_processes(struct system_answer *answer)
{
    answer_processes(answer, true);
}

static void answer_current_time_zone(struct system_answer *answer)
{
    answer_time_zone(answer, sizeof(TIME_ZONE_INFORMATION32));
}

static void answer_dynamic_time_zone(struct system_answer *answer)
{
    answer_time_zone(answer, sizeof(DYNAMIC_TIME_ZONE_INFORMATION32));
}

// The system-wide NtGlobalFlag: none.
static void answer_flags(struct system_answer *answer)
{
    answer_u32(answer, 0);
}

static void answer_alignment(struct system_answer *answer)
{
    answer_u32(answer, CACHE_LINE);
}

// The lists of a kernel of which there is none.
static void answer_nothing(struct system_answer *answer)
{
    (void)answer;
}

// SystemModuleInformationEx, which thunks/nt/system.h lacks.
enum { SYSTEM_MODULES_EXTENDED = 77 };

// How a class is answered, and which lengths it takes.
enum fit {
    FIT_AT_LEAST,
    FIT_EXACT,  // no longer buffer either
    FIT_CUT,    // as much as there is room for; no longer buffer
    FIT_RECORDS // as many whole ones as there is room for
};
static const struct answer_class {
    uint32_t class;
    enum fit fit;
    void (*answer)(struct system_answer *answer);
} classes[] = {
    {SystemBasicInformation, FIT_EXACT, answer_basic},
    {SystemProcessorInformation, FIT_AT_LEAST, answer_intel},
    {SystemPerformanceInformation, FIT_AT_LEAST, answer_performance},
    {SystemTimeOfDayInformation, FIT_CUT, answer_time_of_day},
    {SystemProcessInformation, FIT_AT_LEAST, answer_plain_processes},
    {SystemDeviceInformation, FIT_EXACT, answer_devices},
    {SystemProcessorPerformanceInformation, FIT_RECORDS, answer_processor_times},
    {SystemFlagsInformation, FIT_EXACT, answer_flags},
    {SystemModuleInformation, FIT_AT_LEAST, answer_modules},
    {SystemHandleInformation, FIT_AT_LEAST, answer_handles},
    {SystemPagefileInformation, FIT_AT_LEAST, answer_page_files},
    {SystemFileCacheInformation, FIT_AT_LEAST, answer_file_cache},
    {SystemInterruptInformation, FIT_AT_LEAST, answer_interrupts},
    {SystemTimeAdjustmentInformation, FIT_EXACT, answer_time_adjustment},
    {SystemKernelDebuggerInformation, FIT_AT_LEAST, answer_kernel_debugger},
    {SystemContextSwitchInformation, FIT_AT_LEAST, answer_context_switches},
    {SystemRegistryQuotaInformation, FIT_AT_LEAST, answer_registry_quota},
    {SystemProcessorIdleInformation, FIT_AT_LEAST, answer_processor_idle},
    {SystemCurrentTimeZoneInformation, FIT_AT_LEAST, answer_current_time_zone},
    {SystemLookasideInformation, FIT_AT_LEAST, answer_nothing},
    {SystemNumaProcessorMap, FIT_AT_LEAST, answer_numa_processors},
    {SystemExtendedProcessInformation, FIT_AT_LEAST, answer_extended_processes},
    {SystemRecommendedSharedDataAlignment, FIT_EXACT, answer_alignment},
    {SystemNumaAvailableMemory, FIT_AT_LEAST, answer_numa_memory},
    {SystemEmulationBasicInformation, FIT_EXACT, answer_basic},
    {SystemEmulationProcessorInformation, FIT_AT_LEAST, answer_intel},
    {SystemExtendedHandleInformation, FIT_AT_LEAST, answer_handles_extended},
    {SystemLogicalProcessorInformation, FIT_AT_LEAST, answer_processors},
    {SYSTEM_MODULES_EXTENDED, FIT_AT_LEAST, answer_modules_extended},
    {SystemMemoryListInformation, FIT_EXACT, answer_memory_lists},
    {SystemFileCacheInformationEx, FIT_AT_LEAST, answer_file_cache},
    {SystemProcessorIdleCycleTimeInformation, FIT_AT_LEAST, answer_processor_idle_cycles},
    {SystemBootEnvironmentInformation, FIT_EXACT, answer_boot_environment},
    {SystemDynamicTimeZoneInformation, FIT_AT_LEAST, answer_dynamic_time_zone},
    {SystemCodeIntegrityInformation, FIT_EXACT, answer_code_integrity},
    {SystemProcessorBrandString, FIT_AT_LEAST, answer_processor_brand},
    {SystemProcessorCycleTimeInformation, FIT_AT_LEAST, answer_processor_cycles},
    {SystemBasicPerformanceInformation, FIT_EXACT, answer_basic_performance},
    {SystemSecureBootInformation, FIT_EXACT, answer_secure_boot},
    {SystemKernelDebuggerInformationEx, FIT_EXACT, answer_kernel_debugger_more},
    {SystemProcessorFeaturesInformation, FIT_EXACT, answer_processor_features},
    {SystemMemoryUsageInformation, FIT_EXACT, answer_memory_usage},
    {SystemPhysicalMemoryInformation, FIT_EXACT, answer_physical_memory},
    {SystemLeapSecondInformation, FIT_EXACT, answer_leap_seconds},
};

static const struct answer_class *find_class(uint32_t class)
{
    for (uint32_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].class == class) return &classes[i];
    return NULL;
}

// Writes an answer to a buffer of another length as the class has it. Gives the answer's memory back.
static NTSTATUS deliver(struct system_answer *answer, enum fit fit, gptr buffer, uint32_t length,
                        uint32_t *result_length)
{
    uint32_t size = answer->size;
    if (fit == FIT_CUT && length < size) size = length;
    if (fit == FIT_RECORDS && length < size)
        size = length - length % sizeof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION32);
    if (result_length) *result_length = size ? size : answer->size;
    bool too_long = length > size && (fit == FIT_EXACT || fit == FIT_CUT);
    if (!answer->failed && (too_long || (!size && fit == FIT_RECORDS))) {
        free(answer->bytes);
        return STATUS_INFO_LENGTH_MISMATCH;
    }
    return answer_deliver(answer, size, buffer, length, STATUS_INFO_LENGTH_MISMATCH);
}

NTSTATUS NtQuerySystemInformation(uint32_t class, gptr buffer, uint32_t length, uint32_t *result_length)
{
    struct system_answer answer = {.address = buffer};
    switch (class) { // those that read what the buffer asks for
    case SystemFirmwareTableInformation: return firmware_table_query(buffer, length, result_length);
    case SystemProcessIdInformation: return process_id_query(buffer, length, result_length);
    case SystemSessionProcessInformation: return session_processes_query(buffer, length, result_length);
    case SystemObjectInformation: return STATUS_UNSUCCESSFUL; // a flag of the system's start would keep them
    }
    const struct answer_class *answered = find_class(class);
    if (!answered) return STATUS_INVALID_INFO_CLASS;
    answered->answer(&answer);
    return deliver(&answer, answered->fit, buffer, length, result_length);
}

// The sets that a process may run on; they are the same for all.
static NTSTATUS query_cpu_sets(HANDLE32 process, gptr buffer, uint32_t length, uint32_t *result_length)
{
    struct system_answer answer = {.address = buffer};
    if (result_length) *result_length = 0;
    NTSTATUS status = process ? process_check(process, PROCESS_QUERY_LIMITED_INFORMATION) : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return status;
    answer_cpu_sets(&answer);
    status = answer_deliver(&answer, answer.size, buffer, length, STATUS_BUFFER_TOO_SMALL);
    if (result_length && status != STATUS_ACCESS_VIOLATION) *result_length = answer.size;
    return status;
}

// What runs on this machine: the kernel's own code, and that of 32-bit processes like the caller.
static void answer_architectures(struct system_answer *answer, bool wow64)
{
    // SYSTEM_SUPPORTED_PROCESSOR_ARCHITECTURES_INFORMATION (winnt.h): the machine in the lower half.
    enum { KERNEL = 0x10000, USER = 0x20000, NATIVE = 0x40000, PROCESS = 0x80000, WOW64 = 0x100000 };
    answer_u32(answer, IMAGE_FILE_MACHINE_AMD64 | KERNEL | USER | NATIVE);
    answer_u32(answer, IMAGE_FILE_MACHINE_I386 | USER | WOW64 | (wow64 ? PROCESS : 0));
    answer_u32(answer, 0);
}

static NTSTATUS query_architectures(HANDLE32 process, gptr buffer, uint32_t length, uint32_t *result_length)
{
    struct system_answer answer = {.address = buffer};
    NTSTATUS status = process ? process_check(process, PROCESS_QUERY_LIMITED_INFORMATION) : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return status;
    answer_architectures(&answer, process != 0);
    if (result_length) *result_length = answer.size;
    return answer_deliver(&answer, answer.size, buffer, length, STATUS_BUFFER_TOO_SMALL);
}

NTSTATUS NtQuerySystemInformationEx(uint32_t class, gptr parameters, uint32_t parameters_length, gptr buffer,
                                    uint32_t length, uint32_t *result_length)
{
    struct system_answer answer = {.address = buffer};
    uint32_t parameter;
    if (class != SystemLogicalProcessorInformationEx && class != SystemCpuSetInformation &&
        class != SystemSupportedProcessorArchitectures)
        return STATUS_INVALID_INFO_CLASS;
    if (!parameters || parameters_length < sizeof parameter) return STATUS_INVALID_PARAMETER;
    if (!guest_read32(&parameter, parameters)) return STATUS_ACCESS_VIOLATION;
    if (class == SystemCpuSetInformation) return query_cpu_sets(parameter, buffer, length, result_length);
    if (class == SystemSupportedProcessorArchitectures)
        return query_architectures(parameter, buffer, length, result_length);
    answer_processors_extended(&answer, parameter);
    return deliver(&answer, FIT_AT_LEAST, buffer, length, result_length);
}
