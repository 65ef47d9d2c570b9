// How many descriptors the host lets a process have.
#ifndef LOWLAND_HOST_FILE_LIMIT_H
#define LOWLAND_HOST_FILE_LIMIT_H

#include <stdint.h>

// Lets this process have as many as the host allows: a Windows program knows no such limit. Once, at start.
// before: the limit that the host's programs are to have, as a parent told it; 0: the present one.
void host_file_limit_raise(uint64_t before);
// That limit, for a child of ours.
uint64_t host_file_limit_before(void);
// Puts it back, for a program of the host's in this process's place. Async-signal-safe.
void host_file_limit_restore(void);

#endif
