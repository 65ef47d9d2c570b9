// NtXxxThread: creating, opening, stopping and ending threads, and their contexts. What is done to them is in
// thread_control.c, information classes are in thread_info.c.
#include "loader/context.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "process_remote.h"
#include "ps_attributes.h"
#include "thread_control.h"
#include <sched.h>

// The handle comes first: a thread that runs cannot be taken back.
static NTSTATUS create_own(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                           const struct thread_creation *creation, struct thread_object **thread)
{
    *thread = thread_object_create(creation->start);
    if (!*thread) return STATUS_NO_MEMORY;
    object_retain(&(*thread)->object); // object_create_handle takes the first one over
    NTSTATUS status = object_create_handle(&(*thread)->object, attributes, access, handle);
    if (NT_SUCCESS(status)) {
        status = thread_control_start(*thread, creation);
        if (!NT_SUCCESS(status)) handle_close(*handle);
    }
    if (!NT_SUCCESS(status)) object_release(&(*thread)->object);
    return status;
}

// Here it may be running already: without a handle nobody wants it.
static NTSTATUS create_remote(struct process_object *process, HANDLE32 *handle, ACCESS_MASK32 access,
                              const OBJECT_ATTRIBUTES32 *attributes, const struct thread_creation *creation,
                              struct thread_object **thread)
{
    NTSTATUS status = peer_thread_create(process, creation, thread);
    if (!NT_SUCCESS(status)) return status;
    object_retain(&(*thread)->object);
    status = object_create_handle(&(*thread)->object, attributes, access, handle);
    if (NT_SUCCESS(status)) return status;
    thread_control_terminate(*thread, status);
    object_release(&(*thread)->object);
    return status;
}

NTSTATUS NtCreateThreadEx(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                          HANDLE32 process, gptr start, gptr parameter, uint32_t flags, uint32_t zero_bits,
                          uint32_t stack_commit, uint32_t stack_reserve, gptr list)
{
    const struct thread_creation creation = {.start = start,
                                             .argument = parameter,
                                             .flags = flags,
                                             .stack_commit = stack_commit,
                                             .stack_reserve = stack_reserve};
    struct process_object *other;
    struct thread_object *thread;
    (void)zero_bits;
    NTSTATUS status = process_resolve_target(process, PROCESS_CREATE_THREAD, &other);
    if (!NT_SUCCESS(status)) return status;
    status = other ? create_remote(other, handle, access, attributes, &creation, &thread)
                   : create_own(handle, access, attributes, &creation, &thread);
    if (NT_SUCCESS(status)) {
        ps_attributes_write_thread(list, thread);
        object_release(&thread->object);
    }
    if (other) object_release(&other->object);
    return status;
}

// A thread of another process, retained. A process that is named must be the thread's.
static NTSTATUS open_remote(const CLIENT_ID32 *id, struct thread_object **thread)
{
    struct process_object *process;
    uint32_t tid = id->UniqueThread & ~3u, pid = process_remote_of_thread(tid);
    if (!pid || pid == process_id() || (id->UniqueProcess && (id->UniqueProcess & ~3u) != pid))
        return STATUS_INVALID_CID;
    NTSTATUS status = process_remote_open(pid, &process);
    if (!NT_SUCCESS(status)) return status;
    status = thread_remote_open(process, tid, thread);
    object_release(&process->object);
    return status;
}

NTSTATUS NtOpenThread(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                      const CLIENT_ID32 *id)
{
    if (!id) return STATUS_INVALID_PARAMETER_MIX;
    NTSTATUS status = STATUS_SUCCESS;
    struct thread_object *thread = thread_find(id->UniqueThread & ~3u);
    if (!thread) {
        status = open_remote(id, &thread);
    } else if (id->UniqueProcess && (id->UniqueProcess & ~3u) != process_id()) {
        object_release(&thread->object);
        status = STATUS_INVALID_CID;
    }
    if (!NT_SUCCESS(status)) return status;
    status = handle_create(&thread->object, object_map_access(&thread_type, access),
                           attributes ? attributes->Attributes & OBJ_INHERIT : 0, handle);
    object_release(&thread->object);
    return status;
}

NTSTATUS NtSuspendThread(HANDLE32 handle, uint32_t *previous)
{
    struct thread_object *thread;
    NTSTATUS status = thread_resolve(handle, THREAD_SUSPEND_RESUME, &thread);
    if (!NT_SUCCESS(status)) return status;
    status = thread_control_suspend(thread, previous);
    object_release(&thread->object);
    return status;
}

NTSTATUS NtResumeThread(HANDLE32 handle, uint32_t *previous)
{
    struct thread_object *thread;
    NTSTATUS status = thread_resolve(handle, THREAD_SUSPEND_RESUME, &thread);
    if (!NT_SUCCESS(status)) return status;
    status = thread_control_resume(thread, previous);
    if (status == STATUS_THREAD_IS_TERMINATING || status == STATUS_PROCESS_IS_TERMINATING) {
        if (previous) *previous = 0;
        status = STATUS_SUCCESS;
    }
    object_release(&thread->object);
    return status;
}

