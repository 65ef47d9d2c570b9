// The screen of a terminal: size, cursor, colours and rectangles, by what every terminal since the VT100
// understands.
#include "console_terminal.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "loader/guest.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEFAULT_ATTRIBUTE = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE };

// A sequence under construction.
struct output {
    char text[16384];
    size_t n;
};

static void print(struct output *out, const char *format, int a, int b)
{
    if (out->n + 64 < sizeof out->text) out->n += sprintf(out->text + out->n, format, a, b);
}

// Windows counts colours blue, green, red; terminals red, green, blue.
static int colour(uint32_t bits)
{
    return (bits & 1 ? 4 : 0) | (bits & 2) | (bits & 4 ? 1 : 0);
}

// The colours that programs start with are the terminal's own, whatever they are.
static void put_attribute(struct output *out, uint32_t attribute)
{
    if ((attribute & 0xFF) == DEFAULT_ATTRIBUTE) {
        print(out, attribute & COMMON_LVB_REVERSE_VIDEO ? "\033[0;7m" : "\033[0m", 0, 0);
        return;
    }
    int foreground = colour(attribute) + (attribute & FOREGROUND_INTENSITY ? 90 : 30);
    int background = colour(attribute >> 4) + (attribute & BACKGROUND_INTENSITY ? 100 : 40);
    if (!(attribute & 0xF0)) background = 49;
    print(out, "\033[0;%d;%dm", foreground, background);
    if (attribute & COMMON_LVB_UNDERSCORE) print(out, "\033[4m", 0, 0);
    if (attribute & COMMON_LVB_REVERSE_VIDEO) print(out, "\033[7m", 0, 0);
}

// The attribute of text written from now on.
static uint32_t text_attribute(void)
{
    struct console_shared *shared = console_lock();
    if (shared == NULL) return DEFAULT_ATTRIBUTE;
    uint32_t attribute = shared->attribute;
    console_unlock();
    return attribute;
}

NTSTATUS terminal_get_size(const struct file *file, int *columns, int *rows)
{
    struct winsize size;
    *columns = *rows = 0;
    if (ioctl(file->fd, TIOCGWINSZ, &size) != 0) return status_from_errno(errno);
    // A terminal that doesn't know its size, as on serial lines and under expect.
    *columns = size.ws_col != 0 ? size.ws_col : 80;
    *rows = size.ws_row != 0 ? size.ws_row : 25;
    return STATUS_SUCCESS;
}

bool terminal_ask_cursor(struct console_shared *shared, int fd, int *x, int *y)
{
    static bool silent;
    if (silent || console.partial_n != 0) return false;
    bool raw = console.raw;
    console_set_raw(shared, fd, true);
    char answer[64];
    size_t n = 0;
    bool found = false;
    if (write(fd, "\033[6n", 4) == 4) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        while (!found && n < sizeof answer - 1 && poll(&ready, 1, 100) > 0) {
            ssize_t got = read(fd, answer + n, sizeof answer - 1 - n);
            if (got <= 0) break;
            n += got;
            answer[n] = '\0';
            const char *start = strstr(answer, "\033[");
            int end = 0;
            if (start != NULL && sscanf(start, "\033[%d;%dR%n", y, x, &end) == 2 && end > 0) {
                found = true;
                memmove(answer + (start - answer), start + end, n - (start - answer) - end);
                n -= end;
            }
        }
    }
    silent = !found;
    if (n <= sizeof console.partial) {
        memcpy(console.partial, answer, n); // keys that were pressed meanwhile
        console.partial_n = n;
    }
    if (!raw) console_set_raw(shared, fd, false);
    *x -= 1;
    *y -= 1;
    return found;
}

