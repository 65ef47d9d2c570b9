// ntdll's normalization as ntifs.h declares it, which can't be included beside winternl.h.
#ifndef LOWLAND_NTDLL_NORMALIZATION_H
#define LOWLAND_NTDLL_NORMALIZATION_H

#include "nt/nt.h"
#include <stdint.h>

NTSTATUS WINAPI RtlNormalizeString(ULONG number, PCWSTR text, LONG length, PWSTR out, PLONG out_length);
NTSTATUS WINAPI RtlIsNormalizedString(ULONG number, PCWSTR text, LONG length, PBOOLEAN result);

// The words of a form's table (normalization_record.h), NULL where there is none. Within ntdll.
const uint16_t *normalization_words(ULONG number);

NTSTATUS WINAPI RtlIdnToAscii(ULONG flags, PCWSTR name, LONG length, PWSTR buffer, PLONG size);
NTSTATUS WINAPI RtlIdnToNameprepUnicode(ULONG flags, PCWSTR name, LONG length, PWSTR buffer, PLONG size);
NTSTATUS WINAPI RtlIdnToUnicode(ULONG flags, PCWSTR name, LONG length, PWSTR buffer, PLONG size);

#endif
