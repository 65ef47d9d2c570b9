// Waiting for objects. Whoever makes an object signalled hands it to the threads that wait for it, oldest
// first, under one dispatcher lock; each blocked thread sleeps on a word of its own. Where nobody waits,
// setting, resetting and taking an object is one atomic operation on its state and the lock stays untouched.
//
// A state has the WAITERS bit while wait blocks hang on its object. With it set, only the lock's owner may
// make the object signalled or take it, so that under the lock the states of many objects are one picture.
// Reading a notification object and resetting need no lock: a reset can be ordered after the picture.
#include "dlls/ntdll/unix/wait.h"
#include "dlls/ntdll/unix/alert_id.h"
#include "dlls/ntdll/unix/wait_deadline.h"
#include "loader/host_eventfd.h"
#include "loader/host_futex.h"
#include "loader/shared_data.h"
#include "loader/thread.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#define WAITERS   0x80000000u
#define ABANDONED 0x40000000u // mutants: the last owner ended without releasing
#define OWNER     0x3FFFFFFFu // mutants: thread id

enum { OBJECTS_MAX = 64, WAKES_MAX = 64 };
enum { WORD_RUNNING, WORD_BLOCKED };

struct wait_block {
    struct wait_block *next, *previous; // in the waitable's list
    struct waitable *waitable;
    struct wait_thread *thread;
};

// Threads to wake once the lock is free: they would only run into it.
struct wakes {
    uint32_t n;
    _Atomic uint32_t *words[WAKES_MAX];
};

static pthread_mutex_t dispatcher = PTHREAD_MUTEX_INITIALIZER;

static void dispatcher_lock(void)
{
    pthread_mutex_lock(&dispatcher);
}

static void dispatcher_unlock(void)
{
    pthread_mutex_unlock(&dispatcher);
}

static void dispatcher_unlock_and_wake(struct wakes *wakes)
{
    pthread_mutex_unlock(&dispatcher);
    for (uint32_t i = 0; i < wakes->n; i++) host_futex_wake(wakes->words[i], 1);
}

static struct waitable *waitable_of(const struct object *object)
{
    assert(object->waitable_offset);
    return (struct waitable *)((char *)object + object->waitable_offset);
}

static struct object *object_of(struct waitable *waitable)
{
    return (struct object *)waitable - 1;
}

void waitable_init(struct object *object, struct waitable *waitable, enum waitable_kind kind, uint32_t state)
{
    assert((void *)waitable == object + 1);
    object->waitable_offset = sizeof *object;
    waitable->kind = kind;
    waitable->limit = 0;
    atomic_store_explicit(&waitable->recursion, 0, memory_order_relaxed);
    waitable->first = waitable->last = NULL;
    waitable->owner_next = NULL;
    waitable->owner_link = NULL;
    atomic_store_explicit(&waitable->state, state, memory_order_release);
}

// --- mutants' owners
// --------------------------------------------------------------------------------------------

// Enters a mutant that the calling thread came to own into its list, which keeps the object. Only the owner
// touches list and links.
static void owner_list_add(struct wait_thread *self, struct waitable *waitable)
{
    if (waitable->owner_link) return; // taken once more
    object_retain(object_of(waitable));
    waitable->owner_next = self->mutants;
    waitable->owner_link = &self->mutants;
    if (self->mutants) self->mutants->owner_link = &waitable->owner_next;
    self->mutants = waitable;
}

// The caller drops the list's reference afterwards.
static void owner_list_remove(struct waitable *waitable)
{
    *waitable->owner_link = waitable->owner_next;
    if (waitable->owner_next) waitable->owner_next->owner_link = waitable->owner_link;
    waitable->owner_next = NULL;
    waitable->owner_link = NULL;
}

// --- taking an object
// -------------------------------------------------------------------------------------------

enum taken { NOT_SIGNALLED, TAKEN, TAKEN_ABANDONED, NEEDS_LOCK };

