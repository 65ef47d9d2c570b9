// Processes of the prefix other than this one, and their threads. Each object listens on a connection to its
// process, where events tell with which status it ends, and the connection's end that it has.
#include "process_remote.h"
#include "job.h"
#include "loader/child_start.h"
#include "loader/host_clock.h"
#include "loader/process.h"
#include "peer.h"
#include "region.h"
#include "thread_object.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

// Guards the list of processes and their lists of threads. Innermost: nothing is called under it but
// object_retain_live.
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static struct process_object *processes;

// ---- ends ----

// Under the registry's lock; retained.
static struct thread_object *find_thread(struct process_object *process, const struct peer_thread *which)
{
    struct thread_object *thread = process->threads;
    while (thread && (thread->tid != which->tid || thread->created != which->created ||
                      !object_retain_live(&thread->object)))
        thread = thread->sibling;
    return thread;
}

// One that runs as far as we know, retained.
static struct thread_object *find_running_thread(struct process_object *process)
{
    struct thread_object *thread;
    pthread_mutex_lock(&registry);
    for (thread = process->threads; thread; thread = thread->sibling)
        if (atomic_load(&thread->exit_status) == (uint32_t)STATUS_PENDING &&
            object_retain_live(&thread->object))
            break;
    pthread_mutex_unlock(&registry);
    return thread;
}

static void thread_ended(struct thread_object *thread, const struct peer_event *event)
{
    uint32_t running = STATUS_PENDING;
    thread->exited = event->ended;
    thread->kernel_time = event->kernel_time;
    thread->user_time = event->user_time;
    atomic_compare_exchange_strong(&thread->exit_status, &running, event->status);
    waitable_set(&thread->waitable);
}

// A thread that is just being opened may end before it is in the list: its end is kept for then.
static void thread_end_told(struct process_object *process, const struct peer_event *event)
{
    pthread_mutex_lock(&registry);
    struct thread_object *thread = find_thread(process, &event->thread);
    if (!thread) process->recent_ends[process->recent_next++ % PROCESS_RECENT_ENDS] = *event;
    pthread_mutex_unlock(&registry);
    if (!thread) return;
    thread_ended(thread, event);
    object_release(&thread->object);
}

static void exit_told(struct process_object *process, const struct peer_event *event)
{
    process->exited = event->ended;
    process->kernel_time = event->kernel_time;
    process->user_time = event->user_time;
    process->killed_status = event->status;
    atomic_store(&process->told, true);
}

