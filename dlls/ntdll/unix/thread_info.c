// NtQueryInformationThread and NtSetInformationThread: which right each class takes, and what it does.
#include "impersonation.h"
#include "information.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "thread_control.h"
#include "thread_detail.h"
#include "thread_info.h"
#include "thread_priority.h"
#include "thread_selector.h"
#include "thread_times.h"
#include <stdlib.h>
#include <string.h>

enum { MAXIMUM_PROCESSORS_64 = 64, PAGE_PRIORITY_NORMAL = 5, IO_PRIORITY_NORMAL = 2 };

static NTSTATUS query_basic(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    THREAD_BASIC_INFORMATION32 info = {
        .ExitStatus = atomic_load(&thread->exit_status),
        .TebBaseAddress = thread->teb,
        .ClientId = {.UniqueProcess = thread_process_id(thread), .UniqueThread = thread->tid},
        .AffinityMask = thread->affinity,
        .Priority = thread_base_priority(thread),
        .BasePriority = (int32_t)thread->priority,
    };
    return information_write(buffer, length, &info, sizeof info, true, result);
}

static NTSTATUS query_times(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    struct kernel_user_times times = {.CreateTime = (int64_t)thread->created,
                                      .ExitTime = (int64_t)thread->exited};
    uint64_t user, kernel;
    thread_times(thread, &user, &kernel);
    times.UserTime = (int64_t)user;
    times.KernelTime = (int64_t)kernel;
    return information_write(buffer, length, &times, sizeof times, true, result);
}

static NTSTATUS query_cycles(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    THREAD_CYCLE_TIME_INFORMATION32 info = {0};
    uint64_t user, kernel;
    thread_times(thread, &user, &kernel);
    info.AccumulatedCycles = info.CurrentCycleCount = thread_times_cycles(user + kernel);
    return information_write(buffer, length, &info, sizeof info, true, result);
}

static NTSTATUS query_descriptor(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    THREAD_DESCRIPTOR_INFORMATION32 info;
    NTSTATUS status = information_read(buffer, length, &info, sizeof info);
    if (!NT_SUCCESS(status)) return status;
    if (!thread_selector_describe(info.Selector, thread->teb, &info.Entry)) return STATUS_UNSUCCESSFUL;
    return information_write(buffer, length, &info, sizeof info, true, result);
}

static NTSTATUS query_group(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    GROUP_AFFINITY32 group = {.Mask = thread->affinity};
    return information_write(buffer, length, &group, sizeof group, true, result);
}

static NTSTATUS query_ideal_processor(struct thread_object *thread, gptr buffer, uint32_t length,
                                      uint32_t *result)
{
    PROCESSOR_NUMBER32 number = {.Number = (uint8_t)thread->ideal_processor};
    return information_write(buffer, length, &number, sizeof number, true, result);
}

uint32_t thread_suspend_count(struct thread_object *thread)
{
    pthread_mutex_lock(&thread->lock);
    uint32_t count = thread->thread ? atomic_load(&thread->thread->suspend_count) : thread->suspend_count;
    pthread_mutex_unlock(&thread->lock);
    return count;
}

static NTSTATUS query_name(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    uint32_t needed;
    pthread_mutex_lock(&thread->lock);
    NTSTATUS status = object_write_string(buffer, length, thread->name, thread->name_length, &needed);
    pthread_mutex_unlock(&thread->lock);
    if (result) *result = needed;
    return status == STATUS_INFO_LENGTH_MISMATCH ? STATUS_BUFFER_TOO_SMALL : status;
}

