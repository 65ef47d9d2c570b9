// TransmitFile and TransmitPackets: files go to a socket by the host's sendfile, between bytes of the
// program's memory; what the call asks for afterwards comes after the last byte.
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

// mswsock.h.
enum { WIN_TF_DISCONNECT = 1, WIN_TF_REUSE_SOCKET = 2 };

struct piece {
    struct file *source; // retained; NULL: memory
    off_t offset;        // where the source's bytes come from; -1: its position
    gptr data;
    uint64_t left;
};

// One call: async.extra.
struct transmit {
    uint32_t flags, done;
    uint32_t next, count; // of pieces: the one that is being sent, and how many there are
    struct piece pieces[];
};

// Sends bytes of the program's memory, as many as go.
static NTSTATUS send_memory(int fd, struct piece *piece, uint32_t *done)
{
    bool touched = false;
    while (piece->left > 0) {
        ssize_t n = send(fd, guest_ptr(piece->data), piece->left, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EFAULT && !touched) {
            NTSTATUS status = vm_touch(piece->data, piece->left, VM_READ);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
            continue;
        }
        if (n < 0) return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
        piece->data += n;
        piece->left -= n;
        *done += n;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS send_source(int fd, struct piece *piece, uint32_t *done)
{
    enum { AT_ONCE = 1 << 20 };
    while (piece->left > 0) {
        size_t size = piece->left < AT_ONCE ? piece->left : AT_ONCE;
        ssize_t n = sendfile(fd, piece->source->fd, piece->offset >= 0 ? &piece->offset : NULL, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN ? STATUS_PENDING : socket_status(errno);
        if (n == 0) break; // the file ends before that
        piece->left -= n;
        *done += n;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS transmit_step(struct file *file, struct transmit *transmit)
{
    for (; transmit->next < transmit->count; transmit->next++) {
        struct piece *piece = &transmit->pieces[transmit->next];
        NTSTATUS status = piece->source != NULL ? send_source(file->fd, piece, &transmit->done)
                                                : send_memory(file->fd, piece, &transmit->done);
        if (status != STATUS_SUCCESS) return status;
    }
    if (!(transmit->flags & WIN_TF_DISCONNECT)) return STATUS_SUCCESS;
    return socket_disconnect(file, (transmit->flags & WIN_TF_REUSE_SOCKET) != 0);
}

static NTSTATUS transmit_attempt(struct async *async)
{
    struct transmit *transmit = async->extra;
    NTSTATUS status = transmit_step(async->io.file, transmit);
    async->io.information = transmit->done;
    return status;
}

static void transmit_end(void *extra)
{
    struct transmit *transmit = extra;
    for (uint32_t i = 0; i < transmit->count; i++)
        if (transmit->pieces[i].source != NULL) file_release(transmit->pieces[i].source);
    free(transmit);
}

static NTSTATUS prepare_file(struct piece *piece, const SOCKET_ELEMENT32 *element)
{
    if (element->File == 0) return STATUS_SUCCESS;
    NTSTATUS status = file_resolve(element->File, FILE_READ_DATA, &piece->source);
    if (!NT_SUCCESS(status)) return status;
    if (piece->source->kind != FILE_KIND_DISK) return STATUS_INVALID_PARAMETER;
    piece->left = element->Length != 0 ? element->Length : UINT64_MAX;
    piece->offset = element->Offset.QuadPart >= 0 ? element->Offset.QuadPart : -1;
    return STATUS_SUCCESS;
}

static NTSTATUS prepare(struct transmit *transmit, const SOCKET_ELEMENT32 *elements)
{
    NTSTATUS status = STATUS_SUCCESS;
    for (uint32_t i = 0; i < transmit->count && NT_SUCCESS(status); i++) {
        struct piece *piece = &transmit->pieces[i];
        if (elements[i].IsFile) {
            status = prepare_file(piece, &elements[i]);
        } else {
            piece->data = elements[i].Data;
            piece->left = elements[i].Length;
            if (!guest_probe_read(piece->data, elements[i].Length)) status = STATUS_ACCESS_VIOLATION;
        }
    }
    return status;
}

static NTSTATUS check_state(struct file *file)
{
    struct socket *socket = socket_of(file);
    if (!socket_is_stream(socket) || socket_connect_result(file) != STATUS_SUCCESS)
        return STATUS_INVALID_CONNECTION;
    return atomic_load(&socket->shut) & 2 ? STATUS_PIPE_DISCONNECTED : STATUS_SUCCESS;
}

NTSTATUS SocketTransmit(HANDLE32 handle, HANDLE32 event, gptr context, gptr block,
                        const SOCKET_ELEMENT32 *elements, uint32_t count, uint32_t flags)
{
    struct io io;
    NTSTATUS status = io_begin(&io, handle, 0, event, 0, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_SOCKET) return io_end(&io, STATUS_OBJECT_TYPE_MISMATCH);
    struct transmit *transmit = calloc(1, sizeof *transmit + count * sizeof *transmit->pieces);
    if (transmit == NULL) return io_end(&io, STATUS_NO_MEMORY);
    transmit->count = count;
    transmit->flags = flags;
    status = check_state(io.file);
    if (NT_SUCCESS(status)) status = prepare(transmit, elements);
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
