// What can be done to a thread through its object, whether it is this process' or another's.
#ifndef LOWLAND_THREAD_CONTROL_H
#define LOWLAND_THREAD_CONTROL_H

#include "thread_object.h"

struct thread_context; // loader/context.h

// Each returns STATUS_THREAD_IS_TERMINATING for a thread that has ended, and what requests to another process
// return (peer.h). For this process' threads they may be called on the service thread too.
NTSTATUS thread_control_suspend(struct thread_object *thread, uint32_t *previous);
NTSTATUS thread_control_resume(struct thread_object *thread, uint32_t *previous);
// How often a thread of this process is suspended.
NTSTATUS thread_control_suspend_count(struct thread_object *thread, uint32_t *count);
// A calling thread that means itself does not return.
NTSTATUS thread_control_terminate(struct thread_object *thread, uint32_t status);
NTSTATUS thread_control_get_context(struct thread_object *thread, struct thread_context *context);
NTSTATUS thread_control_set_context(struct thread_object *thread, const struct thread_context *context);
NTSTATUS thread_control_queue_apc(struct thread_object *thread, gptr routine, const uint32_t arguments[3]);

// Suspends or resumes all threads of this process but the calling one. Any thread. STATUS_NO_MEMORY.
NTSTATUS thread_control_suspend_all(bool resume);
// The same by thread_freeze and thread_thaw.
NTSTATUS thread_control_freeze_all(void);
NTSTATUS thread_control_thaw_all(void);

struct thread_creation {
    gptr start, argument;
    uint32_t flags; // THREAD_CREATE_FLAGS_*
    uint32_t stack_commit, stack_reserve;
};
// Lets a fresh object's thread of this process come to be; it takes a reference of its own. STATUS_NO_MEMORY.
NTSTATUS thread_control_start(struct thread_object *thread, const struct thread_creation *creation);
// Makes a thread of another process; one reference to its object for the caller.
struct process_object;
NTSTATUS peer_thread_create(struct process_object *process, const struct thread_creation *creation,
                            struct thread_object **thread);

// A thread of this process by its number, retained; NULL when there is none.
struct thread_object *thread_find(uint32_t tid);

// The same on a thread of another process (peer_thread.c).
NTSTATUS peer_thread_suspend(struct thread_object *thread, uint32_t *previous);
NTSTATUS peer_thread_resume(struct thread_object *thread, uint32_t *previous);
NTSTATUS peer_thread_terminate(struct thread_object *thread, uint32_t status);
NTSTATUS peer_thread_get_context(struct thread_object *thread, struct thread_context *context);
NTSTATUS peer_thread_set_context(struct thread_object *thread, const struct thread_context *context);
NTSTATUS peer_thread_queue_apc(struct thread_object *thread, gptr routine, const uint32_t arguments[3]);
// Brings what the object of another process's thread says of it up to date.
NTSTATUS peer_thread_refresh(struct thread_object *thread);
// NtSetInformationThread on it: value, or with ThreadNameInformation n units of a name.
NTSTATUS peer_thread_set(struct thread_object *thread, uint32_t class, uint32_t value, const uint16_t *name,
                         uint32_t n);

#endif
