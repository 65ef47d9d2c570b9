// Extended contexts: how long they are, where their parts lie, and copying them. Nothing here touches a
// thread; which features there are says KUSER_SHARED_DATA.
#include "rtl.h"
#include "nt/context_extended.h"
#include "nt/system.h"
#include <stddef.h>

// CONTEXT_EXCEPTION_ACTIVE, CONTEXT_SERVICE_ACTIVE, CONTEXT_EXCEPTION_REQUEST, CONTEXT_EXCEPTION_REPORTING
#define REPORT_FLAGS   0xD8000000u
#define KNOWN_FLAGS    (CONTEXT_ALL | CONTEXT_XSTATE | REPORT_FLAGS)
#define LEGACY_AREA    512u // of an XSAVE area; extended contexts leave it out
#define XSTATE_ALIGN   64u
#define NO_XSTATE_AT   (sizeof(CONTEXT_EX) + 1) // where a context without extended state says that it is
#define FEATURE_BIT(n) (1ull << (n))

static const XSTATE_CONFIGURATION *system_configuration(void)
{
    return (const XSTATE_CONFIGURATION *)((const KUSER_SHARED_DATA *)0x7FFE0000)->XState;
}

ULONG64 NTAPI RtlGetEnabledExtendedFeatures(ULONG64 mask)
{
    return system_configuration()->EnabledFeatures & mask;
}

// STATUS_NOT_SUPPORTED: extended state is wanted and the processor saves none.
static NTSTATUS check_flags(ULONG flags)
{
    if (!(flags & CONTEXT_i386) || flags & ~KNOWN_FLAGS) return STATUS_INVALID_PARAMETER;
    if (flags & XSTATE_BIT && !RtlGetEnabledExtendedFeatures(~0ull)) return STATUS_NOT_SUPPORTED;
    return STATUS_SUCCESS;
}

static ULONG xstate_length(void)
{
    return system_configuration()->Size - LEGACY_AREA;
}

/** The bytes that a buffer must have for a context with these parts, wherever it begins. The compaction mask
 * says nothing here: extended state is not compacted. STATUS_INVALID_PARAMETER: unknown flags. */
