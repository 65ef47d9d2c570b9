// The console's files: the terminal's and a memory's ends, and the references by which processes hold a
// console; how they are opened, resolved and inherited.
#include "console_handle.h"
#include "console_memory.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "kernelbase_host.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { STD_ACCESS = FILE_GENERIC_READ | FILE_GENERIC_WRITE };

NTSTATUS console_new_file(const struct console_end *end, int fd, uint32_t access, uint32_t options,
                          struct file **file)
{
    struct console_end *state = malloc(sizeof *state);
    const struct file_device *device = end->terminal ? &console_device : &console_memory_device;
    options = (options & ~FILE_SYNCHRONOUS_IO_ALERT) | FILE_SYNCHRONOUS_IO_NONALERT;
    *file = file_new(FILE_KIND_CONSOLE, device, fd, access, options);
    if (*file == NULL || state == NULL) {
        free(state);
        if (*file != NULL) file_release(*file);
        console_share_release(end->share);
        return STATUS_NO_MEMORY;
    }
    *state = *end;
    state->file = *file;
    state->next = console.ends;
    (*file)->state = console.ends = state;
    bool waiting = console.share != NULL && console.share->shared->queued > 0;
    if (!end->terminal && end->kind != CONSOLE_REFERENCE && !waiting) waitable_reset(&(*file)->waitable);
    return STATUS_SUCCESS;
}

// A file is gone.
void console_forget(struct file *file)
{
    struct console_end *end = console_end_of(file), **at = &console.ends;
    if (end == NULL) return;
    pthread_mutex_lock(&console.lock);
    while (*at != end) at = &(*at)->next;
    *at = end->next;
    struct console_share *share = console.share;
    if (end->kind == CONSOLE_BUFFER && share != NULL && end->id == share->id) {
        region_lock_take(&share->shared->lock);
        struct console_member *self = console_member_self(share->shared);
        if (self != NULL) self->buffers = console_memory_held(share->id);
        console_members_reap(share);
        region_lock_give(&share->shared->lock);
    }
    pthread_mutex_unlock(&console.lock);
    console_share_release(end->share);
    if (end->writer > 0) close(end->writer - 1);
    free(end);
}

// ---- the terminal ----

// Notes the first terminal that is seen.
static void note_terminal(int fd)
{
    if (console.terminal >= 0) return;
    console.terminal = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (console.terminal >= 0) console_restore_at_end();
}

bool console_has_terminal(void)
{
    if (console.terminal >= 0) return true;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

static NTSTATUS new_terminal_file(int fd, bool output, uint32_t access, uint32_t options, struct file **file)
{
    struct console_end end = {.kind = output ? CONSOLE_OUTPUT : CONSOLE_INPUT, .terminal = true};
    pthread_mutex_lock(&console.lock);
    note_terminal(fd);
    NTSTATUS status = console_new_file(&end, fd, access, options, file);
    pthread_mutex_unlock(&console.lock);
    return status;
}

// A descriptor of the terminal: the controlling one, or a standard descriptor that is one all the same.
static int open_terminal(void)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    pthread_mutex_lock(&console.lock);
    if (fd < 0 && console.terminal >= 0) fd = fcntl(console.terminal, F_DUPFD_CLOEXEC, 3);
    pthread_mutex_unlock(&console.lock);
    return fd;
}

// ---- opening ----

