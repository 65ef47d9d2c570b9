// Serial ports: opening and closing, and reading and writing with a port's timeouts.
#include "serial.h"
#include "loader/host_clock.h"
#include "serial_port.h"
#include "serial_state.h"
#include "status_errno.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { CHUNK = 4096, MS = 1000000 };

// ---- opening ----

NTSTATUS serial_open(const struct path *path, uint32_t access, uint32_t options, struct file **file)
{
    int fd = serial_port_open(strtoul(path->host, NULL, 10));
    if (fd < 0)
        return errno == ENOENT || errno == ENXIO ? STATUS_OBJECT_NAME_NOT_FOUND : status_from_errno(errno);
    struct serial *serial = calloc(1, sizeof *serial);
    NTSTATUS status = serial == NULL                         ? STATUS_NO_MEMORY
                      : !serial_line_read(fd, &serial->line) ? STATUS_OBJECT_NAME_NOT_FOUND
                      : flock(fd, LOCK_EX | LOCK_NB) != 0    ? STATUS_ACCESS_DENIED
                                                             : STATUS_SUCCESS;
    if (NT_SUCCESS(status)) status = status_from_errno(serial_line_apply(fd, &serial->line));
    if (!NT_SUCCESS(status)) {
        free(serial);
        close(fd);
        return status;
    }
    *file = file_new(FILE_KIND_SERIAL, &serial_device, fd, access, options);
    if (*file == NULL) {
        free(serial);
        return STATUS_NO_MEMORY;
    }
    (*file)->state = serial;
    serial->file = *file;
    serial_watch_from_now(serial);
    return STATUS_SUCCESS;
}

static void serial_destroy(struct file *file)
{
    struct serial *serial = file->state;
    if (serial == NULL) return;
    service_timer_cancel(&serial->timer);
    free(serial);
}

// ---- timeouts ----

static void look(struct service_timer *timer)
{
    struct serial *serial = (struct serial *)((char *)timer - offsetof(struct serial, timer));
    async_run(serial->file, EPOLLIN);
    async_run(serial->file, EPOLLPRI);
}

void serial_look_at(struct serial *serial, int64_t time)
{
    service_timer_set(&serial->timer, time, look);
}

// A transfer under way. Times are CLOCK_MONOTONIC ns.
struct transfer {
    uint32_t length, done;
    int64_t started, last; // when it began, when the last byte came
};

enum { FOREVER = -1 };

// When a read with what it has so far is over: 0 for at once, FOREVER. Windows' rules (COMMTIMEOUTS).
static int64_t read_deadline(const SERIAL_TIMEOUTS32 *t, const struct transfer *read)
{
    if (read->done == read->length) return 0;
    int64_t total = (int64_t)t->ReadTotalTimeoutConstant;
    if (t->ReadIntervalTimeout == UINT32_MAX) {
        if (t->ReadTotalTimeoutMultiplier == 0 && total == 0) return 0;
        if (t->ReadTotalTimeoutMultiplier == UINT32_MAX)
            return read->done > 0 ? 0 : read->started + total * MS; // the first byte ends it
    }
    total += (int64_t)t->ReadTotalTimeoutMultiplier * read->length;
    int64_t deadline = total != 0 ? read->started + total * MS : FOREVER;
    bool interval = t->ReadIntervalTimeout != 0 && t->ReadIntervalTimeout != UINT32_MAX && read->done > 0;
    int64_t gap = read->last + (int64_t)t->ReadIntervalTimeout * MS;
    return interval && (deadline == FOREVER || gap < deadline) ? gap : deadline;
}

static int64_t write_deadline(const SERIAL_TIMEOUTS32 *t, const struct transfer *write)
{
    int64_t total = t->WriteTotalTimeoutConstant + (int64_t)t->WriteTotalTimeoutMultiplier * write->length;
    return write->done == write->length ? 0 : total != 0 ? write->started + total * MS : FOREVER;
}

// ---- transfers ----

// Whether a line was unplugged.
static bool is_gone(int fd)
{
    struct pollfd state = {.fd = fd, .events = 0};
    return poll(&state, 1, 0) == 1 && state.revents & (POLLHUP | POLLERR);
}

// Moves what can be moved now. STATUS_SUCCESS also when that is nothing. Call with file->lock held.
static NTSTATUS move(struct serial *serial, gptr buffer, struct transfer *t, bool writing)
{
    uint8_t bytes[CHUNK];
    int fd = serial->file->fd;
    while (t->done < t->length) {
        uint32_t part = t->length - t->done < CHUNK ? t->length - t->done : CHUNK;
        if (writing && !guest_read(bytes, buffer + t->done, part)) return STATUS_ACCESS_VIOLATION;
        ssize_t n = writing ? write(fd, bytes, part) : read(fd, bytes, part);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EAGAIN) return STATUS_SUCCESS;
        if (n < 0) return status_from_errno(errno);
        if (n == 0) return is_gone(fd) ? STATUS_IO_DEVICE_ERROR : STATUS_SUCCESS; // a terminal without data
        if (!writing && !guest_write(buffer + t->done, bytes, n)) return STATUS_ACCESS_VIOLATION;
        t->done += n;
        t->last = host_monotonic_ns();
        if (writing) serial->sending = true;
    }
    return STATUS_SUCCESS;
}

