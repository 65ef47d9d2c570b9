// Threads of another process: what is asked of its service thread, and how it answers.
#include "loader/process.h"
#include "peer.h"
#include "peer_messages.h"
#include "process_remote.h"
#include "thread_control.h"
#include "thread_info.h"
#include "thread_times.h"
#include <stdlib.h>
#include <string.h>

static struct peer_thread name_of(const struct thread_object *thread)
{
    return (struct peer_thread){.tid = thread->tid, .created = thread->created};
}

// The thread that a request names, retained; NULL when it has ended.
static struct thread_object *named(const struct peer_thread *which)
{
    struct thread_object *thread = thread_find(which->tid);
    if (!thread || thread->created == which->created) return thread;
    object_release(&thread->object);
    return NULL;
}

static struct peer_thread_identity identity_of(const struct thread_object *thread)
{
    return (struct peer_thread_identity){
        .thread = name_of(thread), .teb = thread->teb, .start = thread->start};
}

static void answer(struct peer_call *call, const void *bytes, uint32_t size)
{
    memcpy(call->answer + call->answer_size, bytes, size);
    call->answer_size += size;
}

// ---- opening and making ----

// The reply names the thread also when there is none any more.
NTSTATUS peer_serve_thread_open(struct peer_call *call)
{
    struct peer_thread_open request;
    memcpy(&request, call->body, sizeof request);
    // First: the end of a thread that is found must be told.
    peer_watch_threads(request.watcher == PEER_THIS_CONNECTION ? peer_watch(call->from) : request.watcher);
    struct thread_object *thread = thread_find(request.tid);
    struct peer_thread_identity identity = {.thread.tid = request.tid};
    if (thread) {
        identity = identity_of(thread);
        object_release(&thread->object);
    }
    answer(call, &identity, sizeof identity);
    return thread ? STATUS_SUCCESS : STATUS_INVALID_CID;
}

NTSTATUS peer_thread_create(struct process_object *process, const struct thread_creation *creation,
                            struct thread_object **thread)
{
    const struct peer_thread_create request = {.start = creation->start,
                                               .argument = creation->argument,
                                               .flags = creation->flags,
                                               .stack_commit = creation->stack_commit,
                                               .stack_reserve = creation->stack_reserve,
                                               .watcher = process->watcher};
    struct peer_thread_identity identity;
    struct peer_exchange exchange = {
        .in = &request, .in_size = sizeof request, .out = &identity, .out_size = sizeof identity};
    NTSTATUS status = peer_call(process, PEER_THREAD_CREATE, &exchange);
    return NT_SUCCESS(status) ? thread_remote_add(process, &identity, thread) : status;
}

NTSTATUS peer_serve_thread_create(struct peer_call *call)
{
    struct peer_thread_create request;
    memcpy(&request, call->body, sizeof request);
    const struct thread_creation creation = {.start = request.start,
                                             .argument = request.argument,
                                             .flags = request.flags,
                                             .stack_commit = request.stack_commit,
                                             .stack_reserve = request.stack_reserve};
    peer_watch_threads(request.watcher);
    struct thread_object *thread = thread_object_create(request.start);
    if (!thread) return STATUS_NO_MEMORY;
    NTSTATUS status = thread_control_start(thread, &creation);
    if (NT_SUCCESS(status)) {
        const struct peer_thread_identity identity = identity_of(thread);
        answer(call, &identity, sizeof identity);
    }
    object_release(&thread->object);
    return status;
}

// ---- stopping and ending ----

static NTSTATUS control(struct thread_object *thread, struct peer_thread_control *request, uint32_t *previous)
{
    uint32_t count = 0;
    struct peer_exchange exchange = {
        .in = request, .in_size = sizeof *request, .out = &count, .out_size = sizeof count};
    request->thread = name_of(thread);
    if (atomic_load(&thread->exit_status) != (uint32_t)STATUS_PENDING) return STATUS_THREAD_IS_TERMINATING;
    NTSTATUS status = peer_call(thread->remote, PEER_THREAD_CONTROL, &exchange);
    if (previous) *previous = count;
    return status;
}

