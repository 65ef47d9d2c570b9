// Another process as a whole: what is asked of its service thread, and how it answers.
#include "guest_types.h"
#include "loader/process.h"
#include "debug_event.h"
#include "peer.h"
#include "process_info.h"
#include "process_remote.h"
#include "system_answer.h"
#include "thread_control.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_UNITS_MAX = 0x4000 };

static void answer(struct peer_call *call, const void *bytes, uint32_t size)
{
    memcpy(call->answer + call->answer_size, bytes, size);
    call->answer_size += size;
}

static struct peer_identity own_identity(void)
{
    const struct process_object *self = process_object_self();
    return (struct peer_identity){.parent_pid = self->parent_pid,
                                  .peb = self->peb,
                                  .affinity = self->affinity,
                                  .created = self->created};
}

NTSTATUS peer_serve_hello(struct peer_call *call)
{
    struct peer_identity identity = own_identity();
    if (call->size && *(const uint8_t *)call->body) identity.watcher = peer_watch(call->from);
    answer(call, &identity, sizeof identity);
    return STATUS_SUCCESS;
}

// ---- information ----

NTSTATUS peer_process_refresh(struct process_object *process)
{
    struct peer_process_state state;
    struct peer_exchange exchange = {.out = &state, .out_size = sizeof state};
    NTSTATUS status = peer_call(process, PEER_PROCESS_STATE, &exchange);
    if (!NT_SUCCESS(status)) return status;
    process->affinity = state.affinity;
    process->priority_class = state.priority_class;
    process->priority_boost_disabled = state.priority_boost_disabled != 0;
    process->error_mode = state.error_mode;
    process->execute_flags = state.execute_flags;
    process->settings = state.settings;
    process->handles = state.handles;
    process->debugged = state.debugged != 0;
    process->debug_inherit = state.debug_inherit != 0;
    process->peb = state.identity.peb;
    process->parent_pid = state.identity.parent_pid;
    process->created = state.identity.created;
    return STATUS_SUCCESS;
}

NTSTATUS peer_serve_process_state(struct peer_call *call)
{
    const struct process_object *self = process_object_self();
    const struct peer_process_state state = {.affinity = self->affinity,
                                             .priority_class = self->priority_class,
                                             .priority_boost_disabled = self->priority_boost_disabled,
                                             .error_mode = self->error_mode,
                                             .execute_flags = self->execute_flags,
                                             .settings = self->settings,
                                             .handles = handle_count(),
                                             .debugged = debuggee_is_active(),
                                             .debug_inherit = debuggee_inherits(),
                                             .identity = own_identity()};
    answer(call, &state, sizeof state);
    return STATUS_SUCCESS;
}

NTSTATUS peer_process_set(struct process_object *process, uint32_t class, uint32_t value)
{
    const struct peer_process_set request = {.class = class, .value = value};
    struct peer_exchange exchange = {.in = &request, .in_size = sizeof request};
    return peer_call(process, PEER_PROCESS_SET, &exchange);
}

NTSTATUS peer_serve_process_set(struct peer_call *call)
{
    struct peer_process_set request;
    memcpy(&request, call->body, sizeof request);
    return process_set_value(request.class, request.value);
}

const struct process_name *peer_process_name(struct process_object *process)
{
    struct process_name *known = atomic_load(&process->name);
    if (known) return known;
    struct process_name *name = malloc(sizeof *name + NAME_UNITS_MAX * 2);
    if (!name) return NULL;
    struct peer_exchange exchange = {.rest = name->units, .rest_size = NAME_UNITS_MAX * 2};
    if (!NT_SUCCESS(peer_call(process, PEER_PROCESS_NAME, &exchange))) {
        free(name);
        return NULL;
    }
    name->length = exchange.rest_got / 2;
    if (atomic_compare_exchange_strong(&process->name, &known, name)) return name;
    free(name);
    return known;
}

NTSTATUS peer_serve_process_name(struct peer_call *call)
{
    uint16_t *name = (uint16_t *)call->answer;
    call->answer_size = process_own_name(name, NAME_UNITS_MAX) * 2;
    return call->answer_size ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// ---- the list of all processes ----

// Asks a process that may be unknown so far for its part of the list.
static NTSTATUS ask_for_entry(int host_pid, bool extended, void *bytes, uint32_t *size)
{
    const uint8_t request = extended;
    const int64_t patience = -2500000; // a quarter of a second: one that was stopped is left out
    struct peer_exchange exchange = {.in = &request,
                                     .in_size = sizeof request,
                                     .rest = bytes,
                                     .rest_size = PEER_BODY_MAX,
                                     .timeout = &patience};
    int fd = peer_connect(host_pid);
    if (fd < 0) return STATUS_INVALID_CID;
    NTSTATUS status = peer_exchange_over(fd, PEER_PROCESS_LIST, &exchange);
    close(fd);
    *size = exchange.rest_got;
    return status;
}

struct listing {
    struct system_answer *answer;
    uint32_t last; // where the last entry begins
    bool extended;
    void *bytes;
};

static void append_entry(int host_pid, void *context)
{
    struct listing *listing = context;
    uint32_t size = 0;
    if (NT_SUCCESS(ask_for_entry(host_pid, listing->extended, listing->bytes, &size)))
        answer_foreign_process(listing->answer, &listing->last, listing->bytes, size, listing->extended);
}

void peer_list_processes(struct system_answer *answer, bool extended)
{
    struct listing listing = {.answer = answer, .extended = extended, .bytes = malloc(PEER_BODY_MAX)};
    if (listing.bytes) peer_for_each_pid(append_entry, &listing);
    free(listing.bytes);
}

NTSTATUS peer_serve_process_list(struct peer_call *call)
{
    struct system_answer own = {0};
    answer_own_process(&own, call->size && *(const uint8_t *)call->body);
    bool fits = !own.failed && own.size <= PEER_BODY_MAX;
    if (fits) answer(call, own.bytes, own.size);
    free(own.bytes);
    return fits ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

// ---- ending and stopping ----

NTSTATUS peer_process_terminate(struct process_object *process, uint32_t exit_status)
{
    const int64_t patience = -2500000; // a quarter of a second
    struct peer_exchange exchange = {.in = &exit_status, .in_size = sizeof exit_status, .timeout = &patience};
    NTSTATUS status = peer_call(process, PEER_PROCESS_TERMINATE, &exchange);
    // It goes without a reply.
    if (atomic_load(&process->exit_status) == (uint32_t)STATUS_PENDING && status == STATUS_TIMEOUT) {
        process->killed_status = exit_status;
        atomic_store(&process->killed, true);
        process_remote_note_exit(process, exit_status);
        kill(process->host_pid, SIGKILL);
    }
    return status == STATUS_THREAD_IS_TERMINATING ? status : STATUS_SUCCESS;
}

NTSTATUS peer_serve_terminate(struct peer_call *call)
{
    uint32_t status;
    memcpy(&status, call->body, sizeof status);
    process_exit(status);
}

NTSTATUS peer_process_suspend(struct process_object *process, bool resume)
{
    const uint32_t request = resume;
    struct peer_exchange exchange = {.in = &request, .in_size = sizeof request};
    return peer_call(process, PEER_PROCESS_SUSPEND, &exchange);
}

NTSTATUS peer_serve_suspend(struct peer_call *call)
{
    uint32_t resume;
    memcpy(&resume, call->body, sizeof resume);
    return thread_control_suspend_all(resume != 0);
}