// Takes a signalled object without the lock where that is possible.
static enum taken try_take(struct waitable *waitable, uint32_t tid)
{
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_acquire), wanted;
    do {
        switch (waitable->kind) {
        case WAITABLE_NOTIFICATION: return state & ~WAITERS ? TAKEN : NOT_SIGNALLED;
        case WAITABLE_MUTANT:
            if ((state & OWNER) == tid) {
                atomic_fetch_add_explicit(&waitable->recursion, 1, memory_order_relaxed);
                return TAKEN;
            }
            if (state & OWNER) return NOT_SIGNALLED;
            wanted = tid;
            break;
        default:
            if (!(state & ~WAITERS)) return NOT_SIGNALLED;
            wanted = state - 1;
        }
        if (state & WAITERS) return NEEDS_LOCK;
    } while (!atomic_compare_exchange_weak_explicit(&waitable->state, &state, wanted, memory_order_acq_rel,
                                                    memory_order_acquire));
    return state & ABANDONED && waitable->kind == WAITABLE_MUTANT ? TAKEN_ABANDONED : TAKEN;
}

// Whether thread tid could take the object now. Under the lock, WAITERS set.
static bool is_signalled(const struct waitable *waitable, uint32_t tid)
{
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_acquire);
    if (waitable->kind != WAITABLE_MUTANT) return (state & ~WAITERS) != 0;
    return !(state & OWNER) || (state & OWNER) == tid;
}

// Takes an object that is_signalled was true of, for thread tid. Whether it was abandoned.
static bool take_locked(struct waitable *waitable, uint32_t tid)
{
    switch (waitable->kind) {
    case WAITABLE_SYNCHRONIZATION:
        // May have been reset meanwhile: then the reset counts as after this.
        atomic_fetch_and_explicit(&waitable->state, WAITERS, memory_order_acq_rel);
        return false;
    case WAITABLE_SEMAPHORE:
        atomic_fetch_sub_explicit(&waitable->state, 1, memory_order_acq_rel);
        return false;
    case WAITABLE_MUTANT: {
        uint32_t state = atomic_load_explicit(&waitable->state, memory_order_relaxed);
        if ((state & OWNER) == tid) {
            atomic_fetch_add_explicit(&waitable->recursion, 1, memory_order_relaxed);
            return false;
        }
        atomic_store_explicit(&waitable->state, (state & WAITERS) | tid, memory_order_release);
        return state & ABANDONED;
    }
    default: return false;
    }
}

// --- wait blocks, all under the lock
// ----------------------------------------------------------------------------

static void block_link(struct wait_block *block, struct waitable *waitable, struct wait_thread *thread)
{
    *block = (struct wait_block){.previous = waitable->last, .waitable = waitable, .thread = thread};
    if (waitable->last)
        waitable->last->next = block;
    else
        waitable->first = block;
    waitable->last = block;
    atomic_fetch_or_explicit(&waitable->state, WAITERS, memory_order_acq_rel);
}

static void blocks_unlink(struct wait_thread *thread)
{
    for (uint32_t i = 0; i < thread->blocks_n; i++) {
        struct wait_block *block = &thread->blocks[i];
        struct waitable *waitable = block->waitable;
        if (block->previous)
            block->previous->next = block->next;
        else
            waitable->first = block->next;
        if (block->next)
            block->next->previous = block->previous;
        else
            waitable->last = block->previous;
        if (!waitable->first) atomic_fetch_and_explicit(&waitable->state, ~WAITERS, memory_order_acq_rel);
    }
    thread->blocks = NULL;
    thread->blocks_n = 0;
}

// Takes for a thread what its wait asks for, if it can have it: then true and the status.
static bool satisfy(const struct wait_thread *thread, NTSTATUS *status)
{
    bool abandoned = false;
    for (uint32_t i = 0; i < thread->blocks_n; i++) {
        struct waitable *waitable = thread->blocks[i].waitable;
        bool signalled = is_signalled(waitable, thread->tid);
        if (thread->all && !signalled) return false;
        if (!thread->all && signalled) {
            abandoned = take_locked(waitable, thread->tid);
            *status = (NTSTATUS)i + (abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0);
            return true;
        }
    }
    if (!thread->all) return false;
    for (uint32_t i = 0; i < thread->blocks_n; i++)
        if (take_locked(thread->blocks[i].waitable, thread->tid)) abandoned = true;
    *status = abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0;
    return true;
}

