// TransmitFile: a file goes to a socket by the host's sendfile, with bytes of the program before and behind
// it.
#include "socket.h"
#include "async.h"
#include "loader/address_space.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <unistd.h>

// One call: async.extra.
struct transmit {
    struct file *source; // retained; NULL: there is no file
    off_t offset;        // where its bytes come from; -1: its position
    uint64_t left;       // bytes of it to be sent
    gptr head, tail;
    uint32_t head_length, tail_length;
    uint32_t done;
};

// Sends bytes of the program's memory, as many as go. *at and *length are what is left of them.
static NTSTATUS send_memory(int fd, gptr *at, uint32_t *length, uint32_t *done)
{
    bool touched = false;
    while (*length > 0) {
        ssize_t n = send(fd, guest_ptr(*at), *length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EFAULT && !touched) {
            NTSTATUS status = vm_touch(*at, *length, VM_READ);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
            continue;
        }
        if (n < 0) return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
        *at += n;
        *length -= n;
        *done += n;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS send_source(int fd, struct transmit *transmit)
{
    enum { PIECE = 1 << 20 };
    while (transmit->source != NULL && transmit->left > 0) {
        size_t piece = transmit->left < PIECE ? transmit->left : PIECE;
        ssize_t n =
            sendfile(fd, transmit->source->fd, transmit->offset >= 0 ? &transmit->offset : NULL, piece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
        if (n == 0) break; // the file ends before that
        transmit->left -= n;
        transmit->done += n;
    }
    transmit->left = 0;
    return STATUS_SUCCESS;
}

static NTSTATUS transmit_step(int fd, struct transmit *transmit)
{
    NTSTATUS status = send_memory(fd, &transmit->head, &transmit->head_length, &transmit->done);
    if (status == STATUS_SUCCESS) status = send_source(fd, transmit);
    if (status == STATUS_SUCCESS)
        status = send_memory(fd, &transmit->tail, &transmit->tail_length, &transmit->done);
    return status;
}

static NTSTATUS transmit_attempt(struct async *async)
{
    struct transmit *transmit = async->extra;
    NTSTATUS status = transmit_step(async->io.file->fd, transmit);
    async->io.information = transmit->done;
    return status;
}

static void transmit_end(void *extra)
{
    struct transmit *transmit = extra;
    if (transmit->source != NULL) file_release(transmit->source);
    free(transmit);
}

static NTSTATUS find_source(struct transmit *transmit, HANDLE32 handle, uint32_t bytes)
{
    if (handle == 0) return STATUS_SUCCESS;
    NTSTATUS status = file_resolve(handle, FILE_READ_DATA, &transmit->source);
    if (!NT_SUCCESS(status)) return status;
    if (transmit->source->kind != FILE_KIND_DISK) return STATUS_INVALID_PARAMETER;
    transmit->left = bytes != 0 ? bytes : UINT64_MAX;
    return STATUS_SUCCESS;
}

static NTSTATUS check_state(struct file *file, const struct transmit *transmit)
{
    struct socket *socket = socket_of(file);
    if (!socket_is_stream(socket) || socket_connect_result(file) != STATUS_SUCCESS)
        return STATUS_INVALID_CONNECTION;
    if (atomic_load(&socket->shut) & 2) return STATUS_PIPE_DISCONNECTED;
    bool readable = guest_probe_read(transmit->head, transmit->head_length) &&
                    guest_probe_read(transmit->tail, transmit->tail_length);
    return readable ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS SocketTransmitFile(HANDLE32 handle, HANDLE32 source, HANDLE32 event, gptr context, gptr block,
                            uint32_t bytes, const LARGE_INTEGER32 *offset, const SOCKET_BUFFER32 *head,
                            const SOCKET_BUFFER32 *tail)
{
    struct io io;
    NTSTATUS status = io_begin(&io, handle, 0, event, 0, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    struct transmit *transmit = calloc(1, sizeof *transmit);
    if (transmit == NULL) return io_end(&io, STATUS_NO_MEMORY);
    *transmit = (struct transmit){.offset = offset != NULL ? offset->QuadPart : -1,
                                  .head = head->Data,
                                  .head_length = head->Length,
                                  .tail = tail->Data,
                                  .tail_length = tail->Length};
    status = check_state(io.file, transmit);
    if (NT_SUCCESS(status)) status = find_source(transmit, source, bytes);
    if (!NT_SUCCESS(status)) {
        transmit_end(transmit);
        return io_end(&io, status);
    }
    struct async pattern = {.io = io,
                            .events = EPOLLOUT,
                            .attempt = transmit_attempt,
                            .extra = transmit,
                            .free_extra = transmit_end};
    return io_end(&io, async_start(&pattern, io.file->fd));
}
