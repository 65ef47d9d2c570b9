// Control codes of pipes: listening, disconnecting, looking ahead, transactions, waiting for an instance.
#include "async.h"
#include "host_name.h"
#include "pipe_state.h"
#include "status_errno.h"
#include "upcase.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

// Takes a client that has connected.
static void accept_client(struct file *file)
{
    struct pipe *pipe = file->state;
    int client = accept4(file->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    // The connection takes the listener's number: whoever waits on that one is woken by the shutdown.
    shutdown(file->fd, SHUT_RDWR);
    dup3(client, file->fd, O_CLOEXEC);
    close(client);
    pipe->state = FILE_PIPE_CONNECTED_STATE;
    pipe->sent = pipe->received = 0;
    pipe->left = pipe->unread = false;
    pipe_client_forget(pipe);
    pipe_note_processes(file);
}

void pipe_refresh(struct file *file)
{
    struct pipe *pipe = file->state;
    const struct pipe_connection *connection = &pipe->connection;
    if (pipe->state == FILE_PIPE_LISTENING_STATE) accept_client(file);
    if (connection->disconnects != NULL && atomic_load(connection->disconnects) != connection->seen)
        pipe->state = FILE_PIPE_DISCONNECTED_STATE;
}

// ---- listening ----

// Whether there is a client now; STATUS_PENDING: still none.
static NTSTATUS listened(struct file *file)
{
    struct pipe *pipe = file->state;
    pipe_refresh(file);
    return pipe->state == FILE_PIPE_LISTENING_STATE      ? STATUS_PENDING
           : pipe->state == FILE_PIPE_DISCONNECTED_STATE ? STATUS_PIPE_DISCONNECTED
                                                         : STATUS_SUCCESS;
}

static NTSTATUS listen_attempt(struct async *async)
{
    return listened(async->io.file);
}

// Listens again after a disconnect.
static NTSTATUS listen_again(struct file *file)
{
    struct pipe *pipe = file->state;
    int fd = pipe->claim.fd < 0 ? -1 : pipe_listen(&pipe->claim, pipe->terms.message);
    if (fd < 0) return STATUS_INSUFFICIENT_RESOURCES;
    dup3(fd, file->fd, O_CLOEXEC);
    close(fd);
    pipe->state = FILE_PIPE_LISTENING_STATE;
    return STATUS_SUCCESS;
}

static bool hung_up(int fd)
{
    struct pollfd state = {.fd = fd, .events = 0};
    return poll(&state, 1, 0) == 1 && state.revents & (POLLHUP | POLLERR);
}

static NTSTATUS listen_for_client(struct io *io)
{
    struct file *file = io->file;
    struct pipe *pipe = file->state;
    if (!pipe->server) return STATUS_ILLEGAL_FUNCTION;
    pthread_mutex_lock(&file->lock);
    NTSTATUS status = STATUS_SUCCESS;
    if (pipe->state == FILE_PIPE_DISCONNECTED_STATE) status = listen_again(file);
    if (NT_SUCCESS(status)) {
        status = listened(file);
        // One that was there before the call is reported as an error, as Windows does.
        if (status == STATUS_SUCCESS)
            status = pipe->state == FILE_PIPE_CLOSING_STATE || hung_up(file->fd) ? STATUS_PIPE_CLOSING
                                                                                 : STATUS_PIPE_CONNECTED;
    }
    pthread_mutex_unlock(&file->lock);
    if (status != STATUS_PENDING) return status;
    if (pipe->no_wait) return STATUS_PIPE_LISTENING;
    if (!file_is_synchronous(file)) {
        struct async pattern = {.io = *io, .events = EPOLLIN, .attempt = listen_attempt};
        return async_start(&pattern, file->fd);
    }
    do {
        status = host_wait_io(file->fd, POLLIN, file_is_alertable(file), NULL, &file->waitable);
        if (status != STATUS_SUCCESS) return status;
        pthread_mutex_lock(&file->lock);
        status = listened(file);
        pthread_mutex_unlock(&file->lock);
    } while (status == STATUS_PENDING);
    return status;
}

static NTSTATUS disconnect(struct io *io)
{
    struct file *file = io->file;
    struct pipe *pipe = file->state;
    if (!pipe->server) return STATUS_ILLEGAL_FUNCTION;
    pthread_mutex_lock(&file->lock);
    NTSTATUS status = STATUS_SUCCESS;
    pipe_refresh(file);
    if (pipe->state == FILE_PIPE_DISCONNECTED_STATE) {
        status = STATUS_PIPE_DISCONNECTED;
    } else if (pipe->state == FILE_PIPE_LISTENING_STATE) {
        status = STATUS_PIPE_LISTENING;
    } else {
        // An unconnected socket takes the connection's place; the client sees the end of the stream.
        int none = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (pipe->claim.fd >= 0) pipe_count_disconnect(&pipe->claim);
        shutdown(file->fd, SHUT_RDWR);
        if (none >= 0) {
            dup3(none, file->fd, O_CLOEXEC);
            close(none);
        }
        pipe->state = FILE_PIPE_DISCONNECTED_STATE;
        pipe_client_forget(pipe);
        pipe->rest_at = pipe->rest_n = pipe->dropped_n = 0;
        pipe->cut = false;
    }
    pthread_mutex_unlock(&file->lock);
    if (NT_SUCCESS(status)) {
        async_cancel(file, 0, 0, STATUS_PIPE_DISCONNECTED);
        pipe_peer_run(file); // calls of the client's end end with it
    }
    return status;
}

// ---- looking ahead ----

// How many packets wait in a socket: a peek offset steps over those already seen.
static uint32_t count_packets(int fd)
{
    uint32_t n = 0;
    int offset = 0;
    uint8_t *data = malloc(PACKET_MAX + 1);
    if (data == NULL || setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof offset) != 0)
        n = 1;
    else
        while (recv(fd, data, PACKET_MAX + 1, MSG_PEEK | MSG_DONTWAIT) > 0) n++;
    offset = -1;
    setsockopt(fd, SOL_SOCKET, SO_PEEK_OFF, &offset, sizeof offset);
    free(data);
    return n;
}

