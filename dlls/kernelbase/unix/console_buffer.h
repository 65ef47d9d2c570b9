// A screen buffer that is kept in memory: cells, cursor, window, colours. It knows no guest and takes no
// lock: its users hold the console's, and work on a copy of the structure that nobody else changes.
#ifndef LOWLAND_CONSOLE_BUFFER_H
#define LOWLAND_CONSOLE_BUFFER_H

#include "console_vt.h"
#include "guest_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONSOLE_CELLS_MAX = 4 << 20 }; // of a buffer

struct console_buffer {
    uint32_t serial; // of the console's buffers, the newest has the highest; 0: unused
    bool was_held;   // there was a handle of it
    int columns, rows;
    CHAR_INFO32 *cells; // row by row; in a copy
    CHAR_INFO32 *spare; // as many that wait while an alternate screen is shown; in a copy
    int x, y;           // the cursor
    SMALL_RECT32 window;
    uint16_t attribute, popup_attribute;
    uint32_t colours[16];
    uint32_t mode;
    uint32_t cursor_size;
    bool cursor_visible;
    struct console_vt vt;
};

// The sixteen colours of the classic console, blue in the high byte; the usual colours of menus.
extern const uint32_t console_palette[16];
enum { CONSOLE_POPUP = 0xF5, CONSOLE_GREY = 7 };

// What of a cell runs and fills are about.
enum console_part { CONSOLE_CHARACTERS = 1, CONSOLE_ATTRIBUTES = 2 };

// Makes it a blank buffer with window and attributes of another one (NULL: 80 by 25, grey on black).
void console_buffer_init(struct console_buffer *buffer, CHAR_INFO32 *cells,
                         const struct console_buffer *like);
// Puts right what is out of bounds, for a copy of what others may have scribbled over.
void console_buffer_check(struct console_buffer *buffer);

// Keeps what the old and the new size share. STATUS_INVALID_PARAMETER when the window wouldn't fit or there
// would be too many cells.
NTSTATUS console_buffer_resize(struct console_buffer *buffer, int columns, int rows);
// STATUS_INVALID_PARAMETER for a window that isn't inside.
NTSTATUS console_buffer_set_window(struct console_buffer *buffer, const SMALL_RECT32 *window);
// Moves the window as far as the cursor needs. STATUS_INVALID_PARAMETER outside.
NTSTATUS console_buffer_set_cursor(struct console_buffer *buffer, int x, int y);

// Text at the cursor, as the buffer's mode says. out: gets the same for a terminal; NULL: there is none.
struct console_render;
void console_buffer_write(struct console_buffer *buffer, const uint16_t *units, size_t n,
                          struct console_render *out);

// The cells from x,y on to the end of the buffer, as many of n as there are: NULL and *n 0 outside.
CHAR_INFO32 *console_buffer_run(struct console_buffer *buffer, int x, int y, size_t *n);
// One part of n cells.
void console_buffer_fill(CHAR_INFO32 *cells, enum console_part part, uint16_t value, size_t n);

// Moves a rectangle's contents so that its top left comes to x,y; what it leaves becomes blank. Nothing
// outside clip changes.
void console_buffer_move(struct console_buffer *buffer, const SMALL_RECT32 *region, const SMALL_RECT32 *clip,
                         int x, int y, CHAR_INFO32 blank);

#endif
