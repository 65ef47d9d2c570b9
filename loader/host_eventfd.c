// Linux eventfds.
#include "loader/host_eventfd.h"
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int host_eventfd(void)
{
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void host_eventfd_signal(int fd)
{
    uint64_t one = 1;
    ssize_t written = write(fd, &one, sizeof one);
    (void)written; // EAGAIN alone, and that is no loss
}

void host_eventfd_clear(int fd)
{
    uint64_t count;
    ssize_t got = read(fd, &count, sizeof count);
    (void)got; // EAGAIN alone
}
