// Random numbers of the host, for the generators of Windows' API.
#include "guest_constants.h"
#include "loader/address_space.h"
#include "loader/guest.h"
#include "ntdll_host.h"
#include "status_errno.h"
#include <errno.h>
#include <sys/random.h>

// Fills the buffer from the kernel's generator. STATUS_ACCESS_VIOLATION when it is not writable.
NTSTATUS LowlandRandom(gptr buffer, uint32_t length)
{
    bool touched = false;
    while (length) {
        ssize_t got = getrandom(guest_ptr(buffer), length, 0);
        if (got > 0) {
            buffer += (gptr)got;
            length -= (uint32_t)got;
        } else if (errno == EFAULT && !touched) {
            // Untouched stack, watched or copy-on-write pages: as if the program had touched them itself.
            NTSTATUS status = vm_touch(buffer, length, VM_WRITE);
            if (!NT_SUCCESS(status)) return status;
            touched = true;
        } else if (errno != EINTR) {
            return status_from_errno(errno);
        }
    }
    return STATUS_SUCCESS;
}
