// Physical pages that a program maps by itself (Address Windowing Extensions).
#include "base.h"

HOTPATCH BOOL WINAPI AllocateUserPhysicalPages(HANDLE process, ULONG_PTR *count, ULONG_PTR *frames)
{
    return bool_from_status(NtAllocateUserPhysicalPages(process, count, frames));
}

// There is one NUMA node here, wherever the pages are to come from.
HOTPATCH BOOL WINAPI AllocateUserPhysicalPagesNuma(HANDLE process, ULONG_PTR *count, ULONG_PTR *frames,
                                                   DWORD preferred_node)
{
    (void)preferred_node;
    return AllocateUserPhysicalPages(process, count, frames);
}

HOTPATCH BOOL WINAPI FreeUserPhysicalPages(HANDLE process, ULONG_PTR *count, ULONG_PTR *frames)
{
    return bool_from_status(NtFreeUserPhysicalPages(process, count, frames));
}

HOTPATCH BOOL WINAPI MapUserPhysicalPages(void *address, ULONG_PTR count, ULONG_PTR *frames)
{
    return bool_from_status(NtMapUserPhysicalPages(address, count, frames));
}

HOTPATCH BOOL WINAPI MapUserPhysicalPagesScatter(void **addresses, ULONG_PTR count, ULONG_PTR *frames)
{
    return bool_from_status(NtMapUserPhysicalPagesScatter(addresses, count, frames));
}
