// Sending and receiving. A call goes straight to the host's socket; only what cannot be done at once waits,
// in the thread itself or, overlapped, with the service thread.
#include "afd.h"
#include "async.h"
#include "loader/address_space.h"
#include "ws2_32_host.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>

enum { PARTS_INLINE = 16, PARTS_MAX = 1024 };
// winsock2.h's MSG_* beside those that the host has too.
enum {
    WIN_MSG_WAITALL = 8,
    WIN_MSG_PARTIAL = 0x8000,
    WIN_MSG_TRUNC = 0x100,
    WIN_MSG_CTRUNC = 0x200,
    WIN_MSG_COMMON = MSG_OOB | MSG_PEEK | MSG_DONTROUTE
};

// One call: where its bytes are, and its address.
struct transfer {
    bool sending;
    int flags; // the host's
    bool wait_all;
    bool has_address;
    bool truncated; // a message was longer than the buffers
    gptr from, from_length, flags_out;
    gptr control, control_length; // where control data and its length go; 0: nobody wants any
    uint32_t control_room;
    size_t total, done;
    unsigned count;
    struct socket_control *control_data; // what is sent or came with the bytes; malloc'd
    struct socket_address address;       // from here on only what is used is written
    struct iovec parts[PARTS_INLINE];
};

static size_t transfer_size(unsigned count)
{
    return sizeof(struct transfer) + (count > PARTS_INLINE ? count - PARTS_INLINE : 0) * sizeof(struct iovec);
}

// More parts than fit inline need memory of their own behind the structure. NULL: none.
static struct transfer *transfer_new(struct transfer *small, uint32_t count)
{
    struct transfer *transfer = count <= PARTS_INLINE ? small : malloc(transfer_size(count));
    if (transfer != NULL) memset(transfer, 0, offsetof(struct transfer, address));
    return transfer;
}

static void transfer_free(struct transfer *transfer, struct transfer *small)
{
    free(transfer->control_data);
    if (transfer != small) free(transfer);
}

