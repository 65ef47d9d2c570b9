// NtXxxThread: creating, stopping, ending, alerting threads, and their contexts. Information classes are in
// thread_info.c.
#include "loader/context.h"
#include "loader/exception.h"
#include "loader/process.h"
#include "loader/suspend.h"
#include "ntdll_host.h"
#include "process_object.h"
#include "ps_attributes.h"
#include "thread_object.h"
#include <sched.h>
#include <stdlib.h>
#include <string.h>

NTSTATUS NtCreateThreadEx(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                          HANDLE32 process, gptr start, gptr parameter, uint32_t flags, uint32_t zero_bits,
                          uint32_t stack_commit, uint32_t stack_reserve, gptr list)
{
    (void)zero_bits;
    NTSTATUS status = process_resolve_own(process, PROCESS_CREATE_THREAD);
    if (!NT_SUCCESS(status)) return status;
    struct thread_object *object = thread_object_create(start);
    if (!object) return STATUS_NO_MEMORY;
    object->flags = flags;

    // The handle comes first: a thread that runs cannot be taken back.
    object_retain(&object->object); // the thread's own
    object_retain(&object->object); // ours; object_create_handle takes the first one over
    status = object_create_handle(&object->object, attributes, access, handle);
    if (NT_SUCCESS(status)) {
        struct thread_options options = {.stack_reserve = stack_reserve,
                                         .stack_commit = stack_commit,
                                         .start = start,
                                         .argument = parameter,
                                         .suspended = flags & THREAD_CREATE_FLAGS_CREATE_SUSPENDED,
                                         .object = object};
        status = thread_create(&options);
        if (!NT_SUCCESS(status)) handle_close(*handle);
    }
    if (NT_SUCCESS(status))
        ps_attributes_write_thread(list, object);
    else
        object_release(&object->object); // the thread that there is not
    object_release(&object->object);
    return status;
}

struct find_thread {
    uint32_t tid;
    struct thread_object *found;
};

static void find_by_tid(struct thread *thread, void *context)
{
    struct find_thread *find = context;
    if (thread->tid != find->tid || !thread->object) return;
    object_retain(&thread->object->object);
    find->found = thread->object;
}

NTSTATUS NtOpenThread(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                      const CLIENT_ID32 *id)
{
    if (!id) return STATUS_INVALID_PARAMETER_MIX;
    struct find_thread find = {.tid = id->UniqueThread & ~3u};
    thread_for_each(find_by_tid, &find);
    if (!find.found || (id->UniqueProcess && id->UniqueProcess != process_id())) {
        if (find.found) object_release(&find.found->object);
        return STATUS_INVALID_CID;
    }
    NTSTATUS status = handle_create(&find.found->object, object_map_access(&thread_type, access),
                                    attributes ? attributes->Attributes & OBJ_INHERIT : 0, handle);
    object_release(&find.found->object);
    return status;
}

// Runs act on the living thread behind a handle, which cannot end meanwhile.
static NTSTATUS with_thread(HANDLE32 handle, ACCESS_MASK32 access,
                            NTSTATUS (*act)(struct thread *thread, void *context), void *context)
{
    struct thread_object *object;
    NTSTATUS status = thread_resolve(handle, access, &object);
    if (!NT_SUCCESS(status)) return status;
    struct thread *self = thread_self();
    if (object->thread == self) {
        status = act(self, context);
    } else {
        pthread_mutex_lock(&object->lock);
        status = object->thread ? act(object->thread, context) : STATUS_THREAD_IS_TERMINATING;
        pthread_mutex_unlock(&object->lock);
    }
    object_release(&object->object);
    return status;
}

static NTSTATUS suspend(struct thread *thread, void *previous)
{
    return thread_suspend(thread, previous);
}

static NTSTATUS resume(struct thread *thread, void *previous)
{
    return thread_resume(thread, previous);
}

NTSTATUS NtSuspendThread(HANDLE32 handle, uint32_t *previous)
{
    return with_thread(handle, THREAD_SUSPEND_RESUME, suspend, previous);
}

