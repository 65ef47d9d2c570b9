// The slow way back into the guest: what other threads want of this one, APCs, replaced registers, control
// words.
#include "dlls/ntdll/unix/debug_event.h"
#include "guest_constants.h"
#include "loader/exception.h"
#include "loader/gate.h"
#include "loader/host_program.h"
#include "loader/suspend.h"
#include <string.h>

// Called by gate_entry.S while pending is not zero, with the result already in the frame; and before a
// callback while the thread shall stop or end.
void thread_leave_slow(struct thread *thread);
void thread_call_slow(struct thread *thread);

static bool take(struct thread *thread, uint32_t bit)
{
    return atomic_fetch_and(&thread->pending, ~bit) & bit;
}

// A context that was set during a call does not spare the registers that a call changes.
static void settle_result(struct thread *thread)
{
    if (!thread->result_outstanding) return;
    thread->result_outstanding = false;
    thread->resume->eax = thread->frame.eax;
    thread->resume->edx = thread->frame.edx;
    thread->resume->ecx = 0;
}

// Where the guest goes on: what THREAD_PENDING_CONTEXT left, or behind the call's stub.
static void current_registers(struct thread *thread, struct guest_registers *registers)
{
    if (take(thread, THREAD_PENDING_CONTEXT)) {
        settle_result(thread);
        registers_copy(registers, thread->resume);
    } else {
        context_registers_of_frame(registers, thread);
    }
}

// LdrInitializeThunk(&context, ntdll), which continues at the context.
static bool push_start(struct guest_registers *r)
{
    struct {
        gptr return_address, context_pointer, ntdll, unused;
        CONTEXT32 context;
    } __attribute__((packed)) layout;
    memset(&layout, 0, sizeof layout);
    context_from_registers(&layout.context, r,
                           CONTEXT_FULL | CONTEXT_SEGMENTS | CONTEXT_FLOATING_POINT |
                               CONTEXT_EXTENDED_REGISTERS);
    const uint32_t extension = context_extension_size();
    if (extension) layout.context.ContextFlags |= CONTEXT_XSTATE; // it may have been set already
    gptr at = (r->esp - extension - (uint32_t)sizeof layout) & ~15u;
    layout.context_pointer = at + offsetof(__typeof__(layout), context);
    layout.ntdll = guest_entry_points.ntdll;
    if (!guest_write(at, &layout, sizeof layout)) return false;
    if (extension && !context_extend(layout.context_pointer, &r->xstate)) return false;
    r->esp = at;
    r->eip = guest_entry_points.thread_start;
    return true;
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
                           CONTEXT_FULL | CONTEXT_SEGMENTS | CONTEXT_FLOATING_POINT |
                               CONTEXT_EXTENDED_REGISTERS);
    gptr at = (r->esp - (uint32_t)sizeof layout) & ~15u;
    if (!guest_write(at, &layout, sizeof layout)) return false;
    r->esp = at;
    r->eip = guest_entry_points.apc_dispatcher;
    return true;
}

// Puts registers where gate_resume finds them.
static void resume_with(struct thread *thread, const struct guest_registers *registers)
{
    registers_copy(thread->resume, registers);
    atomic_fetch_or(&thread->pending, THREAD_PENDING_CONTEXT);
}

// False when the guest's stack takes no more.
static bool deliver_apc(struct thread *thread)
{
    struct thread_apc apc;
    if (!thread_next_apc(thread, &apc)) return true;
    struct guest_registers registers;
    current_registers(thread, &registers);
    if (!push_apc(&registers, &apc)) return false;
    resume_with(thread, &registers);
    return true;
}

static bool begin_in_loader(struct thread *thread)
{
    struct guest_registers registers;
    current_registers(thread, &registers);
    if (!push_start(&registers)) return false;
    resume_with(thread, &registers);
    return true;
}

// The step that a crossing has hidden.
static void raise_single_step(struct thread *thread)
{
    EXCEPTION_RECORD32 record = {.ExceptionCode = STATUS_SINGLE_STEP};
    struct guest_registers registers;
    suspend_lock_registers();
    current_registers(thread, &registers);
    record.ExceptionAddress = registers.eip;
    thread->debug_registers.status = DEBUG_STATUS_STEP;
    resume_with(thread, &registers);
    suspend_unlock_registers();
    exception_raise(thread, &record);
}

// What of pending changes where the guest goes on. Another thread may read or replace that as well.
static bool change_course(struct thread *thread)
{
    suspend_lock_registers();
    bool good = !take(thread, THREAD_PENDING_START) || begin_in_loader(thread);
    if (good && take(thread, THREAD_PENDING_APC)) good = deliver_apc(thread);
    suspend_unlock_registers();
    return good;
}

void thread_load_control_words(const struct guest_frame *frame)
{
    uint32_t mxcsr = frame->mxcsr & 0xffff;
    __asm__ volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(frame->fpu_control));
    enum { EXCEPTION_SUMMARY = 0x80, FLAGS = 0x80ff };
    if (!(frame->fpu_status & EXCEPTION_SUMMARY)) return;
    // An unmasked exception was pending when the thread crossed: the guest's next instruction meets it.
    struct {
        uint32_t control, status, others[5];
    } environment;
    __asm__ volatile("fnstenv %0" : "=m"(environment));
    environment.control = (environment.control & 0xffff0000) | frame->fpu_control;
    environment.status = (environment.status & ~(uint32_t)FLAGS) | (frame->fpu_status & FLAGS);
    __asm__ volatile("fldenv %0" : : "m"(environment));
}

void thread_leave_slow(struct thread *thread)
{
    uint32_t pending = atomic_load(&thread->pending);
    if (pending & THREAD_PENDING_TERMINATE) thread_end(thread);
    if (pending & THREAD_PENDING_SUSPEND) {
        suspend_park_in_host(thread);
        return;
    }
    if ((pending & THREAD_PENDING_START) && host_program_is_prepared()) host_program_run(thread);
    if (pending & THREAD_PENDING_START) debuggee_report_start();
    if (pending & (THREAD_PENDING_START | THREAD_PENDING_APC)) {
        if (!change_course(thread)) thread_end(thread);
        return;
    }
    if (take(thread, THREAD_PENDING_STEP)) {
        raise_single_step(thread);
        return;
    }
    if (pending & THREAD_PENDING_CONTEXT) {
        suspend_lock_registers();
        settle_result(thread);
        suspend_unlock_registers();
        atomic_fetch_and(&thread->pending, ~THREAD_PENDING_FPU); // the context has the control words
        gate_resume(thread);
    }
    if (take(thread, THREAD_PENDING_FPU)) thread_load_control_words(&thread->frame);
}

void thread_call_slow(struct thread *thread)
{
    uint32_t pending = atomic_load(&thread->pending);
    if (pending & THREAD_PENDING_TERMINATE) thread_end(thread);
    if (pending & THREAD_PENDING_SUSPEND) suspend_park_in_host(thread);
}
