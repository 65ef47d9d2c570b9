// Between Windows' CONTEXT and the registers that the gate loads.
#ifndef LOWLAND_CONTEXT_H
#define LOWLAND_CONTEXT_H

#include "loader/gate.h"

// A CONTEXT and, where its flags have CONTEXT_XSTATE, the extended state that goes with it.
struct thread_context {
    CONTEXT32 legacy;
    struct xstate xstate;
};

// Writes the parts that flags (CONTEXT_*) asks for; the others keep what they hold. ContextFlags becomes
// flags.
void context_from_registers(CONTEXT32 *context, const struct guest_registers *registers, uint32_t flags);
// Takes over the parts that context->ContextFlags names, but for extended state. EFLAGS and MXCSR are reduced
// to what user mode may set.
void context_to_registers(struct guest_registers *registers, const CONTEXT32 *context);
// The registers of a thread that is inside a call: as if the call's stub had just been returned to.
void context_registers_of_frame(struct guest_registers *registers, const struct thread *thread);
// The calling thread goes on at this context instead of behind its call.
void context_install(struct thread *self, const struct thread_context *context);
// A new thread's: control words as Windows starts threads with, everything else zero.
void context_initial_registers(struct guest_registers *registers);

// ---- contexts in the guest's memory: context_extended.c ----

// Reads one with what its flags say lies behind it. Without the processor's support CONTEXT_XSTATE is taken
// out of the flags. STATUS_ACCESS_VIOLATION; STATUS_INVALID_PARAMETER: no CONTEXT_EX that can be true.
NTSTATUS context_read(struct thread_context *context, gptr address);
// Writes back one that was read there: the parts that its flags name, of the extended state what is in use.
NTSTATUS context_write(gptr address, const struct thread_context *context);

// The bytes that a CONTEXT on the guest's stack needs behind it for its extended state, 0: there is none.
uint32_t context_extension_size(void);
// Writes CONTEXT_EX and extended state behind the CONTEXT at this address, for whose flags CONTEXT_XSTATE is
// meant. False: the memory is bad. Async-signal-safe.
bool context_extend(gptr address, const struct xstate *state);

#endif
