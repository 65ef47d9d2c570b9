// Linux futexes.
#include "loader/host_futex.h"
#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int wait(_Atomic uint32_t *word, uint32_t expected, const struct host_deadline *deadline,
                int operation)
{
    struct timespec at, *timeout = NULL;
    if (deadline) {
        int64_t ns = deadline->ns < 0 ? 0 : deadline->ns;
        at = (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
        timeout = &at;
        if (deadline->system_clock) operation |= FUTEX_CLOCK_REALTIME;
    }
    if (syscall(SYS_futex, word, operation, expected, timeout, NULL, FUTEX_BITSET_MATCH_ANY) == 0) return 0;
    return -errno;
}

int host_futex_wait(_Atomic uint32_t *word, uint32_t expected, const struct host_deadline *deadline)
{
    return wait(word, expected, deadline, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG);
}

int host_futex_wait_shared(_Atomic uint32_t *word, uint32_t expected, const struct host_deadline *deadline)
{
    return wait(word, expected, deadline, FUTEX_WAIT_BITSET);
}

void host_futex_wake(_Atomic uint32_t *word, int count)
{
    syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, NULL, NULL, 0);
}

void host_futex_wake_shared(_Atomic uint32_t *word, int count)
{
    syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}
