// What happens on a serial line, and waiting for it. The host wakes nobody for most of it, so waits look
// every few milliseconds.
#include "loader/host_clock.h"
#include "serial_state.h"
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <linux/serial.h>

enum { LOOK_EVERY_MS = 10, MS = 1000000 };

static uint32_t bytes_in(const struct serial *serial)
{
    int n = 0;
    return ioctl(serial->file->fd, FIONREAD, &n) == 0 && n > 0 ? n : 0;
}

static uint32_t modem_lines(const struct serial *serial)
{
    int lines = 0;
    return ioctl(serial->file->fd, TIOCMGET, &lines) == 0 ? lines : 0; // a line may have none
}

uint32_t serial_modem_status(const struct serial *serial)
{
    uint32_t lines = modem_lines(serial);
    return (lines & TIOCM_CTS ? 0x10 : 0) | (lines & TIOCM_DSR ? 0x20 : 0) | (lines & TIOCM_RI ? 0x40 : 0) |
           (lines & TIOCM_CD ? 0x80 : 0);
}

// How many breaks and errors the driver has counted, which not every one does.
static void count_errors(struct serial *serial, uint32_t *new_breaks, uint32_t *new_errors)
{
    struct serial_icounter_struct counts;
    memset(&counts, 0, sizeof counts);
    *new_breaks = *new_errors = 0;
    if (ioctl(serial->file->fd, TIOCGICOUNT, &counts) != 0) return;
    uint32_t errors = counts.frame + counts.overrun + counts.parity + counts.buf_overrun;
    *new_breaks = counts.brk - serial->breaks;
    *new_errors = errors - serial->line_errors;
    serial->breaks = counts.brk;
    serial->line_errors = errors;
}

void serial_watch_from_now(struct serial *serial)
{
    uint32_t breaks, errors;
    serial->known_in = bytes_in(serial);
    serial->modem = modem_lines(serial);
    count_errors(serial, &breaks, &errors);
}

static uint32_t look(struct serial *serial)
{
    uint32_t in = bytes_in(serial), lines = modem_lines(serial), changed = lines ^ serial->modem, events = 0;
    uint32_t breaks, errors;
    int queued = 0;
    if (in > serial->known_in) events |= SERIAL_EV_RXCHAR;
    if (serial->sending && ioctl(serial->file->fd, TIOCOUTQ, &queued) == 0 && queued == 0) {
        events |= SERIAL_EV_TXEMPTY;
        serial->sending = false;
    }
    if (changed & TIOCM_CTS) events |= SERIAL_EV_CTS;
    if (changed & TIOCM_DSR) events |= SERIAL_EV_DSR;
    if (changed & TIOCM_CD) events |= SERIAL_EV_RLSD;
    if (changed & ~lines & TIOCM_RI) events |= SERIAL_EV_RING; // its end
    count_errors(serial, &breaks, &errors);
    if (breaks != 0) events |= SERIAL_EV_BREAK;
    if (errors != 0) events |= SERIAL_EV_ERR;
    serial->errors |= (breaks != 0 ? SERIAL_ERROR_BREAK : 0) | (errors != 0 ? SERIAL_ERROR_FRAMING : 0);
    serial->known_in = in;
    serial->modem = lines;
    return events;
}

uint32_t serial_take_events(struct serial *serial)
{
    serial->occurred |= look(serial) & serial->mask;
    uint32_t events = serial->occurred;
    serial->occurred = 0;
    return events;
}

// ---- IOCTL_SERIAL_WAIT_ON_MASK ----

static void look_soon(struct serial *serial)
{
    serial_look_at(serial, host_monotonic_ns() + LOOK_EVERY_MS * MS);
}

// Whether the wait is over: by an event, or with none because the mask was set anew.
static NTSTATUS attempt(struct async *async)
{
    struct serial *serial = async->io.file->state;
    struct pollfd state = {.fd = async->fd, .events = 0};
    uint32_t events = serial->mask_count == async->code ? serial_take_events(serial) : 0;
    if (events == 0 && serial->mask_count == async->code) {
        if (poll(&state, 1, 0) == 1 && state.revents & (POLLHUP | POLLERR)) return STATUS_IO_DEVICE_ERROR;
        look_soon(serial);
        return STATUS_PENDING;
    }
    async->io.information = sizeof events;
    return guest_write32(async->buffer, events) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS serial_wait_on_mask(struct io *io, gptr out, uint32_t length)
{
    struct file *file = io->file;
    struct serial *serial = file->state;
    if (length < sizeof(uint32_t)) return STATUS_BUFFER_TOO_SMALL;
    // One wait at a time, and for something.
    if (async_must_queue(file, EPOLLPRI)) return STATUS_INVALID_PARAMETER;
    struct async wait = {.io = *io, .events = EPOLLPRI, .attempt = attempt, .buffer = out, .fd = file->fd};
    for (bool first = true;; first = false) {
        pthread_mutex_lock(&file->lock);
        if (first) wait.code = serial->mask_count;
        NTSTATUS status = serial->mask == 0 && first ? STATUS_INVALID_PARAMETER : attempt(&wait);
        pthread_mutex_unlock(&file->lock);
        io->information = wait.io.information;
        if (status != STATUS_PENDING) return status;
        if (!file_is_synchronous(file)) {
            wait.io = *io;
            status = async_start(&wait, file->fd);
            // Anew: a look that came before the call was queued has found nothing to go on with.
            if (status == STATUS_PENDING) look_soon(serial);
            return status;
        }
        int64_t pause = -LOOK_EVERY_MS * 10000;
        // The line's own readiness says nothing of what is new: only time passes here.
        status = host_wait_io(file->fd, 0, file_is_alertable(file), &pause, &file->waitable);
        if (status != STATUS_TIMEOUT && status != STATUS_SUCCESS) return status;
    }
}
