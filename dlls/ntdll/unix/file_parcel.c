// Files that another process gets too. The open file description travels, so position and locks stay shared.
#include "file_parcel.h"
#include "console.h"
#include "dlls/ws2_32/unix/socket.h"
#include "file_share.h"
#include "pipe.h"
#include <unistd.h>

enum { FILE_KIND, FILE_OPTIONS, FILE_ACCESS, FILE_SHARING };

static const struct file_device *device_of(uint32_t kind)
{
    switch (kind) {
    case FILE_KIND_DISK: return &disk_device;
    case FILE_KIND_DIRECTORY: return &directory_device;
    case FILE_KIND_STREAM: return &stream_device;
    case FILE_KIND_NULL: return &null_device;
    case FILE_KIND_SOCKET: return &socket_device;
    default: return NULL;
    }
}

NTSTATUS file_parcel_export(struct file *file, struct object_parcel *parcel,
                            int descriptors[PARCEL_DESCRIPTORS])
{
    bool console = file->kind == FILE_KIND_CONSOLE, pipe = file->kind == FILE_KIND_PIPE;
    parcel->kind = PARCEL_FILE;
    parcel->values[FILE_KIND] = file->kind;
    if (console) return console_export(file, parcel, descriptors);
    if (file->fd < 0 || (!pipe && !device_of(file->kind))) return STATUS_NOT_SUPPORTED;
    parcel->descriptors = 1;
    parcel->values[FILE_OPTIONS] = pipe ? pipe_describe_for_child(file) : file->options;
    parcel->values[FILE_ACCESS] = file->access;
    parcel->values[FILE_SHARING] = file->sharing;
    descriptors[0] = file->fd;
    return STATUS_SUCCESS;
}

// Owns fd from then on.
static struct file *make(const struct object_parcel *parcel, int fd)
{
    struct stat st;
    uint32_t kind = parcel->values[FILE_KIND], options = parcel->values[FILE_OPTIONS];
    uint32_t access = parcel->values[FILE_ACCESS];
    if (kind == FILE_KIND_PIPE) return pipe_from_parent(fd, access, options);
    if (kind == FILE_KIND_SOCKET) return socket_adopt(fd, access, options);
    struct file *file = file_new(kind, device_of(kind), fd, access, options);
    if (!file) return NULL;
    file->sharing = parcel->values[FILE_SHARING] & (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE);
    if (kind == FILE_KIND_DISK && fstat(fd, &st) == 0) file_share_inherit(file, &st);
    return file;
}

NTSTATUS file_parcel_import(const struct object_parcel *parcel, const int descriptors[PARCEL_DESCRIPTORS],
                            struct object **object)
{
    uint32_t kind = parcel->values[FILE_KIND];
    bool known = kind == FILE_KIND_PIPE || device_of(kind);
    if (kind == FILE_KIND_CONSOLE) {
        struct file *console = console_import(parcel, descriptors);
        *object = (struct object *)console;
        return console ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    if (descriptors[1] >= 0) close(descriptors[1]);
    if (descriptors[0] < 0) return STATUS_INVALID_PARAMETER;
    if (!known) {
        close(descriptors[0]);
        return STATUS_NOT_SUPPORTED;
    }
    struct file *file = make(parcel, descriptors[0]);
    *object = (struct object *)file;
    return file ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}