// What a class takes of a handle that asks for it. Microsoft documents the functions on top: those that take
// "QUERY_INFORMATION or QUERY_LIMITED_INFORMATION" are listed.
static ACCESS_MASK32 query_access(uint32_t class)
{
    switch (class) {
    case ThreadBasicInformation:
    case ThreadTimes:
    case ThreadDescriptorTableEntry:
    case ThreadAmILastThread:
    case ThreadPriorityBoost:
    case ThreadIsTerminated:
    case ThreadCycleTime:
    case ThreadGroupInformation:
    case ThreadIdealProcessorEx:
    case ThreadSuspendCount:
    case ThreadPagePriority:
    case ThreadSystemThreadInformation:
    case ThreadActualGroupAffinity:
    case ThreadDynamicCodePolicyInfo:
    case ThreadSubsystemInformation:
    case ThreadPowerThrottlingState:
    case ThreadNameInformation: return THREAD_QUERY_LIMITED_INFORMATION;
    default: return THREAD_QUERY_INFORMATION;
    }
}

static NTSTATUS query(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length,
                      uint32_t *result)
{
    switch (class) {
    case ThreadBasicInformation: return query_basic(thread, buffer, length, result);
    case ThreadTimes: return query_times(thread, buffer, length, result);
    case ThreadCycleTime: return query_cycles(thread, buffer, length, result);
    case ThreadDescriptorTableEntry: return query_descriptor(thread, buffer, length, result);
    case ThreadQuerySetWin32StartAddress: return information_u32(thread->start, buffer, length, result);
    case ThreadAmILastThread:
        return information_u32(!thread->remote && thread_count() == 1, buffer, length, result);
    case ThreadPriorityBoost: return information_u32(thread->priority_boost_disabled, buffer, length, result);
    case ThreadIsIoPending:
        return information_u32(atomic_load(&thread->pending_io) != 0, buffer, length, result);
    case ThreadIsTerminated:
        return information_u32(atomic_load(&thread->exit_status) != (uint32_t)STATUS_PENDING, buffer, length,
                               result);
    case ThreadSuspendCount: return information_u32(thread_suspend_count(thread), buffer, length, result);
    case ThreadGroupInformation: return query_group(thread, buffer, length, result);
    case ThreadIdealProcessorEx: return query_ideal_processor(thread, buffer, length, result);
    case ThreadPagePriority: return information_u32(thread->page_priority, buffer, length, result);
    case ThreadIoPriority: return information_u32(thread->io_priority, buffer, length, result);
    case ThreadNameInformation: return query_name(thread, buffer, length, result);
    default: return thread_detail_query(thread, class, buffer, length, result);
    }
}

// Answers that are no ULONGs may lie anywhere.
static bool is_aligned(uint32_t class, gptr buffer)
{
    return class == ThreadHideFromDebugger || !(buffer & 3);
}

NTSTATUS NtQueryInformationThread(HANDLE32 handle, THREADINFOCLASS32 class, gptr buffer, uint32_t length,
                                  uint32_t *result_length)
{
    struct thread_object *thread;
    if (length && !is_aligned(class, buffer)) return STATUS_DATATYPE_MISALIGNMENT;
    NTSTATUS status = thread_resolve(handle, query_access(class), &thread);
    if (!NT_SUCCESS(status)) return status;
    if (thread->remote) status = peer_thread_refresh(thread);
    if (NT_SUCCESS(status)) status = query(thread, class, buffer, length, result_length);
    object_release(&thread->object);
    return status;
}

NTSTATUS thread_set_name(struct thread_object *thread, const uint16_t *name, uint32_t n)
{
    uint16_t *copy = malloc(n * 2 + 2);
    if (!copy) return STATUS_NO_MEMORY;
    memcpy(copy, name, n * 2);
    pthread_mutex_lock(&thread->lock);
    free(thread->name);
    thread->name = copy;
    thread->name_length = n;
    pthread_mutex_unlock(&thread->lock);
    return STATUS_SUCCESS;
}

static NTSTATUS set_name(struct thread_object *thread, gptr buffer, uint32_t length)
{
    THREAD_NAME_INFORMATION32 info;
    NTSTATUS status = information_read(buffer, length, &info, sizeof info);
    if (!NT_SUCCESS(status)) return status;
    uint16_t *name = malloc(info.ThreadName.Length + 2);
    if (!name) return STATUS_NO_MEMORY;
    uint32_t n = info.ThreadName.Length / 2;
    if (!guest_read(name, info.ThreadName.Buffer, info.ThreadName.Length))
        status = STATUS_ACCESS_VIOLATION;
    else
        status = thread->remote ? peer_thread_set(thread, ThreadNameInformation, 0, name, n)
                                : thread_set_name(thread, name, n);
    free(name);
    return status;
}

