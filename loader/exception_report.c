// Exceptions and a debugger, which sees each one before the guest's handlers do. The thread stands in 64-bit
// code meanwhile, with the guest's registers in thread->resume, where the debugger may read and change them.
#include "dlls/ntdll/unix/debug_event.h"
#include "guest_constants.h"
#include "loader/crash.h"
#include "loader/exception.h"
#include "loader/suspend.h"

static void deliver(struct thread *thread, const EXCEPTION_RECORD32 *record)
{
    suspend_lock_registers();
    bool delivered = exception_deliver(thread, record, thread->resume);
    suspend_unlock_registers();
    if (!delivered) crash_without_stack(thread, record, thread->resume);
}

void exception_raise(struct thread *thread, const EXCEPTION_RECORD32 *record)
{
    if (debuggee_report_exception(record, true) != DBG_CONTINUE) deliver(thread, record);
}

// A debugger sees a breakpoint with EIP behind the instruction, handlers with EIP at it.
static void move_eip(struct thread *thread, int32_t by)
{
    suspend_lock_registers();
    thread->resume->eip += (uint32_t)by;
    suspend_unlock_registers();
}

static void report(struct thread *thread, const EXCEPTION_RECORD32 *record)
{
    bool breakpoint = record->ExceptionCode == (uint32_t)STATUS_BREAKPOINT &&
                      record->ExceptionAddress == thread->resume->eip;
    if (record->ExceptionCode == (uint32_t)STATUS_STACK_BUFFER_OVERRUN) {
        debuggee_report_exception(record, false);
        crash_without_stack(thread, record, thread->resume);
    }
    if (!breakpoint) {
        exception_raise(thread, record);
        return;
    }
    move_eip(thread, 1);
    if (debuggee_report_exception(record, true) == DBG_CONTINUE) return;
    move_eip(thread, -1);
    deliver(thread, record);
}

void exception_report_now(struct thread *thread)
{
    const EXCEPTION_RECORD32 record = thread->exception;
    report(thread, &record);
    gate_resume(thread);
}
