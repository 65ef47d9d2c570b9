// A console that no terminal shows. Its handles, of both ends, are signalled while input waits; who reads
// sleeps on an event that is readable then.
#include "console_memory.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "kernelbase_host.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct console_buffer *console_buffer_of(const struct file *file)
{
    return console_is_output(file) && file->state != &console_output_end ? file->state : NULL;
}

bool console_memory_is_gone(const struct file *file)
{
    return file->device == &console_memory_device && console.active == NULL;
}

// A file of this console. In a list, under the console's lock.
struct console_file {
    struct console_file *next;
    struct file *file; // not retained: its destruction takes it from the list
};

void console_memory_signal(void)
{
    uint64_t value = 1;
    bool wanted = console.queued > 0;
    if (console.wake < 0 || wanted == console.awake) return;
    ssize_t n = wanted ? write(console.wake, &value, sizeof value) : read(console.wake, &value, sizeof value);
    if (n != sizeof value) return;
    console.awake = wanted;
    for (struct console_file *at = console.files; at != NULL; at = at->next) {
        if (wanted)
            waitable_set(&at->file->waitable);
        else
            waitable_reset(&at->file->waitable);
    }
}

// ---- opening and closing ----

static NTSTATUS new_file(void *state, uint32_t access, uint32_t options, struct file **file)
{
    struct console_file *entry = malloc(sizeof *entry);
    if (entry == NULL) return STATUS_NO_MEMORY;
    int fd = fcntl(console.wake, F_DUPFD_CLOEXEC, 3);
    options = (options & ~FILE_SYNCHRONOUS_IO_ALERT) | FILE_SYNCHRONOUS_IO_NONALERT;
    *file = fd >= 0 ? file_new(FILE_KIND_CONSOLE, &console_memory_device, fd, access, options) : NULL;
    if (*file == NULL) {
        free(entry);
        return fd < 0 ? status_from_errno(errno) : STATUS_NO_MEMORY;
    }
    (*file)->state = state;
    if (!console.awake) waitable_reset(&(*file)->waitable);
    *entry = (struct console_file){console.files, *file};
    console.files = entry;
    return STATUS_SUCCESS;
}

static NTSTATUS open_buffer(struct console_buffer *buffer, uint32_t access, uint32_t options,
                            struct file **file)
{
    NTSTATUS status = new_file(buffer, access, options, file);
    if (NT_SUCCESS(status)) buffer->opens++;
    return status;
}

NTSTATUS console_memory_open(bool output, uint32_t access, uint32_t options, struct file **file)
{
    pthread_mutex_lock(&console.lock);
    NTSTATUS status = console.active == NULL ? STATUS_INVALID_HANDLE
                      : output               ? open_buffer(console.active, access, options, file)
                                             : new_file(&console_input_end, access, options, file);
    pthread_mutex_unlock(&console.lock);
    return status;
}

static void unlink_buffer(struct console_buffer *buffer)
{
    struct console_buffer **at = &console.buffers;
    while (*at != buffer) at = &(*at)->next;
    *at = buffer->next;
    console_buffer_free(buffer);
}

static void unlist_file(const struct file *file)
{
    for (struct console_file **at = &console.files; *at != NULL; at = &(*at)->next)
        if ((*at)->file == file) {
            struct console_file *entry = *at;
            *at = entry->next;
            free(entry);
            return;
        }
}

// When the active buffer's last handle closes, the newest one that is left becomes active; a console keeps
// its last buffer.
void console_memory_forget(struct file *file)
{
    struct console_buffer *buffer = console_buffer_of(file);
    pthread_mutex_lock(&console.lock);
    unlist_file(file);
    bool last = buffer != NULL && console.buffers == buffer && buffer->next == NULL && console.active != NULL;
    if (buffer != NULL && --buffer->opens == 0 && !last) {
        bool active = console.active == buffer;
        unlink_buffer(buffer);
        if (active) console.active = console.buffers;
    }
    pthread_mutex_unlock(&console.lock);
}

// ---- calls ----

