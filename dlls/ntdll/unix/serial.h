// Serial ports: terminals of the host that are lines to something.
#ifndef LOWLAND_SERIAL_H
#define LOWLAND_SERIAL_H

#include "file.h"

extern const struct file_device serial_device;

// Opens a port by its number (path->host: "3"). STATUS_OBJECT_NAME_NOT_FOUND, STATUS_ACCESS_DENIED: somebody
// else has it; others from the host.
NTSTATUS serial_open(const struct path *path, uint32_t access, uint32_t options, struct file **file);

#endif