NTSTATUS NTAPI RtlGetExtendedContextLength2(ULONG flags, PULONG length, ULONG64 compaction)
{
    NTSTATUS status = check_flags(flags);

    (void)compaction;
    if (status < 0) return status;
    *length = sizeof(CONTEXT) + sizeof(CONTEXT_EX);
    *length += flags & XSTATE_BIT ? xstate_length() + XSTATE_ALIGN - 1 : __alignof__(CONTEXT) - 1;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlGetExtendedContextLength(ULONG flags, PULONG length)
{
    return RtlGetExtendedContextLength2(flags, length, 0);
}

/** Lays an empty context with these parts out in a buffer of the length above. */
NTSTATUS NTAPI RtlInitializeExtendedContext2(PVOID buffer, ULONG flags, PCONTEXT_EX *extended,
                                             ULONG64 compaction)
{
    CONTEXT *context =
        (CONTEXT *)(((ULONG_PTR)buffer + __alignof__(CONTEXT) - 1) & ~(__alignof__(CONTEXT) - 1));
    CONTEXT_EX *ex = (CONTEXT_EX *)(context + 1);
    NTSTATUS status = check_flags(flags);

    (void)compaction;
    if (status < 0) return status;
    context->ContextFlags = flags;
    ex->Legacy.Offset = ex->All.Offset = -(LONG)sizeof(CONTEXT);
    ex->Legacy.Length = (flags & CONTEXT_EXTENDED_REGISTERS) == CONTEXT_EXTENDED_REGISTERS
                            ? sizeof(CONTEXT)
                            : offsetof(CONTEXT, ExtendedRegisters);
    if (flags & XSTATE_BIT) {
        BYTE *area = (BYTE *)(((ULONG_PTR)(ex + 1) + XSTATE_ALIGN - 1) & ~(ULONG_PTR)(XSTATE_ALIGN - 1));
        ex->XState.Offset = area - (BYTE *)ex;
        ex->XState.Length = xstate_length();
        ex->All.Length = sizeof(CONTEXT) + ex->XState.Offset + ex->XState.Length;
        memset(area, 0, sizeof(XSAVE_AREA_HEADER));
    } else {
        ex->XState.Offset = NO_XSTATE_AT;
        ex->XState.Length = 0;
        ex->All.Length = sizeof(CONTEXT) + sizeof(CONTEXT_EX);
    }
    *extended = ex;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlInitializeExtendedContext(PVOID buffer, ULONG flags, PCONTEXT_EX *extended)
{
    return RtlInitializeExtendedContext2(buffer, flags, extended, 0);
}

PCONTEXT NTAPI RtlLocateLegacyContext(PCONTEXT_EX extended, PULONG length)
{
    if (length) *length = extended->Legacy.Length;
    return (PCONTEXT)((BYTE *)extended + extended->Legacy.Offset);
}

// The header of the extended state, or NULL where the context has none.
static XSAVE_AREA_HEADER *header_of(const CONTEXT_EX *extended)
{
    if (extended->XState.Length < sizeof(XSAVE_AREA_HEADER)) return NULL;
    return (XSAVE_AREA_HEADER *)((BYTE *)extended + extended->XState.Offset);
}

/** Where a feature's state lies: NULL for one that is not enabled, is part of the CONTEXT (0, 1), or lies
 * beyond the end. */
PVOID NTAPI RtlLocateExtendedFeature2(PCONTEXT_EX extended, ULONG feature,
                                      const XSTATE_CONFIGURATION *configuration, PULONG length)
{
    BYTE *area = (BYTE *)header_of(extended);

    if (!area || feature < 2 || feature >= MAXIMUM_XSTATE_FEATURES) return NULL;
    if (!(configuration->EnabledFeatures & FEATURE_BIT(feature))) return NULL;
    const XSTATE_FEATURE *place = &configuration->Features[feature];
    if (place->Offset < LEGACY_AREA || place->Offset - LEGACY_AREA + place->Size > extended->XState.Length)
        return NULL;
    if (length) *length = place->Size;
    return area + place->Offset - LEGACY_AREA;
}

PVOID NTAPI RtlLocateExtendedFeature(PCONTEXT_EX extended, ULONG feature, PULONG length)
{
    return RtlLocateExtendedFeature2(extended, feature, system_configuration(), length);
}

/** Which features' state is in a context and not as after start; those of the CONTEXT itself don't count. */
ULONG64 NTAPI RtlGetExtendedFeaturesMask(PCONTEXT_EX extended)
{
    const XSAVE_AREA_HEADER *header = header_of(extended);

    return header ? header->Mask & ~XSTATE_MASK_LEGACY : 0;
}

VOID NTAPI RtlSetExtendedFeaturesMask(PCONTEXT_EX extended, ULONG64 mask)
{
    XSAVE_AREA_HEADER *header = header_of(extended);

    if (header) header->Mask = RtlGetEnabledExtendedFeatures(mask) & ~XSTATE_MASK_LEGACY;
}

// The CONTEXT's parts: their flag, and what of it they are.
static const struct {
    ULONG flag;
    USHORT from, to;
} parts[] = {
    {CONTEXT_DEBUG_REGISTERS, offsetof(CONTEXT, Dr0), offsetof(CONTEXT, FloatSave)},
    {CONTEXT_FLOATING_POINT, offsetof(CONTEXT, FloatSave), offsetof(CONTEXT, SegGs)},
    {CONTEXT_SEGMENTS, offsetof(CONTEXT, SegGs), offsetof(CONTEXT, Edi)},
    {CONTEXT_INTEGER, offsetof(CONTEXT, Edi), offsetof(CONTEXT, Ebp)},
    {CONTEXT_CONTROL, offsetof(CONTEXT, Ebp), offsetof(CONTEXT, ExtendedRegisters)},
    {CONTEXT_EXTENDED_REGISTERS, offsetof(CONTEXT, ExtendedRegisters), sizeof(CONTEXT)},
};

static void copy_legacy(CONTEXT *destination, ULONG flags, const CONTEXT *source)
{
    destination->ContextFlags |= flags;
    for (ULONG i = 0; i < ARRAYSIZE(parts); i++) {
        if ((flags & parts[i].flag) != parts[i].flag) continue;
        memcpy((BYTE *)destination + parts[i].from, (const BYTE *)source + parts[i].from,
               parts[i].to - parts[i].from);
    }
}

static NTSTATUS copy_xstate(CONTEXT_EX *destination, CONTEXT_EX *source)
{
    XSAVE_AREA_HEADER *to = header_of(destination);
    const XSAVE_AREA_HEADER *from = header_of(source);

    if (!to || !from) return STATUS_INVALID_PARAMETER;
    to->Mask = RtlGetEnabledExtendedFeatures(from->Mask) & ~XSTATE_MASK_LEGACY;
    for (ULONG feature = 2; feature < MAXIMUM_XSTATE_FEATURES; feature++) {
        if (!(to->Mask & FEATURE_BIT(feature))) continue;
        ULONG length;
        const void *state = RtlLocateExtendedFeature(source, feature, &length);
        void *place = RtlLocateExtendedFeature(destination, feature, &length);
        if (!state || !place) return STATUS_BUFFER_OVERFLOW;
        memcpy(place, state, length);
    }
    return STATUS_SUCCESS;
}

/** Copies the parts that flags names between contexts laid out by RtlInitializeExtendedContext; extended
 * state of features that the source does not have is no longer the destination's either. */
NTSTATUS NTAPI RtlCopyExtendedContext(PCONTEXT_EX destination, ULONG flags, PCONTEXT_EX source)
{
    NTSTATUS status = check_flags(flags);

    if (status < 0) return status;
    copy_legacy(RtlLocateLegacyContext(destination, NULL), flags, RtlLocateLegacyContext(source, NULL));
    return flags & XSTATE_BIT ? copy_xstate(destination, source) : STATUS_SUCCESS;
}

/** The same for contexts that are extended where their flags say so. STATUS_BUFFER_OVERFLOW: the destination
 * has no room for extended state; STATUS_INVALID_PARAMETER: the source has none. */
NTSTATUS NTAPI RtlCopyContext(PCONTEXT destination, ULONG flags, PCONTEXT source)
{
    NTSTATUS status = check_flags(flags);

    if (status < 0) return status;
    if (!(flags & XSTATE_BIT)) {
        copy_legacy(destination, flags, source);
        return STATUS_SUCCESS;
    }
    if (!(destination->ContextFlags & XSTATE_BIT)) return STATUS_BUFFER_OVERFLOW;
    if (!(source->ContextFlags & XSTATE_BIT)) return STATUS_INVALID_PARAMETER;
    return RtlCopyExtendedContext((PCONTEXT_EX)(destination + 1), flags, (PCONTEXT_EX)(source + 1));
}
