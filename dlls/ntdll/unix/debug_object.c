// Debug objects: the debugger's end. Each debuggee has a queue of events, of which one at a time is given
// out; a thread that waits for its answer does so over a connection that is kept here until then.
#include "debug_event.h"
#include "file.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "peer.h"
#include "peer_messages.h"
#include "process_info.h"
#include "process_remote.h"
#include "thread_control.h"
#include "wait.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct queued {
    struct queued *next;
    struct debug_event event;
    struct peer_connection *connection; // of the thread that waits; NULL: none does (any more)
    int fd;                             // of the image; -1: none
    bool held;                          // the thread was suspended for it
};

struct debuggee {
    struct debuggee *next;
    uint32_t pid, first_tid;
    uint32_t attachment;
    struct process_object *process; // retained
    struct peer_connection *link;   // NULL: not there yet, or ended
    struct queued *first, **end;
    struct queued *current; // given out
    bool told;              // of its end, or is being left: nothing more is wanted of it
};

struct debug_object {
    struct object object;
    struct waitable waitable; // set while there is an event to give out
    struct debug_object *next;
    uint32_t number;
    bool kill;
    struct debuggee *debuggees;
};

// Guards all of this. Innermost but for waitables and connections.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct debug_object *objects; // that have handles
static uint32_t last_number;

static void destroy(struct object *object)
{
    object_free(object);
}

static void handle_closed(struct object *object, bool last);

const struct object_type debug_type = {
    .name = "DebugObject",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | DEBUG_READ_EVENT | DEBUG_QUERY_INFORMATION,
                .GenericWrite = STANDARD_RIGHTS_WRITE | DEBUG_PROCESS_ASSIGN | DEBUG_SET_INFORMATION,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                .GenericAll = DEBUG_ALL_ACCESS},
    .valid_access = DEBUG_ALL_ACCESS,
    .destroy = destroy,
    .handle_closed = handle_closed,
};

// ---- lists; with the lock ----

static struct debug_object *find_object(uint32_t number)
{
    struct debug_object *debug = objects;
    while (debug && debug->number != number) debug = debug->next;
    return debug;
}

static struct debuggee *find_debuggee(const struct debug_object *debug, uint32_t pid)
{
    struct debuggee *debuggee = debug->debuggees;
    while (debuggee && debuggee->pid != pid) debuggee = debuggee->next;
    return debuggee;
}

static bool is_ready(const struct debuggee *debuggee)
{
    return debuggee->first && !debuggee->current;
}

static void refresh(struct debug_object *debug)
{
    bool ready = false;
    for (const struct debuggee *d = debug->debuggees; d; d = d->next) ready |= is_ready(d);
    if (ready)
        waitable_set(&debug->waitable);
    else
        waitable_reset(&debug->waitable);
}

static void append(struct debug_object *debug, struct debuggee *debuggee, struct queued *queued)
{
    queued->next = NULL;
    *debuggee->end = queued;
    debuggee->end = &queued->next;
    refresh(debug);
}

static struct debuggee *add_debuggee(struct debug_object *debug, struct process_object *process)
{
    struct debuggee *debuggee = calloc(1, sizeof *debuggee);
    if (!debuggee) return NULL;
    object_retain(&process->object);
    debuggee->pid = process->pid;
    debuggee->process = process;
    debuggee->end = &debuggee->first;
    debuggee->next = debug->debuggees;
    debug->debuggees = debuggee;
    return debuggee;
}

static void take_debuggee(struct debug_object *debug, struct debuggee *debuggee)
{
    struct debuggee **at = &debug->debuggees;
    while (*at != debuggee) at = &(*at)->next;
    *at = debuggee->next;
}

static void queued_free(struct queued *queued)
{
    if (queued->fd >= 0) close(queued->fd);
    free(queued);
}

// With the lock: without it the connection may end meanwhile.
static void answer(struct queued *queued, NTSTATUS status)
{
    if (queued->connection) peer_answer(queued->connection, PEER_DEBUG_EVENT, status);
    queued->connection = NULL;
}

