// Tool help of heaps: which ones a process has, and the blocks of this process's.
#include "toolhelp.h"

#define HEAPS_MAX 4096 // an end to lists that have none

BOOL toolhelp_list_heaps(HANDLE process, DWORD process_id, HEAPLIST32 *list, DWORD limit, DWORD *count)
{
    PROCESS_BASIC_INFORMATION basic;
    PEB peb;
    SIZE_T read;
    NTSTATUS status =
        NtQueryInformationProcess(process, ProcessBasicInformation, &basic, sizeof(basic), NULL);
    if (!bool_from_status(status) ||
        !ReadProcessMemory(process, basic.PebBaseAddress, &peb, sizeof(peb), &read))
        return FALSE;
    DWORD n = peb.NumberOfHeaps < HEAPS_MAX ? peb.NumberOfHeaps : HEAPS_MAX;
    if (n > limit) n = limit;
    *count = n;
    for (DWORD i = 0; list && i < n; i++) {
        PVOID heap;
        if (!ReadProcessMemory(process, peb.ProcessHeaps + i, &heap, sizeof(heap), &read)) return FALSE;
        list[i] = (HEAPLIST32){.dwSize = sizeof(*list),
                               .th32ProcessID = process_id,
                               .th32HeapID = (ULONG_PTR)heap,
                               .dwFlags = heap == peb.ProcessHeap ? HF32_DEFAULT : 0};
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI Heap32ListFirst(HANDLE snapshot, HEAPLIST32 *entry)
{
    return toolhelp_next_heap(snapshot, true, entry);
}

HOTPATCH BOOL WINAPI Heap32ListNext(HANDLE snapshot, HEAPLIST32 *entry)
{
    return toolhelp_next_heap(snapshot, false, entry);
}

// ---- blocks: each call walks up to the one behind the last, whose number dwResvd has ----

static bool is_own_heap(ULONG_PTR heap)
{
    const PEB *peb = peb_self();
    bool own = false;
    RtlAcquirePebLock();
    for (DWORD i = 0; i < peb->NumberOfHeaps && !own; i++) own = (ULONG_PTR)peb->ProcessHeaps[i] == heap;
    RtlReleasePebLock();
    return own;
}

// The block by its number from 0, free ones included.
static BOOL find_block(HANDLE heap, DWORD number, PROCESS_HEAP_ENTRY *found)
{
    const WORD not_blocks = PROCESS_HEAP_REGION | PROCESS_HEAP_UNCOMMITTED_RANGE;
    memset(found, 0, sizeof(*found));
    if (!HeapLock(heap)) return FALSE;
    BOOL walks = HeapWalk(heap, found);
    for (; walks; walks = HeapWalk(heap, found))
        if (!(found->wFlags & not_blocks) && number-- == 0) break;
    HeapUnlock(heap);
    return walks ? TRUE : fail_with(ERROR_NO_MORE_FILES);
}

static BOOL tell_block(HEAPENTRY32 *entry, DWORD number)
{
    PROCESS_HEAP_ENTRY found;
    if (!find_block((HANDLE)entry->th32HeapID, number, &found)) return FALSE;
    entry->hHandle = found.wFlags & PROCESS_HEAP_ENTRY_MOVEABLE ? found.Block.hMem : NULL;
    entry->dwAddress = (ULONG_PTR)found.lpData;
    entry->dwBlockSize = found.cbData;
    entry->dwFlags = !(found.wFlags & PROCESS_HEAP_ENTRY_BUSY)    ? LF32_FREE
                     : found.wFlags & PROCESS_HEAP_ENTRY_MOVEABLE ? LF32_MOVEABLE
                                                                  : LF32_FIXED;
    entry->dwLockCount = 0;
    entry->dwResvd = number;
    return TRUE;
}

// Another process's heaps can't be walked from here.
HOTPATCH BOOL WINAPI Heap32First(HEAPENTRY32 *entry, DWORD process_id, ULONG_PTR heap)
{
    if (entry->dwSize != sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (process_id && process_id != GetCurrentProcessId()) return fail_with(ERROR_NOT_SUPPORTED);
    if (!is_own_heap(heap)) return fail_with(ERROR_INVALID_PARAMETER);
    entry->th32ProcessID = GetCurrentProcessId();
    entry->th32HeapID = heap;
    return tell_block(entry, 0);
}

HOTPATCH BOOL WINAPI Heap32Next(HEAPENTRY32 *entry)
{
    if (entry->dwSize != sizeof(*entry)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!is_own_heap(entry->th32HeapID)) return fail_with(ERROR_INVALID_PARAMETER);
    return tell_block(entry, entry->dwResvd + 1);
}
