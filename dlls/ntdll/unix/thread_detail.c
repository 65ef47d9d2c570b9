// NtQueryInformationThread and NtSetInformationThread: the less common classes. Sources: phnt's ntpsapi.h,
// Microsoft's documentation of SetThreadInformation.
#include "thread_detail.h"
#include "guest_types.h"
#include "information.h"
#include "thread_priority.h"
#include "thread_times.h"
#include "token.h"

enum { STATE_WAITING = 5, STATE_RUNNING = 2 };

// A BOOLEAN, of which a longer buffer is no good.
static NTSTATUS query_hidden(struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    const uint8_t hidden = atomic_load(&thread->hidden);
    return information_write(buffer, length, &hidden, sizeof hidden, true, result);
}

static NTSTATUS query_throttling(const struct thread_object *thread, gptr buffer, uint32_t length,
                                 uint32_t *result)
{
    const POWER_THROTTLING_STATE32 state = {.Version = THROTTLING_VERSION,
                                            .ControlMask = thread->throttling[0],
                                            .StateMask = thread->throttling[1]};
    return information_write(buffer, length, &state, sizeof state, true, result);
}

// Copies a part of the TEB to where the question says.
static NTSTATUS query_teb(const struct thread_object *thread, gptr buffer, uint32_t length, uint32_t *result)
{
    THREAD_TEB_INFORMATION32 info;
    uint8_t bytes[sizeof(TEB32)];
    NTSTATUS status = information_read(buffer, length, &info, sizeof info);
    if (!NT_SUCCESS(status)) return status;
    if (thread->remote) return STATUS_NOT_SUPPORTED;
    if (info.TebOffset > sizeof bytes || info.BytesToRead > sizeof bytes - info.TebOffset)
        return STATUS_INVALID_PARAMETER;
    if (!guest_read(bytes, thread->teb + info.TebOffset, info.BytesToRead) ||
        !guest_write(info.TebInformation, bytes, info.BytesToRead))
        return STATUS_ACCESS_VIOLATION;
    if (result) *result = sizeof info;
    return STATUS_SUCCESS;
}

// What SystemProcessInformation says of it.
static NTSTATUS query_system_thread(struct thread_object *thread, gptr buffer, uint32_t length,
                                    uint32_t *result)
{
    uint64_t user, kernel;
    SYSTEM_THREAD_INFORMATION32 info = {
        .StartAddress = thread->start,
        .ClientId = {.UniqueProcess = thread_process_id(thread), .UniqueThread = thread->tid},
        .Priority = thread_base_priority(thread),
        .BasePriority = (int32_t)thread->priority,
        .ThreadState = STATE_WAITING,
    };
    thread_times(thread, &user, &kernel);
    info.Reserved1[0].QuadPart = (int64_t)kernel;
    info.Reserved1[1].QuadPart = (int64_t)user;
    info.Reserved1[2].QuadPart = (int64_t)thread->created;
    if (thread_self() && thread_self()->object == thread) info.ThreadState = STATE_RUNNING;
    return information_write(buffer, length, &info, sizeof info, true, result);
}

static NTSTATUS query_group(const struct thread_object *thread, gptr buffer, uint32_t length,
                            uint32_t *result)
{
    const GROUP_AFFINITY32 group = {.Mask = thread->affinity};
    return information_write(buffer, length, &group, sizeof group, true, result);
}

static NTSTATUS query_performance_count(gptr buffer, uint32_t length, uint32_t *result)
{
    const uint64_t none = 0;
    return information_write(buffer, length, &none, sizeof none, true, result);
}

NTSTATUS thread_detail_query(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length,
                             uint32_t *result)
{
    switch (class) {
    case ThreadHideFromDebugger: return query_hidden(thread, buffer, length, result);
    case ThreadBreakOnTermination: return information_u32(thread->breaks_on_end, buffer, length, result);
    case ThreadPerformanceCount: return query_performance_count(buffer, length, result);
    case ThreadActualBasePriority:
        return information_u32((uint32_t)thread_base_priority(thread), buffer, length, result);
    case ThreadTebInformation: return query_teb(thread, buffer, length, result);
    case ThreadSystemThreadInformation: return query_system_thread(thread, buffer, length, result);
    case ThreadActualGroupAffinity: return query_group(thread, buffer, length, result);
    case ThreadDynamicCodePolicyInfo:
    case ThreadSubsystemInformation: return information_u32(0, buffer, length, result);
    case ThreadPowerThrottlingState: return query_throttling(thread, buffer, length, result);
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

// Kept: the host knows no such thing.
static NTSTATUS set_throttling(struct thread_object *thread, gptr buffer, uint32_t length)
{
    enum { EXECUTION_SPEED = 1 };
    POWER_THROTTLING_STATE32 state;
    NTSTATUS status = information_read_throttling(buffer, length, EXECUTION_SPEED, &state);
    if (!NT_SUCCESS(status)) return status;
    thread->throttling[0] = state.ControlMask;
    thread->throttling[1] = state.StateMask;
    return STATUS_SUCCESS;
}

static NTSTATUS set_break_on_end(struct thread_object *thread, gptr buffer, uint32_t length)
{
    uint32_t value;
    NTSTATUS status = information_read(buffer, length, &value, sizeof value);
    if (!NT_SUCCESS(status)) return status;
    if (!token_has_privilege(SE_DEBUG_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    thread->breaks_on_end = value != 0;
    return STATUS_SUCCESS;
}

// Misaligned data never faults on x86: there is nothing to fix up.
static NTSTATUS set_fixup(gptr buffer, uint32_t length)
{
    uint8_t value;
    return information_read(buffer, length, &value, sizeof value);
}

NTSTATUS thread_detail_set(struct thread_object *thread, uint32_t class, gptr buffer, uint32_t length)
{
    if (class == ThreadHideFromDebugger && length) return STATUS_INFO_LENGTH_MISMATCH;
    if (thread->remote) return STATUS_NOT_SUPPORTED;
    switch (class) {
    case ThreadHideFromDebugger: atomic_store(&thread->hidden, true); return STATUS_SUCCESS;
    case ThreadBreakOnTermination: return set_break_on_end(thread, buffer, length);
    case ThreadPowerThrottlingState: return set_throttling(thread, buffer, length);
    default: return set_fixup(buffer, length);
    }
}
