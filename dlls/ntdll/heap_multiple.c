// Blocks of a heap by the dozen.
#include "rtl.h"
#include "nt/rtl_frame.h"

/** Allocates count blocks of one size. How many there are in blocks; fewer than count without memory, with
 * the last error set. */
ULONG NTAPI RtlMultipleAllocateHeap(PVOID heap, ULONG flags, SIZE_T size, ULONG count, PVOID *blocks)
{
    for (ULONG i = 0; i < count; i++) {
        blocks[i] = RtlAllocateHeap(heap, flags, size);
        if (blocks[i]) continue;
        set_last_status(STATUS_NO_MEMORY);
        return i;
    }
    return count;
}

/** Frees blocks, up to the first that is none of the heap's. How many were freed. */
ULONG NTAPI RtlMultipleFreeHeap(PVOID heap, ULONG flags, ULONG count, PVOID *blocks)
{
    for (ULONG i = 0; i < count; i++)
        if (!RtlFreeHeap(heap, flags, blocks[i])) return i;
    return count;
}
