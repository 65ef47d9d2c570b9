// NtQueryInformationProcess and NtSetInformationProcess.
#include "file.h"
#include "information.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "thread_object.h"
#include "loader/modules.h"
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>

enum { BASE_PRIORITY_NORMAL = 8 };

static NTSTATUS query_basic(struct process_object *process, gptr buffer, uint32_t length, uint32_t *result)
{
    PROCESS_BASIC_INFORMATION32 info = {
        .ExitStatus = atomic_load(&process->exit_status),
        .PebBaseAddress = process->peb,
        .AffinityMask = process->affinity,
        .BasePriority = BASE_PRIORITY_NORMAL,
        .UniqueProcessId = process->pid,
        .InheritedFromUniqueProcessId = process->parent_pid,
    };
    return information_write(buffer, length, &info, sizeof info, true, result);
}

static int64_t nt_interval(const struct timeval *t)
{
    return (int64_t)t->tv_sec * 10000000 + (int64_t)t->tv_usec * 10;
}

static NTSTATUS query_times(struct process_object *process, gptr buffer, uint32_t length, uint32_t *result)
{
    struct kernel_user_times times = {0};
    struct rusage usage;
    times.CreateTime = process->created;
    times.ExitTime = process->exited;
    if (process == process_object_self() && getrusage(RUSAGE_SELF, &usage) == 0) {
        times.KernelTime = nt_interval(&usage.ru_stime);
        times.UserTime = nt_interval(&usage.ru_utime);
    }
    return information_write(buffer, length, &times, sizeof times, true, result);
}

// Sizes in KiB of this process from /proc/self/status.
static uint32_t status_bytes(const char *text, const char *field)
{
    const char *line = strstr(text, field);
    unsigned long kib = 0;
    if (line) sscanf(line + strlen(field), " %lu", &kib);
    return kib >= 0x3fffff ? 0xfffff000 : (uint32_t)kib * 1024;
}

static NTSTATUS query_vm_counters(gptr buffer, uint32_t length, uint32_t *result)
{
    char text[4096] = "";
    FILE *file = fopen("/proc/self/status", "re");
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = 0;
        fclose(file);
    }
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
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
    enum { WITHOUT_PRIVATE = offsetof(VM_COUNTERS_EX32, PrivateUsage) };
    uint32_t size = length == WITHOUT_PRIVATE ? WITHOUT_PRIVATE : sizeof counters;
    return information_write(buffer, length, &counters, size, true, result);
}

static NTSTATUS query_image_name(bool dos, gptr buffer, uint32_t length, uint32_t *result)
{
    UNICODE_STRING32 string;
    uint16_t name[0x1000];
    uint32_t parameters, needed;
    if (!guest_read32(&parameters, process_peb() + offsetof(PEB32, ProcessParameters)) ||
        !guest_read(&string, parameters + offsetof(RTL_USER_PROCESS_PARAMETERS32, ImagePathName),
                    sizeof string) ||
        string.Length > sizeof name || !guest_read(name, string.Buffer, string.Length))
        return STATUS_ACCESS_VIOLATION;
    // Volumes are numbered by their drive letters, as file_nt_name does it.
    uint16_t nt[0x1000 + 32];
    size_t head = 0, skip = 0, n = string.Length / 2;
    if (!dos && n >= 2) {
        char device[32];
        head = snprintf(device, sizeof device, "\\Device\\HarddiskVolume%d", (name[0] | 32) - 'a' + 1);
        for (size_t i = 0; i < head; i++) nt[i] = device[i];
        skip = 2;
    }
    memcpy(nt + head, name + skip, (n - skip) * 2);
    NTSTATUS status = object_write_string(buffer, length, nt, head + n - skip, &needed);
    if (result) *result = needed;
    return status;
}

static NTSTATUS query_u32(uint32_t value, gptr buffer, uint32_t length, uint32_t *result)
{
    return information_write(buffer, length, &value, sizeof value, true, result);
}

static NTSTATUS query_priority_class(struct process_object *process, gptr buffer, uint32_t length,
                                     uint32_t *result)
{
    PROCESS_PRIORITY_CLASS32 class = {.PriorityClass = process->priority_class};
    return information_write(buffer, length, &class, sizeof class, true, result);
}

