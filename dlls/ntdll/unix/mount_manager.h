// The mount manager: which names each volume has.
#ifndef LOWLAND_MOUNT_MANAGER_H
#define LOWLAND_MOUNT_MANAGER_H

#include "file.h"

extern const struct file_device mount_manager_device;

#endif