// Lets the threads go on that wait for this debugger, which does not debug them any more, and forgets what
// they told. With the lock.
static void answer_waiting(struct debuggee *debuggee)
{
    for (struct queued **at = &debuggee->first; *at;) {
        struct queued *queued = *at;
        if (!queued->connection) {
            at = &queued->next;
            continue;
        }
        *at = queued->next;
        if (!*at) debuggee->end = at;
        answer(queued, DBG_EXCEPTION_NOT_HANDLED);
        queued_free(queued);
    }
    if (debuggee->current) answer(debuggee->current, DBG_EXCEPTION_NOT_HANDLED);
}

// The debuggee is on no list any more, and nobody waits.
static void debuggee_free(struct debuggee *debuggee)
{
    if (debuggee->current) queued_free(debuggee->current);
    while (debuggee->first) {
        struct queued *next = debuggee->first->next;
        queued_free(debuggee->first);
        debuggee->first = next;
    }
    object_release(&debuggee->process->object);
    free(debuggee);
}

// ---- from debuggees ----

// The debuggee of an event or a link. A child of a debuggee comes by itself; but what is on its way from one
// that was detached meanwhile is not to come back. With the lock.
static struct debuggee *debuggee_of(uint32_t object, uint32_t pid, bool begins, struct debug_object **debug)
{
    struct process_object *process;
    if (!(*debug = find_object(object))) return NULL;
    struct debuggee *debuggee = find_debuggee(*debug, pid);
    if (debuggee || !begins || !NT_SUCCESS(process_remote_expect(pid, &process))) return debuggee;
    debuggee = add_debuggee(*debug, process);
    object_release(&process->object);
    return debuggee;
}

bool debug_object_linked(const struct debug_link *introduction, struct peer_connection *link)
{
    struct debug_object *debug;
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee =
        debuggee_of(introduction->object, introduction->pid, !introduction->attachment, &debug);
    // The link of an attachment that is over may come late.
    bool expected = debuggee && debuggee->attachment == introduction->attachment;
    if (expected) debuggee->link = link;
    pthread_mutex_unlock(&lock);
    return expected;
}

bool debug_object_queue(const struct debug_event *event, struct peer_connection *connection, int fd)
{
    struct debug_object *debug;
    struct queued *queued = malloc(sizeof *queued);
    if (!queued) return false;
    *queued = (struct queued){.event = *event, .connection = connection, .fd = fd};
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee =
        debuggee_of(event->object, event->pid, event->state == DbgCreateProcessStateChange, &debug);
    bool wanted = debuggee && !debuggee->told;
    if (wanted) {
        if (event->state == DbgCreateProcessStateChange) debuggee->first_tid = event->tid;
        if (event->state == DbgExitProcessStateChange) debuggee->told = true;
        if (!queued->event.tid) queued->event.tid = debuggee->first_tid;
        append(debug, debuggee, queued);
    }
    pthread_mutex_unlock(&lock);
    if (!wanted) free(queued);
    return wanted;
}

// A debuggee whose link ends is gone; one that was killed did not say so.
static void ended(struct debug_object *debug, struct debuggee *debuggee)
{
    debuggee->link = NULL;
    answer_waiting(debuggee);
    struct queued *queued = debuggee->told ? NULL : malloc(sizeof *queued);
    if (queued) {
        debuggee->told = true;
        *queued = (struct queued){.event = {.state = DbgExitProcessStateChange,
                                            .pid = debuggee->pid,
                                            .tid = debuggee->first_tid,
                                            .status = STATUS_PENDING},
                                  .fd = -1};
        append(debug, debuggee, queued);
    }
    refresh(debug);
}

// A thread that waited is gone, or the process is.
static void thread_gone(struct debug_object *debug, struct debuggee *debuggee,
                        const struct peer_connection *connection)
{
    if (debuggee->current && debuggee->current->connection == connection)
        debuggee->current->connection = NULL;
    for (struct queued **at = &debuggee->first; *at; at = &(*at)->next) {
        struct queued *queued = *at;
        if (queued->connection != connection) continue;
        queued->connection = NULL;
        *at = queued->next;
        if (!*at) debuggee->end = at;
        queued_free(queued);
        refresh(debug);
        return;
    }
}

