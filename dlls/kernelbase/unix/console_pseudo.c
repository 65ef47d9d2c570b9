// Pseudo-consoles. Nobody but the processes themselves serves them: each that writes sends what a terminal is
// to be sent through a pipe to the process that made the console; that one's threads
// (dlls/kernelbase/console_pseudo.c) pass it on, and hand in what comes back.
#include "console_pseudo.h"
#include "console_handle.h"
#include "console_keys.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "kernelbase_host.h"
#include "loader/guest.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SIZE_LIMIT = 0x7FFF, CTRL_C = 3 };

// ---- output, in the processes attached ----

bool console_screen_begin(struct console_screen *screen, struct console_shared *shared,
                          const struct console_end *end)
{
    screen->shared = shared;
    screen->number = console_memory_get(shared, end, &screen->buffer);
    screen->window = screen->buffer.window;
    screen->rendered = (struct console_render){0};
    bool shown = shared->server && console.share->out >= 0 && screen->number == shared->active;
    screen->out = shown ? &screen->rendered : NULL;
    return screen->number != 0;
}

// What a terminal would have sent as an answer is input.
static void reply(void *context, const char *text)
{
    (void)context;
    for (; *text; text++) {
        INPUT_RECORD32 record = {.EventType = KEY_EVENT};
        record.Event.KeyEvent.bKeyDown = true;
        record.Event.KeyEvent.wRepeatCount = 1;
        record.Event.KeyEvent.uChar.UnicodeChar = (uint8_t)*text;
        console_memory_push(console.share, &record);
        record.Event.KeyEvent.bKeyDown = false;
        console_memory_push(console.share, &record);
    }
    console_memory_tell(true);
}

static void set_title(void *context, const uint16_t *units, size_t n)
{
    struct console_shared *shared = context;
    if (n > TITLE_MAX) n = TITLE_MAX;
    memcpy(shared->title, units, n * sizeof *units);
    shared->title_length = (uint32_t)n;
}

void console_screen_write(struct console_screen *screen, const uint16_t *units, size_t n)
{
    if (screen->out != NULL && screen->shared->sent_attribute != screen->buffer.attribute) {
        screen->shared->sent_attribute = screen->buffer.attribute;
        console_render_attribute(screen->out, screen->buffer.attribute);
    }
    const uint32_t vt = ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING;
    if ((screen->buffer.mode & vt) == vt) {
        const struct console_vt_host host = {screen->out, screen->shared, reply, set_title};
        console_vt_write(&screen->buffer, units, n, &host);
        screen->shared->sent_attribute = screen->buffer.attribute;
    } else {
        console_buffer_write(&screen->buffer, units, n, screen->out);
    }
}

void console_screen_changed(struct console_screen *screen, int top, int bottom)
{
    screen->shared->sent_attribute = screen->buffer.attribute;
    console_render_rows(screen->out, &screen->buffer, top, bottom);
}

static NTSTATUS send(struct console_share *share, const struct console_render *out)
{
    NTSTATUS status = out->failed ? STATUS_NO_MEMORY : STATUS_SUCCESS;
    for (size_t done = 0; NT_SUCCESS(status) && done < out->n;) {
        ssize_t n = write(share->out, out->text + done, out->n - done);
        if (n > 0)
            done += (size_t)n;
        else if (errno == EAGAIN)
            status = host_wait_fd(share->out, POLLOUT, false, NULL);
        else if (errno != EINTR)
            status = status_from_errno(errno);
    }
    return status;
}

NTSTATUS console_screen_end(struct console_screen *screen)
{
    // Another part of the buffer: all of it is new.
    if (memcmp(&screen->window, &screen->buffer.window, sizeof screen->window) != 0)
        console_screen_changed(screen, 0, screen->buffer.rows - 1);
    console_memory_put(screen->shared, screen->number, &screen->buffer);
    struct console_share *share = screen->out != NULL ? console_share_retain(console.share) : NULL;
    console_unlock();
    if (share == NULL) return STATUS_SUCCESS;
    NTSTATUS status = send(share, &screen->rendered);
    free(screen->rendered.text);
    console_share_release(share);
    return status;
}

