// Reading hive files whole, and replacing them.
#ifndef LOWLAND_HIVE_DISK_H
#define LOWLAND_HIVE_DISK_H

#include "loader/guest.h"
#include <stddef.h>

// The whole file behind fd; *bytes is malloc'd. STATUS_NO_MEMORY, STATUS_FILE_TOO_LARGE and the host's
// errors.
NTSTATUS hive_disk_read(int fd, uint8_t **bytes, size_t *size);

// Makes bytes the whole content of an open file.
NTSTATUS hive_disk_write(int fd, const uint8_t *bytes, size_t size);

// Puts a file of this content into the place of another in one step: a crash leaves the old one or the new
// one. nt_name names it as registry_hive.c keeps it.
NTSTATUS hive_disk_replace(const uint16_t *nt_name, uint32_t count, const uint8_t *bytes, size_t size);

#endif
