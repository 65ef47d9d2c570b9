// IOCTL_AFD_POLL: calls that end when something is found at one of several sockets. Each socket knows the
// polls that wait for it, and its descriptor is watched, edge by edge, while there are any; what no
// descriptor shows, who changes it tells (socket_polls_look).
#include "afd.h"
#include "async.h"
#include "wait_deadline.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { HANDLES_MAX = 65536 };

struct afd_poll;

// A socket that a poll looks at.
struct poll_entry {
    struct poll_entry *next; // in the socket's list, the oldest last
    struct afd_poll *poll;
    struct file *file; // retained
    struct afd_poll_handle handle;
};

// Shared by its call, and by who is about to look at it.
struct afd_poll {
    _Atomic uint32_t holders;
    struct file *file; // that the call was made on; retained, since who looks may come after the call's end
    gptr out;
    int64_t timeout;
    bool exclusive;
    _Atomic bool ended;   // another exclusive poll has replaced it
    _Atomic bool expired; // its time is over
    struct service_timer timer;
    uint32_t count;
    struct poll_entry entries[];
};

// Of all sockets' lists of polls. Taken under a file's lock; only the service's own lock is taken under it.
static pthread_mutex_t polls_lock = PTHREAD_MUTEX_INITIALIZER;

static void poll_release(struct afd_poll *poll)
{
    if (atomic_fetch_sub(&poll->holders, 1) != 1) return;
    for (uint32_t i = 0; i < poll->count; i++)
        if (poll->entries[i].file != NULL) file_release(poll->entries[i].file);
    file_release(poll->file);
    free(poll);
}

// ---- what is found ----

// CONNECTED is the state of a connection here, where elsewhere it is what just happened.
static uint32_t find(const struct poll_entry *entry)
{
    struct socket *socket = socket_of(entry->file);
    uint32_t wanted = entry->handle.events | SOCKET_CLOSED, found = socket_found(entry->file, wanted, -1);
    if (atomic_load(&socket->phase) == SOCKET_ESTABLISHED && !(found & SOCKET_CLOSED))
        found |= wanted & SOCKET_CONNECTED;
    // Who has shut his own receiving side hears no more of the other's end.
    if (atomic_load(&socket->shut) & 1) found &= ~(SOCKET_READABLE | SOCKET_DISCONNECTED);
    return found;
}

// Whether an earlier entry is of the same socket.
static bool is_repeated(const struct afd_poll *poll, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (poll->entries[i].file == poll->entries[n].file) return true;
    return false;
}

// Gives the guest what is found at the poll's sockets, at once or later: then each is told of once.
// STATUS_PENDING: nothing.
static NTSTATUS poll_look(struct afd_poll *poll, bool later, uint32_t *information)
{
    struct afd_poll_info head = {.timeout = poll->timeout, .exclusive = poll->exclusive};
    gptr at = poll->out + sizeof head;
    for (uint32_t i = 0; i < poll->count; i++) {
        const struct poll_entry *entry = &poll->entries[i];
        struct afd_poll_handle handle = {entry->handle.handle, find(entry), STATUS_SUCCESS};
        if (handle.events == 0 || (later && is_repeated(poll, i))) continue;
        if (handle.events & SOCKET_CONNECT_FAILED) handle.status = socket_connect_result(entry->file);
        if (!guest_write(at, &handle, sizeof handle)) return STATUS_ACCESS_VIOLATION;
        at += sizeof handle;
        head.count++;
    }
    bool over = atomic_load(&poll->expired), ended = atomic_load(&poll->ended) || poll->timeout == 0;
    if (head.count == 0 && !over && !ended) return STATUS_PENDING;
    if (!guest_write(poll->out, &head, sizeof head)) return STATUS_ACCESS_VIOLATION;
    *information = at - poll->out;
    return head.count == 0 && over ? STATUS_TIMEOUT : STATUS_SUCCESS;
}

// ---- sockets and their polls ----

// Looks again at all polls of a socket. Takes the locks of the files that they were made on.
static void look_at_polls(struct file *file)
{
    struct socket *socket = socket_of(file);
    uint32_t n = 0, room = 0;
    pthread_mutex_lock(&polls_lock);
    for (const struct poll_entry *entry = socket->polls.first; entry != NULL; entry = entry->next) room++;
    struct afd_poll **polls = room != 0 ? malloc(room * sizeof(struct afd_poll *)) : NULL;
    for (struct poll_entry *entry = socket->polls.first; entry != NULL && polls != NULL;
         entry = entry->next) {
        atomic_fetch_add(&entry->poll->holders, 1);
        polls[n++] = entry->poll;
    }
    pthread_mutex_unlock(&polls_lock);
    while (n > 0) { // the oldest first
        struct afd_poll *poll = polls[--n];
        async_attempt(poll->file, poll);
        poll_release(poll);
    }
    free(polls);
}

