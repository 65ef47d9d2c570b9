// The object behind a thread handle. It outlives the thread: handles keep it with its exit status and times.
#ifndef LOWLAND_THREAD_OBJECT_H
#define LOWLAND_THREAD_OBJECT_H

#include "loader/thread.h"
#include "wait.h"

struct thread_object {
    struct object object;
    struct waitable waitable;
    pthread_mutex_t lock;  // thread, and the thread's life while held
    struct thread *thread; // NULL once it has ended
    uint32_t tid;
    _Atomic uint32_t started;     // futex: tid and thread are known
    _Atomic uint32_t exit_status; // STATUS_PENDING while it runs
    gptr teb;
    gptr start;
    uint32_t priority; // as an int32_t
    uint32_t affinity;
    uint32_t ideal_processor, page_priority, io_priority; // kept for who asks
    _Atomic uint32_t pending_io;                          // calls under way: async.c
    uint32_t flags;                                       // THREAD_CREATE_FLAGS_*
    uint32_t execution_state;                             // ES_*, kept for who asks
    bool priority_boost_disabled;
    _Atomic bool hidden;       // from the debugger
    bool breaks_on_end;        // ThreadBreakOnTermination: kept
    uint32_t throttling[2];    // ThreadPowerThrottlingState: kept control and state masks
    uint64_t created, exited; // 100 ns since 1601
    uint64_t kernel_time, user_time;
    uint16_t *name; // malloc'd, NT_NAME_MAX at most
    uint32_t name_length;
    struct port_registration *ports; // that hear of its end; its own (port_message.c)
    struct token *token; // impersonated, with a reference; NULL: none (impersonation.c). Under lock
    struct process_object *remote; // the process that it is a thread of; NULL: ours
    struct thread_object *sibling; // the next one known of that process (process_remote.c)
    uint32_t suspend_count;        // of another process's thread, as it was when it was asked last
};

struct process_object;
extern const struct object_type thread_type;

// A fresh object with one reference, NULL without memory.
struct thread_object *thread_object_create(gptr start);

// From the thread itself: at its first act; before its structure goes; and at its last act, which signals the
// object and releases the thread's own reference.
void thread_object_started(struct thread *thread);
void thread_object_detach(struct thread_object *object);
void thread_object_ended(struct thread_object *object);
uint32_t thread_object_exit_status(const struct thread_object *object);

// The guest's id of the process that it is a thread of.
uint32_t thread_process_id(const struct thread_object *object);

// Resolves a thread handle.
NTSTATUS thread_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct thread_object **object);

#endif