NTSTATUS console_open_std(int host_fd, HANDLE32 *handle)
{
    struct file *file;
    int fd = fcntl(host_fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return status_from_errno(errno);
    NTSTATUS status = new_terminal_file(fd, host_fd != STDIN_FILENO, STD_ACCESS, 0, &file);
    return NT_SUCCESS(status) ? file_new_handle(file, STD_ACCESS, OBJ_INHERIT, handle) : status;
}

NTSTATUS console_open(enum path_kind kind, uint32_t access, uint32_t options, struct file **file)
{
    if (kind == PATH_CONSOLE_SERVER) {
        // The end that a server of a console would have: it holds one that nobody has begun.
        struct console_end server = {.kind = CONSOLE_REFERENCE};
        pthread_mutex_lock(&console.lock);
        NTSTATUS status = console_new_file(&server, -1, access, options, file);
        pthread_mutex_unlock(&console.lock);
        return status;
    }
    bool output = kind == PATH_CONSOLE_OUTPUT || (kind == PATH_CONSOLE && access & FILE_WRITE_DATA);
    if (!console.attached || !ConsoleExists()) return STATUS_INVALID_HANDLE;
    if (kind == PATH_CONSOLE && access & FILE_WRITE_DATA && access & FILE_READ_DATA)
        return STATUS_INVALID_PARAMETER;
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    bool memory = !shared->terminal;
    NTSTATUS status = memory ? console_memory_open(shared, output, access, options, file) : STATUS_SUCCESS;
    console_unlock();
    if (memory) return status;
    int fd = open_terminal();
    return fd >= 0 ? new_terminal_file(fd, output, access, options, file) : STATUS_INVALID_HANDLE;
}

NTSTATUS console_resolve(HANDLE32 handle, bool output, struct file **file)
{
    // What is no console is an invalid handle, even to who lacks the right.
    NTSTATUS status = file_resolve(handle, 0, file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    bool is_console = (*file)->kind == FILE_KIND_CONSOLE && console_is_usable(*file);
    file_release(*file);
    if (!is_console) return STATUS_INVALID_HANDLE;
    status = file_resolve(handle, output ? FILE_WRITE_DATA : FILE_READ_DATA, file);
    if (!NT_SUCCESS(status)) return status;
    if ((*file)->kind == FILE_KIND_CONSOLE && console_is_output(*file) == output) return STATUS_SUCCESS;
    file_release(*file);
    return STATUS_INVALID_HANDLE;
}

bool console_is_output(const struct file *file)
{
    return console_end_of(file)->kind != CONSOLE_INPUT;
}

bool console_is_usable(const struct file *file)
{
    const struct console_end *end = console_end_of(file);
    if (end->kind == CONSOLE_REFERENCE) return false;
    if (end->terminal) return true;
    struct console_shared *shared = console.attached ? console_lock() : NULL;
    if (shared == NULL) return false;
    bool gone = console_end_is_gone(shared, end);
    console_unlock();
    return !gone;
}

// ---- references ----

NTSTATUS console_new_reference(struct console_share *share, HANDLE32 *handle)
{
    struct file *file;
    struct console_end end = {.kind = CONSOLE_REFERENCE, .share = share};
    pthread_mutex_lock(&console.lock);
    NTSTATUS status = console_new_file(&end, -1, STD_ACCESS, 0, &file);
    pthread_mutex_unlock(&console.lock);
    return NT_SUCCESS(status) ? file_new_handle(file, STD_ACCESS, 0, handle) : status;
}

NTSTATUS console_begin(HANDLE32 *reference)
{
    return console_new_reference(NULL, reference);
}

// ---- inheritance ----

// The parcel's values; the first is the file's kind.
enum { PARCEL_KIND, PARCEL_END, PARCEL_BUFFER, PARCEL_SERIAL, PARCEL_ID_LOW, PARCEL_ID_HIGH };
enum { END_TERMINAL = 0x100 };

// A reference takes the console along. One whose console was not needed yet gets it now.
static bool export_share(struct console_end *end, struct object_parcel *parcel,
                         int descriptors[PARCEL_DESCRIPTORS])
{
    if (end->share == NULL && console.attached) {
        if (console_lock() == NULL) return false;
        end->share = console_share_retain(console.share);
        console_unlock();
    }
    if (end->share == NULL || end->share->fd < 0 || end->share->wake < 0) return end->share == NULL;
    parcel->descriptors = 2;
    descriptors[0] = end->share->fd;
    descriptors[1] = end->share->wake;
    return true;
}

NTSTATUS console_export(struct file *file, struct object_parcel *parcel, int descriptors[PARCEL_DESCRIPTORS])
{
    struct console_end *end = console_end_of(file);
    parcel->values[PARCEL_END] = end->kind | (end->terminal ? END_TERMINAL : 0);
    parcel->values[PARCEL_BUFFER] = end->buffer;
    parcel->values[PARCEL_SERIAL] = end->serial;
    parcel->values[PARCEL_ID_LOW] = (uint32_t)end->id;
    parcel->values[PARCEL_ID_HIGH] = (uint32_t)(end->id >> 32);
    if (end->kind == CONSOLE_REFERENCE && !export_share(end, parcel, descriptors))
        return STATUS_NOT_SUPPORTED;
    if (!end->terminal) return STATUS_SUCCESS;
    parcel->descriptors = 1;
    descriptors[0] = file->fd;
    return STATUS_SUCCESS;
}

struct file *console_import(const struct object_parcel *parcel, const int descriptors[PARCEL_DESCRIPTORS])
{
    struct file *file = NULL;
    const uint32_t *values = parcel->values;
    struct console_end end = {.kind = values[PARCEL_END] & ~(uint32_t)END_TERMINAL,
                              .buffer = values[PARCEL_BUFFER],
                              .serial = values[PARCEL_SERIAL],
                              .id = values[PARCEL_ID_LOW] | (uint64_t)values[PARCEL_ID_HIGH] << 32};
    if (values[PARCEL_END] & END_TERMINAL && descriptors[0] >= 0)
        return NT_SUCCESS(new_terminal_file(descriptors[0], end.kind != CONSOLE_INPUT, STD_ACCESS, 0, &file))
                   ? file
                   : NULL;
    if (descriptors[0] >= 0) end.share = console_share_map(descriptors[0], descriptors[1]);
    if (end.kind > CONSOLE_REFERENCE || (end.kind == CONSOLE_BUFFER && end.buffer - 1 >= CONSOLE_BUFFERS)) {
        console_share_release(end.share);
        return NULL;
    }
    pthread_mutex_lock(&console.lock);
    NTSTATUS status = console_new_file(&end, -1, STD_ACCESS, 0, &file);
    pthread_mutex_unlock(&console.lock);
    return NT_SUCCESS(status) ? file : NULL;
}