NTSTATUS NtResumeThread(HANDLE32 handle, uint32_t *previous)
{
    struct thread_object *object;
    NTSTATUS status = thread_resolve(handle, THREAD_SUSPEND_RESUME, &object);
    if (!NT_SUCCESS(status)) return status;
    bool remote = object->remote != NULL;
    if (remote) status = process_resume_first_thread(object->remote, previous);
    object_release(&object->object);
    if (remote) return status;
    status = with_thread(handle, THREAD_SUSPEND_RESUME, resume, previous);
    if (status == STATUS_THREAD_IS_TERMINATING) {
        if (previous) *previous = 0;
        return STATUS_SUCCESS;
    }
    return status;
}

NTSTATUS NtTerminateThread(HANDLE32 handle, NTSTATUS exit_status)
{
    struct thread_object *object;
    struct thread *self = thread_self();
    if (handle == 0) { // the calling thread, unless it is the last one
        if (thread_count() == 1) return STATUS_CANT_TERMINATE_SELF;
        handle = (HANDLE32)-2;
    }
    NTSTATUS status = thread_resolve(handle, THREAD_TERMINATE, &object);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&object->lock);
    uint32_t running = STATUS_PENDING;
    atomic_compare_exchange_strong(&object->exit_status, &running, exit_status);
    bool own = object->thread == self;
    if (object->thread && !own) thread_terminate_other(object->thread);
    pthread_mutex_unlock(&object->lock);
    object_release(&object->object);
    if (own) thread_end(self);
    return STATUS_SUCCESS;
}

static NTSTATUS get_context(struct thread *thread, void *argument)
{
    CONTEXT32 *context = argument;
    struct guest_registers registers;
    if (thread == thread_self()) {
        context_registers_of_frame(&registers, thread);
    } else {
        NTSTATUS status = thread_get_registers(thread, &registers);
        if (!NT_SUCCESS(status)) return status;
    }
    uint32_t flags = context->ContextFlags;
    if (flags & CONTEXT_DEBUG_REGISTERS & ~CONTEXT_i386)
        context->Dr0 = context->Dr1 = context->Dr2 = context->Dr3 = context->Dr6 = context->Dr7 = 0;
    context_from_registers(context, &registers, flags);
    return STATUS_SUCCESS;
}

static NTSTATUS set_context(struct thread *thread, void *argument)
{
    const CONTEXT32 *context = argument;
    if (thread != thread_self()) return thread_set_context(thread, context);
    context_registers_of_frame(thread->resume, thread);
    context_to_registers(thread->resume, context);
    atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT);
    return STATUS_SUCCESS;
}

NTSTATUS NtGetContextThread(HANDLE32 handle, CONTEXT32 *context)
{
    NTSTATUS status = with_thread(handle, THREAD_GET_CONTEXT, get_context, context);
    return status == STATUS_THREAD_IS_TERMINATING ? STATUS_UNSUCCESSFUL : status;
}

NTSTATUS NtSetContextThread(HANDLE32 handle, const CONTEXT32 *context)
{
    return with_thread(handle, THREAD_SET_CONTEXT, set_context, (void *)context);
}

struct queued_apc {
    gptr routine;
    uint32_t arguments[3];
};

static NTSTATUS queue_apc(struct thread *thread, void *argument)
{
    const struct queued_apc *apc = argument;
    if (!apc->routine) return STATUS_SUCCESS; // nothing to run: no wait ends for it
    return thread_queue_apc(thread, apc->routine, apc->arguments);
}

NTSTATUS NtQueueApcThread(HANDLE32 handle, gptr routine, gptr argument1, gptr argument2, gptr argument3)
{
    struct queued_apc apc = {routine, {argument1, argument2, argument3}};
    NTSTATUS status = with_thread(handle, THREAD_SET_CONTEXT, queue_apc, &apc);
    return status == STATUS_THREAD_IS_TERMINATING ? STATUS_UNSUCCESSFUL : status;
}

NTSTATUS NtContinue(const CONTEXT32 *context, uint8_t alertable)
{
    struct thread *thread = thread_self();
    context_registers_of_frame(thread->resume, thread);
    context_to_registers(thread->resume, context);
    uint32_t pending = THREAD_PENDING_CONTEXT;
    if (alertable && wait_apc_pending(&thread->wait)) pending |= THREAD_PENDING_APC;
    atomic_fetch_or(&thread->pending, pending);
    return STATUS_SUCCESS;
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
