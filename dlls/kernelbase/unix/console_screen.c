// The console's screen as the guest's calls see it: a terminal's, or a buffer in memory.
#include "console_memory.h"
#include "console_pseudo.h"
#include "console_terminal.h"
#include "kernelbase_host.h"
#include "loader/guest.h"
#include <string.h>

// A resolved output handle. buffer NULL: it is the terminal's; else a copy to work on, and the console's lock
// is held.
struct screen {
    struct file *file;
    struct console_shared *shared;
    struct console_buffer *buffer;
    struct console_screen change;
};

static NTSTATUS open_screen(HANDLE32 handle, struct screen *screen)
{
    NTSTATUS status = console_resolve(handle, true, &screen->file);
    if (!NT_SUCCESS(status)) return status;
    screen->shared = console_lock();
    bool memory = screen->shared != NULL &&
                  console_screen_begin(&screen->change, screen->shared, console_end_of(screen->file));
    screen->buffer = memory ? &screen->change.buffer : NULL;
    if (memory) return STATUS_SUCCESS;
    if (screen->shared != NULL) console_unlock();
    if (screen->shared != NULL && screen->file->fd >= 0) return STATUS_SUCCESS;
    file_release(screen->file);
    return screen->shared != NULL ? STATUS_INVALID_HANDLE : STATUS_NO_MEMORY;
}

static NTSTATUS close_screen(struct screen *screen, NTSTATUS status)
{
    NTSTATUS sent = screen->buffer != NULL ? console_screen_end(&screen->change) : STATUS_SUCCESS;
    file_release(screen->file);
    return NT_SUCCESS(status) ? sent : status;
}

// The row that is n cells behind x,y.
static int row_behind(const struct console_buffer *buffer, int x, int y, size_t n)
{
    return y + (int)((x + n) / buffer->columns);
}

// ---- size, window, cursor, colours ----

static void get_info(const struct console_buffer *buffer, CONSOLE_SCREEN_BUFFER_INFO32 *info)
{
    info->dwSize = (COORD32){buffer->columns, buffer->rows};
    info->dwCursorPosition = (COORD32){buffer->x, buffer->y};
    info->wAttributes = buffer->attribute;
    info->srWindow = buffer->window;
    info->dwMaximumWindowSize = (COORD32){buffer->columns, buffer->rows};
}

NTSTATUS ConsoleGetScreenInfo(HANDLE32 handle, CONSOLE_SCREEN_BUFFER_INFO32 *info)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL)
        get_info(screen.buffer, info);
    else
        status = terminal_get_info(screen.file, info);
    return close_screen(&screen, status);
}

// A terminal's colours are its own business: it is said to have the usual ones.
NTSTATUS ConsoleGetScreenInfoEx(HANDLE32 handle, CONSOLE_SCREEN_BUFFER_INFOEX32 *info)
{
    struct screen screen;
    CONSOLE_SCREEN_BUFFER_INFO32 basic;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    const struct console_buffer *buffer = screen.buffer;
    if (buffer != NULL)
        get_info(buffer, &basic);
    else
        status = terminal_get_info(screen.file, &basic);
    if (NT_SUCCESS(status)) {
        info->cbSize = sizeof *info;
        info->dwSize = basic.dwSize;
        info->dwCursorPosition = basic.dwCursorPosition;
        info->wAttributes = basic.wAttributes;
        info->srWindow = basic.srWindow;
        info->dwMaximumWindowSize = basic.dwMaximumWindowSize;
        info->wPopupAttributes = buffer != NULL ? buffer->popup_attribute : CONSOLE_POPUP;
        memcpy(info->ColorTable, buffer != NULL ? buffer->colours : console_palette, sizeof console_palette);
    }
    return close_screen(&screen, status);
}

NTSTATUS ConsoleSetScreenInfoEx(HANDLE32 handle, const CONSOLE_SCREEN_BUFFER_INFOEX32 *info)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    struct console_buffer *buffer = screen.buffer;
    if (buffer == NULL) {
        status = terminal_set_attribute(screen.file, info->wAttributes);
    } else {
        // The window is given with its right and bottom sides excluded, though it is told with them included.
        SMALL_RECT32 window = info->srWindow;
        window.Right -= window.Right >= info->dwSize.X;
        window.Bottom -= window.Bottom >= info->dwSize.Y;
        if (info->dwSize.X < 1 || info->dwSize.Y < 1) {
            status = STATUS_INVALID_PARAMETER;
        } else {
            buffer->window = (SMALL_RECT32){0, 0, 0, 0}; // shrinks first, so that any size fits
            status = console_buffer_resize(buffer, info->dwSize.X, info->dwSize.Y);
            if (NT_SUCCESS(status)) status = console_buffer_set_window(buffer, &window);
        }
        buffer->attribute = info->wAttributes;
        buffer->popup_attribute = info->wPopupAttributes;
        memcpy(buffer->colours, info->ColorTable, sizeof buffer->colours);
        console_buffer_set_cursor(buffer, info->dwCursorPosition.X, info->dwCursorPosition.Y);
        console_screen_changed(&screen.change, 0, buffer->rows - 1);
    }
    return close_screen(&screen, status);
}

