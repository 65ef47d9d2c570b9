// Locally unique identifiers.
#include "ntdll_host.h"
#include "token.h"

uint64_t luid_next(void)
{
    static _Atomic uint64_t last = 0x10000; // what is below is spoken for: privileges, logon sessions
    return ++last;
}

NTSTATUS NtAllocateLocallyUniqueId(LUID32 *luid)
{
    uint64_t id = luid_next();
    luid->LowPart = (uint32_t)id;
    luid->HighPart = (int32_t)(id >> 32);
    return STATUS_SUCCESS;
}
