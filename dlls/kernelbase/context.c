// CONTEXT structures with extended state: ntdll's functions, as Win32 has them.
#include "base.h"
#include "nt/context_extended.h"

HOTPATCH DWORD64 WINAPI GetEnabledXStateFeatures(void)
{
    return RtlGetEnabledExtendedFeatures(~0ull);
}

// Lays a context out in a buffer of *length bytes; ERROR_INSUFFICIENT_BUFFER, with *length, when it takes
// more.
HOTPATCH BOOL WINAPI InitializeContext2(void *buffer, DWORD flags, CONTEXT **context, DWORD *length,
                                        ULONG64 compaction)
{
    ULONG needed;
    CONTEXT_EX *extended;
    if (!bool_from_status(RtlGetExtendedContextLength2(flags, &needed, compaction))) return FALSE;
    if (!buffer || *length < needed) {
        *length = needed;
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    }
    if (!bool_from_status(RtlInitializeExtendedContext2(buffer, flags, &extended, compaction))) return FALSE;
    *context = RtlLocateLegacyContext(extended, NULL);
    return TRUE;
}

HOTPATCH BOOL WINAPI InitializeContext(void *buffer, DWORD flags, CONTEXT **context, DWORD *length)
{
    return InitializeContext2(buffer, flags, context, length, 0);
}

HOTPATCH BOOL WINAPI CopyContext(CONTEXT *destination, DWORD flags, CONTEXT *source)
{
    return bool_from_status(RtlCopyContext(destination, flags, source));
}

// The x87 and SSE state of a CONTEXT is in its FXSAVE area; other features' is in the extended state.
HOTPATCH void *WINAPI LocateXStateFeature(CONTEXT *context, DWORD feature, DWORD *length)
{
    enum { XMM_AT = offsetof(XSAVE_FORMAT, XmmRegisters), XMM_SIZE = 8 * sizeof(M128A) };
    if (feature < 2) {
        if ((context->ContextFlags & CONTEXT_EXTENDED_REGISTERS) != CONTEXT_EXTENDED_REGISTERS) return NULL;
        if (length) *length = feature == XSTATE_LEGACY_SSE ? XMM_SIZE : XMM_AT;
        return context->ExtendedRegisters + (feature == XSTATE_LEGACY_SSE ? XMM_AT : 0);
    }
    if (!(context->ContextFlags & XSTATE_BIT)) return NULL;
    return RtlLocateExtendedFeature((CONTEXT_EX *)(context + 1), feature, length);
}

HOTPATCH BOOL WINAPI GetXStateFeaturesMask(CONTEXT *context, DWORD64 *mask)
{
    *mask = (context->ContextFlags & CONTEXT_EXTENDED_REGISTERS) == CONTEXT_EXTENDED_REGISTERS
                ? XSTATE_MASK_LEGACY
                : 0;
    if (context->ContextFlags & XSTATE_BIT) *mask |= RtlGetExtendedFeaturesMask((CONTEXT_EX *)(context + 1));
    return TRUE;
}

// FALSE when the context has no place for one of the features.
HOTPATCH BOOL WINAPI SetXStateFeaturesMask(CONTEXT *context, DWORD64 mask)
{
    if (mask & XSTATE_MASK_LEGACY) context->ContextFlags |= CONTEXT_EXTENDED_REGISTERS;
    if (!(context->ContextFlags & XSTATE_BIT)) return !(mask & ~XSTATE_MASK_LEGACY);
    RtlSetExtendedFeaturesMask((CONTEXT_EX *)(context + 1), mask);
    return TRUE;
}
