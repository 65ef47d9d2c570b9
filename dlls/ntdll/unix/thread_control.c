// What can be done to a thread through its object. Threads of other processes: peer_thread.c.
#include "thread_control.h"
#include "process_object.h"
#include "loader/context.h"
#include "loader/suspend.h"
#include <stdlib.h>

// Runs act on the living thread behind an object, which cannot end meanwhile.
static NTSTATUS with_thread(struct thread_object *object,
                            NTSTATUS (*act)(struct thread *thread, void *context), void *context)
{
    struct thread *self = thread_self();
    if (self && object->thread == self) return act(self, context);
    pthread_mutex_lock(&object->lock);
    NTSTATUS status = object->thread ? act(object->thread, context) : STATUS_THREAD_IS_TERMINATING;
    pthread_mutex_unlock(&object->lock);
    return status;
}

static NTSTATUS suspend(struct thread *thread, void *previous)
{
    return thread_suspend(thread, previous);
}

static NTSTATUS suspend_count(struct thread *thread, void *count)
{
    *(uint32_t *)count = atomic_load(&thread->suspend_count);
    return STATUS_SUCCESS;
}

static NTSTATUS resume(struct thread *thread, void *previous)
{
    return thread_resume(thread, previous);
}

NTSTATUS thread_control_suspend(struct thread_object *thread, uint32_t *previous)
{
    return thread->remote ? peer_thread_suspend(thread, previous) : with_thread(thread, suspend, previous);
}

NTSTATUS thread_control_suspend_count(struct thread_object *thread, uint32_t *count)
{
    return with_thread(thread, suspend_count, count);
}

NTSTATUS thread_control_resume(struct thread_object *thread, uint32_t *previous)
{
    return thread->remote ? peer_thread_resume(thread, previous) : with_thread(thread, resume, previous);
}

NTSTATUS thread_control_terminate(struct thread_object *object, uint32_t exit_status)
{
    struct thread *self = thread_self();
    if (object->remote) return peer_thread_terminate(object, exit_status);
    pthread_mutex_lock(&object->lock);
    uint32_t running = STATUS_PENDING;
    atomic_compare_exchange_strong(&object->exit_status, &running, exit_status);
    bool own = self && object->thread == self;
    if (object->thread && !own) thread_terminate_other(object->thread);
    pthread_mutex_unlock(&object->lock);
    if (!own) return STATUS_SUCCESS;
    object_release(&object->object); // the caller's: it gets no chance to
    thread_end(self);
}

static NTSTATUS get_context(struct thread *thread, void *argument)
{
    struct thread_context *context = argument;
    struct guest_registers registers;
    if (thread == thread_self()) {
        context_registers_of_frame(&registers, thread);
    } else {
        NTSTATUS status = thread_get_registers(thread, &registers);
        if (!NT_SUCCESS(status)) return status;
    }
    uint32_t flags = context->legacy.ContextFlags;
    if (flags & CONTEXT_DEBUG_REGISTERS & ~CONTEXT_i386)
        debug_registers_read(&thread->debug_registers, &context->legacy);
    context_from_registers(&context->legacy, &registers, flags);
    if (flags & CONTEXT_XSTATE & ~CONTEXT_i386) { // of what the mask asks for, what is in use
        registers.xstate.mask &= context->xstate.mask;
        xstate_copy(&context->xstate, &registers.xstate);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS set_context(struct thread *thread, void *argument)
{
    const struct thread_context *context = argument;
    if (thread != thread_self()) return thread_set_context(thread, context);
    context_install(thread, context);
    return STATUS_SUCCESS;
}

NTSTATUS thread_control_get_context(struct thread_object *thread, struct thread_context *context)
{
    return thread->remote ? peer_thread_get_context(thread, context)
                          : with_thread(thread, get_context, context);
}

NTSTATUS thread_control_set_context(struct thread_object *thread, const struct thread_context *context)
{
    return thread->remote ? peer_thread_set_context(thread, context)
                          : with_thread(thread, set_context, (void *)context);
}

struct queued_apc {
    gptr routine;
    const uint32_t *arguments;
};

static NTSTATUS queue_apc(struct thread *thread, void *argument)
{
    const struct queued_apc *apc = argument;
    if (!apc->routine) return STATUS_SUCCESS; // nothing to run: no wait ends for it
    return thread_queue_apc(thread, apc->routine, apc->arguments);
}

NTSTATUS thread_control_queue_apc(struct thread_object *thread, gptr routine, const uint32_t arguments[3])
{
    struct queued_apc apc = {routine, arguments};
    return thread->remote ? peer_thread_queue_apc(thread, routine, arguments)
                          : with_thread(thread, queue_apc, &apc);
}

// ---- all threads ----

struct thread_list {
    struct thread_object **objects; // retained
    uint32_t n, capacity;
};

static void collect(struct thread *thread, void *context)
{
    struct thread_list *list = context;
    if (thread == thread_self() || !thread->object || list->n == list->capacity) return;
    object_retain(&thread->object->object);
    list->objects[list->n++] = thread->object;
}

// The list's lock can't be held while a thread is being stopped. Threads that come meanwhile run on, as on
// Windows.
static NTSTATUS for_all_others(NTSTATUS (*act)(struct thread *thread, void *context))
{
    enum { MEANWHILE = 64 }; // threads that come between counting and listing, which has the newest first
    struct thread_list list = {.capacity = thread_count() + MEANWHILE};
    list.objects = malloc(list.capacity * sizeof *list.objects);
    if (!list.objects) return STATUS_NO_MEMORY;
    thread_for_each(collect, &list);
    for (uint32_t i = 0; i < list.n; i++) {
        with_thread(list.objects[i], act, NULL);
        object_release(&list.objects[i]->object);
    }
    free(list.objects);
    return STATUS_SUCCESS;
}

static NTSTATUS freeze(struct thread *thread, void *unused)
{
    (void)unused;
    thread_freeze(thread);
    return STATUS_SUCCESS;
}

static NTSTATUS thaw(struct thread *thread, void *unused)
{
    (void)unused;
    thread_thaw(thread);
    return STATUS_SUCCESS;
}

NTSTATUS thread_control_suspend_all(bool resume_them)
{
    return for_all_others(resume_them ? resume : suspend);
}

NTSTATUS thread_control_freeze_all(void)
{
    return for_all_others(freeze);
}

NTSTATUS thread_control_thaw_all(void)
{
    return for_all_others(thaw);
}

// ---- making and finding ----

NTSTATUS thread_control_start(struct thread_object *object, const struct thread_creation *creation)
{
    struct thread_options options = {.stack_reserve = creation->stack_reserve,
                                     .stack_commit = creation->stack_commit,
                                     .start = creation->start,
                                     .argument = creation->argument,
                                     .suspended = creation->flags & THREAD_CREATE_FLAGS_CREATE_SUSPENDED,
                                     .object = object};
    if (process_is_terminating()) return STATUS_PROCESS_IS_TERMINATING;
    object->flags = creation->flags;
    atomic_store(&object->hidden, (creation->flags & THREAD_CREATE_FLAGS_HIDE_FROM_DEBUGGER) != 0);
    object_retain(&object->object);
    NTSTATUS status = thread_create(&options);
    if (!NT_SUCCESS(status)) object_release(&object->object); // the thread that there is not
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

struct thread_object *thread_find(uint32_t tid)
{
    struct find_thread find = {.tid = tid};
    thread_for_each(find_by_tid, &find);
    return find.found;
}
