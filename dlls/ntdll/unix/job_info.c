// NtQueryInformationJobObject and NtSetInformationJobObject.
#include "information.h"
#include "io_completion.h"
#include "job.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "process_info.h"
#include <stdlib.h>

enum {
    BASIC_LIMITS = JOB_OBJECT_LIMIT_WORKINGSET | JOB_OBJECT_LIMIT_PROCESS_TIME | JOB_OBJECT_LIMIT_JOB_TIME |
                   JOB_OBJECT_LIMIT_ACTIVE_PROCESS | JOB_OBJECT_LIMIT_AFFINITY |
                   JOB_OBJECT_LIMIT_PRIORITY_CLASS | JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME |
                   JOB_OBJECT_LIMIT_SCHEDULING_CLASS,
    EXTENDED_LIMITS = BASIC_LIMITS | JOB_OBJECT_LIMIT_PROCESS_MEMORY | JOB_OBJECT_LIMIT_JOB_MEMORY |
                      JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION | JOB_OBJECT_LIMIT_BREAKAWAY_OK |
                      JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK | JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
                      JOB_OBJECT_LIMIT_SUBSET_AFFINITY,
    SCHEDULING_CLASS_MAX = 9,
};

static uint64_t get(const struct job *job, enum job_word word)
{
    return atomic_load(job_word(job, word));
}

static void put(const struct job *job, enum job_word word, uint32_t low, uint32_t high)
{
    atomic_store(job_word(job, word), low | (uint64_t)high << 32);
}

// ---- asking ----

// As JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION.
struct accounting {
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION32 basic;
    IO_COUNTERS32 io; // of those that live
};

static NTSTATUS query_accounting(const struct job *job, bool with_io, gptr buffer, uint32_t length,
                                 uint32_t *result)
{
    struct job_member *members = malloc(JOB_MEMBERS_MAX * sizeof *members);
    if (!members) return STATUS_NO_MEMORY;
    uint32_t n = job_members(job, members, JOB_MEMBERS_MAX);
    struct accounting info = {{.TotalProcesses = (uint32_t)get(job, JOB_TOTAL), .ActiveProcesses = n}, {0}};
    info.basic.TotalUserTime.QuadPart = (int64_t)get(job, JOB_USER_TIME);
    info.basic.TotalKernelTime.QuadPart = (int64_t)get(job, JOB_KERNEL_TIME);
    for (uint32_t i = 0; i < n && i < JOB_MEMBERS_MAX; i++) {
        const int host_pid = (int)(members[i].pid / 4);
        struct kernel_user_times times = {0};
        process_cpu_times(host_pid, &times);
        info.basic.TotalUserTime.QuadPart += times.UserTime;
        info.basic.TotalKernelTime.QuadPart += times.KernelTime;
        if (with_io) process_io_counters(host_pid, &info.io);
    }
    info.basic.ThisPeriodTotalUserTime = info.basic.TotalUserTime;
    info.basic.ThisPeriodTotalKernelTime = info.basic.TotalKernelTime;
    free(members);
    return information_write(buffer, length, &info, with_io ? sizeof info : sizeof info.basic, true, result);
}

// The only group of processors.
static NTSTATUS query_groups(gptr buffer, uint32_t length, uint32_t *result)
{
    const uint16_t group = 0;
    return information_write(buffer, length, &group, sizeof group, false, result);
}

// Nothing limits its share of processor time.
static NTSTATUS query_cpu_rate(gptr buffer, uint32_t length, uint32_t *result)
{
    const uint32_t none[2] = {0};
    return information_write(buffer, length, none, sizeof none, true, result);
}