NTSTATUS peer_thread_suspend(struct thread_object *thread, uint32_t *previous)
{
    struct peer_thread_control request = {.action = PEER_SUSPEND};
    return control(thread, &request, previous);
}

NTSTATUS peer_thread_resume(struct thread_object *thread, uint32_t *previous)
{
    struct peer_thread_control request = {.action = PEER_RESUME};
    return control(thread, &request, previous);
}

NTSTATUS peer_thread_terminate(struct thread_object *thread, uint32_t status)
{
    struct peer_thread_control request = {.action = PEER_TERMINATE, .status = status};
    NTSTATUS result = control(thread, &request, NULL);
    // Ending what has ended is no error.
    return result == STATUS_THREAD_IS_TERMINATING || result == STATUS_PROCESS_IS_TERMINATING ? STATUS_SUCCESS
                                                                                             : result;
}

NTSTATUS peer_thread_queue_apc(struct thread_object *thread, gptr routine, const uint32_t arguments[3])
{
    struct peer_thread_control request = {.action = PEER_QUEUE_APC, .routine = routine};
    memcpy(request.arguments, arguments, sizeof request.arguments);
    return control(thread, &request, NULL);
}

static void resume(struct object *object)
{
    thread_control_resume((struct thread_object *)object, NULL);
}

// What is resumed can end the process at once: first the answer, then the thread.
static NTSTATUS resume_when_answered(struct thread_object *thread, struct peer_call *call, uint32_t *previous)
{
    NTSTATUS status = thread_control_suspend_count(thread, previous);
    if (!NT_SUCCESS(status)) return status;
    object_retain(&thread->object);
    call->kept = &thread->object;
    call->answered = resume;
    return STATUS_SUCCESS;
}

NTSTATUS peer_serve_thread_control(struct peer_call *call)
{
    struct peer_thread_control request;
    uint32_t previous = 0;
    NTSTATUS status;
    memcpy(&request, call->body, sizeof request);
    struct thread_object *thread = named(&request.thread);
    if (!thread) return STATUS_THREAD_IS_TERMINATING;
    switch (request.action) {
    case PEER_SUSPEND: status = thread_control_suspend(thread, &previous); break;
    case PEER_RESUME: status = resume_when_answered(thread, call, &previous); break;
    case PEER_TERMINATE: status = thread_control_terminate(thread, request.status); break;
    case PEER_QUEUE_APC: status = thread_control_queue_apc(thread, request.routine, request.arguments); break;
    default: status = STATUS_INVALID_PARAMETER;
    }
    object_release(&thread->object);
    answer(call, &previous, sizeof previous);
    return status;
}

// ---- contexts ----

static NTSTATUS exchange_context(struct thread_object *thread, enum peer_operation operation,
                                 const struct thread_context *given, struct thread_context *result)
{
    struct peer_thread_context request = {.thread = name_of(thread), .context = *given};
    struct peer_exchange exchange = {
        .in = &request, .in_size = sizeof request, .out = result, .out_size = result ? sizeof *result : 0};
    return peer_call(thread->remote, operation, &exchange);
}

NTSTATUS peer_thread_get_context(struct thread_object *thread, struct thread_context *context)
{
    return exchange_context(thread, PEER_THREAD_GET_CONTEXT, context, context);
}

NTSTATUS peer_thread_set_context(struct thread_object *thread, const struct thread_context *context)
{
    return exchange_context(thread, PEER_THREAD_SET_CONTEXT, context, NULL);
}

