// The processor's breakpoints, as Linux gives them to ordinary programs: performance events that send
// SIGTRAP.
#ifndef LOWLAND_HOST_BREAKPOINT_H
#define LOWLAND_HOST_BREAKPOINT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

enum host_breakpoint_kind { HOST_BREAKPOINT_EXECUTE, HOST_BREAKPOINT_WRITE, HOST_BREAKPOINT_ACCESS };

struct host_breakpoint {
    enum host_breakpoint_kind kind;
    uint64_t address; // a multiple of length
    uint32_t length;  // 1, 2, 4 or 8; 1 for EXECUTE
    uint32_t number;  // comes back with the signal
};

// Sets one for a thread of this process (host id): a descriptor, whose closing takes it away, or -errno.
// EACCES or EPERM: the host lets no ordinary user have performance events (perf_event_paranoid); ENOSPC: none
// is free. Execution stops before the instruction, the resume flag set in what the handler sees; accesses
// behind it. What the kernel itself touches does not count.
int host_breakpoint_open(int32_t host_tid, const struct host_breakpoint *breakpoint);

// Whether a SIGTRAP comes from one, and its number. Async-signal-safe.
bool host_breakpoint_hit(const siginfo_t *info, uint32_t *number);

#endif
