// The asking end of requests between processes.
#include "peer.h"
#include "peer_socket.h"
#include "loader/process.h"
#include "loader/thread.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int peer_connect(int host_pid)
{
    struct sockaddr_un address;
    struct ucred peer;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (!peer_socket_address(&address, host_pid)) {
        errno = ENOENT;
    } else if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        if (errno == ECONNREFUSED) errno = ENOENT; // left by a process that was killed
    } else if (!peer_socket_owner(fd, &peer) || peer.pid != host_pid) {
        errno = ENOENT; // the number is another process's by now
    } else {
        return fd;
    }
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static bool send_request(int fd, enum peer_operation operation, struct peer_exchange *e)
{
    struct peer_head head = {.operation = operation, .size = e->in_size + e->more_size};
    struct iovec parts[3] = {
        {&head, sizeof head}, {(void *)e->in, e->in_size}, {(void *)e->more, e->more_size}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
    union peer_descriptors control;
    if (e->descriptors_n) peer_attach(&message, &control, e->descriptors, e->descriptors_n);
    ssize_t sent;
    do sent = sendmsg(fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)(sizeof head + head.size);
}

// Takes the reply off the socket, waiting for it.
static NTSTATUS receive_reply(int fd, enum peer_operation operation, struct peer_exchange *e)
{
    struct peer_head head;
    struct iovec parts[3] = {{&head, sizeof head}, {e->out, e->out_size}, {e->rest, e->rest_size}};
    union peer_descriptors control;
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 3};
    ssize_t n;
    if (e->wants_descriptors) message.msg_control = control.bytes, message.msg_controllen = sizeof control;
    while ((n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC)) < 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return STATUS_PROCESS_IS_TERMINATING;
        NTSTATUS status = host_wait_fd(fd, POLLIN, false, e->timeout);
        if (status) return status;
    }
    if (e->wants_descriptors) e->received_n = peer_detach(&message, e->received);
    if (n < (ssize_t)sizeof head || head.operation != operation) return STATUS_PROCESS_IS_TERMINATING;
    n -= sizeof head;
    if (NT_SUCCESS(head.status) && n < (ssize_t)e->out_size) return STATUS_INTERNAL_ERROR;
    e->rest_got = n > (ssize_t)e->out_size ? (uint32_t)n - e->out_size : 0;
    return head.status;
}

void peer_close_received(struct peer_exchange *e)
{
    for (uint32_t i = 0; i < e->received_n; i++)
        if (e->received[i] >= 0) close(e->received[i]);
    e->received_n = 0;
}

void peer_send(int fd, enum peer_operation operation, const void *body, uint32_t size)
{
    struct peer_exchange exchange = {.in = body, .in_size = size};
    send_request(fd, operation, &exchange);
}

NTSTATUS peer_exchange_over(int fd, enum peer_operation operation, struct peer_exchange *exchange)
{
    if (!send_request(fd, operation, exchange)) return STATUS_PROCESS_IS_TERMINATING;
    return receive_reply(fd, operation, exchange);
}

// Statuses of our own end: the connection has a reply under way, or nobody at the other end.
static bool connection_is_spent(NTSTATUS status)
{
    return status == STATUS_PROCESS_IS_TERMINATING || status == STATUS_TIMEOUT ||
           status == STATUS_THREAD_IS_TERMINATING || status == STATUS_INTERNAL_ERROR;
}

NTSTATUS peer_call(struct process_object *process, enum peer_operation operation,
                   struct peer_exchange *exchange)
{
    if (atomic_load(&process->exit_status) != (uint32_t)STATUS_PENDING) return STATUS_PROCESS_IS_TERMINATING;
    int fd = atomic_exchange(&process->idle, -1);
    if (fd < 0) fd = peer_connect(process->host_pid);
    if (fd < 0)
        return errno == EMFILE || errno == ENFILE ? STATUS_INSUFFICIENT_RESOURCES
               : errno == EAGAIN                  ? STATUS_TIMEOUT
                                                  : STATUS_PROCESS_IS_TERMINATING;
    NTSTATUS status = peer_exchange_over(fd, operation, exchange);
    int none = -1;
    if (connection_is_spent(status) || !atomic_compare_exchange_strong(&process->idle, &none, fd)) close(fd);
    return status;
}

void peer_for_each_pid(void (*visit)(int host_pid, void *context), void *context)
{
    int directory = peer_socket_directory();
    int copy = directory < 0 ? -1 : openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (!listing) {
        if (copy >= 0) close(copy);
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        if (pid <= 0 || pid > INT32_MAX || *end || (uint32_t)pid * 4 == process_id()) continue;
        if (kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            peer_socket_sweep((int)pid);
        else
            visit((int)pid, context);
    }
    closedir(listing);
}