void socket_polls_look(struct file *file)
{
    if (atomic_load_explicit(&socket_of(file)->polls.waiting, memory_order_relaxed) != 0) look_at_polls(file);
}

// With polls_lock, on the service thread, where removing does not wait.
static void unwatch_socket(struct socket_polls *polls)
{
    if (polls->watch_fd < 0) return;
    service_watch_remove(&polls->watch);
    close(polls->watch_fd);
    polls->watch_fd = -1;
}

static void ready(struct service_watch *watch, uint32_t events)
{
    (void)events;
    struct socket_polls *polls =
        (struct socket_polls *)((char *)watch - offsetof(struct socket_polls, watch));
    struct file *file = polls->file;
    pthread_mutex_lock(&polls_lock);
    bool idle = polls->first == NULL;
    if (idle) unwatch_socket(polls); // nobody asks any more
    pthread_mutex_unlock(&polls_lock);
    if (idle || !file_retain_living(file)) return;
    // Calls that take data or connections come before those that only look.
    async_run(file, EPOLLIN);
    look_at_polls(file);
    file_release(file);
}

// Begins to watch a socket, unless it is watched. With polls_lock.
static NTSTATUS watch_socket(struct file *file)
{
    struct socket_polls *polls = &socket_of(file)->polls;
    if (polls->watch_fd >= 0) return STATUS_SUCCESS;
    int fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return STATUS_TOO_MANY_OPENED_FILES;
    polls->file = file;
    if (service_watch_add(&polls->watch, fd, EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP | EPOLLET, ready) !=
        0) {
        close(fd);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    polls->watch_fd = fd;
    return STATUS_SUCCESS;
}

void socket_polls_end(struct file *file)
{
    struct socket_polls *polls = &socket_of(file)->polls;
    pthread_mutex_lock(&polls_lock);
    int fd = polls->watch_fd; // a callback on its way finds none
    polls->watch_fd = -1;
    pthread_mutex_unlock(&polls_lock);
    if (fd < 0) return;
    service_watch_remove(&polls->watch);
    close(fd);
}

void socket_polls_moved(struct file *file)
{
    struct socket_polls *polls = &socket_of(file)->polls;
    pthread_mutex_lock(&polls_lock);
    unwatch_socket(polls);
    if (polls->first != NULL) watch_socket(file); // which brings a look at what is there by now
    pthread_mutex_unlock(&polls_lock);
}

// ---- one poll ----

static void unlink_entry(struct poll_entry *entry)
{
    struct socket_polls *polls = &socket_of(entry->file)->polls;
    struct poll_entry **link = &polls->first;
    while (*link != NULL && *link != entry) link = &(*link)->next;
    if (*link != NULL) {
        *link = entry->next;
        atomic_fetch_sub(&polls->waiting, 1);
    }
    if (polls->main == entry->poll) polls->main = NULL;
}

// Takes the poll away from its sockets: before anybody hears of its end, since the next one may come at once.
static void unlink_poll(struct afd_poll *poll)
{
    pthread_mutex_lock(&polls_lock);
    for (uint32_t i = 0; i < poll->count; i++) unlink_entry(&poll->entries[i]);
    pthread_mutex_unlock(&polls_lock);
}

static NTSTATUS poll_attempt(struct async *async)
{
    NTSTATUS status = poll_look(async->extra, true, &async->io.information);
    if (status != STATUS_PENDING) unlink_poll(async->extra);
    return status;
}

static void poll_cancelled(struct async *async)
{
    unlink_poll(async->extra);
}

// The end of the call: free_extra.
static void poll_end(void *extra)
{
    struct afd_poll *poll = extra;
    unlink_poll(poll);
    service_timer_cancel(&poll->timer);
    poll_release(poll);
}

static void expired(struct service_timer *timer)
{
    struct afd_poll *poll = (struct afd_poll *)((char *)timer - offsetof(struct afd_poll, timer));
    atomic_store(&poll->expired, true);
    async_attempt(poll->file, poll);
}

static NTSTATUS arm_timer(struct afd_poll *poll)
{
    if (poll->timeout == INT64_MAX || poll->timeout == INT64_MIN) return STATUS_SUCCESS;
    bool armed = poll->timeout > 0
                     ? service_timer_set_system(&poll->timer, poll->timeout, expired)
                     : service_timer_set(&poll->timer, deadline_from_timeout(poll->timeout).ns, expired);
    return armed ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

// Enters the poll at its sockets. A socket's main poll is the one that came when there was none; if both are
// exclusive a new one takes its place, and *replaced, retained, is to end.
static NTSTATUS link_entries(struct afd_poll *poll, struct afd_poll **replaced)
{
    NTSTATUS status = STATUS_SUCCESS;
    *replaced = NULL;
    pthread_mutex_lock(&polls_lock);
    for (uint32_t i = 0; i < poll->count && NT_SUCCESS(status); i++) {
        struct poll_entry *entry = &poll->entries[i];
        struct socket_polls *polls = &socket_of(entry->file)->polls;
        status = watch_socket(entry->file);
        if (!NT_SUCCESS(status)) break;
        entry->next = polls->first;
        polls->first = entry;
        atomic_fetch_add(&polls->waiting, 1);
        struct afd_poll *main = polls->main;
        if (main != NULL && main != poll && main->exclusive && poll->exclusive && *replaced == NULL) {
            atomic_fetch_add(&main->holders, 1);
            *replaced = main;
            main = NULL;
        }
        if (main == NULL) polls->main = poll;
    }
    pthread_mutex_unlock(&polls_lock);
    return status;
}

static NTSTATUS poll_start(struct io *io, struct afd_poll *poll)
{
    struct afd_poll *replaced;
    struct async pattern = {.io = *io,
                            .attempt = poll_attempt,
                            .cancelled = poll_cancelled,
                            .extra = poll,
                            .free_extra = poll_end,
                            .unordered = true,
                            .outlives_handle = true};
    NTSTATUS status = link_entries(poll, &replaced);
    if (replaced != NULL) {
        atomic_store(&replaced->ended, true);
        async_attempt(replaced->file, replaced);
        poll_release(replaced);
    }
    if (NT_SUCCESS(status)) status = arm_timer(poll);
    if (!NT_SUCCESS(status)) {
        poll_end(poll);
        return status;
    }
    atomic_fetch_add(&poll->holders, 1);
    status = async_start(&pattern, -1);
    if (status == STATUS_PENDING) async_attempt(io->file, poll); // what came between the two looks
    poll_release(poll);
    return status;
}

static struct afd_poll *poll_new(struct io *io, const struct afd_poll_info *info, gptr out)
{
    struct afd_poll *poll = calloc(1, sizeof *poll + info->count * sizeof *poll->entries);
    if (poll == NULL) return NULL;
    poll->holders = 1;
    object_retain(&io->file->object);
    poll->file = io->file;
    poll->out = out;
    poll->timeout = info->timeout;
    poll->exclusive = (uint8_t)info->exclusive != 0;
    poll->count = info->count;
    return poll;
}

static NTSTATUS poll_resolve(struct afd_poll *poll, gptr handles)
{
    for (uint32_t i = 0; i < poll->count; i++) {
        struct poll_entry *entry = &poll->entries[i];
        entry->poll = poll;
        if (!guest_read(&entry->handle, handles + i * sizeof entry->handle, sizeof entry->handle))
            return STATUS_ACCESS_VIOLATION;
        if (!NT_SUCCESS(socket_resolve(entry->handle.handle, &entry->file))) return STATUS_INVALID_HANDLE;
    }
    return STATUS_SUCCESS;
}

NTSTATUS afd_poll(struct io *io, gptr in, uint32_t in_length, gptr out, uint32_t out_length)
{
    struct afd_poll_info info;
    if (in_length < sizeof info + sizeof(struct afd_poll_handle) || out_length < in_length)
        return STATUS_INVALID_PARAMETER;
    if (!guest_read(&info, in, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (info.count == 0 || info.count > HANDLES_MAX ||
        in_length < sizeof info + info.count * sizeof(struct afd_poll_handle))
        return STATUS_INVALID_PARAMETER;
    struct afd_poll *poll = poll_new(io, &info, out);
    if (poll == NULL) return STATUS_NO_MEMORY;
    NTSTATUS status = poll_resolve(poll, in + sizeof info);
    if (NT_SUCCESS(status)) status = poll_look(poll, false, &io->information);
    if (status == STATUS_PENDING) return poll_start(io, poll);
    poll_release(poll);
    return status;
}
