// Editing a line on a terminal, from keys that it sends raw.
#include "console_keys.h"
#include "console_line.h"
#include "console_render.h"
#include "console_terminal.h"
#include "loader/control_events.h"
#include <fcntl.h>
#include <unistd.h>

struct terminal_line {
    struct console_shared *shared;
    const struct file *file;
    struct console_render *out;
};

int console_terminal_echo(const struct file *file)
{
    if ((fcntl(file->fd, F_GETFL) & O_ACCMODE) != O_RDONLY) return file->fd;
    return isatty(STDERR_FILENO) ? STDERR_FILENO : STDOUT_FILENO;
}

// What was echoed so far must be there before the terminal is asked where the cursor is.
static bool locate(void *context, int *column, int *columns)
{
    struct terminal_line *line = context;
    int fd = line->file->fd, row;
    for (size_t done = 0; done < line->out->n;) {
        ssize_t n = write(console_terminal_echo(line->file), line->out->text + done, line->out->n - done);
        if (n <= 0) return false;
        done += (size_t)n;
    }
    line->out->n = 0;
    if (tcgetpgrp(fd) != getpgrp() || !terminal_ask_cursor(line->shared, fd, column, &row)) return false;
    return NT_SUCCESS(terminal_get_size(line->file, columns, &row));
}

static void write_line(void *context, const uint16_t *units, size_t n)
{
    struct terminal_line *line = context;
    for (size_t i = 0; i < n; i++) {
        if (units[i] == '\r' || units[i] == '\n')
            console_render_text(line->out, units[i] == '\r' ? "\r" : "\n");
        else
            console_render_unit(line->out, units[i]);
    }
}

static void move_cursor(void *context, int right, int down)
{
    struct terminal_line *line = context;
    console_render_move(line->out, right, down);
}

// The terminal's own erase key deletes one character, whichever it is.
static void correct_erase(const struct console_shared *shared, KEY_EVENT_RECORD32 *key)
{
    if (key->uChar.UnicodeChar == 0x7F && shared->original.c_cc[VERASE] == '\b')
        key->uChar.UnicodeChar = '\b';
}

// The terminal takes Ctrl+C as a signal: what was typed before it counts no more.
static void drop_interrupted(struct console_shared *shared, struct console_render *out)
{
    static uint32_t seen; // under console.lock
    uint32_t events = control_events_count();
    if (events != seen && shared->edited > 0) {
        if (shared->input_mode & ENABLE_ECHO_INPUT) console_render_text(out, "\r\n");
        console_line_drop(shared);
    }
    seen = events;
}

bool console_terminal_edit_line(struct console_shared *shared, const struct file *file,
                                struct console_render *out)
{
    enum { CTRL_D = 4, CTRL_Z = 26 };
    struct terminal_line line = {shared, file, out};
    const struct line_display display = {&line, locate, write_line, move_cursor, true, true};
    bool echo = shared->input_mode & ENABLE_ECHO_INPUT;
    drop_interrupted(shared, out);
    while (shared->line_length == 0 && shared->queued > 0) {
        INPUT_RECORD32 record = shared->queue[shared->first % INPUT_QUEUE];
        KEY_EVENT_RECORD32 key = record.Event.KeyEvent;
        shared->first = (shared->first + 1) % INPUT_QUEUE;
        shared->queued--;
        if (record.EventType != KEY_EVENT || !key.bKeyDown) continue;
        correct_erase(shared, &key);
        if (key.uChar.UnicodeChar == CTRL_D && shared->edited == 0) return true;
        bool shown = key.dwControlKeyState & KEY_IS_SHOWN;
        key.dwControlKeyState &= ~(uint32_t)KEY_IS_SHOWN;
        console_line_key(shared, echo && !shown ? &display : NULL, &key);
    }
    if (shared->line_length == 0 || shared->line[shared->line_start] != CTRL_Z) return false;
    shared->line_length = 0;
    return true;
}
