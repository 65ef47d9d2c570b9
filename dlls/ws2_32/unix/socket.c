// Socket objects: their making, adopting and ending, and what is asked of any of them.
#include "socket.h"
#include "afd.h"
#include "async.h"
#include "loader/thread.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

NTSTATUS socket_resolve(HANDLE32 handle, struct file **file)
{
    NTSTATUS status = file_resolve(handle, 0, file);
    if (!NT_SUCCESS(status) || (*file)->kind == FILE_KIND_SOCKET) return status;
    file_release(*file);
    return STATUS_OBJECT_TYPE_MISMATCH;
}

struct file *socket_new(int fd, int family, int type, int protocol, uint32_t options)
{
    enum { EDGE_RESTRICTED = 20 }; // PROTECTION_LEVEL_EDGERESTRICTED, Windows' default
    struct socket *socket = calloc(1, sizeof *socket);
    struct file *file = NULL;
    if (socket != NULL)
        file = file_new(FILE_KIND_SOCKET, &socket_device, fd,
                        FILE_GENERIC_READ | FILE_GENERIC_WRITE | WRITE_DAC, options);
    else
        close(fd);
    if (file == NULL) {
        free(socket);
        return NULL;
    }
    socket->family = family;
    socket->type = type;
    socket->protocol = protocol;
    socket->send_buffer = socket->receive_buffer = -1;
    socket->polls.watch_fd = -1;
    socket->deferred = -1;
    socket->kept[KEPT_PROTECTION_LEVEL] = EDGE_RESTRICTED;
    file->state = socket;
    return file;
}

static int int_option(int fd, int level, int name)
{
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, level, name, &value, &length) == 0 ? value : -1;
}

static int windows_family(int family)
{
    return family == AF_INET6 ? WIN_AF_INET6 : family;
}