NTSTATUS terminal_get_info(const struct file *file, CONSOLE_SCREEN_BUFFER_INFO32 *info)
{
    int columns, rows, x = 0, y = 0;
    NTSTATUS status = terminal_get_size(file, &columns, &rows);
    if (!NT_SUCCESS(status)) return status;
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    // Only who may read the terminal gets the answer: not a background job.
    if (tcgetpgrp(file->fd) != getpgrp() || !terminal_ask_cursor(shared, file->fd, &x, &y)) x = y = 0;
    info->wAttributes = shared->attribute;
    console_unlock();
    info->dwSize = (COORD32){columns, rows};
    info->dwCursorPosition = (COORD32){x < columns ? x : columns - 1, y < rows ? y : rows - 1};
    info->srWindow = (SMALL_RECT32){0, 0, columns - 1, rows - 1};
    info->dwMaximumWindowSize = (COORD32){columns, rows};
    return status;
}

NTSTATUS terminal_set_cursor(const struct file *file, int x, int y)
{
    int columns, rows;
    char text[32];
    NTSTATUS status = terminal_get_size(file, &columns, &rows);
    if (!NT_SUCCESS(status)) return status;
    if (x < 0 || y < 0 || x >= columns || y >= rows) return STATUS_INVALID_PARAMETER;
    return console_put(file, text, sprintf(text, "\033[%d;%dH", y + 1, x + 1));
}

NTSTATUS terminal_set_cursor_info(const struct file *file, const CONSOLE_CURSOR_INFO32 *info)
{
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    shared->cursor_size = info->dwSize;
    shared->cursor_visible = info->bVisible != 0;
    console_unlock();
    return console_put(file, info->bVisible ? "\033[?25h" : "\033[?25l", 6);
}

NTSTATUS terminal_set_attribute(const struct file *file, uint32_t attribute)
{
    struct output out = {.n = 0};
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    shared->attribute = attribute;
    console_unlock();
    put_attribute(&out, attribute);
    return console_put(file, out.text, out.n);
}

// Sends what there is so far, so that the buffer has room for a row.
static NTSTATUS send(const struct file *file, struct output *out)
{
    NTSTATUS status = console_put(file, out->text, out->n);
    out->n = 0;
    return status;
}

// One character as text.
static void put_unit(struct output *out, struct text_state *state, uint16_t unit)
{
    if (unit < 32) unit = ' '; // a cell holds no control character
    out->n += text_to_utf8(state, out->text + out->n, &unit, 1, true);
}

// Text drawn elsewhere leaves cursor and colours as they were.
static void begin(struct output *out)
{
    print(out, "\0337", 0, 0);
}

static void end(struct output *out)
{
    print(out, "\0338", 0, 0);
    put_attribute(out, text_attribute());
}

NTSTATUS terminal_fill(const struct file *file, uint32_t character, uint32_t attribute, uint32_t length,
                       int x, int y, uint32_t *filled)
{
    int columns, rows;
    NTSTATUS status = terminal_get_size(file, &columns, &rows);
    struct output out = {.n = 0};
    struct text_state state = {0};
    begin(&out);
    put_attribute(&out, attribute);
    while (NT_SUCCESS(status) && *filled < length && x >= 0 && x < columns && y >= 0 && y < rows) {
        uint32_t cells = columns - x;
        if (cells > length - *filled) cells = length - *filled;
        print(&out, "\033[%d;%dH", y + 1, x + 1);
        if (character == 0 || character == ' ') print(&out, "\033[%dX", cells, 0);
        for (uint32_t i = 0; character > ' ' && i < cells && i < 2048; i++) put_unit(&out, &state, character);
        *filled += cells;
        x = 0;
        y++;
        if (out.n > sizeof out.text - 8192) status = send(file, &out);
    }
    end(&out);
    return NT_SUCCESS(status) ? send(file, &out) : status;
}

