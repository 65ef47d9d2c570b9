// Escape sequences that a screen buffer in memory obeys while ENABLE_VIRTUAL_TERMINAL_PROCESSING is set:
// those that Microsoft documents as "Console Virtual Terminal Sequences".
#ifndef LOWLAND_CONSOLE_VT_H
#define LOWLAND_CONSOLE_VT_H

#include "guest_types.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VT_PARAMETERS = 16, VT_TEXT = 256, VT_COLUMNS = 1024 };

// What a buffer keeps from one write to the next. All zero is the beginning of everything.
struct console_vt {
    uint8_t phase; // of the sequence that has begun
    uint8_t marker, intermediate;
    uint8_t parameters_n;
    uint16_t parameters[VT_PARAMETERS];
    uint16_t text_n; // the sequence as it came
    uint16_t text[VT_TEXT];
    bool wrap_pending; // the last column is filled: the next character begins a line
    bool no_wrap, origin, insert;
    bool bold, bright;        // the foreground is intense by the one, or by the other
    uint8_t graphics[2], set; // line drawing characters in one of two sets
    int16_t top, bottom;      // the rows of the window that scroll; bottom 0: all
    int16_t saved_x, saved_y; // in the window
    uint16_t saved_attribute; // 0: nothing was saved
    uint16_t last;            // the last character
    bool stops_set;           // tab stops are other than the usual ones
    uint32_t stops[VT_COLUMNS / 32];
    bool alternate; // it shows another screen; its own waits with
    struct {
        int columns, rows, x, y;
        SMALL_RECT32 window;
    } main;
};

struct console_buffer;
struct console_render;

// Where the effects go that aren't the buffer's.
struct console_vt_host {
    struct console_render *out; // a terminal that gets all but questions as it came; NULL: none
    void *context;
    void (*reply)(void *context, const char *text); // an answer, as if it were typed
    void (*title)(void *context, const uint16_t *units, size_t n);
};

// Text with sequences, at the cursor.
void console_vt_write(struct console_buffer *buffer, const uint16_t *units, size_t n,
                      const struct console_vt_host *host);
// Puts right what is out of bounds, for a copy of what others may have scribbled over.
void console_vt_check(struct console_vt *vt);

// ---- its parts ----

// The place among the buffer's sixteen colours of one as terminals count them.
unsigned console_vt_colour(unsigned colour);
// A sequence that selects colours and their like, by its parameters.
void console_vt_colours(struct console_buffer *buffer, const uint16_t *parameters, unsigned n);

// Rows from top to bottom of the buffer move up by n, or down by -n; blanks come in.
void console_vt_scroll(struct console_buffer *buffer, int top, int bottom, int n);
// n cells at the cursor become blanks; n cells come into the line there, or (-n) go from it.
void console_vt_erase(struct console_buffer *buffer, int x, int y, int n);
void console_vt_shift(struct console_buffer *buffer, int n);
// Another, empty screen as large as the window; and back.
void console_vt_enter_alternate(struct console_buffer *buffer);
void console_vt_leave_alternate(struct console_buffer *buffer);

#endif
