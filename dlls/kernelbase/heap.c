// Heaps: what differs between the Win32 functions and ntdll's. HeapAlloc, HeapReAlloc, HeapFree and HeapSize
// are ntdll's own functions (forwarded by kernel32).
#include "base.h"

void *heap_alloc(SIZE_T size)
{
    void *memory = RtlAllocateHeap(process_heap(), 0, size);
    if (!memory) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

void heap_free(void *memory)
{
    RtlFreeHeap(process_heap(), 0, memory);
}

HOTPATCH HANDLE WINAPI GetProcessHeap(void)
{
    return process_heap();
}

#define HEAP_CLASS_PRIVATE 0x1000u // which of its kinds a heap is: ntifs.h, HEAP_CLASS_1

// A growing heap unless a maximum is given. Windows' heaps raise on request only.
HOTPATCH HANDLE WINAPI HeapCreate(DWORD flags, SIZE_T initial, SIZE_T maximum)
{
    flags &= HEAP_GENERATE_EXCEPTIONS | HEAP_NO_SERIALIZE | HEAP_CREATE_ENABLE_EXECUTE;
    flags |= HEAP_CLASS_PRIVATE;
    if (!maximum)
        flags |= HEAP_GROWABLE;
    else if (initial > maximum)
        maximum = initial;
    HANDLE heap = RtlCreateHeap(flags, NULL, maximum, initial, NULL, NULL);
    if (!heap) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return heap;
}

HOTPATCH BOOL WINAPI HeapDestroy(HANDLE heap)
{
    if (!RtlDestroyHeap(heap)) return TRUE;
    return fail_with(ERROR_INVALID_HANDLE);
}

HOTPATCH BOOL WINAPI HeapValidate(HANDLE heap, DWORD flags, const void *block)
{
    return RtlValidateHeap(heap, flags, (void *)block);
}

HOTPATCH SIZE_T WINAPI HeapCompact(HANDLE heap, DWORD flags)
{
    return RtlCompactHeap(heap, flags);
}

HOTPATCH BOOL WINAPI HeapLock(HANDLE heap)
{
    return RtlLockHeap(heap);
}

HOTPATCH BOOL WINAPI HeapUnlock(HANDLE heap)
{
    return RtlUnlockHeap(heap);
}

HOTPATCH BOOL WINAPI HeapSetInformation(HANDLE heap, HEAP_INFORMATION_CLASS class, void *data, SIZE_T size)
{
    return bool_from_status(RtlSetHeapInformation(heap, class, data, size));
}

HOTPATCH BOOL WINAPI HeapQueryInformation(HANDLE heap, HEAP_INFORMATION_CLASS class, void *data, SIZE_T size,
                                          SIZE_T *needed)
{
    return bool_from_status(RtlQueryHeapInformation(heap, class, data, size, needed));
}

// The two layouts have the same beginning; their flags differ.
_Static_assert(offsetof(PROCESS_HEAP_ENTRY, wFlags) == offsetof(RTL_HEAP_WALK_ENTRY, Flags), "heap entries");
_Static_assert(sizeof(PROCESS_HEAP_ENTRY) == sizeof(RTL_HEAP_WALK_ENTRY), "heap entries");
static const struct {
    WORD win32;
    USHORT nt;
} walk_flags[] = {
    {PROCESS_HEAP_REGION, RTL_HEAP_SEGMENT},
    {PROCESS_HEAP_UNCOMMITTED_RANGE, RTL_HEAP_UNCOMMITTED_RANGE},
    {PROCESS_HEAP_ENTRY_BUSY, RTL_HEAP_BUSY},
};
enum { WALK_FLAGS = sizeof walk_flags / sizeof *walk_flags };

HOTPATCH BOOL WINAPI HeapWalk(HANDLE heap, PROCESS_HEAP_ENTRY *entry)
{
    RTL_HEAP_WALK_ENTRY nt;
    memcpy(&nt, entry, sizeof nt);
    nt.Flags = 0;
    for (unsigned i = 0; i < WALK_FLAGS; i++)
        if (entry->wFlags & walk_flags[i].win32) nt.Flags |= walk_flags[i].nt;
    if (!bool_from_status(RtlWalkHeap(heap, &nt))) return FALSE;
    memcpy(entry, &nt, sizeof nt);
    entry->wFlags = 0;
    for (unsigned i = 0; i < WALK_FLAGS; i++)
        if (nt.Flags & walk_flags[i].nt) entry->wFlags |= walk_flags[i].win32;
    return TRUE;
}

HOTPATCH DWORD WINAPI GetProcessHeaps(DWORD count, HANDLE *heaps)
{
    return RtlGetProcessHeaps(count, heaps);
}
