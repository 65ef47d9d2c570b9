// SIO_ADDRESS_LIST_CHANGE: calls on a socket that end when an address of its family comes to the machine or
// goes. Each listens to the host's news (rtnetlink) for itself.
#include "socket.h"
#include "async.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

// A call under way: async.extra.
struct change {
    struct file *file; // the call's own
    int fd;
    bool watching;
    struct service_watch watch;
};

// A host socket that becomes readable with the next change; -1 with errno.
static int open_news(int family)
{
    struct sockaddr_nl groups = {.nl_family = AF_NETLINK};
    groups.nl_groups = family == WIN_AF_INET6 ? RTMGRP_IPV6_IFADDR : RTMGRP_IPV4_IFADDR;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (fd < 0 || bind(fd, (struct sockaddr *)&groups, sizeof groups) == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static NTSTATUS change_attempt(struct async *async)
{
    const struct change *change = async->extra;
    struct pollfd news = {.fd = change->fd, .events = POLLIN};
    return poll(&news, 1, 0) > 0 ? STATUS_SUCCESS : STATUS_PENDING;
}

static void news_came(struct service_watch *watch, uint32_t events)
{
    struct change *change = (struct change *)((char *)watch - offsetof(struct change, watch));
    struct file *file = change->file;
    (void)events;
    if (!file_retain_living(file)) return;
    async_attempt(file, change);
    file_release(file);
}

static void change_end(void *extra)
{
    struct change *change = extra;
    if (change->watching) service_watch_remove(&change->watch);
    close(change->fd);
    free(change);
}

// Puts the call under way. The watch may only fire once the call is in its file's list.
static NTSTATUS change_start(struct io *io, struct change *change)
{
    struct async pattern = {
        .io = *io, .attempt = change_attempt, .extra = change, .free_extra = change_end, .unordered = true};
    if (service_watch_add(&change->watch, change->fd, EPOLLIN | EPOLLET, news_came) != 0) {
        change_end(change);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    change->watching = true;
    struct file *file = io->file;
    object_retain(&file->object);
    NTSTATUS status = async_start(&pattern, -1);
    if (status == STATUS_PENDING) async_attempt(file, change); // what came before
    file_release(file);
    return status;
}

NTSTATUS SocketAddressChangeOverlapped(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block)
{
    struct io io;
    NTSTATUS status = io_begin(&io, handle, 0, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    struct change *change = calloc(1, sizeof *change);
    if (change == NULL) return io_end(&io, STATUS_NO_MEMORY);
    change->file = io.file;
    change->fd = open_news(socket_of(io.file)->family);
    if (change->fd < 0) {
        free(change);
        return io_end(&io, socket_status(errno));
    }
    return io_end(&io, change_start(&io, change));
}

NTSTATUS SocketAddressChange(HANDLE32 handle)
{
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    int fd = -1;
    if (atomic_load(&socket_of(file)->nonblocking))
        status = STATUS_DEVICE_NOT_READY;
    else if ((fd = open_news(socket_of(file)->family)) < 0)
        status = socket_status(errno);
    else
        status = host_wait_fd(fd, POLLIN, true, NULL);
    if (fd >= 0) close(fd);
    file_release(file);
    return status;
}
