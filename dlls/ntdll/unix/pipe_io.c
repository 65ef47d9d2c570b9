// Reading and writing pipes: bytes over stream sockets, messages over packets.
#include "async.h"
#include "loader/address_space.h"
#include "pipe_state.h"
#include "status_errno.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <linux/sockios.h>

// Why a pipe that isn't connected can't be read or written; success when it is.
static NTSTATUS check_connected(struct file *file)
{
    struct pipe *pipe = file->state;
    pipe_refresh(file);
    switch (pipe->state) {
    case FILE_PIPE_LISTENING_STATE: return STATUS_PIPE_LISTENING;
    case FILE_PIPE_DISCONNECTED_STATE: return STATUS_PIPE_DISCONNECTED;
    default: return STATUS_SUCCESS;
    }
}

static NTSTATUS read_error(struct file *file, int error)
{
    struct pipe *pipe = file->state;
    if (error == EAGAIN || error == EINTR) return STATUS_PENDING;
    if (error == 0 || error == ECONNRESET || error == EPIPE || error == ENOTCONN) {
        if (pipe->state == FILE_PIPE_CONNECTED_STATE) pipe->state = FILE_PIPE_CLOSING_STATE;
        return STATUS_PIPE_BROKEN;
    }
    return status_from_errno(error);
}

static NTSTATUS read_stream(struct file *file, int fd, gptr buffer, uint32_t length, uint32_t *done)
{
    char none;
    for (int tries = 0;; tries++) {
        // A read of nothing waits for something all the same.
        ssize_t n = length > 0 ? recv(fd, guest_ptr(buffer), length, MSG_DONTWAIT)
                               : recv(fd, &none, 1, MSG_DONTWAIT | MSG_PEEK);
        if (n > 0) {
            *done = length > 0 ? n : 0;
            return STATUS_SUCCESS;
        }
        if (n == 0) return read_error(file, 0);
        if (errno != EFAULT || tries > 0) return read_error(file, errno);
        NTSTATUS status = vm_touch(buffer, length, VM_WRITE);
        if (!NT_SUCCESS(status)) return status;
    }
}

