// Memory of processes and of the machine as psapi.dll reports it: working sets, page by page, and sums.
#include "toolhelp.h"
#include <psapi.h>

enum { PAGE = 4096, PIECE = 256 };

HOTPATCH BOOL WINAPI K32QueryWorkingSetEx(HANDLE process, void *buffer, DWORD size)
{
    return bool_from_status(
        NtQueryVirtualMemory(process, NULL, MemoryWorkingSetExInformation, buffer, size, NULL));
}

// What is collected of a working set; entries beyond the room are only counted.
struct working_set {
    ULONG_PTR *entries;
    ULONG_PTR room, count;
};

// Of a page: address, protection (bits 0 to 4), whether it is shared (bit 8).
static void add_page(struct working_set *set, const MEMORY_WORKING_SET_EX_INFORMATION *page)
{
    ULONG_PTR bits = page->VirtualAttributes;
    if (!(bits & 1)) return;
    if (set->count < set->room)
        set->entries[set->count] = ((ULONG_PTR)page->VirtualAddress & ~(ULONG_PTR)(PAGE - 1)) |
                                   (bits >> 4 & 0x1F) | (bits >> 15 & 1) << 8;
    set->count++;
}

static BOOL add_region(struct working_set *set, HANDLE process, const MEMORY_BASIC_INFORMATION *region)
{
    MEMORY_WORKING_SET_EX_INFORMATION pages[PIECE];
    char *at = region->BaseAddress;
    for (SIZE_T left = region->RegionSize / PAGE; left;) {
        DWORD n = left < PIECE ? (DWORD)left : PIECE;
        for (DWORD i = 0; i < n; i++) pages[i].VirtualAddress = at + (SIZE_T)i * PAGE;
        if (!K32QueryWorkingSetEx(process, pages, n * sizeof(pages[0]))) return FALSE;
        for (DWORD i = 0; i < n; i++) add_page(set, &pages[i]);
        left -= n;
        at += (SIZE_T)n * PAGE;
    }
    return TRUE;
}

// The number of pages comes first, also when they do not fit.
HOTPATCH BOOL WINAPI K32QueryWorkingSet(HANDLE process, void *buffer, DWORD size)
{
    MEMORY_BASIC_INFORMATION region;
    ULONG_PTR *count = buffer;
    if (size < sizeof(*count)) return fail_with(ERROR_BAD_LENGTH);
    struct working_set set = {.entries = count + 1, .room = size / sizeof(*count) - 1};
    for (char *at = NULL; VirtualQueryEx(process, at, &region, sizeof(region));
         at = (char *)region.BaseAddress + region.RegionSize) {
        if (region.State == MEM_COMMIT && !add_region(&set, process, &region)) return FALSE;
        if ((ULONG_PTR)region.BaseAddress + region.RegionSize < (ULONG_PTR)at) break; // the end of all
    }
    if (!set.count) return FALSE; // not even the first query was answered
    *count = set.count;
    return set.count <= set.room ? TRUE : fail_with(ERROR_BAD_LENGTH);
}

static BOOL count_processes(PERFORMANCE_INFORMATION *info)
{
    AUTO_FREE SYSTEM_PROCESS_INFORMATION *processes = toolhelp_query_processes();
    if (!processes) return FALSE;
    for (const SYSTEM_PROCESS_INFORMATION *at = processes; at; at = toolhelp_next_process(at)) {
        info->ProcessCount++;
        info->ThreadCount += at->NumberOfThreads;
        info->HandleCount += at->HandleCount;
    }
    return TRUE;
}

// In pages. What the host's kernel uses for itself isn't known here: those members are 0.
HOTPATCH BOOL WINAPI K32GetPerformanceInfo(PERFORMANCE_INFORMATION *info, DWORD size)
{
    SYSTEM_PERFORMANCE_INFORMATION performance;
    SYSTEM_BASIC_INFORMATION basic;
    if (size < sizeof(*info)) return fail_with(ERROR_BAD_LENGTH);
    NTSTATUS status =
        NtQuerySystemInformation(SystemPerformanceInformation, &performance, sizeof(performance), NULL);
    if (NT_SUCCESS(status))
        status = NtQuerySystemInformation(SystemBasicInformation, &basic, sizeof(basic), NULL);
    if (!bool_from_status(status)) return FALSE;
    *info = (PERFORMANCE_INFORMATION){
        .cb = sizeof(*info),
        .CommitTotal = performance.TotalCommittedPages,
        .CommitLimit = performance.TotalCommitLimit,
        .CommitPeak = performance.PeakCommitment,
        .PhysicalTotal = basic.NumberOfPhysicalPages,
        .PhysicalAvailable = performance.AvailablePages,
        .PageSize = PAGE,
    };
    return count_processes(info);
}
