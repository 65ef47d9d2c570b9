// The processor's breakpoints through perf_event_open(2): `sigtrap` makes their signals synchronous
// (Linux 5.13).
#include "loader/host_breakpoint.h"
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef TRAP_PERF
enum { TRAP_PERF = 6 };
#endif

// What glibc 2.36 has no names for: behind si_addr lies si_perf_data (asm-generic/siginfo.h).
struct perf_siginfo {
    int number, error, code, padding;
    void *address;
    uint64_t data;
};
_Static_assert(offsetof(struct perf_siginfo, address) == offsetof(siginfo_t, si_addr), "the kernel's layout");

int host_breakpoint_open(int32_t host_tid, const struct host_breakpoint *breakpoint)
{
    static const uint32_t types[] = {[HOST_BREAKPOINT_EXECUTE] = HW_BREAKPOINT_X,
                                     [HOST_BREAKPOINT_WRITE] = HW_BREAKPOINT_W,
                                     [HOST_BREAKPOINT_ACCESS] = HW_BREAKPOINT_RW};
    struct perf_event_attr event = {
        .type = PERF_TYPE_BREAKPOINT,
        .size = sizeof event,
        .sample_period = 1,
        .bp_type = types[breakpoint->kind],
        .bp_addr = breakpoint->address,
        .bp_len = breakpoint->kind == HOST_BREAKPOINT_EXECUTE ? sizeof(long) : breakpoint->length,
        .exclude_kernel = 1,
        .exclude_hv = 1,
        .remove_on_exec = 1,
        .sigtrap = 1,
        .sig_data = breakpoint->number,
    };
    long fd = syscall(SYS_perf_event_open, &event, host_tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
    return fd < 0 ? -errno : (int)fd;
}

bool host_breakpoint_hit(const siginfo_t *info, uint32_t *number)
{
    if (info->si_signo != SIGTRAP || info->si_code != TRAP_PERF) return false;
    *number = (uint32_t)((const struct perf_siginfo *)info)->data;
    return true;
}
