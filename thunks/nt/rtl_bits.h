// ntdll's bit maps and counts of bits beyond rtl_lib.h's. Source: Microsoft's documentation of the functions
// in wdm.h and ntifs.h.
#ifndef LOWLAND_NT_RTL_BITS_H
#define LOWLAND_NT_RTL_BITS_H

#include "nt.h"

ULONG NTAPI RtlNumberOfSetBitsInRange(const RTL_BITMAP *map, ULONG start, ULONG length);
ULONG NTAPI RtlNumberOfClearBitsInRange(const RTL_BITMAP *map, ULONG start, ULONG length);
ULONG NTAPI RtlNumberOfSetBitsUlongPtr(ULONG_PTR value);
void NTAPI RtlCopyBitMap(const RTL_BITMAP *source, PRTL_BITMAP out, ULONG at);
void NTAPI RtlExtractBitMap(const RTL_BITMAP *source, PRTL_BITMAP out, ULONG at, ULONG count);
void NTAPI RtlInterlockedSetBitRun(PRTL_BITMAP map, ULONG start, ULONG count);
void NTAPI RtlInterlockedClearBitRun(PRTL_BITMAP map, ULONG start, ULONG count);

#endif
