// Exceptions of the guest: made from signals or by the 64-bit side, delivered to KiUserExceptionDispatcher.
#ifndef LOWLAND_EXCEPTION_H
#define LOWLAND_EXCEPTION_H

#include "loader/context.h"
#include "loader/gate.h"
#include <signal.h>

// Where ntdll keeps the routines that the 64-bit side resumes guest code at; filled when ntdll is mapped.
struct guest_entry_points {
    gptr exception_dispatcher; // KiUserExceptionDispatcher(EXCEPTION_RECORD *, CONTEXT *)
    gptr apc_dispatcher;       // KiUserApcDispatcher
    gptr thread_start;         // LdrInitializeThunk(CONTEXT *, ...)
    gptr user_thread_start;    // RtlUserThreadStart
    gptr ntdll;                // its base
};
extern struct guest_entry_points guest_entry_points;

// Asks the address space about a fault of this thread (stack growth, guard pages). Async-signal-safe.
enum vm_fault_result exception_try_resolve(struct thread *thread, gptr address, enum vm_access access);

enum exception_outcome {
    EXCEPTION_CURED,     // run on
    EXCEPTION_DELIVERED, // registers lead to the guest's dispatcher
    EXCEPTION_TO_REPORT, // a debugger is to see thread->exception first: go on at exception_report_now
};

// A fault signal that hit guest code. Ends the process when the guest's stack cannot take the exception.
enum exception_outcome exception_from_signal(struct thread *thread, int number, const siginfo_t *info,
                                             const ucontext_t *uc, struct guest_registers *registers);

// Puts record and the context in registers on the guest stack and points registers at the dispatcher. False
// when the stack has no room. Async-signal-safe.
bool exception_deliver(struct thread *thread, const EXCEPTION_RECORD32 *record,
                       struct guest_registers *registers);

// For a thread in 64-bit code whose guest's registers stand in thread->resume: lets its debugger see an
// exception first, then makes the registers lead to the guest's dispatcher, if it is still an exception.
// Holds no lock.
void exception_raise(struct thread *thread, const EXCEPTION_RECORD32 *record);
// The same for thread->exception, as a place for a thread to go on at that a signal interrupted in guest
// code.
_Noreturn void exception_report_now(struct thread *thread);

#endif