// Ends the wait of a blocked thread. It may run and be gone as soon as its word changes.
static void end_wait(struct wait_thread *thread, NTSTATUS status, struct wakes *wakes)
{
    blocks_unlink(thread);
    thread->result = status;
    atomic_store_explicit(&thread->word, WORD_RUNNING, memory_order_release);
    if (wakes->n < WAKES_MAX)
        wakes->words[wakes->n++] = &thread->word;
    else
        host_futex_wake(&thread->word, 1);
}

// Gives an object that became signalled to who waits for it, oldest first, as far as it goes.
static void hand_out(struct waitable *waitable, struct wakes *wakes)
{
    struct wait_block *block = waitable->first;
    while (block) {
        struct wait_thread *thread = block->thread;
        // The blocks of one thread on one object stand side by side and go together.
        struct wait_block *next = block->next;
        while (next && next->thread == thread) next = next->next;
        NTSTATUS status;
        if (satisfy(thread, &status)) {
            end_wait(thread, status, wakes);
            if (waitable->kind != WAITABLE_NOTIFICATION && !is_signalled(waitable, 0)) return;
        }
        block = next;
    }
}

// --- signalling
// -------------------------------------------------------------------------------------------------

bool waitable_set(struct waitable *waitable)
{
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_relaxed);
    while (!(state & WAITERS))
        if (atomic_compare_exchange_weak_explicit(&waitable->state, &state, 1, memory_order_acq_rel,
                                                  memory_order_relaxed))
            return state;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    bool before = atomic_fetch_or_explicit(&waitable->state, 1, memory_order_acq_rel) & 1;
    if (!before) hand_out(waitable, &wakes);
    dispatcher_unlock_and_wake(&wakes);
    return before;
}

bool waitable_reset(struct waitable *waitable)
{
    return atomic_fetch_and_explicit(&waitable->state, ~1u, memory_order_acq_rel) & 1;
}

bool waitable_pulse(struct waitable *waitable)
{
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    bool before = atomic_fetch_or_explicit(&waitable->state, 1, memory_order_acq_rel) & 1;
    hand_out(waitable, &wakes);
    waitable_reset(waitable);
    dispatcher_unlock_and_wake(&wakes);
    return before;
}

bool waitable_is_set(const struct waitable *waitable)
{
    return atomic_load_explicit(&waitable->state, memory_order_acquire) & 1;
}

NTSTATUS waitable_release_semaphore(struct waitable *waitable, uint32_t count, uint32_t *previous)
{
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_relaxed);
    while (!(state & WAITERS)) {
        if (count > waitable->limit - state) return STATUS_SEMAPHORE_LIMIT_EXCEEDED;
        if (atomic_compare_exchange_weak_explicit(&waitable->state, &state, state + count,
                                                  memory_order_acq_rel, memory_order_relaxed)) {
            *previous = state;
            return STATUS_SUCCESS;
        }
    }
    struct wakes wakes = {.n = 0};
    NTSTATUS status = STATUS_SEMAPHORE_LIMIT_EXCEEDED;
    dispatcher_lock();
    // Not held off by WAITERS any more when the last who waited gave up meanwhile: hence the exchange here
    // too.
    state = atomic_load_explicit(&waitable->state, memory_order_relaxed);
    while (count <= waitable->limit - (state & ~WAITERS))
        if (atomic_compare_exchange_weak_explicit(&waitable->state, &state, state + count,
                                                  memory_order_acq_rel, memory_order_relaxed)) {
            *previous = state & ~WAITERS;
            hand_out(waitable, &wakes);
            status = STATUS_SUCCESS;
            break;
        }
    dispatcher_unlock_and_wake(&wakes);
    return status;
}