static NTSTATUS query_processes(const struct job *job, gptr buffer, uint32_t length, uint32_t *result)
{
    enum { HEAD = offsetof(JOBOBJECT_BASIC_PROCESS_ID_LIST32, ProcessIdList) };
    if (length < sizeof(JOBOBJECT_BASIC_PROCESS_ID_LIST32)) return STATUS_INFO_LENGTH_MISMATCH;
    struct job_member *members = malloc(JOB_MEMBERS_MAX * sizeof *members);
    if (!members) return STATUS_NO_MEMORY;
    uint32_t n = job_members(job, members, JOB_MEMBERS_MAX), room = (length - HEAD) / 4;
    uint32_t listed = n < room ? n : room;
    const uint32_t head[2] = {n, listed};
    bool written = guest_write(buffer, head, sizeof head);
    for (uint32_t i = 0; i < listed && written; i++)
        written = guest_write32(buffer + HEAD + i * 4, members[i].pid);
    free(members);
    if (!written) return STATUS_ACCESS_VIOLATION;
    if (result) *result = HEAD + listed * 4;
    return listed < n ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

static void get_basic_limits(const struct job *job, JOBOBJECT_BASIC_LIMIT_INFORMATION32 *limits)
{
    uint64_t flags = get(job, JOB_FLAGS), working_set = get(job, JOB_WORKING_SET),
             priority = get(job, JOB_PRIORITY);
    *limits = (JOBOBJECT_BASIC_LIMIT_INFORMATION32){.LimitFlags = (uint32_t)flags,
                                                    .MinimumWorkingSetSize = (uint32_t)working_set,
                                                    .MaximumWorkingSetSize = (uint32_t)(working_set >> 32),
                                                    .ActiveProcessLimit = (uint32_t)(flags >> 32),
                                                    .Affinity = (uint32_t)priority,
                                                    .PriorityClass = priority >> 32 & 0xff,
                                                    .SchedulingClass = (uint32_t)(priority >> 40)};
    limits->PerProcessUserTimeLimit.QuadPart = (int64_t)get(job, JOB_PROCESS_TIME);
    limits->PerJobUserTimeLimit.QuadPart = (int64_t)get(job, JOB_JOB_TIME);
}

static NTSTATUS query_basic_limits(const struct job *job, gptr buffer, uint32_t length, uint32_t *result)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION32 limits;
    get_basic_limits(job, &limits);
    limits.LimitFlags &= BASIC_LIMITS;
    return information_write(buffer, length, &limits, sizeof limits, true, result);
}

static NTSTATUS query_extended_limits(const struct job *job, gptr buffer, uint32_t length, uint32_t *result)
{
    const uint64_t memory = get(job, JOB_MEMORY);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION32 limits = {.ProcessMemoryLimit = (uint32_t)memory,
                                                     .JobMemoryLimit = (uint32_t)(memory >> 32)};
    JOBOBJECT_BASIC_LIMIT_INFORMATION32 basic;
    get_basic_limits(job, &basic);
    limits.BasicLimitInformation = basic;
    return information_write(buffer, length, &limits, sizeof limits, true, result);
}

static NTSTATUS query(const struct job *job, uint32_t class, gptr buffer, uint32_t length, uint32_t *result)
{
    uint32_t value;
    switch (class) {
    case JobObjectBasicAccountingInformation: return query_accounting(job, false, buffer, length, result);
    case JobObjectBasicAndIoAccountingInformation: return query_accounting(job, true, buffer, length, result);
    case JobObjectBasicLimitInformation: return query_basic_limits(job, buffer, length, result);
    case JobObjectBasicProcessIdList: return query_processes(job, buffer, length, result);
    case JobObjectExtendedLimitInformation: return query_extended_limits(job, buffer, length, result);
    case JobObjectGroupInformation: return query_groups(buffer, length, result);
    case JobObjectCpuRateControlInformation: return query_cpu_rate(buffer, length, result);
    case JobObjectBasicUIRestrictions: value = (uint32_t)get(job, JOB_MISC); break;
    case JobObjectEndOfJobTimeInformation: value = (uint32_t)(get(job, JOB_MISC) >> 32); break;
    default: return STATUS_INVALID_INFO_CLASS;
    }
    return information_write(buffer, length, &value, sizeof value, true, result);
}