void debug_object_connection_closed(struct peer_connection *connection)
{
    pthread_mutex_lock(&lock);
    for (struct debug_object *debug = objects; debug; debug = debug->next)
        for (struct debuggee *debuggee = debug->debuggees; debuggee; debuggee = debuggee->next) {
            if (debuggee->link == connection)
                ended(debug, debuggee);
            else
                thread_gone(debug, debuggee, connection);
        }
    pthread_mutex_unlock(&lock);
}

// ---- making, closing ----

NTSTATUS NtCreateDebugObject(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                             uint32_t flags)
{
    if (flags & ~(uint32_t)DEBUG_KILL_ON_CLOSE) return STATUS_INVALID_PARAMETER;
    struct debug_object *debug = object_alloc(sizeof *debug);
    if (!debug) return STATUS_NO_MEMORY;
    object_init(&debug->object, &debug_type);
    waitable_init(&debug->object, &debug->waitable, WAITABLE_NOTIFICATION, 0);
    debug->kill = flags & DEBUG_KILL_ON_CLOSE;
    pthread_mutex_lock(&lock);
    debug->number = ++last_number;
    debug->next = objects;
    objects = debug;
    pthread_mutex_unlock(&lock);
    object_retain(&debug->object);
    NTSTATUS status = object_create_handle(&debug->object, attributes, access, handle);
    if (!NT_SUCCESS(status)) handle_closed(&debug->object, true);
    object_release(&debug->object);
    return status;
}

static void order(const struct debuggee *debuggee, uint32_t what)
{
    if (debuggee->link) peer_tell(debuggee->link, PEER_EVENT_DEBUG, &what, sizeof what);
}

static void handle_closed(struct object *object, bool last)
{
    struct debug_object *debug = (struct debug_object *)object;
    if (!last) return;
    pthread_mutex_lock(&lock);
    struct debug_object **at = &objects;
    while (*at && *at != debug) at = &(*at)->next;
    if (*at) *at = debug->next;
    struct debuggee *debuggee = debug->debuggees;
    debug->debuggees = NULL;
    for (struct debuggee *d = debuggee; d; d = d->next) {
        order(d, debug->kill ? DEBUG_ORDER_END : DEBUG_ORDER_DETACH);
        answer_waiting(d);
    }
    pthread_mutex_unlock(&lock);
    while (debuggee) {
        struct debuggee *next = debuggee->next;
        debuggee_free(debuggee);
        debuggee = next;
    }
}

NTSTATUS debug_object_resolve(HANDLE32 handle, struct object **object, struct debugger *debugger)
{
    NTSTATUS status = handle_resolve(handle, &debug_type, DEBUG_PROCESS_ASSIGN, object);
    if (!NT_SUCCESS(status)) return status;
    const struct debug_object *debug = (const struct debug_object *)*object;
    *debugger =
        (struct debugger){.host_pid = (uint32_t)getpid(), .object = debug->number, .kill = debug->kill};
    return STATUS_SUCCESS;
}

NTSTATUS debug_object_expect(struct object *object, struct process_object *process, uint32_t attachment)
{
    struct debug_object *debug = (struct debug_object *)object;
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee = find_debuggee(debug, process->pid);
    NTSTATUS status = debuggee && attachment ? STATUS_PORT_ALREADY_SET : STATUS_SUCCESS;
    if (!debuggee) {
        debuggee = add_debuggee(debug, process);
        if (debuggee)
            debuggee->attachment = attachment;
        else
            status = STATUS_NO_MEMORY;
    }
    pthread_mutex_unlock(&lock);
    return status;
}

