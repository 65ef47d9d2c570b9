// Reading and writing: NtReadFile, NtWriteFile and their relatives, for disk files and the host's streams. A
// disk file's position is the host's own, so that it is shared wherever the descriptor is.
#include "append.h"
#include "async.h"
#include "file.h"
#include "file_share.h"
#include "fs_control.h"
#include "loader/address_space.h"
#include "loader/thread.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include "stream_info.h"
#include "thread_object.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

// Where a transfer takes place.
enum where { AT_POSITION, AT_OFFSET, AT_END };

static NTSTATUS choose_place(const struct file *file, const int64_t *offset, bool writing, enum where *where)
{
    if (offset == NULL) {
        if (!file_is_synchronous(file))
            return STATUS_INVALID_PARAMETER; // an asynchronous file has no position
        *where = AT_POSITION;
    } else if (*offset >= 0) {
        *where = AT_OFFSET;
    } else if (*offset == -2 && file_is_synchronous(file)) {
        *where = AT_POSITION; // FILE_USE_FILE_POINTER_POSITION
    } else if (*offset == -1 && writing) {
        *where = AT_END; // FILE_WRITE_TO_END_OF_FILE
    } else {
        return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}

// One host transfer. buffer is the guest's: the kernel finds out whether it is good.
static ssize_t transfer(int fd, void *buffer, size_t length, enum where where, int64_t offset, bool writing)
{
    switch (where) {
    case AT_POSITION: return writing ? write(fd, buffer, length) : read(fd, buffer, length);
    case AT_OFFSET: return writing ? pwrite(fd, buffer, length, offset) : pread(fd, buffer, length, offset);
    case AT_END: break;
    }
    return append(fd, buffer, length);
}

// Transfers all of length as far as the file goes. *done counts even when the status is an error.
static NTSTATUS transfer_all(int fd, gptr buffer, uint32_t length, enum where where, int64_t offset,
                             bool writing, uint32_t *done)
{
    bool touched = false;
    *done = 0;
    do {
        ssize_t n = transfer(fd, guest_ptr(buffer + *done), length - *done, where, offset + *done, writing);
        if (n > 0) {
            *done += n;
        } else if (n == 0) {
            break;
        } else if (errno == EFAULT && !touched) {
            // Untouched stack, watched or copy-on-write pages: as if the program had touched them itself.
            NTSTATUS status = vm_touch(buffer + *done, length - *done, writing ? VM_READ : VM_WRITE);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
        } else if (errno != EINTR) {
            return status_from_errno(errno);
        }
    } while (*done < length);
    return STATUS_SUCCESS;
}

// What bypasses the cache on Windows are whole sectors, at their boundaries. Where a read has come to the end
// the position is seldom at one: a program that goes on from there is told of the end first.
static NTSTATUS check_sectors(const struct file *file, uint32_t length, enum where where, int64_t offset,
                              bool writing)
{
    enum { SECTOR = 512 };
    struct stat st;
    if (!(file->options & FILE_NO_INTERMEDIATE_BUFFERING)) return STATUS_SUCCESS;
    int64_t at = where == AT_POSITION ? lseek(file->fd, 0, SEEK_CUR) : where == AT_OFFSET ? offset : 0;
    if (where == AT_POSITION && !writing && fstat(file->fd, &st) == 0 && at >= st.st_size) at = 0;
    return (length | at) % SECTOR ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static NTSTATUS disk_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    struct file *file = io->file;
    enum where where;
    NTSTATUS status = choose_place(file, offset, false, &where);
    if (!NT_SUCCESS(status)) return status;
    int64_t at = where == AT_OFFSET ? *offset : 0;
    status = check_sectors(file, length, where, at, false);
    if (NT_SUCCESS(status))
        status = file_share_check_locks(file, where == AT_OFFSET ? at : -1, length, false);
    if (!NT_SUCCESS(status)) return status;
    uint32_t done;
    status = transfer_all(file->fd, buffer, length, where, at, false, &done);
    if (where == AT_OFFSET && file_is_synchronous(file) && done > 0) lseek(file->fd, at + done, SEEK_SET);
    io->information = done;
    if (done > 0) return STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return status;
    return length > 0 ? STATUS_END_OF_FILE : STATUS_SUCCESS;
}

static NTSTATUS disk_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    struct file *file = io->file;
    enum where where;
    NTSTATUS status = choose_place(file, offset, true, &where);
    if (!NT_SUCCESS(status)) return status;
    if (!(io->access & FILE_WRITE_DATA)) where = AT_END; // only appending is allowed
    int64_t at = where == AT_OFFSET ? *offset : 0;
    status = check_sectors(file, length, where, at, true);
    if (NT_SUCCESS(status)) status = file_share_check_locks(file, where == AT_OFFSET ? at : -1, length, true);
    if (!NT_SUCCESS(status)) return status;
    uint32_t done = 0;
    if (length > 0) status = transfer_all(file->fd, buffer, length, where, at, true, &done);
    if (where == AT_OFFSET && file_is_synchronous(file) && done > 0) lseek(file->fd, at + done, SEEK_SET);
    io->information = done;
    return status;
}