// Without a handle it is the calling process's innermost job.
NTSTATUS NtQueryInformationJobObject(HANDLE32 handle, JOBOBJECTINFOCLASS32 class, gptr buffer,
                                     uint32_t length, uint32_t *result_length)
{
    struct job *job, *chain[JOB_DEPTH_MAX];
    NTSTATUS status;
    if (handle) {
        status = job_resolve(handle, JOB_OBJECT_QUERY, &job);
        if (!NT_SUCCESS(status)) return status;
    } else {
        uint32_t n = job_own_chain(chain);
        if (!n) return STATUS_ACCESS_DENIED;
        job = chain[0];
        while (n > 1) object_release(&chain[--n]->object);
    }
    status = query(job, class, buffer, length, result_length);
    object_release(&job->object);
    return status;
}

// ---- setting ----

// Only values that a flag names count. With only BASIC_LIMITS the others stay as they are.
static NTSTATUS set_limits(const struct job *job, const JOBOBJECT_BASIC_LIMIT_INFORMATION32 *limits,
                           uint32_t known)
{
    uint32_t flags = limits->LimitFlags, kept = (uint32_t)get(job, JOB_FLAGS) & ~known;
    if (flags & ~known) return STATUS_INVALID_PARAMETER;
    if ((flags & JOB_OBJECT_LIMIT_JOB_TIME) && (flags & JOB_OBJECT_LIMIT_PRESERVE_JOB_TIME))
        return STATUS_INVALID_PARAMETER;
    if ((flags & JOB_OBJECT_LIMIT_AFFINITY) &&
        (!limits->Affinity || (limits->Affinity & ~process_affinity())))
        return STATUS_INVALID_PARAMETER;
    if ((flags & JOB_OBJECT_LIMIT_PRIORITY_CLASS) &&
        (!limits->PriorityClass || limits->PriorityClass > PROCESS_PRIORITY_CLASS_ABOVE_NORMAL))
        return STATUS_INVALID_PARAMETER;
    if ((flags & JOB_OBJECT_LIMIT_SCHEDULING_CLASS) && limits->SchedulingClass > SCHEDULING_CLASS_MAX)
        return STATUS_INVALID_PARAMETER;
    if ((flags & JOB_OBJECT_LIMIT_WORKINGSET) &&
        (!limits->MinimumWorkingSetSize || limits->MinimumWorkingSetSize > limits->MaximumWorkingSetSize))
        return STATUS_INVALID_PARAMETER;
    if (flags & JOB_OBJECT_LIMIT_PROCESS_TIME)
        atomic_store(job_word(job, JOB_PROCESS_TIME), (uint64_t)limits->PerProcessUserTimeLimit.QuadPart);
    // What the processes have used so far does not count.
    if (flags & JOB_OBJECT_LIMIT_JOB_TIME)
        atomic_store(job_word(job, JOB_JOB_TIME),
                     (uint64_t)limits->PerJobUserTimeLimit.QuadPart + job_user_time(job));
    if (flags & JOB_OBJECT_LIMIT_WORKINGSET)
        put(job, JOB_WORKING_SET, limits->MinimumWorkingSetSize, limits->MaximumWorkingSetSize);
    uint64_t before = get(job, JOB_PRIORITY);
    put(job, JOB_PRIORITY, flags & JOB_OBJECT_LIMIT_AFFINITY ? limits->Affinity : (uint32_t)before,
        (flags & JOB_OBJECT_LIMIT_PRIORITY_CLASS ? limits->PriorityClass : before >> 32 & 0xff) |
            (flags & JOB_OBJECT_LIMIT_SCHEDULING_CLASS ? limits->SchedulingClass << 8
                                                       : (uint32_t)(before >> 32) & ~0xffu));
    put(job, JOB_FLAGS, flags | kept,
        flags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS ? limits->ActiveProcessLimit : 0);
    job_limits_changed(job);
    return STATUS_SUCCESS;
}

