// Waiting when some of the objects are shared. The wait has a record in the region, on whose word the thread
// sleeps, beside its blocks on the private ones. Who wants to end it, from inside the process or outside,
// must first win its word from BLOCKED or KICKED; a wait for all of both kinds is only kicked, as nobody else
// sees all of it.
#include "dlls/ntdll/unix/shared_wait.h"
#include "dlls/ntdll/unix/shared_watch.h"
#include "loader/host_clock.h"
#include "loader/shared_data.h"
#include <errno.h>

static const int64_t claimed_ns = 10000000; // how long another may take to end our wait before we look again

static void lock_both(void)
{
    dispatcher_lock();
    region_lock();
}

static void unlock_both(void)
{
    region_unlock();
    dispatcher_unlock();
}

// Sleeps while nobody has ended or kicked the wait, until the deadline or the next timer. False: the
// deadline.
static bool sleep_on(struct shared_wait *wait, const struct host_deadline *deadline, int64_t timer)
{
    for (;;) {
        uint32_t word = atomic_load_explicit(&wait->word, memory_order_acquire);
        struct host_deadline until = {.ns = timer};
        const struct host_deadline *first = timer != INT64_MAX ? &until : NULL;
        bool ours = false;
        if (word == WAIT_CLAIMED) {
            until.ns = host_monotonic_ns() + claimed_ns;
            first = &until;
        } else if (word != WAIT_BLOCKED) {
            return true;
        } else if (deadline && (!first || deadline->system_clock || deadline->ns < timer)) {
            first = deadline;
            ours = true;
        }
        if (host_futex_wait_shared(&wait->word, word, first) == -ETIMEDOUT) return !ours;
    }
}

static void watch_holders(struct object *const *objects, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (is_stand_in(waitable_of(objects[i]))) shared_watch_holders(shared_record_of(objects[i]));
}

// Begins the wait: its record and blocks hang on all objects. NULL: the region is full. With both locks.
static struct shared_wait *begin(struct wait_thread *self, struct wait_block *blocks,
                                 struct object *const *objects, uint32_t n, bool all, bool alertable)
{
    struct shared_wait *wait = shared_wait_of_thread(self);
    if (!wait) return NULL;
    self->blocks = blocks;
    self->blocks_n = n;
    self->all = all;
    self->alertable = alertable;
    self->shared = wait;
    for (uint32_t i = 0; i < n; i++) {
        struct waitable *waitable = waitable_of(objects[i]);
        if (is_stand_in(waitable))
            blocks[i] = (struct wait_block){.waitable = waitable, .thread = self};
        else
            wait_block_link(&blocks[i], waitable, self);
    }
    shared_wait_link(wait, objects, n, all);
    atomic_store_explicit(&self->word, 1, memory_order_relaxed);
    return wait;
}

static void finish(struct wait_thread *self, struct shared_wait *wait)
{
    shared_wait_unlink(wait);
    wait_blocks_unlink(self);
    self->shared = NULL;
    atomic_store_explicit(&self->word, 0, memory_order_relaxed);
}

// How the wait has ended, STATUS_PENDING if it goes on. With both locks.
static NTSTATUS look(struct wait_thread *self, struct shared_wait *wait, bool expired, int64_t *timer)
{
    struct wakes wakes = {.n = 0};
    NTSTATUS status;
    *timer = shared_wait_timers(wait, &wakes);
    shared_wait_wake(&wakes);
    uint32_t word = atomic_load_explicit(&wait->word, memory_order_acquire);
    if (word == WAIT_ENDED) return (NTSTATUS)atomic_load(&wait->result);
    if (word == WAIT_ENDED_HERE) return self->result;
    if (wait_satisfy(self, &status)) return status;
    status = wait_alert_status(self);
    if (status == STATUS_PENDING && expired) return STATUS_TIMEOUT;
    if (status == STATUS_PENDING) atomic_store(&wait->word, WAIT_BLOCKED);
    return status;
}

NTSTATUS mixed_wait(struct wait_thread *self, struct object *const *objects, uint32_t n, bool all,
                    bool alertable, bool poll, const struct host_deadline *deadline)
{
    struct wait_block blocks[OBJECTS_MAX];
    int64_t timer;
    watch_holders(objects, n); // mutants of the dead are then free
    lock_both();
    struct shared_wait *wait = begin(self, blocks, objects, n, all, alertable);
    NTSTATUS status = wait ? look(self, wait, poll, &timer) : STATUS_INSUFFICIENT_RESOURCES;
    while (status == STATUS_PENDING) {
        unlock_both();
        watch_holders(objects, n);
        shared_data_thread_stops();
        bool expired = !sleep_on(wait, deadline, timer);
        shared_data_thread_runs();
        lock_both();
        status = look(self, wait, expired, &timer);
    }
    if (wait) finish(self, wait);
    unlock_both();
    return status;
}
