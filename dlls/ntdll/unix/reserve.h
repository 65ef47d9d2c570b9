// Reserve objects: memory that was set aside for a packet or an APC, so that queueing it cannot fail.
#ifndef LOWLAND_RESERVE_H
#define LOWLAND_RESERVE_H

#include "object.h"

extern const struct object_type apc_reserve_type, io_completion_reserve_type;

#endif
