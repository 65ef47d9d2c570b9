// Connections: listening, accepting and connecting, each waiting, not waiting, or overlapped.
#include "socket.h"
#include "async.h"
#include "loader/host_clock.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <linux/filter.h>

// Of several listeners at one address the first has all connections; the host would deal them out.
static void prefer_first_listener(int fd)
{
    struct sock_filter choose_first = BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog program = {.len = 1, .filter = &choose_first};
    setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof program);
}

NTSTATUS SocketListen(HANDLE32 handle, int32_t backlog)
{
    enum { BACKLOG_MAX = 4096 };
    struct file *file;
    int yes = 1;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    struct socket *socket = socket_of(file);
    if (backlog < 0) backlog = backlog == INT32_MIN ? BACKLOG_MAX : -backlog; // SOMAXCONN_HINT
    if (backlog > BACKLOG_MAX) backlog = BACKLOG_MAX;
    if (!socket_is_stream(socket))
        status = STATUS_NOT_SUPPORTED;
    else if (atomic_load(&socket->phase) == SOCKET_ESTABLISHED)
        status = STATUS_CONNECTION_ACTIVE;
    else if (!atomic_load(&socket->bound))
        status = STATUS_INVALID_PARAMETER;
    else if (listen(file->fd, backlog) != 0)
        status = socket_status(errno);
    if (NT_SUCCESS(status)) {
        atomic_store(&socket->phase, SOCKET_LISTENING);
        setsockopt(file->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes); // see socket_bind
        if (socket->reuse_address) prefer_first_listener(file->fd);
        socket_events_look(file);
    }
    file_release(file);
    return status;
}

// ---- accepting ----

// One connection of a listener; STATUS_PENDING when there is none.
static NTSTATUS take_connection(const struct file *listener, int *fd)
{
    for (;;) {
        *fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (*fd >= 0) return STATUS_SUCCESS;
        switch (errno) {
        case EINTR:
        case ECONNABORTED:
        case EPROTO: break; // it went before anybody took it
        case EAGAIN: return STATUS_PENDING;
        default: return socket_status(errno);
        }
    }
}

static void set_established(struct socket *socket)
{
    atomic_store(&socket->bound, true);
    atomic_store(&socket->connected_at, host_monotonic_ns());
    atomic_store(&socket->phase, SOCKET_ESTABLISHED);
}

static NTSTATUS hand_out(struct file *listener, int fd, HANDLE32 *accepted)
{
    const struct socket *from = socket_of(listener);
    struct file *file = socket_new(fd, from->family, from->type, from->protocol, listener->options);
    if (file == NULL) return STATUS_NO_MEMORY;
    struct socket *socket = socket_of(file);
    set_established(socket);
    socket->nonblocking = from->nonblocking;
    socket->receive_timeout = from->receive_timeout;
    socket->send_timeout = from->send_timeout;
    socket_events_inherit(file, listener);
    return file_new_handle(file, file->access, OBJ_INHERIT, accepted);
}

NTSTATUS SocketAccept(HANDLE32 handle, HANDLE32 *accepted)
{
    struct file *file;
    int fd = -1;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    struct socket *socket = socket_of(file);
    if (atomic_load(&socket->phase) != SOCKET_LISTENING) {
        status = socket_is_stream(socket) ? STATUS_INVALID_PARAMETER : STATUS_NOT_SUPPORTED;
        file_release(file);
        return status;
    }
    while ((status = take_connection(file, &fd)) == STATUS_PENDING) {
        status = atomic_load(&socket->nonblocking) ? STATUS_DEVICE_NOT_READY
                                                   : socket_wait(file, POLLIN, true, socket->receive_timeout);
        if (status != STATUS_SUCCESS) break;
    }
    if (status == STATUS_INVALID_PARAMETER && atomic_load(&socket->closed)) status = STATUS_CANCELLED;
    socket_events_enable(file, FD_ACCEPT_EVENT);
    if (status == STATUS_SUCCESS) status = hand_out(file, fd, accepted);
    file_release(file);
    return status;
}

// ---- AcceptEx ----

// An accept under way: async.extra.
struct accept {
    struct file *accepted; // retained
    uint32_t local, remote;
};

// Writes an address as GetAcceptExSockaddrs finds it: its length before it.
static bool write_address(gptr at, uint32_t room, struct socket_address *address)
{
    uint16_t length = socket_address_to_windows(address);
    return room >= sizeof length + length && guest_write(at, &length, sizeof length) &&
           guest_write(at + sizeof length, &address->host, length);
}

