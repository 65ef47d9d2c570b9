// A screen buffer that is kept in memory.
#include "console_buffer.h"
#include "console_render.h"
#include "guest_constants.h"
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 80, ROWS = 25, SIZE_MAX_ = 0x7FFE };

const uint32_t console_palette[16] = {0x000000, 0x800000, 0x008000, 0x808000, 0x000080, 0x800080,
                                      0x008080, 0xC0C0C0, 0x808080, 0xFF0000, 0x00FF00, 0xFFFF00,
                                      0x0000FF, 0xFF00FF, 0x00FFFF, 0xFFFFFF};

static CHAR_INFO32 blank_cell(uint16_t attribute)
{
    CHAR_INFO32 cell = {.Attributes = attribute};
    cell.Char.UnicodeChar = ' ';
    return cell;
}

static void fill_cells(CHAR_INFO32 *cells, size_t n, CHAR_INFO32 cell)
{
    for (size_t i = 0; i < n; i++) cells[i] = cell;
}

void console_buffer_init(struct console_buffer *buffer, CHAR_INFO32 *cells, const struct console_buffer *like)
{
    *buffer = (struct console_buffer){.cells = cells};
    // A new buffer is as large as the window.
    buffer->columns = like != NULL ? like->window.Right - like->window.Left + 1 : COLUMNS;
    buffer->rows = like != NULL ? like->window.Bottom - like->window.Top + 1 : ROWS;
    buffer->window = (SMALL_RECT32){0, 0, buffer->columns - 1, buffer->rows - 1};
    buffer->attribute = like != NULL ? like->attribute : CONSOLE_GREY;
    buffer->popup_attribute = like != NULL ? like->attribute : CONSOLE_POPUP;
    memcpy(buffer->colours, like != NULL ? like->colours : console_palette, sizeof console_palette);
    buffer->mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT;
    buffer->cursor_size = like != NULL ? like->cursor_size : 25;
    buffer->cursor_visible = true;
    fill_cells(cells, (size_t)buffer->columns * buffer->rows, blank_cell(buffer->attribute));
}

static bool is_size(int columns, int rows)
{
    return columns > 0 && rows > 0 && columns <= SIZE_MAX_ && rows <= SIZE_MAX_ &&
           (int64_t)columns * rows <= CONSOLE_CELLS_MAX;
}

static int within(int value, int limit)
{
    return value < 0 ? 0 : value >= limit ? limit - 1 : value;
}

void console_buffer_check(struct console_buffer *buffer)
{
    if (!is_size(buffer->columns, buffer->rows)) {
        buffer->columns = COLUMNS;
        buffer->rows = ROWS;
    }
    buffer->x = within(buffer->x, buffer->columns);
    buffer->y = within(buffer->y, buffer->rows);
    console_vt_check(&buffer->vt);
    if (!NT_SUCCESS(
            console_buffer_set_window(buffer, &(SMALL_RECT32){buffer->window.Left, buffer->window.Top,
                                                              buffer->window.Right, buffer->window.Bottom})))
        buffer->window = (SMALL_RECT32){0, 0, buffer->columns - 1, buffer->rows - 1};
}

// Lays the rows out anew in their place.
static NTSTATUS copy_rows(struct console_buffer *buffer, int columns, int rows)
{
    size_t n = (size_t)buffer->columns * buffer->rows;
    CHAR_INFO32 *old = malloc(n * sizeof *old);
    if (old == NULL) return STATUS_NO_MEMORY;
    memcpy(old, buffer->cells, n * sizeof *old);
    fill_cells(buffer->cells, (size_t)columns * rows, blank_cell(buffer->attribute));
    int kept = columns < buffer->columns ? columns : buffer->columns;
    for (int row = 0; row < rows && row < buffer->rows; row++)
        memcpy(buffer->cells + (size_t)row * columns, old + (size_t)row * buffer->columns,
               kept * sizeof *old);
    free(old);
    return STATUS_SUCCESS;
}

NTSTATUS console_buffer_resize(struct console_buffer *buffer, int columns, int rows)
{
    int wide = buffer->window.Right - buffer->window.Left + 1;
    int high = buffer->window.Bottom - buffer->window.Top + 1;
    if (columns < wide || rows < high || !is_size(columns, rows)) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = copy_rows(buffer, columns, rows);
    if (!NT_SUCCESS(status)) return status;
    buffer->columns = columns;
    buffer->rows = rows;
    buffer->x = within(buffer->x, columns);
    buffer->y = within(buffer->y, rows);
    // The window keeps its size and moves inside.
    if (buffer->window.Right >= columns)
        buffer->window =
            (SMALL_RECT32){columns - wide, buffer->window.Top, columns - 1, buffer->window.Bottom};
    if (buffer->window.Bottom >= rows)
        buffer->window = (SMALL_RECT32){buffer->window.Left, rows - high, buffer->window.Right, rows - 1};
    return STATUS_SUCCESS;
}

NTSTATUS console_buffer_set_window(struct console_buffer *buffer, const SMALL_RECT32 *window)
{
    if (window->Left < 0 || window->Top < 0 || window->Right >= buffer->columns ||
        window->Bottom >= buffer->rows || window->Right < window->Left || window->Bottom < window->Top)
        return STATUS_INVALID_PARAMETER;
    buffer->window = *window;
    return STATUS_SUCCESS;
}

// Moves one side of the window, and the other with it, so that a place is between them.
static void follow(int16_t *low, int16_t *high, int place)
{
    int shift = place < *low ? place - *low : place > *high ? place - *high : 0;
    *low += shift;
    *high += shift;
}

