// NtQueryInformationProcess and NtSetInformationProcess: the less common classes. Sources: phnt's ntpsapi.h,
// Microsoft's documentation of GetProcessMitigationPolicy, SetProcessInformation and
// SetProcessWorkingSetSizeEx.
#include "process_detail.h"
#include "dos_device.h"
#include "information.h"
#include "memory_request.h"
#include "ntdll_host.h"
#include "object_types.h"
#include "process_info.h"
#include "system_answer.h"
#include "thread_times.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, PAGE_PRIORITY_NORMAL = 5, IO_PRIORITY_NORMAL = 2 };

struct process_settings process_settings_default(void)
{
    return (struct process_settings){.page_priority = PAGE_PRIORITY_NORMAL,
                                     .io_priority = IO_PRIORITY_NORMAL,
                                     .working_set = {50 * PAGE, 345 * PAGE}};
}

// ---- limits and numbers ----

static NTSTATUS query_quota(const struct process_object *process, gptr buffer, uint32_t length,
                            uint32_t *result)
{
    QUOTA_LIMITS_EX32 limits = {.PagedPoolLimit = UINT32_MAX,
                                .NonPagedPoolLimit = UINT32_MAX,
                                .MinimumWorkingSetSize = process->settings.working_set[0],
                                .MaximumWorkingSetSize = process->settings.working_set[1],
                                .PagefileLimit = UINT32_MAX,
                                .WorkingSetLimit = 0,
                                .Flags = QUOTA_LIMITS_HARDWS_MIN_DISABLE | QUOTA_LIMITS_HARDWS_MAX_DISABLE};
    limits.TimeLimit.QuadPart = -1;
    // The short form is the long one's beginning.
    uint32_t size = length == sizeof(QUOTA_LIMITS32) ? sizeof(QUOTA_LIMITS32) : sizeof limits;
    return information_write(buffer, length, &limits, size, true, result);
}

static NTSTATUS query_pools(gptr buffer, uint32_t length, uint32_t *result)
{
    const POOLED_USAGE_AND_LIMITS32 info = {
        .PagedPoolLimit = UINT32_MAX, .NonPagedPoolLimit = UINT32_MAX, .PagefileLimit = UINT32_MAX};
    return information_write(buffer, length, &info, sizeof info, true, result);
}

void process_io_counters(int host_pid, IO_COUNTERS32 *counters)
{
    char path[32], line[64];
    unsigned long long number;
    snprintf(path, sizeof path, "/proc/%d/io", host_pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "rchar: %llu", &number) == 1) counters->ReadTransferCount += number;
        if (sscanf(line, "wchar: %llu", &number) == 1) counters->WriteTransferCount += number;
        if (sscanf(line, "syscr: %llu", &number) == 1) counters->ReadOperationCount += number;
        if (sscanf(line, "syscw: %llu", &number) == 1) counters->WriteOperationCount += number;
    }
    if (file) fclose(file);
}

static NTSTATUS query_io_counters(const struct process_object *process, gptr buffer, uint32_t length,
                                  uint32_t *result)
{
    IO_COUNTERS32 counters = {0};
    process_io_counters(process->host_pid, &counters);
    return information_write(buffer, length, &counters, sizeof counters, true, result);
}

static NTSTATUS query_cycles(const struct process_object *process, gptr buffer, uint32_t length,
                             uint32_t *result)
{
    struct kernel_user_times times = {.UserTime = (int64_t)process->user_time,
                                      .KernelTime = (int64_t)process->kernel_time};
    process_cpu_times(process->host_pid, &times);
    const uint64_t cycles = thread_times_cycles((uint64_t)(times.UserTime + times.KernelTime));
    const PROCESS_CYCLE_TIME_INFORMATION32 info = {.AccumulatedCycles = cycles, .CurrentCycleCount = cycles};
    return information_write(buffer, length, &info, sizeof info, true, result);
}

