// A console that no terminal shows. Its handles, of both ends, are signalled while input waits; who reads
// sleeps on a pipe that is readable then.
#include "console_memory.h"
#include "console_line.h"
#include "console_handle.h"
#include "console_pseudo.h"
#include "kernelbase_host.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void console_memory_tell(bool waiting)
{
    for (struct console_end *end = console.ends; end != NULL; end = end->next) {
        if (end->terminal || end->kind == CONSOLE_REFERENCE) continue;
        if (waiting)
            waitable_set(&end->file->waitable);
        else
            waitable_reset(&end->file->waitable);
    }
}

// Makes the pipe readable as long as records wait.
static bool set_wake(struct console_share *share)
{
    char byte = 0;
    struct console_shared *shared = share->shared;
    bool waiting = shared->queued > 0;
    if (waiting && !shared->awake) {
        if (write(share->wake, &byte, 1) == 1) shared->awake = 1;
    } else if (!waiting && shared->awake) {
        while (read(share->wake, &byte, 1) == 1) continue;
        shared->awake = 0;
    }
    return waiting;
}

void console_memory_signal(struct console_shared *shared)
{
    (void)shared;
    console_memory_tell(set_wake(console.share));
}

void console_memory_push(struct console_share *share, const INPUT_RECORD32 *record)
{
    struct console_shared *shared = share->shared;
    if (shared->queued >= INPUT_QUEUE) return;
    shared->queue[(shared->first + shared->queued++) % INPUT_QUEUE] = *record;
    set_wake(share);
}

// ---- buffers ----

static bool is_used(const struct console_shared *shared, uint32_t buffer)
{
    return buffer >= 1 && buffer <= CONSOLE_BUFFERS && shared->buffers[buffer - 1].serial != 0;
}

uint32_t console_memory_get(struct console_shared *shared, const struct console_end *end,
                            struct console_buffer *copy)
{
    uint32_t buffer = shared->active;
    if (end->terminal) return 0;
    if (end->kind == CONSOLE_BUFFER && end->id == console.share->id && is_used(shared, end->buffer) &&
        shared->buffers[end->buffer - 1].serial == end->serial)
        buffer = end->buffer;
    if (!is_used(shared, buffer)) return 0;
    *copy = shared->buffers[buffer - 1];
    copy->cells = console_share_cells(console.share, buffer - 1);
    copy->spare = console_share_spare(console.share, buffer - 1);
    console_buffer_check(copy);
    return buffer;
}

void console_memory_put(struct console_shared *shared, uint32_t buffer, const struct console_buffer *copy)
{
    shared->buffers[buffer - 1] = *copy;
}

bool console_end_is_gone(struct console_shared *shared, const struct console_end *end)
{
    return !end->terminal && (!console.attached || shared->active == 0);
}

// A fresh buffer's number, 0 when there are as many as can be.
static uint32_t add_buffer(struct console_share *share, const struct console_buffer *like)
{
    struct console_shared *shared = share->shared;
    for (uint32_t i = 0; i < CONSOLE_BUFFERS; i++) {
        struct console_buffer buffer;
        if (shared->buffers[i].serial != 0) continue;
        console_buffer_init(&buffer, console_share_cells(share, i), like);
        if (++shared->serials == 0) shared->serials = 1;
        buffer.serial = shared->serials;
        shared->buffers[i] = buffer;
        return i + 1;
    }
    return 0;
}

void console_memory_begin(struct console_share *share, int columns, int rows)
{
    struct console_buffer size = {.attribute = CONSOLE_GREY, .cursor_size = 25};
    size.window = (SMALL_RECT32){0, 0, columns - 1, rows - 1};
    memcpy(size.colours, console_palette, sizeof size.colours);
    share->shared->active = add_buffer(share, columns > 0 ? &size : NULL);
}

uint64_t console_memory_held(uint64_t id)
{
    uint64_t held = 0;
    for (const struct console_end *end = console.ends; end != NULL; end = end->next)
        if (end->kind == CONSOLE_BUFFER && end->id == id) held |= 1ull << (end->buffer - 1);
    return held;
}

static uint32_t newest_buffer(const struct console_shared *shared)
{
    uint32_t newest = 0;
    for (uint32_t i = 1; i <= CONSOLE_BUFFERS; i++)
        if (is_used(shared, i) &&
            (newest == 0 || shared->buffers[i - 1].serial > shared->buffers[newest - 1].serial))
            newest = i;
    return newest;
}

// When the active buffer's last handle closes, the newest one that is left becomes active; a console keeps
// its last buffer.
void console_memory_settle(struct console_share *share, uint64_t held)
{
    struct console_shared *shared = share->shared;
    for (uint32_t i = 1; i <= CONSOLE_BUFFERS; i++) {
        struct console_buffer *buffer = &shared->buffers[i - 1];
        if (!is_used(shared, i) || !buffer->was_held || held >> (i - 1) & 1) continue;
        uint32_t serial = buffer->serial;
        buffer->serial = 0;
        uint32_t newest = newest_buffer(shared);
        if (shared->active == i && newest == 0) {
            buffer->serial = serial;
            continue;
        }
        if (shared->active == i) shared->active = newest;
        console_share_drop_cells(share, i - 1);
    }
}

