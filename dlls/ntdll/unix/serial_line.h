// A serial line's settings, in Windows' terms, and how the host's terminal has them.
#ifndef LOWLAND_SERIAL_LINE_H
#define LOWLAND_SERIAL_LINE_H

#include "guest_types.h"
#include <stdbool.h>

enum { STOP_BIT_1, STOP_BITS_1_5, STOP_BITS_2 }; // SERIAL_LINE_CONTROL.StopBits, as ntddser.h has them

struct serial_line {
    uint32_t baud;
    SERIAL_LINE_CONTROL32 control;
    SERIAL_HANDFLOW32 flow;
    SERIAL_CHARS32 chars;
};

// The settings that a line has; false when fd is no terminal.
bool serial_line_read(int fd, struct serial_line *line);

// Gives a line its settings: bytes go through as they are. 0 or an errno.
int serial_line_apply(int fd, const struct serial_line *line);

// Throws away what wasn't read, or what wasn't sent.
void serial_line_purge(int fd, bool input, bool output);

// Stops sending, or goes on.
void serial_line_hold(int fd, bool hold);

#endif