// Moves on; STATUS_PENDING with the time to look again, which is FOREVER where only the line decides.
static NTSTATUS step(struct serial *serial, gptr buffer, struct transfer *t, bool writing, int64_t *deadline)
{
    NTSTATUS status = move(serial, buffer, t, writing);
    if (!NT_SUCCESS(status)) return status;
    *deadline = writing ? write_deadline(&serial->timeouts, t) : read_deadline(&serial->timeouts, t);
    if (*deadline == 0) return STATUS_SUCCESS;
    return *deadline != FOREVER && host_monotonic_ns() >= *deadline ? STATUS_TIMEOUT : STATUS_PENDING;
}

static NTSTATUS attempt(struct async *async)
{
    struct serial *serial = async->io.file->state;
    int64_t deadline;
    struct transfer t = {async->length, async->done, async->deadline, (int64_t)async->position};
    NTSTATUS status = step(serial, async->buffer, &t, async->events == EPOLLOUT, &deadline);
    async->io.information = async->done = t.done;
    async->position = (uint64_t)t.last;
    if (status == STATUS_PENDING && deadline != FOREVER) serial_look_at(serial, deadline);
    return status;
}

static NTSTATUS transfer(struct io *io, gptr buffer, uint32_t length, bool writing)
{
    struct file *file = io->file;
    struct serial *serial = file->state;
    uint32_t events = writing ? EPOLLOUT : EPOLLIN;
    int64_t now = host_monotonic_ns(), deadline = FOREVER;
    struct transfer t = {length, 0, now, now};
    bool queue = !file_is_synchronous(file) && async_must_queue(file, events);
    for (;;) {
        NTSTATUS status = STATUS_PENDING;
        if (!queue) {
            pthread_mutex_lock(&file->lock);
            status = step(serial, buffer, &t, writing, &deadline);
            pthread_mutex_unlock(&file->lock);
        }
        io->information = t.done;
        if (status != STATUS_PENDING) return status;
        if (!file_is_synchronous(file)) {
            struct async pattern = {.io = *io,
                                    .events = events,
                                    .attempt = attempt,
                                    .buffer = buffer,
                                    .length = length,
                                    .done = t.done,
                                    .deadline = t.started,
                                    .position = (uint64_t)t.last};
            status = async_start(&pattern, file->fd);
            if (status == STATUS_PENDING && deadline != FOREVER) serial_look_at(serial, deadline);
            return status;
        }
        int64_t left = (host_monotonic_ns() - deadline) / 100;
        if (left >= 0) left = -1;
        status = host_wait_io(file->fd, writing ? POLLOUT : POLLIN, file_is_alertable(file),
                              deadline == FOREVER ? NULL : &left, &file->waitable);
        if (status != STATUS_SUCCESS && status != STATUS_TIMEOUT) return status;
    }
}

// A line has no places, but the I/O manager's rules hold: an asynchronous call must name one, and no negative
// one but, for writing, the end.
static bool is_valid(const struct file *file, const int64_t *offset, bool writing)
{
    if (offset == NULL) return file_is_synchronous(file);
    return *offset >= 0 || (writing && *offset == -1);
}

static NTSTATUS serial_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    if (!is_valid(io->file, offset, false)) return STATUS_INVALID_PARAMETER;
    return transfer(io, buffer, length, false);
}

static NTSTATUS serial_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    if (!is_valid(io->file, offset, true)) return STATUS_INVALID_PARAMETER;
    return transfer(io, buffer, length, true);
}

// Waits until all is sent: nothing but asking tells.
static NTSTATUS serial_flush(struct io *io)
{
    int64_t pause = -50000;
    for (;;) {
        int queued = 0;
        if (ioctl(io->file->fd, TIOCOUTQ, &queued) != 0 || queued == 0) return STATUS_SUCCESS;
        if (is_gone(io->file->fd)) return STATUS_IO_DEVICE_ERROR;
        NTSTATUS status = host_wait(NULL, 0, false, false, &pause);
        if (status != STATUS_TIMEOUT && status != STATUS_SUCCESS) return status;
    }
}

const struct file_device serial_device = {
    .type = FILE_DEVICE_SERIAL_PORT,
    .read = serial_read,
    .write = serial_write,
    .flush = serial_flush,
    .device_control = serial_control,
    .destroy = serial_destroy,
};