// Reads a packet whole into pipe->rest.
static NTSTATUS fetch_packet(struct file *file, int fd)
{
    struct pipe *pipe = file->state;
    if (pipe->rest == NULL && (pipe->rest = malloc(PACKET_MAX)) == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    uint8_t head = 0;
    struct iovec parts[2] = {{&head, 1}, {pipe->rest, PACKET_MAX}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t n = recvmsg(fd, &message, MSG_DONTWAIT);
    if (n <= 0) return read_error(file, n == 0 ? 0 : errno);
    pipe->rest_at = 0;
    pipe->rest_n = n - 1;
    pipe->rest_more = head & PACKET_MORE;
    return STATUS_SUCCESS;
}

// Takes from the packet at hand what fits.
static NTSTATUS take(struct pipe *pipe, gptr buffer, uint32_t room, uint32_t *done)
{
    uint32_t n = pipe->rest_n - pipe->rest_at;
    if (n > room) n = room;
    if (!guest_write(buffer, pipe->rest + pipe->rest_at, n)) return STATUS_ACCESS_VIOLATION;
    pipe->rest_at += n;
    *done += n;
    return STATUS_SUCCESS;
}

static bool rest_empty(const struct pipe *pipe)
{
    return pipe->rest_at == pipe->rest_n;
}

static NTSTATUS read_packets(struct file *file, int fd, gptr buffer, uint32_t length, uint32_t *done)
{
    struct pipe *pipe = file->state;
    for (bool any = false;; any = true) {
        if (rest_empty(pipe) && !pipe->cut) {
            NTSTATUS status = fetch_packet(file, fd);
            if (!NT_SUCCESS(status) || status == STATUS_PENDING) {
                // Of a message whose packets are still coming, or for a byte reader, what there is so far, if
                // that is only an empty message.
                return any && !pipe->read_messages ? STATUS_SUCCESS : status;
            }
        }
        pipe->cut = false;
        NTSTATUS status = take(pipe, buffer + *done, length - *done, done);
        if (!NT_SUCCESS(status)) {
            pipe->cut = true; // still to be read
            return status;
        }
        if (!rest_empty(pipe)) {
            pipe->cut = pipe->read_messages;
            return pipe->read_messages ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
        }
        if (pipe->read_messages && !pipe->rest_more) return STATUS_SUCCESS;
        if (*done == length && pipe->read_messages) return STATUS_BUFFER_OVERFLOW;
        if (*done == length) return STATUS_SUCCESS;
    }
}

// ---- what a writer took back ----

// Reads up to n bytes of what comes next, and forgets them. How many; 0: there is nothing.
static uint64_t discard(struct file *file, uint64_t n)
{
    struct pipe *pipe = file->state;
    if (!pipe->terms.message) {
        char nowhere[4096];
        ssize_t got = recv(file->fd, nowhere, n < sizeof nowhere ? n : sizeof nowhere, MSG_DONTWAIT);
        return got > 0 ? got : 0;
    }
    // Messages are dropped whole: what was begun of one has no rest.
    if (rest_empty(pipe) && fetch_packet(file, file->fd) != STATUS_SUCCESS) return 0;
    uint64_t rest = pipe->rest_n - pipe->rest_at;
    pipe->rest_at = pipe->rest_n;
    pipe->cut = pipe->rest_more = false;
    return rest;
}

void pipe_skip_dropped(struct file *file)
{
    struct pipe *pipe = file->state;
    for (uint32_t i = 0; i < pipe->dropped_n;) {
        uint64_t n = 1;
        while (n > 0 && pipe->dropped[i].start <= pipe->received && pipe->received < pipe->dropped[i].end)
            pipe->received += n = discard(file, pipe->dropped[i].end - pipe->received);
        if (pipe->received < pipe->dropped[i].end) {
            i++;
        } else {
            pipe->dropped[i] = pipe->dropped[--pipe->dropped_n];
            i = 0; // the next range may begin here
        }
    }
}

void pipe_drop(struct file *file, uint64_t start, uint64_t end)
{
    struct pipe *pipe = file->state;
    if (start < pipe->received) start = pipe->received;
    if (start >= end || pipe->dropped_n == DROPPED_MAX) return;
    pipe->dropped[pipe->dropped_n].start = start;
    pipe->dropped[pipe->dropped_n++].end = end;
    pipe_skip_dropped(file);
}

// How much of a stream may be read before a range that is dropped.
static uint32_t readable(const struct pipe *pipe, uint32_t length)
{
    for (uint32_t i = 0; i < pipe->dropped_n; i++)
        if (pipe->dropped[i].start - pipe->received < length)
            length = pipe->dropped[i].start - pipe->received;
    return length;
}

static NTSTATUS pipe_read_step(struct file *file, int fd, gptr buffer, uint32_t length, uint32_t *done)
{
    struct pipe *pipe = file->state;
    NTSTATUS status = check_connected(file);
    if (!NT_SUCCESS(status)) return status;
    uint32_t before = *done;
    if (pipe->dropped_n != 0) pipe_skip_dropped(file);
    status = pipe->terms.message ? read_packets(file, fd, buffer, length, done)
                                 : read_stream(file, fd, buffer, readable(pipe, length), done);
    pipe->received += *done - before;
    return status;
}

static NTSTATUS write_error(int error)
{
    if (error == EAGAIN || error == EINTR || error == ENOBUFS) return STATUS_PENDING;
    if (error == EPIPE || error == ECONNRESET || error == ENOTCONN) return STATUS_PIPE_CLOSING;
    return status_from_errno(error);
}

NTSTATUS pipe_write_step(struct file *file, int fd, gptr buffer, uint32_t length, uint32_t *done)
{
    struct pipe *pipe = file->state;
    NTSTATUS status = check_connected(file);
    if (!NT_SUCCESS(status)) return status;
    bool touched = false, message = pipe->terms.message;
    // A message that is empty is a packet all the same.
    for (bool first = *done == 0; *done < length || (first && message); first = false) {
        uint32_t part = length - *done;
        if (message && part > PACKET_MAX) part = PACKET_MAX;
        uint8_t head = *done + part < length ? PACKET_MORE : 0;
        struct iovec parts[2] = {{&head, 1}, {guest_ptr(buffer + *done), part}};
        struct msghdr packet = {.msg_iov = message ? parts : parts + 1, .msg_iovlen = message ? 2 : 1};
        ssize_t n = sendmsg(fd, &packet, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EFAULT && !touched) {
            status = vm_touch(buffer + *done, part, VM_READ);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
            first = *done == 0;
            if (message && length == 0) return STATUS_ACCESS_VIOLATION;
            continue;
        }
        if (n < 0) return write_error(errno);
        *done += n - message;
        pipe->sent += n - message;
    }
    return STATUS_SUCCESS;
}

// ---- calls ----

static NTSTATUS step(struct file *file, int fd, bool writing, gptr buffer, uint32_t length, uint32_t *done)
{
    return writing ? pipe_write_step(file, fd, buffer, length, done)
                   : pipe_read_step(file, fd, buffer, length, done);
}

static NTSTATUS attempt(struct async *async)
{
    NTSTATUS status = step(async->io.file, async->fd, async->events == EPOLLOUT, async->buffer, async->length,
                           &async->done);
    async->io.information = async->done;
    return status;
}

static NTSTATUS transfer(struct io *io, gptr buffer, uint32_t length, bool writing)
{
    struct file *file = io->file;
    struct pipe *pipe = file->state;
    uint32_t events = writing ? EPOLLOUT : EPOLLIN;
    if (!writing && length > 0 && pipe->terms.message && !guest_probe_write(buffer, length))
        return STATUS_ACCESS_VIOLATION; // a message is gone once it is taken
    if (writing) pipe_client_acts(file);
    if (writing && pipe->no_wait && length > 0 && (length = pipe_room(file, length)) == 0)
        return STATUS_SUCCESS;
    bool queue = !file_is_synchronous(file) && async_must_queue(file, events);
    for (;;) {
        NTSTATUS status = STATUS_PENDING;
        uint64_t sent = 0;
        if (!queue) {
            pthread_mutex_lock(&file->lock);
            status = step(file, file->fd, writing, buffer, length, &io->information);
            sent = pipe->sent;
            pthread_mutex_unlock(&file->lock);
        }
        if (status != STATUS_PENDING) {
            pipe_peer_run(file);
            bool waits = writing && status == STATUS_SUCCESS && length > 0 && !file_is_synchronous(file) &&
                         !pipe->no_wait;
            return waits ? pipe_wait_to_fit(io, buffer, length, sent) : status;
        }
        if (pipe->no_wait) return writing ? STATUS_SUCCESS : STATUS_PIPE_EMPTY;
        if (!file_is_synchronous(file)) {
            struct async pattern = {.io = *io,
                                    .events = events,
                                    .attempt = attempt,
                                    .buffer = buffer,
                                    .length = length,
                                    .done = io->information};
            return async_start(&pattern, file->fd);
        }
        status = host_wait_io(file->fd, writing ? POLLOUT : POLLIN, file_is_alertable(file), NULL,
                              &file->waitable);
        if (status != STATUS_SUCCESS) return writing && io->information > 0 ? STATUS_SUCCESS : status;
    }
}

NTSTATUS pipe_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    return transfer(io, buffer, length, false);
}

NTSTATUS pipe_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    return transfer(io, buffer, length, true);
}

// Waits until the other end has read everything: the host can say how much it hasn't, not tell when that
// changes.
NTSTATUS pipe_flush(struct io *io)
{
    struct file *file = io->file;
    struct pipe *pipe = file->state;
    for (int64_t pause = -5000;; pause = pause > -100000 ? pause * 2 : pause) {
        int unread = 0;
        struct pollfd state = {.fd = file->fd, .events = 0};
        pthread_mutex_lock(&file->lock);
        NTSTATUS status = check_connected(file);
        bool lost = pipe->left && pipe->unread; // by an end that closed without reading all
        pthread_mutex_unlock(&file->lock);
        if (!NT_SUCCESS(status)) return status;
        if (lost) return STATUS_PIPE_BROKEN;
        if (ioctl(file->fd, SIOCOUTQ, &unread) != 0 || unread == 0) return STATUS_SUCCESS;
        if (poll(&state, 1, 0) == 1 && state.revents & (POLLHUP | POLLERR)) return STATUS_PIPE_BROKEN;
        status = host_wait(NULL, 0, false, file_is_alertable(file), &pause);
        if (status != STATUS_TIMEOUT && status != STATUS_SUCCESS) return status;
    }
}
