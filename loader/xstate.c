// Where the processor keeps its extended state, and moving it between the guest's registers and signal
// frames.
#include "loader/xstate.h"
#include "loader/host_cpu.h"
#include <cpuid.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

enum { FXSAVE = 512, LEAF_XSTATE = 0xd };
enum { AVX = 1 << 2, AVX_512 = 7 << 5 };

// For gate_entry.S: the features that gate_resume loads by XRSTOR; 0: FXRSTOR does.
uint32_t xstate_resumed;

static struct xstate_layout layout;

void xstate_init(void)
{
    const uint64_t enabled = host_cpu()->xstate;
    uint64_t features = enabled & (XSTATE_LEGACY | AVX);
    if (features & AVX && (enabled & AVX_512) == AVX_512) features |= AVX_512;
    if (features != 0) features |= XSTATE_LEGACY;
    uint32_t end = FXSAVE + XSTATE_HEADER;
    layout.part[0].size = 160; // x87 registers and control words, then 16 XMM registers
    layout.part[1].offset = 160, layout.part[1].size = 256;
    for (unsigned i = 2; i < XSTATE_FEATURES; i++) {
        uint32_t size, offset, c, d;
        if (!(features >> i & 1)) continue;
        __cpuid_count(LEAF_XSTATE, i, size, offset, c, d);
        if (offset < FXSAVE + XSTATE_HEADER || offset + size > FXSAVE + sizeof(struct xstate)) {
            features &= ~(1ull << i); // a processor unlike all there are
            continue;
        }
        layout.part[i].offset = offset, layout.part[i].size = size;
        if (offset + size > end) end = offset + size;
    }
    layout.features = features;
    layout.size = end - FXSAVE;
    xstate_resumed = (uint32_t)features;
}

const struct xstate_layout *xstate_layout(void)
{
    return &layout;
}

void xstate_clear(struct xstate *state)
{
    memset(state, 0, XSTATE_HEADER);
    state->mask = XSTATE_LEGACY;
}

// Both point to headers.
static void copy_parts(uint8_t *to, const uint8_t *from, uint64_t mask)
{
    for (unsigned i = 2; i < XSTATE_FEATURES; i++)
        if (mask >> i & 1)
            memcpy(to + layout.part[i].offset - FXSAVE, from + layout.part[i].offset - FXSAVE,
                   layout.part[i].size);
}

void xstate_copy(struct xstate *to, const struct xstate *from)
{
    const uint64_t mask = from->mask & layout.features;
    xstate_clear(to);
    to->mask |= mask;
    copy_parts((uint8_t *)to, (const uint8_t *)from, mask);
}

// The features that the kernel has put into a frame, and takes back from it.
static uint64_t frame_features(const void *fpregs)
{
    struct _fpx_sw_bytes words;
    memcpy(&words, (const uint8_t *)fpregs + FXSAVE - sizeof words, sizeof words);
    return words.magic1 == FP_XSTATE_MAGIC1 ? words.xstate_bv & layout.features : 0;
}

void xstate_from_frame(struct xstate *state, const void *fpregs)
{
    const uint8_t *header = (const uint8_t *)fpregs + FXSAVE;
    const uint64_t kept = frame_features(fpregs);
    uint64_t mask;
    xstate_clear(state);
    if (kept == 0) return;
    memcpy(&mask, header, sizeof mask);
    mask &= kept;
    state->mask |= mask;
    copy_parts((uint8_t *)state, header, mask);
}

void xstate_to_frame(void *fpregs, const struct xstate *state)
{
    uint8_t *header = (uint8_t *)fpregs + FXSAVE;
    const uint64_t kept = frame_features(fpregs);
    uint64_t mask;
    if (kept == 0) return;
    memcpy(&mask, header, sizeof mask);
    mask = (mask & ~kept) | (state->mask & kept) | XSTATE_LEGACY;
    memcpy(header, &mask, sizeof mask);
    copy_parts(header, (const uint8_t *)state, state->mask & kept);
}