NTSTATUS terminal_write_text(const struct file *file, gptr text, uint32_t count, int x, int y,
                             uint32_t *written)
{
    int columns, rows;
    NTSTATUS status = terminal_get_size(file, &columns, &rows);
    struct output out = {.n = 0};
    struct text_state state = {0};
    begin(&out);
    put_attribute(&out, text_attribute());
    print(&out, "\033[%d;%dH", y + 1, x + 1);
    while (NT_SUCCESS(status) && *written < count && x >= 0 && x < columns && y >= 0 && y < rows) {
        uint16_t unit;
        if (!guest_read(&unit, text + *written * 2, sizeof unit)) {
            status = STATUS_ACCESS_VIOLATION;
            break;
        }
        put_unit(&out, &state, unit);
        ++*written;
        if (++x == columns) {
            // What reaches the right edge goes on in the next line.
            x = 0;
            y++;
            print(&out, "\033[%d;%dH", y + 1, x + 1);
        }
        if (out.n > sizeof out.text - 128) status = send(file, &out);
    }
    end(&out);
    NTSTATUS ended = send(file, &out);
    return NT_SUCCESS(status) ? ended : status;
}

NTSTATUS terminal_write_cells(const struct file *file, gptr cells, uint32_t width, uint32_t height, int x,
                              int y)
{
    enum { WIDTH_MAX = 1024 };
    int columns, rows;
    CHAR_INFO32 line[WIDTH_MAX];
    if (width > WIDTH_MAX || height > 0x7FFF) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = terminal_get_size(file, &columns, &rows);
    struct output out = {.n = 0};
    struct text_state state = {0};
    begin(&out);
    for (uint32_t row = 0; NT_SUCCESS(status) && row < height && y + (int)row < rows; row++) {
        if (!guest_read(line, cells + row * width * sizeof *line, width * sizeof *line)) {
            status = STATUS_ACCESS_VIOLATION;
            break;
        }
        print(&out, "\033[%d;%dH", y + row + 1, x + 1);
        uint32_t attribute = UINT32_MAX;
        for (uint32_t column = 0; NT_SUCCESS(status) && column < width && x + (int)column < columns;
             column++) {
            if (line[column].Attributes != attribute)
                put_attribute(&out, attribute = line[column].Attributes);
            put_unit(&out, &state, line[column].Char.UnicodeChar);
            if (out.n > sizeof out.text - 128) status = send(file, &out);
        }
        if (out.n > sizeof out.text - 256) status = send(file, &out);
    }
    end(&out);
    NTSTATUS ended = send(file, &out);
    return NT_SUCCESS(status) ? ended : status;
}

// Moves whole lines of the window up (negative) or down; lines that come free get the attribute.
static NTSTATUS scroll(const struct file *file, int rows, int top, int bottom, int lines, uint32_t attribute)
{
    if (top < 0 || bottom < top || top >= rows) return STATUS_INVALID_PARAMETER;
    if (lines == 0) return STATUS_SUCCESS;
    if (bottom >= rows) bottom = rows - 1;
    struct output out = {.n = 0};
    begin(&out);
    put_attribute(&out, attribute);
    print(&out, "\033[%d;%dr", top + 1, bottom + 1);
    print(&out, lines < 0 ? "\033[%dS" : "\033[%dT", lines < 0 ? -lines : lines, 0);
    print(&out, "\033[r", 0, 0);
    end(&out);
    return send(file, &out);
}

NTSTATUS terminal_move(const struct file *file, const SMALL_RECT32 *region, const SMALL_RECT32 *clip, int x,
                       int y, uint32_t attribute)
{
    int columns, rows;
    NTSTATUS status = terminal_get_size(file, &columns, &rows);
    if (!NT_SUCCESS(status)) return status;
    if (region->Left > 0 || region->Right < columns - 1 || x != region->Left) return STATUS_NOT_SUPPORTED;
    int lines = y - region->Top;
    int top = lines < 0 ? y : region->Top, bottom = lines < 0 ? region->Bottom : region->Bottom + lines;
    if (clip != NULL && top < clip->Top) top = clip->Top;
    if (clip != NULL && bottom > clip->Bottom) bottom = clip->Bottom;
    return scroll(file, rows, top, bottom, lines, attribute);
}
