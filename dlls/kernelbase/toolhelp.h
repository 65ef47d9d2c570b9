// What the files of tool help snapshots share.
#ifndef LOWLAND_KERNELBASE_TOOLHELP_H
#define LOWLAND_KERNELBASE_TOOLHELP_H

#include "base.h"
#include <tlhelp32.h>

// The system's list of processes with their threads, to be freed by heap_free; NULL with the last error.
SYSTEM_PROCESS_INFORMATION *toolhelp_query_processes(void);
// The next one in it; NULL: that was the last.
const SYSTEM_PROCESS_INFORMATION *toolhelp_next_process(const SYSTEM_PROCESS_INFORMATION *process);

// The heaps of a process, from its PEB; list NULL: only counts. No more than limit. FALSE with the last
// error.
BOOL toolhelp_list_heaps(HANDLE process, DWORD process_id, HEAPLIST32 *list, DWORD limit, DWORD *count);
// The next one of a snapshot, or (restart) the first.
BOOL toolhelp_next_heap(HANDLE snapshot, bool restart, HEAPLIST32 *entry);

#endif
