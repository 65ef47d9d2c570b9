// ntdll's normalization as ntifs.h declares it, which can't be included beside winternl.h.
#ifndef LOWLAND_NTDLL_NORMALIZATION_H
#define LOWLAND_NTDLL_NORMALIZATION_H

#include "nt/nt.h"

NTSTATUS WINAPI RtlNormalizeString(ULONG number, PCWSTR text, LONG length, PWSTR out, PLONG out_length);
NTSTATUS WINAPI RtlIsNormalizedString(ULONG number, PCWSTR text, LONG length, PBOOLEAN result);

#endif
