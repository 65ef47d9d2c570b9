// Calls that wait for something outside: they return STATUS_PENDING and the service thread finishes them.
#ifndef LOWLAND_ASYNC_H
#define LOWLAND_ASYNC_H

#include "io.h"
#include "loader/service.h"

struct async {
    struct io io;
    struct async *next;    // in file->pending, oldest first
    uint32_t events;       // EPOLLIN or EPOLLOUT: calls of one direction are done in order
    bool unordered;        // done whenever it can be, beside those in order
    bool outlives_handle;  // goes on when its file's last handle is closed
    int fd; // -1: none, whoever changes something says so (async_attempt). A duplicate: several calls may
            // wait for one file
    struct object *thread; // who made the call: its APC queue. NULL: no guest thread
    uint32_t tid;
    struct service_watch watch;
    // Tries again, without waiting: STATUS_PENDING while it can't be done. Holds file->lock.
    NTSTATUS (*attempt)(struct async *async);
    // Told that the call was cancelled, before the guest is; without a lock held. NULL: need not be.
    void (*cancelled)(struct async *async);
    gptr buffer, buffer2;
    uint32_t length, length2, code;
    int64_t deadline;                // CLOCK_MONOTONIC in ns, 0: none; for the attempts of calls that give up
    uint32_t done;                   // bytes of the call done so far
    uint64_t position;               // pipe_quota.c: where a write ends among all that its end has sent
    void *extra;                     // malloc'd or NULL: what else the call needs
    void (*free_extra)(void *extra); // ends extra with the call; NULL: free
};

// Whether a new call in this direction must queue behind others. Any thread.
bool async_must_queue(struct file *file, uint32_t events);

// Puts a copy of async (a template on the caller's stack, with io, events, attempt and its arguments) under
// way, to be attempted whenever fd is ready (-1: there is none). extra is owned from then on, also on
// failure. STATUS_PENDING; STATUS_INSUFFICIENT_RESOURCES.
NTSTATUS async_start(const struct async *pattern, int fd);

// Attempts what waits in this direction: after something changed that no fd shows.
void async_run(struct file *file, uint32_t events);
// Attempts the one call that has this extra, if it is still under way.
void async_attempt(struct file *file, const void *extra);

// Ends calls under way with status: those of one thread (tid, 0: all) and one status block (0: all).
// How many there were.
unsigned async_cancel(struct file *file, uint32_t tid, gptr block, NTSTATUS status);
// The last handle of the file is closed: cancels those that do not outlive it.
void async_handle_closed(struct file *file, NTSTATUS status);
// A thread ends: its calls are cancelled, but for those that only a completion port hears of.
void async_thread_ended(uint32_t tid);
// Cancels those of one direction.
unsigned async_cancel_events(struct file *file, uint32_t events);

#endif
