// What escape sequences do to a buffer's cells.
#include "console_buffer.h"
#include <string.h>

// What comes in has the colours of text, but neither lines nor reversal.
static CHAR_INFO32 blank(const struct console_buffer *buffer)
{
    CHAR_INFO32 cell = {.Attributes = buffer->attribute & 0xFF};
    cell.Char.UnicodeChar = ' ';
    return cell;
}

static CHAR_INFO32 *cell_at(const struct console_buffer *buffer, int x, int y)
{
    return buffer->cells + (size_t)y * buffer->columns + x;
}

static void clear(struct console_buffer *buffer, CHAR_INFO32 *cells, size_t n)
{
    const CHAR_INFO32 cell = blank(buffer);
    for (size_t i = 0; i < n; i++) cells[i] = cell;
}

void console_vt_scroll(struct console_buffer *buffer, int top, int bottom, int n)
{
    int rows = bottom - top + 1, by = n < 0 ? -n : n;
    size_t columns = (size_t)buffer->columns;
    if (rows < 1 || n == 0) return;
    if (by > rows) by = rows;
    size_t kept = (size_t)(rows - by) * columns * sizeof *buffer->cells;
    if (n > 0) {
        memmove(cell_at(buffer, 0, top), cell_at(buffer, 0, top + by), kept);
        clear(buffer, cell_at(buffer, 0, bottom - by + 1), (size_t)by * columns);
    } else {
        memmove(cell_at(buffer, 0, top + by), cell_at(buffer, 0, top), kept);
        clear(buffer, cell_at(buffer, 0, top), (size_t)by * columns);
    }
}

void console_vt_erase(struct console_buffer *buffer, int x, int y, int n)
{
    size_t count = n > 0 ? (size_t)n : 0;
    CHAR_INFO32 *cells = console_buffer_run(buffer, x, y, &count);
    if (cells) clear(buffer, cells, count);
}

void console_vt_shift(struct console_buffer *buffer, int n)
{
    int rest = buffer->columns - buffer->x, by = n < 0 ? -n : n;
    CHAR_INFO32 *cells = cell_at(buffer, buffer->x, buffer->y);
    if (by > rest) by = rest;
    size_t kept = (size_t)(rest - by) * sizeof *cells;
    if (n > 0) {
        memmove(cells + by, cells, kept);
        clear(buffer, cells, (size_t)by);
    } else {
        memmove(cells, cells + by, kept);
        clear(buffer, cells + rest - by, (size_t)by);
    }
}

// ---- the alternate screen: the buffer's own cells wait beside it ----

static void to_window(struct console_buffer *buffer)
{
    int columns = buffer->window.Right - buffer->window.Left + 1;
    int rows = buffer->window.Bottom - buffer->window.Top + 1;
    buffer->columns = columns;
    buffer->rows = rows;
    buffer->window = (SMALL_RECT32){0, 0, columns - 1, rows - 1};
}

void console_vt_enter_alternate(struct console_buffer *buffer)
{
    struct console_vt *vt = &buffer->vt;
    if (vt->alternate) return;
    vt->alternate = true;
    vt->main.columns = buffer->columns;
    vt->main.rows = buffer->rows;
    vt->main.x = buffer->x;
    vt->main.y = buffer->y;
    vt->main.window = buffer->window;
    memcpy(buffer->spare, buffer->cells, (size_t)buffer->columns * buffer->rows * sizeof *buffer->cells);
    int x = buffer->x - buffer->window.Left, y = buffer->y - buffer->window.Top;
    to_window(buffer);
    clear(buffer, buffer->cells, (size_t)buffer->columns * buffer->rows);
    console_buffer_set_cursor(buffer, x, y);
}

void console_vt_leave_alternate(struct console_buffer *buffer)
{
    struct console_vt *vt = &buffer->vt;
    if (!vt->alternate) return;
    int columns = buffer->columns, rows = buffer->rows; // the window's, which may have changed
    int wide = vt->main.window.Right - vt->main.window.Left + 1;
    int high = vt->main.window.Bottom - vt->main.window.Top + 1;
    vt->alternate = false;
    buffer->columns = vt->main.columns;
    buffer->rows = vt->main.rows;
    buffer->x = vt->main.x;
    buffer->y = vt->main.y;
    buffer->window = vt->main.window;
    console_buffer_check(buffer);
    memcpy(buffer->cells, buffer->spare, (size_t)buffer->columns * buffer->rows * sizeof *buffer->cells);
    if (columns == wide && rows == high) return;
    buffer->window = (SMALL_RECT32){0, 0, 0, 0}; // shrinks first, so that any size fits
    if (NT_SUCCESS(console_buffer_resize(buffer, columns, rows)))
        buffer->window = (SMALL_RECT32){0, 0, columns - 1, rows - 1};
    console_buffer_check(buffer);
}
