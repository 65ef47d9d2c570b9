// ntdll's functions on names of files: wildcards and short (8.3) names. Sources: Microsoft's documentation of
// FsRtlIsNameInExpression, RtlGenerate8dot3Name and RtlIsNameLegalDOS8Dot3, [MS-FSA] 2.1.4.4.
// RtlIsNameLegalDOS8Dot3 is in winternl.h.
#ifndef LOWLAND_NT_RTL_NAME_H
#define LOWLAND_NT_RTL_NAME_H

#include "nt.h"

// The wildcards that DOS's rules for dots need, beside * and ?.
#define ANSI_DOS_STAR '<'
#define ANSI_DOS_QM   '>'
#define ANSI_DOS_DOT  '"'

typedef struct _GENERATE_NAME_CONTEXT {
    USHORT Checksum;
    BOOLEAN CheckSumInserted;
    UCHAR NameLength;
    WCHAR NameBuffer[8];
    ULONG ExtensionLength;
    WCHAR ExtensionBuffer[4];
    ULONG LastIndexValue;
} GENERATE_NAME_CONTEXT, *PGENERATE_NAME_CONTEXT;
NT_SIZE(GENERATE_NAME_CONTEXT, 0x24);

BOOLEAN NTAPI RtlDoesNameContainWildCards(PCUNICODE_STRING name);
BOOLEAN NTAPI RtlIsNameInExpression(PCUNICODE_STRING expression, PCUNICODE_STRING name, BOOLEAN ignore_case,
                                    PCWCH upcase_table);
BOOLEAN NTAPI RtlIsNameInUnUpcasedExpression(PCUNICODE_STRING expression, PCUNICODE_STRING name,
                                             BOOLEAN ignore_case, PCWCH upcase_table);
NTSTATUS NTAPI RtlGenerate8dot3Name(PCUNICODE_STRING name, BOOLEAN extended_allowed,
                                    PGENERATE_NAME_CONTEXT context, PUNICODE_STRING result);

#endif
