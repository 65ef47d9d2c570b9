// NtQueryInformationProcess and NtSetInformationProcess.
#include "debug_event.h"
#include "file.h"
#include "information.h"
#include "loader/address_space.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "loader/host_clock.h"
#include "process_detail.h"
#include "process_image.h"
#include "process_info.h"
#include "thread_priority.h"
#include "thread_object.h"
#include "token.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BASE_PRIORITY_NORMAL = 8 };

static NTSTATUS query_basic(struct process_object *process, gptr buffer, uint32_t length, uint32_t *result)
{
    const uint32_t exit_status = atomic_load(&process->exit_status);
    PROCESS_BASIC_INFORMATION32 info = {
        .ExitStatus = exit_status,
        .PebBaseAddress = process->peb,
        .AffinityMask = process->affinity,
        .BasePriority = BASE_PRIORITY_NORMAL,
        .UniqueProcessId = process->pid,
        .InheritedFromUniqueProcessId = process->parent_pid,
    };
    if (length != sizeof(PROCESS_EXTENDED_BASIC_INFORMATION32))
        return information_write(buffer, length, &info, sizeof info, true, result);
    PROCESS_EXTENDED_BASIC_INFORMATION32 extended;
    if (!guest_read(&extended, buffer, sizeof extended)) return STATUS_ACCESS_VIOLATION;
    if (extended.Size < sizeof extended) return STATUS_INVALID_PARAMETER;
    extended.BasicInfo = info;
    extended.Flags = PROCESS_EXTENDED_IS_WOW64;
    if (exit_status != (uint32_t)STATUS_PENDING) extended.Flags |= PROCESS_EXTENDED_IS_DELETING;
    return information_write(buffer, length, &extended, sizeof extended, true, result);
}

// Clock ticks in fields 14 and 15.
void process_cpu_times(int host_pid, struct kernel_user_times *times)
{
    char path[32], text[1024];
    unsigned long user, kernel;
    snprintf(path, sizeof path, "/proc/%d/stat", host_pid);
    FILE *file = fopen(path, "re");
    if (!file) return;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    const char *rest = strrchr(text, ')'); // the command's name may hold anything
    if (!rest ||
        sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2)
        return;
    const int64_t tick = 10000000 / sysconf(_SC_CLK_TCK);
    times->UserTime = (int64_t)user * tick;
    times->KernelTime = (int64_t)kernel * tick;
}

static NTSTATUS query_times(struct process_object *process, gptr buffer, uint32_t length, uint32_t *result)
{
    struct rusage usage;
    struct kernel_user_times times = {.CreateTime = process->created,
                                      .ExitTime = process->exited,
                                      .KernelTime = process->kernel_time,
                                      .UserTime = process->user_time};
    if (process == process_object_self() && getrusage(RUSAGE_SELF, &usage) == 0) {
        times.KernelTime = host_interval(&usage.ru_stime);
        times.UserTime = host_interval(&usage.ru_utime);
    } else if (atomic_load(&process->exit_status) == (uint32_t)STATUS_PENDING) {
        process_cpu_times(process->host_pid, &times);
    }
    return information_write(buffer, length, &times, sizeof times, true, result);
}

// Sizes in KiB from /proc/PID/status.
static uint32_t status_bytes(const char *text, const char *field)
{
    const char *line = strstr(text, field);
    unsigned long kib = 0;
    if (line) sscanf(line + strlen(field), " %lu", &kib);
    return kib >= 0x3fffff ? 0xfffff000 : (uint32_t)kib * 1024;
}

static NTSTATUS query_vm_counters(struct process_object *process, gptr buffer, uint32_t length,
                                  uint32_t *result)
{
    char path[32], text[4096] = "";
    snprintf(path, sizeof path, "/proc/%d/status", process->host_pid);
    FILE *file = fopen(path, "re");
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
    }
    struct rusage usage = {0};
    if (process == process_object_self()) getrusage(RUSAGE_SELF, &usage);
    VM_COUNTERS_EX32 counters = {
        .PeakVirtualSize = status_bytes(text, "VmData:"),
        .VirtualSize = status_bytes(text, "VmData:"),
        .PageFaultCount = usage.ru_minflt + usage.ru_majflt,
        .PeakWorkingSetSize = status_bytes(text, "VmHWM:"),
        .WorkingSetSize = status_bytes(text, "VmRSS:"),
        .PagefileUsage = status_bytes(text, "RssAnon:"),
        .PeakPagefileUsage = status_bytes(text, "RssAnon:"),
        .PrivateUsage = status_bytes(text, "RssAnon:"),
    };
    const VM_COUNTERS_EX232 all = {.CountersEx = counters,
                                   .PrivateWorkingSetSize = status_bytes(text, "RssAnon:"),
                                   .SharedCommitUsage = status_bytes(text, "RssShmem:")};
    // The longer forms begin with the shorter ones.
    enum { WITHOUT_PRIVATE = offsetof(VM_COUNTERS_EX32, PrivateUsage) };
    uint32_t size = length == WITHOUT_PRIVATE || length == sizeof all ? length : sizeof counters;
    return information_write(buffer, length, &all, size, true, result);
}