NTSTATUS NtSetInformationDebugObject(HANDLE32 handle, DEBUGOBJECTINFOCLASS32 class, gptr buffer,
                                     uint32_t length, uint32_t *result_length)
{
    struct object *object;
    uint32_t flags;
    if (class != DebugObjectKillProcessOnExitInformation) return STATUS_INVALID_PARAMETER;
    if (result_length) *result_length = sizeof flags;
    if (length != sizeof flags) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read32(&flags, buffer)) return STATUS_ACCESS_VIOLATION;
    if (flags & ~(uint32_t)DEBUG_KILL_ON_CLOSE) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = handle_resolve(handle, &debug_type, DEBUG_SET_INFORMATION, &object);
    if (!NT_SUCCESS(status)) return status;
    struct debug_object *debug = (struct debug_object *)object;
    pthread_mutex_lock(&lock);
    debug->kill = flags & DEBUG_KILL_ON_CLOSE;
    for (const struct debuggee *d = debug->debuggees; d; d = d->next)
        order(d, debug->kill ? DEBUG_ORDER_KILL : DEBUG_ORDER_KEEP);
    pthread_mutex_unlock(&lock);
    object_release(object);
    return STATUS_SUCCESS;
}

// ---- giving out and continuing ----

bool debug_object_take(struct object *object, struct debug_given *given)
{
    struct debug_object *debug = (struct debug_object *)object;
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee = debug->debuggees;
    while (debuggee && !is_ready(debuggee)) debuggee = debuggee->next;
    if (debuggee) {
        struct queued *queued = debuggee->first;
        debuggee->first = queued->next;
        if (!debuggee->first) debuggee->end = &debuggee->first;
        debuggee->current = queued;
        *given = (struct debug_given){queued->event, debuggee->process, queued->fd};
        object_retain(&debuggee->process->object);
        queued->fd = -1;
    }
    refresh(debug);
    pthread_mutex_unlock(&lock);
    return debuggee != NULL;
}

NTSTATUS debug_object_continue(struct object *object, const CLIENT_ID32 *id, NTSTATUS status,
                               struct process_object **held)
{
    struct debug_object *debug = (struct debug_object *)object;
    struct debuggee *gone = NULL;
    *held = NULL;
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee = find_debuggee(debug, id->UniqueProcess);
    struct queued *queued = debuggee ? debuggee->current : NULL;
    if (!queued || queued->event.tid != id->UniqueThread) {
        pthread_mutex_unlock(&lock);
        return STATUS_INVALID_PARAMETER;
    }
    debuggee->current = NULL;
    if (queued->held) {
        *held = debuggee->process;
        object_retain(&debuggee->process->object);
    }
    if (queued->event.state == DbgExitProcessStateChange) {
        take_debuggee(debug, gone = debuggee);
        answer_waiting(gone);
    }
    answer(queued, status);
    queued_free(queued);
    refresh(debug);
    pthread_mutex_unlock(&lock);
    if (gone) debuggee_free(gone);
    return STATUS_SUCCESS;
}

// ---- attaching ----

NTSTATUS debug_object_add(struct object *object, const struct debug_event *event, bool held)
{
    struct debug_object *debug = (struct debug_object *)object;
    struct queued *queued = malloc(sizeof *queued);
    if (!queued) return STATUS_NO_MEMORY;
    *queued = (struct queued){.event = *event, .fd = -1, .held = held};
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee = find_debuggee(debug, event->pid);
    if (debuggee) {
        if (event->state == DbgCreateProcessStateChange) debuggee->first_tid = event->tid;
        append(debug, debuggee, queued);
    }
    pthread_mutex_unlock(&lock);
    if (!debuggee) free(queued);
    return debuggee ? STATUS_SUCCESS : STATUS_PROCESS_IS_TERMINATING;
}

bool debug_object_leave(struct object *object, const struct process_object *process)
{
    struct debug_object *debug = (struct debug_object *)object;
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee = find_debuggee(debug, process->pid);
    if (debuggee) {
        debuggee->told = true;
        answer_waiting(debuggee);
        refresh(debug);
    }
    pthread_mutex_unlock(&lock);
    return debuggee != NULL;
}

void debug_object_forget(struct object *object, const struct process_object *process)
{
    struct debug_object *debug = (struct debug_object *)object;
    pthread_mutex_lock(&lock);
    struct debuggee *debuggee = find_debuggee(debug, process->pid);
    if (debuggee) {
        take_debuggee(debug, debuggee);
        answer_waiting(debuggee);
    }
    refresh(debug);
    pthread_mutex_unlock(&lock);
    if (debuggee) debuggee_free(debuggee);
}
