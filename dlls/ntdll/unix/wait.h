// Waiting: the signal state that waitable objects embed, and the one place where a thread blocks.
#ifndef LOWLAND_WAIT_H
#define LOWLAND_WAIT_H

#include "object.h"

struct thread;
struct wait_block;

enum waitable_kind {
    WAITABLE_NOTIFICATION,    // stays signalled: manual-reset events, threads, processes, files
    WAITABLE_SYNCHRONIZATION, // satisfies one wait: auto-reset events
    WAITABLE_SEMAPHORE,
    WAITABLE_MUTANT,
};

// Embedded right after struct object in every waitable object. The fields belong to wait.c.
struct waitable {
    _Atomic uint32_t state;                    // whether signalled, count or owner; and whether anybody waits
    uint32_t kind;                             // enum waitable_kind
    uint32_t limit;                            // semaphores
    _Atomic uint32_t recursion;                // mutants: how often more than once the owner has it
    struct wait_block *first, *last;           // who waits, oldest first; under the dispatcher's lock
    struct waitable *owner_next, **owner_link; // mutants: the owner's list
};

void waitable_init(struct object *object, struct waitable *waitable, enum waitable_kind kind, uint32_t state);
// Sets a NOTIFICATION or SYNCHRONIZATION object and wakes whom it satisfies. Any thread, the service thread
// too. Returns whether it was set before.
bool waitable_set(struct waitable *waitable);
bool waitable_reset(struct waitable *waitable);
// Satisfies who waits at this moment (one of them if SYNCHRONIZATION) and leaves the object reset.
bool waitable_pulse(struct waitable *waitable);
bool waitable_is_set(const struct waitable *waitable);

// Adds count to a semaphore. STATUS_SEMAPHORE_LIMIT_EXCEEDED: nothing changed.
NTSTATUS waitable_release_semaphore(struct waitable *waitable, uint32_t count, uint32_t *previous);
uint32_t waitable_semaphore_count(const struct waitable *waitable);

// Makes the calling thread the owner of a free, unshared mutant.
void waitable_own_mutant(struct waitable *waitable);
// STATUS_MUTANT_NOT_OWNED. *previous: 1 - the recursion count before, as NtReleaseMutant reports it.
NTSTATUS waitable_release_mutant(struct waitable *waitable, int32_t *previous);
// A mutant's last handle is closed: whoever owns it keeps it, but the calling thread lets go of it at once.
void waitable_forget_mutant(struct waitable *waitable);
struct mutant_state {
    uint32_t owner;   // thread id, 0: free
    uint32_t process; // the owner's
    int32_t count;    // 1 when free, 0 and below when owned
    bool abandoned;
};
struct mutant_state waitable_mutant_state(const struct waitable *waitable);

struct shared_record;

// Becoming shared (shared_object.c). The state moves into a fresh record, with the region's lock; nobody
// waits.
void waitable_move(struct object *object, struct shared_record *record, uint32_t index);
// Makes a fresh object the stand-in of a record, of which this is a copy.
void waitable_stand_in(struct object *object, const struct shared_record *copy);
// Gives an object in use a record; those who wait for it go on waiting. Without locks but namespace_lock.
NTSTATUS waitable_share(struct object *object);

// Waits for objects as NtWaitForMultipleObjects does. timeout NULL: for ever; else 100 ns units, negative
// relative, positive absolute system time. Returns STATUS_WAIT_0 + i, STATUS_ABANDONED_WAIT_0 + i,
// STATUS_TIMEOUT, STATUS_USER_APC (alertable, an APC is queued), STATUS_ALERTED. n <= 64; n = 0 sleeps.
// STATUS_INSUFFICIENT_RESOURCES: the memory that processes share is full.
// STATUS_THREAD_IS_TERMINATING after wait_interrupt: release what you hold and return, the gate ends the
// thread. Guest threads only. Call with no lock held. A suspended thread goes on waiting.
NTSTATUS host_wait(struct object *const *objects, uint32_t n, bool all, bool alertable,
                   const int64_t *timeout);

// Waits for a host fd to become ready (poll events) or for an alert, as host_wait: for blocking reads of
// pipes, consoles and sockets. STATUS_SUCCESS, STATUS_TIMEOUT, STATUS_USER_APC, STATUS_ALERTED,
// STATUS_THREAD_IS_TERMINATING.
NTSTATUS host_wait_fd(int fd, short events, bool alertable, const int64_t *timeout);

// The same for n fds, whose revents are filled in for STATUS_SUCCESS; polled has room for one more.
struct pollfd;
NTSTATUS host_wait_fds(struct pollfd *polled, unsigned n, bool alertable, const int64_t *timeout);

// The same inside a synchronous I/O call on a file, whose waitable is reset for it: the call can be
// cancelled, and then this returns STATUS_CANCELLED.
NTSTATUS host_wait_io(int fd, short events, bool alertable, const int64_t *timeout, struct waitable *file);
// Cancels what a thread waits for there. False: nothing.
bool wait_cancel_io(struct thread *thread);

// Alerts a thread (NtAlertThread): its alertable wait, this or the next, ends with STATUS_ALERTED.
void wait_alert(struct thread *thread);
// Takes back an alert of the calling thread; whether there was one (NtTestAlert).
bool wait_test_alert(void);
// A user APC was queued and counted in thread->wait.apc_pending: ends an alertable wait.
void wait_apc_queued(struct thread *thread);
// Ends this and every later wait of a thread that must end.
void wait_interrupt(struct thread *thread);

#endif
