// Pages that a program maps by itself (AWE) need a privilege that nobody has by default, and are not to be
// had here: docs/address-space.md. Source: Microsoft's documentation of AllocateUserPhysicalPages.
#include "ntdll_host.h"
#include "process_object.h"
#include "token.h"

static NTSTATUS refuse(void)
{
    return token_has_privilege(SE_LOCK_MEMORY_PRIVILEGE) ? STATUS_NOT_SUPPORTED : STATUS_PRIVILEGE_NOT_HELD;
}

NTSTATUS NtAllocateUserPhysicalPages(HANDLE32 process, uint32_t *count, gptr frames)
{
    (void)count, (void)frames;
    NTSTATUS status = process_check(process, PROCESS_VM_OPERATION);
    return NT_SUCCESS(status) ? refuse() : status;
}

// No frame was ever given, so none is one of the caller's.
NTSTATUS NtFreeUserPhysicalPages(HANDLE32 process, uint32_t *count, gptr frames)
{
    (void)frames;
    NTSTATUS status = process_check(process, PROCESS_VM_OPERATION);
    if (!NT_SUCCESS(status)) return status;
    *count = 0;
    return STATUS_CONFLICTING_ADDRESSES;
}

NTSTATUS NtMapUserPhysicalPages(gptr address, uint32_t count, gptr frames)
{
    (void)address, (void)count, (void)frames;
    return refuse();
}

NTSTATUS NtMapUserPhysicalPagesScatter(gptr addresses, uint32_t count, gptr frames)
{
    (void)addresses, (void)count, (void)frames;
    return refuse();
}