static NTSTATUS peek(struct io *io, gptr out, uint32_t length)
{
    enum { HEAD = offsetof(FILE_PIPE_PEEK_BUFFER32, Data) };
    struct file *file = io->file;
    struct pipe *pipe = file->state;
    if (length < HEAD) return STATUS_INFO_LENGTH_MISMATCH;
    FILE_PIPE_PEEK_BUFFER32 info = {0};
    uint8_t *data = malloc(PACKET_MAX + 1);
    if (data == NULL) return STATUS_INSUFFICIENT_RESOURCES;

    pthread_mutex_lock(&file->lock);
    pipe_refresh(file);
    NTSTATUS status = STATUS_SUCCESS;
    uint32_t n = 0, room = length - HEAD < PACKET_MAX ? length - HEAD : PACKET_MAX;
    int queued = 0;
    const uint8_t *from = data;
    if (pipe->dropped_n != 0) pipe_skip_dropped(file);
    if (pipe->state == FILE_PIPE_LISTENING_STATE)
        status = STATUS_INVALID_PIPE_STATE;
    else if (pipe->state == FILE_PIPE_DISCONNECTED_STATE)
        status = pipe->server ? STATUS_INVALID_PIPE_STATE : STATUS_PIPE_DISCONNECTED;
    else
        ioctl(file->fd, FIONREAD, &queued);
    uint32_t rest = pipe->rest_n - pipe->rest_at;
    if (NT_SUCCESS(status) && (rest > 0 || pipe->cut)) {
        from = pipe->rest + pipe->rest_at;
        n = rest;
        info.ReadDataAvailable = rest + queued;
        if (pipe->terms.message && queued > 0) info.ReadDataAvailable -= count_packets(file->fd);
        info.NumberOfMessages = 1;
        info.MessageLength = rest;
    } else if (NT_SUCCESS(status)) {
        ssize_t got = recv(file->fd, data,
                           pipe->terms.message ? PACKET_MAX + 1
                           : room              ? room
                                               : 1,
                           MSG_PEEK | MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            pipe->state = FILE_PIPE_CLOSING_STATE;
            status = STATUS_PIPE_BROKEN;
        } else if (got > 0 && pipe->terms.message) {
            from = data + 1;
            n = got - 1;
            info.MessageLength = n;
            info.NumberOfMessages = queued > got ? count_packets(file->fd) : 1;
            info.ReadDataAvailable = queued - info.NumberOfMessages;
        } else if (got > 0) {
            n = got;
            info.ReadDataAvailable = queued;
        }
    }
    info.NamedPipeState = pipe->state;
    if (n > room) n = room;
    if (NT_SUCCESS(status) && (!guest_write(out, &info, HEAD) || !guest_write(out + HEAD, from, n)))
        status = STATUS_ACCESS_VIOLATION;
    pthread_mutex_unlock(&file->lock);
    free(data);
    if (!NT_SUCCESS(status)) return status;
    io->information = HEAD + n;
    bool more = pipe->terms.message ? info.MessageLength > n : info.ReadDataAvailable > n;
    return more ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

// Writes a message and reads the answer.
static NTSTATUS transceive(struct io *io, gptr in, uint32_t in_length, gptr out, uint32_t out_length)
{
    struct pipe *pipe = io->file->state;
    int unread = 0;
    if (!pipe->read_messages) return STATUS_INVALID_READ_MODE;
    if (ioctl(io->file->fd, FIONREAD, &unread) == 0 && unread > 0) return STATUS_PIPE_BUSY;
    uint32_t done = 0;
    for (;;) {
        pthread_mutex_lock(&io->file->lock);
        NTSTATUS status = pipe_write_step(io->file, io->file->fd, in, in_length, &done);
        pthread_mutex_unlock(&io->file->lock);
        if (status == STATUS_SUCCESS) break;
        if (status != STATUS_PENDING) return status;
        status = host_wait_io(io->file->fd, POLLOUT, false, NULL, &io->file->waitable);
        if (status != STATUS_SUCCESS) return status;
    }
    pipe_peer_run(io->file);
    return pipe_read(io, out, out_length, NULL);
}

NTSTATUS pipe_fs_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                         uint32_t out_length)
{
    switch (code) {
    case FSCTL_PIPE_LISTEN: return listen_for_client(io);
    case FSCTL_PIPE_DISCONNECT: return disconnect(io);
    case FSCTL_PIPE_PEEK: return peek(io, out, out_length);
    case FSCTL_PIPE_TRANSCEIVE: return transceive(io, in, in_length, out, out_length);
    case FSCTL_PIPE_IMPERSONATE: return pipe_impersonate(io->file);
    case FSCTL_PIPE_QUERY_CLIENT_PROCESS: return pipe_client_process(io, out, out_length);
    case FSCTL_PIPE_GET_PIPE_ATTRIBUTE:
    case FSCTL_PIPE_GET_CONNECTION_ATTRIBUTE: return pipe_attribute(io, code, in, in_length, out, out_length);
    }
    return STATUS_INVALID_DEVICE_REQUEST;
}

