// Mailslots: not served; every attempt to make one is refused.
#include "ntdll_host.h"
#include "guest_constants.h"

NTSTATUS NtCreateMailslotFile(HANDLE32 *mailslot, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                              IO_STATUS_BLOCK32 *io, uint32_t options, uint32_t quota, uint32_t max_message,
                              const LARGE_INTEGER32 *timeout)
{
    (void)mailslot, (void)access, (void)attributes, (void)io, (void)options, (void)quota, (void)max_message,
        (void)timeout;
    return STATUS_NOT_SUPPORTED;
}
