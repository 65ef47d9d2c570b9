// A guest thread as the 64-bit side sees it: one pthread, a TEB, the state that the gate saves, and what
// other threads want of it (suspension, APCs, a new context, its end).
#ifndef LOWLAND_THREAD_H
#define LOWLAND_THREAD_H

#include "address_space.h"
#include "dlls/ntdll/unix/wait_thread.h"
#include "guest.h"
#include "guest_types.h"
#include "loader/debug_registers.h"
#include "loader/sanitizer.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdatomic.h>
#include <stdint.h>

// Why the way back into the guest must take the slow path (thread.pending). The gate tests the word once.
enum thread_pending {
    THREAD_PENDING_SUSPEND = 1,   // park until the suspend count is zero
    THREAD_PENDING_APC = 2,       // deliver user APCs: set when an alertable wait ends with STATUS_USER_APC
    THREAD_PENDING_CONTEXT = 4,   // all of resume replaces the frame (NtContinue, NtSetContextThread)
    THREAD_PENDING_TERMINATE = 8, // never return to the guest
    THREAD_PENDING_FPU = 16,      // the frame's control words differ from the host's (set by the gate)
    THREAD_PENDING_STEP = 32,     // the trap flag was set in the guest when it crossed: raise a single step
    THREAD_PENDING_START = 64,    // not begun yet: the loader runs first, and continues at resume
};

enum { HOST_STACK_SIZE = 256 * 1024 * SANITIZER_STACK_FACTOR }; // of each guest thread's pthread

// The guest's registers while the thread runs on the 64-bit side. gate_entry.S knows the offsets.
struct guest_frame {
    uint32_t eax, edx; // the result, once there is one
    uint32_t ebx, esi, edi, ebp;
    uint32_t esp; // at the gate's return address
    uint32_t mxcsr;
    uint16_t fpu_control;
    uint16_t fpu_status; // only with THREAD_PENDING_FPU
};

struct callback_frame;  // callback.c
struct guest_registers; // gate.h

// Only the owner writes its fields unless stated otherwise. gate_entry.S knows the offsets of the first
// group.
struct thread {
    uint64_t host_fs;         // FS base of the 64-bit side
    uint64_t host_rsp;        // where the gate puts the stack pointer
    uint64_t enter;           // address of the gate's 64-bit half
    uint64_t callback_return; // and of the one for callbacks that return
    uint32_t teb;             // FS base of the guest (also gptr of the TEB)
    _Atomic uint32_t pending; // enum thread_pending; any thread sets, the owner clears
    struct guest_frame frame; // of the innermost crossing
    uint32_t unused;
    uint32_t return_far[2];           // m16:32 of the gate page's return, for the far jump
    uint64_t base_rsp;                // host stack of thread_main, where the thread's end unwinds to
    struct guest_registers *resume;   // what THREAD_PENDING_CONTEXT installs
    struct callback_frame *callbacks; // innermost first: callback.c

    uint32_t slot; // TEB slot and LDT entry
    uint32_t tid;
    uint16_t fs_selector;
    struct vm_stack stack;
    struct wait_thread wait;
    struct thread_object *object; // process.c/thread.c of the ntdll unix side: what handles refer to
    void *signal_stack;
    pthread_t pthread;
    struct thread *next, *previous;       // all threads, under the list's lock
    struct thread_apc *apcs, **apcs_tail; // under apc_lock
    pthread_mutex_t apc_lock;
    gptr peb;
    gptr start, argument;

    _Atomic uint32_t suspend_count; // any thread, under suspend_lock
    _Atomic uint32_t stop_request;  // futex: bit 0 while it shall stand still; the rest counts the requests
    _Atomic uint32_t stopped;       // futex: the request that it has seen last; THREAD_ENDED
    struct guest_registers *parked_registers; // while parked inside guest code
    _Atomic uint32_t frozen;                  // besides: all stand still for a debugger; under suspend_lock
    _Atomic bool debug_announced;             // its debugger knows of it
    _Atomic bool debug_held;                  // suspended until its debugger has heard of it
    EXCEPTION_RECORD32 exception;             // that exception_report_now is to report
    struct debug_registers debug_registers;
    bool result_outstanding; // resume was set while a call was being made: its result replaces EAX, ECX, EDX
};

// The calling guest thread; NULL on the service thread and on threads that host libraries made.
struct thread *thread_self(void);

struct thread_options {
    uint32_t stack_reserve, stack_commit; // 0: the image's
    gptr start, argument;                 // RtlUserThreadStart gets them in EAX and EBX
    bool suspended;
    struct thread_object *object; // the thread takes over one reference, if it comes to be
};

// Makes a thread with TEB and stack and starts it; returns when object knows the thread and its id.
// STATUS_NO_MEMORY, STATUS_TOO_MANY_THREADS.
NTSTATUS thread_create(const struct thread_options *options);

// Ends the calling guest thread: releases what it holds, signals its object. Never returns.
_Noreturn void thread_end(struct thread *thread);
// The same as a place for an interrupted thread to go on at (signals.c).
_Noreturn void thread_end_now(struct thread *thread);

// Loads the guest's control words from a frame whose thread had THREAD_PENDING_FPU. (thread_leave.c)
void thread_load_control_words(const struct guest_frame *frame);

// The number of guest threads now.
unsigned thread_count(void);
// Calls visit for each thread, under the list's lock: it must neither block nor create or end threads.
void thread_for_each(void (*visit)(struct thread *thread, void *context), void *context);

// Queues a user APC (routine(argument1, argument2, argument3) on the guest side) and ends an alertable wait.
NTSTATUS thread_queue_apc(struct thread *thread, gptr routine, const uint32_t arguments[3]);
// Takes the next queued APC. False when there is none. On the thread itself.
struct thread_apc {
    struct thread_apc *next;
    gptr routine;
    uint32_t arguments[3];
};
bool thread_next_apc(struct thread *thread, struct thread_apc *apc);

#endif