static NTSTATUS set_basic_limits(const struct job *job, gptr buffer, uint32_t length)
{
    JOBOBJECT_BASIC_LIMIT_INFORMATION32 limits;
    NTSTATUS status = information_read(buffer, length, &limits, sizeof limits);
    return NT_SUCCESS(status) ? set_limits(job, &limits, BASIC_LIMITS) : status;
}

static NTSTATUS set_extended_limits(const struct job *job, gptr buffer, uint32_t length)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION32 limits;
    NTSTATUS status = information_read(buffer, length, &limits, sizeof limits);
    if (!NT_SUCCESS(status)) return status;
    const JOBOBJECT_BASIC_LIMIT_INFORMATION32 basic = limits.BasicLimitInformation;
    const uint64_t before = get(job, JOB_MEMORY);
    // No process knows what the others commit.
    if (basic.LimitFlags & JOB_OBJECT_LIMIT_JOB_MEMORY) return STATUS_NOT_SUPPORTED;
    // First: members look at all of the limits once the flags have changed.
    if (basic.LimitFlags & JOB_OBJECT_LIMIT_PROCESS_MEMORY)
        put(job, JOB_MEMORY, limits.ProcessMemoryLimit, 0);
    status = set_limits(job, &basic, EXTENDED_LIMITS);
    if (!NT_SUCCESS(status)) atomic_store(job_word(job, JOB_MEMORY), before);
    return status;
}

static NTSTATUS set_port(struct job *job, gptr buffer, uint32_t length)
{
    JOBOBJECT_ASSOCIATE_COMPLETION_PORT32 info;
    struct object *port;
    NTSTATUS status = information_read(buffer, length, &info, sizeof info);
    if (!NT_SUCCESS(status)) return status;
    status = handle_resolve(info.CompletionPort, &io_completion_type, IO_COMPLETION_MODIFY_STATE, &port);
    if (!NT_SUCCESS(status)) return status;
    status = job_port_set(job, port, info.CompletionKey);
    object_release(port);
    return status;
}

// One half of JOB_MISC.
static NTSTATUS set_misc(const struct job *job, gptr buffer, uint32_t length, uint32_t most, bool upper)
{
    uint32_t value;
    NTSTATUS status = information_read(buffer, length, &value, sizeof value);
    if (!NT_SUCCESS(status)) return status;
    if (value > most) return STATUS_INVALID_PARAMETER;
    uint64_t before = get(job, JOB_MISC);
    put(job, JOB_MISC, upper ? (uint32_t)before : value, upper ? value : (uint32_t)(before >> 32));
    return STATUS_SUCCESS;
}

NTSTATUS NtSetInformationJobObject(HANDLE32 handle, JOBOBJECTINFOCLASS32 class, gptr buffer, uint32_t length)
{
    struct job *job;
    NTSTATUS status = job_resolve(handle, JOB_OBJECT_SET_ATTRIBUTES, &job);
    if (!NT_SUCCESS(status)) return status;
    switch (class) {
    case JobObjectBasicLimitInformation: status = set_basic_limits(job, buffer, length); break;
    case JobObjectExtendedLimitInformation: status = set_extended_limits(job, buffer, length); break;
    case JobObjectAssociateCompletionPortInformation: status = set_port(job, buffer, length); break;
    case JobObjectBasicUIRestrictions:
        status = set_misc(job, buffer, length, JOB_OBJECT_UILIMIT_ALL, false);
        break;
    case JobObjectEndOfJobTimeInformation:
        status = set_misc(job, buffer, length, JOB_OBJECT_POST_AT_END_OF_JOB, true);
        break;
    default: status = STATUS_INVALID_INFO_CLASS;
    }
    object_release(&job->object);
    return status;
}
