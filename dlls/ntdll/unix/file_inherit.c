// File handles that a child process inherits. The open file description travels, so position and locks stay
// shared.
#include "file_inherit.h"
#include "console.h"
#include "file_share.h"
#include "pipe.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct file_device *device_of(uint32_t kind)
{
    switch (kind) {
    case FILE_KIND_DISK: return &disk_device;
    case FILE_KIND_DIRECTORY: return &directory_device;
    case FILE_KIND_STREAM: return &stream_device;
    case FILE_KIND_NULL: return &null_device;
    default: return NULL;
    }
}

int file_describe_for_child(const struct file *file, struct child_handle *entry)
{
    bool console = file->kind == FILE_KIND_CONSOLE, pipe = file->kind == FILE_KIND_PIPE;
    if (file->fd < 0 || (!console && !pipe && !device_of(file->kind))) return -1;
    entry->kind = file->kind;
    entry->options = console ? console_is_output(file) : pipe ? pipe_describe_for_child(file) : file->options;
    entry->file_access = file->access;
    return file->fd;
}

static NTSTATUS put(struct file *file, const struct child_handle *entry)
{
    NTSTATUS status = handle_create_at(entry->value, &file->object, entry->access, entry->attributes);
    file_release(file);
    return status;
}

NTSTATUS file_inherit(const struct child_handle *entry, int fd)
{
    struct stat st;
    const struct file_device *device = device_of(entry->kind);
    if (entry->kind == FILE_KIND_CONSOLE)
        return console_inherit(fd, entry->options != 0, entry->value, entry->access, entry->attributes);
    if (entry->kind == FILE_KIND_PIPE) {
        struct file *pipe = pipe_from_parent(fd, entry->file_access, entry->options);
        return pipe ? put(pipe, entry) : STATUS_NO_MEMORY;
    }
    if (!device) {
        close(fd);
        return STATUS_NOT_SUPPORTED;
    }
    struct file *file = file_new(entry->kind, device, fd, entry->file_access, entry->options);
    if (!file) return STATUS_NO_MEMORY;
    file->sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    if (entry->kind == FILE_KIND_DISK && fstat(fd, &st) == 0) file_share_open(file, &st);
    return put(file, entry);
}

NTSTATUS file_host_path_of_name(const UNICODE_STRING32 *string, char host[PATH_MAX])
{
    uint16_t name[PATH_MAX];
    struct path path;
    if (string->Length / 2 > PATH_MAX) return STATUS_OBJECT_NAME_INVALID;
    if (!guest_read(name, string->Buffer, string->Length)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = path_parse(&path, name, string->Length / 2, -1);
    if (!NT_SUCCESS(status)) return status;
    if (path.kind != PATH_FILE) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (faccessat(path.base, path.host, F_OK, 0) != 0) {
        status = path_fold(&path);
        if (!NT_SUCCESS(status)) return status;
    }
    if (path.base == AT_FDCWD) {
        memcpy(host, path.host, path.length + 1);
        return STATUS_SUCCESS;
    }
    char base[64];
    ssize_t n;
    snprintf(base, sizeof base, "/proc/self/fd/%d", path.base);
    n = readlink(base, host, PATH_MAX - 1);
    if (n < 0) return status_from_errno(errno);
    if ((size_t)n + 1 + path.length + 1 > PATH_MAX) return STATUS_NAME_TOO_LONG;
    if (n == 1) n = 0; // the root's own slash
    host[n] = '/';
    memcpy(host + n + 1, path.host, path.length);
    host[n + 1 + path.length] = 0;
    return STATUS_SUCCESS;
}
