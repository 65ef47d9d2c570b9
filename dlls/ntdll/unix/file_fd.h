// What sections need of files.
#ifndef LOWLAND_FILE_FD_H
#define LOWLAND_FILE_FD_H

#include "guest_types.h"
#include "loader/guest.h"

// A descriptor of its own (the caller closes it) for the disk file behind a handle that has the rights
// access. STATUS_INVALID_FILE_FOR_SECTION for anything else, and handle_resolve's errors.
NTSTATUS file_fd_get(HANDLE32 file, ACCESS_MASK32 access, int *fd);

// The NT name (\Device\HarddiskVolume3\dir\name) of the file that fd is open on, or of a host path (fd -1).
// The number of units, 0 when there is none or it doesn't fit.
size_t file_fd_nt_name(int fd, const char *host_path, uint16_t *name, size_t capacity);

#endif
