// File objects: their making and ending, names from OBJECT_ATTRIBUTES, standard handles, the device NUL.
#include "file.h"
#include "async.h"
#include "console.h"
#include "file_share.h"
#include "host_name.h"
#include "pipe.h"
#include "status_errno.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void file_handle_closed(struct object *object, bool last)
{
    struct file *file = (struct file *)object;
    // Locks and share modes end with the last handle, though a section or a pending call may keep the object.
    if (!last) return;
    // What waits for changes of a directory is told that its handle was closed, and hasn't failed.
    NTSTATUS end = file->kind == FILE_KIND_DIRECTORY ? STATUS_NOTIFY_CLEANUP : STATUS_CANCELLED;
    if (file->pending != NULL) async_handle_closed(file, end);
    if (file->device->cleanup != NULL) file->device->cleanup(file);
    file_share_close(file);
}

static void file_destroy(struct object *object)
{
    struct file *file = (struct file *)object;
    file_share_close(file); // an open that never got its handle
    if (file->device->destroy != NULL) file->device->destroy(file);
    struct object *port = atomic_load_explicit(&file->port, memory_order_relaxed);
    if (port != NULL) object_release(port);
    while (file->retired != NULL) {
        struct retired_port *retired = file->retired;
        file->retired = retired->next;
        object_release(retired->port);
        free(retired);
    }
    if (file->fd >= 0) close(file->fd);
    if (file->owner_fd >= 0) close(file->owner_fd);
    pthread_mutex_destroy(&file->lock);
    object_free(object);
}

static uint16_t *file_full_name(struct object *object, uint32_t *length)
{
    uint16_t name[PATH_MAX + 32];
    *length = file_nt_name((struct file *)object, name, PATH_MAX);
    uint16_t *copy = malloc(*length * 2 + 2);
    if (copy == NULL) return NULL;
    memcpy(copy, name, *length * 2);
    copy[*length] = 0;
    return copy;
}

const struct object_type file_type = {
    .name = "File",
    .mapping = {.GenericRead = FILE_GENERIC_READ,
                .GenericWrite = FILE_GENERIC_WRITE,
                .GenericExecute = FILE_GENERIC_EXECUTE,
                .GenericAll = FILE_ALL_ACCESS},
    .valid_access = FILE_ALL_ACCESS,
    .destroy = file_destroy,
    .handle_closed = file_handle_closed,
    .full_name = file_full_name,
    .rights_fixed = true,
};

struct file *file_new(enum file_kind kind, const struct file_device *device, int fd, uint32_t access,
                      uint32_t options)
{
    struct file *file = object_alloc(sizeof *file);
    if (file == NULL) {
        if (fd >= 0) close(fd);
        return NULL;
    }
    object_init(&file->object, &file_type);
    waitable_init(&file->object, &file->waitable, WAITABLE_NOTIFICATION, 1);
    pthread_mutex_init(&file->lock, NULL);
    file->device = device;
    file->kind = kind;
    file->fd = fd;
    file->owner_fd = -1;
    file->valid_length = -1;
    file->priority_hint = PRIORITY_HINT_NORMAL;
    file->access = access;
    file->options = options;
    file->drive = PATH_NO_DRIVE;
    return file;
}

NTSTATUS file_new_handle(struct file *file, ACCESS_MASK32 access, uint32_t attributes, HANDLE32 *handle)
{
    NTSTATUS status = handle_create(&file->object, access, attributes & OBJ_INHERIT, handle);
    file_release(file);
    return status;
}

NTSTATUS file_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct file **file)
{
    return handle_resolve(handle, &file_type, access, (struct object **)file);
}

struct fd_name fd_name(int fd)
{
    struct fd_name name;
    snprintf(name.text, sizeof name.text, "/proc/self/fd/%d", fd);
    return name;
}

NTSTATUS file_parse_name(const OBJECT_ATTRIBUTES32 *attributes, struct path *path, struct file **root)
{
    uint16_t name[PATH_MAX]; // a longer one has more than PATH_MAX bytes on the host
    uint32_t length = 0;
    *root = NULL;
    if (attributes->Length != sizeof *attributes) return STATUS_INVALID_PARAMETER;
    if (attributes->ObjectName != 0) {
        UNICODE_STRING32 string;
        if (!guest_read(&string, attributes->ObjectName, sizeof string)) return STATUS_ACCESS_VIOLATION;
        if (string.Length % 2 != 0 || string.Length / 2 > PATH_MAX) return STATUS_OBJECT_NAME_INVALID;
        length = string.Length / 2;
        if (!guest_read(name, string.Buffer, string.Length)) return STATUS_ACCESS_VIOLATION;
    }
    int base = -1;
    if (attributes->RootDirectory != 0) {
        NTSTATUS status = file_resolve(attributes->RootDirectory, 0, root);
        if (!NT_SUCCESS(status)) return status;
        base = (*root)->fd;
    }
    NTSTATUS status;
    if (*root != NULL && ((*root)->kind == FILE_KIND_PIPE_ROOT || (*root)->kind == FILE_KIND_PIPE)) {
        // Relative to the pipe device: a pipe's name; to an end of a pipe, with no name: its other end.
        status = path_parse_pipe(path, name, length);
    } else if (*root != NULL && (*root)->kind == FILE_KIND_CONSOLE) {
        status = path_parse_console(path, name, length);
    } else if (*root != NULL && base < 0) {
        status = STATUS_OBJECT_NAME_INVALID;
    } else if (*root != NULL && (*root)->kind == FILE_KIND_DISK && (length == 0 || name[0] == ':')) {
        status = path_parse_open(path, base, name, length); // the file itself, once more, or a stream of it
    } else {
        status = path_parse(path, name, length, base);
    }
    if (!NT_SUCCESS(status) && *root != NULL) {
        file_release(*root);
        *root = NULL;
    }
    return status;
}

