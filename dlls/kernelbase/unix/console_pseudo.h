// Pseudo-consoles: consoles in memory whose input and output a program gives and takes as a terminal would.
#ifndef LOWLAND_CONSOLE_PSEUDO_H
#define LOWLAND_CONSOLE_PSEUDO_H

#include "console_memory.h"
#include "console_render.h"

// A change of a buffer: a copy to work on, and what a pseudo-console's terminal is to be sent for it.
struct console_screen {
    struct console_shared *shared;
    uint32_t number; // of the buffer
    struct console_buffer buffer;
    SMALL_RECT32 window; // as it was
    struct console_render rendered, *out;
};

// With the lock; false: the end shows a terminal, and nothing was begun.
bool console_screen_begin(struct console_screen *screen, struct console_shared *shared,
                          const struct console_end *end);
// Text at the cursor.
void console_screen_write(struct console_screen *screen, const uint16_t *units, size_t n);
// Rows whose cells have changed.
void console_screen_changed(struct console_screen *screen, int top, int bottom);
// Puts the buffer back, unlocks, and sends; waits where the reader is slow.
NTSTATUS console_screen_end(struct console_screen *screen);

#endif