static NTSTATUS set_affinity(struct thread_object *thread, uint32_t mask)
{
    uint32_t allowed = process_object_self()->affinity;
    if (mask == UINT32_MAX) mask = allowed; // all of them
    if (mask == 0 || (mask & ~allowed)) return STATUS_INVALID_PARAMETER;
    if (!process_bind_thread(thread->tid, mask)) return STATUS_THREAD_IS_TERMINATING;
    thread->affinity = mask;
    return STATUS_SUCCESS;
}

// The host has no such notion: kept for who asks. The status is the processor that was the ideal one before;
// MAXIMUM_PROCESSORS asks only.
static NTSTATUS set_ideal_processor(struct thread_object *thread, uint32_t processor)
{
    if (processor > MAXIMUM_PROCESSORS_64) return STATUS_INVALID_PARAMETER;
    NTSTATUS before = (NTSTATUS)thread->ideal_processor;
    if (processor == MAXIMUM_PROCESSORS_64 || processor == 32) return before;
    if (!(processor < 32 && process_affinity() >> processor & 1)) return STATUS_INVALID_PARAMETER;
    thread->ideal_processor = processor;
    return before;
}

// Sets one of the priorities that are only kept: 0 to the normal one of its kind.
static NTSTATUS set_kept_priority(uint32_t *priority, uint32_t value, uint32_t normal)
{
    if (value > normal) return STATUS_INVALID_PARAMETER;
    *priority = value;
    return STATUS_SUCCESS;
}