// ---- the server ----

NTSTATUS ConsoleCreatePseudo(int32_t columns, int32_t rows, HANDLE32 *reference)
{
    int pipe_ends[2];
    struct stat st;
    struct file *file;
    if (columns <= 0 || rows <= 0 || columns > SIZE_LIMIT || rows > SIZE_LIMIT ||
        (int64_t)columns * rows > CONSOLE_CELLS_MAX)
        return STATUS_INVALID_PARAMETER;
    struct console_share *share = console_share_new(false);
    if (share == NULL) return STATUS_NO_MEMORY;
    if (pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) != 0 || fstat(pipe_ends[1], &st) != 0) {
        console_share_release(share);
        return status_from_errno(errno);
    }
    console_memory_begin(share, columns, rows);
    share->out = pipe_ends[1];
    share->shared->sent_attribute = CONSOLE_GREY;
    share->shared->window_style &= ~WS_VISIBLE;
    share->shared->server_out = (uint32_t)share->out;
    share->shared->out_inode = st.st_ino;
    share->shared->server = (uint32_t)getpid();
    struct console_end end = {.kind = CONSOLE_REFERENCE, .share = share};
    pthread_mutex_lock(&console.lock);
    // The file's descriptor is the pipe's other end, which goes with it.
    NTSTATUS status = console_new_file(&end, pipe_ends[0], FILE_GENERIC_READ | FILE_GENERIC_WRITE, 0, &file);
    pthread_mutex_unlock(&console.lock);
    return NT_SUCCESS(status) ? file_new_handle(file, FILE_GENERIC_READ | FILE_GENERIC_WRITE, 0, reference)
                              : status;
}

