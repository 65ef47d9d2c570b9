// The slow way back into the guest: what other threads want of this one, APCs, replaced registers, control words.
#include "guest_constants.h"
#include "loader/exception.h"
#include "loader/gate.h"
#include "loader/suspend.h"
#include <string.h>

void thread_leave_slow(struct thread *thread);

static bool take(struct thread *thread, uint32_t bit)
{
    return atomic_fetch_and(&thread->pending, ~bit) & bit;
}

// Where the guest goes on: what THREAD_PENDING_CONTEXT left, or behind the call's stub.
static void current_registers(struct thread *thread, struct guest_registers *registers)
{
    if (take(thread, THREAD_PENDING_CONTEXT))
        *registers = *thread->resume;
    else
        context_registers_of_frame(registers, thread);
}

// KiUserApcDispatcher finds routine, three arguments and the context to continue at on its stack.
static bool push_apc(struct guest_registers *r, const struct thread_apc *apc)
{
    struct {
        gptr routine;
        uint32_t arguments[3];
        CONTEXT32 context;
    } __attribute__((packed)) layout;
    layout.routine = apc->routine;
    memcpy(layout.arguments, apc->arguments, sizeof layout.arguments);
    memset(&layout.context, 0, sizeof layout.context);
    context_from_registers(&layout.context, r,
                           CONTEXT_FULL | CONTEXT_SEGMENTS | CONTEXT_FLOATING_POINT | CONTEXT_EXTENDED_REGISTERS);
    gptr at = (r->esp - (uint32_t)sizeof layout) & ~15u;
    if (!guest_write(at, &layout, sizeof layout)) return false;
    r->esp = at;
    r->eip = guest_entry_points.apc_dispatcher;
    return true;
}

static void deliver_apc(struct thread *thread)
{
    struct thread_apc apc;
    if (!thread_next_apc(thread, &apc)) return;
    struct guest_registers registers;
    current_registers(thread, &registers);
    if (!push_apc(&registers, &apc)) thread_end(thread);
    *thread->resume = registers;
    atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT);
    atomic_fetch_and(&thread->pending, ~THREAD_PENDING_FPU); // the context has the control words
}

static void raise_single_step(struct thread *thread)
{
    EXCEPTION_RECORD32 record = {.ExceptionCode = STATUS_SINGLE_STEP};
    struct guest_registers registers;
    current_registers(thread, &registers);
    record.ExceptionAddress = registers.eip;
    if (!exception_deliver(thread, &record, &registers)) thread_end(thread);
    *thread->resume = registers;
    atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT);
}

static void reload_control_words(const struct guest_frame *frame)
{
    uint32_t mxcsr = frame->mxcsr & 0xffff;
    __asm__ volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(frame->fpu_control));
}

// Called by gate_entry.S while pending is not zero, with the result already in the frame.
void thread_leave_slow(struct thread *thread)
{
    if (atomic_load(&thread->pending) & THREAD_PENDING_TERMINATE) thread_end(thread);
    if (atomic_load(&thread->pending) & THREAD_PENDING_SUSPEND) {
        suspend_park_in_host(thread);
        return;
    }
    if (take(thread, THREAD_PENDING_APC)) deliver_apc(thread);
    if (take(thread, THREAD_PENDING_STEP)) raise_single_step(thread);
    // A context that comes while this one is loaded is another thread's business: it stops us first.
    if (atomic_load(&thread->pending) == THREAD_PENDING_CONTEXT ||
        atomic_load(&thread->pending) == (THREAD_PENDING_CONTEXT | THREAD_PENDING_FPU)) {
        atomic_fetch_and(&thread->pending, ~(THREAD_PENDING_CONTEXT | THREAD_PENDING_FPU));
        gate_resume(thread, thread->resume);
    }
    if (take(thread, THREAD_PENDING_FPU)) reload_control_words(&thread->frame);
}
