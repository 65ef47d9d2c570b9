// The processor's extended state: AVX and what came after it, in the standard format of XSAVE (Intel SDM
// volume 1, 13.4), which the host's signal frames and Windows' contexts have in common.
#ifndef LOWLAND_XSTATE_H
#define LOWLAND_XSTATE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    XSTATE_LEGACY = 3,             // the features that the FXSAVE image holds: x87 and SSE
    XSTATE_HEADER = 64,            // bytes of an XSAVE area's header, behind that image
    XSTATE_FEATURES = 8,           // up to AVX-512; what came later is no business of 32-bit code
    XSTATE_PARTS_MAX = 2688 - 576, // with AVX-512
};

// An XSAVE area from its header on. A feature whose bit is not in the mask is as after start, whatever stands
// in its part.
struct xstate {
    uint64_t mask, compaction, reserved[6];
    uint8_t parts[XSTATE_PARTS_MAX];
};

struct xstate_layout {
    uint64_t features; // what is kept of threads; XSTATE_LEGACY is in it unless there is no XSAVE: 0
    uint32_t size;     // bytes of a struct xstate that are in use, header and all
    struct {
        uint32_t offset, size; // offset from the XSAVE area's beginning
    } part[XSTATE_FEATURES];
};

// Asks the processor. Once, before the first thread.
void xstate_init(void);
// After that, the same for good.
const struct xstate_layout *xstate_layout(void);

// Nothing but the FXSAVE image is in use.
void xstate_clear(struct xstate *state);
// Copies what is in use of from. Features that are not kept here are left out.
void xstate_copy(struct xstate *to, const struct xstate *from);
// The same between a state and a signal frame (uc_mcontext.fpregs), behind the FXSAVE image. A frame without
// it: nothing is in use; nothing is written. Async-signal-safe.
void xstate_from_frame(struct xstate *state, const void *fpregs);
void xstate_to_frame(void *fpregs, const struct xstate *state);

#endif
