// Memory barriers on all processors at once.
#ifndef LOWLAND_HOST_BARRIER_H
#define LOWLAND_HOST_BARRIER_H

#include <stdbool.h>

// Every processor that runs this process drains its store buffer. False: the host cannot. Any thread.
bool host_barrier_everywhere(void);

#endif
