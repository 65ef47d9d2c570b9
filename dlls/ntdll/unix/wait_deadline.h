// NT timeouts as points on a host clock.
#ifndef LOWLAND_WAIT_DEADLINE_H
#define LOWLAND_WAIT_DEADLINE_H

#include "loader/host_clock.h"
#include "loader/host_futex.h"

// When a timeout (100 ns units, negative relative, positive absolute system time) that begins now ends. Those
// that no clock holds end in 146 years.
static inline struct host_deadline deadline_from_timeout(int64_t timeout)
{
    const int64_t longest = INT64_MAX / 2;
    if (timeout < 0) {
        int64_t ns = timeout < -longest / 100 ? longest : -timeout * 100;
        return (struct host_deadline){.ns = host_monotonic_ns() + ns};
    }
    int64_t since = timeout - HOST_EPOCH_DIFFERENCE;
    if (since < 0) since = 0;
    return (struct host_deadline){.ns = since > longest / 100 ? longest : since * 100, .system_clock = true};
}

static inline struct timespec deadline_remaining(const struct host_deadline *deadline)
{
    int64_t now =
        deadline->system_clock ? (host_system_time() - HOST_EPOCH_DIFFERENCE) * 100 : host_monotonic_ns();
    int64_t ns = deadline->ns > now ? deadline->ns - now : 0;
    return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

#endif
