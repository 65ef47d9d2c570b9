// Control codes of serial ports (ntddser.h).
#include "serial_state.h"
#include "status_errno.h"
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

// An answer or a setting of fixed size.
static NTSTATUS answer(struct io *io, gptr out, uint32_t length, const void *data, uint32_t size)
{
    if (length < size) return STATUS_BUFFER_TOO_SMALL;
    if (!guest_write(out, data, size)) return STATUS_ACCESS_VIOLATION;
    io->information = size;
    return STATUS_SUCCESS;
}

static NTSTATUS setting(gptr in, uint32_t length, void *data, uint32_t size)
{
    if (length < size) return STATUS_BUFFER_TOO_SMALL;
    return guest_read(data, in, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// ---- the line's settings ----

static bool is_valid(const struct serial_line *line)
{
    const SERIAL_LINE_CONTROL32 *control = &line->control;
    if (control->WordLength < 5 || control->WordLength > 8 || control->Parity > SPACE_PARITY) return false;
    // One and a half stop bits go with five data bits only, two with more.
    return control->StopBits == STOP_BIT_1 ||
           (control->StopBits == (control->WordLength == 5 ? STOP_BITS_1_5 : STOP_BITS_2));
}

static NTSTATUS set_line(struct serial *serial, uint32_t code, gptr in, uint32_t length)
{
    struct serial_line line = serial->line;
    NTSTATUS status;
    switch (code) {
    case IOCTL_SERIAL_SET_BAUD_RATE: status = setting(in, length, &line.baud, sizeof line.baud); break;
    case IOCTL_SERIAL_SET_LINE_CONTROL:
        status = setting(in, length, &line.control, sizeof line.control);
        break;
    case IOCTL_SERIAL_SET_HANDFLOW: status = setting(in, length, &line.flow, sizeof line.flow); break;
    default: status = setting(in, length, &line.chars, sizeof line.chars);
    }
    if (!NT_SUCCESS(status)) return status;
    if (!is_valid(&line) || line.baud == 0) return STATUS_INVALID_PARAMETER;
    status = status_from_errno(serial_line_apply(serial->file->fd, &line));
    if (NT_SUCCESS(status)) serial->line = line;
    return status;
}

static NTSTATUS get_properties(struct io *io, gptr out, uint32_t length)
{
    const struct serial *serial = io->file->state;
    SERIAL_COMMPROP32 info = {
        .PacketLength = sizeof info,
        .PacketVersion = 2,
        .ServiceMask = SERIAL_SP_SERIALCOMM,
        .MaxBaud = SERIAL_BAUD_USER,
        .ProvSubType = SERIAL_SP_RS232,
        .ProvCapabilities = SERIAL_PCF_DTRDSR | SERIAL_PCF_RTSCTS | SERIAL_PCF_CD | SERIAL_PCF_PARITY_CHECK |
                            SERIAL_PCF_XONXOFF | SERIAL_PCF_SETXCHAR | SERIAL_PCF_TOTALTIMEOUTS |
                            SERIAL_PCF_INTTIMEOUTS,
        .SettableParams = SERIAL_SP_PARITY | SERIAL_SP_BAUD | SERIAL_SP_DATABITS | SERIAL_SP_STOPBITS |
                          SERIAL_SP_HANDSHAKING | SERIAL_SP_PARITY_CHECK | SERIAL_SP_CARRIER_DETECT,
        .SettableBaud = SERIAL_BAUD_USER | 0x7FFFF, // all that have a bit
        .SettableData = SERIAL_DATABITS_5 | SERIAL_DATABITS_6 | SERIAL_DATABITS_7 | SERIAL_DATABITS_8,
        .SettableStopParity = SERIAL_STOPBITS_10 | SERIAL_STOPBITS_15 | SERIAL_STOPBITS_20 |
                              SERIAL_PARITY_NONE | SERIAL_PARITY_ODD | SERIAL_PARITY_EVEN |
                              SERIAL_PARITY_MARK | SERIAL_PARITY_SPACE,
        .CurrentTxQueue = serial->out_size,
        .CurrentRxQueue = serial->in_size,
    };
    return answer(io, out, length, &info, sizeof info);
}

// ---- state ----

static NTSTATUS get_status(struct io *io, gptr out, uint32_t length)
{
    struct serial *serial = io->file->state;
    int in = 0, queued = 0;
    ioctl(io->file->fd, FIONREAD, &in);
    ioctl(io->file->fd, TIOCOUTQ, &queued);
    serial->occurred |= serial_take_events(serial); // for the errors among them
    SERIAL_STATUS32 info = {.Errors = serial->errors, .AmountInInQueue = in, .AmountInOutQueue = queued};
    NTSTATUS status = answer(io, out, length, &info, sizeof info);
    if (NT_SUCCESS(status)) serial->errors = 0;
    return status;
}

// Raises or drops a line. A port without that line has nothing to do.
static NTSTATUS set_modem_line(const struct serial *serial, int line, bool on)
{
    ioctl(serial->file->fd, on ? TIOCMBIS : TIOCMBIC, &line);
    return STATUS_SUCCESS;
}

static NTSTATUS send_now(struct serial *serial, gptr in, uint32_t length)
{
    char c;
    NTSTATUS status = setting(in, length, &c, sizeof c);
    if (!NT_SUCCESS(status)) return status;
    serial->sending = true;
    return write(serial->file->fd, &c, 1) == 1 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS set_mask(struct serial *serial, gptr in, uint32_t length)
{
    uint32_t mask;
    NTSTATUS status = setting(in, length, &mask, sizeof mask);
    if (!NT_SUCCESS(status)) return status;
    if (mask & ~0x1FFFu) return STATUS_INVALID_PARAMETER; // events that there are not
    serial_watch_from_now(serial);
    serial->mask = mask;
    serial->occurred = 0;
    serial->mask_count++; // ends a wait under way
    return STATUS_SUCCESS;
}

static NTSTATUS set_queue_size(struct serial *serial, gptr in, uint32_t length)
{
    uint32_t sizes[2];
    NTSTATUS status = setting(in, length, sizes, sizeof sizes);
    if (!NT_SUCCESS(status)) return status;
    serial->in_size = sizes[0];
    serial->out_size = sizes[1];
    return STATUS_SUCCESS;
}

// Codes that only look at or change the port. Call with file->lock held.
static NTSTATUS control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                        uint32_t out_length)
{
    struct serial *serial = io->file->state;
    const struct serial_line *line = &serial->line;
    switch (code) {
    case IOCTL_SERIAL_SET_BAUD_RATE:
    case IOCTL_SERIAL_SET_LINE_CONTROL:
    case IOCTL_SERIAL_SET_HANDFLOW:
    case IOCTL_SERIAL_SET_CHARS: return set_line(serial, code, in, in_length);
    case IOCTL_SERIAL_GET_BAUD_RATE: return answer(io, out, out_length, &line->baud, sizeof line->baud);
    case IOCTL_SERIAL_GET_LINE_CONTROL:
        return answer(io, out, out_length, &line->control, sizeof line->control);
    case IOCTL_SERIAL_GET_HANDFLOW: return answer(io, out, out_length, &line->flow, sizeof line->flow);
    case IOCTL_SERIAL_GET_CHARS: return answer(io, out, out_length, &line->chars, sizeof line->chars);
    case IOCTL_SERIAL_GET_TIMEOUTS:
        return answer(io, out, out_length, &serial->timeouts, sizeof serial->timeouts);
    case IOCTL_SERIAL_SET_TIMEOUTS: return setting(in, in_length, &serial->timeouts, sizeof serial->timeouts);
    case IOCTL_SERIAL_SET_QUEUE_SIZE: return set_queue_size(serial, in, in_length);
    case IOCTL_SERIAL_GET_PROPERTIES: return get_properties(io, out, out_length);
    case IOCTL_SERIAL_GET_COMMSTATUS: return get_status(io, out, out_length);
    case IOCTL_SERIAL_GET_MODEMSTATUS: {
        uint32_t status = serial_modem_status(serial);
        return answer(io, out, out_length, &status, sizeof status);
    }
    case IOCTL_SERIAL_GET_WAIT_MASK: return answer(io, out, out_length, &serial->mask, sizeof serial->mask);
    case IOCTL_SERIAL_SET_WAIT_MASK: return set_mask(serial, in, in_length);
    case IOCTL_SERIAL_SET_DTR: return set_modem_line(serial, TIOCM_DTR, true);
    case IOCTL_SERIAL_CLR_DTR: return set_modem_line(serial, TIOCM_DTR, false);
    case IOCTL_SERIAL_SET_RTS: return set_modem_line(serial, TIOCM_RTS, true);
    case IOCTL_SERIAL_CLR_RTS: return set_modem_line(serial, TIOCM_RTS, false);
    case IOCTL_SERIAL_SET_BREAK_ON: ioctl(io->file->fd, TIOCSBRK); return STATUS_SUCCESS;
    case IOCTL_SERIAL_SET_BREAK_OFF: ioctl(io->file->fd, TIOCCBRK); return STATUS_SUCCESS;
    case IOCTL_SERIAL_SET_XOFF: serial_line_hold(io->file->fd, true); return STATUS_SUCCESS;
    case IOCTL_SERIAL_SET_XON: serial_line_hold(io->file->fd, false); return STATUS_SUCCESS;
    case IOCTL_SERIAL_RESET_DEVICE: return STATUS_SUCCESS; // nothing here outlives an error
    case IOCTL_SERIAL_IMMEDIATE_CHAR: return send_now(serial, in, in_length);
    }
    return STATUS_INVALID_DEVICE_REQUEST;
}

static NTSTATUS purge(struct file *file, gptr in, uint32_t length)
{
    uint32_t what;
    NTSTATUS status = setting(in, length, &what, sizeof what);
    if (!NT_SUCCESS(status)) return status;
    if (what == 0 || what & ~0xFu) return STATUS_INVALID_PARAMETER;
    if (what & SERIAL_PURGE_RXABORT) async_cancel_events(file, EPOLLIN);
    if (what & SERIAL_PURGE_TXABORT) async_cancel_events(file, EPOLLOUT);
    serial_line_purge(file->fd, what & SERIAL_PURGE_RXCLEAR, what & SERIAL_PURGE_TXCLEAR);
    return STATUS_SUCCESS;
}

NTSTATUS serial_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                        uint32_t out_length)
{
    struct file *file = io->file;
    if (code == IOCTL_SERIAL_WAIT_ON_MASK) return serial_wait_on_mask(io, out, out_length);
    if (code == IOCTL_SERIAL_PURGE) return purge(file, in, in_length);
    pthread_mutex_lock(&file->lock);
    NTSTATUS status = control(io, code, in, in_length, out, out_length);
    pthread_mutex_unlock(&file->lock);
    if (code == IOCTL_SERIAL_SET_WAIT_MASK && NT_SUCCESS(status)) async_run(file, EPOLLPRI);
    return status;
}
