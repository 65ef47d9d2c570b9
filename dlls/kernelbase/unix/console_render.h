// What a screen buffer shows, as the text and escape sequences that show it on a terminal of the window's
// size.
#ifndef LOWLAND_CONSOLE_RENDER_H
#define LOWLAND_CONSOLE_RENDER_H

#include "console_buffer.h"
#include "console_text.h"

// Output under construction. failed: there was no memory, and some is missing. Every function takes NULL for
// "nobody sees it". Free text in the end.
struct console_render {
    char *text;
    size_t n, capacity;
    struct text_state state;
    bool failed;
};

void console_render_text(struct console_render *out, const char *text);
// One character; control characters become blanks.
void console_render_unit(struct console_render *out, uint16_t unit);
// Text as it is, with what it has of sequences.
void console_render_raw(struct console_render *out, const uint16_t *units, size_t n);
// Moves the cursor, or left and up.
void console_render_move(struct console_render *out, int right, int down);
void console_render_column(struct console_render *out, int x);
void console_render_attribute(struct console_render *out, uint32_t attribute);
// Where the cursor is, as far as the window shows it, and whether.
void console_render_cursor(struct console_render *out, const struct console_buffer *buffer);
// The rows from top to bottom, as far as the window shows them; then the cursor and its attribute.
void console_render_rows(struct console_render *out, const struct console_buffer *buffer, int top,
                         int bottom);

#endif