uint32_t process_own_name(uint16_t *name, uint32_t capacity)
{
    UNICODE_STRING32 string;
    uint32_t parameters;
    if (!guest_read32(&parameters, process_peb() + offsetof(PEB32, ProcessParameters)) ||
        !guest_read(&string, parameters + offsetof(RTL_USER_PROCESS_PARAMETERS32, ImagePathName),
                    sizeof string) ||
        string.Length / 2 > capacity || !guest_read(name, string.Buffer, string.Length))
        return 0;
    return string.Length / 2;
}

NTSTATUS process_program(struct process_object *process, uint16_t own[PROGRAM_NAME_MAX], const uint16_t **name,
                         uint32_t *length)
{
    *name = own;
    if (process == process_object_self())
        return (*length = process_own_name(own, PROGRAM_NAME_MAX)) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
    const struct process_name *other = peer_process_name(process);
    if (!other) return STATUS_PROCESS_IS_TERMINATING;
    *name = other->units;
    *length = other->length < PROGRAM_NAME_MAX ? other->length : PROGRAM_NAME_MAX;
    return STATUS_SUCCESS;
}

NTSTATUS process_nt_program(struct process_object *process, uint16_t *nt, uint32_t *length)
{
    uint16_t own[PROGRAM_NAME_MAX];
    const uint16_t *name;
    uint32_t n;
    NTSTATUS status = process_program(process, own, &name, &n);
    if (!NT_SUCCESS(status)) return status;
    // Volumes are numbered by their drive letters, as file_nt_name does it.
    size_t head = 0, skip = 0;
    if (n >= 2) {
        char device[32];
        head = snprintf(device, sizeof device, "\\Device\\HarddiskVolume%d", (name[0] | 32) - 'a' + 1);
        for (size_t i = 0; i < head; i++) nt[i] = (uint8_t)device[i];
        skip = 2;
    }
    memcpy(nt + head, name + skip, (n - skip) * 2);
    *length = (uint32_t)(head + n - skip);
    return STATUS_SUCCESS;
}

static NTSTATUS query_image_name(struct process_object *process, bool dos, gptr buffer, uint32_t length,
                                 uint32_t *result)
{
    uint16_t own[PROGRAM_NAME_MAX + 32];
    const uint16_t *name = own;
    uint32_t n, needed;
    NTSTATUS status =
        dos ? process_program(process, own, &name, &n) : process_nt_program(process, own, &n);
    if (!NT_SUCCESS(status)) return status;
    status = object_write_string(buffer, length, name, n, &needed);
    if (result) *result = needed;
    return status;
}

static NTSTATUS query_priority_class(struct process_object *process, gptr buffer, uint32_t length,
                                     uint32_t *result)
{
    PROCESS_PRIORITY_CLASS32 class = {.PriorityClass = process->priority_class};
    return information_write(buffer, length, &class, sizeof class, true, result);
}

static NTSTATUS query_handle_count(struct process_object *process, gptr buffer, uint32_t length, uint32_t *result)
{
    const uint32_t count = process == process_object_self() ? handle_count() : process->handles;
    const PROCESS_HANDLE_INFORMATION32 info = {.HandleCount = count, .HandleCountHighWatermark = count};
    // The count alone is the structure's beginning.
    return information_write(buffer, length, &info, length == sizeof info ? length : (uint32_t)sizeof count, true,
                             result);
}