uint32_t waitable_semaphore_count(const struct waitable *waitable)
{
    return atomic_load_explicit(&waitable->state, memory_order_acquire) & ~WAITERS;
}

// Makes a mutant of the calling thread free and gives it on.
static void free_mutant(struct waitable *waitable, uint32_t mark)
{
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_relaxed);
    while (!(state & WAITERS))
        if (atomic_compare_exchange_weak_explicit(&waitable->state, &state, mark, memory_order_acq_rel,
                                                  memory_order_relaxed))
            return;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    // While the thread owns it only WAITERS can change, and that under the lock.
    state = atomic_load_explicit(&waitable->state, memory_order_relaxed);
    atomic_store_explicit(&waitable->state, (state & WAITERS) | mark, memory_order_release);
    hand_out(waitable, &wakes);
    dispatcher_unlock_and_wake(&wakes);
}

void waitable_own_mutant(struct waitable *waitable)
{
    struct thread *self = thread_self();
    atomic_store_explicit(&waitable->state, self->wait.tid, memory_order_release);
    owner_list_add(&self->wait, waitable);
}

NTSTATUS waitable_release_mutant(struct waitable *waitable, int32_t *previous)
{
    uint32_t tid = thread_self()->wait.tid;
    if ((atomic_load_explicit(&waitable->state, memory_order_acquire) & OWNER) != tid)
        return STATUS_MUTANT_NOT_OWNED;
    uint32_t recursion = atomic_load_explicit(&waitable->recursion, memory_order_relaxed);
    *previous = -(int32_t)recursion;
    if (recursion) {
        atomic_store_explicit(&waitable->recursion, recursion - 1, memory_order_relaxed);
        return STATUS_SUCCESS;
    }
    owner_list_remove(waitable);
    free_mutant(waitable, 0);
    object_release(object_of(waitable));
    return STATUS_SUCCESS;
}

void waitable_forget_mutant(struct waitable *waitable)
{
    struct thread *self = thread_self();
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_acquire);
    if (!self || (state & (OWNER | WAITERS)) != self->wait.tid) return;
    owner_list_remove(waitable);
    object_release(object_of(waitable));
}

struct mutant_state waitable_mutant_state(const struct waitable *waitable)
{
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_acquire);
    uint32_t recursion = atomic_load_explicit(&waitable->recursion, memory_order_relaxed);
    uint32_t owner = state & OWNER;
    return (struct mutant_state){
        .owner = owner, .count = owner ? -(int32_t)recursion : 1, .abandoned = (state & ABANDONED) != 0};
}

// --- blocking
// ---------------------------------------------------------------------------------------------------

// What ends the calling thread's wait now, whatever it waits for: STATUS_PENDING when nothing does. Under the
// lock, so that whoever comes later finds the wait in progress.
static NTSTATUS alert_status(struct wait_thread *self)
{
    if (atomic_load_explicit(&self->interrupted, memory_order_acquire)) return STATUS_THREAD_IS_TERMINATING;
    if (!self->alertable) return STATUS_PENDING;
    if (atomic_load_explicit(&self->alerted, memory_order_relaxed) &&
        atomic_exchange_explicit(&self->alerted, false, memory_order_acq_rel))
        return STATUS_ALERTED;
    return wait_apc_pending(self) ? STATUS_USER_APC : STATUS_PENDING;
}

// Sleeps until the wait in progress ends or the deadline comes.
static NTSTATUS sleep_blocked(struct wait_thread *self, const struct host_deadline *deadline)
{
    for (;;) {
        int result = host_futex_wait(&self->word, WORD_BLOCKED, deadline);
        if (atomic_load_explicit(&self->word, memory_order_acquire) == WORD_RUNNING) return self->result;
        if (result != -ETIMEDOUT) continue;
        dispatcher_lock();
        if (atomic_load_explicit(&self->word, memory_order_relaxed) == WORD_BLOCKED) {
            blocks_unlink(self);
            self->result = STATUS_TIMEOUT;
            atomic_store_explicit(&self->word, WORD_RUNNING, memory_order_relaxed);
        }
        dispatcher_unlock();
        return self->result;
    }
}

