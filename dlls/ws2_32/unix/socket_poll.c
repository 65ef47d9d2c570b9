// What is to be found at sockets: for select, WSAPoll, and the events of WSAEventSelect.
#include "socket.h"
#include "async.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

enum { ENTRIES_MAX = 65536 };

short socket_poll_events(const struct file *file, uint32_t wanted)
{
    const struct socket *socket = socket_of(file);
    short events = 0;
    if (wanted & (SOCKET_READABLE | SOCKET_ACCEPTABLE)) events |= POLLIN;
    if (wanted & SOCKET_OUT_OF_BAND) events |= POLLPRI;
    if (wanted & SOCKET_DISCONNECTED) events |= POLLRDHUP;
    if (wanted & SOCKET_WRITABLE) events |= POLLOUT;
    if (wanted & (SOCKET_CONNECTED | SOCKET_CONNECT_FAILED) &&
        atomic_load(&socket->phase) == SOCKET_CONNECTING)
        events |= POLLOUT;
    return events;
}

// Whether the host would report of a socket what Windows doesn't: one without a connection hangs up and is
// writable.
static bool has_no_state(const struct socket *socket)
{
    return socket_is_stream(socket) && atomic_load(&socket->phase) == SOCKET_FRESH;
}

// Whether there is something to read. Of bytes behind urgent ones the host counts none.
static bool has_data(const struct file *file)
{
    int available = 0;
    char first;
    if (ioctl(file->fd, FIONREAD, &available) == 0 && available > 0) return true;
    return recv(file->fd, &first, sizeof first, MSG_PEEK | MSG_DONTWAIT) > 0;
}

// Urgent data that is to be read in its place is data like any other.
static bool is_inline(const struct file *file)
{
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(file->fd, SOL_SOCKET, SO_OOBINLINE, &value, &length) == 0 && value != 0;
}

static uint32_t found_connected(const struct file *file, int revents)
{
    const struct socket *socket = socket_of(file);
    uint32_t found = 0;
    if (revents & POLLPRI && !is_inline(file)) found |= SOCKET_OUT_OF_BAND;
    if (revents & POLLOUT) found |= SOCKET_WRITABLE;
    if (!socket_is_stream(socket)) return revents & (POLLIN | POLLERR) ? found | SOCKET_READABLE : found;
    if (revents & POLLERR || atomic_load(&socket->reset)) return found | SOCKET_RESET;
    if (revents & POLLIN && has_data(file)) found |= SOCKET_READABLE;
    if (revents & (POLLRDHUP | POLLHUP)) found |= SOCKET_DISCONNECTED;
    return found;
}

uint32_t socket_found(struct file *file, uint32_t wanted, int revents)
{
    struct socket *socket = socket_of(file);
    uint32_t found = 0;
    if (atomic_load(&socket->closed)) return SOCKET_CLOSED;
    if (has_no_state(socket)) return socket->connect_error != 0 ? wanted & SOCKET_CONNECT_FAILED : 0;
    if (revents < 0) {
        // POLLOUT also says that a connection has come, without which nothing else is found.
        struct pollfd polled = {.fd = file->fd,
                                .events = socket_poll_events(file, wanted) | POLLRDHUP | POLLOUT};
        revents = poll(&polled, 1, 0) > 0 ? polled.revents : 0;
    }
    switch (atomic_load(&socket->phase)) {
    case SOCKET_LISTENING:
        if (revents & POLLIN || atomic_load(&socket->deferred) >= 0) found = SOCKET_ACCEPTABLE;
        break;
    case SOCKET_CONNECTING:
        if (!(revents & (POLLOUT | POLLERR | POLLHUP))) break;
        if (socket_connect_result(file) != STATUS_SUCCESS)
            found = SOCKET_CONNECT_FAILED;
        else
            found = SOCKET_CONNECTED | found_connected(file, revents);
        break;
    default: found = found_connected(file, revents);
    }
    return found & wanted;
}

// ---- the call ----

struct poll_set {
    uint32_t count;
    SOCKET_POLL32 *entries;
    struct file **files;
    struct pollfd *polled; // one more than entries
};