static NTSTATUS query(struct process_object *process, uint32_t class, gptr buffer, uint32_t length,
                      uint32_t *result)
{
    switch (class) {
    case ProcessBasicInformation: return query_basic(process, buffer, length, result);
    case ProcessTimes: return query_times(process, buffer, length, result);
    case ProcessVmCounters: return query_vm_counters(process, buffer, length, result);
    case ProcessPriorityClass: return query_priority_class(process, buffer, length, result);
    case ProcessDefaultHardErrorMode: return information_u32(process->error_mode, buffer, length, result);
    case ProcessHandleCount: return query_handle_count(process, buffer, length, result);
    case ProcessAffinityMask: return information_u32(process->affinity, buffer, length, result);
    case ProcessPriorityBoost:
        return information_u32(process->priority_boost_disabled, buffer, length, result);
    case ProcessSessionInformation: return information_u32(1, buffer, length, result);
    case ProcessDebugPort:
        return information_u32(process == process_object_self() ? debuggee_is_active() ? UINT32_MAX : 0
                               : process->debugged              ? UINT32_MAX
                                                                : 0,
                               buffer, length, result);
    case ProcessDebugFlags:
        return information_u32(process == process_object_self() ? debuggee_inherits()
                                                                : process->debug_inherit,
                               buffer, length, result);
    case ProcessDebugObjectHandle: {
        NTSTATUS status = information_u32(0, buffer, length, result);
        return NT_SUCCESS(status) ? STATUS_PORT_NOT_SET : status;
    }
    // A 32-bit process on 64-bit Windows: the address of its 32-bit PEB.
    case ProcessWow64Information: return information_u32(process->peb, buffer, length, result);
    case ProcessCookie:
        if (process != process_object_self()) return STATUS_INVALID_PARAMETER;
        return information_u32(process->pid * 0x9e3779b1u ^ (uint32_t)process->created, buffer, length,
                               result);
    case ProcessExecuteFlags: return information_u32(process->execute_flags, buffer, length, result);
    case ProcessImageFileName: return query_image_name(process, false, buffer, length, result);
    case ProcessImageInformation: {
        SECTION_IMAGE_INFORMATION32 image;
        NTSTATUS status = process_image_query(process, &image);
        return NT_SUCCESS(status) ? information_write(buffer, length, &image, sizeof image, true, result)
                                  : status;
    }
    case ProcessImageFileNameWin32: return query_image_name(process, true, buffer, length, result);
    default: return process_detail_query(process, class, buffer, length, result);
    }
}

// Classes whose answer another process may have changed since it was asked last.
static bool is_of_moment(uint32_t class)
{
    switch (class) {
    case ProcessBasicInformation:
    case ProcessPriorityClass:
    case ProcessDefaultHardErrorMode:
    case ProcessHandleCount:
    case ProcessAffinityMask:
    case ProcessPriorityBoost:
    case ProcessDebugPort:
    case ProcessDebugFlags:
    case ProcessQuotaLimits:
    case ProcessBreakOnTermination:
    case ProcessIoPriority:
    case ProcessPagePriority:
    case ProcessMitigationPolicy:
    case ProcessPowerThrottlingState:
    case ProcessExecuteFlags: return true;
    default: return false;
    }
}

// Most classes are content with the limited right.
static ACCESS_MASK32 query_access(uint32_t class)
{
    switch (class) {
    case ProcessDebugPort:
    case ProcessDebugObjectHandle:
    case ProcessDebugFlags:
    case ProcessHandleTracing:
    case ProcessExecuteFlags:
    case ProcessHandleInformation:
    case ProcessMitigationPolicy: return PROCESS_QUERY_INFORMATION;
    default: return PROCESS_QUERY_LIMITED_INFORMATION;
    }
}

// Answers that are no ULONGs may lie anywhere.
static bool is_aligned(uint32_t class, gptr buffer)
{
    switch (class) {
    case ProcessPriorityClass:
    case ProcessForegroundInformation:
    case ProcessGroupInformation:
    case ProcessProtectionInformation:
    case ProcessChildProcessInformation: return true;
    default: return !(buffer & 3);
    }
}

NTSTATUS NtQueryInformationProcess(HANDLE32 handle, PROCESSINFOCLASS32 class, gptr buffer, uint32_t length,
                                   uint32_t *result_length)
{
    struct process_object *process;
    if (length && !is_aligned(class, buffer)) return STATUS_DATATYPE_MISALIGNMENT;
    NTSTATUS status = process_resolve(handle, query_access(class), &process);
    if (!NT_SUCCESS(status)) return status;
    // Of one that has ended the last answer stays.
    if (process != process_object_self() && is_of_moment(class)) peer_process_refresh(process);
    status = query(process, class, buffer, length, result_length);
    object_release(&process->object);
    return status;
}