NTSTATUS thread_set_value(struct thread_object *thread, uint32_t class, uint32_t value)
{
    switch (class) {
    case ThreadPriority: return thread_set_absolute_priority(thread, (int32_t)value);
    case ThreadBasePriority: return thread_set_priority(thread, (int32_t)value);
    case ThreadAffinityMask: return set_affinity(thread, value);
    case ThreadQuerySetWin32StartAddress: thread->start = value; return STATUS_SUCCESS;
    case ThreadPriorityBoost: thread->priority_boost_disabled = value != 0; return STATUS_SUCCESS;
    case ThreadIdealProcessor: return set_ideal_processor(thread, value);
    case ThreadPagePriority: return set_kept_priority(&thread->page_priority, value, PAGE_PRIORITY_NORMAL);
    case ThreadIoPriority: return set_kept_priority(&thread->io_priority, value, IO_PRIORITY_NORMAL);
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

// Sets it where the thread runs.
static NTSTATUS set_value(struct thread_object *thread, uint32_t class, uint32_t value)
{
    return thread->remote ? peer_thread_set(thread, class, value, NULL, 0)
                          : thread_set_value(thread, class, value);
}

static NTSTATUS set_u32(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length)
{
    uint32_t value;
    NTSTATUS status = information_read(buffer, length, &value, sizeof value);
    return NT_SUCCESS(status) ? set_value(thread, class, value) : status;
}

// One processor group: group 0 is the only valid one, and "all processors" is no mask here.
static NTSTATUS set_group(struct thread_object *thread, gptr buffer, uint32_t length)
{
    GROUP_AFFINITY32 group;
    NTSTATUS status = information_read(buffer, length, &group, sizeof group);
    if (!NT_SUCCESS(status)) return status;
    if (group.Group || (group.Mask & ~process_object_self()->affinity)) return STATUS_INVALID_PARAMETER;
    return set_value(thread, ThreadAffinityMask, group.Mask);
}

// *the number becomes the one before.
static NTSTATUS set_ideal_processor_ex(struct thread_object *thread, gptr buffer, uint32_t length)
{
    PROCESSOR_NUMBER32 number;
    NTSTATUS status = information_read(buffer, length, &number, sizeof number);
    if (!NT_SUCCESS(status)) return status;
    if (number.Group || number.Reserved || number.Number >= 32) return STATUS_INVALID_PARAMETER;
    NTSTATUS before = set_value(thread, ThreadIdealProcessor, number.Number);
    if (!NT_SUCCESS(before)) return before;
    number.Number = (uint8_t)before;
    return guest_write(buffer, &number, sizeof number) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// TlsFree: the slot becomes zero in every thread, lest its next owner find what the last one left.
static void zero_tls_cell(struct thread *thread, void *context)
{
    enum { DIRECT_SLOTS = 64 };
    uint32_t index = *(const uint32_t *)context, expansion;
    if (index < DIRECT_SLOTS)
        guest_write32(thread->teb + offsetof(TEB32, TlsSlots) + 4 * index, 0);
    else if (guest_read32(&expansion, thread->teb + offsetof(TEB32, TlsExpansionSlots)) && expansion)
        guest_write32(expansion + 4 * (index - DIRECT_SLOTS), 0);
}

static NTSTATUS set_zero_tls_cell(gptr buffer, uint32_t length)
{
    enum { SLOTS = 64 + 1024 };
    uint32_t index;
    NTSTATUS status = information_read(buffer, length, &index, sizeof index);
    if (!NT_SUCCESS(status)) return status;
    if (index >= SLOTS) return STATUS_INVALID_PARAMETER;
    thread_for_each(zero_tls_cell, &index);
    return STATUS_SUCCESS;
}

static NTSTATUS set_impersonation(struct thread_object *thread, gptr buffer, uint32_t length)
{
    HANDLE32 token;
    NTSTATUS status = information_read(buffer, length, &token, sizeof token);
    return NT_SUCCESS(status) ? impersonation_set(thread, token) : status;
}

static bool is_value_class(uint32_t class)
{
    switch (class) {
    case ThreadPriority:
    case ThreadBasePriority:
    case ThreadAffinityMask:
    case ThreadQuerySetWin32StartAddress:
    case ThreadPriorityBoost:
    case ThreadIdealProcessor:
    case ThreadPagePriority:
    case ThreadIoPriority: return true;
    default: return false;
    }
}

static NTSTATUS set(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length)
{
    switch (class) {
    case ThreadZeroTlsCell: return set_zero_tls_cell(buffer, length);
    case ThreadNameInformation: return set_name(thread, buffer, length);
    case ThreadGroupInformation: return set_group(thread, buffer, length);
    case ThreadIdealProcessorEx: return set_ideal_processor_ex(thread, buffer, length);
    case ThreadImpersonationToken: return set_impersonation(thread, buffer, length);
    case ThreadHideFromDebugger:
    case ThreadEnableAlignmentFaultFixup:
    case ThreadPowerThrottlingState:
    case ThreadBreakOnTermination: return thread_detail_set(thread, class, buffer, length);
    default: return is_value_class(class) ? set_u32(thread, class, buffer, length) : STATUS_INVALID_INFO_CLASS;
    }
}

static ACCESS_MASK32 set_access(uint32_t class)
{
    switch (class) {
    case ThreadHideFromDebugger:
    case ThreadQuerySetWin32StartAddress:
    case ThreadBreakOnTermination:
    case ThreadEnableAlignmentFaultFixup: return THREAD_SET_INFORMATION;
    default: return THREAD_SET_LIMITED_INFORMATION;
    }
}

NTSTATUS NtSetInformationThread(HANDLE32 handle, THREADINFOCLASS32 class, gptr buffer, uint32_t length)
{
    struct thread_object *thread;
    if (length && !is_aligned(class, buffer)) return STATUS_DATATYPE_MISALIGNMENT;
    NTSTATUS status = thread_resolve(handle, set_access(class), &thread);
    if (!NT_SUCCESS(status)) return status;
    status = set(thread, class, buffer, length);
    object_release(&thread->object);
    return status;
}
