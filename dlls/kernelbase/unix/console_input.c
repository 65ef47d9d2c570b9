// What is read from the console: lines that the terminal edits, or input records made from what it sends raw.
#include "console_keys.h"
#include "console_memory.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "kernelbase_host.h"
#include "loader/guest.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

// ---- records ----

static void enqueue(const INPUT_RECORD32 *record)
{
    if (console.queued == INPUT_QUEUE) return; // as Windows: what no longer fits is lost
    console.queue[(console.first + console.queued++) % INPUT_QUEUE] = *record;
    console_memory_signal();
}

// A window event when the size has changed since the last look.
static void note_size(int fd)
{
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return;
    bool changed = console.rows != 0 && (size.ws_row != console.rows || size.ws_col != console.columns);
    console.rows = size.ws_row;
    console.columns = size.ws_col;
    if (!changed || !(console.input_mode & ENABLE_WINDOW_INPUT)) return;
    INPUT_RECORD32 record = {.EventType = WINDOW_BUFFER_SIZE_EVENT};
    record.Event.WindowBufferSizeEvent.dwSize.X = size.ws_col;
    record.Event.WindowBufferSizeEvent.dwSize.Y = size.ws_row;
    enqueue(&record);
}

static bool readable(int fd, int milliseconds)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, milliseconds) > 0;
}

// Turns what the terminal has sent into records, without waiting. False at the terminal's end.
static bool fill(int fd)
{
    if (console.active != NULL) return true; // what there is was written
    console_set_raw(fd, true);
    note_size(fd);
    bool open = true;
    while (console.queued < INPUT_QUEUE - KEY_RECORDS_MAX) {
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
        size_t count, used = console_key_decode(console.partial, console.partial_n, false, records, &count);
        // A lone escape: what belongs to it would come at once.
        if (used == 0 && !readable(fd, 25))
            used = console_key_decode(console.partial, console.partial_n, true, records, &count);
        for (size_t i = 0; i < count; i++) enqueue(&records[i]);
        memmove(console.partial, console.partial + used, console.partial_n - used);
        console.partial_n -= used;
        if (used == 0 && !readable(fd, 0)) break;
    }
    return open;
}

NTSTATUS ConsoleReadInput(HANDLE32 handle, gptr records, uint32_t count, uint8_t peek, uint32_t *got)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    for (;;) {
        pthread_mutex_lock(&console.lock);
        bool open = fill(file->fd);
        uint32_t n = console.queued < count ? console.queued : count;
        for (uint32_t i = 0; i < n && NT_SUCCESS(status); i++)
            if (!guest_write(records + i * sizeof(INPUT_RECORD32),
                             &console.queue[(console.first + i) % INPUT_QUEUE], sizeof(INPUT_RECORD32)))
                status = STATUS_ACCESS_VIOLATION;
        if (NT_SUCCESS(status) && !peek) {
            console.first = (console.first + n) % INPUT_QUEUE;
            console.queued -= n;
            console_memory_signal();
        }
        pthread_mutex_unlock(&console.lock);
        *got = n;
        if (!NT_SUCCESS(status) || n > 0 || peek || count == 0) break;
        if (!open) {
            status = STATUS_INVALID_HANDLE; // the terminal is gone
            break;
        }
        status = host_wait_fd(file->fd, POLLIN, false, NULL);
        if (!NT_SUCCESS(status)) break;
    }
    file_release(file);
    return status;
}

enum { MOUSE_EVENT = 2, MOUSE_MOVED = 1 }; // of INPUT_RECORD

static bool is_mouse_move(const INPUT_RECORD32 *record)
{
    return record->EventType == MOUSE_EVENT && record->Event.MouseEvent.dwEventFlags == MOUSE_MOVED;
}

// A movement takes the place of the one before it, if that still waits.
static bool replace_move(const INPUT_RECORD32 *record)
{
    if (console.queued == 0 || !is_mouse_move(record)) return false;
    INPUT_RECORD32 *last = &console.queue[(console.first + console.queued - 1) % INPUT_QUEUE];
    if (!is_mouse_move(last)) return false;
    *last = *record;
    return true;
}

NTSTATUS ConsoleWriteInput(HANDLE32 handle, gptr records, uint32_t count, uint32_t *written)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&console.lock);
    for (*written = 0; *written < count && console.queued < INPUT_QUEUE; (*written)++) {
        INPUT_RECORD32 record;
        if (!guest_read(&record, records + *written * sizeof record, sizeof record)) {
            status = STATUS_ACCESS_VIOLATION;
            break;
        }
        if (count > 1 || !replace_move(&record)) enqueue(&record);
    }
    pthread_mutex_unlock(&console.lock);
    file_release(file);
    return status;
}