// ---- opening ----

static NTSTATUS open_buffer(struct console_shared *shared, uint32_t buffer, uint32_t access, uint32_t options,
                            struct file **file)
{
    struct console_end end = {.kind = CONSOLE_BUFFER,
                              .buffer = buffer,
                              .serial = shared->buffers[buffer - 1].serial,
                              .id = console.share->id};
    NTSTATUS status = console_new_file(&end, -1, access, options, file);
    if (!NT_SUCCESS(status)) return status;
    struct console_member *self = console_member_self(shared);
    shared->buffers[buffer - 1].was_held = self != NULL;
    if (self != NULL) self->buffers |= 1ull << (buffer - 1);
    return status;
}

NTSTATUS console_memory_open(struct console_shared *shared, bool output, uint32_t access, uint32_t options,
                             struct file **file)
{
    struct console_end end = {.kind = CONSOLE_INPUT};
    console_members_reap(console.share);
    if (!is_used(shared, shared->active)) return STATUS_INVALID_HANDLE;
    return output ? open_buffer(shared, shared->active, access, options, file)
                  : console_new_file(&end, -1, access, options, file);
}

NTSTATUS ConsoleCreateBuffer(uint32_t access, uint8_t inherit, HANDLE32 *handle)
{
    struct file *file;
    struct console_shared *shared = console.attached ? console_lock() : NULL;
    if (shared == NULL) return STATUS_INVALID_HANDLE;
    NTSTATUS status = STATUS_INVALID_HANDLE;
    struct console_buffer active;
    console_members_reap(console.share);
    if (console_memory_get(shared, &(struct console_end){.kind = CONSOLE_OUTPUT}, &active) != 0) {
        uint32_t buffer = add_buffer(console.share, &active);
        status = buffer != 0 ? open_buffer(shared, buffer, access, 0, &file) : STATUS_NO_MEMORY;
        if (buffer != 0 && !NT_SUCCESS(status)) shared->buffers[buffer - 1].serial = 0;
    }
    console_unlock();
    return NT_SUCCESS(status) ? file_new_handle(file, access, inherit ? OBJ_INHERIT : 0, handle) : status;
}

NTSTATUS ConsoleSetActiveBuffer(HANDLE32 handle)
{
    struct file *file;
    struct console_screen screen;
    NTSTATUS status = console_resolve(handle, true, &file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    struct console_shared *shared = console_lock();
    struct console_buffer copy;
    uint32_t buffer = shared != NULL ? console_memory_get(shared, console_end_of(file), &copy) : 0;
    if (buffer != 0) {
        shared->active = buffer;
        console_screen_begin(&screen, shared, console_end_of(file));
        console_screen_changed(&screen, 0, screen.buffer.rows - 1);
        status = console_screen_end(&screen);
    } else if (shared != NULL) {
        console_unlock();
    }
    file_release(file);
    return status; // a terminal is always the active one
}

// ---- lines ----

static bool locate(void *context, int *column, int *columns)
{
    const struct console_screen *screen = context;
    *column = screen->buffer.x;
    *columns = screen->buffer.columns;
    return true;
}

static void write_line(void *context, const uint16_t *units, size_t n)
{
    static const uint16_t end[] = {'\r', '\n'};
    struct console_screen *screen = context;
    console_screen_write(screen, units, n);
    // Where cells are counted the cursor goes on at once, also behind a row that sequences leave it in.
    if (screen->buffer.vt.wrap_pending) console_screen_write(screen, end, 2);
}

static void move_cursor(void *context, int right, int down)
{
    struct console_screen *screen = context;
    console_buffer_set_cursor(&screen->buffer, screen->buffer.x + right, screen->buffer.y + down);
    if (right == -1 && down == 0)
        console_render_text(screen->out, "\b");
    else
        console_render_cursor(screen->out, &screen->buffer);
}

bool console_memory_edit_line(struct console_screen *screen)
{
    bool complete = false;
    struct console_shared *shared = screen->shared;
    const struct line_display display = {screen, locate, write_line, move_cursor, false, false};
    bool echo = screen->number != 0 && shared->input_mode & ENABLE_ECHO_INPUT;
    while (!complete && shared->queued > 0) {
        const INPUT_RECORD32 record = shared->queue[shared->first % INPUT_QUEUE];
        if (record.EventType == KEY_EVENT)
            complete = console_line_key(shared, echo ? &display : NULL, &record.Event.KeyEvent);
        shared->first = (shared->first + 1) % INPUT_QUEUE;
        shared->queued--;
    }
    console_memory_signal(shared);
    return complete;
}
