// NtQueryInformationThread and NtSetInformationThread.
#include "impersonation.h"
#include "information.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "thread_control.h"
#include "thread_info.h"
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { DEFAULT_PRIORITY = 8 };

static NTSTATUS query_basic(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    THREAD_BASIC_INFORMATION32 info = {
        .ExitStatus = atomic_load(&thread->exit_status),
        .TebBaseAddress = thread->teb,
        .ClientId = {.UniqueProcess = thread_process_id(thread), .UniqueThread = thread->tid},
        .AffinityMask = thread->affinity,
        .Priority = DEFAULT_PRIORITY + (int32_t)thread->priority,
        .BasePriority = (int32_t)thread->priority,
    };
    return information_write(buffer, length, &info, sizeof info, true, result);
}

uint64_t thread_user_time(struct thread_object *thread)
{
    uint64_t time = thread->user_time;
    pthread_mutex_lock(&thread->lock);
    clockid_t clock;
    struct timespec cpu;
    if (thread->thread && pthread_getcpuclockid(thread->thread->pthread, &clock) == 0 &&
        clock_gettime(clock, &cpu) == 0)
        time = (uint64_t)cpu.tv_sec * 10000000 + (uint64_t)cpu.tv_nsec / 100;
    pthread_mutex_unlock(&thread->lock);
    return time;
}

static NTSTATUS query_times(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    struct kernel_user_times times = {.CreateTime = thread->created,
                                      .ExitTime = thread->exited,
                                      .KernelTime = thread->kernel_time,
                                      .UserTime = thread_user_time(thread)};
    return information_write(buffer, length, &times, sizeof times, true, result);
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

static NTSTATUS query_u32(uint32_t value, gptr buffer, uint32_t length, uint32_t *result)
{
    return information_write(buffer, length, &value, sizeof value, true, result);
}

static NTSTATUS query(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length,
                      uint32_t *result)
{
    switch (class) {
    case ThreadBasicInformation: return query_basic(thread, buffer, length, result);
    case ThreadTimes: return query_times(thread, buffer, length, result);
    case ThreadQuerySetWin32StartAddress: return query_u32(thread->start, buffer, length, result);
    case ThreadAmILastThread:
        return query_u32(!thread->remote && thread_count() == 1, buffer, length, result);
    case ThreadPriorityBoost: return query_u32(thread->priority_boost_disabled, buffer, length, result);
    case ThreadIsTerminated:
        return query_u32(atomic_load(&thread->exit_status) != (uint32_t)STATUS_PENDING, buffer, length,
                         result);
    case ThreadSuspendCount: return query_u32(thread_suspend_count(thread), buffer, length, result);
    case ThreadGroupInformation: {
        GROUP_AFFINITY32 group = {.Mask = thread->affinity};
        return information_write(buffer, length, &group, sizeof group, true, result);
    }
    case ThreadNameInformation: return query_name(thread, buffer, length, result);
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS NtQueryInformationThread(HANDLE32 handle, THREADINFOCLASS32 class, gptr buffer, uint32_t length,
                                  uint32_t *result_length)
{
    struct thread_object *thread;
    NTSTATUS status = thread_resolve(handle, THREAD_QUERY_LIMITED_INFORMATION, &thread);
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

// Priorities are kept and reported; the host schedules all threads alike (raising them needs privileges).
NTSTATUS thread_set_value(struct thread_object *thread, uint32_t class, uint32_t value)
{
    switch (class) {
    case ThreadPriority:
        if (value == 0 || value > 31) return STATUS_INVALID_PARAMETER;
        thread->priority = value - DEFAULT_PRIORITY;
        return STATUS_SUCCESS;
    case ThreadBasePriority:
        if (((int32_t)value > 2 || (int32_t)value < -2) && value != 15 && (int32_t)value != -15)
            return STATUS_INVALID_PARAMETER;
        thread->priority = value;
        return STATUS_SUCCESS;
    case ThreadAffinityMask:
        if (value == 0 || (value & ~process_object_self()->affinity)) return STATUS_INVALID_PARAMETER;
        if (!process_bind_thread(thread->tid, value)) return STATUS_THREAD_IS_TERMINATING;
        thread->affinity = value;
        return STATUS_SUCCESS;
    case ThreadQuerySetWin32StartAddress: thread->start = value; return STATUS_SUCCESS;
    case ThreadPriorityBoost: thread->priority_boost_disabled = value != 0; return STATUS_SUCCESS;
    case ThreadIdealProcessor: return value > 32 ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS set_u32(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length)
{
    uint32_t value;
    NTSTATUS status = information_read(buffer, length, &value, sizeof value);
    if (!NT_SUCCESS(status)) return status;
    return thread->remote ? peer_thread_set(thread, class, value, NULL, 0)
                          : thread_set_value(thread, class, value);
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

static NTSTATUS set(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length)
{
    if (class == ThreadZeroTlsCell) return set_zero_tls_cell(buffer, length);
    if (class == ThreadNameInformation) return set_name(thread, buffer, length);
    if (class == ThreadImpersonationToken) {
        HANDLE32 token;
        NTSTATUS status = information_read(buffer, length, &token, sizeof token);
        return NT_SUCCESS(status) ? impersonation_set(thread, token) : status;
    }
    if (class == ThreadHideFromDebugger)
        return length ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS; // there is none
    return set_u32(thread, class, buffer, length);
}

NTSTATUS NtSetInformationThread(HANDLE32 handle, THREADINFOCLASS32 class, gptr buffer, uint32_t length)
{
    struct thread_object *thread;
    NTSTATUS status = thread_resolve(handle, THREAD_SET_LIMITED_INFORMATION, &thread);
    if (!NT_SUCCESS(status)) return status;
    status = set(thread, class, buffer, length);
    object_release(&thread->object);
    return status;
}
