// Debugging between processes: what debugger and debuggee ask and tell each other.
#include "debug_event.h"
#include "loader/modules.h"
#include "loader/process.h"
#include "peer.h"
#include "peer_messages.h"
#include "thread_control.h"
#include <string.h>
#include <unistd.h>

// ---- from debuggees ----

NTSTATUS peer_debug_report(const struct debugger *debugger, const struct debug_event *event, int fd)
{
    struct peer_exchange exchange = {
        .in = event, .in_size = sizeof *event, .descriptors = {fd}, .descriptors_n = fd >= 0 ? 1 : 0};
    int connection = peer_connect((int)debugger->host_pid);
    if (connection < 0) return DBG_EXCEPTION_NOT_HANDLED;
    NTSTATUS status = peer_exchange_over(connection, PEER_DEBUG_EVENT, &exchange);
    close(connection);
    return status;
}

// Answered when the debugger continues: debug_object.c.
NTSTATUS peer_serve_debug_event(struct peer_call *call)
{
    struct debug_event event;
    memcpy(&event, call->body, sizeof event);
    int fd = call->descriptors_n ? call->descriptors[0] : -1;
    if (!debug_object_queue(&event, call->from, fd)) return DBG_EXCEPTION_NOT_HANDLED;
    if (call->descriptors_n) call->descriptors[0] = -1;
    peer_keep(call, debug_object_connection_closed);
    return STATUS_SUCCESS;
}

NTSTATUS peer_serve_debug_link(struct peer_call *call)
{
    struct debug_link link;
    memcpy(&link, call->body, sizeof link);
    peer_keep(call, debug_object_connection_closed);
    return debug_object_linked(&link, call->from) ? STATUS_SUCCESS : STATUS_DEBUGGER_INACTIVE;
}

NTSTATUS peer_serve_debug_news(struct peer_call *call)
{
    struct debug_event event;
    memcpy(&event, call->body, sizeof event);
    debug_object_queue(&event, NULL, -1);
    peer_keep(call, debug_object_connection_closed);
    return STATUS_SUCCESS;
}

// ---- from debuggers ----

NTSTATUS peer_debug_attach(struct process_object *process, const struct debugger *debugger,
                           struct debug_state *state, uint32_t *list, uint32_t room)
{
    struct peer_exchange exchange = {.in = debugger,
                                     .in_size = sizeof *debugger,
                                     .out = state,
                                     .out_size = sizeof *state,
                                     .rest = list,
                                     .rest_size = room * 4};
    NTSTATUS status = peer_call(process, PEER_DEBUG_ATTACH, &exchange);
    if (NT_SUCCESS(status) && (uint64_t)state->threads + state->images > exchange.rest_got / 4)
        return STATUS_INTERNAL_ERROR;
    return status;
}

struct listing {
    uint32_t *list;
    uint32_t n, max;
    gptr first_start;
};

// The list of threads is newest first.
static void list_thread(struct thread *thread, void *context)
{
    struct listing *listing = context;
    if (listing->n == listing->max) return;
    atomic_store(&thread->debug_announced, true);
    atomic_store(&thread->debug_held, true);
    memmove(listing->list + 1, listing->list, listing->n++ * sizeof *listing->list);
    listing->list[0] = thread->tid;
    listing->first_start = thread->start;
}

static bool list_image(const struct module *module, void *context)
{
    struct listing *listing = context;
    if (listing->n == listing->max) return true;
    listing->list[listing->n++] = module->base;
    return false;
}

NTSTATUS peer_serve_debug_attach(struct peer_call *call)
{
    enum { LIST_MAX = (PEER_BODY_MAX - sizeof(struct debug_state)) / 4 };
    struct debugger debugger;
    struct debug_state state;
    memcpy(&debugger, call->body, sizeof debugger);
    struct listing listing = {.list = (uint32_t *)(call->answer + sizeof state), .max = LIST_MAX / 2};
    NTSTATUS status = debuggee_attach(&debugger);
    if (!NT_SUCCESS(status)) return status;
    debuggee_set_announced();
    thread_for_each(list_thread, &listing);
    state.threads = listing.n;
    state.start = listing.first_start;
    listing.max = LIST_MAX;
    modules_for_each(list_image, &listing);
    state.images = listing.n - state.threads;
    // Each stands still until the debugger has heard of it.
    for (uint32_t i = 0; i < state.threads; i++) {
        struct thread_object *thread = thread_find(listing.list[i]);
        if (!thread) continue;
        thread_control_suspend(thread, NULL);
        object_release(&thread->object);
    }
    memcpy(call->answer, &state, sizeof state);
    call->answer_size = sizeof state + listing.n * 4;
    return STATUS_SUCCESS;
}

NTSTATUS peer_debug_detach(struct process_object *process)
{
    struct peer_exchange exchange = {0};
    return peer_call(process, PEER_DEBUG_DETACH, &exchange);
}

NTSTATUS peer_serve_debug_detach(struct peer_call *call)
{
    (void)call;
    debuggee_detach();
    return STATUS_SUCCESS;
}

NTSTATUS peer_debug_release(struct process_object *process, uint32_t tid)
{
    struct peer_exchange exchange = {.in = &tid, .in_size = sizeof tid};
    return peer_call(process, PEER_DEBUG_RELEASE, &exchange);
}

NTSTATUS peer_serve_debug_release(struct peer_call *call)
{
    uint32_t tid;
    memcpy(&tid, call->body, sizeof tid);
    debuggee_release(tid);
    return STATUS_SUCCESS;
}