static NTSTATUS disk_flush(struct io *io)
{
    if (io->file->path_only) return STATUS_ACCESS_DENIED;
    return fsync(io->file->fd) == 0 ? STATUS_SUCCESS : status_from_errno(errno);
}

// A host stream can't be made non-blocking: others share its description. So each transfer says itself that
// it must not wait, or where the host has no way to say so, poll says first that it needn't.
static ssize_t stream_transfer(int fd, void *buffer, size_t length, bool writing)
{
    struct iovec part = {buffer, length};
    ssize_t n = writing ? pwritev2(fd, &part, 1, -1, RWF_NOWAIT) : preadv2(fd, &part, 1, -1, RWF_NOWAIT);
    if (n >= 0 || (errno != EOPNOTSUPP && errno != ENOTSUP && errno != EINVAL && errno != ESPIPE)) return n;
    struct pollfd ready = {.fd = fd, .events = writing ? POLLOUT : POLLIN};
    int polled = poll(&ready, 1, 0);
    if (polled == 0) errno = EAGAIN;
    if (polled <= 0) return -1; // a signal ends even a poll that doesn't wait
    // A pipe with room for something takes up to PIPE_BUF bytes at once without waiting.
    if (writing && length > PIPE_BUF) length = PIPE_BUF;
    return writing ? write(fd, buffer, length) : read(fd, buffer, length);
}

// Reading no bytes waits for some, as of every pipe (libuv waits so).
static NTSTATUS stream_await_bytes(int fd)
{
    int available = 0;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    if (poll(&ready, 1, 0) <= 0) return STATUS_PENDING; // nothing, or a signal came: it is asked again
    if (ready.revents & POLLIN && (ioctl(fd, FIONREAD, &available) != 0 || available > 0))
        return STATUS_SUCCESS;
    return STATUS_PIPE_BROKEN;
}

// What a transfer of a stream came to; STATUS_PENDING: not ready.
static NTSTATUS stream_step(int fd, gptr buffer, uint32_t length, bool writing, uint32_t *done)
{
    bool touched = false;
    if (length == 0 && !writing) return stream_await_bytes(fd);
    while (*done < length) {
        ssize_t n = stream_transfer(fd, guest_ptr(buffer + *done), length - *done, writing);
        if (n > 0) {
            *done += n;
            if (!writing) return STATUS_SUCCESS; // what there is
        } else if (n == 0) {
            return writing ? STATUS_PENDING : STATUS_PIPE_BROKEN;
        } else if (errno == EFAULT && !touched) {
            NTSTATUS status = vm_touch(buffer + *done, length - *done, writing ? VM_READ : VM_WRITE);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
        } else if (errno == EAGAIN) {
            return STATUS_PENDING;
        } else if (errno == EPIPE) {
            return STATUS_PIPE_CLOSING;
        } else if (errno == ECONNRESET) {
            return STATUS_PIPE_BROKEN;
        } else if (errno == EIO && !writing) {
            return STATUS_PIPE_BROKEN; // a terminal that hung up
        } else if (errno != EINTR) {
            return status_from_errno(errno);
        }
    }
    return STATUS_SUCCESS;
}

static NTSTATUS stream_attempt(struct async *async)
{
    NTSTATUS status =
        stream_step(async->fd, async->buffer, async->length, async->events == EPOLLOUT, &async->done);
    async->io.information = async->done;
    return status;
}