// A child leaves a status with the host, too. One that closed its connection and lives on is none of ours.
static uint32_t reap(struct process_object *process)
{
    int host_status = 0;
    kill(process->host_pid, SIGKILL);
    while (waitpid(process->host_pid, &host_status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(host_status) ? (uint32_t)WEXITSTATUS(host_status) : (uint32_t)STATUS_UNSUCCESSFUL;
}

// What stands in the process's slot of the shared region: STATUS_PENDING when nobody left anything there.
static uint32_t noted_exit(const struct process_object *process)
{
    const struct region_slot *slot = region_slot(process->slot);
    if (!slot || atomic_load(&slot->generation) != process->slot_generation) return STATUS_PENDING;
    return atomic_load(&slot->exit_status);
}

void process_remote_note_exit(struct process_object *process, uint32_t status)
{
    struct region_slot *slot = region_slot(process->slot);
    if (slot && atomic_load(&slot->generation) == process->slot_generation)
        atomic_store(&slot->exit_status, status);
}

static void process_ended(struct process_object *process)
{
    struct thread_object *thread;
    if (atomic_load(&process->exit_status) != (uint32_t)STATUS_PENDING) return;
    uint32_t status = process->child ? reap(process) : (uint32_t)STATUS_UNSUCCESSFUL;
    bool told = atomic_load(&process->told);
    if (told || atomic_load(&process->killed))
        status = process->killed_status;
    else if (noted_exit(process) != (uint32_t)STATUS_PENDING)
        status = noted_exit(process);
    if (!told) process->exited = host_system_time();
    atomic_store(&process->exit_status, status);
    const struct peer_event end = {.status = status, .ended = process->exited};
    while ((thread = find_running_thread(process)) != NULL) {
        thread_ended(thread, &end);
        object_release(&thread->object);
    }
    job_port_process_ended(process);
    waitable_set(&process->waitable);
    if (process->child) object_release(&process->object); // adopt's
}

static void identity_told(struct process_object *process, const struct peer_identity *identity)
{
    process->peb = identity->peb;
    process->parent_pid = identity->parent_pid;
    process->affinity = identity->affinity;
    process->watcher = identity->watcher;
    process->created = identity->created;
}

// Who thread_remote_expect asked for: if it is not there any more, it has ended.
static void thread_told(struct process_object *process, const struct peer_thread_identity *identity)
{
    const struct peer_event end = {.status = STATUS_UNSUCCESSFUL, .ended = (uint64_t)host_system_time()};
    struct thread_object *thread;
    pthread_mutex_lock(&registry);
    for (thread = process->threads; thread; thread = thread->sibling)
        if (thread->tid == identity->thread.tid && thread->created != identity->thread.created &&
            object_retain_live(&thread->object))
            break;
    pthread_mutex_unlock(&registry);
    if (!thread) return;
    thread_ended(thread, &end);
    object_release(&thread->object);
}

struct message {
    struct peer_head head;
    union {
        struct peer_event event;
        struct peer_identity identity;
        struct peer_thread_identity thread;
    } body;
};

static void message_told(struct process_object *process, const struct message *message, size_t size)
{
    size -= offsetof(struct message, body);
    if (message->head.operation == PEER_EVENT_EXIT && size == sizeof message->body.event)
        exit_told(process, &message->body.event);
    if (message->head.operation == PEER_EVENT_THREAD_ENDED && size == sizeof message->body.event)
        thread_end_told(process, &message->body.event);
    if (message->head.operation == PEER_HELLO && size == sizeof message->body.identity)
        identity_told(process, &message->body.identity);
    if (message->head.operation == PEER_THREAD_OPEN && size == sizeof message->body.thread)
        thread_told(process, &message->body.thread);
}

// Something came over the connection, or its end. Edge-triggered, so all of it is taken.
static void told(struct service_watch *watch, uint32_t events)
{
    struct process_object *process =
        (struct process_object *)((char *)watch - offsetof(struct process_object, watch));
    struct message message;
    struct iovec parts[2] = {{&message.head, sizeof message.head}, {&message.body, sizeof message.body}};
    (void)events;
    for (;;) {
        struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t n = recvmsg(watch->fd, &header, MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) break;
        if (n < (ssize_t)sizeof message.head) continue;
        size_t body = (size_t)n - sizeof message.head;
        message_told(process, &message, offsetof(struct message, body) + body);
    }
    process_ended(process);
}

// ---- processes ----

static bool listen_to(struct process_object *process, int channel)
{
    process->channel = channel;
    process->slot = region_slot_of_pid((uint32_t)process->host_pid);
    const struct region_slot *slot = region_slot(process->slot);
    if (slot) process->slot_generation = atomic_load(&slot->generation);
    pthread_mutex_lock(&registry);
    process->next = processes;
    processes = process;
    pthread_mutex_unlock(&registry);
    if (service_watch_add(&process->watch, channel, EPOLLIN | EPOLLET, told) == 0) return true;
    process->channel = -1;
    close(channel);
    return false;
}

void process_remote_forget(struct process_object *process)
{
    pthread_mutex_lock(&registry);
    struct process_object **link = &processes;
    while (*link && *link != process) link = &(*link)->next;
    if (*link) *link = process->next;
    pthread_mutex_unlock(&registry);
    if (process->channel >= 0) {
        service_watch_remove(&process->watch);
        close(process->channel);
    }
    int idle = atomic_load(&process->idle);
    if (idle >= 0) close(idle);
    free(atomic_load(&process->name));
}

NTSTATUS process_remote_adopt(const struct child_ready *ready, int host_pid, int channel,
                              struct process_object **result, struct thread_object **thread)
{
    struct process_object *process = process_object_create();
    if (!process) {
        close(channel);
        return STATUS_NO_MEMORY;
    }
    process->pid = ready->process_id;
    process->host_pid = host_pid;
    process->peb = ready->peb;
    process->parent_pid = process_id();
    process->created = ready->process_created;
    process->watcher = ready->watcher;
    process->child = true;
    job_set_chain(process, ready->jobs, ready->jobs_n);
    object_retain(&process->object); // until it is reaped
    const struct peer_thread_identity first = {
        .thread = {ready->thread_id, ready->thread_created}, .teb = ready->teb, .start = ready->entry};
    NTSTATUS status = thread_remote_add(process, &first, thread);
    if (NT_SUCCESS(status) && !listen_to(process, channel)) status = STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(status)) object_release(&process->object); // nobody will reap it
    *result = process;
    return status;
}

static struct process_object *find_process(uint32_t pid, bool running)
{
    struct process_object *process;
    pthread_mutex_lock(&registry);
    for (process = processes; process; process = process->next)
        if (process->pid == pid &&
            (!running || atomic_load(&process->exit_status) == (uint32_t)STATUS_PENDING) &&
            object_retain_live(&process->object))
            break;
    pthread_mutex_unlock(&registry);
    return process;
}

// Introduces us to a process and asks who it is.
static NTSTATUS greet(int channel, struct process_object *process)
{
    const uint8_t watch = 1;
    const int64_t patience = -10000000; // 1 s: one that was stopped answers nobody
    struct peer_identity identity;
    struct peer_exchange exchange = {.in = &watch,
                                     .in_size = sizeof watch,
                                     .out = &identity,
                                     .out_size = sizeof identity,
                                     .timeout = &patience};
    NTSTATUS status = peer_exchange_over(channel, PEER_HELLO, &exchange);
    if (status) return status;
    identity_told(process, &identity);
    return STATUS_SUCCESS;
}

// Makes the object of a process that is not known yet and connects to it. introduce: asks who it is.
static NTSTATUS open_unknown(uint32_t pid, NTSTATUS (*introduce)(int channel, struct process_object *process),
                             struct process_object **result)
{
    int channel = peer_connect((int)(pid / 4));
    // One that has ended is known while we have a handle to it.
    if (channel < 0) return (*result = find_process(pid, false)) ? STATUS_SUCCESS : STATUS_INVALID_CID;
    struct process_object *process = process_object_create();
    if (!process) {
        close(channel);
        return STATUS_NO_MEMORY;
    }
    process->pid = pid;
    process->host_pid = (int)(pid / 4);
    NTSTATUS status = introduce(channel, process);
    if (status) {
        close(channel);
        if (status != STATUS_THREAD_IS_TERMINATING) status = STATUS_INVALID_CID;
    } else if (!listen_to(process, channel)) {
        status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (status)
        object_release(&process->object);
    else
        *result = process;
    return status;
}

NTSTATUS process_remote_open(uint32_t pid, struct process_object **result)
{
    if ((*result = find_process(pid, true)) != NULL) return STATUS_SUCCESS;
    return open_unknown(pid, greet, result);
}

static NTSTATUS greet_without_waiting(int channel, struct process_object *process)
{
    const uint8_t watch = 1;
    (void)process;
    peer_send(channel, PEER_HELLO, &watch, sizeof watch);
    return STATUS_SUCCESS;
}

NTSTATUS process_remote_expect(uint32_t pid, struct process_object **result)
{
    if ((*result = find_process(pid, true)) != NULL) return STATUS_SUCCESS;
    return open_unknown(pid, greet_without_waiting, result);
}

// ---- threads ----

uint32_t process_remote_of_thread(uint32_t tid)
{
    char path[32], line[256];
    unsigned group = 0;
    snprintf(path, sizeof path, "/proc/%u/status", tid / 4);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    while (!group && fgets(line, sizeof line, file)) sscanf(line, "Tgid: %u", &group);
    fclose(file);
    return group * 4;
}

// Enters a fresh object, unless there is one of that thread by now: then that one, retained. *end: the thread
// has ended meanwhile.
static struct thread_object *enter_thread(struct process_object *process, const struct peer_thread *which,
                                          struct thread_object *fresh, struct peer_event *end)
{
    *end = (struct peer_event){.status = STATUS_PENDING};
    pthread_mutex_lock(&registry);
    struct thread_object *thread = find_thread(process, which);
    if (!thread && (thread = fresh) != NULL) {
        fresh->sibling = process->threads;
        process->threads = fresh;
        for (unsigned i = 0; i < PROCESS_RECENT_ENDS; i++) {
            const struct peer_event *event = &process->recent_ends[i];
            if (event->thread.tid == which->tid && event->thread.created == which->created) *end = *event;
        }
    }
    pthread_mutex_unlock(&registry);
    return thread;
}

NTSTATUS thread_remote_add(struct process_object *process, const struct peer_thread_identity *identity,
                           struct thread_object **thread)
{
    struct peer_event end;
    if ((*thread = enter_thread(process, &identity->thread, NULL, &end)) != NULL) return STATUS_SUCCESS;
    struct thread_object *fresh = thread_object_create(identity->start);
    if (!fresh) return STATUS_NO_MEMORY;
    fresh->tid = identity->thread.tid;
    fresh->created = identity->thread.created;
    fresh->teb = identity->teb;
    fresh->remote = process;
    object_retain(&process->object);
    *thread = enter_thread(process, &identity->thread, fresh, &end);
    if (end.status != (uint32_t)STATUS_PENDING) thread_ended(fresh, &end);
    if (*thread != fresh) object_release(&fresh->object);
    return STATUS_SUCCESS;
}

NTSTATUS thread_remote_open(struct process_object *process, uint32_t tid, struct thread_object **thread)
{
    const struct peer_thread_open request = {.tid = tid, .watcher = process->watcher};
    struct peer_thread_identity identity;
    struct peer_exchange exchange = {
        .in = &request, .in_size = sizeof request, .out = &identity, .out_size = sizeof identity};
    NTSTATUS status = peer_call(process, PEER_THREAD_OPEN, &exchange);
    if (status == STATUS_PROCESS_IS_TERMINATING) status = STATUS_INVALID_CID;
    return status ? status : thread_remote_add(process, &identity, thread);
}

NTSTATUS thread_remote_expect(struct process_object *process, const struct peer_thread_identity *identity,
                              struct thread_object **thread)
{
    const struct peer_thread_open request = {.tid = identity->thread.tid, .watcher = PEER_THIS_CONNECTION};
    NTSTATUS status = thread_remote_add(process, identity, thread);
    if (NT_SUCCESS(status) && process->channel >= 0)
        peer_send(process->channel, PEER_THREAD_OPEN, &request, sizeof request);
    return status;
}

void thread_remote_forget(struct thread_object *thread)
{
    struct process_object *process = thread->remote;
    if (!process) return;
    pthread_mutex_lock(&registry);
    struct thread_object **link = &process->threads;
    while (*link && *link != thread) link = &(*link)->sibling;
    if (*link) *link = thread->sibling;
    pthread_mutex_unlock(&registry);
    object_release(&process->object);
}