NTSTATUS ConsoleSetBufferSize(HANDLE32 handle, int32_t columns, int32_t rows)
{
    struct screen screen;
    CONSOLE_SCREEN_BUFFER_INFO32 info;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL) {
        status = console_buffer_resize(screen.buffer, columns, rows);
    } else {
        status = terminal_get_info(screen.file, &info);
        // A terminal has no lines beyond its window; programs that want more go on without.
        if (NT_SUCCESS(status) && (columns != info.dwSize.X || rows < info.dwSize.Y))
            status = STATUS_INVALID_PARAMETER;
    }
    return close_screen(&screen, status);
}

NTSTATUS ConsoleSetWindow(HANDLE32 handle, const SMALL_RECT32 *window)
{
    struct screen screen;
    CONSOLE_SCREEN_BUFFER_INFO32 info;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL) {
        status = console_buffer_set_window(screen.buffer, window);
    } else {
        status = terminal_get_info(screen.file, &info);
        if (NT_SUCCESS(status) && memcmp(window, &info.srWindow, sizeof *window) != 0)
            status = STATUS_INVALID_PARAMETER;
    }
    return close_screen(&screen, status);
}

NTSTATUS ConsoleSetCursorPosition(HANDLE32 handle, int32_t x, int32_t y)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer == NULL) return close_screen(&screen, terminal_set_cursor(screen.file, x, y));
    status = console_buffer_set_cursor(screen.buffer, x, y);
    console_render_cursor(screen.change.out, screen.buffer);
    return close_screen(&screen, status);
}

NTSTATUS ConsoleGetCursorInfo(HANDLE32 handle, CONSOLE_CURSOR_INFO32 *info)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    info->dwSize = screen.buffer != NULL ? screen.buffer->cursor_size : screen.shared->cursor_size;
    info->bVisible = screen.buffer != NULL ? screen.buffer->cursor_visible : screen.shared->cursor_visible;
    return close_screen(&screen, status);
}

NTSTATUS ConsoleSetCursorInfo(HANDLE32 handle, const CONSOLE_CURSOR_INFO32 *info)
{
    struct screen screen;
    if (info->dwSize < 1 || info->dwSize > 100) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL) {
        screen.buffer->cursor_size = info->dwSize;
        screen.buffer->cursor_visible = info->bVisible != 0;
        console_render_cursor(screen.change.out, screen.buffer);
    } else {
        status = terminal_set_cursor_info(screen.file, info);
    }
    return close_screen(&screen, status);
}

NTSTATUS ConsoleSetAttribute(HANDLE32 handle, uint32_t attribute)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL)
        screen.buffer->attribute = attribute;
    else
        status = terminal_set_attribute(screen.file, attribute);
    return close_screen(&screen, status);
}

// ---- cells ----

enum { CHUNK = 256 }; // values at a time between cells and the guest

// Copies one part of cells to the guest, or from there, as far as it goes.
static NTSTATUS copy_run(CHAR_INFO32 *cells, uint32_t part, gptr values, size_t n, bool to_guest,
                         uint32_t *done)
{
    uint16_t chunk[CHUNK];
    bool characters = part == CONSOLE_CHARACTERS;
    while (*done < n) {
        size_t count = n - *done < CHUNK ? n - *done : CHUNK;
        gptr at = values + *done * sizeof *chunk;
        if (!to_guest && !guest_read(chunk, at, count * sizeof *chunk)) return STATUS_ACCESS_VIOLATION;
        for (size_t i = 0; i < count; i++) {
            CHAR_INFO32 *cell = &cells[*done + i];
            if (to_guest)
                chunk[i] = characters ? cell->Char.UnicodeChar : cell->Attributes;
            else if (characters)
                cell->Char.UnicodeChar = chunk[i];
            else
                cell->Attributes = chunk[i];
        }
        if (to_guest && !guest_write(at, chunk, count * sizeof *chunk)) return STATUS_ACCESS_VIOLATION;
        *done += count;
    }
    return STATUS_SUCCESS;
}

