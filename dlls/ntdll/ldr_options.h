// Image File Execution Options, as ntdll exports them and headers don't declare them.
#ifndef LOWLAND_NTDLL_LDR_OPTIONS_H
#define LOWLAND_NTDLL_LDR_OPTIONS_H

#include "nt/nt.h"

// The key of a program, by the last component of its path. STATUS_OBJECT_NAME_NOT_FOUND: it has none.
NTSTATUS NTAPI LdrOpenImageFileOptionsKey(PUNICODE_STRING image, BOOLEAN wow64, PHANDLE key);

// One option as a value of type; REG_DWORD also takes a number's text. *returned (may be NULL): bytes that
// there are. STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_TYPE_MISMATCH, STATUS_INFO_LENGTH_MISMATCH (a
// number's size), STATUS_BUFFER_OVERFLOW (nothing was written), STATUS_NO_MEMORY.
NTSTATUS NTAPI LdrQueryImageFileKeyOption(HANDLE key, PCWSTR option, ULONG type, PVOID buffer, ULONG size,
                                          PULONG returned);
// The same by the program's path.
NTSTATUS NTAPI LdrQueryImageFileExecutionOptionsEx(PUNICODE_STRING image, PCWSTR option, ULONG type,
                                                   PVOID buffer, ULONG size, PULONG returned, BOOLEAN wow64);
NTSTATUS NTAPI LdrQueryImageFileExecutionOptions(PUNICODE_STRING image, PCWSTR option, ULONG type,
                                                 PVOID buffer, ULONG size, PULONG returned);

#endif
