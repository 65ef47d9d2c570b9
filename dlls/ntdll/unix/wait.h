// Waiting: the signal state that waitable objects embed, and the one place where a thread blocks.
#ifndef LOWLAND_WAIT_H
#define LOWLAND_WAIT_H

#include "object.h"

enum waitable_kind {
    WAITABLE_NOTIFICATION,    // stays signalled: manual-reset events, threads, processes, files
    WAITABLE_SYNCHRONIZATION, // satisfies one wait: auto-reset events
    WAITABLE_SEMAPHORE,
    WAITABLE_MUTANT,
};

// Embedded right after struct object in every waitable object. The fields belong to wait.c.
struct waitable {
    _Atomic uint32_t state; // the futex word: count, or whether signalled
    uint32_t kind;          // enum waitable_kind
    uint32_t limit;         // semaphores
    _Atomic uint32_t owner; // mutants: thread id
    uint32_t recursion;
    bool abandoned;
    _Atomic uint32_t waiters;
    void *owner_link[2]; // mutants: the owner's list
};

void waitable_init(struct object *object, struct waitable *waitable, enum waitable_kind kind, uint32_t state);
// Sets a NOTIFICATION or SYNCHRONIZATION object and wakes whom it satisfies. Any thread, the service thread too.
void waitable_set(struct waitable *waitable);
void waitable_reset(struct waitable *waitable);

// Waits for objects as NtWaitForMultipleObjects does. timeout NULL: for ever; else 100 ns units, negative
// relative, positive absolute system time. Returns STATUS_WAIT_0 + i, STATUS_ABANDONED_WAIT_0 + i,
// STATUS_TIMEOUT, STATUS_USER_APC (alertable, an APC is queued), STATUS_ALERTED. n <= 64; n = 0 sleeps.
// Call with no lock held. A suspended thread goes on waiting; a terminated one never returns.
NTSTATUS host_wait(struct object *const *objects, uint32_t n, bool all, bool alertable, const int64_t *timeout);

// Waits for a host fd to become ready (poll events) or for an alert, as host_wait: for blocking reads of
// pipes, consoles and sockets. STATUS_SUCCESS, STATUS_TIMEOUT, STATUS_USER_APC, STATUS_ALERTED.
NTSTATUS host_wait_fd(int fd, short events, bool alertable, const int64_t *timeout);

#endif