static bool set_allocate(struct poll_set *set, uint32_t count)
{
    set->count = count;
    set->entries = calloc(count, sizeof *set->entries);
    set->files = calloc(count, sizeof *set->files);
    set->polled = calloc(count + 1, sizeof *set->polled);
    return set->entries != NULL && set->files != NULL && set->polled != NULL;
}

static void set_free(struct poll_set *set)
{
    for (uint32_t i = 0; set->files != NULL && i < set->count; i++)
        if (set->files[i] != NULL) file_release(set->files[i]);
    free(set->entries);
    free(set->files);
    free(set->polled);
}

static NTSTATUS set_resolve(struct poll_set *set)
{
    for (uint32_t i = 0; i < set->count; i++) {
        NTSTATUS status = socket_resolve(set->entries[i].Socket, &set->files[i]);
        if (!NT_SUCCESS(status)) return status;
        const struct socket *socket = socket_of(set->files[i]);
        set->polled[i].fd = has_no_state(socket) ? -1 : set->files[i]->fd;
        set->polled[i].events = socket_poll_events(set->files[i], set->entries[i].Wanted);
    }
    return STATUS_SUCCESS;
}

// How many entries have something, by what poll said.
static uint32_t set_look(struct poll_set *set)
{
    uint32_t ready = 0;
    for (uint32_t i = 0; i < set->count; i++) {
        struct pollfd *polled = &set->polled[i];
        int revents = polled->fd < 0 ? 0 : polled->revents;
        set->entries[i].Found = socket_found(set->files[i], set->entries[i].Wanted, revents);
        if (set->entries[i].Found != 0)
            ready++;
        else if (revents != 0)
            polled->fd = -1; // ready for something that nobody wants to know, and will remain so
    }
    return ready;
}

// Who closes one of the sockets wakes those who wait for it.
static void set_count_waiting(const struct poll_set *set, uint32_t change)
{
    for (uint32_t i = 0; i < set->count; i++) atomic_fetch_add(&socket_of(set->files[i])->waiting, change);
}

static NTSTATUS set_wait_once(struct poll_set *set, const int64_t *timeout)
{
    int64_t now = 0;
    bool closed = false;
    set_count_waiting(set, 1);
    for (uint32_t i = 0; i < set->count; i++) closed |= atomic_load(&socket_of(set->files[i])->closed);
    NTSTATUS status = host_wait_fds(set->polled, set->count, true, closed ? &now : timeout);
    set_count_waiting(set, -1);
    return closed && status == STATUS_TIMEOUT ? STATUS_SUCCESS : status;
}

static NTSTATUS set_wait(struct poll_set *set, const int64_t *timeout, uint32_t *ready)
{
    int n = poll(set->polled, set->count, 0);
    if (n < 0 && errno != EINTR) return socket_status(errno);
    *ready = set_look(set);
    bool forever = timeout == NULL;
    while (*ready == 0 && (forever || *timeout != 0)) {
        NTSTATUS status = set_wait_once(set, timeout);
        if (status == STATUS_TIMEOUT) return STATUS_SUCCESS;
        if (status != STATUS_SUCCESS) return status;
        *ready = set_look(set);
    }
    return STATUS_SUCCESS;
}

NTSTATUS SocketPoll(gptr entries, uint32_t count, const LARGE_INTEGER32 *timeout, uint32_t *ready)
{
    struct poll_set set = {.count = 0};
    if (count == 0 || count > ENTRIES_MAX) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = set_allocate(&set, count) ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    uint32_t size = count * sizeof *set.entries;
    int64_t until = timeout != NULL ? timeout->QuadPart : 0;
    if (NT_SUCCESS(status) && !guest_read(set.entries, entries, size)) status = STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status)) status = set_resolve(&set);
    if (NT_SUCCESS(status)) status = set_wait(&set, timeout != NULL ? &until : NULL, ready);
    if (status == STATUS_SUCCESS && !guest_write(entries, set.entries, size))
        status = STATUS_ACCESS_VIOLATION;
    set_free(&set);
    return status;
}
