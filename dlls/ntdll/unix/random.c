// Random numbers of the host, for the generators of Windows' API.
#include "guest_constants.h"
#include "loader/guest.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <sys/random.h>

// Fills the buffer from the kernel's generator. STATUS_ACCESS_VIOLATION when it is not writable.
NTSTATUS LowlandRandom(gptr buffer, uint32_t length)
{
    while (length) {
        ssize_t got = getrandom(guest_ptr(buffer), length, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno == EFAULT ? STATUS_ACCESS_VIOLATION : status_from_errno(errno);
        buffer += (gptr)got;
        length -= (uint32_t)got;
    }
    return STATUS_SUCCESS;
}
