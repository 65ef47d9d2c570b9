// What a screen buffer shows, as text and escape sequences for a terminal.
#include "console_render.h"
#include "guest_constants.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 4096 };

static bool grow(struct console_render *out, size_t more)
{
    if (out->n + more <= out->capacity) return true;
    size_t capacity = (out->n + more + STEP) * 2;
    char *text = realloc(out->text, capacity);
    if (text == NULL) {
        out->failed = true;
        return false;
    }
    out->text = text;
    out->capacity = capacity;
    return true;
}

void console_render_text(struct console_render *out, const char *text)
{
    size_t n = strlen(text);
    if (out == NULL || !grow(out, n)) return;
    memcpy(out->text + out->n, text, n);
    out->n += n;
}

static void print(struct console_render *out, const char *format, ...)
{
    char text[64];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    console_render_text(out, text);
}

void console_render_unit(struct console_render *out, uint16_t unit)
{
    if (out == NULL || !grow(out, 6)) return;
    if (unit < 32 || unit == 0x7F) unit = unit == 0x1B ? 0x2190 : ' '; // a cell obeys nothing
    out->n += text_to_utf8(&out->state, out->text + out->n, &unit, 1, true);
}

void console_render_raw(struct console_render *out, const uint16_t *units, size_t n)
{
    if (out == NULL || !grow(out, n * 3 + 3)) return;
    out->n += text_to_utf8(&out->state, out->text + out->n, units, n, false);
}

void console_render_move(struct console_render *out, int right, int down)
{
    if (out == NULL) return;
    if (down) print(out, "\033[%d%c", down > 0 ? down : -down, down > 0 ? 'B' : 'A');
    if (right) print(out, "\033[%d%c", right > 0 ? right : -right, right > 0 ? 'C' : 'D');
}

void console_render_column(struct console_render *out, int x)
{
    if (out != NULL) print(out, "\033[%dG", x + 1);
}

// Windows counts colours blue, green, red; terminals red, green, blue.
static int colour(uint32_t bits)
{
    return (bits & 1 ? 4 : 0) | (bits & 2) | (bits & 4 ? 1 : 0);
}

// The colours that programs start with are the terminal's own, whatever they are.
void console_render_attribute(struct console_render *out, uint32_t attribute)
{
    if (out == NULL) return;
    console_render_text(out, "\033[0");
    if ((attribute & 0xFF) != CONSOLE_GREY)
        print(out, ";%d", colour(attribute) + (attribute & FOREGROUND_INTENSITY ? 90 : 30));
    if (attribute & 0xF0)
        print(out, ";%d", colour(attribute >> 4) + (attribute & BACKGROUND_INTENSITY ? 100 : 40));
    if (attribute & COMMON_LVB_UNDERSCORE) console_render_text(out, ";4");
    if (attribute & COMMON_LVB_REVERSE_VIDEO) console_render_text(out, ";7");
    console_render_text(out, "m");
}

void console_render_cursor(struct console_render *out, const struct console_buffer *buffer)
{
    if (out == NULL) return;
    print(out, "\033[%d;%dH", buffer->y - buffer->window.Top + 1, buffer->x - buffer->window.Left + 1);
    console_render_text(out, buffer->cursor_visible ? "\033[?25h" : "\033[?25l");
}

static void render_row(struct console_render *out, const struct console_buffer *buffer, int row)
{
    uint32_t attribute = UINT32_MAX;
    const CHAR_INFO32 *cells = buffer->cells + (size_t)row * buffer->columns;
    print(out, "\033[%d;1H", row - buffer->window.Top + 1);
    for (int x = buffer->window.Left; x <= buffer->window.Right; x++) {
        if (cells[x].Attributes != attribute) console_render_attribute(out, attribute = cells[x].Attributes);
        console_render_unit(out, cells[x].Char.UnicodeChar);
    }
}

void console_render_rows(struct console_render *out, const struct console_buffer *buffer, int top, int bottom)
{
    if (out == NULL) return;
    if (top < buffer->window.Top) top = buffer->window.Top;
    if (bottom > buffer->window.Bottom) bottom = buffer->window.Bottom;
    for (int row = top; row <= bottom; row++) render_row(out, buffer, row);
    console_render_attribute(out, buffer->attribute);
    console_render_cursor(out, buffer);
}