static void follow_cursor(struct console_buffer *buffer)
{
    SMALL_RECT32 window = buffer->window;
    int16_t left = window.Left, top = window.Top, right = window.Right, bottom = window.Bottom;
    follow(&left, &right, buffer->x);
    follow(&top, &bottom, buffer->y);
    buffer->window = (SMALL_RECT32){left, top, right, bottom};
}

NTSTATUS console_buffer_set_cursor(struct console_buffer *buffer, int x, int y)
{
    if (x < 0 || y < 0 || x >= buffer->columns || y >= buffer->rows) return STATUS_INVALID_PARAMETER;
    // Where a line was filled counts only as long as the cursor stays there.
    if (x != buffer->x || y != buffer->y) buffer->vt.wrap_pending = false;
    buffer->x = x;
    buffer->y = y;
    follow_cursor(buffer);
    return STATUS_SUCCESS;
}

// ---- text ----

// To the start of the next line; at the last one all lines move up.
static void new_line(struct console_buffer *buffer)
{
    size_t line = buffer->columns, rest = line * (buffer->rows - 1);
    buffer->x = 0;
    if (buffer->y + 1 < buffer->rows) {
        buffer->y++;
        return;
    }
    memmove(buffer->cells, buffer->cells + line, rest * sizeof *buffer->cells);
    fill_cells(buffer->cells + rest, line, blank_cell(buffer->attribute));
}

// One cell at the cursor. Without wrapping a line's end leads back to the column where its text began.
static void put(struct console_buffer *buffer, uint16_t unit, int start, struct console_render *out)
{
    CHAR_INFO32 *cell = &buffer->cells[(size_t)buffer->y * buffer->columns + buffer->x];
    cell->Char.UnicodeChar = unit;
    cell->Attributes = buffer->attribute;
    console_render_unit(out, unit);
    if (++buffer->x < buffer->columns) return;
    if (buffer->mode & ENABLE_WRAP_AT_EOL_OUTPUT) {
        console_render_text(out, "\r\n");
        new_line(buffer);
    } else {
        buffer->x = start;
        console_render_column(out, start);
    }
}

static void put_tab(struct console_buffer *buffer, int start, struct console_render *out)
{
    do put(buffer, ' ', start, out);
    while (buffer->x % 8 != 0 && buffer->x != start);
}

void console_buffer_write(struct console_buffer *buffer, const uint16_t *units, size_t n,
                          struct console_render *out)
{
    bool processed = buffer->mode & ENABLE_PROCESSED_OUTPUT;
    int start = buffer->x;
    buffer->vt.wrap_pending = false;
    for (size_t i = 0; i < n; i++) {
        uint16_t unit = processed ? units[i] : 'x'; // else no character is special
        switch (unit) {
        case '\a': console_render_text(out, "\a"); break;
        case '\b':
            if (buffer->x > 0) console_render_text(out, "\b");
            buffer->x -= buffer->x > 0;
            break;
        case '\t': put_tab(buffer, start, out); break;
        case '\r':
            console_render_text(out, "\r");
            buffer->x = start = 0;
            break;
        case '\n':
            console_render_text(out, buffer->x > 0 ? "\r\n" : "\n");
            new_line(buffer);
            start = 0;
            break;
        default: put(buffer, units[i], start, out);
        }
    }
    follow_cursor(buffer);
}

// ---- cells ----

CHAR_INFO32 *console_buffer_run(struct console_buffer *buffer, int x, int y, size_t *n)
{
    size_t all = (size_t)buffer->columns * buffer->rows, at = (size_t)y * buffer->columns + x;
    if (x < 0 || y < 0 || x >= buffer->columns || y >= buffer->rows) {
        *n = 0;
        return NULL;
    }
    if (*n > all - at) *n = all - at;
    return buffer->cells + at;
}

void console_buffer_fill(CHAR_INFO32 *cells, enum console_part part, uint16_t value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (part == CONSOLE_CHARACTERS)
            cells[i].Char.UnicodeChar = value;
        else
            cells[i].Attributes = value;
    }
}

static bool is_inside(const SMALL_RECT32 *rectangle, int x, int y)
{
    return x >= rectangle->Left && x <= rectangle->Right && y >= rectangle->Top && y <= rectangle->Bottom;
}

void console_buffer_move(struct console_buffer *buffer, const SMALL_RECT32 *region, const SMALL_RECT32 *clip,
                         int x, int y, CHAR_INFO32 blank)
{
    size_t n = (size_t)buffer->columns * buffer->rows;
    CHAR_INFO32 *old = malloc(n * sizeof *old);
    if (old == NULL) return;
    memcpy(old, buffer->cells, n * sizeof *old);
    for (int row = 0; row < buffer->rows; row++)
        for (int column = 0; column < buffer->columns; column++) {
            // Where this cell's new contents come from.
            int from_x = column - x + region->Left, from_y = row - y + region->Top;
            CHAR_INFO32 *cell = &buffer->cells[(size_t)row * buffer->columns + column];
            if (!is_inside(clip, column, row)) continue;
            if (is_inside(region, from_x, from_y) && from_x >= 0 && from_y >= 0 && from_x < buffer->columns &&
                from_y < buffer->rows)
                *cell = old[(size_t)from_y * buffer->columns + from_x];
            else if (is_inside(region, column, row))
                *cell = blank;
        }
    free(old);
}
