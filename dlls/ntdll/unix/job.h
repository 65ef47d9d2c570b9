// Jobs: sets of processes that are limited, counted and ended together. A job has a record in the shared
// region from its first moment; who is in it are records of its members (job_members.c), which go with them.
#ifndef LOWLAND_JOB_H
#define LOWLAND_JOB_H

#include "job_name.h"
#include "loader/service.h"
#include "shared_object.h"
#include "wait.h"
#include <pthread.h>

struct process_object;

// Where a job keeps what in its record's data: each word changes as a whole.
enum job_word {
    JOB_FLAGS,        // JOB_OBJECT_LIMIT_*; ACTIVE_PROCESS's limit in the upper half
    JOB_PROCESS_TIME, // 100 ns
    JOB_JOB_TIME,
    JOB_WORKING_SET, // least, and most in the upper half
    JOB_PRIORITY,    // affinity; priority class (PROCESS_PRIORITY_CLASS_*) and scheduling class in the upper
                     // half
    JOB_MEMORY,      // of a process, and of the job in the upper half
    JOB_PARENT,      // the job that it is nested in: a job_name_pack, 0: none
    JOB_TOTAL,       // processes that ever joined
    JOB_USER_TIME,   // of those that ended, 100 ns
    JOB_KERNEL_TIME, //
    JOB_PORT, // the slot of the process with its completion port, generation in the upper half; 0: none
    JOB_MISC, // JOB_OBJECT_UILIMIT_*; action at the end of the job's time in the upper half
};

struct job {
    struct object object;
    struct waitable waitable;    // set once it has been terminated
    pthread_mutex_t keeper_lock; // keeper
    int keeper;                  // held open while this process has a handle to it; -1: none (job_keeper.c)
    struct service_watch orphan; // of members: tells when nobody has a handle any more
};

extern const struct object_type job_type;

NTSTATUS job_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct job **job);
struct job_name job_name_of(const struct job *job);
// This process's object of a job, retained; NULL when it is gone.
struct job *job_open(struct job_name name);
// A word of a job that this process holds.
_Atomic uint64_t *job_word(const struct job *job, enum job_word word);
// Raises a job's words of accounting, of the jobs that this process is in; at its end.
void job_account_own(void);

// ---- members: job_members.c ----

struct job_member {
    uint64_t order;
    uint32_t pid;  // the guest's
    uint32_t slot; // of the region
};
enum { JOB_MEMBERS_MAX = 1024 }; // as many as the region has slots

// Lets the calling process join; it stays till its end. Joining what it is in already is fine. Service
// thread, or a guest thread without locks. STATUS_ACCESS_DENIED (the job's place among others forbids it),
// STATUS_QUOTA_EXCEEDED (it has as many processes as it may), STATUS_INSUFFICIENT_RESOURCES,
// STATUS_NO_MEMORY.
NTSTATUS job_join(struct job *job);
// The jobs of this process, innermost first, retained. Their number.
uint32_t job_own_chain(struct job *chain[JOB_DEPTH_MAX]);
// Living members in the order of joining: their number, of which at most max are filled in.
uint32_t job_members(const struct job *job, struct job_member *members, uint32_t max);
// Brings what a process's object knows of its jobs up to date, if it lives. The known ones stay with it.
void job_learn_chain(struct process_object *process);
// Notes what a process said of itself.
void job_set_chain(struct process_object *process, const struct job_name *chain, uint32_t n);
// Whether the object's process is, or was, in a job; of none named: in any.
bool job_has_process(struct job_name name, struct process_object *process);
// The known ones: how many of chain were filled.
uint32_t job_known_chain(struct process_object *process, struct job_name chain[JOB_DEPTH_MAX]);

// Where a child of this process begins: the innermost of our jobs that it may not leave, retained; NULL:
// none. breakaway: it is asked to leave. STATUS_ACCESS_DENIED: it may not.
NTSTATUS job_of_child(bool breakaway, struct job **job);

// ---- what follows from limits: job_limits.c ----

// Lets this process have what its jobs say. Any thread.
void job_apply_limits(void);
// Tells all members of a job that its limits changed. Guest threads, without locks.
void job_limits_changed(const struct job *job);

// ---- limits of time: job_time.c ----

// The time in user mode of a job's processes, those that ended included, 100 ns.
uint64_t job_user_time(const struct job *job);
// Has this process end with ERROR_NOT_ENOUGH_QUOTA, on its service thread, once its jobs leave it no time.
// Any thread, without locks.
void job_watch_time(void);

// ---- kill on close: job_keeper.c ----

// Follows whether this process has a handle to the job.
void job_keeper_sync(struct job *job);
// Has this process, a member, end with the last handle of a job that says so. False: the host refuses.
bool job_keeper_watch(struct job *job);
// Ends this process if the job says so and its last handle went before we watched it. Without locks.
void job_keeper_check(const struct job *job);
void job_keeper_destroy(struct job *job);
// Takes the file of a record that goes; with the region's lock.
void job_keeper_unlink(struct job_name name);

// ---- completion ports: job_port.c ----

// Has messages of the job sent to a port of this process, first about those that are in it.
// STATUS_INVALID_PARAMETER: it has one, STATUS_NO_MEMORY.
NTSTATUS job_port_set(struct job *job, struct object *port, uint32_t key);
// A process may be new in a job: says so where a port wants to know. Any thread, without locks.
void job_port_note(struct process_object *process);
// A process (0: none in particular) met a limit: JOB_OBJECT_MSG_*, for the job's port wherever that is. Any
// thread, without locks.
void job_port_tell(const struct job *job, uint32_t message, uint32_t pid);
// The same for this process and each of its jobs that has one of the limits.
void job_port_tell_own(uint32_t limits, uint32_t message);
// The same from another process, of a job whose port is here.
void job_port_message(const struct job_message *message);
// A process's object is about to be signalled. Service thread.
void job_port_process_ended(struct process_object *process);
// The last handle to a job was closed here.
void job_port_handle_closed(void);
// Tells those who have ports of this process's jobs that it joined.
void job_port_announce_self(void);

// ---- between processes: peer_job.c ----

// Lets another process join: the status of its job_join, or STATUS_PROCESS_IS_TERMINATING.
NTSTATUS peer_job_join(struct process_object *process, struct job *job);

#endif
