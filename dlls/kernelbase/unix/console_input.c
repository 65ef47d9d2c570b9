// What is read from the console: lines, or input records; both are made from what a terminal sends raw.
#include "console_keys.h"
#include "console_line.h"
#include "console_memory.h"
#include "console_names.h"
#include "console_pseudo.h"
#include "console_terminal.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "kernelbase_host.h"
#include "loader/guest.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// ---- records ----

static void enqueue(struct console_shared *shared, const INPUT_RECORD32 *record)
{
    if (shared->queued >= INPUT_QUEUE) return; // as Windows: what no longer fits is lost
    shared->queue[(shared->first + shared->queued++) % INPUT_QUEUE] = *record;
    if (!shared->terminal) console_memory_signal(shared);
}

// Takes the first n records away.
static void dequeue(struct console_shared *shared, uint32_t n)
{
    shared->first = (shared->first + n) % INPUT_QUEUE;
    shared->queued -= n;
    if (!shared->terminal) console_memory_signal(shared);
}

// A window event when the size has changed since the last look.
static void note_size(struct console_shared *shared, int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return;
    bool changed = console.rows != 0 && (size.ws_row != console.rows || size.ws_col != console.columns);
    console.rows = size.ws_row;
    console.columns = size.ws_col;
    if (!changed || !(shared->input_mode & ENABLE_WINDOW_INPUT)) return;
    INPUT_RECORD32 record = {.EventType = WINDOW_BUFFER_SIZE_EVENT};
    record.Event.WindowBufferSizeEvent.dwSize.X = size.ws_col;
    record.Event.WindowBufferSizeEvent.dwSize.Y = size.ws_row;
    enqueue(shared, &record);
}

static bool readable(int fd, int milliseconds)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, milliseconds) > 0;
}

// The next key, or character where the program wants the terminal's sequences as they are.
static size_t decode(const struct console_shared *shared, bool last, INPUT_RECORD32 records[KEY_RECORDS_MAX],
                     size_t *count)
{
    return (shared->input_mode & (ENABLE_VIRTUAL_TERMINAL_INPUT | ENABLE_LINE_INPUT)) ==
                   ENABLE_VIRTUAL_TERMINAL_INPUT
               ? console_text_decode(console.partial, console.partial_n, records, count)
               : console_key_decode(console.partial, console.partial_n, last, records, count);
}

// Turns what the terminal has sent into records, without waiting. False at the terminal's end.
static bool fill(struct console_shared *shared, const struct file *file)
{
    const int fd = file->fd;
    if (!console_end_of(file)->terminal) return true; // what there is was written
    console_set_raw(shared, fd, true);
    note_size(shared, fd);
    bool open = true;
    while (shared->queued < INPUT_QUEUE - KEY_RECORDS_MAX) {
        bool more = readable(fd, 0);
        if (more && console.partial_n < sizeof console.partial) {
            ssize_t n =
                read(fd, console.partial + console.partial_n, sizeof console.partial - console.partial_n);
            if (n <= 0) {
                open = n < 0 && (errno == EINTR || errno == EAGAIN);
                break;
            }
            console.partial_n += n;
        }
        if (console.partial_n == 0) break;
        INPUT_RECORD32 records[KEY_RECORDS_MAX];
        size_t count, used = decode(shared, false, records, &count);
        // A lone escape: what belongs to it would come at once.
        if (used == 0 && !readable(fd, 25)) used = decode(shared, true, records, &count);
        for (size_t i = 0; i < count; i++) {
            if (shared->ahead > 0 && records[i].EventType == KEY_EVENT)
                records[i].Event.KeyEvent.dwControlKeyState |= KEY_IS_SHOWN;
            enqueue(shared, &records[i]);
        }
        shared->ahead -= shared->ahead < used ? shared->ahead : (uint32_t)used;
        memmove(console.partial, console.partial + used, console.partial_n - used);
        console.partial_n -= used;
        if (used == 0 && !readable(fd, 0)) break;
    }
    return open;
}

// Waits until there may be input. As host_wait_fd; not under the lock.
static NTSTATUS console_wait_input(const struct file *file)
{
    if (console_end_of(file)->terminal) return host_wait_fd(file->fd, POLLIN, false, NULL);
    if (console_lock() == NULL) return STATUS_NO_MEMORY;
    struct console_share *share = console_share_retain(console.share);
    console_unlock();
    NTSTATUS status = host_wait_fd(share->wake, POLLIN, false, NULL);
    console_share_release(share);
    return status;
}

