// The line that is being typed: what each key makes of it, and how that shows.
#ifndef LOWLAND_CONSOLE_LINE_H
#define LOWLAND_CONSOLE_LINE_H

#include "console_state.h"

// Where a line shows.
struct line_display {
    void *context;
    // Where the cursor is, and how many columns there are. False: it can't be told.
    bool (*locate)(void *context, int *column, int *columns);
    void (*write)(void *context, const uint16_t *units, size_t n); // characters, or CR LF
    void (*move)(void *context, int right, int down);              // or left and up
    bool wide;                                                     // some characters take two cells
    bool late_wrap; // the cursor stays in the last column until a further character comes
};

// One key that was pressed. display NULL: nothing is echoed. True: the line is complete, and has become what
// is to be read. With the share's lock.
bool console_line_key(struct console_shared *shared, const struct line_display *display,
                      const KEY_EVENT_RECORD32 *key);
// Forgets what was typed.
void console_line_drop(struct console_shared *shared);

#endif
