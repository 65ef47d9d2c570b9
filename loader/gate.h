// The mode switch: how a thread gets from 64-bit to 32-bit code and back, and which program counters lie
// where neither side's state is whole (docs/gate.md has the table).
#ifndef LOWLAND_GATE_H
#define LOWLAND_GATE_H

#include "thread.h"
#include "thunk_table.h"
#include "xstate.h"
#include <ucontext.h>

enum { GUEST_CS = 0x23, GUEST_DS = 0x2b, HOST_CS = 0x33, REPORTED_FS = 0x53 };

// The guest's whole register state as gate_resume loads it; the last two are an XSAVE area. gate_entry.S
// knows the offsets.
struct guest_registers {
    uint32_t eax, ebx, ecx, edx, esi, edi, ebp, esp, eip, eflags;
    uint8_t fxsave[512] __attribute__((aligned(64)));
    struct xstate xstate;
} __attribute__((aligned(64)));

// Bytes of them that mean something on this processor: it pays to copy no more.
static inline size_t registers_size(void)
{
    const uint32_t size = xstate_layout()->size;
    return offsetof(struct guest_registers, xstate) + (size > XSTATE_HEADER ? size : XSTATE_HEADER);
}

static inline void registers_copy(struct guest_registers *to, const struct guest_registers *from)
{
    __builtin_memcpy(to, from, registers_size());
}

// Maps the gate page into the guest; its address goes to every TEB's WOW32Reserved. Once, at start.
NTSTATUS gate_init(void);
gptr gate_address(void);

// Makes an interface's calls reachable; a number that is too large or taken ends the process. Before any
// guest code runs, or from the loader only.
void gate_register(const struct thunk_table *table);
const struct thunk_table *gate_interface(unsigned id);
// Replaces each registered table by one of the same shape that prints (trace.c).
void gate_set_dispatch(unsigned id, const thunk_fn *functions);

// Prepares a thread's gate fields (entry points, FS bases); host_rsp is set by gate_start.
void gate_prepare_thread(struct thread *thread);

// Enters the guest for the first time on this pthread, with thread->resume; THREAD_PENDING_CONTEXT must be
// set. Returns when gate_exit is called.
void gate_start(struct thread *thread);
// Enters the guest with exactly thread->resume; everything on the host stack is abandoned.
// THREAD_PENDING_CONTEXT must be set: it is cleared at the last moment, and only when nothing else is
// pending.
_Noreturn void gate_resume(struct thread *thread);
// Makes gate_start return. Whatever the host stack holds above it must have been released.
_Noreturn void gate_exit(struct thread *thread);

// Where an asynchronous signal found the thread.
enum gate_position {
    GATE_IN_GUEST, // in 32-bit code: the ucontext is the guest's
    GATE_ENTERING, // rolled back: the guest stands before the gate, in registers
    GATE_LEAVING,  // rolled forward: the guest stands behind the gate, in registers
    GATE_RESUMING, // rolled forward: the guest stands in what gate_resume loads
    GATE_IN_HOST,  // in 64-bit code proper: thread->frame is the guest's
};
// Classifies and, for ENTERING, LEAVING and RESUMING, fills registers. Async-signal-safe.
enum gate_position gate_locate(struct thread *thread, const ucontext_t *uc,
                               struct guest_registers *registers);

// In the handler of a poke that found the thread in 64-bit code: if it stood between testing thread->pending
// and entering the guest, it tests again.
void gate_restart_check(ucontext_t *uc);

// Calls a guest function from the 64-bit side (a callback). args are stack slots. The result is EDX:EAX.
// Fails with STATUS_STACK_OVERFLOW or STATUS_ACCESS_VIOLATION when the guest stack takes no more, and does
// not return at all when the guest unwinds past it. Hold no lock. (callback.c)
NTSTATUS guest_call(gptr function, const uint32_t *args, unsigned slots, uint64_t *result);

#endif