// Gives the first records to the guest. *open: whether the terminal is still there.
static NTSTATUS give_records(const struct file *file, gptr records, uint32_t count, bool peek, uint32_t *got,
                             bool *open)
{
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    NTSTATUS status = STATUS_SUCCESS;
    *open = fill(shared, file);
    uint32_t n = shared->queued < count ? shared->queued : count;
    for (uint32_t i = 0; i < n && NT_SUCCESS(status); i++) {
        INPUT_RECORD32 record = shared->queue[(shared->first + i) % INPUT_QUEUE];
        if (record.EventType == KEY_EVENT) record.Event.KeyEvent.dwControlKeyState &= ~(uint32_t)KEY_IS_SHOWN;
        if (!guest_write(records + i * sizeof record, &record, sizeof record))
            status = STATUS_ACCESS_VIOLATION;
    }
    if (NT_SUCCESS(status) && !peek) dequeue(shared, n);
    if (!shared->terminal) console_memory_signal(shared);
    console_unlock();
    *got = n;
    return status;
}

NTSTATUS ConsoleReadInput(HANDLE32 handle, gptr records, uint32_t count, uint8_t peek, uint32_t *got)
{
    struct file *file;
    bool open = true;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    for (;;) {
        status = give_records(file, records, count, peek, got, &open);
        if (!NT_SUCCESS(status) || *got > 0 || peek || count == 0) break;
        status = open ? console_wait_input(file) : STATUS_INVALID_HANDLE; // the terminal is gone
        if (!NT_SUCCESS(status)) break;
    }
    file_release(file);
    return status;
}

static bool is_mouse_move(const INPUT_RECORD32 *record)
{
    return record->EventType == MOUSE_EVENT && record->Event.MouseEvent.dwEventFlags == MOUSE_MOVED;
}

// A movement takes the place of the one before it, if that still waits.
static bool replace_move(struct console_shared *shared, const INPUT_RECORD32 *record)
{
    if (shared->queued == 0 || !is_mouse_move(record)) return false;
    INPUT_RECORD32 *last = &shared->queue[(shared->first + shared->queued - 1) % INPUT_QUEUE];
    if (!is_mouse_move(last)) return false;
    *last = *record;
    return true;
}

NTSTATUS ConsoleWriteInput(HANDLE32 handle, gptr records, uint32_t count, uint32_t *written)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    struct console_shared *shared = console_lock();
    for (*written = 0; shared != NULL && *written < count && shared->queued < INPUT_QUEUE; (*written)++) {
        INPUT_RECORD32 record;
        if (!guest_read(&record, records + *written * sizeof record, sizeof record)) {
            status = STATUS_ACCESS_VIOLATION;
            break;
        }
        if (count > 1 || !replace_move(shared, &record)) enqueue(shared, &record);
    }
    if (shared != NULL) console_unlock();
    file_release(file);
    return status;
}

NTSTATUS ConsoleGetInputCount(HANDLE32 handle, uint32_t *count)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    struct console_shared *shared = console_lock();
    if (shared != NULL) {
        fill(shared, file);
        if (!shared->terminal) console_memory_signal(shared);
        *count = shared->queued;
        console_unlock();
    }
    file_release(file);
    return STATUS_SUCCESS;
}

NTSTATUS console_flush_input(struct file *file)
{
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    console.partial_n = shared->line_length = shared->ahead = 0;
    dequeue(shared, shared->queued);
    if (console_end_of(file)->terminal) tcflush(file->fd, TCIFLUSH);
    console_unlock();
    return STATUS_SUCCESS;
}

NTSTATUS ConsoleFlushInput(HANDLE32 handle)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    status = console_flush_input(file);
    file_release(file);
    return status;
}

// ---- lines ----

// The characters of key presses, for reading without lines.
static uint32_t take_keys(struct console_shared *shared, uint16_t *buffer, uint32_t capacity)
{
    uint32_t n = 0;
    while (n < capacity && shared->queued > 0) {
        const INPUT_RECORD32 *record = &shared->queue[shared->first % INPUT_QUEUE];
        if (record->EventType == KEY_EVENT && record->Event.KeyEvent.bKeyDown &&
            record->Event.KeyEvent.uChar.UnicodeChar != 0)
            buffer[n++] = record->Event.KeyEvent.uChar.UnicodeChar;
        dequeue(shared, 1);
    }
    return n;
}

// The rest of a line that was longer than the last buffer; or of several, which an alias may stand for, the
// next one.
static uint32_t take_rest(struct console_shared *shared, uint16_t *buffer, uint32_t capacity)
{
    const uint16_t *rest = shared->line + shared->line_start;
    uint32_t n = 0, most = shared->line_length < capacity ? shared->line_length : capacity;
    while (n < most && rest[n] != '\n') n++;
    if (n < most) n++;
    memcpy(buffer, shared->line + shared->line_start, n * 2);
    shared->line_start += n;
    shared->line_length -= n;
    return n;
}

// Gives what there is, without waiting. Whether that is an answer.
static bool try_read(struct console_shared *shared, const struct file *file, uint16_t *buffer,
                     uint32_t capacity, uint32_t *units)
{
    if (shared->line_length == 0 && !(shared->input_mode & ENABLE_LINE_INPUT)) {
        bool open = fill(shared, file);
        *units = take_keys(shared, buffer, capacity);
        return *units > 0 || !open;
    }
    *units = take_rest(shared, buffer, capacity);
    return *units > 0;
}

