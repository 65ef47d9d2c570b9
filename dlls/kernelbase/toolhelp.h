// What the files of tool help snapshots share.
#ifndef LOWLAND_KERNELBASE_TOOLHELP_H
#define LOWLAND_KERNELBASE_TOOLHELP_H

#include "base.h"
#include <tlhelp32.h>

// The heaps of a process, from its PEB; list NULL: only counts. No more than limit. FALSE with the last
// error.
BOOL toolhelp_list_heaps(HANDLE process, DWORD process_id, HEAPLIST32 *list, DWORD limit, DWORD *count);
// The next one of a snapshot, or (restart) the first.
BOOL toolhelp_next_heap(HANDLE snapshot, bool restart, HEAPLIST32 *entry);

#endif