NTSTATUS NtTerminateThread(HANDLE32 handle, NTSTATUS exit_status)
{
    struct thread_object *thread;
    if (handle == 0) { // the calling thread, unless it is the last one
        if (thread_count() == 1) return STATUS_CANT_TERMINATE_SELF;
        handle = (HANDLE32)-2;
    }
    NTSTATUS status = thread_resolve(handle, THREAD_TERMINATE, &thread);
    if (!NT_SUCCESS(status)) return status;
    status = thread_control_terminate(thread, exit_status);
    object_release(&thread->object);
    return status;
}

// What the calls on contexts and APCs say of a thread that is over.
static NTSTATUS status_of_ended(NTSTATUS status)
{
    return status == STATUS_THREAD_IS_TERMINATING || status == STATUS_PROCESS_IS_TERMINATING
               ? STATUS_UNSUCCESSFUL
               : status;
}

NTSTATUS NtGetContextThread(HANDLE32 handle, gptr address)
{
    struct thread_object *thread;
    struct thread_context context;
    NTSTATUS status = thread_resolve(handle, THREAD_GET_CONTEXT, &thread);
    if (!NT_SUCCESS(status)) return status;
    status = context_read(&context, address);
    if (NT_SUCCESS(status)) status = thread_control_get_context(thread, &context);
    object_release(&thread->object);
    if (NT_SUCCESS(status)) status = context_write(address, &context);
    return status_of_ended(status);
}

NTSTATUS NtSetContextThread(HANDLE32 handle, gptr address)
{
    struct thread_object *thread;
    struct thread_context context;
    NTSTATUS status = thread_resolve(handle, THREAD_SET_CONTEXT, &thread);
    if (!NT_SUCCESS(status)) return status;
    status = context_read(&context, address);
    if (NT_SUCCESS(status)) status = thread_control_set_context(thread, &context);
    object_release(&thread->object);
    return status;
}

NTSTATUS NtQueueApcThread(HANDLE32 handle, gptr routine, gptr argument1, gptr argument2, gptr argument3)
{
    const uint32_t arguments[3] = {argument1, argument2, argument3};
    struct thread_object *thread;
    NTSTATUS status = thread_resolve(handle, THREAD_SET_CONTEXT, &thread);
    if (!NT_SUCCESS(status)) return status;
    status = thread_control_queue_apc(thread, routine, arguments);
    object_release(&thread->object);
    return status_of_ended(status);
}

NTSTATUS NtContinue(gptr address, uint8_t alertable)
{
    struct thread *thread = thread_self();
    struct thread_context context;
    NTSTATUS status = context_read(&context, address);
    if (!NT_SUCCESS(status)) return status;
    context_install(thread, &context);
    if (alertable && wait_apc_pending(&thread->wait)) atomic_fetch_or(&thread->pending, THREAD_PENDING_APC);
    return STATUS_SUCCESS;
}

// argument is a BOOLEAN, or what is too large for one: the address of a KCONTINUE_ARGUMENT.
NTSTATUS NtContinueEx(gptr context, gptr argument)
{
    KCONTINUE_ARGUMENT32 how;
    if (argument <= UINT8_MAX) return NtContinue(context, argument != 0);
    if (!guest_read(&how, argument, sizeof how)) return STATUS_ACCESS_VIOLATION;
    if (how.ContinueFlags & ~(uint32_t)(KCONTINUE_FLAG_TEST_ALERT | KCONTINUE_FLAG_DELIVER_APC))
        return STATUS_INVALID_PARAMETER;
    return NtContinue(context, how.ContinueFlags != 0);
}

NTSTATUS NtCallbackReturn(gptr result, uint32_t length, NTSTATUS status)
{
    (void)result, (void)length, (void)status;
    return STATUS_NO_CALLBACK_ACTIVE; // callbacks return through the gate page
}

uint32_t NtGetCurrentProcessorNumber(void)
{
    int cpu = sched_getcpu();
    return cpu < 0 ? 0 : cpu & 31;
}

uint32_t NtGetCurrentProcessorNumberEx(PROCESSOR_NUMBER32 *number)
{
    uint32_t processor = NtGetCurrentProcessorNumber();
    if (number) *number = (PROCESSOR_NUMBER32){.Number = (uint8_t)processor};
    return processor;
}

// 32-bit programs of a 64-bit system have no local descriptors.
NTSTATUS NtSetLdtEntries(uint32_t selector0, uint32_t low0, uint32_t high0, uint32_t selector1, uint32_t low1,
                         uint32_t high1)
{
    (void)selector0, (void)low0, (void)high0, (void)selector1, (void)low1, (void)high1;
    return STATUS_NOT_IMPLEMENTED;
}
