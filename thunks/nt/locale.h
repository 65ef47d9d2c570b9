// ntdll's functions about locales, which mingw-w64's headers lack. Source: the exports of ntdll.dll since
// Windows Vista, and the documented functions of kernel32 that call them.
#ifndef LOWLAND_NT_LOCALE_H
#define LOWLAND_NT_LOCALE_H

#include "nt.h"

NTSTATUS NTAPI RtlLocaleNameToLcid(PCWSTR Name, PLCID Lcid, ULONG Flags);
NTSTATUS NTAPI RtlLcidToLocaleName(LCID Lcid, PUNICODE_STRING Name, ULONG Flags, BOOLEAN Allocate);
BOOLEAN NTAPI RtlIsValidLocaleName(PCWSTR Name, ULONG Flags);

NTSTATUS NTAPI RtlGetProcessPreferredUILanguages(ULONG Flags, PULONG Count, PZZWSTR Buffer, PULONG Size);
NTSTATUS NTAPI RtlGetThreadPreferredUILanguages(ULONG Flags, PULONG Count, PZZWSTR Buffer, PULONG Size);
NTSTATUS NTAPI RtlGetSystemPreferredUILanguages(ULONG Flags, ULONG Reserved, PULONG Count, PZZWSTR Buffer,
                                                PULONG Size);
NTSTATUS NTAPI RtlGetUserPreferredUILanguages(ULONG Flags, ULONG Reserved, PULONG Count, PZZWSTR Buffer,
                                              PULONG Size);

#endif
