// Pipes: named ones, and the anonymous ones that are named ones nobody knows the name of.
#ifndef LOWLAND_PIPE_H
#define LOWLAND_PIPE_H

#include "file.h"

extern const struct file_device pipe_device, pipe_root_device;

// Opens the client's end of a pipe. root: the server's end when the name is empty and relative to it, else
// ignored. quality: how far the server may act as the client, NULL for Windows' default.
// STATUS_OBJECT_NAME_NOT_FOUND, STATUS_PIPE_NOT_AVAILABLE, STATUS_ACCESS_DENIED (wrong direction).
NTSTATUS pipe_open(const struct path *path, struct file *root, uint32_t access, uint32_t options,
                   const SECURITY_QUALITY_OF_SERVICE32 *quality, struct file **file);

// What a child process must know of an inherited end, beside its rights; and the end it makes of that. fd is
// owned.
uint32_t pipe_describe_for_child(const struct file *file);
struct file *pipe_from_parent(int fd, uint32_t access, uint32_t description);

// The name of an end within the device ("\NAME"): the number of units, 0 when it isn't known, as of an end
// that was inherited. Any thread.
size_t pipe_nt_name(const struct file *file, uint16_t *name, size_t capacity);

#endif
