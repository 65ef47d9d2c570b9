// AcceptEx: a connection goes into a socket that is there already, then perhaps its first data into a buffer,
// and its addresses behind them.
#include "socket.h"
#include "async.h"
#include "loader/address_space.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

// An accept under way: async.extra.
struct accept {
    struct file *listener; // the call's own
    struct file *accepted; // retained
    gptr buffer;
    uint32_t receive, local, remote; // the parts of buffer
    bool connected;                  // waits for data only
    bool watching;
    struct service_watch data;
};

enum { ADDRESS_SLACK = 16 }; // beside the address itself, as documented

static bool has_room(uint32_t room, const struct socket_address *address)
{
    return room >= address->length + ADDRESS_SLACK;
}

// Writes an address as GetAcceptExSockaddrs finds it: its length before it.
static bool write_address(gptr at, struct socket_address *address)
{
    uint16_t length = socket_address_to_windows(address);
    return guest_write(at, &length, sizeof length) && guest_write(at + sizeof length, &address->host, length);
}

// Gives the addresses of a connection, of which the local one need not be wanted.
static NTSTATUS write_addresses(const struct accept *accept, int fd)
{
    struct socket_address local = {.length = sizeof local.host}, remote = {.length = sizeof remote.host};
    gptr at = accept->buffer + accept->receive;
    if (getsockname(fd, (struct sockaddr *)&local.host, &local.length) != 0 ||
        getpeername(fd, (struct sockaddr *)&remote.host, &remote.length) != 0)
        return STATUS_CONNECTION_RESET;
    if ((accept->local != 0 && !has_room(accept->local, &local)) || !has_room(accept->remote, &remote))
        return STATUS_BUFFER_TOO_SMALL;
    bool written =
        (accept->local == 0 || write_address(at, &local)) && write_address(at + accept->local, &remote);
    return written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Takes a connection. One whose addresses find no room is left to others.
static NTSTATUS connect_into(struct accept *accept)
{
    int fd;
    NTSTATUS status = socket_take_connection(accept->listener, &fd);
    if (status != STATUS_SUCCESS) return status;
    status = write_addresses(accept, fd);
    if (status == STATUS_BUFFER_TOO_SMALL) {
        int before = atomic_exchange(&socket_of(accept->listener)->deferred, fd);
        if (before >= 0) close(before);
        return status;
    }
    // The socket's own descriptor stays: whoever uses it may hold the number.
    dup3(fd, accept->accepted->fd, O_CLOEXEC);
    close(fd);
    socket_set_established(accept->accepted);
    socket_moved(accept->accepted);
    accept->connected = true;
    return status;
}

// Receives the first data. STATUS_PENDING: there is none yet.
static NTSTATUS receive_into(const struct accept *accept, uint32_t *information)
{
    bool touched = false;
    for (;;) {
        ssize_t n = recv(accept->accepted->fd, guest_ptr(accept->buffer), accept->receive, MSG_DONTWAIT);
        if (n >= 0) {
            *information = n;
            return STATUS_SUCCESS;
        }
        if (errno == EAGAIN) return STATUS_PENDING;
        if (errno == EFAULT && !touched) {
            NTSTATUS status = vm_touch(accept->buffer, accept->receive, VM_WRITE);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
        } else if (errno != EINTR) {
            return socket_status(errno);
        }
    }
}

static NTSTATUS accept_step(struct accept *accept, uint32_t *information)
{
    if (atomic_load(&socket_of(accept->accepted)->closed)) return STATUS_CANCELLED;
    NTSTATUS status = accept->connected ? STATUS_SUCCESS : connect_into(accept);
    return status == STATUS_SUCCESS && accept->receive != 0 ? receive_into(accept, information) : status;
}

static void data_ready(struct service_watch *watch, uint32_t events)
{
    struct accept *accept = (struct accept *)((char *)watch - offsetof(struct accept, data));
    struct file *listener = accept->listener;
    (void)events;
    if (!file_retain_living(listener)) return;
    async_attempt(listener, accept);
    file_release(listener);
}

static NTSTATUS accept_attempt(struct async *async)
{
    struct accept *accept = async->extra;
    NTSTATUS status = accept_step(accept, &async->io.information);
    if (status != STATUS_PENDING || !accept->connected || accept->watching) return status;
    // It waits for the data of its own connection now, and others for the listener's next ones.
    async->unordered = true;
    service_watch_change(&async->watch, 0);
    if (service_watch_add(&accept->data, accept->accepted->fd, EPOLLIN | EPOLLRDHUP, data_ready) != 0)
        return STATUS_INSUFFICIENT_RESOURCES;
    accept->watching = true;
    return status;
}

// Makes the call known to the socket that is to be connected, or forgotten. False: the socket has another.
static bool set_accept(struct file *accepted, struct file *listener, struct accept *accept)
{
    struct socket *socket = socket_of(accepted);
    pthread_mutex_lock(&accepted->lock);
    bool unclaimed = accept == NULL || socket->accept == NULL;
    if (unclaimed) {
        socket->accept_listener = listener;
        socket->accept = accept;
        atomic_store(&socket->accepting, listener != NULL);
    }
    pthread_mutex_unlock(&accepted->lock);
    return unclaimed;
}

void socket_accept_end(struct file *accepted)
{
    struct socket *socket = socket_of(accepted);
    pthread_mutex_lock(&accepted->lock);
    struct file *listener = socket->accept_listener;
    const void *accept = socket->accept;
    if (listener != NULL && !file_retain_living(listener)) listener = NULL;
    pthread_mutex_unlock(&accepted->lock);
    if (listener == NULL) return;
    async_attempt(listener, accept);
    file_release(listener);
}

static void accept_end(void *extra)
{
    struct accept *accept = extra;
    if (accept->watching) service_watch_remove(&accept->data);
    set_accept(accept->accepted, NULL, NULL);
    file_release(accept->accepted);
    free(accept);
}

static NTSTATUS check_accept(const struct accept *accept)
{
    const struct socket *accepted = socket_of(accept->accepted);
    if (atomic_load(&socket_of(accept->listener)->phase) != SOCKET_LISTENING || !socket_is_stream(accepted) ||
        atomic_load(&accepted->phase) != SOCKET_FRESH || atomic_load(&accepted->bound))
        return STATUS_INVALID_PARAMETER;
    if (accept->remote == 0) return STATUS_BUFFER_TOO_SMALL;
    size_t size = (size_t)accept->receive + accept->local + accept->remote; // may be beyond 4 GB
    return guest_probe_write(accept->buffer, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Takes accept over. Each ends as a call under way, as on Windows.
static NTSTATUS accept_begin(struct io *io, struct accept *accept)
{
    NTSTATUS status = check_accept(accept);
    if (NT_SUCCESS(status) && !set_accept(accept->accepted, io->file, accept))
        status = STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(status)) {
        file_release(accept->accepted);
        free(accept);
        return status;
    }
    struct async pattern = {
        .io = *io, .events = EPOLLIN, .attempt = accept_attempt, .extra = accept, .free_extra = accept_end};
    struct file *listener = io->file;
    object_retain(&listener->object);
    status = async_start(&pattern, listener->fd);
    if (status == STATUS_PENDING) async_run(listener, EPOLLIN);
    file_release(listener);
    return status;
}

NTSTATUS SocketAcceptOverlapped(HANDLE32 handle, HANDLE32 acceptor, HANDLE32 event, gptr context, gptr block,
                                gptr buffer, uint32_t receive, uint32_t local, uint32_t remote)
{
    struct io io;
    NTSTATUS status = io_begin(&io, handle, 0, event, 0, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    if (atomic_load(&socket_of(io.file)->phase) != SOCKET_LISTENING)
        return io_end(&io, STATUS_INVALID_PARAMETER);
    struct accept *accept = calloc(1, sizeof *accept);
    if (accept == NULL) return io_end(&io, STATUS_NO_MEMORY);
    *accept = (struct accept){
        .listener = io.file, .buffer = buffer, .receive = receive, .local = local, .remote = remote};
    status = socket_resolve(acceptor, &accept->accepted);
    if (NT_SUCCESS(status))
        status = accept_begin(&io, accept);
    else
        free(accept);
    return io_end(&io, status);
}