// A server's reference. *file is retained.
static NTSTATUS resolve_server(HANDLE32 reference, struct file **file, struct console_share **share)
{
    NTSTATUS status = file_resolve(reference, 0, file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    const struct console_end *end = (*file)->kind == FILE_KIND_CONSOLE ? console_end_of(*file) : NULL;
    *share = end != NULL && end->kind == CONSOLE_REFERENCE && (*file)->fd >= 0 ? end->share : NULL;
    if (*share != NULL) return STATUS_SUCCESS;
    file_release(*file);
    return STATUS_INVALID_HANDLE;
}

static void send_to_all(struct console_share *share, uint32_t event)
{
    struct console_target targets[CONSOLE_MEMBERS];
    uint32_t n = console_share_list(share, targets);
    for (uint32_t i = 0; i < n; i++) console_send_event(targets[i].pid, event);
}

// Takes the key at the start of what has come; the number of bytes, 0: the rest of it is still to come.
static size_t take_key(struct console_share *share, bool *interrupt)
{
    struct console_shared *shared = share->shared;
    INPUT_RECORD32 records[KEY_RECORDS_MAX];
    size_t count;
    uint32_t n = shared->partial_n <= sizeof shared->partial ? shared->partial_n : 0;
    if (n > 0 && shared->partial[0] == CTRL_C && shared->input_mode & ENABLE_PROCESSED_INPUT) {
        *interrupt = true;
        return 1;
    }
    size_t used =
        shared->input_mode & ENABLE_VIRTUAL_TERMINAL_INPUT
            ? console_text_decode(shared->partial, n, records, &count)
            : console_key_decode(shared->partial, n, n == 1 && shared->partial[0] == 0x1B, records, &count);
    for (size_t i = 0; i < count; i++) console_memory_push(share, &records[i]);
    return used;
}

// Bytes come in any pieces. Whether one of them was the key that interrupts.
static bool feed(struct console_share *share, const uint8_t *bytes, size_t n)
{
    bool interrupt = false;
    struct console_shared *shared = share->shared;
    region_lock_take(&shared->lock);
    for (size_t done = 0; done < n || shared->partial_n > 0;) {
        uint32_t held = shared->partial_n < sizeof shared->partial ? shared->partial_n : 0;
        size_t part = sizeof shared->partial - held < n - done ? sizeof shared->partial - held : n - done;
        memcpy(shared->partial + held, bytes + done, part);
        done += part;
        shared->partial_n = held + (uint32_t)part;
        size_t used = take_key(share, &interrupt);
        if (used == 0 && part == 0) break;
        shared->partial_n -= (uint32_t)used;
        memmove(shared->partial, shared->partial + used, shared->partial_n);
    }
    region_lock_give(&shared->lock);
    return interrupt;
}

NTSTATUS ConsoleFeedPseudo(HANDLE32 reference, gptr bytes, uint32_t length)
{
    struct file *file;
    struct console_share *share;
    uint8_t part[1024];
    NTSTATUS status = resolve_server(reference, &file, &share);
    if (!NT_SUCCESS(status)) return status;
    for (uint32_t done = 0; NT_SUCCESS(status) && done < length;) {
        uint32_t n = length - done < sizeof part ? length - done : sizeof part;
        if (!guest_read(part, bytes + done, n))
            status = STATUS_ACCESS_VIOLATION;
        else if (feed(share, part, n))
            send_to_all(share, CTRL_C_EVENT);
        done += n;
    }
    file_release(file);
    return status;
}

NTSTATUS ConsoleShowPseudo(HANDLE32 reference, gptr bytes, uint32_t length, uint32_t *shown)
{
    struct file *file;
    struct console_share *share;
    char part[4096];
    NTSTATUS status = resolve_server(reference, &file, &share);
    if (!NT_SUCCESS(status)) return status;
    while (NT_SUCCESS(status)) {
        ssize_t n = read(file->fd, part, length < sizeof part ? length : sizeof part);
        if (n >= 0) {
            *shown = (uint32_t)n;
            if (!guest_write(bytes, part, (size_t)n)) status = STATUS_ACCESS_VIOLATION;
            break;
        }
        status = errno == EAGAIN  ? host_wait_fd(file->fd, POLLIN, false, NULL)
                 : errno == EINTR ? STATUS_SUCCESS
                                  : status_from_errno(errno);
    }
    file_release(file);
    return status;
}

NTSTATUS ConsoleResizePseudo(HANDLE32 reference, int32_t columns, int32_t rows)
{
    struct file *file;
    struct console_share *share;
    NTSTATUS status = resolve_server(reference, &file, &share);
    if (!NT_SUCCESS(status)) return status;
    struct console_shared *shared = share->shared;
    region_lock_take(&shared->lock);
    uint32_t active = shared->active - 1;
    status = active < CONSOLE_BUFFERS ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
    if (NT_SUCCESS(status)) {
        struct console_buffer buffer = shared->buffers[active];
        buffer.cells = console_share_cells(share, active);
        buffer.spare = console_share_spare(share, active);
        console_buffer_check(&buffer);
        buffer.window = (SMALL_RECT32){0, 0, 0, 0}; // shrinks first, so that any size fits
        status = console_buffer_resize(&buffer, columns, rows);
        buffer.window = (SMALL_RECT32){0, 0, buffer.columns - 1, buffer.rows - 1};
        shared->buffers[active] = buffer;
    }
    if (NT_SUCCESS(status) && shared->input_mode & ENABLE_WINDOW_INPUT) {
        INPUT_RECORD32 record = {.EventType = WINDOW_BUFFER_SIZE_EVENT};
        record.Event.WindowBufferSizeEvent.dwSize = (COORD32){columns, rows};
        console_memory_push(share, &record);
    }
    region_lock_give(&shared->lock);
    file_release(file);
    return status;
}

NTSTATUS ConsoleClosePseudo(HANDLE32 reference)
{
    struct file *file;
    struct console_share *share;
    NTSTATUS status = resolve_server(reference, &file, &share);
    if (!NT_SUCCESS(status)) return status;
    region_lock_take(&share->shared->lock);
    share->shared->closed = 1;
    region_lock_give(&share->shared->lock);
    send_to_all(share, CTRL_CLOSE_EVENT);
    // What is shown ends when the last process attached has ended.
    pthread_mutex_lock(&console.lock);
    if (share->out >= 0) close(share->out);
    share->out = -1;
    pthread_mutex_unlock(&console.lock);
    file_release(file);
    return STATUS_SUCCESS;
}
