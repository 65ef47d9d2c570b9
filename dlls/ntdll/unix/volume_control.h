// Control codes of volumes.
#ifndef LOWLAND_VOLUME_CONTROL_H
#define LOWLAND_VOLUME_CONTROL_H

#include "file.h"

// file_device.device_control of directories: what can be asked of a drive's root, opened as a volume
// ("\\.\C:") or as a directory. STATUS_INVALID_DEVICE_REQUEST for all else.
NTSTATUS volume_device_control(struct io *io, uint32_t code, gptr in, uint32_t in_length, gptr out,
                               uint32_t out_length);

#endif
