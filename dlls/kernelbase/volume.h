// Names of volumes, shared by those who make and resolve them.
#ifndef LOWLAND_KERNELBASE_VOLUME_H
#define LOWLAND_KERNELBASE_VOLUME_H

#include "base.h"

// The length of a volume's name, "\\?\Volume{...}\", without its NUL.
#define VOLUME_NAME_LENGTH 49

// The name of drive i's volume: a GUID made of the letter, the same in every process.
void volume_name_of_drive(WCHAR buffer[VOLUME_NAME_LENGTH + 1], int drive);

// The drive of an NT device name ("\Device\HarddiskVolume3\dir"), and how long the device's part is; -1: no
// drive's.
int drive_of_device_name(const WCHAR *name, SIZE_T length, SIZE_T *device_length);

// The drive of a volume's name; -1: it is none, -2: it is one of a volume that isn't there.
int drive_of_volume_name(const WCHAR *name);

#endif