// One processor group, number 0.
static NTSTATUS query_groups(gptr buffer, uint32_t length, uint32_t *result)
{
    const uint16_t group = 0;
    if (result) *result = sizeof group;
    if (length < sizeof group) return STATUS_BUFFER_TOO_SMALL;
    return guest_write(buffer, &group, sizeof group) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS query_device_map(gptr buffer, uint32_t length, uint32_t *result)
{
    enum { LETTERS = 26, FIXED = 3 }; // DOSDEVICE_DRIVE_FIXED
    PROCESS_DEVICEMAP_INFORMATION_EX32 map = {0};
    uint16_t target[4096];
    for (unsigned i = 0; i < LETTERS; i++) {
        const uint16_t name[3] = {(uint16_t)('A' + i), ':', 0};
        if (!dos_device_target(name, 2, target, sizeof target / sizeof *target)) continue;
        map.DriveMap |= 1u << i;
        map.DriveType[i] = FIXED;
    }
    uint32_t size = length == sizeof(PROCESS_DEVICEMAP_INFORMATION32)
                        ? sizeof(PROCESS_DEVICEMAP_INFORMATION32)
                        : sizeof map;
    return information_write(buffer, length, &map, size, true, result);
}

static NTSTATUS query_throttling(const struct process_object *process, gptr buffer, uint32_t length,
                                 uint32_t *result)
{
    const POWER_THROTTLING_STATE32 state = {.Version = THROTTLING_VERSION,
                                            .ControlMask = process->settings.throttling >> 16,
                                            .StateMask = process->settings.throttling & 0xffff};
    return information_write(buffer, length, &state, sizeof state, true, result);
}

static NTSTATUS query_zeroes(uint32_t size, gptr buffer, uint32_t length, uint32_t *result)
{
    static const uint8_t zeroes[16];
    return information_write(buffer, length, zeroes, size, true, result);
}

// ---- its parameters ----

static bool read_memory(struct process_object *process, gptr address, void *bytes, uint32_t n)
{
    return process == process_object_self() ? guest_read(bytes, address, n)
                                            : peer_memory_peek(process, address, bytes, n);
}

// A string of the process's parameters, malloc'd with room for one more unit; NULL: not readable.
static uint16_t *read_parameter(struct process_object *process, uint32_t offset, uint32_t *bytes,
                                uint32_t *flags)
{
    UNICODE_STRING32 string;
    gptr parameters;
    if (!read_memory(process, process->peb + offsetof(PEB32, ProcessParameters), &parameters,
                     sizeof parameters) ||
        !read_memory(process, parameters + offset, &string, sizeof string) ||
        !read_memory(process, parameters + offsetof(RTL_USER_PROCESS_PARAMETERS32, WindowFlags), flags,
                     sizeof *flags))
        return NULL;
    uint16_t *text = malloc(string.Length + sizeof *text);
    *bytes = string.Length & ~1u;
    if (text && *bytes && !read_memory(process, string.Buffer, text, *bytes)) {
        free(text);
        return NULL;
    }
    return text;
}

static NTSTATUS query_command_line(struct process_object *process, gptr buffer, uint32_t length,
                                   uint32_t *result)
{
    uint32_t bytes, flags, needed;
    uint16_t *text =
        read_parameter(process, offsetof(RTL_USER_PROCESS_PARAMETERS32, CommandLine), &bytes, &flags);
    if (!text) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = object_write_string(buffer, length, text, bytes / 2, &needed);
    free(text);
    if (result) *result = needed;
    return status;
}

// The flags, and the title without a NUL.
static NTSTATUS query_window(struct process_object *process, gptr buffer, uint32_t length, uint32_t *result)
{
    enum { HEAD = offsetof(PROCESS_WINDOW_INFORMATION32, WindowTitle) };
    uint32_t bytes, flags;
    uint16_t *text =
        read_parameter(process, offsetof(RTL_USER_PROCESS_PARAMETERS32, WindowTitle), &bytes, &flags);
    if (!text) return STATUS_ACCESS_VIOLATION;
    const PROCESS_WINDOW_INFORMATION32 head = {.WindowFlags = flags, .WindowTitleLength = (uint16_t)bytes};
    NTSTATUS status = STATUS_SUCCESS;
    if (result) *result = HEAD + bytes;
    if (length < HEAD + bytes)
        status = STATUS_INFO_LENGTH_MISMATCH;
    else if (!guest_write(buffer, &head, HEAD) || !guest_write(buffer + HEAD, text, bytes))
        status = STATUS_ACCESS_VIOLATION;
    free(text);
    return status;
}

// ---- its handles ----

static void append_handle(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes,
                          void *context)
{
    const PROCESS_HANDLE_TABLE_ENTRY_INFO32 entry = {.HandleValue = handle,
                                                     .HandleCount = atomic_load(&object->handles),
                                                     .PointerCount = atomic_load(&object->references),
                                                     .GrantedAccess = access,
                                                     .ObjectTypeIndex = object_type_index(object->type),
                                                     .HandleAttributes = attributes};
    answer_append(context, &entry, sizeof entry);
}

// Those of this process: others keep theirs to themselves.
static NTSTATUS query_handles(const struct process_object *process, gptr buffer, uint32_t length,
                              uint32_t *result)
{
    struct system_answer answer = {0};
    if (process != process_object_self()) return STATUS_NOT_SUPPORTED;
    uint32_t head = answer_append(&answer, NULL, 2 * sizeof(uint32_t)), behind = answer.size;
    handle_for_each(0, append_handle, &answer);
    if (result) *result = answer.size;
    uint32_t count = (answer.size - behind) / (uint32_t)sizeof(PROCESS_HANDLE_TABLE_ENTRY_INFO32);
    if (!answer.failed) memcpy(answer.bytes + head, &count, sizeof count);
    return answer_deliver(&answer, answer.size, buffer, length, STATUS_INFO_LENGTH_MISMATCH);
}

// ---- mitigations (PROCESS_MITIGATION_POLICY) ----

enum policy {
    POLICY_DEP, // asked by ProcessExecuteFlags
    POLICY_EXTENSION_POINTS = 6,
    POLICY_FONTS = 9,
    POLICIES = 17,
};

static NTSTATUS query_mitigation(const struct process_object *process, gptr buffer, uint32_t length,
                                 uint32_t *result)
{
    PROCESS_MITIGATION_POLICY_INFORMATION32 info;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (info.Policy == POLICY_DEP || info.Policy >= POLICIES) return STATUS_INVALID_PARAMETER;
    info.Flags = process->settings.mitigations >> info.Policy & 1;
    return information_write(buffer, length, &info, sizeof info, true, result);
}

// There are no extension points here and no fonts of programs: what forbids them holds already. Others would
// have to be enforced.
static NTSTATUS set_mitigation(struct process_object *process, gptr buffer, uint32_t length)
{
    PROCESS_MITIGATION_POLICY_INFORMATION32 info;
    NTSTATUS status = information_read(buffer, length, &info, sizeof info);
    if (!NT_SUCCESS(status)) return status;
    if (info.Policy == POLICY_DEP || info.Policy >= POLICIES) return STATUS_INVALID_PARAMETER;
    const uint32_t bit = 1u << info.Policy;
    if (process != process_object_self()) return STATUS_ACCESS_DENIED;
    if (info.Flags && info.Policy != POLICY_EXTENSION_POINTS && info.Policy != POLICY_FONTS)
        return STATUS_NOT_SUPPORTED;
    if (info.Flags & ~1u) return STATUS_INVALID_PARAMETER;
    if (!info.Flags && (process->settings.mitigations & bit)) return STATUS_ACCESS_DENIED; // for good
    if (info.Flags) process->settings.mitigations |= bit;
    return STATUS_SUCCESS;
}

// ---- by class ----

NTSTATUS process_detail_query(struct process_object *process, uint32_t class, gptr buffer, uint32_t length,
                              uint32_t *result)
{
    const struct process_settings *settings = &process->settings;
    switch (class) {
    case ProcessQuotaLimits: return query_quota(process, buffer, length, result);
    case ProcessIoCounters: return query_io_counters(process, buffer, length, result);
    case ProcessPooledUsageAndLimits: return query_pools(buffer, length, result);
    case ProcessWorkingSetWatch: return STATUS_UNSUCCESSFUL;    // not switched on
    case ProcessHandleTracing: return STATUS_INVALID_PARAMETER; // nor this
    case ProcessWx86Information:
    case ProcessAffinityUpdateMode:
    case ProcessTokenVirtualizationEnabled:
    case ProcessConsoleHostProcess:
    case ProcessSubsystemInformation: return information_u32(0, buffer, length, result);
    case ProcessLUIDDeviceMapsEnabled: return information_u32(1, buffer, length, result);
    case ProcessDeviceMap: return query_device_map(buffer, length, result);
    case ProcessBreakOnTermination:
        return information_u32(settings->break_on_termination, buffer, length, result);
    case ProcessIoPriority: return information_u32(settings->io_priority, buffer, length, result);
    case ProcessPagePriority: return information_u32(settings->page_priority, buffer, length, result);
    case ProcessCycleTime: return query_cycles(process, buffer, length, result);
    case ProcessGroupInformation: return query_groups(buffer, length, result);
    case ProcessWindowInformation: return query_window(process, buffer, length, result);
    case ProcessHandleInformation: return query_handles(process, buffer, length, result);
    case ProcessMitigationPolicy: return query_mitigation(process, buffer, length, result);
    case ProcessCommandLineInformation: return query_command_line(process, buffer, length, result);
    case ProcessProtectionInformation: return query_zeroes(1, buffer, length, result);
    case ProcessChildProcessInformation: return query_zeroes(3, buffer, length, result);
    case ProcessLeapSecondInformation: return query_zeroes(8, buffer, length, result);
    case ProcessPowerThrottlingState: return query_throttling(process, buffer, length, result);
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

// The host decides what stays in memory: limits are kept. Both -1: all may go now, which the host does when
// it needs to.
static NTSTATUS set_quota(struct process_object *process, gptr buffer, uint32_t length)
{
    QUOTA_LIMITS_EX32 limits = {0};
    if (length != sizeof limits && length != sizeof(QUOTA_LIMITS32)) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&limits, buffer, length)) return STATUS_ACCESS_VIOLATION;
    const uint32_t minimum = limits.MinimumWorkingSetSize, maximum = limits.MaximumWorkingSetSize;
    if (minimum == UINT32_MAX && maximum == UINT32_MAX) return STATUS_SUCCESS;
    if (!minimum || !maximum) return STATUS_INVALID_PARAMETER;
    if (minimum > maximum) return STATUS_BAD_WORKING_SET_LIMIT;
    if (process != process_object_self()) return STATUS_NOT_SUPPORTED;
    process->settings.working_set[0] = minimum & ~(uint32_t)(PAGE - 1);
    process->settings.working_set[1] = maximum & ~(uint32_t)(PAGE - 1);
    return STATUS_SUCCESS;
}

// Kept: the host knows no such thing.
static NTSTATUS set_throttling(struct process_object *process, gptr buffer, uint32_t length)
{
    enum { KNOWN = 0x5 }; // execution speed, ignoring the timer's resolution
    POWER_THROTTLING_STATE32 state;
    NTSTATUS status = information_read_throttling(buffer, length, KNOWN, &state);
    if (!NT_SUCCESS(status)) return status;
    const uint32_t value = state.ControlMask << 16 | state.StateMask;
    return process == process_object_self() ? process_detail_set_value(ProcessPowerThrottlingState, value)
                                            : peer_process_set(process, ProcessPowerThrottlingState, value);
}

NTSTATUS process_detail_set(struct process_object *process, uint32_t class, gptr buffer, uint32_t length,
                            bool *known)
{
    *known = true;
    switch (class) {
    case ProcessQuotaLimits: return set_quota(process, buffer, length);
    case ProcessMitigationPolicy: return set_mitigation(process, buffer, length);
    case ProcessPowerThrottlingState: return set_throttling(process, buffer, length);
    case ProcessInstrumentationCallback: return STATUS_NOT_SUPPORTED;
    default: *known = false; return STATUS_SUCCESS;
    }
}

NTSTATUS process_detail_set_value(uint32_t class, uint32_t value)
{
    struct process_settings *settings = &process_object_self()->settings;
    switch (class) {
    case ProcessBreakOnTermination: settings->break_on_termination = value != 0; return STATUS_SUCCESS;
    case ProcessIoPriority:
        if (value > IO_PRIORITY_NORMAL) return STATUS_INVALID_PARAMETER;
        settings->io_priority = value;
        return STATUS_SUCCESS;
    case ProcessPagePriority:
        if (!value || value > PAGE_PRIORITY_NORMAL) return STATUS_INVALID_PARAMETER;
        settings->page_priority = value;
        return STATUS_SUCCESS;
    case ProcessPowerThrottlingState: settings->throttling = value; return STATUS_SUCCESS;
    default: return STATUS_INVALID_INFO_CLASS;
    }
}
