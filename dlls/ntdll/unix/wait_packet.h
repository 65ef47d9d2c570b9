// Wait completion packets: wait_packet.c.
#ifndef LOWLAND_WAIT_PACKET_H
#define LOWLAND_WAIT_PACKET_H

#include "object.h"

extern const struct object_type wait_packet_type;

#endif