static NTSTATUS block(struct wait_thread *self, const struct host_deadline *deadline)
{
    shared_data_thread_stops();
    NTSTATUS status = sleep_blocked(self, deadline);
    shared_data_thread_runs();
    return status;
}

// The part of host_wait that needs the lock. Returns with the wait ended.
static NTSTATUS wait_locked(struct wait_thread *self, struct object *const *objects, uint32_t n, bool all,
                            bool alertable, const int64_t *timeout)
{
    struct wait_block blocks[n ? n : 1];
    struct host_deadline deadline;
    bool poll = timeout && !*timeout;
    if (timeout && !poll) deadline = deadline_from_timeout(*timeout);

    dispatcher_lock();
    self->blocks = blocks;
    self->blocks_n = n;
    self->all = all;
    self->alertable = alertable;
    for (uint32_t i = 0; i < n; i++) block_link(&blocks[i], waitable_of(objects[i]), self);
    NTSTATUS status;
    if (!satisfy(self, &status)) {
        status = alert_status(self);
        if (status == STATUS_PENDING && poll) status = STATUS_TIMEOUT;
    }
    if (status != STATUS_PENDING) {
        blocks_unlink(self);
        dispatcher_unlock();
        return status;
    }
    atomic_store_explicit(&self->word, WORD_BLOCKED, memory_order_relaxed);
    dispatcher_unlock();
    return block(self, timeout ? &deadline : NULL);
}

// Enters the mutants that a wait brought into the thread's list.
static void note_mutants(struct wait_thread *self, struct object *const *objects, uint32_t n, bool all,
                         NTSTATUS status)
{
    uint32_t first = 0, end = n;
    if (!all) {
        first = (uint32_t)status & (OBJECTS_MAX - 1);
        end = first + 1;
    }
    for (uint32_t i = first; i < end; i++) {
        struct waitable *waitable = waitable_of(objects[i]);
        if (waitable->kind == WAITABLE_MUTANT) owner_list_add(self, waitable);
    }
}

static bool is_satisfied(NTSTATUS status)
{
    return (uint32_t)status < STATUS_ABANDONED_WAIT_0 + OBJECTS_MAX;
}

// Tells the gate to deliver the APCs that ended a wait.
static NTSTATUS finish(struct thread *thread, NTSTATUS status)
{
    if (status == STATUS_USER_APC) atomic_fetch_or(&thread->pending, THREAD_PENDING_APC);
    return status;
}

NTSTATUS host_wait(struct object *const *objects, uint32_t n, bool all, bool alertable,
                   const int64_t *timeout)
{
    struct thread *thread = thread_self();
    struct wait_thread *self = &thread->wait;
    assert(n <= OBJECTS_MAX);
    if (n <= 1) all = false;
    if (!all) {
        enum taken taken = NOT_SIGNALLED;
        for (uint32_t i = 0; i < n; i++) {
            struct waitable *waitable = waitable_of(objects[i]);
            taken = try_take(waitable, self->tid);
            if (taken == NOT_SIGNALLED) continue;
            if (taken == NEEDS_LOCK) break;
            if (waitable->kind == WAITABLE_MUTANT) owner_list_add(self, waitable);
            return (NTSTATUS)i + (taken == TAKEN_ABANDONED ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0);
        }
        if (taken == NOT_SIGNALLED && timeout && !*timeout && !alertable) return STATUS_TIMEOUT;
    }
    NTSTATUS status = wait_locked(self, objects, n, all, alertable, timeout);
    if (is_satisfied(status) && n) note_mutants(self, objects, n, all, status);
    return finish(thread, status);
}

