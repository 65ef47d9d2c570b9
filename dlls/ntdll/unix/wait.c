// Waiting for objects. Whoever makes an object signalled hands it to the threads that wait for it, oldest
// first, under one dispatcher lock; each blocked thread sleeps on a word of its own. Where nobody waits,
// setting, resetting and taking an object is one atomic operation on its state (wait_state.h) and the lock
// stays untouched. Shared objects take the slow path here and go on in shared_wait.c and mixed_wait.c.
#include "dlls/ntdll/unix/shared_wait.h"
#include "dlls/ntdll/unix/alert_id.h"
#include "dlls/ntdll/unix/wait_deadline.h"
#include "loader/host_eventfd.h"
#include "loader/host_futex.h"
#include "loader/process.h"
#include "loader/shared_data.h"
#include "loader/thread.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

enum { WORD_RUNNING, WORD_BLOCKED };

static pthread_mutex_t dispatcher = PTHREAD_MUTEX_INITIALIZER;

void dispatcher_lock(void)
{
    pthread_mutex_lock(&dispatcher);
}

void dispatcher_unlock(void)
{
    pthread_mutex_unlock(&dispatcher);
}

static void dispatcher_unlock_and_wake(struct wakes *wakes)
{
    pthread_mutex_unlock(&dispatcher);
    for (uint32_t i = 0; i < wakes->n; i++) host_futex_wake(wakes->words[i], 1);
    while (wakes->watches) {
        struct wait_thread *watch = wakes->watches;
        wakes->watches = watch->next_ended;
        watch->ended(watch);
    }
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

// --- wait blocks, all under the lock
// ----------------------------------------------------------------------------

void wait_block_link(struct wait_block *block, struct waitable *waitable, struct wait_thread *thread)
{
    *block = (struct wait_block){.previous = waitable->last, .waitable = waitable, .thread = thread};
    if (waitable->last)
        waitable->last->next = block;
    else
        waitable->first = block;
    waitable->last = block;
    atomic_fetch_or_explicit(&waitable->state, WAITERS, memory_order_acq_rel);
}

void wait_blocks_unlink(struct wait_thread *thread)
{
    for (uint32_t i = 0; i < thread->blocks_n; i++) {
        struct wait_block *block = &thread->blocks[i];
        struct waitable *waitable = block->waitable;
        if (is_stand_in(waitable)) continue;
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

bool wait_satisfy(const struct wait_thread *thread, NTSTATUS *status)
{
    bool abandoned = false;
    for (uint32_t i = 0; i < thread->blocks_n; i++) {
        struct wait_state at = state_of(thread->blocks[i].waitable);
        bool signalled = state_is_signalled(at, thread->tid);
        if (thread->all && !signalled) return false;
        if (!thread->all && signalled) {
            abandoned = state_take_locked(at, thread->tid);
            *status = (NTSTATUS)i + (abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0);
            return true;
        }
    }
    if (!thread->all) return false;
    for (uint32_t i = 0; i < thread->blocks_n; i++)
        if (state_take_locked(state_of(thread->blocks[i].waitable), thread->tid)) abandoned = true;
    *status = abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0;
    return true;
}

// Ends the wait of a blocked thread, which may run and be gone as soon as its word changes. False: the wait
// has shared objects and another process is ending it.
static bool end_wait(struct wait_thread *thread, NTSTATUS status, struct wakes *wakes)
{
    if (thread->shared) {
        if (!shared_wait_claim(thread->shared, WAIT_ENDED_HERE)) return false;
        thread->result = status;
        host_futex_wake_shared(&thread->shared->word, 1);
        return true;
    }
    wait_blocks_unlink(thread);
    thread->result = status;
    if (thread->ended) {
        thread->next_ended = wakes->watches;
        wakes->watches = thread;
        return true;
    }
    atomic_store_explicit(&thread->word, WORD_RUNNING, memory_order_release);
    if (wakes->n < WAKES_MAX)
        wakes->words[wakes->n++] = &thread->word;
    else
        host_futex_wake(&thread->word, 1);
    return true;
}

// Takes for a thread that waits for shared objects too: one of ours, if no other process is faster.
static bool satisfy_mixed(struct wait_thread *thread, struct waitable *waitable, struct wakes *wakes)
{
    uint32_t i = 0;
    if (thread->all) {
        shared_wait_kick(thread->shared); // it must see for itself
        return false;
    }
    while (thread->blocks[i].waitable != waitable) i++;
    if (!end_wait(thread, (NTSTATUS)i + STATUS_WAIT_0, wakes)) return false;
    if (state_take_locked(own_state(waitable), thread->tid))
        thread->result = (NTSTATUS)i + STATUS_ABANDONED_WAIT_0;
    return true;
}

static bool satisfy_and_end(struct wait_thread *thread, struct waitable *waitable, struct wakes *wakes)
{
    NTSTATUS status;
    if (thread->shared) return satisfy_mixed(thread, waitable, wakes);
    return wait_satisfy(thread, &status) && end_wait(thread, status, wakes);
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
        if (satisfy_and_end(thread, waitable, wakes) && waitable->kind != WAITABLE_NOTIFICATION &&
            !state_is_signalled(own_state(waitable), 0))
            return;
        block = next;
    }
}

// --- signalling
// -------------------------------------------------------------------------------------------------

// Takes the lock to change an object for which somebody waits. False, without the lock: it is a stand-in.
static bool lock_own(struct waitable *waitable)
{
    // Only a stand-in stays at WAITERS; others may become one until the lock is taken.
    if (atomic_load_explicit(&waitable->state, memory_order_relaxed) == WAITERS && is_stand_in(waitable))
        return false;
    dispatcher_lock();
    if (!is_stand_in(waitable)) return true;
    dispatcher_unlock();
    return false;
}

bool waitable_set(struct waitable *waitable)
{
    bool before;
    if (state_try_set(own_state(waitable), &before)) return before;
    if (!lock_own(waitable)) return shared_wait_set(waitable);
    struct wakes wakes = {.n = 0};
    before = state_set_locked(own_state(waitable));
    if (!before) hand_out(waitable, &wakes);
    dispatcher_unlock_and_wake(&wakes);
    return before;
}

bool waitable_reset(struct waitable *waitable)
{
    uint32_t state = atomic_fetch_and_explicit(&waitable->state, ~1u, memory_order_acq_rel);
    return state == WAITERS && is_stand_in(waitable) ? state_reset(shared_state(waitable)) : state & 1;
}

bool waitable_pulse(struct waitable *waitable)
{
    struct wakes wakes = {.n = 0};
    if (!lock_own(waitable)) return shared_wait_pulse(waitable);
    bool before = state_set_locked(own_state(waitable));
    hand_out(waitable, &wakes);
    state_reset(own_state(waitable));
    dispatcher_unlock_and_wake(&wakes);
    return before;
}

// The state, wherever it is.
static uint32_t load_state(const struct waitable *waitable)
{
    uint32_t state = atomic_load_explicit(&waitable->state, memory_order_acquire);
    if (state != WAITERS || !is_stand_in(waitable)) return state;
    return atomic_load_explicit(shared_state(waitable).state, memory_order_acquire);
}

bool waitable_is_set(const struct waitable *waitable)
{
    return load_state(waitable) & 1;
}

NTSTATUS waitable_release_semaphore(struct waitable *waitable, uint32_t count, uint32_t *previous)
{
    NTSTATUS status = state_release_semaphore(own_state(waitable), false, count, previous);
    if (status != STATUS_PENDING) return status;
    if (!lock_own(waitable)) return shared_wait_release_semaphore(waitable, count, previous);
    struct wakes wakes = {.n = 0};
    status = state_release_semaphore(own_state(waitable), true, count, previous);
    if (status == STATUS_SUCCESS) hand_out(waitable, &wakes);
    dispatcher_unlock_and_wake(&wakes);
    return status;
}

uint32_t waitable_semaphore_count(const struct waitable *waitable)
{
    return load_state(waitable) & ~WAITERS;
}

// Makes a mutant of the calling thread free and gives it on.
static void free_mutant(struct waitable *waitable, uint32_t mark)
{
    if (state_try_free_mutant(own_state(waitable), mark)) return;
    if (!lock_own(waitable)) {
        shared_wait_free_mutant(waitable, mark);
        return;
    }
    struct wakes wakes = {.n = 0};
    state_free_mutant_locked(own_state(waitable), mark);
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
    if ((load_state(waitable) & OWNER) != thread_self()->wait.tid) return STATUS_MUTANT_NOT_OWNED;
    struct wait_state at = state_of(waitable);
    uint32_t recursion = atomic_load_explicit(at.recursion, memory_order_relaxed);
    *previous = -(int32_t)recursion;
    if (recursion) {
        atomic_store_explicit(at.recursion, recursion - 1, memory_order_relaxed);
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
    // One that others may have handles to stays its owner's.
    if (!self || (state & (OWNER | WAITERS)) != self->wait.tid) return;
    owner_list_remove(waitable);
    object_release(object_of(waitable));
}

struct mutant_state waitable_mutant_state(const struct waitable *waitable)
{
    uint32_t state = load_state(waitable);
    uint32_t recursion =
        atomic_load_explicit(state_of((struct waitable *)waitable).recursion, memory_order_relaxed);
    uint32_t owner = state & OWNER;
    return (struct mutant_state){
        .owner = owner,
        .process = !is_stand_in(waitable) ? process_id() : shared_wait_owner_process(waitable, owner),
        .count = owner ? -(int32_t)recursion : 1,
        .abandoned = (state & ABANDONED) != 0};
}

// --- becoming shared
// ---------------------------------------------------------------------------------------------

void waitable_move(struct object *object, struct shared_record *record, uint32_t index)
{
    struct waitable *waitable = waitable_of(object);
    uint32_t state = atomic_load(&waitable->state);
    record->waitable = waitable->kind + 1;
    record->limit = waitable->limit;
    do {
        atomic_store(&record->state, state & ~WAITERS);
        atomic_store(&record->recursion, atomic_load(&waitable->recursion));
        atomic_store(&object->shared, index);
        // Before the state: who finds that at WAITERS looks here.
        atomic_store(&object->moved, true);
    } while (!atomic_compare_exchange_strong(&waitable->state, &state, WAITERS));
}

void waitable_stand_in(struct object *object, const struct shared_record *copy)
{
    struct waitable *waitable = waitable_of(object);
    if (!copy->waitable) return;
    waitable->limit = copy->limit;
    atomic_store(&object->moved, true);
    atomic_store(&waitable->state, WAITERS);
}

NTSTATUS waitable_share(struct object *object)
{
    struct waitable *waitable = object->waitable_offset ? waitable_of(object) : NULL;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    // A watch cannot wait for a shared object.
    for (struct wait_block *block = waitable ? waitable->first : NULL; block; block = block->next) {
        if (!block->thread->ended) continue;
        dispatcher_unlock();
        return STATUS_NOT_SUPPORTED;
    }
    region_lock();
    // Who waits for it begins anew, now at the shared object.
    for (struct wait_block *block = waitable ? waitable->first : NULL, *next; block; block = next) {
        next = block->next;
        while (next && next->thread == block->thread) next = next->next;
        end_wait(block->thread, WAIT_RESTART, &wakes);
    }
    NTSTATUS status = shared_object_publish_locked(object, 0, NULL, 0);
    // Blocks of mixed waits still hang here; nobody looks at them any more.
    if (waitable && is_stand_in(waitable)) waitable->first = waitable->last = NULL;
    region_unlock();
    dispatcher_unlock_and_wake(&wakes);
    return status;
}

// --- blocking
// ---------------------------------------------------------------------------------------------------

NTSTATUS wait_alert_status(struct wait_thread *self)
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
            wait_blocks_unlink(self);
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

static bool any_stand_in(struct object *const *objects, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (is_stand_in(waitable_of(objects[i]))) return true;
    return false;
}

// The part of host_wait that needs the lock. Returns with the wait ended.
static NTSTATUS wait_locked(struct wait_thread *self, struct object *const *objects, uint32_t n, bool all,
                            bool alertable, bool poll, const struct host_deadline *deadline)
{
    struct wait_block blocks[n ? n : 1];
    dispatcher_lock();
    if (any_stand_in(objects, n)) {
        dispatcher_unlock();
        return WAIT_RESTART;
    }
    self->blocks = blocks;
    self->blocks_n = n;
    self->all = all;
    self->alertable = alertable;
    for (uint32_t i = 0; i < n; i++) wait_block_link(&blocks[i], waitable_of(objects[i]), self);
    NTSTATUS status;
    if (!wait_satisfy(self, &status)) {
        status = wait_alert_status(self);
        if (status == STATUS_PENDING && poll) status = STATUS_TIMEOUT;
    }
    if (status != STATUS_PENDING) {
        wait_blocks_unlink(self);
        dispatcher_unlock();
        return status;
    }
    atomic_store_explicit(&self->word, WORD_BLOCKED, memory_order_relaxed);
    dispatcher_unlock();
    return block(self, deadline);
}

static NTSTATUS wait_slowly(struct wait_thread *self, struct object *const *objects, uint32_t n, bool all,
                            bool alertable, const int64_t *timeout)
{
    struct host_deadline until, *deadline = NULL;
    bool poll = timeout && !*timeout;
    if (timeout && !poll) {
        until = deadline_from_timeout(*timeout);
        deadline = &until;
    }
    NTSTATUS status;
    do
        status = any_stand_in(objects, n) ? mixed_wait(self, objects, n, all, alertable, poll, deadline)
                                          : wait_locked(self, objects, n, all, alertable, poll, deadline);
    while (status == WAIT_RESTART);
    return status;
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

static enum taken try_take(struct waitable *waitable, uint32_t tid)
{
    enum taken taken = state_try_take(own_state(waitable), tid);
    if (taken == TAKEN || taken == TAKEN_ABANDONED || !is_stand_in(waitable)) return taken;
    return shared_wait_try_take(waitable, tid);
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
    NTSTATUS status = wait_slowly(self, objects, n, all, alertable, timeout);
    if (is_satisfied(status) && n) note_mutants(self, objects, n, all, status);
    return finish(thread, status);
}

NTSTATUS host_wait_fds(struct pollfd *polled, unsigned n, bool alertable, const int64_t *timeout)
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
    NTSTATUS status = self->cancelled ? STATUS_CANCELLED : wait_alert_status(self);
    self->polling = status == STATUS_PENDING;
    dispatcher_unlock();
    if (status != STATUS_PENDING) return finish(thread, status);

    polled[n] = (struct pollfd){.fd = self->event_fd, .events = POLLIN};
    int ready;
    shared_data_thread_stops();
    do {
        struct timespec remaining;
        if (timeout) remaining = deadline_remaining(&deadline);
        ready = ppoll(polled, n + 1, timeout ? &remaining : NULL, NULL);
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

NTSTATUS host_wait_fd(int fd, short events, bool alertable, const int64_t *timeout)
{
    struct pollfd polled[2] = {{.fd = fd, .events = events}};
    return host_wait_fds(polled, 1, alertable, timeout);
}

// Says whether the wait to come is one for I/O.
static void set_cancellable(struct wait_thread *self, bool cancellable)
{
    dispatcher_lock();
    self->cancellable = cancellable;
    self->cancelled = false;
    dispatcher_unlock();
}

NTSTATUS host_wait_io(int fd, short events, bool alertable, const int64_t *timeout, struct waitable *file)
{
    struct wait_thread *self = &thread_self()->wait;
    set_cancellable(self, true);
    waitable_reset(file);
    NTSTATUS status = host_wait_fd(fd, events, alertable, timeout);
    set_cancellable(self, false);
    return status;
}

// Ends a thread's wait for objects or for an fd; under the lock. False: it isn't waiting.
static bool end_any_wait(struct wait_thread *thread, NTSTATUS status, struct wakes *wakes)
{
    if (thread->polling) {
        thread->polling = false;
        thread->result = status;
        host_eventfd_signal(thread->event_fd);
        return true;
    }
    return atomic_load_explicit(&thread->word, memory_order_relaxed) == WORD_BLOCKED &&
           end_wait(thread, status, wakes);
}

bool wait_cancel_io(struct thread *thread)
{
    struct wait_thread *wait = &thread->wait;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    bool found = wait->cancellable;
    if (found && !end_any_wait(wait, STATUS_CANCELLED, &wakes)) wait->cancelled = true;
    dispatcher_unlock_and_wake(&wakes);
    return found;
}

void wait_alert(struct thread *thread)
{
    struct wait_thread *wait = &thread->wait;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    if (!wait->alertable || !end_any_wait(wait, STATUS_ALERTED, &wakes))
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
    if (wait->alertable) end_any_wait(wait, STATUS_USER_APC, &wakes);
    dispatcher_unlock_and_wake(&wakes);
}

void wait_interrupt(struct thread *thread)
{
    struct wait_thread *wait = &thread->wait;
    struct wakes wakes = {.n = 0};
    dispatcher_lock();
    atomic_store_explicit(&wait->interrupted, true, memory_order_release);
    end_any_wait(wait, STATUS_THREAD_IS_TERMINATING, &wakes);
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
        atomic_store_explicit(state_of(waitable).recursion, 0, memory_order_relaxed);
        free_mutant(waitable, ABANDONED);
        object_release(object_of(waitable));
    }
    shared_wait_thread_exit(wait);
    if (wait->event_fd >= 0) close(wait->event_fd);
    wait->event_fd = -1;
}
