// What the files of serial ports share: an open port.
#ifndef LOWLAND_SERIAL_STATE_H
#define LOWLAND_SERIAL_STATE_H

#include "async.h"
#include "file.h"
#include "serial_line.h"

// file->state of a serial port. Fields under file->lock.
struct serial {
    struct file *file;
    struct serial_line line;
    SERIAL_TIMEOUTS32 timeouts;
    uint32_t in_size, out_size; // as SetupComm asked; the host has its own
    uint32_t errors;            // SERIAL_ERROR_*, since they were last asked for

    uint32_t mask;       // SERIAL_EV_*: what to wait for
    uint32_t occurred;   // of that, since it was last told
    uint32_t mask_count; // how often the mask was set
    uint32_t known_in;   // bytes that had arrived when we last looked
    uint32_t modem;      // TIOCM_* bits then
    bool sending;        // something was written and not yet seen to be gone
    uint32_t breaks, line_errors;

    struct service_timer timer; // reads that time out, and looking for events
};

// Looks what happened: SERIAL_EV_* of the mask, which are then told. Call with file->lock held.
uint32_t serial_take_events(struct serial *serial);
// Notes the line's state as known, so that only what comes after it counts.
void serial_watch_from_now(struct serial *serial);
// The modem's lines as SERIAL_*_STATE: CTS 10h, DSR 20h, ring 40h, carrier 80h.
uint32_t serial_modem_status(const struct serial *serial);

// IOCTL_SERIAL_WAIT_ON_MASK.
NTSTATUS serial_wait_on_mask(struct io *io, gptr out, uint32_t length);

// Control codes (file_device).
NTSTATUS serial_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                        uint32_t out_length);

// Has the timer look again no later than at a CLOCK_MONOTONIC time in ns.
void serial_look_at(struct serial *serial, int64_t time);

#endif