NTSTATUS host_wait_fd(int fd, short events, bool alertable, const int64_t *timeout)
{
    struct thread *thread = thread_self();
    struct wait_thread *self = &thread->wait;
    if (self->event_fd < 0) {
        self->event_fd = host_eventfd();
        if (self->event_fd < 0) return STATUS_INSUFFICIENT_RESOURCES;
    }
    struct host_deadline deadline;
    if (timeout) deadline = deadline_from_timeout(*timeout);

    dispatcher_lock();
    self->alertable = alertable;
    NTSTATUS status = alert_status(self);
    self->polling = status == STATUS_PENDING;
    dispatcher_unlock();
    if (status != STATUS_PENDING) return finish(thread, status);

    struct pollfd polled[2] = {{.fd = fd, .events = events}, {.fd = self->event_fd, .events = POLLIN}};
    int ready;
    shared_data_thread_stops();
    do {
        struct timespec remaining;
        if (timeout) remaining = deadline_remaining(&deadline);
        ready = ppoll(polled, 2, timeout ? &remaining : NULL, NULL);
    } while (ready < 0 && errno == EINTR);
    int error = errno;
    shared_data_thread_runs();

    dispatcher_lock();
    if (!self->polling) {
        host_eventfd_clear(self->event_fd);
        status = self->result;
    } else {
        self->polling = false;
        status = ready > 0 ? STATUS_SUCCESS : ready == 0 ? STATUS_TIMEOUT : STATUS_NO_MEMORY;
        if (ready < 0 && error == EINVAL) status = STATUS_INVALID_PARAMETER;
    }
    dispatcher_unlock();
    return finish(thread, status);
}

// Ends a thread's wait for objects or for an fd; under the lock.
static void end_any_wait(struct wait_thread *thread, NTSTATUS status, struct wakes *wakes)
{
    if (thread->polling) {
        thread->polling = false;
        thread->result = status;
        host_eventfd_signal(thread->event_fd);
    } else if (atomic_load_explicit(&thread->word, memory_order_relaxed) == WORD_BLOCKED) {
        end_wait(thread, status, wakes);
    }
}

static bool is_waiting(const struct wait_thread *thread)
{
    return thread->polling || atomic_load_explicit(&thread->word, memory_order_relaxed) == WORD_BLOCKED;
}

void wait_alert(struct thread *thread)
{
    struct wait_thread *wait = &thread->wait;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    if (is_waiting(wait) && wait->alertable)
        end_any_wait(wait, STATUS_ALERTED, &wakes);
    else
        atomic_store_explicit(&wait->alerted, true, memory_order_release);
    dispatcher_unlock_and_wake(&wakes);
}

bool wait_test_alert(void)
{
    return atomic_exchange_explicit(&thread_self()->wait.alerted, false, memory_order_acq_rel);
}

void wait_apc_queued(struct thread *thread)
{
    struct wait_thread *wait = &thread->wait;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    if (is_waiting(wait) && wait->alertable) end_any_wait(wait, STATUS_USER_APC, &wakes);
    dispatcher_unlock_and_wake(&wakes);
}

void wait_interrupt(struct thread *thread)
{
    struct wait_thread *wait = &thread->wait;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    atomic_store_explicit(&wait->interrupted, true, memory_order_release);
    if (is_waiting(wait)) end_any_wait(wait, STATUS_THREAD_IS_TERMINATING, &wakes);
    dispatcher_unlock_and_wake(&wakes);
    alert_id_interrupt(wait);
}

void wait_thread_init(struct wait_thread *wait, uint32_t tid)
{
    wait->event_fd = -1;
    wait->tid = tid;
    alert_id_register(wait);
    shared_data_thread_runs();
}

void wait_thread_exit(struct wait_thread *wait)
{
    alert_id_unregister(wait);
    shared_data_thread_stops();
    while (wait->mutants) {
        struct waitable *waitable = wait->mutants;
        owner_list_remove(waitable);
        atomic_store_explicit(&waitable->recursion, 0, memory_order_relaxed);
        free_mutant(waitable, ABANDONED);
        object_release(object_of(waitable));
    }
    if (wait->event_fd >= 0) close(wait->event_fd);
    wait->event_fd = -1;
}