static NTSTATUS write_addresses(const struct accept *accept, gptr buffer)
{
    struct socket_address local = {.length = sizeof local.host}, remote = {.length = sizeof remote.host};
    int fd = accept->accepted->fd;
    if (getsockname(fd, (struct sockaddr *)&local.host, &local.length) != 0 ||
        getpeername(fd, (struct sockaddr *)&remote.host, &remote.length) != 0)
        return STATUS_CONNECTION_RESET;
    bool written = write_address(buffer, accept->local, &local) &&
                   write_address(buffer + accept->local, accept->remote, &remote);
    return written ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS accept_into(const struct accept *accept, const struct file *listener, gptr buffer)
{
    int fd;
    NTSTATUS status = take_connection(listener, &fd);
    if (status != STATUS_SUCCESS) return status;
    // The socket's own descriptor stays: whoever uses it may hold the number.
    dup3(fd, accept->accepted->fd, O_CLOEXEC);
    close(fd);
    set_established(socket_of(accept->accepted));
    return write_addresses(accept, buffer);
}

static NTSTATUS accept_attempt(struct async *async)
{
    return accept_into(async->extra, async->io.file, async->buffer);
}

static void accept_end(void *extra)
{
    struct accept *accept = extra;
    file_release(accept->accepted);
    free(accept);
}

static NTSTATUS check_accept(const struct file *listener, const struct file *accepted, gptr buffer,
                             const struct accept *accept)
{
    enum { ADDRESS_SLACK = 16 }; // beside the address itself, as documented
    if (atomic_load(&socket_of(listener)->phase) != SOCKET_LISTENING) return STATUS_INVALID_PARAMETER;
    if (atomic_load(&socket_of(accepted)->phase) != SOCKET_FRESH || atomic_load(&socket_of(accepted)->bound))
        return STATUS_INVALID_PARAMETER;
    if (accept->remote < sizeof(struct sockaddr_in) + ADDRESS_SLACK) return STATUS_BUFFER_TOO_SMALL;
    return guest_probe_write(buffer, accept->local + accept->remote) ? STATUS_SUCCESS
                                                                     : STATUS_ACCESS_VIOLATION;
}

// Takes accept's reference over.
static NTSTATUS accept_later(struct io *io, struct accept accept, gptr buffer)
{
    struct accept *extra = malloc(sizeof *extra);
    if (extra == NULL) {
        file_release(accept.accepted);
        return STATUS_NO_MEMORY;
    }
    *extra = accept;
    struct async pattern = {.io = *io,
                            .events = EPOLLIN,
                            .attempt = accept_attempt,
                            .buffer = buffer,
                            .extra = extra,
                            .free_extra = accept_end};
    return async_start(&pattern, io->file->fd);
}

NTSTATUS SocketAcceptOverlapped(HANDLE32 handle, HANDLE32 acceptor, HANDLE32 event, gptr context, gptr block,
                                gptr buffer, uint32_t receive, uint32_t local, uint32_t remote)
{
    struct io io;
    struct accept accept = {.local = local, .remote = remote};
    NTSTATUS status = io_begin(&io, handle, 0, event, 0, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    status = socket_resolve(acceptor, &accept.accepted);
    if (!NT_SUCCESS(status)) return io_end(&io, status);
    status = receive != 0 ? STATUS_NOT_SUPPORTED : check_accept(io.file, accept.accepted, buffer, &accept);
    if (NT_SUCCESS(status))
        status = async_must_queue(io.file, EPOLLIN) ? STATUS_PENDING : accept_into(&accept, io.file, buffer);
    if (status == STATUS_PENDING)
        status = accept_later(&io, accept, buffer);
    else
        file_release(accept.accepted);
    return io_end(&io, status);
}

// ---- connecting ----

NTSTATUS socket_connect_result(struct file *file)
{
    struct socket *socket = socket_of(file);
    switch (atomic_load(&socket->phase)) {
    case SOCKET_ESTABLISHED: return STATUS_SUCCESS;
    case SOCKET_CONNECTING: break;
    default:
        return socket->connect_error != 0 ? socket_status(socket->connect_error) : STATUS_INVALID_CONNECTION;
    }
    struct pollfd ready = {.fd = file->fd, .events = POLLOUT};
    if (poll(&ready, 1, 0) == 0) return STATUS_PENDING;
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(file->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error == 0) {
        set_established(socket);
        return STATUS_SUCCESS;
    }
    uint32_t connecting = SOCKET_CONNECTING; // another thread may have asked too, and the host tells only one
    atomic_store(&socket->connect_error, error);
    atomic_compare_exchange_strong(&socket->phase, &connecting, SOCKET_FRESH);
    return socket_status(error);
}

static bool is_any(const struct socket_address *address)
{
    if (address->host.ss_family == AF_INET6)
        return IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)&address->host)->sin6_addr);
    return ((const struct sockaddr_in *)&address->host)->sin_addr.s_addr == INADDR_ANY;
}

