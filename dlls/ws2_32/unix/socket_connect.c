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

NTSTATUS socket_listen(struct file *file, int32_t backlog)
{
    enum { BACKLOG_MAX = 4096 };
    int yes = 1;
    NTSTATUS status = STATUS_SUCCESS;
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
        socket_polls_look(file);
    }
    return status;
}

NTSTATUS SocketListen(HANDLE32 handle, int32_t backlog)
{
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    status = socket_listen(file, backlog);
    file_release(file);
    return status;
}

// ---- accepting ----

NTSTATUS socket_take_connection(const struct file *listener, int *fd)
{
    *fd = atomic_exchange(&socket_of(listener)->deferred, -1);
    if (*fd >= 0) return STATUS_SUCCESS;
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

void socket_set_established(struct file *file)
{
    struct socket *socket = socket_of(file);
    socklen_t length = sizeof socket->peer;
    if (socket_is_stream(socket)) getpeername(file->fd, (struct sockaddr *)&socket->peer, &length);
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
    socket_set_established(file);
    socket->nonblocking = from->nonblocking;
    socket->receive_timeout = from->receive_timeout;
    socket->send_timeout = from->send_timeout;
    socket->send_buffer = from->send_buffer;
    socket->receive_buffer = from->receive_buffer;
    socket->reuse_address = from->reuse_address;
    socket->linger_on = from->linger_on;
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
    while ((status = socket_take_connection(file, &fd)) == STATUS_PENDING) {
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

// Leaves a connection to whoever takes the listener's next one. Owns fd.
static void socket_put_back(struct file *listener, int fd)
{
    int before = atomic_exchange(&socket_of(listener)->deferred, fd);
    if (before >= 0) close(before); // there is room for one
    socket_events_look(listener);
    socket_polls_look(listener);
    async_run(listener, EPOLLIN);
}

NTSTATUS SocketDeferAccept(HANDLE32 handle, HANDLE32 accepted)
{
    struct file *listener, *file;
    NTSTATUS status = socket_resolve(handle, &listener);
    if (!NT_SUCCESS(status)) return status;
    status = socket_resolve(accepted, &file);
    if (NT_SUCCESS(status)) {
        int fd = fcntl(file->fd, F_DUPFD_CLOEXEC, 0);
        file_release(file);
        handle_close(accepted);
        if (fd >= 0)
            socket_put_back(listener, fd);
        else
            status = STATUS_TOO_MANY_OPENED_FILES;
    }
    file_release(listener);
    return status;
}

// ---- connecting ----

static NTSTATUS ask_connect_result(struct file *file)
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
        atomic_store(&socket->connected_out, true);
        socket_set_established(file);
        return STATUS_SUCCESS;
    }
    atomic_store(&socket->connect_error, error);
    atomic_store(&socket->phase, SOCKET_FRESH);
    return socket_status(error);
}

// The host tells only one of an error: another thread that asks beside it would hear of a connection.
NTSTATUS socket_connect_result(struct file *file)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // innermost
    if (atomic_load(&socket_of(file)->phase) == SOCKET_ESTABLISHED) return STATUS_SUCCESS;
    pthread_mutex_lock(&lock);
    NTSTATUS status = ask_connect_result(file);
    pthread_mutex_unlock(&lock);
    return status;
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
    if (atomic_load(&socket->accepting)) return STATUS_INVALID_PARAMETER;
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
        // Of messages one for datagrams would say nothing.
        atomic_store(&socket->connected_out, socket_is_stream(socket) || !socket->events.anew);
        socket_set_established(file);
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

// Takes a datagram socket's peer away, as an address of no family asks for.
static NTSTATUS disconnect_datagrams(struct file *file)
{
    const struct sockaddr none = {.sa_family = AF_UNSPEC};
    if (connect(file->fd, &none, sizeof none) != 0) return socket_status(errno);
    atomic_store(&socket_of(file)->phase, SOCKET_FRESH);
    return STATUS_SUCCESS;
}

static bool asks_to_disconnect(const struct file *file, gptr address, uint32_t length)
{
    uint16_t family;
    return !socket_is_stream(socket_of(file)) && length >= sizeof(struct sockaddr_in) &&
           guest_read(&family, address, sizeof family) && family == WIN_AF_UNSPEC;
}

NTSTATUS SocketConnect(HANDLE32 handle, gptr address, uint32_t length)
{
    struct socket_address host;
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    if (asks_to_disconnect(file, address, length)) {
        status = disconnect_datagrams(file);
    } else {
        status = socket_address_read(&host, socket_of(file)->family, address, length);
        if (NT_SUCCESS(status)) status = connect_waiting(file, &host);
    }
    socket_polls_look(file);
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
    // One that is used again is bound still, as far as Windows is concerned.
    if (!socket_is_stream(socket) || !(atomic_load(&socket->bound) || atomic_load(&socket->reused)))
        return io_end(&io, STATUS_INVALID_PARAMETER);
    if (data != 0 && !guest_probe_read(data, size)) return io_end(&io, STATUS_ACCESS_VIOLATION);
    status = socket_address_read(&host, socket->family, address, length);
    if (NT_SUCCESS(status) && atomic_load(&socket->phase) == SOCKET_CONNECTING)
        status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(status)) status = connect_begin(io.file, &host);
    if (status == STATUS_SUCCESS || status == STATUS_PENDING) {
        struct async pattern = {.io = io,
                                .events = EPOLLOUT,
                                .attempt = connect_attempt,
                                .buffer = data,
                                .length = data != 0 ? size : 0};
        struct file *file = io.file;
        object_retain(&file->object);
        status = async_start(&pattern, file->fd);
        socket_events_look(file);
        socket_polls_look(file);
        file_release(file);
    } else if (status == STATUS_CONNECTION_REFUSED || status == STATUS_NETWORK_UNREACHABLE) {
        // What the host knows at once comes as the result of the call under way, as everything of the network
        // does.
        io_finish(&io, status, NULL);
        return STATUS_PENDING;
    }
    return io_end(&io, status);
}