static void bind(struct thread *thread, void *mask)
{
    if (thread->tid && process_bind_thread(thread->tid, *(const uint32_t *)mask) && thread->object)
        thread->object->affinity = *(const uint32_t *)mask;
}

// Data execution prevention. What is set for good stays: an image with NX_COMPAT begins so.
static NTSTATUS set_execute_flags(struct process_object *process, uint32_t flags)
{
    const uint32_t known = MEM_EXECUTE_OPTION_DISABLE | MEM_EXECUTE_OPTION_ENABLE |
                           MEM_EXECUTE_OPTION_DISABLE_THUNK_EMULATION | MEM_EXECUTE_OPTION_PERMANENT |
                           MEM_EXECUTE_OPTION_EXECUTE_DISPATCH | MEM_EXECUTE_OPTION_IMAGE_DISPATCH;
    bool disable = flags & MEM_EXECUTE_OPTION_DISABLE, enable = flags & MEM_EXECUTE_OPTION_ENABLE;
    if (process->execute_flags & MEM_EXECUTE_OPTION_PERMANENT) return STATUS_ACCESS_DENIED;
    if ((flags & ~known) || (disable && enable)) return STATUS_INVALID_PARAMETER;
    process->execute_flags = flags;
    vm_set_data_executable(!disable);
    return STATUS_SUCCESS;
}

// Threads that start later get the mask at their start.
static NTSTATUS set_affinity(struct process_object *process, uint32_t mask)
{
    if (mask == 0 || (mask & ~process_affinity())) return STATUS_INVALID_PARAMETER;
    process->affinity = mask;
    thread_for_each(bind, &mask);
    return STATUS_SUCCESS;
}

NTSTATUS process_set_value(uint32_t class, uint32_t value)
{
    struct process_object *self = process_object_self();
    switch (class) {
    case ProcessPriorityClass:
        if (value == 0 || value > PROCESS_PRIORITY_CLASS_ABOVE_NORMAL) return STATUS_INVALID_PARAMETER;
        self->priority_class = value;
        thread_priority_class_changed();
        return STATUS_SUCCESS;
    case ProcessDefaultHardErrorMode: self->error_mode = value; return STATUS_SUCCESS;
    case ProcessAffinityMask: return set_affinity(self, value);
    case ProcessPriorityBoost: self->priority_boost_disabled = value != 0; return STATUS_SUCCESS;
    case ProcessExecuteFlags: return set_execute_flags(self, value);
    default: return process_detail_set_value(class, value);
    }
}

static bool is_value_class(uint32_t class)
{
    switch (class) {
    case ProcessPriorityClass:
    case ProcessDefaultHardErrorMode:
    case ProcessAffinityMask:
    case ProcessPriorityBoost:
    case ProcessExecuteFlags:
    case ProcessBreakOnTermination:
    case ProcessIoPriority:
    case ProcessPagePriority: return true;
    default: return false;
    }
}

static NTSTATUS set(struct process_object *process, uint32_t class, gptr buffer, uint32_t length)
{
    uint32_t value;
    bool known;
    NTSTATUS status = process_detail_set(process, class, buffer, length, &known);
    if (known) return status;
    if (!is_value_class(class)) return STATUS_INVALID_INFO_CLASS;
    if (class == ProcessPriorityClass) {
        PROCESS_PRIORITY_CLASS32 priority = {0};
        status = information_read(buffer, length, &priority, sizeof priority);
        value = priority.PriorityClass;
    } else {
        status = information_read(buffer, length, &value, sizeof value);
    }
    if (!NT_SUCCESS(status)) return status;
    // Here, where the caller's token is.
    if (class == ProcessBreakOnTermination && !token_has_privilege(SE_DEBUG_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    return process == process_object_self() ? process_set_value(class, value)
                                            : peer_process_set(process, class, value);
}

NTSTATUS NtSetInformationProcess(HANDLE32 handle, PROCESSINFOCLASS32 class, gptr buffer, uint32_t length)
{
    struct process_object *process;
    if (length && !is_aligned(class, buffer)) return STATUS_DATATYPE_MISALIGNMENT;
    NTSTATUS status =
        process_resolve(handle, class == ProcessQuotaLimits ? PROCESS_SET_QUOTA : PROCESS_SET_INFORMATION, &process);
    if (!NT_SUCCESS(status)) return status;
    status = set(process, class, buffer, length);
    object_release(&process->object);
    return status;
}
