// Stopping other threads: suspension, reading and replacing their registers, ending them.
#ifndef LOWLAND_SUSPEND_H
#define LOWLAND_SUSPEND_H

#include "loader/context.h"

// Raises the suspend count; returns once the thread executes no further guest instruction. *previous: the
// count before. STATUS_SUSPEND_COUNT_EXCEEDED at 127, STATUS_THREAD_IS_TERMINATING. The caller must hold a
// reference that keeps thread alive. A thread suspending itself parks on its way out of the call.
NTSTATUS thread_suspend(struct thread *thread, uint32_t *previous);
// Lowers the suspend count; the thread runs on at zero.
NTSTATUS thread_resume(struct thread *thread, uint32_t *previous);
// The same beside the count, for a moment that a debugger looks at: nobody sees it, and it doesn't add up.
void thread_freeze(struct thread *thread);
void thread_thaw(struct thread *thread);

// Reads the guest registers of another thread, stopping it for a moment if it is not suspended.
NTSTATUS thread_get_registers(struct thread *thread, struct guest_registers *registers);
// Replaces them by what context's flags name.
NTSTATUS thread_set_context(struct thread *thread, const struct thread_context *context);

// Makes another thread end before its next guest instruction; does not wait for it.
void thread_terminate_other(struct thread *thread);

// Around changes to thread->resume that follow from what is pending, which another thread may do as well.
void suspend_lock_registers(void);
void suspend_unlock_registers(void);

// The signal handler's half. A thread in 64-bit code: its frame stands still from now on, if someone
// wants that.
void suspend_acknowledge_in_host(struct thread *thread);
// A thread in guest code: parks until resumed. True when the registers were replaced meanwhile.
bool suspend_park_in_guest(struct thread *thread, struct guest_registers *registers);
// The slow way out of the gate: parks with the frame.
void suspend_park_in_host(struct thread *thread);
// The thread is over: whoever waits for it to stop goes on.
void suspend_thread_ended(struct thread *thread);

#endif
