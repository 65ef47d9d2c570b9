// A CONTEXT as it lies in the guest's memory, with CONTEXT_EX and extended state behind it (layout:
// thunks/nt/context_extended.h). Windows lets none of it be compacted here, since KUSER_SHARED_DATA says so.
#include "guest_constants.h"
#include "loader/context.h"
#include <string.h>

enum { AREA_ALIGNMENT = 64, LEGACY_AREA = 512 };

// The FXSAVE image came with Windows 98: older structures end before it.
static uint32_t legacy_size(uint32_t flags)
{
    return (flags & CONTEXT_EXTENDED_REGISTERS) == CONTEXT_EXTENDED_REGISTERS
               ? sizeof(CONTEXT32)
               : offsetof(CONTEXT32, ExtendedRegisters);
}

static bool wants_xstate(const CONTEXT32 *context)
{
    return (context->ContextFlags & CONTEXT_XSTATE) == CONTEXT_XSTATE;
}

// Where the extended state of the CONTEXT at this address begins, and its bytes.
static NTSTATUS locate(gptr context, gptr *area, uint32_t *length)
{
    const gptr at = context + (uint32_t)sizeof(CONTEXT32);
    CONTEXT_EX32 extended;
    if (!guest_read(&extended, at, sizeof extended)) return STATUS_ACCESS_VIOLATION;
    const CONTEXT_CHUNK32 xstate = extended.XState;
    if (extended.All.Offset != -(int32_t)sizeof(CONTEXT32) ||
        extended.Legacy.Offset != -(int32_t)sizeof(CONTEXT32) || xstate.Offset < (int32_t)sizeof extended ||
        xstate.Length < XSTATE_HEADER || xstate.Length > xstate_layout()->size)
        return STATUS_INVALID_PARAMETER;
    *area = at + (uint32_t)xstate.Offset;
    *length = xstate.Length;
    return STATUS_SUCCESS;
}

// The parts in mask that lie within length bytes of an area.
static uint64_t parts_within(uint64_t mask, uint32_t length)
{
    const struct xstate_layout *layout = xstate_layout();
    mask &= layout->features & ~(uint64_t)XSTATE_LEGACY;
    for (unsigned i = 2; i < XSTATE_FEATURES; i++)
        if (mask >> i & 1 && layout->part[i].offset - LEGACY_AREA + layout->part[i].size > length)
            mask &= ~(1ull << i);
    return mask;
}

static NTSTATUS read_xstate(struct xstate *state, gptr context)
{
    gptr area;
    uint32_t length;
    NTSTATUS status = locate(context, &area, &length);
    if (!NT_SUCCESS(status)) return status;
    if (!guest_read(state, area, length)) return STATUS_ACCESS_VIOLATION;
    state->mask = parts_within(state->mask, length);
    return STATUS_SUCCESS;
}

// Header and parts at an area of length bytes. The parts that are not in use keep what is there.
static bool write_xstate(gptr area, const struct xstate *state, uint32_t length)
{
    const struct xstate_layout *layout = xstate_layout();
    const uint64_t header[XSTATE_HEADER / 8] = {parts_within(state->mask, length)};
    bool good = guest_write(area, header, sizeof header);
    for (unsigned i = 2; good && i < XSTATE_FEATURES; i++) {
        const uint32_t offset = layout->part[i].offset - LEGACY_AREA;
        if (header[0] >> i & 1)
            good = guest_write(area + offset, (const uint8_t *)state + offset, layout->part[i].size);
    }
    return good;
}

NTSTATUS context_read(struct thread_context *context, gptr address)
{
    uint32_t flags;
    memset(context, 0, sizeof *context);
    if (!guest_read32(&flags, address) || !guest_read(&context->legacy, address, legacy_size(flags)))
        return STATUS_ACCESS_VIOLATION;
    if (!wants_xstate(&context->legacy)) return STATUS_SUCCESS;
    if (context_extension_size()) return read_xstate(&context->xstate, address);
    context->legacy.ContextFlags &= ~(uint32_t)(CONTEXT_XSTATE & ~CONTEXT_i386);
    return STATUS_SUCCESS;
}

NTSTATUS context_write(gptr address, const struct thread_context *context)
{
    gptr area;
    uint32_t length;
    if (!guest_write(address, &context->legacy, legacy_size(context->legacy.ContextFlags)))
        return STATUS_ACCESS_VIOLATION;
    if (!wants_xstate(&context->legacy)) return STATUS_SUCCESS;
    NTSTATUS status = locate(address, &area, &length);
    if (!NT_SUCCESS(status)) return status;
    return write_xstate(area, &context->xstate, length) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

uint32_t context_extension_size(void)
{
    const uint32_t size = xstate_layout()->size;
    return size > XSTATE_HEADER ? (uint32_t)sizeof(CONTEXT_EX32) + AREA_ALIGNMENT - 1 + size : 0;
}

bool context_extend(gptr address, const struct xstate *state)
{
    const gptr at = address + (uint32_t)sizeof(CONTEXT32);
    const gptr area = (at + (uint32_t)sizeof(CONTEXT_EX32) + AREA_ALIGNMENT - 1) & ~(AREA_ALIGNMENT - 1u);
    const uint32_t size = xstate_layout()->size;
    const CONTEXT_EX32 extended = {
        .All = {.Offset = -(int32_t)sizeof(CONTEXT32),
                .Length = (uint32_t)sizeof(CONTEXT32) + (area - at) + size},
        .Legacy = {.Offset = -(int32_t)sizeof(CONTEXT32), .Length = sizeof(CONTEXT32)},
        .XState = {.Offset = (int32_t)(area - at), .Length = size},
    };
    return guest_write(at, &extended, sizeof extended) && write_xstate(area, state, size);
}
