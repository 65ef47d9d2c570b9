// Pipe information of the host's pipes and sockets: members of stream_device.
#ifndef LOWLAND_NTDLL_STREAM_INFO_H
#define LOWLAND_NTDLL_STREAM_INFO_H

#include "file.h"

// As struct file_device says. STATUS_INVALID_INFO_CLASS for what is neither pipe nor socket.
NTSTATUS stream_query(struct file *file, uint32_t class, gptr buffer, uint32_t length, uint32_t *information);
NTSTATUS stream_set(struct file *file, uint32_t class, gptr buffer, uint32_t length);

#endif
