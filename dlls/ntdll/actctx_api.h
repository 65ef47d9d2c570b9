// The activation-context calls of ntdll that kernelbase gives Win32 names and mingw-w64's headers lack.
#ifndef LOWLAND_NTDLL_ACTCTX_API_H
#define LOWLAND_NTDLL_ACTCTX_API_H

#include "nt/nt.h"

// data may be NULL: then it is only asked whether there is such an entry. STATUS_SXS_SECTION_NOT_FOUND,
// STATUS_SXS_KEY_NOT_FOUND, STATUS_INVALID_PARAMETER.
NTSTATUS NTAPI RtlFindActivationContextSectionString(ULONG flags, const GUID *extension, ULONG section,
                                                     PUNICODE_STRING key, PACTCTX_SECTION_KEYED_DATA data);
NTSTATUS NTAPI RtlFindActivationContextSectionGuid(ULONG flags, const GUID *extension, ULONG section,
                                                   const GUID *key, PACTCTX_SECTION_KEYED_DATA data);
// Marks a context as one that must not be used any more, where debugging is on: nothing else changes.
NTSTATUS NTAPI RtlZombifyActivationContext(struct _ACTIVATION_CONTEXT *context);
// size and *needed count characters. STATUS_SXS_KEY_NOT_FOUND, STATUS_BUFFER_TOO_SMALL.
NTSTATUS NTAPI RtlQueryActivationContextApplicationSettings(ULONG flags, struct _ACTIVATION_CONTEXT *context,
                                                            const WCHAR *space, const WCHAR *name,
                                                            WCHAR *buffer, SIZE_T size, SIZE_T *needed);

#endif