static NTSTATUS capture_parts(struct transfer *transfer, gptr buffers, uint32_t count)
{
    struct iovec *parts = transfer->parts;
    for (uint32_t i = 0; i < count; i++) {
        SOCKET_BUFFER32 buffer;
        if (!guest_read(&buffer, buffers + i * sizeof buffer, sizeof buffer)) return STATUS_ACCESS_VIOLATION;
        parts[i] = (struct iovec){guest_ptr(buffer.Data), buffer.Length};
        transfer->total += buffer.Length;
    }
    transfer->count = count;
    return transfer->total <= INT32_MAX ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS touch_parts(const struct transfer *transfer)
{
    for (unsigned i = 0; i < transfer->count; i++) {
        gptr at = (gptr)(uintptr_t)transfer->parts[i].iov_base;
        NTSTATUS status = vm_touch(at, transfer->parts[i].iov_len, transfer->sending ? VM_READ : VM_WRITE);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

static bool parts_writable(const struct transfer *transfer)
{
    for (unsigned i = 0; i < transfer->count; i++)
        if (!guest_probe_write((gptr)(uintptr_t)transfer->parts[i].iov_base, transfer->parts[i].iov_len))
            return false;
    return true;
}

// Takes n bytes that are done off the front of the parts.
static void advance(struct transfer *transfer, size_t n)
{
    transfer->done += n;
    for (unsigned i = 0; i < transfer->count && n > 0; i++) {
        struct iovec *part = &transfer->parts[i];
        size_t taken = n < part->iov_len ? n : part->iov_len;
        part->iov_base = (char *)part->iov_base + taken;
        part->iov_len -= taken;
        n -= taken;
    }
}

// What the socket must be for data. STATUS_PENDING never comes of this.
static NTSTATUS check_state(struct file *file, bool sending)
{
    struct socket *socket = socket_of(file);
    if (atomic_load(&socket->shut) & (sending ? 2 : 1)) return STATUS_PIPE_DISCONNECTED;
    if (!socket_is_stream(socket))
        return sending || atomic_load(&socket->bound) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    if (atomic_load(&socket->phase) == SOCKET_ESTABLISHED) return STATUS_SUCCESS;
    return socket_connect_result(file) == STATUS_SUCCESS ? STATUS_SUCCESS : STATUS_INVALID_CONNECTION;
}

static NTSTATUS failed(const struct file *file, int error, bool sending)
{
    struct socket *socket = socket_of(file);
    if (error == ECONNRESET && socket_is_stream(socket)) atomic_store(&socket->reset, true);
    if (error == EPIPE && atomic_load(&socket->reset)) return STATUS_CONNECTION_RESET;
    if (error == EPIPE && !(atomic_load(&socket->shut) & 2)) return STATUS_CONNECTION_ABORTED;
    // What an earlier datagram met: of a stream that is the end of the connection.
    if (error == ECONNREFUSED && !sending) return STATUS_CONNECTION_RESET;
    return socket_status(error);
}

// Of an unreachable peer a program may not want to hear; the host tells of it once.
static bool is_ignored(const struct file *file, int error, bool sending)
{
    return error == ECONNREFUSED && !sending && atomic_load(&socket_of(file)->ignores_reset);
}

static bool nothing_to_read(const struct file *file)
{
    struct pollfd ready = {.fd = file->fd, .events = POLLIN};
    return poll(&ready, 1, 0) == 0;
}

static bool is_to_port_0(const struct file *file, const struct transfer *transfer)
{
    const struct sockaddr_in *to =
        (const struct sockaddr_in *)&transfer->address.host; // as IPv6 has its port
    return transfer->has_address && to->sin_port == 0 && socket_of(file)->type == WIN_SOCK_DGRAM;
}

// One host call. Its result as that of recvmsg and sendmsg.
static ssize_t host_transfer(const struct file *file, struct transfer *transfer)
{
    struct msghdr message = {.msg_iov = transfer->parts, .msg_iovlen = transfer->count};
    int flags = transfer->flags | MSG_DONTWAIT | MSG_NOSIGNAL;
    if (transfer->sending) {
        if (transfer->has_address) {
            message.msg_name = &transfer->address.host;
            message.msg_namelen = transfer->address.length;
        }
        if (transfer->control_data != NULL) {
            message.msg_control = transfer->control_data->bytes;
            message.msg_controllen = transfer->control_data->length;
        }
        ssize_t sent = sendmsg(file->fd, &message, flags);
        // The host knows that nobody can be at port 0; on Windows that is the network's business.
        return sent < 0 && errno == EINVAL && is_to_port_0(file, transfer) ? (ssize_t)transfer->total : sent;
    }
    // A receive of nothing waits for something, which the host wouldn't.
    if (transfer->total == 0 && socket_is_stream(socket_of(file)) && nothing_to_read(file)) {
        errno = EAGAIN;
        return -1;
    }
    if (transfer->from != 0) {
        message.msg_name = &transfer->address.host;
        message.msg_namelen = sizeof transfer->address.host;
    }
    if (transfer->control_data != NULL) {
        message.msg_control = transfer->control_data->bytes;
        message.msg_controllen = sizeof transfer->control_data->bytes;
    }
    ssize_t n = recvmsg(file->fd, &message, flags);
    transfer->address.length = message.msg_namelen;
    transfer->truncated = n >= 0 && (message.msg_flags & MSG_TRUNC) != 0;
    if (transfer->control_data != NULL) transfer->control_data->length = message.msg_controllen;
    return n;
}

// As much as can be done without waiting; STATUS_PENDING: not all of it.
static NTSTATUS step(struct file *file, struct transfer *transfer)
{
    bool touched = false, retried = false;
    for (;;) {
        ssize_t n = host_transfer(file, transfer);
        if (n >= 0) {
            // The host tells of a connection's reset once, and of its end from then on.
            if (n == 0 && transfer->total != 0 && atomic_load(&socket_of(file)->reset))
                return STATUS_CONNECTION_RESET;
            advance(transfer, n);
            if (transfer->truncated) return STATUS_BUFFER_OVERFLOW;
            bool more = transfer->sending ? socket_is_stream(socket_of(file)) : transfer->wait_all && n > 0;
            if (!more || transfer->done == transfer->total) return STATUS_SUCCESS;
        } else if (errno == EFAULT && !touched) {
            NTSTATUS status = touch_parts(transfer);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
        } else if (errno == ECONNREFUSED && transfer->sending && !retried) {
            retried = true; // what an earlier datagram met, of which only a receive tells on Windows
        } else if (errno == EAGAIN) {
            return STATUS_PENDING;
        } else if (errno != EINTR && !is_ignored(file, errno, transfer->sending)) {
            return failed(file, errno, transfer->sending);
        }
    }
}

// Gives the program the control data. *cut: not all of it fitted.
static NTSTATUS write_control(struct transfer *transfer, bool *cut)
{
    uint32_t length = transfer->control_room;
    *cut = false;
    if (transfer->sending || transfer->control_data == NULL) return STATUS_SUCCESS;
    NTSTATUS status = socket_control_write(transfer->control_data, transfer->control, &length);
    if (status == STATUS_BUFFER_OVERFLOW)
        *cut = true;
    else if (!NT_SUCCESS(status))
        return status;
    return guest_write32(transfer->control_length, length) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Gives the program what comes beside the bytes.
static NTSTATUS write_results(struct transfer *transfer, NTSTATUS status)
{
    bool cut, message = transfer->control_data != NULL;
    if (!NT_SUCCESS(status) && status != STATUS_BUFFER_OVERFLOW) return status;
    NTSTATUS written = write_control(transfer, &cut);
    if (!NT_SUCCESS(written)) return written;
    uint32_t flags = !transfer->truncated ? 0 : message ? WIN_MSG_TRUNC : WIN_MSG_PARTIAL;
    if (cut) {
        flags |= WIN_MSG_CTRUNC;
        status = STATUS_BUFFER_OVERFLOW;
    }
    if (transfer->flags_out != 0 && !guest_write32(transfer->flags_out, flags))
        return STATUS_ACCESS_VIOLATION;
    if (transfer->from == 0) return status;
    written = socket_address_write(&transfer->address, transfer->from, transfer->from_length);
    return NT_SUCCESS(written) ? status : written;
}

// Whether the sender's address will fit.
static NTSTATUS check_address_room(const struct file *file, const struct transfer *transfer)
{
    uint32_t room, needed = socket_address_size(socket_of(file)->family);
    if (transfer->from == 0 || transfer->from_length == 0) return STATUS_SUCCESS;
    if (!guest_read32(&room, transfer->from_length) || !guest_probe_write(transfer->from, needed))
        return STATUS_ACCESS_VIOLATION;
    return room < needed ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

// Prepares a transfer in either direction; the caller has zeroed it.
static NTSTATUS prepare(struct file *file, struct transfer *transfer, uint32_t flags)
{
    NTSTATUS status = check_state(file, transfer->sending);
    if (!NT_SUCCESS(status)) return status;
    transfer->flags = flags & WIN_MSG_COMMON;
    transfer->wait_all = (flags & WIN_MSG_WAITALL) != 0;
    if (transfer->sending || socket_is_stream(socket_of(file))) return STATUS_SUCCESS;
    // A message that the host has taken can't be put back: its place must be good beforehand.
    return parts_writable(transfer) ? check_address_room(file, transfer) : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS read_to(struct file *file, struct transfer *transfer, gptr to, uint32_t length)
{
    struct socket *socket = socket_of(file);
    if (to == 0 || socket_is_stream(socket)) return STATUS_SUCCESS; // a connection has its peer
    NTSTATUS status = socket_address_read(&transfer->address, socket->family, to, length);
    transfer->has_address = true;
    return status;
}

// What a call lets be told again: that there is something to read, once it has taken some; that there is
// room, once it found none. Not before it is done or under way, since what it takes is not to be told of.
static void enable_events(struct file *file, const struct transfer *transfer, NTSTATUS status)
{
    if (!transfer->sending)
        socket_events_enable(file, transfer->flags & MSG_OOB ? FD_OOB_EVENT : FD_READ_EVENT);
    else if (status == STATUS_PENDING || status == STATUS_DEVICE_NOT_READY)
        socket_events_enable(file, FD_WRITE_EVENT);
    else if (status == STATUS_SUCCESS && !atomic_exchange(&socket_of(file)->bound, true))
        socket_events_look(file);
}

// ---- calls that wait ----

static NTSTATUS transfer_waiting(struct file *file, struct transfer *transfer, bool alertable)
{
    struct socket *socket = socket_of(file);
    bool sending = transfer->sending;
    for (;;) {
        NTSTATUS status = step(file, transfer);
        if (status != STATUS_PENDING) return status;
        if (atomic_load(&socket->nonblocking))
            return transfer->done > 0 ? STATUS_SUCCESS : STATUS_DEVICE_NOT_READY;
        // Once something is done an APC must not make the call begin anew.
        status = socket_wait(file, sending ? POLLOUT : POLLIN, alertable && transfer->done == 0,
                             sending ? socket->send_timeout : socket->receive_timeout);
        if (status != STATUS_SUCCESS) return status;
    }
}

// What such a call needs: the socket, retained, and a transfer of so many parts, in small where it fits.
static NTSTATUS begin_waiting(HANDLE32 handle, uint32_t count, struct file **file, struct transfer *small,
                              struct transfer **transfer)
{
    if (count > PARTS_MAX) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = socket_resolve(handle, file);
    if (!NT_SUCCESS(status)) return status;
    *transfer = transfer_new(small, count);
    if (*transfer != NULL) return STATUS_SUCCESS;
    file_release(*file);
    return STATUS_NO_MEMORY;
}

// Sends what is described. A part sent is success, but the next write event waits until there is room again.
static NTSTATUS send_waiting(struct file *file, struct transfer *transfer)
{
    NTSTATUS status = transfer_waiting(file, transfer, false);
    bool in_part = status == STATUS_SUCCESS && transfer->done < transfer->total;
    enable_events(file, transfer, in_part ? STATUS_DEVICE_NOT_READY : status);
    return status;
}

NTSTATUS SocketSend(HANDLE32 handle, gptr buffers, uint32_t count, uint32_t flags, gptr to, uint32_t length,
                    uint32_t *sent)
{
    struct transfer small, *transfer;
    struct file *file;
    NTSTATUS status = begin_waiting(handle, count, &file, &small, &transfer);
    if (!NT_SUCCESS(status)) return status;
    transfer->sending = true;
    status = capture_parts(transfer, buffers, count);
    if (NT_SUCCESS(status)) status = prepare(file, transfer, flags);
    if (NT_SUCCESS(status)) status = read_to(file, transfer, to, length);
    if (NT_SUCCESS(status)) status = send_waiting(file, transfer);
    *sent = transfer->done;
    transfer_free(transfer, &small);
    file_release(file);
    return status;
}

NTSTATUS SocketReceive(HANDLE32 handle, gptr buffers, uint32_t count, uint32_t *flags, gptr from,
                       gptr from_length, uint32_t *received)
{
    struct transfer small, *transfer;
    struct file *file;
    NTSTATUS status = begin_waiting(handle, count, &file, &small, &transfer);
    if (!NT_SUCCESS(status)) return status;
    transfer->from = from;
    transfer->from_length = from_length;
    status = capture_parts(transfer, buffers, count);
    if (NT_SUCCESS(status)) status = prepare(file, transfer, *flags);
    if (NT_SUCCESS(status)) {
        status = transfer_waiting(file, transfer, true);
        enable_events(file, transfer, status);
        status = write_results(transfer, status);
    }
    *flags = transfer->truncated ? WIN_MSG_PARTIAL : 0;
    *received = transfer->done;
    transfer_free(transfer, &small);
    file_release(file);
    return status;
}

// ---- overlapped calls ----

static NTSTATUS transfer_attempt(struct async *async)
{
    struct transfer *transfer = async->extra;
    NTSTATUS status = step(async->io.file, transfer);
    if (status == STATUS_PENDING) return status;
    async->io.information = transfer->done;
    return write_results(transfer, status);
}

static void transfer_end(void *transfer)
{
    transfer_free(transfer, NULL);
}

// Does it at once, or puts a copy of it under way. STATUS_PENDING: io is taken over.
static NTSTATUS transfer_overlapped(struct io *io, struct transfer *transfer)
{
    struct file *file = io->file;
    uint32_t events = transfer->sending ? EPOLLOUT : EPOLLIN;
    struct transfer *copy = malloc(transfer_size(transfer->count));
    if (copy == NULL) return STATUS_NO_MEMORY;
    memcpy(copy, transfer, transfer_size(transfer->count));
    transfer->control_data = NULL; // the copy's now
    NTSTATUS status = async_must_queue(file, events) ? STATUS_PENDING : step(file, copy);
    if (status == STATUS_PENDING) {
        // WSARecv's flags are the caller's again, which may have them on its stack; a WSAMSG stays in use.
        if (copy->control_data == NULL) copy->flags_out = 0;
        struct async pattern = {.io = *io,
                                .events = events,
                                .attempt = transfer_attempt,
                                .extra = copy,
                                .free_extra = transfer_end};
        object_retain(&file->object); // the call may go, and its reference with it
        status = async_start(&pattern, file->fd);
        enable_events(file, transfer, status);
        file_release(file);
        return status;
    }
    enable_events(file, transfer, status);
    io->information = copy->done;
    status = write_results(copy, status);
    transfer_free(copy, NULL);
    return status;
}

// These wait even where the socket is non-blocking.
static NTSTATUS wait_for_all(struct file *file, struct transfer *transfer)
{
    struct socket *socket = socket_of(file);
    for (;;) {
        NTSTATUS status = step(file, transfer);
        if (status != STATUS_PENDING) return status;
        status = socket_wait(file, transfer->sending ? POLLOUT : POLLIN, false,
                             transfer->sending ? socket->send_timeout : socket->receive_timeout);
        if (status != STATUS_SUCCESS) return status;
    }
}

// What an overlapped call does at a socket that was made for calls that wait: it waits.
static NTSTATUS run_transfer(struct io *io, struct transfer *transfer)
{
    if (!file_is_synchronous(io->file)) return transfer_overlapped(io, transfer);
    NTSTATUS status = wait_for_all(io->file, transfer);
    enable_events(io->file, transfer, status);
    io->information = transfer->done;
    return write_results(transfer, status);
}

static NTSTATUS begin(struct io *io, HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block)
{
    NTSTATUS status = io_begin(io, handle, 0, event, apc, context, block);
    if (!NT_SUCCESS(status) || io->file->kind == FILE_KIND_SOCKET) return status;
    return io_end(io, STATUS_OBJECT_TYPE_MISMATCH);
}

NTSTATUS SocketSendOverlapped(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                              gptr buffers, uint32_t count, uint32_t flags, gptr to, uint32_t length)
{
    struct transfer small, *transfer;
    struct io io;
    if (count > PARTS_MAX) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = begin(&io, handle, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    transfer = transfer_new(&small, count);
    if (transfer == NULL) return io_end(&io, STATUS_NO_MEMORY);
    transfer->sending = true;
    status = capture_parts(transfer, buffers, count);
    if (NT_SUCCESS(status)) status = prepare(io.file, transfer, flags);
    if (NT_SUCCESS(status)) status = read_to(io.file, transfer, to, length);
    if (NT_SUCCESS(status)) {
        status = run_transfer(&io, transfer);
    }
    transfer_free(transfer, &small);
    return io_end(&io, status);
}

NTSTATUS SocketReceiveOverlapped(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                                 gptr buffers, uint32_t count, gptr flags, gptr from, gptr from_length)
{
    struct transfer small, *transfer;
    struct io io;
    uint32_t asked = 0;
    if (count > PARTS_MAX) return STATUS_INVALID_PARAMETER;
    if (!guest_read32(&asked, flags)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = begin(&io, handle, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    transfer = transfer_new(&small, count);
    if (transfer == NULL) return io_end(&io, STATUS_NO_MEMORY);
    transfer->from = from;
    transfer->from_length = from_length;
    transfer->flags_out = flags;
    status = capture_parts(transfer, buffers, count);
    if (NT_SUCCESS(status)) status = prepare(io.file, transfer, asked);
    if (NT_SUCCESS(status)) {
        status = run_transfer(&io, transfer);
    }
    transfer_free(transfer, &small);
    return io_end(&io, status);
}

// ---- messages with control data ----

// Fills in what a WSAMSG says. *count: of its buffers, which are captured by the caller.
static NTSTATUS describe_message(struct transfer *transfer, const struct file *file,
                                 const SOCKET_MESSAGE32 *message, gptr at)
{
    transfer->control_data = calloc(1, sizeof *transfer->control_data);
    if (transfer->control_data == NULL) return STATUS_NO_MEMORY;
    transfer->control_data->tos = socket_of(file)->receive_tos;
    transfer->control_data->ecn = socket_of(file)->receive_ecn;
    transfer->from = message->Name;
    transfer->from_length = at + offsetof(SOCKET_MESSAGE32, NameLength);
    transfer->control = message->Control.Data;
    transfer->control_room = message->Control.Length;
    transfer->control_length = at + offsetof(SOCKET_MESSAGE32, Control.Length);
    transfer->flags_out = at + offsetof(SOCKET_MESSAGE32, Flags);
    return capture_parts(transfer, message->Buffers, message->BufferCount);
}

NTSTATUS SocketReceiveMessage(HANDLE32 handle, gptr at, uint32_t *received)
{
    struct transfer small, *transfer;
    SOCKET_MESSAGE32 message;
    struct file *file;
    if (!guest_read(&message, at, sizeof message)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = begin_waiting(handle, message.BufferCount, &file, &small, &transfer);
    if (!NT_SUCCESS(status)) return status;
    status = describe_message(transfer, file, &message, at);
    if (NT_SUCCESS(status)) status = prepare(file, transfer, message.Flags);
    if (NT_SUCCESS(status)) {
        status = transfer_waiting(file, transfer, true);
        enable_events(file, transfer, status);
        status = write_results(transfer, status);
    }
    *received = transfer->done;
    transfer_free(transfer, &small);
    file_release(file);
    return status;
}

NTSTATUS SocketReceiveMessageOverlapped(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                                        gptr at)
{
    struct transfer small, *transfer;
    SOCKET_MESSAGE32 message;
    struct io io;
    if (!guest_read(&message, at, sizeof message)) return STATUS_ACCESS_VIOLATION;
    if (message.BufferCount > PARTS_MAX) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = begin(&io, handle, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    transfer = transfer_new(&small, message.BufferCount);
    if (transfer == NULL) return io_end(&io, STATUS_NO_MEMORY);
    status = describe_message(transfer, io.file, &message, at);
    if (NT_SUCCESS(status)) status = prepare(io.file, transfer, message.Flags);
    if (NT_SUCCESS(status)) {
        status = run_transfer(&io, transfer);
    }
    transfer_free(transfer, &small);
    return io_end(&io, status);
}

// What a message to be sent says.
static NTSTATUS describe_sent(struct transfer *transfer, struct file *file, const SOCKET_MESSAGE32 *message,
                              uint32_t flags)
{
    transfer->sending = true;
    if (socket_is_stream(socket_of(file))) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = capture_parts(transfer, message->Buffers, message->BufferCount);
    if (NT_SUCCESS(status)) status = prepare(file, transfer, flags);
    if (NT_SUCCESS(status)) status = read_to(file, transfer, message->Name, message->NameLength);
    if (!NT_SUCCESS(status)) socket_bind_any(file); // as every attempt to send does
    if (!NT_SUCCESS(status) || message->Control.Length == 0) return status;
    transfer->control_data = calloc(1, sizeof *transfer->control_data);
    if (transfer->control_data == NULL) return STATUS_NO_MEMORY;
    return socket_control_read(transfer->control_data, message->Control.Data, message->Control.Length);
}

NTSTATUS SocketSendMessage(HANDLE32 handle, gptr at, uint32_t flags, uint32_t *sent)
{
    struct transfer small, *transfer;
    SOCKET_MESSAGE32 message;
    struct file *file;
    if (!guest_read(&message, at, sizeof message)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = begin_waiting(handle, message.BufferCount, &file, &small, &transfer);
    if (!NT_SUCCESS(status)) return status;
    status = describe_sent(transfer, file, &message, flags);
    if (NT_SUCCESS(status)) status = send_waiting(file, transfer);
    *sent = transfer->done;
    transfer_free(transfer, &small);
    file_release(file);
    return status;
}

NTSTATUS SocketSendMessageOverlapped(HANDLE32 handle, HANDLE32 event, gptr apc, gptr context, gptr block,
                                     gptr at, uint32_t flags)
{
    struct transfer small, *transfer;
    SOCKET_MESSAGE32 message;
    struct io io;
    if (!guest_read(&message, at, sizeof message)) return STATUS_ACCESS_VIOLATION;
    if (message.BufferCount > PARTS_MAX) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = begin(&io, handle, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    transfer = transfer_new(&small, message.BufferCount);
    if (transfer == NULL) return io_end(&io, STATUS_NO_MEMORY);
    status = describe_sent(transfer, io.file, &message, flags);
    if (NT_SUCCESS(status)) {
        status = run_transfer(&io, transfer);
    }
    transfer_free(transfer, &small);
    return io_end(&io, status);
}

// ---- as a file ----

// An overlapped file has no position: whoever reads or writes must give one, though it means nothing.
static bool offset_allowed(const struct file *file, const int64_t *offset)
{
    return file_is_synchronous(file) || (offset != NULL && *offset >= 0);
}

static NTSTATUS file_transfer(struct io *io, gptr buffer, uint32_t length, bool sending)
{
    struct transfer transfer;
    memset(&transfer, 0, offsetof(struct transfer, address));
    transfer.sending = sending;
    transfer.count = 1;
    transfer.total = length;
    transfer.parts[0] = (struct iovec){guest_ptr(buffer), length};
    NTSTATUS status = prepare(io->file, &transfer, 0);
    return NT_SUCCESS(status) ? run_transfer(io, &transfer) : status;
}

NTSTATUS socket_file_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    return offset_allowed(io->file, offset) ? file_transfer(io, buffer, length, false)
                                            : STATUS_INVALID_PARAMETER;
}

NTSTATUS socket_file_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    return offset_allowed(io->file, offset) ? file_transfer(io, buffer, length, true)
                                            : STATUS_INVALID_PARAMETER;
}

// ---- by \Device\Afd's calls ----

static NTSTATUS read_info(struct io *io, gptr in, uint32_t in_length, struct afd_transfer_info *info)
{
    const struct socket *socket = socket_of(io->file);
    if (atomic_load(&socket->phase) == SOCKET_LISTENING) return STATUS_INVALID_CONNECTION;
    if (in_length < sizeof *info) return STATUS_INVALID_PARAMETER;
    if (!guest_read(info, in, sizeof *info)) return STATUS_ACCESS_VIOLATION;
    return info->count <= PARTS_MAX ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

// A call of the device: at once on a non-blocking socket, unless it asks to wait.
static NTSTATUS afd_transfer(struct io *io, const struct afd_transfer_info *info, bool sending,
                             uint32_t flags)
{
    struct file *file = io->file;
    struct transfer small, *transfer = transfer_new(&small, info->count);
    if (transfer == NULL) return STATUS_NO_MEMORY;
    transfer->sending = sending;
    NTSTATUS status = capture_parts(transfer, info->buffers, info->count);
    if (NT_SUCCESS(status)) status = prepare(file, transfer, flags);
    if (NT_SUCCESS(status)) {
        if (atomic_load(&socket_of(file)->nonblocking) && !(info->afd_flags & AFD_OVERLAPPED)) {
            status = step(file, transfer);
            enable_events(file, transfer, status);
            if (status == STATUS_PENDING)
                status = transfer->done > 0 ? STATUS_SUCCESS : STATUS_DEVICE_NOT_READY;
            io->information = transfer->done;
        } else {
            status = run_transfer(io, transfer);
        }
    }
    transfer_free(transfer, &small);
    return status;
}

NTSTATUS socket_afd_receive(struct io *io, gptr in, uint32_t in_length)
{
    const uint32_t kinds = TDI_RECEIVE_NORMAL | TDI_RECEIVE_EXPEDITED;
    struct afd_transfer_info info;
    NTSTATUS status = read_info(io, in, in_length, &info);
    if (!NT_SUCCESS(status)) return status;
    if ((info.tdi_flags & kinds) == 0 || (info.tdi_flags & kinds) == kinds) return STATUS_INVALID_PARAMETER;
    uint32_t flags = info.tdi_flags & TDI_RECEIVE_EXPEDITED ? MSG_OOB : 0;
    if (info.tdi_flags & TDI_RECEIVE_PEEK) flags |= MSG_PEEK;
    if (info.tdi_flags & TDI_RECEIVE_NO_PUSH) flags |= WIN_MSG_WAITALL;
    return afd_transfer(io, &info, false, flags);
}

NTSTATUS socket_afd_send(struct io *io, gptr in, uint32_t in_length)
{
    struct afd_transfer_info info;
    NTSTATUS status = read_info(io, in, in_length, &info);
    if (!NT_SUCCESS(status)) return status;
    return afd_transfer(io, &info, true, info.tdi_flags & TDI_SEND_EXPEDITED ? MSG_OOB : 0);
}
