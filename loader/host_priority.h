// Scheduling priorities of the host.
#ifndef LOWLAND_HOST_PRIORITY_H
#define LOWLAND_HOST_PRIORITY_H

#include <stdint.h>

enum { HOST_PRIORITY_NORMAL = 8 };

// Gives one of our threads (host id; 0: the calling one) a Windows base priority, 1 to 31 with 8 as the
// normal one. Does nothing where the host would not let the priority be raised again, as for most users.
void host_set_priority(int32_t tid, int priority);

#endif
