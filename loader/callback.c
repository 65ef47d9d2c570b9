// Calls from the 64-bit side into the guest, and what becomes of them when the guest never comes back.
#include "guest_constants.h"
#include "loader/exception.h"
#include "loader/fail.h"
#include "loader/gate.h"
#include <string.h>

// Lives on the host stack of the call in progress; found again by its cookie, which the guest carries in EBX.
struct callback_frame {
    struct callback_frame *outer;
    uint32_t cookie;
    uint64_t rsp; // gate_call's stack
    uint64_t host_rsp;
    struct guest_frame frame;
    uint32_t pending_fpu;
};

uint64_t gate_call(struct thread *thread, uint32_t esp, uint32_t eip, uint32_t cookie, uint64_t *rsp);
uint64_t callback_finish(struct thread *thread, uint32_t cookie);
gptr gate_callback_address(void);

NTSTATUS guest_call(gptr function, const uint32_t *args, unsigned slots, uint64_t *result)
{
    static _Atomic uint32_t next_cookie = 1;
    struct thread *thread = thread_self();
    if (!thread) return STATUS_INVALID_THREAD;
    uint32_t stack[1 + 64];
    if (slots > 64) return STATUS_INVALID_PARAMETER;
    stack[0] = gate_callback_address();
    memcpy(stack + 1, args, slots * sizeof *args);
    gptr esp = (thread->frame.esp & ~15u) - 16;
    esp = ((esp - slots * 4) & ~15u) - 4;
    if (!guest_write(esp, stack, (1 + slots) * 4)) return STATUS_ACCESS_VIOLATION;

    struct callback_frame call = {
        .outer = thread->callbacks,
        .cookie = atomic_fetch_add(&next_cookie, 1),
        .host_rsp = thread->host_rsp,
        .frame = thread->frame,
        .pending_fpu = atomic_fetch_and(&thread->pending, ~THREAD_PENDING_FPU) & THREAD_PENDING_FPU,
    };
    thread->callbacks = &call;
    *result = gate_call(thread, esp, function, call.cookie, &call.rsp);
    thread->callbacks = call.outer;
    thread->host_rsp = call.host_rsp;
    thread->frame = call.frame;
    atomic_fetch_or(&thread->pending, call.pending_fpu);
    return STATUS_SUCCESS;
}

// gate_entry.S: a callback returned with this cookie. Frames above it were abandoned.
uint64_t callback_finish(struct thread *thread, uint32_t cookie)
{
    for (struct callback_frame *frame = thread->callbacks; frame; frame = frame->outer) {
        if (frame->cookie != cookie) continue;
        thread->callbacks = frame;
        return frame->rsp;
    }
    fail(FAIL_INTERNAL, "the program returned from a callback that was never made (EBX destroyed)");
}
