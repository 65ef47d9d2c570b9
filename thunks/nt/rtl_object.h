// ntdll's library functions on objects, processes and threads that other DLLs and programs call and the rest of ntdll
// does not. Sources: phnt's ntrtl.h, ntobapi.h and ntwow64.h for the prototypes; Microsoft's documentation of
// CreateBoundaryDescriptor and IsWow64Process2.
#ifndef LOWLAND_NT_RTL_OBJECT_H
#define LOWLAND_NT_RTL_OBJECT_H

#include "nt.h"

// Boundary descriptors of private namespaces
POBJECT_BOUNDARY_DESCRIPTOR NTAPI RtlCreateBoundaryDescriptor(const UNICODE_STRING *name, ULONG flags);
VOID NTAPI RtlDeleteBoundaryDescriptor(POBJECT_BOUNDARY_DESCRIPTOR boundary);
NTSTATUS NTAPI RtlAddSIDToBoundaryDescriptor(POBJECT_BOUNDARY_DESCRIPTOR *boundary, PSID sid);
NTSTATUS NTAPI RtlAddIntegrityLabelToBoundaryDescriptor(POBJECT_BOUNDARY_DESCRIPTOR *boundary, PSID label);

// Processes and threads. (The two that make one critical are C functions on Windows, too.)
NTSTATUS NTAPI RtlCreateUserProcess(const UNICODE_STRING *path, ULONG attributes,
                                    PRTL_USER_PROCESS_PARAMETERS parameters, PSECURITY_DESCRIPTOR process_security,
                                    PSECURITY_DESCRIPTOR thread_security, HANDLE parent, BOOLEAN inherit,
                                    HANDLE debug_port, HANDLE token, PRTL_USER_PROCESS_INFORMATION information);
NTSTATUS __cdecl RtlSetProcessIsCritical(BOOLEAN critical, BOOLEAN *before, BOOLEAN check);
NTSTATUS __cdecl RtlSetThreadIsCritical(BOOLEAN critical, BOOLEAN *before, BOOLEAN check);
ULONG NTAPI RtlGetCurrentProcessorNumber(void);
VOID NTAPI RtlGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number);

// What a 32-bit program is on a 64-bit system
NTSTATUS NTAPI RtlWow64GetProcessMachines(HANDLE process, USHORT *machine, USHORT *native);
NTSTATUS NTAPI RtlWow64IsWowGuestMachineSupported(USHORT machine, BOOLEAN *supported);
USHORT NTAPI RtlWow64GetCurrentMachine(void);
NTSTATUS NTAPI RtlWow64EnableFsRedirection(BOOLEAN enable);
NTSTATUS NTAPI RtlWow64EnableFsRedirectionEx(ULONG disable, ULONG *before);
NTSTATUS NTAPI RtlGetNativeSystemInformation(SYSTEM_INFORMATION_CLASS class, PVOID buffer, ULONG length,
                                             PULONG result_length);

// A thread's stack, as RtlCreateUserThread makes it: reserve bytes (0: as the program's headers say), of
// which commit bytes are there at its upper end above a guard page. Each is rounded up to its alignment, a
// power of two. STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY.
NTSTATUS NTAPI RtlCreateUserStack(SIZE_T commit, SIZE_T reserve, ULONG zero_bits, SIZE_T commit_align,
                                  SIZE_T reserve_align, INITIAL_TEB *stack);
void NTAPI RtlFreeUserStack(PVOID allocation_base);

#endif