// ---- the device itself ----

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 10000000ll + time.tv_nsec / 100;
}

// WaitNamedPipe: asks again every few milliseconds, for no host event says that some process listens.
static NTSTATUS wait_for_instance(gptr in, uint32_t length)
{
    enum { HEAD = offsetof(FILE_PIPE_WAIT_FOR_BUFFER32, Name) };
    FILE_PIPE_WAIT_FOR_BUFFER32 wait;
    uint16_t units[PIPE_NAME_MAX];
    char name[PIPE_NAME_MAX * 3 + 1];
    if (length < HEAD) return STATUS_INVALID_PARAMETER;
    if (!guest_read(&wait, in, HEAD)) return STATUS_ACCESS_VIOLATION;
    if (wait.NameLength > length - HEAD || wait.NameLength / 2 > PIPE_NAME_MAX)
        return STATUS_INVALID_PARAMETER;
    if (!guest_read(units, in + HEAD, wait.NameLength & ~1u)) return STATUS_ACCESS_VIOLATION;
    uint32_t n = wait.NameLength / 2;
    for (uint32_t i = 0; i < n; i++) units[i] = upcase(units[i]);
    if (host_name_from_utf16(name, sizeof name, units, n) < 0) return STATUS_OBJECT_NAME_INVALID;

    struct pipe_terms terms;
    int64_t deadline = 0, pause = -50000;
    for (;;) {
        NTSTATUS status = pipe_available(name, &terms);
        if (status != STATUS_PIPE_NOT_AVAILABLE) return status;
        if (deadline == 0) {
            int64_t timeout = wait.TimeoutSpecified ? wait.Timeout.QuadPart : terms.timeout;
            // The most negative number waits for ever.
            deadline = timeout == INT64_MIN ? INT64_MAX : now() - timeout;
        }
        if (now() >= deadline) return STATUS_IO_TIMEOUT;
        status = host_wait(NULL, 0, false, false, &pause);
        if (status != STATUS_TIMEOUT && status != STATUS_SUCCESS) return status;
    }
}

NTSTATUS pipe_root_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                           uint32_t out_length)
{
    (void)io, (void)out, (void)out_length;
    return code == FSCTL_PIPE_WAIT ? wait_for_instance(in, in_length) : STATUS_INVALID_DEVICE_REQUEST;
}
