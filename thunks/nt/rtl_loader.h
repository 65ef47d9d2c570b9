// ntdll's functions on loaded images beyond ldr.h's: unloaded modules, relocation, handles by name. Sources:
// Microsoft's documentation of RtlGetUnloadEventTraceEx, phnt's ntldr.h for the others.
#ifndef LOWLAND_NT_RTL_LOADER_H
#define LOWLAND_NT_RTL_LOADER_H

#include "nt.h"

#define RTL_UNLOAD_EVENT_TRACE_NUMBER 64

typedef struct _RTL_UNLOAD_EVENT_TRACE {
    PVOID BaseAddress;
    SIZE_T SizeOfImage;
    ULONG Sequence;
    ULONG TimeDateStamp;
    ULONG CheckSum;
    WCHAR ImageName[32];
    ULONG Version[2];
} RTL_UNLOAD_EVENT_TRACE, *PRTL_UNLOAD_EVENT_TRACE;
NT_SIZE(RTL_UNLOAD_EVENT_TRACE, 0x5C);

PRTL_UNLOAD_EVENT_TRACE NTAPI RtlGetUnloadEventTrace(void);
void NTAPI RtlGetUnloadEventTraceEx(PULONG *element_size, PULONG *element_count, PVOID *trace);

IMAGE_BASE_RELOCATION *NTAPI LdrProcessRelocationBlock(PVOID page, ULONG count, USHORT *relocations,
                                                       LONG_PTR delta);
NTSTATUS NTAPI LdrFindResourceEx_U(ULONG flags, PVOID base, const LDR_RESOURCE_INFO *info, ULONG level,
                                   const IMAGE_RESOURCE_DATA_ENTRY **entry);
NTSTATUS NTAPI LdrGetDllHandleByName(const UNICODE_STRING *base_name, const UNICODE_STRING *full_name,
                                     PVOID *base);
NTSTATUS NTAPI LdrGetDllHandleByMapping(PVOID mapping, PVOID *base);

PVOID NTAPI RtlFindExportedRoutineByName(PVOID base, PCSTR name);
// The loaded modules in the order that they were loaded. STATUS_INFO_LENGTH_MISMATCH: size is too small for
// all.
NTSTATUS NTAPI LdrQueryProcessModuleInformation(RTL_PROCESS_MODULES *modules, ULONG size, PULONG needed);

#endif