NTSTATUS ConsoleAllocate(void)
{
    if (ConsoleExists()) return STATUS_ACCESS_DENIED;
    struct console_buffer *buffer = console_buffer_new(NULL);
    if (buffer == NULL) return STATUS_NO_MEMORY;
    pthread_mutex_lock(&console.lock);
    if (console.wake < 0) console.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    NTSTATUS status = console.wake < 0 ? status_from_errno(errno) : STATUS_SUCCESS;
    if (NT_SUCCESS(status)) {
        buffer->next = console.buffers;
        console.buffers = console.active = buffer;
        console.queued = console.line_length = 0;
        console_memory_signal();
    }
    pthread_mutex_unlock(&console.lock);
    if (!NT_SUCCESS(status)) console_buffer_free(buffer);
    return status;
}

// Buffers live on while handles of them are open, but nothing shows or finds them any more.
NTSTATUS ConsoleFree(void)
{
    pthread_mutex_lock(&console.lock);
    bool had = console.active != NULL;
    console.active = NULL;
    for (struct console_buffer *buffer = console.buffers, *next; buffer != NULL; buffer = next) {
        next = buffer->next;
        if (buffer->opens == 0) unlink_buffer(buffer);
    }
    pthread_mutex_unlock(&console.lock);
    return had || ConsoleExists() ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS ConsoleCreateBuffer(uint32_t access, uint8_t inherit, HANDLE32 *handle)
{
    struct file *file;
    pthread_mutex_lock(&console.lock);
    NTSTATUS status = STATUS_INVALID_HANDLE;
    struct console_buffer *buffer = console.active != NULL ? console_buffer_new(console.active) : NULL;
    if (console.active != NULL)
        status = buffer != NULL ? open_buffer(buffer, access, 0, &file) : STATUS_NO_MEMORY;
    if (NT_SUCCESS(status)) {
        buffer->next = console.buffers;
        console.buffers = buffer;
    } else if (buffer != NULL) {
        console_buffer_free(buffer);
    }
    pthread_mutex_unlock(&console.lock);
    return NT_SUCCESS(status) ? file_new_handle(file, access, inherit ? OBJ_INHERIT : 0, handle) : status;
}

NTSTATUS ConsoleSetActiveBuffer(HANDLE32 handle)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, true, &file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    struct console_buffer *buffer = console_buffer_of(file);
    pthread_mutex_lock(&console.lock);
    if (buffer != NULL && console.active != NULL) console.active = buffer;
    pthread_mutex_unlock(&console.lock);
    file_release(file);
    return STATUS_SUCCESS; // a terminal is always the active one
}

// ---- lines ----

static void echo(const uint16_t *units, size_t n)
{
    if (console.active != NULL && console.input_mode & ENABLE_ECHO_INPUT)
        console_buffer_write(console.active, units, n);
}

// Takes back the last character of the line.
static void rub_out(void)
{
    static const uint16_t gone[] = {'\b', ' ', '\b'};
    if (console.edited == 0) return;
    console.edited--;
    echo(gone, 3);
}

// One character that was typed. True: the line is complete.
static bool type(uint16_t unit)
{
    static const uint16_t end[] = {'\r', '\n'};
    bool processed = console.input_mode & ENABLE_PROCESSED_INPUT;
    uint32_t limit = sizeof console.line / sizeof console.line[0] - 2;
    if (unit == '\r') {
        uint32_t n = processed ? 2 : 1;
        memcpy(console.line + console.edited, end, n * sizeof *end);
        console.line_start = 0;
        console.line_length = console.edited + n;
        console.edited = 0;
        echo(end, n);
        return true;
    }
    if (processed && unit == '\b') {
        rub_out();
    } else if (console.edited < limit) {
        console.line[console.edited++] = unit;
        echo(&unit, 1);
    }
    return false;
}

bool console_memory_edit_line(void)
{
    bool complete = false;
    while (!complete && console.queued > 0) {
        const INPUT_RECORD32 *record = &console.queue[console.first];
        if (record->EventType == KEY_EVENT && record->Event.KeyEvent.bKeyDown &&
            record->Event.KeyEvent.uChar.UnicodeChar != 0)
            complete = type(record->Event.KeyEvent.uChar.UnicodeChar);
        console.first = (console.first + 1) % INPUT_QUEUE;
        console.queued--;
    }
    console_memory_signal();
    return complete;
}
