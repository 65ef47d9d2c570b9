// Contexts with more than a CONTEXT holds (documented with InitializeContext2 and RtlLocateExtendedFeature in
// the WDK; names as in phnt's ntrtl.h): behind it lie a CONTEXT_EX, which tells where its parts are, and the
// extended state as XSAVE writes it, from the header on.
#ifndef LOWLAND_NT_CONTEXT_EXTENDED_H
#define LOWLAND_NT_CONTEXT_EXTENDED_H

#include "nt.h"

#define CONTEXT_XSTATE (CONTEXT_i386 | 0x40)
#define XSTATE_BIT     (CONTEXT_XSTATE & ~CONTEXT_i386)

// One part: where it begins, from the CONTEXT_EX on, and its bytes.
typedef struct _CONTEXT_CHUNK {
    LONG Offset;
    ULONG Length;
} CONTEXT_CHUNK, *PCONTEXT_CHUNK;

typedef struct _CONTEXT_EX {
    CONTEXT_CHUNK All;
    CONTEXT_CHUNK Legacy;
    CONTEXT_CHUNK XState;
} CONTEXT_EX, *PCONTEXT_EX;
NT_SIZE(CONTEXT_EX, 0x18);

ULONG64 NTAPI RtlGetEnabledExtendedFeatures(ULONG64 mask);
NTSTATUS NTAPI RtlGetExtendedContextLength(ULONG flags, PULONG length);
NTSTATUS NTAPI RtlGetExtendedContextLength2(ULONG flags, PULONG length, ULONG64 compaction);
NTSTATUS NTAPI RtlInitializeExtendedContext(PVOID buffer, ULONG flags, PCONTEXT_EX *extended);
NTSTATUS NTAPI RtlInitializeExtendedContext2(PVOID buffer, ULONG flags, PCONTEXT_EX *extended,
                                             ULONG64 compaction);
PCONTEXT NTAPI RtlLocateLegacyContext(PCONTEXT_EX extended, PULONG length);
PVOID NTAPI RtlLocateExtendedFeature(PCONTEXT_EX extended, ULONG feature, PULONG length);
PVOID NTAPI RtlLocateExtendedFeature2(PCONTEXT_EX extended, ULONG feature,
                                      const XSTATE_CONFIGURATION *configuration, PULONG length);
ULONG64 NTAPI RtlGetExtendedFeaturesMask(PCONTEXT_EX extended);
VOID NTAPI RtlSetExtendedFeaturesMask(PCONTEXT_EX extended, ULONG64 mask);
NTSTATUS NTAPI RtlCopyExtendedContext(PCONTEXT_EX destination, ULONG flags, PCONTEXT_EX source);
NTSTATUS NTAPI RtlCopyContext(PCONTEXT destination, ULONG flags, PCONTEXT source);

#endif
