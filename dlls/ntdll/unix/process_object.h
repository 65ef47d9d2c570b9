// The object behind a process handle: this process or another one of its prefix, with its exit status.
#ifndef LOWLAND_PROCESS_OBJECT_H
#define LOWLAND_PROCESS_OBJECT_H

#include "job_name.h"
#include "loader/service.h"
#include "peer_messages.h"
#include "wait.h"

struct thread_object;

// The DOS path of a process's program.
struct process_name {
    uint32_t length; // WCHARs
    uint16_t units[];
};

enum { PROCESS_RECENT_ENDS = 16 };

struct process_object {
    struct object object;
    struct waitable waitable;
    uint32_t pid; // the guest's
    int host_pid;
    _Atomic uint32_t exit_status; // STATUS_PENDING while it runs
    gptr peb;
    uint32_t parent_pid;
    uint64_t created, exited;        // 100 ns since 1601
    uint64_t kernel_time, user_time; // once it has ended
    // What NtSetInformationProcess sets; of another process as it was when it was asked last.
    uint32_t priority_class;
    uint32_t affinity;
    bool priority_boost_disabled;
    uint32_t error_mode;
    uint32_t execute_flags; // MEM_EXECUTE_OPTION_*
    struct process_settings settings;
    uint32_t handles;       // of another process: open ones
    bool debugged, debug_inherit;        // of another process: whether somebody debugs it, and its children
    struct job_name jobs[JOB_DEPTH_MAX]; // that it is known to be or to have been in: job_members.c
    uint32_t jobs_n;

    // The rest is of other processes (process_remote.c).
    struct process_object *next;    // under the registry's lock
    struct thread_object *threads;  // known ones, under the registry's lock
    int channel;                    // says when it ends, and which threads do
    struct service_watch watch;     // of channel
    uint32_t watcher;               // our number there
    uint32_t slot, slot_generation; // of the shared region
    _Atomic int idle;               // a connection for requests that nobody uses now; -1: none
    bool child;                     // made by this process, which reaps it
    _Atomic bool told;              // it said with which status it ends
    _Atomic bool killed;            // by us, with killed_status
    uint32_t killed_status;
    _Atomic(struct process_name *) name; // NULL until asked for
    struct peer_event
        recent_ends[PROCESS_RECENT_ENDS]; // of threads that had no object, under the registry's lock
    uint32_t recent_next;
};

extern const struct object_type process_type;

// Makes the object of this process and sets handle_current_process. Once, at start.
void process_object_init(uint32_t parent_pid);
struct process_object *process_object_self(void);
// A fresh object for another process, NULL without memory.
struct process_object *process_object_create(void);

NTSTATUS process_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct process_object **object);
// Resolves a handle to the process to act on: *other is NULL for this one, else retained.
NTSTATUS process_resolve_target(HANDLE32 handle, ACCESS_MASK32 access, struct process_object **other);
// Only checks that a handle is one of a process, with these rights.
NTSTATUS process_check(HANDLE32 handle, ACCESS_MASK32 access);
// Checks that a handle has the rights and means this process: STATUS_NOT_SUPPORTED for another one.
NTSTATUS process_resolve_own(HANDLE32 handle, ACCESS_MASK32 access);

// Whether this process has ended its other threads: it then gets no more.
bool process_is_terminating(void);

#endif
