// Processes of the prefix other than this one, and their threads: the objects that stand for them here.
#ifndef LOWLAND_PROCESS_REMOTE_H
#define LOWLAND_PROCESS_REMOTE_H

#include "peer_messages.h"
#include "process_object.h"

struct thread_object;

// Makes the objects for a child that runs, of what it reported: channel is the connection that its end shows
// on, owned from here on. One reference each for the caller. STATUS_NO_MEMORY.
struct child_ready;
NTSTATUS process_remote_adopt(const struct child_ready *ready, int host_pid, int channel,
                              struct process_object **process, struct thread_object **thread);

// The object of the process with a guest pid, retained. STATUS_INVALID_CID when this prefix has none, or one
// that does not answer.
NTSTATUS process_remote_open(uint32_t pid, struct process_object **process);

// The same for the service thread, and for one that has not started yet, which may not wait for an answer:
// who the process is becomes known a little later.
NTSTATUS process_remote_expect(uint32_t pid, struct process_object **process);
// The object of such a process's thread, retained. One that has ended becomes signalled.
NTSTATUS thread_remote_expect(struct process_object *process, const struct peer_thread_identity *identity,
                              struct thread_object **thread);

// The object of a thread of another process, retained. STATUS_INVALID_CID.
NTSTATUS thread_remote_open(struct process_object *process, uint32_t tid, struct thread_object **thread);
// The same for one that is described already. STATUS_NO_MEMORY.
NTSTATUS thread_remote_add(struct process_object *process, const struct peer_thread_identity *identity,
                           struct thread_object **thread);

// The process that the guest's thread id belongs to, as a guest pid; 0 when there is none.
uint32_t process_remote_of_thread(uint32_t tid);

// Leaves the status that a process is about to be killed with where all that watch it look.
void process_remote_note_exit(struct process_object *process, uint32_t status);

// From the objects' destructors: nothing finds them any more.
void process_remote_forget(struct process_object *process);
void thread_remote_forget(struct thread_object *thread);

#endif
