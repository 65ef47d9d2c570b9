// NtAllocateReserveObject, and the calls that queue with what it set aside. An I/O completion reserve is in
// use while its packet is queued. Source: phnt's ntexapi.h and ntioapi.h.
#include "reserve.h"
#include "io_completion.h"
#include "loader/thread.h"
#include "ntdll_host.h"
#include "thread_control.h"

struct reserve {
    struct object object;
    _Atomic bool used;
};

const struct object_type apc_reserve_type = {
    .name = "UserApcReserve",
    .mapping = {.GenericRead = 0x20001,
                .GenericWrite = 0x20002,
                .GenericExecute = 0x20000,
                .GenericAll = 0xF0003},
    .valid_access = 0xF0003,
    .destroy = object_free,
};
const struct object_type io_completion_reserve_type = {
    .name = "IoCompletionReserve",
    .mapping = {.GenericRead = 0x20001,
                .GenericWrite = 0x20002,
                .GenericExecute = 0x20000,
                .GenericAll = 0xF0003},
    .valid_access = 0xF0003,
    .destroy = object_free,
};

NTSTATUS NtAllocateReserveObject(HANDLE32 *handle, const OBJECT_ATTRIBUTES32 *attributes, uint32_t type)
{
    if (type != MEMORY_RESERVE_USER_APC && type != MEMORY_RESERVE_IO_COMPLETION)
        return STATUS_INVALID_PARAMETER;
    struct reserve *reserve = object_alloc(sizeof *reserve);
    if (!reserve) return STATUS_NO_MEMORY;
    object_init(&reserve->object,
                type == MEMORY_RESERVE_USER_APC ? &apc_reserve_type : &io_completion_reserve_type);
    return object_create_handle(&reserve->object, attributes, GENERIC_ALL, handle);
}

static void packet_taken(struct object *object)
{
    atomic_store(&((struct reserve *)object)->used, false);
}

NTSTATUS NtSetIoCompletionEx(HANDLE32 port_handle, HANDLE32 handle, gptr key, gptr context, NTSTATUS status,
                             uint32_t information)
{
    struct object *port, *object;
    NTSTATUS result = handle_resolve(port_handle, &io_completion_type, IO_COMPLETION_MODIFY_STATE, &port);
    if (result != STATUS_SUCCESS) return result;
    result = handle_resolve(handle, &io_completion_reserve_type, 0, &object);
    if (result == STATUS_SUCCESS) {
        struct reserve *reserve = (struct reserve *)object;
        const struct io_completion_packet packet = {
            .key = key, .context = context, .status = status, .information = information};
        if (atomic_exchange(&reserve->used, true))
            result = STATUS_INVALID_PARAMETER_2;
        else if (!NT_SUCCESS(result = io_completion_post_owned(port, &packet, object, packet_taken)))
            packet_taken(object);
        object_release(object);
    }
    object_release(port);
    return result;
}

// An APC that runs without an alertable wait. Only the calling thread is certain to be where it can run.
static NTSTATUS queue_special(struct thread_object *thread, gptr routine, const uint32_t arguments[3])
{
    struct thread *self = thread_self();
    if (thread != self->object) return STATUS_NOT_SUPPORTED;
    NTSTATUS status = thread_control_queue_apc(thread, routine, arguments);
    if (status == STATUS_SUCCESS && routine) atomic_fetch_or(&self->pending, THREAD_PENDING_APC);
    return status;
}

NTSTATUS NtQueueApcThreadEx(HANDLE32 handle, HANDLE32 reserve_handle, gptr routine, gptr argument1,
                            gptr argument2, gptr argument3)
{
    enum { SPECIAL = 1 }; // QUEUE_USER_APC_SPECIAL_USER_APC
    const uint32_t arguments[3] = {argument1, argument2, argument3};
    struct object *reserve = NULL;
    struct thread_object *thread;
    if (!reserve_handle) return NtQueueApcThread(handle, routine, argument1, argument2, argument3);
    NTSTATUS status = thread_resolve(handle, THREAD_SET_CONTEXT, &thread);
    if (!NT_SUCCESS(status)) return status;
    if (reserve_handle == SPECIAL)
        status = queue_special(thread, routine, arguments);
    else if (NT_SUCCESS(status = handle_resolve(reserve_handle, &apc_reserve_type, 0, &reserve)))
        status = thread_control_queue_apc(thread, routine, arguments);
    if (reserve) object_release(reserve);
    object_release(&thread->object);
    return status;
}