static NTSTATUS stream_io(struct io *io, gptr buffer, uint32_t length, bool writing)
{
    struct file *file = io->file;
    uint32_t events = writing ? EPOLLOUT : EPOLLIN, done = 0;
    if (!file_is_synchronous(file)) {
        NTSTATUS status = async_must_queue(file, events)
                              ? STATUS_PENDING
                              : stream_step(file->fd, buffer, length, writing, &done);
        if (status == STATUS_PENDING) {
            struct async pattern = {.io = *io,
                                    .events = events,
                                    .attempt = stream_attempt,
                                    .buffer = buffer,
                                    .length = length,
                                    .done = done};
            return async_start(&pattern, file->fd);
        }
        io->information = done;
        return status;
    }
    for (;;) {
        NTSTATUS status = stream_step(file->fd, buffer, length, writing, &done);
        io->information = done;
        if (status != STATUS_PENDING) return status;
        status = host_wait_io(file->fd, writing ? POLLOUT : POLLIN, file_is_alertable(file), NULL,
                              &file->waitable);
        if (status != STATUS_SUCCESS) return done > 0 ? STATUS_SUCCESS : status;
    }
}

static NTSTATUS stream_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    return stream_io(io, buffer, length, false);
}

static NTSTATUS stream_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    return stream_io(io, buffer, length, true);
}

static NTSTATUS stream_flush(struct io *io)
{
    (void)io; // what the host has taken, the reader gets
    return STATUS_SUCCESS;
}

