// What the Rtl half of ntdll shares among its own files. What other DLLs call is declared in nt/rtl.h.
#ifndef LOWLAND_NTDLL_RTL_H
#define LOWLAND_NTDLL_RTL_H

#include "ntdll.h"
#include <stdbool.h>

// Prepares what everything else needs: the process heap, the code pages, the case table. Called once by
// LdrInitializeThunk, before any other function of ntdll. A failure is the status to end the process with.
NTSTATUS rtl_init_process(void);

// Frees what a thread's exit leaves behind: the memory of its FLS values, whose callbacks have run, and its
// heap cache. Called by LdrShutdownThread after the DLLs were notified.
void rtl_thread_exit(void);

// The heap cache's part of that.
void heap_thread_exit(void);

// Maps the case table and the ANSI and OEM code pages.
NTSTATUS nls_init_process(void);

// 100 ns since boot, without a call across the boundary where the clock allows it.
ULONGLONG interrupt_time(void);

// C functions that stdio.h would declare.
int __cdecl _snprintf(char *buffer, size_t size, const char *format, ...);
int __cdecl _snwprintf(WCHAR *buffer, size_t size, const WCHAR *format, ...);

// The process heap.
static inline PVOID process_heap(void)
{
    return peb_self()->ProcessHeap;
}

static inline ULONG current_thread_id(void)
{
    ULONG id;

    __asm__("movl %%fs:0x24, %0" : "=r"(id));
    return id;
}

// What a character is worth as a digit, in bases up to 36; 99 for what is none.
static inline int digit_value(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 99;
}

// Records why a call fails that tells it by its result alone.
static inline void set_last_status(NTSTATUS status)
{
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
}

#endif
