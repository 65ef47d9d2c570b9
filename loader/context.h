// Between Windows' CONTEXT and the registers that the gate loads.
#ifndef LOWLAND_CONTEXT_H
#define LOWLAND_CONTEXT_H

#include "loader/gate.h"

// Writes the parts that flags (CONTEXT_*) asks for; the others keep what they hold. ContextFlags becomes
// flags.
void context_from_registers(CONTEXT32 *context, const struct guest_registers *registers, uint32_t flags);
// Takes over the parts that context->ContextFlags names. EFLAGS and MXCSR are reduced to what user mode may
// set.
void context_to_registers(struct guest_registers *registers, const CONTEXT32 *context);
// The registers of a thread that is inside a call: as if the call's stub had just been returned to.
void context_registers_of_frame(struct guest_registers *registers, const struct thread *thread);
// The calling thread goes on at this context instead of behind its call.
void context_install(struct thread *self, const CONTEXT32 *context);
// A new thread's: control words as Windows starts threads with, everything else zero.
void context_initial_registers(struct guest_registers *registers);

#endif