// PeekNamedPipe on a pipe of the host's: how much there is. Its data can't be seen without taking it.
static NTSTATUS stream_fs_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                                  uint32_t out_length)
{
    (void)in, (void)in_length;
    if (code != FSCTL_PIPE_PEEK) return STATUS_INVALID_DEVICE_REQUEST;
    FILE_PIPE_PEEK_BUFFER32 peek = {.NamedPipeState = FILE_PIPE_CONNECTED_STATE};
    uint32_t head = offsetof(FILE_PIPE_PEEK_BUFFER32, Data);
    if (out_length < head) return STATUS_INFO_LENGTH_MISMATCH;
    int available = 0;
    struct pollfd ready = {.fd = io->file->fd, .events = POLLIN};
    if (ioctl(io->file->fd, FIONREAD, &available) != 0) return STATUS_INVALID_DEVICE_REQUEST;
    if (available == 0 && poll(&ready, 1, 0) == 1 && ready.revents & POLLHUP) return STATUS_PIPE_BROKEN;
    peek.ReadDataAvailable = available;
    if (!guest_write(out, &peek, head)) return STATUS_ACCESS_VIOLATION;
    io->information = head;
    return available > 0 && out_length > head ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

const struct file_device disk_device = {
    .type = FILE_DEVICE_DISK,
    .read = disk_read,
    .write = disk_write,
    .flush = disk_flush,
    .fs_control = disk_fs_control,
};

const struct file_device stream_device = {
    .type = FILE_DEVICE_NAMED_PIPE,
    .read = stream_read,
    .write = stream_write,
    .flush = stream_flush,
    .fs_control = stream_fs_control,
    .query = stream_query,
    .set = stream_set,
};

// Scattered transfers, and those that bypass the host's cache on Windows, are asynchronous by definition:
// done, and reported as if they had taken a while.
static NTSTATUS end_as_pending(struct io *io, NTSTATUS status)
{
    if ((uint32_t)status >= 0xC0000000) return io_end(io, status);
    io_finish(io, status, NULL);
    return STATUS_PENDING;
}

static NTSTATUS end_transfer(struct io *io, NTSTATUS status)
{
    const struct file *file = io->file;
    bool unbuffered = file->kind == FILE_KIND_DISK && file->options & FILE_NO_INTERMEDIATE_BUFFERING;
    return unbuffered && !file_is_synchronous(file) ? end_as_pending(io, status) : io_end(io, status);
}

NTSTATUS NtReadFile(HANDLE32 file, HANDLE32 event, gptr apc, gptr context, gptr block, gptr buffer,
                    uint32_t length, const LARGE_INTEGER32 *offset, const uint32_t *key)
{
    (void)key;
    struct io io;
    NTSTATUS status = io_begin(&io, file, FILE_READ_DATA, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    // All of the buffer counts, even if the file has less.
    if (io.file->kind != FILE_KIND_NULL && !guest_probe_write(buffer, length))
        return io_end(&io, STATUS_ACCESS_VIOLATION);
    int64_t at = offset != NULL ? offset->QuadPart : 0;
    status = io.file->device->read == NULL
                 ? STATUS_INVALID_DEVICE_REQUEST
                 : io.file->device->read(&io, buffer, length, offset != NULL ? &at : NULL);
    return end_transfer(&io, status);
}

NTSTATUS NtWriteFile(HANDLE32 file, HANDLE32 event, gptr apc, gptr context, gptr block, gptr buffer,
                     uint32_t length, const LARGE_INTEGER32 *offset, const uint32_t *key)
{
    (void)key;
    struct io io;
    NTSTATUS status = io_begin(&io, file, FILE_WRITE_DATA, event, apc, context, block);
    if (status == STATUS_ACCESS_DENIED)
        status = io_begin(&io, file, FILE_APPEND_DATA, event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    if (io.file->kind != FILE_KIND_NULL && !guest_probe_read(buffer, length))
        return io_end(&io, STATUS_INVALID_USER_BUFFER);
    int64_t at = offset != NULL ? offset->QuadPart : 0;
    status = io.file->device->write == NULL
                 ? STATUS_INVALID_DEVICE_REQUEST
                 : io.file->device->write(&io, buffer, length, offset != NULL ? &at : NULL);
    return end_transfer(&io, status);
}

// Scatter and gather transfer pages, each to or from an address of its own; the last one may be cut.
static NTSTATUS segments_io(struct io *io, gptr segments, uint32_t length, const LARGE_INTEGER32 *offset,
                            bool writing)
{
    enum { PAGE = 4096 };
    struct file *file = io->file;
    if (file->kind != FILE_KIND_DISK || file_is_synchronous(file) ||
        !(file->options & FILE_NO_INTERMEDIATE_BUFFERING) || offset == NULL || offset->QuadPart < 0)
        return STATUS_INVALID_PARAMETER;
    NTSTATUS status = file_share_check_locks(file, offset->QuadPart, length, writing);
    for (uint32_t at = 0; NT_SUCCESS(status) && at < length; at += PAGE) {
        uint64_t address;
        uint32_t done, part = length - at < PAGE ? length - at : PAGE;
        if (!guest_read(&address, segments + at / PAGE * sizeof(FILE_SEGMENT_ELEMENT32), sizeof address))
            return STATUS_ACCESS_VIOLATION;
        status =
            transfer_all(file->fd, (gptr)address, part, AT_OFFSET, offset->QuadPart + at, writing, &done);
        io->information += done;
        if (done < part) break;
    }
    if (NT_SUCCESS(status) && !writing && io->information == 0 && length > 0) return STATUS_END_OF_FILE;
    return status;
}

NTSTATUS NtReadFileScatter(HANDLE32 file, HANDLE32 event, gptr apc, gptr context, gptr block, gptr segments,
                           uint32_t length, const LARGE_INTEGER32 *offset, const uint32_t *key)
{
    (void)key;
    struct io io;
    NTSTATUS status = io_begin(&io, file, FILE_READ_DATA, event, apc, context, block);
    return NT_SUCCESS(status) ? end_as_pending(&io, segments_io(&io, segments, length, offset, false))
                              : status;
}

NTSTATUS NtWriteFileGather(HANDLE32 file, HANDLE32 event, gptr apc, gptr context, gptr block, gptr segments,
                           uint32_t length, const LARGE_INTEGER32 *offset, const uint32_t *key)
{
    (void)key;
    struct io io;
    NTSTATUS status = io_begin(&io, file, FILE_WRITE_DATA, event, apc, context, block);
    return NT_SUCCESS(status) ? end_as_pending(&io, segments_io(&io, segments, length, offset, true))
                              : status;
}

NTSTATUS NtFlushBuffersFile(HANDLE32 handle, IO_STATUS_BLOCK32 *block)
{
    return NtFlushBuffersFileEx(handle, 0, 0, 0, block);
}

// The weaker forms (data only, without waiting for the disk) are served by the strong one.
NTSTATUS NtFlushBuffersFileEx(HANDLE32 handle, uint32_t flags, gptr parameters, uint32_t size,
                              IO_STATUS_BLOCK32 *block)
{
    enum { KNOWN = FLUSH_FLAGS_FILE_DATA_ONLY | FLUSH_FLAGS_NO_SYNC | FLUSH_FLAGS_FILE_DATA_SYNC_ONLY };
    (void)parameters, (void)size;
    struct file *file;
    if (flags & ~KNOWN) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = file_resolve(handle, 0, &file);
    if (!NT_SUCCESS(status)) return status;
    struct io io = {.file = file};
    ACCESS_MASK32 access;
    uint32_t attributes;
    status = handle_access(handle, &access, &attributes);
    if (NT_SUCCESS(status) && !(access & (FILE_WRITE_DATA | FILE_APPEND_DATA))) status = STATUS_ACCESS_DENIED;
    if (NT_SUCCESS(status))
        status = file->device->flush != NULL ? file->device->flush(&io) : STATUS_INVALID_DEVICE_REQUEST;
    file_release(file);
    block->Status = status;
    block->Information = 0;
    return status;
}

// The rights to the file that a control code asks for are part of it: FILE_READ_DATA and FILE_WRITE_DATA.
static ACCESS_MASK32 access_of_control(uint32_t code)
{
    return code >> 14 & (FILE_READ_DATA | FILE_WRITE_DATA);
}

NTSTATUS NtDeviceIoControlFile(HANDLE32 file, HANDLE32 event, gptr apc, gptr context, gptr block,
                               uint32_t code, gptr in, uint32_t in_length, gptr out, uint32_t out_length)
{
    struct io io;
    NTSTATUS status = io_begin(&io, file, access_of_control(code), event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    status = io.file->device->device_control == NULL
                 ? STATUS_INVALID_DEVICE_REQUEST
                 : io.file->device->device_control(&io, code, in, in_length, out, out_length);
    return io_end(&io, status);
}

NTSTATUS NtFsControlFile(HANDLE32 file, HANDLE32 event, gptr apc, gptr context, gptr block, uint32_t code,
                         gptr in, uint32_t in_length, gptr out, uint32_t out_length)
{
    struct io io;
    NTSTATUS status = io_begin(&io, file, access_of_control(code), event, apc, context, block);
    if (!NT_SUCCESS(status)) return status;
    status = io.file->device->fs_control == NULL
                 ? STATUS_INVALID_DEVICE_REQUEST
                 : io.file->device->fs_control(&io, code, in, in_length, out, out_length);
    return io_end(&io, status);
}

// The calls under way of one thread or of one status block; STATUS_NOT_FOUND when there are none.
static NTSTATUS cancel(HANDLE32 handle, uint32_t tid, gptr block, IO_STATUS_BLOCK32 *io, bool must_exist)
{
    struct file *file;
    NTSTATUS status = file_resolve(handle, 0, &file);
    if (!NT_SUCCESS(status)) return status;
    unsigned n = async_cancel(file, tid, block, STATUS_CANCELLED);
    file_release(file);
    status = n == 0 && must_exist ? STATUS_NOT_FOUND : STATUS_SUCCESS;
    io->Status = status;
    io->Information = 0;
    return status;
}

NTSTATUS NtCancelIoFile(HANDLE32 file, IO_STATUS_BLOCK32 *io)
{
    return cancel(file, thread_self()->tid, 0, io, false);
}

NTSTATUS NtCancelIoFileEx(HANDLE32 file, gptr request, IO_STATUS_BLOCK32 *io)
{
    return cancel(file, 0, request, io, true);
}

// A thread has one synchronous call at most, whatever its status block.
NTSTATUS NtCancelSynchronousIoFile(HANDLE32 handle, gptr request, IO_STATUS_BLOCK32 *io)
{
    (void)request;
    struct thread_object *thread;
    NTSTATUS status = thread_resolve(handle, THREAD_TERMINATE, &thread);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&thread->lock);
    status = thread->thread != NULL && wait_cancel_io(thread->thread) ? STATUS_SUCCESS : STATUS_NOT_FOUND;
    pthread_mutex_unlock(&thread->lock);
    object_release(&thread->object);
    io->Status = status;
    io->Information = 0;
    return status;
}