static NTSTATUS serve_context(struct peer_call *call, bool set)
{
    struct peer_thread_context request;
    memcpy(&request, call->body, sizeof request);
    struct thread_object *thread = named(&request.thread);
    if (!thread) return STATUS_THREAD_IS_TERMINATING;
    NTSTATUS status = set ? thread_control_set_context(thread, &request.context)
                          : thread_control_get_context(thread, &request.context);
    object_release(&thread->object);
    if (!set) answer(call, &request.context, sizeof request.context);
    return status;
}

NTSTATUS peer_serve_thread_get_context(struct peer_call *call)
{
    return serve_context(call, false);
}

NTSTATUS peer_serve_thread_set_context(struct peer_call *call)
{
    return serve_context(call, true);
}

// ---- information ----

NTSTATUS peer_thread_refresh(struct thread_object *thread)
{
    const struct peer_thread which = name_of(thread);
    struct peer_thread_state state;
    uint16_t name[THREAD_NAME_MAX];
    struct peer_exchange exchange = {.in = &which,
                                     .in_size = sizeof which,
                                     .out = &state,
                                     .out_size = sizeof state,
                                     .rest = name,
                                     .rest_size = sizeof name};
    NTSTATUS status = peer_call(thread->remote, PEER_THREAD_STATE, &exchange);
    // What has ended keeps what was known of it last.
    if (status == STATUS_THREAD_IS_TERMINATING || status == STATUS_PROCESS_IS_TERMINATING)
        return STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return status;
    thread->start = state.start;
    thread->priority = state.priority;
    thread->affinity = state.affinity;
    thread->suspend_count = state.suspend_count;
    thread->priority_boost_disabled = state.priority_boost_disabled != 0;
    thread->kernel_time = state.kernel_time;
    thread->user_time = state.user_time;
    return thread_set_name(thread, name, exchange.rest_got / 2);
}

NTSTATUS peer_serve_thread_state(struct peer_call *call)
{
    struct peer_thread which;
    memcpy(&which, call->body, sizeof which);
    struct thread_object *thread = named(&which);
    if (!thread) return STATUS_THREAD_IS_TERMINATING;
    uint64_t user, kernel;
    thread_times(thread, &user, &kernel);
    const struct peer_thread_state state = {.start = thread->start,
                                            .priority = thread->priority,
                                            .affinity = thread->affinity,
                                            .suspend_count = thread_suspend_count(thread),
                                            .priority_boost_disabled = thread->priority_boost_disabled,
                                            .kernel_time = kernel,
                                            .user_time = user};
    answer(call, &state, sizeof state);
    pthread_mutex_lock(&thread->lock);
    uint32_t units = thread->name_length < THREAD_NAME_MAX ? thread->name_length : THREAD_NAME_MAX;
    if (units) answer(call, thread->name, units * 2);
    pthread_mutex_unlock(&thread->lock);
    object_release(&thread->object);
    return STATUS_SUCCESS;
}

NTSTATUS peer_thread_set(struct thread_object *thread, uint32_t class, uint32_t value, const uint16_t *name,
                         uint32_t n)
{
    const struct peer_thread_set request = {.thread = name_of(thread), .class = class, .value = value};
    if (n > THREAD_NAME_MAX) return STATUS_INVALID_PARAMETER;
    struct peer_exchange exchange = {
        .in = &request, .in_size = sizeof request, .more = name, .more_size = n * 2};
    return peer_call(thread->remote, PEER_THREAD_SET, &exchange);
}

NTSTATUS peer_serve_thread_set(struct peer_call *call)
{
    struct peer_thread_set request;
    memcpy(&request, call->body, sizeof request);
    struct thread_object *thread = named(&request.thread);
    if (!thread) return STATUS_THREAD_IS_TERMINATING;
    const uint16_t *name = (const uint16_t *)((const char *)call->body + sizeof request);
    NTSTATUS status = request.class == ThreadNameInformation
                          ? thread_set_name(thread, name, (call->size - (uint32_t)sizeof request) / 2)
                          : thread_set_value(thread, request.class, request.value);
    object_release(&thread->object);
    return status;
}