struct file *socket_adopt(int fd, uint32_t access, uint32_t options)
{
    int family = windows_family(int_option(fd, SOL_SOCKET, SO_DOMAIN));
    int type = int_option(fd, SOL_SOCKET, SO_TYPE), protocol = int_option(fd, SOL_SOCKET, SO_PROTOCOL);
    struct file *file = socket_new(fd, family, type, protocol, options);
    if (file == NULL) return NULL;
    struct socket *socket = socket_of(file);
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    file->access = access;
    if (int_option(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1)
        socket->phase = SOCKET_LISTENING;
    else if (getpeername(fd, (struct sockaddr *)&name, &length) == 0)
        socket->phase = SOCKET_ESTABLISHED;
    length = sizeof name;
    if (getsockname(fd, (struct sockaddr *)&name, &length) == 0)
        socket->bound = ((struct sockaddr_in *)&name)->sin_port != 0; // where IPv6 has it too
    return file;
}

// Nobody can use the socket any more: blocked calls give up, which a host socket that others share too tells
// nobody.
static void cleanup(struct file *file)
{
    struct socket *socket = socket_of(file);
    atomic_store(&socket->closed, true);
    socket_events_end(file);
    if (atomic_load(&socket->waiting) != 0) shutdown(file->fd, SHUT_RDWR);
    socket_polls_look(file);
    if (atomic_load(&socket->accepting)) socket_accept_end(file);
}

static void destroy(struct file *file)
{
    struct socket *socket = socket_of(file);
    if (socket == NULL) return;
    socket_events_end(file);
    socket_polls_end(file);
    if (socket->deferred >= 0) close(socket->deferred);
    free(socket);
}

static NTSTATUS flush(struct io *io)
{
    (void)io; // what the host has taken goes its way
    return STATUS_SUCCESS;
}

const struct file_device socket_device = {
    .type = FILE_DEVICE_NAMED_PIPE,
    .read = socket_file_read,
    .write = socket_file_write,
    .flush = flush,
    .device_control = socket_device_control,
    .cleanup = cleanup,
    .destroy = destroy,
};

NTSTATUS socket_wait(struct file *file, short events, bool alertable, uint32_t timeout)
{
    enum { TICKS_PER_MS = 10000 };
    struct socket *socket = socket_of(file);
    int64_t ticks = -(int64_t)timeout * TICKS_PER_MS;
    atomic_fetch_add(&socket->waiting, 1);
    NTSTATUS status = atomic_load(&socket->closed)
                          ? STATUS_CANCELLED
                          : host_wait_fd(file->fd, events, alertable, timeout != 0 ? &ticks : NULL);
    atomic_fetch_sub(&socket->waiting, 1);
    if (status == STATUS_TIMEOUT) return STATUS_IO_TIMEOUT;
    if (status == STATUS_SUCCESS && atomic_load(&socket->closed)) return STATUS_CANCELLED;
    return status;
}

int socket_host_open(int family, int type, int protocol)
{
    int yes = 1, fd = socket(socket_host_family(family), type | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
    if (fd >= 0 && family == WIN_AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes); // Windows' default
    return fd;
}

NTSTATUS socket_open(int family, int type, int protocol, uint32_t options, struct file **file)
{
    if (socket_host_family(family) < 0) return STATUS_NOT_SUPPORTED;
    int fd = socket_host_open(family, type, protocol);
    if (fd < 0) return socket_status(errno);
    *file = socket_new(fd, family, type, protocol, options);
    return *file != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS SocketCreate(int32_t family, int32_t type, int32_t protocol, uint8_t overlapped, uint8_t inherit,
                      HANDLE32 *handle)
{
    struct file *file;
    NTSTATUS status =
        socket_open(family, type, protocol, overlapped ? 0 : FILE_SYNCHRONOUS_IO_NONALERT, &file);
    if (!NT_SUCCESS(status)) return status;
    return file_new_handle(file, file->access, inherit ? OBJ_INHERIT : 0, handle);
}

NTSTATUS SocketGetInfo(HANDLE32 handle, SOCKET_INFO32 *info)
{
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    const struct socket *socket = socket_of(file);
    *info = (SOCKET_INFO32){.Family = socket->family, .Type = socket->type, .Protocol = socket->protocol};
    file_release(file);
    return STATUS_SUCCESS;
}

// Handles of sockets, gathered while the table is locked.
struct gathered {
    uint32_t count;
    HANDLE32 handles[256];
};

static void gather(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes,
                   void *context)
{
    struct gathered *gathered = context;
    (void)access, (void)attributes;
    if (object->type != &file_type || ((struct file *)object)->kind != FILE_KIND_SOCKET) return;
    if (gathered->count < sizeof gathered->handles / sizeof *gathered->handles)
        gathered->handles[gathered->count++] = handle;
}

NTSTATUS SocketCloseAll(void)
{
    struct gathered gathered;
    uint32_t closed;
    do {
        closed = 0;
        gathered.count = 0;
        handle_for_each(0, gather, &gathered);
        for (uint32_t i = 0; i < gathered.count; i++) closed += NT_SUCCESS(handle_close(gathered.handles[i]));
    } while (closed != 0); // those protected from it stay
    return STATUS_SUCCESS;
}

NTSTATUS SocketBind(HANDLE32 handle, gptr address, uint32_t length)
{
    struct socket_address host;
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    status = socket_address_read(&host, socket_of(file)->family, address, length);
    if (NT_SUCCESS(status)) status = socket_bind(file, &host);
    file_release(file);
    return status;
}

NTSTATUS SocketShutdown(HANDLE32 handle, int32_t how)
{
    enum { SD_RECEIVE, SD_SEND, SD_BOTH };
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    struct socket *socket = socket_of(file);
    if (how < SD_RECEIVE || how > SD_BOTH) {
        status = STATUS_INVALID_PARAMETER;
    } else if (socket_is_stream(socket) && atomic_load(&socket->phase) != SOCKET_ESTABLISHED &&
               socket_connect_result(file) != STATUS_SUCCESS) {
        status = STATUS_INVALID_CONNECTION;
    } else {
        // Receiving is shut for calls to come only: those under way get what arrives, which the host would
        // have end. A datagram socket without a peer is shut too.
        if (how != SD_RECEIVE && shutdown(file->fd, SHUT_WR) != 0 && errno != ENOTCONN)
            status = socket_status(errno);
        if (NT_SUCCESS(status)) atomic_fetch_or(&socket->shut, how == SD_BOTH ? 3u : 1u << how);
        socket_polls_look(file);
    }
    file_release(file);
    return status;
}

// Who was at the other end of a connection that the host has ended by now.
static bool former_peer(const struct socket *socket, struct socket_address *peer)
{
    if (atomic_load(&socket->phase) != SOCKET_ESTABLISHED || socket->peer.sin6_family == 0) return false;
    memcpy(&peer->host, &socket->peer, sizeof socket->peer);
    peer->length = socket_address_size(socket->family);
    return true;
}

NTSTATUS SocketGetName(HANDLE32 handle, uint8_t peer, gptr address, gptr length)
{
    struct socket_address host = {.length = sizeof host.host};
    struct sockaddr *name = (struct sockaddr *)&host.host;
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    const struct socket *socket = socket_of(file);
    if (!peer && !atomic_load(&socket->bound))
        status = STATUS_INVALID_PARAMETER;
    else if ((peer ? getpeername : getsockname)(file->fd, name, &host.length) != 0 &&
             !(peer && former_peer(socket, &host)))
        status = socket_status(errno);
    else if (address == 0 || length == 0)
        status = STATUS_ACCESS_VIOLATION;
    else
        status = socket_address_write(&host, address, length);
    file_release(file);
    return status;
}