static NTSTATUS query(struct process_object *process, uint32_t class, gptr buffer, uint32_t length,
                      uint32_t *result)
{
    switch (class) {
    case ProcessBasicInformation: return query_basic(process, buffer, length, result);
    case ProcessTimes: return query_times(process, buffer, length, result);
    case ProcessVmCounters: return query_vm_counters(buffer, length, result);
    case ProcessIoCounters: {
        IO_COUNTERS32 counters = {0};
        return information_write(buffer, length, &counters, sizeof counters, true, result);
    }
    case ProcessPriorityClass: return query_priority_class(process, buffer, length, result);
    case ProcessDefaultHardErrorMode: return query_u32(process->error_mode, buffer, length, result);
    case ProcessHandleCount: return query_u32(handle_count(), buffer, length, result);
    case ProcessAffinityMask: return query_u32(process->affinity, buffer, length, result);
    case ProcessPriorityBoost: return query_u32(process->priority_boost_disabled, buffer, length, result);
    case ProcessSessionInformation: return query_u32(1, buffer, length, result);
    case ProcessDebugPort: return query_u32(0, buffer, length, result);
    case ProcessDebugFlags: return query_u32(1, buffer, length, result);
    case ProcessDebugObjectHandle: {
        NTSTATUS status = query_u32(0, buffer, length, result);
        return NT_SUCCESS(status) ? STATUS_PORT_NOT_SET : status;
    }
    // A 32-bit process on 64-bit Windows: the address of its 32-bit PEB.
    case ProcessWow64Information: return query_u32(process->peb, buffer, length, result);
    case ProcessCookie:
        return query_u32(process->pid * 0x9e3779b1u ^ (uint32_t)process->created, buffer, length, result);
    case ProcessExecuteFlags: return query_u32(process->execute_flags, buffer, length, result);
    case ProcessImageFileName: return query_image_name(false, buffer, length, result);
    case ProcessImageFileNameWin32: return query_image_name(true, buffer, length, result);
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS NtQueryInformationProcess(HANDLE32 handle, PROCESSINFOCLASS32 class, gptr buffer, uint32_t length,
                                   uint32_t *result_length)
{
    struct process_object *process;
    NTSTATUS status = process_resolve(handle, PROCESS_QUERY_LIMITED_INFORMATION, &process);
    if (!NT_SUCCESS(status)) return status;
    status = query(process, class, buffer, length, result_length);
    object_release(&process->object);
    return status;
}

static void bind(struct thread *thread, void *mask)
{
    if (thread->tid && process_bind_thread(thread->tid, *(const uint32_t *)mask) && thread->object)
        thread->object->affinity = *(const uint32_t *)mask;
}

// Threads that start later get the mask at their start. Another process is not ours to bind.
static NTSTATUS set_affinity(struct process_object *process, uint32_t mask)
{
    if (mask == 0 || (mask & ~process_affinity())) return STATUS_INVALID_PARAMETER;
    if (process != process_object_self()) return STATUS_NOT_SUPPORTED;
    process->affinity = mask;
    thread_for_each(bind, &mask);
    return STATUS_SUCCESS;
}

static NTSTATUS set(struct process_object *process, uint32_t class, gptr buffer, uint32_t length)
{
    uint32_t value;
    NTSTATUS status;
    if (class == ProcessPriorityClass) {
        PROCESS_PRIORITY_CLASS32 priority;
        status = information_read(buffer, length, &priority, sizeof priority);
        if (!NT_SUCCESS(status)) return status;
        if (priority.PriorityClass == 0 || priority.PriorityClass > PROCESS_PRIORITY_CLASS_ABOVE_NORMAL)
            return STATUS_INVALID_PARAMETER;
        process->priority_class = priority.PriorityClass;
        return STATUS_SUCCESS;
    }
    status = information_read(buffer, length, &value, sizeof value);
    if (!NT_SUCCESS(status)) return status;
    switch (class) {
    case ProcessDefaultHardErrorMode: process->error_mode = value; return STATUS_SUCCESS;
    case ProcessAffinityMask: return set_affinity(process, value);
    case ProcessPriorityBoost: process->priority_boost_disabled = value != 0; return STATUS_SUCCESS;
    case ProcessExecuteFlags: process->execute_flags = value; return STATUS_SUCCESS;
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS NtSetInformationProcess(HANDLE32 handle, PROCESSINFOCLASS32 class, gptr buffer, uint32_t length)
{
    struct process_object *process;
    NTSTATUS status = process_resolve(handle, PROCESS_SET_INFORMATION, &process);
    if (!NT_SUCCESS(status)) return status;
    status = set(process, class, buffer, length);
    object_release(&process->object);
    return status;
}
