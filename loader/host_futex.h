// The host's way to block on a word of memory and to wake who does.
#ifndef LOWLAND_HOST_FUTEX_H
#define LOWLAND_HOST_FUTEX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// When a wait ends: a point on the monotonic clock, or on the system clock (and then moves when that is set).
struct host_deadline {
    int64_t ns;
    bool system_clock;
};

// Sleeps while *word is expected, until woken or the deadline (NULL: none). 0 or -EAGAIN (the word differs),
// -ETIMEDOUT, -EINTR. May wake spuriously. The word is private to the process.
int host_futex_wait(_Atomic uint32_t *word, uint32_t expected, const struct host_deadline *deadline);

// Wakes up to count sleepers. The word's memory may be gone already.
void host_futex_wake(_Atomic uint32_t *word, int count);

// The same for words in memory that processes share.
int host_futex_wait_shared(_Atomic uint32_t *word, uint32_t expected, const struct host_deadline *deadline);
void host_futex_wake_shared(_Atomic uint32_t *word, int count);

#endif
