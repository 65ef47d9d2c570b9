// Control codes of disk files and directories.
#ifndef LOWLAND_FS_CONTROL_H
#define LOWLAND_FS_CONTROL_H

#include "file.h"

// file_device.fs_control of files, directories and links.
NTSTATUS disk_fs_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                         uint32_t out_length);

#endif