// Copies one part of the cells from x,y on to the guest, or from there.
static NTSTATUS transfer_run(HANDLE32 handle, uint32_t part, gptr values, uint32_t count, int32_t x,
                             int32_t y, bool to_guest, uint32_t *done)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    size_t n = count;
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL) {
        CHAR_INFO32 *cells = console_buffer_run(screen.buffer, x, y, &n);
        status = copy_run(cells, part, values, n, to_guest, done);
        if (!to_guest) console_screen_changed(&screen.change, y, row_behind(screen.buffer, x, y, *done));
    } else {
        status = !to_guest && part == CONSOLE_CHARACTERS
                     ? terminal_write_text(screen.file, values, count, x, y, done)
                     : STATUS_NOT_SUPPORTED;
    }
    return close_screen(&screen, status);
}

NTSTATUS ConsoleReadRun(HANDLE32 handle, uint32_t part, gptr values, uint32_t count, int32_t x, int32_t y,
                        uint32_t *done)
{
    return transfer_run(handle, part, values, count, x, y, true, done);
}

NTSTATUS ConsoleWriteRun(HANDLE32 handle, uint32_t part, gptr values, uint32_t count, int32_t x, int32_t y,
                         uint32_t *done)
{
    return transfer_run(handle, part, values, count, x, y, false, done);
}

// A terminal's cells get an attribute as blanks: programs use that together with a fill by blanks, to clear.
NTSTATUS ConsoleFillRun(HANDLE32 handle, uint32_t part, uint32_t value, uint32_t count, int32_t x, int32_t y,
                        uint32_t *done)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    size_t n = count;
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer == NULL) {
        bool characters = part == CONSOLE_CHARACTERS;
        return close_screen(&screen,
                            terminal_fill(screen.file, characters ? value : 0,
                                          characters ? screen.shared->attribute : value, count, x, y, done));
    }
    CHAR_INFO32 *cells = console_buffer_run(screen.buffer, x, y, &n);
    console_buffer_fill(cells, part, value, n);
    *done = n;
    console_screen_changed(&screen.change, y, row_behind(screen.buffer, x, y, n));
    return close_screen(&screen, status);
}

// Copies rows of a rectangle inside the buffer; the guest's follow each other.
static NTSTATUS copy_rows(struct console_buffer *buffer, gptr cells, uint32_t columns, uint32_t rows, int x,
                          int y, bool to_guest)
{
    if (x < 0 || y < 0 || columns > (uint32_t)buffer->columns || rows > (uint32_t)buffer->rows ||
        x + (int)columns > buffer->columns || y + (int)rows > buffer->rows)
        return STATUS_INVALID_PARAMETER;
    for (uint32_t row = 0; row < rows; row++) {
        CHAR_INFO32 *line = buffer->cells + (size_t)(y + row) * buffer->columns + x;
        size_t size = columns * sizeof *line;
        if (to_guest ? !guest_write(cells + row * size, line, size)
                     : !guest_read(line, cells + row * size, size))
            return STATUS_ACCESS_VIOLATION;
    }
    return STATUS_SUCCESS;
}

NTSTATUS ConsoleReadCells(HANDLE32 handle, gptr cells, uint32_t columns, uint32_t rows, int32_t x, int32_t y)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    status = screen.buffer != NULL ? copy_rows(screen.buffer, cells, columns, rows, x, y, true)
                                   : STATUS_NOT_SUPPORTED;
    return close_screen(&screen, status);
}

NTSTATUS ConsoleWriteCells(HANDLE32 handle, gptr cells, uint32_t columns, uint32_t rows, int32_t x, int32_t y)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL) {
        status = copy_rows(screen.buffer, cells, columns, rows, x, y, false);
        console_screen_changed(&screen.change, y, y + (int)rows - 1);
    } else {
        status = terminal_write_cells(screen.file, cells, columns, rows, x, y);
    }
    return close_screen(&screen, status);
}

NTSTATUS ConsoleMoveCells(HANDLE32 handle, const SMALL_RECT32 *region, const SMALL_RECT32 *clip, int32_t x,
                          int32_t y, const CHAR_INFO32 *blank)
{
    struct screen screen;
    NTSTATUS status = open_screen(handle, &screen);
    if (!NT_SUCCESS(status)) return status;
    if (screen.buffer != NULL) {
        SMALL_RECT32 all = {0, 0, screen.buffer->columns - 1, screen.buffer->rows - 1};
        console_buffer_move(screen.buffer, region, clip != NULL ? clip : &all, x, y, *blank);
        console_screen_changed(&screen.change, 0, screen.buffer->rows - 1);
    } else {
        status = terminal_move(screen.file, region, clip, x, y, blank->Attributes);
    }
    return close_screen(&screen, status);
}