// Unlocks; then sends the echo.
static NTSTATUS edit_on_terminal(struct console_shared *shared, const struct file *file, bool *ended)
{
    struct console_render out = {0};
    bool open, full;
    do {
        open = fill(shared, file);
        full = shared->queued >= INPUT_QUEUE - KEY_RECORDS_MAX;
        *ended = console_terminal_edit_line(shared, file, &out) || (!open && shared->line_length == 0);
    } while (full && !*ended && shared->line_length == 0);
    console_unlock();
    NTSTATUS status =
        out.n > 0 ? console_put_to(console_terminal_echo(file), out.text, out.n) : STATUS_SUCCESS;
    free(out.text);
    return *ended ? STATUS_SUCCESS : status;
}

// Edits the line with the keys that wait; unlocks, and sends the echo. *ended: it is the end of input.
static NTSTATUS edit(struct console_shared *shared, const struct file *file, bool *ended)
{
    struct console_screen screen;
    bool lines = shared->line_length == 0 && shared->input_mode & ENABLE_LINE_INPUT;
    if (lines && console_end_of(file)->terminal) return edit_on_terminal(shared, file, ended);
    if (!lines || !console_screen_begin(&screen, shared, &(struct console_end){.kind = CONSOLE_OUTPUT})) {
        console_unlock();
        return STATUS_SUCCESS;
    }
    console_memory_edit_line(&screen);
    return console_screen_end(&screen);
}

// Takes on who reads, and what the line begins with unless one was begun already.
static void begin_line(struct console_shared *shared, const struct console_read *read, const uint16_t *buffer)
{
    console_history_set_reader(&shared->histories, read->exe, read->exe_length);
    shared->wakeup_mask = read->wakeup_mask;
    shared->woken = false;
    if (!(shared->input_mode & ENABLE_LINE_INPUT)) return; // nobody edits it
    if (!read->initial || read->initial > LINE_UNITS - 2 || shared->edited || shared->line_length) return;
    console_line_drop(shared);
    memcpy(shared->line, buffer, read->initial * sizeof *buffer);
    shared->edited = shared->line_cursor = read->initial;
}

// Reads a line or what there is as UTF-16. *units: how many, 0 at the end of input.
static NTSTATUS console_read_text(struct file *file, struct console_read *read, uint16_t *buffer,
                                  uint32_t capacity, uint32_t *units)
{
    bool ended = false, begun = false;
    *units = 0;
    for (;;) {
        struct console_shared *shared = console_lock();
        if (shared == NULL) return STATUS_NO_MEMORY;
        if (!begun) begin_line(shared, read, buffer);
        begun = true;
        NTSTATUS status = edit(shared, file, &ended);
        if (!NT_SUCCESS(status) || ended) return status;
        if ((shared = console_lock()) == NULL) return STATUS_NO_MEMORY;
        bool done = try_read(shared, file, buffer, capacity, units);
        read->keys = shared->woken ? shared->woken_keys : 0;
        console_unlock();
        if (done) return STATUS_SUCCESS;
        status = console_wait_input(file);
        if (status != STATUS_SUCCESS) return status;
    }
}

NTSTATUS console_read_plain(struct file *file, uint16_t *buffer, uint32_t capacity, uint32_t *units)
{
    struct console_name own;
    console_name_own(&own);
    return console_read_text(file, &(struct console_read){.exe = own.units, .exe_length = own.length}, buffer,
                             capacity, units);
}

NTSTATUS ConsoleRead(HANDLE32 handle, gptr buffer, uint32_t length, uint32_t *got, gptr exe,
                     uint32_t exe_length, CONSOLE_READCONSOLE_CONTROL32 *control)
{
    struct file *file;
    struct console_name name;
    NTSTATUS status = console_name_read(&name, exe, exe_length);
    if (NT_SUCCESS(status)) status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    uint16_t text[4096];
    uint32_t capacity = length / 2 < 4096 ? length / 2 : 4096, units = 0;
    struct console_read read = {.exe = name.units, .exe_length = name.length};
    if (control != NULL) {
        read.initial = control->nInitialChars;
        read.wakeup_mask = control->dwCtrlWakeupMask;
    }
    if (!guest_probe_write(buffer, length)) status = STATUS_ACCESS_VIOLATION;
    if (read.initial > capacity) status = STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(status) && !guest_read(text, buffer, read.initial * 2)) status = STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status) && capacity > 0) status = console_read_text(file, &read, text, capacity, &units);
    if (NT_SUCCESS(status) && !guest_write(buffer, text, units * 2)) status = STATUS_ACCESS_VIOLATION;
    if (control != NULL) control->dwControlKeyState = read.keys;
    *got = units * 2;
    file_release(file);
    return status;
}
