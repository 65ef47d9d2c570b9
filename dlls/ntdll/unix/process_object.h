// The object behind a process handle: this process or a child, with its exit status.
#ifndef LOWLAND_PROCESS_OBJECT_H
#define LOWLAND_PROCESS_OBJECT_H

#include "loader/service.h"
#include "wait.h"

struct process_object {
    struct object object;
    struct waitable waitable;
    uint32_t pid; // the guest's
    int host_pid;
    int channel;                        // to a child: carries its exit status; -1 on this process
    struct service_watch watch;         // of channel
    _Atomic uint32_t exit_status;       // STATUS_PENDING while it runs
    struct thread_object *first_thread; // of a running child, with a reference
    uint32_t suspended;                 // whether its first thread waits for us
    bool killed;                        // by us, with killed_status
    uint32_t killed_status;
    gptr peb;
    uint32_t parent_pid;
    uint64_t created, exited; // 100 ns since 1601
    uint32_t priority_class;
    uint32_t affinity;
    bool priority_boost_disabled;
    uint32_t error_mode;
    uint32_t execute_flags; // MEM_EXECUTE_OPTION_*
};

struct thread_object;
extern const struct object_type process_type;

// Makes the object of this process and sets handle_current_process. Once, at start.
void process_object_init(uint32_t parent_pid);
struct process_object *process_object_self(void);
// A fresh object for a child, NULL without memory.
struct process_object *process_object_create(void);

// Tells a child to resume its first thread. *previous is the suspend count as far as we know it.
NTSTATUS process_resume_first_thread(struct process_object *process, uint32_t *previous);

NTSTATUS process_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct process_object **object);
// Checks that a handle has the rights and means this process: STATUS_NOT_SUPPORTED for another one.
NTSTATUS process_resolve_own(HANDLE32 handle, ACCESS_MASK32 access);

#endif
