// Calls from the 64-bit side into the guest, and what becomes of them when the guest never comes back.
//
// A longjmp, an exception's unwinding or NtContinue may remove a callback's frame from the guest's stack
// while its host frames still lie on ours. Nothing tells us, but the next crossing shows it: on the stack
// that the callback ran on, ESP is above the callback's return address. Fibers switch stacks inside
// callbacks, so frames on another stack are left alone, and everything below them: they go when they prove
// abandoned, return, or the thread ends.
#include "guest_constants.h"
#include "loader/exception.h"
#include "loader/fail.h"
#include "loader/gate.h"
#include <string.h>

// Lives on the host stack of the call in progress; found again by its cookie, which the guest carries in EBX.
struct callback_frame {
    struct callback_frame *outer;
    uint32_t cookie;
    gptr esp;        // where the guest's return address lies
    gptr stack_base; // of the stack that it lies in, as the TEB has it
    uint64_t rsp;    // gate_call's stack
    uint64_t host_rsp;
    struct guest_frame frame;
};

enum { TEB_STACK_BASE = 4, HOST_STACK_SPARE = 64 * 1024 * SANITIZER_STACK_FACTOR };

uint64_t gate_call(struct thread *thread, uint32_t esp, uint32_t eip, uint32_t cookie, uint64_t *rsp);
uint64_t callback_finish(struct thread *thread, uint32_t cookie);
gptr gate_callback_address(void);
void callback_release_abandoned(struct thread *thread);

NTSTATUS guest_call(gptr function, const uint32_t *args, unsigned slots, uint64_t *result)
{
    static _Atomic uint32_t next_cookie = 1;
    struct thread *thread = thread_self();
    if (!thread) return STATUS_INVALID_THREAD;
    uint32_t stack[1 + 64];
    if (slots > 64) return STATUS_INVALID_PARAMETER;
    if (thread->base_rsp - (uintptr_t)stack > HOST_STACK_SIZE - HOST_STACK_SPARE)
        return STATUS_STACK_OVERFLOW;
    stack[0] = gate_callback_address();
    if (slots) memcpy(stack + 1, args, slots * sizeof *args);
    gptr esp = (thread->frame.esp & ~15u) - 16;
    esp = ((esp - slots * 4) & ~15u) - 4;
    if (!guest_write(esp, stack, (1 + slots) * 4)) return STATUS_ACCESS_VIOLATION;

    struct callback_frame call = {
        .outer = thread->callbacks,
        .cookie = atomic_fetch_add(&next_cookie, 1),
        .esp = esp,
        .host_rsp = thread->host_rsp,
        .frame = thread->frame,
    };
    if (!guest_read32(&call.stack_base, thread->teb + TEB_STACK_BASE)) return STATUS_ACCESS_VIOLATION;
    thread->callbacks = &call;
    if (atomic_fetch_and(&thread->pending, ~THREAD_PENDING_FPU) & THREAD_PENDING_FPU)
        thread_load_control_words(&thread->frame);
    *result = gate_call(thread, esp, function, call.cookie, &call.rsp);
    thread->callbacks = call.outer;
    thread->host_rsp = call.host_rsp;
    // The control words are the thread's, not the frame's: what the callback set stays.
    call.frame.mxcsr = thread->frame.mxcsr;
    call.frame.fpu_control = thread->frame.fpu_control;
    call.frame.fpu_status = thread->frame.fpu_status;
    thread->frame = call.frame;
    return STATUS_SUCCESS;
}

static bool is_abandoned(const struct callback_frame *call, gptr esp, gptr stack_base)
{
    return call->stack_base == stack_base && esp > call->esp && esp < stack_base;
}

// gate_entry.S: the guest crosses inside a callback, with its registers in thread->frame. The frames' memory
// is above the stack pointer still; the gate moves that to thread->host_rsp now.
void callback_release_abandoned(struct thread *thread)
{
    gptr stack_base;
    if (!guest_read32(&stack_base, thread->teb + TEB_STACK_BASE)) return;
    struct callback_frame *call;
    while ((call = thread->callbacks) && is_abandoned(call, thread->frame.esp, stack_base)) {
        thread->callbacks = call->outer;
        thread->host_rsp = call->host_rsp;
    }
    sanitizer_abandon_stack(thread->host_rsp);
}

// gate_entry.S: a callback returned with this cookie. Frames above it were abandoned.
uint64_t callback_finish(struct thread *thread, uint32_t cookie)
{
    for (struct callback_frame *frame = thread->callbacks; frame; frame = frame->outer) {
        if (frame->cookie != cookie) continue;
        thread->callbacks = frame;
        sanitizer_abandon_stack(frame->rsp);
        return frame->rsp;
    }
    fail(FAIL_INTERNAL, "the program returned from a callback that was never made (EBX destroyed)");
}
