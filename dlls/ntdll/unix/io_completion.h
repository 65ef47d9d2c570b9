// I/O completion ports, as files and pipes feed them.
#ifndef LOWLAND_IO_COMPLETION_H
#define LOWLAND_IO_COMPLETION_H

#include "object.h"

extern const struct object_type io_completion_type;

// Queues a packet and wakes one who waits. Any thread. STATUS_INSUFFICIENT_RESOURCES.
NTSTATUS io_completion_post(struct object *port, uint32_t key, uint32_t context, NTSTATUS status,
                            uint32_t information);

#endif
