// DOS devices as symbolic links of \??: what each leads to, and drives that a program defines (subst).
#ifndef LOWLAND_DOS_DEVICE_H
#define LOWLAND_DOS_DEVICE_H

#include "directory.h"

// The name below \?? that attributes give, when it is one that this file knows: NUL-terminated in name, its
// length; 0 for any other.
size_t dos_device_name(const OBJECT_ATTRIBUTES32 *attributes, uint16_t name[16]);

// What the device leads to ("\Device\HarddiskVolume3"): the length, 0 when there is no such device.
size_t dos_device_target(const uint16_t *name, size_t length, uint16_t *target, size_t capacity);

// Makes a drive of an NT path, for all processes of the prefix and until it is removed.
// STATUS_OBJECT_NAME_COLLISION, STATUS_NOT_SUPPORTED (no drive), the errors of a path.
NTSTATUS dos_device_define(const uint16_t *name, size_t length, const uint16_t *target,
                           uint32_t target_length);

// Removes such a drive; others stay.
void dos_device_remove(uint8_t letter);

#endif
