// I/O completion ports, as files and pipes feed them.
#ifndef LOWLAND_IO_COMPLETION_H
#define LOWLAND_IO_COMPLETION_H

#include "object.h"

extern const struct object_type io_completion_type;

// Queues a packet and wakes one who waits. Any thread. STATUS_INSUFFICIENT_RESOURCES.
NTSTATUS io_completion_post(struct object *port, uint32_t key, uint32_t context, NTSTATUS status,
                            uint32_t information);

struct io_completion_packet {
    uint32_t key, context;
    NTSTATUS status;
    uint32_t information;
};
// The same for a packet that belongs to an object, which is retained while it is queued. taken is called when
// it is not any more, with the port's lock held; not if this fails.
NTSTATUS io_completion_post_owned(struct object *port, const struct io_completion_packet *packet,
                                  struct object *owner, void (*taken)(struct object *owner));
// Takes an object's packet back. False: it is not queued any more. Guest threads.
bool io_completion_withdraw(struct object *port, const struct object *owner);

#endif
