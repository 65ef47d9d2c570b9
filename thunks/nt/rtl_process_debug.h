// What ntdll tells of a process for tools: its modules and heaps in one buffer. Source: phnt's ntrtl.h.
#ifndef LOWLAND_NT_RTL_PROCESS_DEBUG_H
#define LOWLAND_NT_RTL_PROCESS_DEBUG_H

#include "nt.h"

#define RTL_QUERY_PROCESS_MODULES      0x00000001
#define RTL_QUERY_PROCESS_HEAP_SUMMARY 0x00000004
#define RTL_QUERY_PROCESS_MODULES32    0x00000040
#define RTL_QUERY_PROCESS_NONINVASIVE  0x80000000

typedef struct _RTL_HEAP_INFORMATION {
    PVOID BaseAddress;
    ULONG Flags;
    USHORT EntryOverhead;
    USHORT CreatorBackTraceIndex;
    SIZE_T BytesAllocated;
    SIZE_T BytesCommitted;
    ULONG NumberOfTags;
    ULONG NumberOfEntries;
    ULONG NumberOfPseudoTags;
    ULONG PseudoTagGranularity;
    ULONG Reserved[5];
    PVOID Tags;
    PVOID Entries;
} RTL_HEAP_INFORMATION;
NT_SIZE(RTL_HEAP_INFORMATION, 0x40);
typedef struct _RTL_PROCESS_HEAPS {
    ULONG NumberOfHeaps;
    RTL_HEAP_INFORMATION Heaps[1];
} RTL_PROCESS_HEAPS;

typedef struct _RTL_DEBUG_INFORMATION {
    HANDLE SectionHandleClient;
    PVOID ViewBaseClient;
    PVOID ViewBaseTarget;
    ULONG_PTR ViewBaseDelta;
    HANDLE EventPairClient;
    HANDLE EventPairTarget;
    HANDLE TargetProcessId;
    HANDLE TargetThreadHandle;
    ULONG Flags;
    SIZE_T OffsetFree;
    SIZE_T CommitSize;
    SIZE_T ViewSize;
    RTL_PROCESS_MODULES *Modules;
    PVOID BackTraces;
    RTL_PROCESS_HEAPS *Heaps;
    PVOID Locks;
    PVOID SpecificHeap;
    HANDLE TargetProcessHandle;
    PVOID VerifierOptions;
    PVOID ProcessHeap;
    HANDLE CriticalSectionHandle;
    HANDLE CriticalSectionOwnerThread;
    PVOID Reserved[4];
} RTL_DEBUG_INFORMATION, *PRTL_DEBUG_INFORMATION;
NT_OFFSET(RTL_DEBUG_INFORMATION, Modules, 0x30);
NT_OFFSET(RTL_DEBUG_INFORMATION, Heaps, 0x38);
NT_SIZE(RTL_DEBUG_INFORMATION, 0x68);

// A buffer of this many bytes (0: four million); NULL without memory.
PRTL_DEBUG_INFORMATION NTAPI RtlCreateQueryDebugBuffer(ULONG size, BOOLEAN event_pair);
NTSTATUS NTAPI RtlDestroyQueryDebugBuffer(PRTL_DEBUG_INFORMATION buffer);
// Fills it with what the flags ask of a process. STATUS_NO_MEMORY: it is too small; STATUS_NOT_SUPPORTED: for
// other flags. Of another process's heaps only the addresses are told.
NTSTATUS NTAPI RtlQueryProcessDebugInformation(HANDLE process_id, ULONG flags, PRTL_DEBUG_INFORMATION buffer);

#endif
