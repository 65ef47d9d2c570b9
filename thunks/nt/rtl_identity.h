// Small functions of ntdll on identities: security identifiers, descriptors and entries, locales by culture
// names, atoms, processors. Sources: phnt's ntrtl.h, Microsoft's documentation of wdm.h and ntifs.h.
#ifndef LOWLAND_NT_RTL_IDENTITY_H
#define LOWLAND_NT_RTL_IDENTITY_H

#include "nt.h"

void NTAPI RtlCopyLuidAndAttributesArray(ULONG count, const LUID_AND_ATTRIBUTES *source,
                                         LUID_AND_ATTRIBUTES *out);
NTSTATUS NTAPI RtlCopySidAndAttributesArray(ULONG count, const SID_AND_ATTRIBUTES *source, ULONG room,
                                            SID_AND_ATTRIBUTES *out, PSID sids, PSID *next_sid, PULONG left);
PVOID NTAPI RtlFindAceByType(PACL acl, UCHAR type, PULONG index);
NTSTATUS NTAPI RtlCreateServiceSid(PUNICODE_STRING name, PSID sid, PULONG size);
NTSTATUS NTAPI RtlSidDominates(PSID a, PSID b, PBOOLEAN dominates);
NTSTATUS NTAPI RtlSidEqualLevel(PSID a, PSID b, PBOOLEAN equal);
NTSTATUS NTAPI RtlSidIsHigherLevel(PSID a, PSID b, PBOOLEAN higher);
BOOLEAN NTAPI RtlGetSecurityDescriptorRMControl(PSECURITY_DESCRIPTOR descriptor, PUCHAR control);
void NTAPI RtlSetSecurityDescriptorRMControl(PSECURITY_DESCRIPTOR descriptor, PUCHAR control);

BOOLEAN NTAPI RtlLCIDToCultureName(LCID lcid, PUNICODE_STRING name);
BOOLEAN NTAPI RtlCultureNameToLCID(PUNICODE_STRING name, PLCID lcid);

BOOLEAN NTAPI RtlGetIntegerAtom(PCWSTR name, PUSHORT number);

BOOLEAN NTAPI RtlIsCurrentProcess(HANDLE process);
BOOLEAN NTAPI RtlIsCurrentThread(HANDLE thread);

void NTAPI RtlRunEncodeUnicodeString(PUCHAR seed, PUNICODE_STRING string);
void NTAPI RtlRunDecodeUnicodeString(UCHAR seed, PUNICODE_STRING string);

#endif