static int host_connect(int fd, const struct socket_address *address)
{
    return connect(fd, (const struct sockaddr *)&address->host, address->length) == 0 ? 0 : errno;
}

// Begins to connect; STATUS_PENDING while it goes on.
static NTSTATUS connect_begin(struct file *file, const struct socket_address *address)
{
    struct socket *socket = socket_of(file);
    if (socket_is_stream(socket)) {
        switch (atomic_load(&socket->phase)) {
        case SOCKET_LISTENING: return STATUS_INVALID_PARAMETER;
        case SOCKET_ESTABLISHED: return STATUS_CONNECTION_ACTIVE;
        default: break;
        }
        if (is_any(address)) return STATUS_INVALID_ADDRESS_COMPONENT; // to the host it is this machine
    }
    // The first call after an attempt that failed only reports, once more, that it did.
    bool failed_before = socket->connect_error != 0;
    socket->connect_error = 0;
    int error = host_connect(file->fd, address);
    if (error == ECONNABORTED && failed_before) error = host_connect(file->fd, address);
    if (error == 0) {
        set_established(socket);
        return STATUS_SUCCESS;
    }
    if (error != EINPROGRESS && error != EINTR) {
        if (socket_is_stream(socket)) socket->connect_error = error;
        return error == EINVAL ? STATUS_INVALID_ADDRESS_COMPONENT : socket_status(error);
    }
    atomic_store(&socket->bound, true);
    atomic_store(&socket->phase, SOCKET_CONNECTING);
    return STATUS_PENDING;
}

static NTSTATUS connect_waiting(struct file *file, const struct socket_address *address)
{
    struct socket *socket = socket_of(file);
    bool waits = !atomic_load(&socket->nonblocking);
    NTSTATUS status;
    if (atomic_load(&socket->phase) == SOCKET_CONNECTING) {
        status = socket_connect_result(file);
        if (status == STATUS_SUCCESS) return STATUS_CONNECTION_ACTIVE;
        if (status != STATUS_PENDING) return status;
        if (!waits) return STATUS_CONNECTION_IN_USE;
    } else {
        status = connect_begin(file, address);
    }
    socket_events_enable(file, FD_CONNECT_EVENT | FD_WRITE_EVENT);
    while (status == STATUS_PENDING) {
        if (!waits) return STATUS_DEVICE_NOT_READY;
        status = socket_wait(file, POLLOUT, true, 0);
        if (status != STATUS_SUCCESS) return status;
        status = socket_connect_result(file);
    }
    return status;
}

NTSTATUS SocketConnect(HANDLE32 handle, gptr address, uint32_t length)
{
    struct socket_address host;
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    status = socket_address_read(&host, socket_of(file)->family, address, length);
    if (NT_SUCCESS(status)) status = connect_waiting(file, &host);
    file_release(file);
    return status;
}

// ---- ConnectEx ----

static NTSTATUS connect_attempt(struct async *async)
{
    struct file *file = async->io.file;
    NTSTATUS status = socket_connect_result(file);
    if (status != STATUS_SUCCESS) return status;
    while (async->done < async->length) {
        ssize_t n = send(file->fd, guest_ptr(async->buffer + async->done), async->length - async->done,
                         MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
        async->done += n;
    }
    async->io.information = async->done;
    return STATUS_SUCCESS;
}

NTSTATUS SocketConnectOverlapped(HANDLE32 handle, HANDLE32 event, gptr context, gptr block, gptr address,
                                 uint32_t length, gptr data, uint32_t size)
{
    struct socket_address host;
    struct io io;
    NTSTATUS status = io_begin(&io, handle, 0, event, 0, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    struct socket *socket = socket_of(io.file);
    if (!socket_is_stream(socket) || !atomic_load(&socket->bound))
        return io_end(&io, STATUS_INVALID_PARAMETER);
    if (data != 0 && !guest_probe_read(data, size)) return io_end(&io, STATUS_ACCESS_VIOLATION);
    status = socket_address_read(&host, socket->family, address, length);
    if (NT_SUCCESS(status)) status = connect_begin(io.file, &host);
    if (status == STATUS_SUCCESS || status == STATUS_PENDING) {
        struct async pattern = {.io = io,
                                .events = EPOLLOUT,
                                .attempt = connect_attempt,
                                .buffer = data,
                                .length = data != 0 ? size : 0};
        status = async_start(&pattern, io.file->fd);
    } else if (status == STATUS_CONNECTION_REFUSED || status == STATUS_NETWORK_UNREACHABLE) {
        // What the host knows at once comes as the result of the call under way, as everything of the network
        // does.
        io_finish(&io, status, NULL);
        return STATUS_PENDING;
    }
    return io_end(&io, status);
}