NTSTATUS ConsoleGetInputCount(HANDLE32 handle, uint32_t *count)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    pthread_mutex_lock(&console.lock);
    fill(file->fd);
    *count = console.queued;
    pthread_mutex_unlock(&console.lock);
    file_release(file);
    return STATUS_SUCCESS;
}

NTSTATUS console_flush_input(struct file *file)
{
    pthread_mutex_lock(&console.lock);
    console.queued = console.partial_n = console.line_length = 0;
    console_memory_signal();
    if (console.active == NULL) tcflush(file->fd, TCIFLUSH);
    pthread_mutex_unlock(&console.lock);
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

// Makes the bytes of a line what Windows gives for it: CR LF at its end, nothing from a Ctrl-Z at its start
// on.
static void take_line(const uint8_t *bytes, size_t n)
{
    size_t used;
    uint32_t units = 0, limit = sizeof console.line / sizeof console.line[0] - 2;
    uint16_t text[4096];
    size_t got = text_from_utf8(text, bytes, n, &used);
    console.line_start = console.line_length = 0;
    if (got > 0 && text[0] == 0x1A) return;
    for (size_t i = 0; i < got && units < limit; i++) {
        if (text[i] == '\n' && console.input_mode & ENABLE_PROCESSED_INPUT) console.line[units++] = '\r';
        console.line[units++] = text[i];
    }
    console.line_length = units;
}

// The characters of key presses, for reading without lines.
static uint32_t take_keys(uint16_t *buffer, uint32_t capacity)
{
    uint32_t n = 0;
    while (n < capacity && console.queued > 0) {
        const INPUT_RECORD32 *record = &console.queue[console.first];
        if (record->EventType == KEY_EVENT && record->Event.KeyEvent.bKeyDown &&
            record->Event.KeyEvent.uChar.UnicodeChar != 0)
            buffer[n++] = record->Event.KeyEvent.uChar.UnicodeChar;
        console.first = (console.first + 1) % INPUT_QUEUE;
        console.queued--;
    }
    console_memory_signal();
    return n;
}

NTSTATUS console_read_text(struct file *file, uint16_t *buffer, uint32_t capacity, uint32_t *units)
{
    *units = 0;
    for (;;) {
        bool lines = console.input_mode & ENABLE_LINE_INPUT, done = false;
        pthread_mutex_lock(&console.lock);
        if (console.line_length > 0) {
            // The rest of a line that was longer than the last buffer.
            *units = console.line_length < capacity ? console.line_length : capacity;
            memcpy(buffer, console.line + console.line_start, *units * 2);
            console.line_start += *units;
            console.line_length -= *units;
            done = true;
        } else if (!lines) {
            bool open = fill(file->fd);
            *units = take_keys(buffer, capacity);
            done = *units > 0 || !open;
        } else if (console.active != NULL) {
            console_memory_edit_line();
        } else {
            console_set_raw(file->fd, false);
            if (readable(file->fd, 0)) {
                uint8_t bytes[4096];
                ssize_t n = read(file->fd, bytes, sizeof bytes);
                if (n > 0) take_line(bytes, n);
                // End of file, a Ctrl-Z line, a hung-up terminal: all are the end of input.
                done = n == 0 || (n > 0 && console.line_length == 0) ||
                       (n < 0 && errno != EINTR && errno != EAGAIN);
            }
        }
        bool more = console.line_length > 0 && !done;
        pthread_mutex_unlock(&console.lock);
        if (done) return STATUS_SUCCESS;
        if (more) continue;
        NTSTATUS status = host_wait_fd(file->fd, POLLIN, false, NULL);
        if (status != STATUS_SUCCESS) return status;
    }
}

NTSTATUS ConsoleRead(HANDLE32 handle, gptr buffer, uint32_t length, uint32_t *got)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, false, &file);
    if (!NT_SUCCESS(status)) return status;
    uint16_t text[4096];
    uint32_t capacity = length / 2 < 4096 ? length / 2 : 4096, units = 0;
    if (!guest_probe_write(buffer, length)) status = STATUS_ACCESS_VIOLATION;
    if (NT_SUCCESS(status) && capacity > 0) status = console_read_text(file, text, capacity, &units);
    if (NT_SUCCESS(status) && !guest_write(buffer, text, units * 2)) status = STATUS_ACCESS_VIOLATION;
    *got = units * 2;
    file_release(file);
    return status;
}
