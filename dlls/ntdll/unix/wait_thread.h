// What a thread carries for waiting; embedded in struct thread. wait.c has the code.
#ifndef LOWLAND_WAIT_THREAD_H
#define LOWLAND_WAIT_THREAD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct thread;
struct waitable;
struct wait_block;
struct shared_wait;

struct wait_thread {
    _Atomic uint32_t word;        // futex of host_wait: whether blocked
    _Atomic uint32_t alert_id;    // futex of NtWaitForAlertByThreadId
    _Atomic uint32_t apc_pending; // user APCs queued and not yet delivered: counted by the APC queue's owner
    _Atomic bool alerted;         // NtAlertThread came
    _Atomic bool interrupted;     // the thread must end
    int event_fd;                 // wakes a wait for an fd; -1 until the first one
    uint32_t tid;

    // The wait in progress, under the dispatcher's lock.
    struct wait_block *blocks;
    uint32_t blocks_n;
    bool all, alertable, polling;
    bool cancellable, cancelled; // it waits for a synchronous I/O call; that one was cancelled
    int32_t result;
    struct shared_wait *shared; // its record in the region while shared objects are among those waited for

    uint32_t shared_wait;        // index of the thread's record in the region, 0: none yet
    struct waitable *mutants;    // owned; only the thread itself touches the list
    struct wait_thread *id_next; // alert_id.c

    // Of a watch, which waits and is no thread (wait_watch.h): called when its wait ends, without a lock.
    void (*ended)(struct wait_thread *watch);
    struct wait_thread *next_ended; // of those that one call has ended
};

// On the starting thread itself, before its first wait. The memory was zeroed before others could see it;
// what they left there since (APCs, alerts) stays.
void wait_thread_init(struct wait_thread *wait, uint32_t tid);
// On the ending thread itself, after its last wait: abandons its mutants. The memory may be reused at once.
void wait_thread_exit(struct wait_thread *wait);

// Whether an alertable wait of the thread would end at once with STATUS_USER_APC.
static inline bool wait_apc_pending(const struct wait_thread *wait)
{
    return atomic_load_explicit(&wait->apc_pending, memory_order_acquire) != 0;
}

#endif
