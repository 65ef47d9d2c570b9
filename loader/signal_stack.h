// The alternate signal stack of a thread: aligned to its size, with this header at its lowest address.
#ifndef LOWLAND_SIGNAL_STACK_H
#define LOWLAND_SIGNAL_STACK_H

#include "loader/sanitizer.h"

#define SIGNAL_STACK_SIZE (0x10000 * SANITIZER_STACK_FACTOR)

#ifndef __ASSEMBLER__
#include <stdint.h>

struct signal_stack_header {
    uint64_t host_fs;      // signal_entry.S reads it at offset 0
    struct thread *thread; // NULL on the service thread
};
#endif

#endif