// ---- DisconnectEx ----

// A new host socket in the place of the old one, which ends in its own time. Under the file's lock.
static NTSTATUS renew(struct file *file)
{
    struct socket *socket = socket_of(file);
    int fd = socket_host_open(socket->family, socket->type, socket->protocol);
    if (fd < 0) return socket_status(errno);
    dup3(fd, file->fd, O_CLOEXEC);
    close(fd);
    atomic_store(&socket->phase, SOCKET_FRESH);
    atomic_store(&socket->shut, 0);
    socket->peer.sin6_family = 0;
    atomic_store(&socket->reset, false);
    atomic_store(&socket->bound, false);
    atomic_store(&socket->connected_at, 0);
    atomic_store(&socket->reused, true);
    socket_events_renew(file);
    socket_moved(file);
    return STATUS_SUCCESS;
}

NTSTATUS socket_disconnect(struct file *file, bool reuse)
{
    struct socket *socket = socket_of(file);
    if (!socket_is_stream(socket) || socket_connect_result(file) != STATUS_SUCCESS)
        return STATUS_INVALID_CONNECTION;
    if (shutdown(file->fd, SHUT_WR) != 0 && errno != ENOTCONN) return socket_status(errno);
    atomic_fetch_or(&socket->shut, 2);
    return reuse ? renew(file) : STATUS_SUCCESS;
}

NTSTATUS SocketDisconnect(HANDLE32 handle, HANDLE32 event, gptr context, gptr block, uint8_t reuse)
{
    struct io io;
    NTSTATUS status = io_begin(&io, handle, 0, event, 0, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    pthread_mutex_lock(&io.file->lock);
    status = socket_disconnect(io.file, reuse);
    pthread_mutex_unlock(&io.file->lock);
    if (status == STATUS_INVALID_CONNECTION) return io_end(&io, status);
    io_finish(&io, status, NULL);
    return STATUS_PENDING;
}