size_t file_dos_path(const struct file *file, uint16_t *dos, size_t capacity)
{
    char host[PATH_MAX];
    if (file->fd < 0 || !path_of_fd(file->fd, host)) return 0;
    if (file->owner_fd < 0) return path_dos_from_host(host, dos, capacity);
    // An alternate stream is called after its owner.
    char owner[PATH_MAX];
    const char *name = strrchr(host, '/') + 1;
    size_t length = path_of_fd(file->owner_fd, owner) ? path_dos_from_host(owner, dos, capacity) : 0;
    if (length == 0 || length + 1 + strlen(name) >= capacity) return 0;
    dos[length++] = ':';
    return length + host_name_to_utf16(dos + length, capacity - length, name, strlen(name));
}

size_t file_nt_name(const struct file *file, uint16_t *name, size_t capacity)
{
    uint16_t dos[PATH_MAX];
    size_t length = file_dos_path(file, dos, PATH_MAX);
    size_t skipped = path_after_drive(dos, length);
    char device[32] = "\\Device\\Unix";
    if (file->kind == FILE_KIND_NULL)
        strcpy(device, "\\Device\\Null");
    else if (file->kind == FILE_KIND_CONSOLE)
        strcpy(device, "\\Device\\ConDrv");
    else if (file->kind == FILE_KIND_SOCKET || file->kind == FILE_KIND_AFD)
        strcpy(device, "\\Device\\Afd");
    else if (file->kind == FILE_KIND_PIPE || file->kind == FILE_KIND_PIPE_ROOT ||
             file->kind == FILE_KIND_STREAM)
        strcpy(device, "\\Device\\NamedPipe");
    else if (skipped == 2)
        snprintf(device, sizeof device, "\\Device\\HarddiskVolume%d", dos[0] - 'A' + 1);
    size_t n = strlen(device);
    if (n + length - skipped > capacity) return 0;
    for (size_t i = 0; i < n; i++) name[i] = (uint8_t)device[i];
    if (file->kind == FILE_KIND_PIPE) return n + pipe_nt_name(file, name + n, capacity - n);
    memcpy(name + n, dos + skipped, (length - skipped) * 2);
    return n + length - skipped;
}

NTSTATUS std_handle_open(int host_fd, HANDLE32 *handle)
{
    *handle = 0;
    struct stat st;
    int flags = fcntl(host_fd, F_GETFL);
    if (flags < 0 || fstat(host_fd, &st) != 0) return STATUS_SUCCESS; // closed: no handle
    if (S_ISCHR(st.st_mode) && isatty(host_fd)) return console_open_std(host_fd, handle);

    uint32_t access = SYNCHRONIZE | READ_CONTROL | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES;
    if ((flags & O_ACCMODE) != O_WRONLY) access |= FILE_GENERIC_READ | FILE_EXECUTE;
    if ((flags & O_ACCMODE) != O_RDONLY) access |= FILE_GENERIC_WRITE;
    int fd = fcntl(host_fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return status_from_errno(errno);
    enum file_kind kind = S_ISREG(st.st_mode)   ? FILE_KIND_DISK
                          : S_ISDIR(st.st_mode) ? FILE_KIND_DIRECTORY
                                                : FILE_KIND_STREAM;
    const struct file_device *device = S_ISREG(st.st_mode)   ? &disk_device
                                       : S_ISDIR(st.st_mode) ? &directory_device
                                                             : &stream_device;
    struct file *file = file_new(kind, device, fd, access, FILE_SYNCHRONOUS_IO_NONALERT);
    if (file == NULL) return STATUS_NO_MEMORY;
    file->sharing = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    // Whoever gave us the file shares it with us: no share mode may keep it from us.
    if (kind == FILE_KIND_DISK) file_share_inherit(file, &st);
    return file_new_handle(file, access, OBJ_INHERIT, handle);
}

static NTSTATUS null_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)io, (void)buffer, (void)length, (void)offset;
    return STATUS_END_OF_FILE;
}

static NTSTATUS null_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)buffer, (void)offset;
    io->information = length;
    return STATUS_SUCCESS;
}

static NTSTATUS null_flush(struct io *io)
{
    (void)io;
    return STATUS_SUCCESS;
}

const struct file_device null_device = {
    .type = FILE_DEVICE_NULL,
    .read = null_read,
    .write = null_write,
    .flush = null_flush,
};
