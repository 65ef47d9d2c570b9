// Waits for shared objects: who signals one walks the waits that hang on it, oldest first, takes for each
// what it asks for and ends it, whatever process it is of. The region's lock is held; a signaller killed in
// the middle of ending a wait leaves the intent of what it was about to do, and who recovers does it.
#include "shared_wait.h"
#include "region_layout.h"
#include "loader/host_clock.h"
#include <assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WAITS_MAX = 8192 }; // as in region.c

static struct shared_wait *wait_at(uint32_t index)
{
    struct shared_wait *wait = region_record(REGION_WAITS, index);
    return wait && atomic_load_explicit(&wait->record.kind, memory_order_acquire) ? wait : NULL;
}

static struct shared_wait_node *node_at(uint32_t id)
{
    struct shared_wait *wait = wait_at(id / OBJECTS_MAX);
    return wait ? &wait->nodes[id % OBJECTS_MAX] : NULL;
}

static struct wait_state record_state(struct shared_record *record)
{
    uint32_t kind = record->waitable - 1;
    return (struct wait_state){&record->state, &record->recursion, kind <= WAITABLE_MUTANT ? kind : 0, 0};
}

void shared_wait_wake(struct wakes *wakes)
{
    for (uint32_t i = 0; i < wakes->n; i++) host_futex_wake_shared(wakes->words[i], 1);
    wakes->n = 0;
}

static void wake_later(struct shared_wait *wait, struct wakes *wakes)
{
    if (wakes->n == WAKES_MAX) shared_wait_wake(wakes);
    wakes->words[wakes->n++] = &wait->word;
}

// --- lists
// ------------------------------------------------------------------------------------------------------

static void node_link(uint32_t id, struct shared_wait_node *node)
{
    struct shared_record *record = shared_record(node->object);
    if (!record) return;
    struct shared_wait_node *last = node_at(record->last_wait);
    node->next = 0;
    node->previous = last ? record->last_wait : 0;
    if (last)
        last->next = id;
    else
        record->first_wait = id;
    record->last_wait = id;
    atomic_fetch_or_explicit(&record->state, WAITERS, memory_order_acq_rel);
}

static void node_unlink(uint32_t id, struct shared_wait_node *node)
{
    struct shared_record *record = shared_record(node->object);
    if (!record) return;
    struct shared_wait_node *previous = node_at(node->previous), *next = node_at(node->next);
    if (previous)
        previous->next = node->next;
    else if (record->first_wait == id)
        record->first_wait = node->next;
    if (next)
        next->previous = node->previous;
    else if (record->last_wait == id)
        record->last_wait = node->previous;
    if (!record->first_wait) atomic_fetch_and_explicit(&record->state, ~WAITERS, memory_order_acq_rel);
}

static uint32_t count_of(const struct shared_wait *wait)
{
    return wait->n < OBJECTS_MAX ? wait->n : OBJECTS_MAX;
}

static void link_nodes(struct shared_wait *wait)
{
    uint32_t first = region_index(REGION_WAITS, wait) * OBJECTS_MAX;
    for (uint32_t i = 0; i < count_of(wait); i++)
        if (wait->nodes[i].object) node_link(first + i, &wait->nodes[i]);
    wait->linked = true;
}

static void unlink_nodes(struct shared_wait *wait)
{
    uint32_t first = region_index(REGION_WAITS, wait) * OBJECTS_MAX;
    if (!wait->linked) return;
    wait->linked = false;
    for (uint32_t i = 0; i < count_of(wait); i++)
        if (wait->nodes[i].object) node_unlink(first + i, &wait->nodes[i]);
}

// --- a thread's wait
// --------------------------------------------------------------------------------------------

struct shared_wait *shared_wait_of_thread(struct wait_thread *thread)
{
    static_assert(sizeof(struct shared_wait) <= 1024, "as in region.c");
    struct shared_wait *wait = wait_at(thread->shared_wait);
    if (wait) return wait;
    thread->shared_wait = region_record_new(REGION_WAITS);
    wait = region_record(REGION_WAITS, thread->shared_wait);
    if (!wait) return NULL;
    region_self_holds(REGION_HOLDS_WAITS);
    wait->slot = region_self();
    wait->tid = thread->tid;
    atomic_store_explicit(&wait->record.kind, 1, memory_order_release);
    return wait;
}

void shared_wait_thread_exit(struct wait_thread *thread)
{
    if (!thread->shared_wait) return;
    region_lock();
    if (wait_at(thread->shared_wait)) region_record_free(REGION_WAITS, thread->shared_wait);
    region_unlock();
    thread->shared_wait = 0;
}

void shared_wait_link(struct shared_wait *wait, struct object *const *objects, uint32_t n, bool all)
{
    wait->n = n;
    wait->all = all;
    wait->mixed = false;
    for (uint32_t i = 0; i < n; i++) {
        bool shared = is_stand_in(waitable_of(objects[i]));
        wait->nodes[i].object = shared ? atomic_load(&objects[i]->shared) : 0;
        if (!shared) wait->mixed = true;
    }
    wait->sequence = atomic_fetch_add(&region->sequence, 1);
    atomic_store(&wait->word, WAIT_KICKED); // the waiter is about to look
    link_nodes(wait);
}

void shared_wait_unlink(struct shared_wait *wait)
{
    unlink_nodes(wait);
    atomic_store(&wait->word, WAIT_IDLE);
}

bool shared_wait_claim(struct shared_wait *wait, enum shared_wait_word to)
{
    uint32_t word = atomic_load(&wait->word);
    while (word == WAIT_BLOCKED || word == WAIT_KICKED)
        if (atomic_compare_exchange_weak(&wait->word, &word, to)) return true;
    return false;
}

void shared_wait_kick(struct shared_wait *wait)
{
    uint32_t blocked = WAIT_BLOCKED;
    if (atomic_compare_exchange_strong(&wait->word, &blocked, WAIT_KICKED))
        host_futex_wake_shared(&wait->word, 1);
}

void shared_wait_kick_all(struct shared_record *record)
{
    uint32_t id = record->first_wait;
    for (uint32_t i = 0; i < WAITS_MAX; i++) {
        struct shared_wait_node *node = node_at(id);
        if (!node) return;
        shared_wait_kick(wait_at(id / OBJECTS_MAX));
        id = node->next;
    }
}

// --- handing out
// ------------------------------------------------------------------------------------------------

// Does what the intent says: each step as often as one likes.
static void carry_out(const struct region_intent *intent)
{
    uint32_t n = intent->n < REGION_INTENT_MAX ? intent->n : REGION_INTENT_MAX;
    for (uint32_t i = 0; i < n; i++) {
        struct shared_record *record = shared_record(intent->takes[i].object);
        if (!record) continue;
        atomic_store_explicit(&record->recursion, intent->takes[i].recursion, memory_order_relaxed);
        atomic_store_explicit(&record->state, intent->takes[i].state, memory_order_release);
    }
    struct shared_wait *wait = wait_at(intent->wait);
    if (!wait) return;
    atomic_store(&wait->result, intent->result);
    atomic_store(&wait->word, WAIT_ENDED);
}

// Notes what taking an object for thread tid makes of it. Whether it was abandoned.
static bool note_take(struct region_intent *intent, uint32_t object, struct wait_state at, uint32_t tid)
{
    uint32_t state = atomic_load(at.state), recursion = atomic_load(at.recursion);
    bool abandoned = false;
    switch (at.kind) {
    case WAITABLE_SYNCHRONIZATION: state &= WAITERS; break;
    case WAITABLE_SEMAPHORE: state--; break;
    case WAITABLE_MUTANT:
        abandoned = state & ABANDONED;
        recursion = (state & OWNER) == tid ? recursion + 1 : 0;
        state = (state & WAITERS) | tid;
        break;
    default: return false;
    }
    intent->takes[intent->n].object = object;
    intent->takes[intent->n].state = state;
    intent->takes[intent->n++].recursion = recursion;
    return abandoned;
}

// Whether a wait can have what it asks for; *intent is then how.
static bool plan(const struct shared_wait *wait, struct region_intent *intent)
{
    bool abandoned = false;
    uint32_t n = count_of(wait), tid = wait->tid & OWNER;
    intent->n = 0;
    intent->wait = region_index(REGION_WAITS, wait);
    for (uint32_t i = 0; i < n; i++) {
        struct shared_record *record = shared_record(wait->nodes[i].object);
        bool signalled = record && state_is_signalled(record_state(record), tid);
        if (wait->all && !signalled) return false;
        if (!signalled) continue;
        if (note_take(intent, wait->nodes[i].object, record_state(record), tid)) abandoned = true;
        if (wait->all) continue;
        intent->result = i + (abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0);
        return true;
    }
    intent->result = abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0;
    return wait->all;
}

// Ends a wait if it can have what it asks for.
static bool settle(struct shared_wait *wait, struct wakes *wakes)
{
    struct region_intent *intent = &region->intent;
    if (wait->all && wait->mixed) {
        shared_wait_kick(wait); // only its process sees all of it
        return false;
    }
    if (!plan(wait, intent) || !shared_wait_claim(wait, WAIT_CLAIMED)) return false;
    atomic_store_explicit(&intent->valid, 1, memory_order_release);
    carry_out(intent);
    atomic_store_explicit(&intent->valid, 0, memory_order_release);
    unlink_nodes(wait);
    wake_later(wait, wakes);
    return true;
}

// The next node of another wait.
static uint32_t next_of_another(uint32_t id)
{
    uint32_t next = id;
    const struct shared_wait_node *node;
    for (int i = 0; i <= OBJECTS_MAX && next / OBJECTS_MAX == id / OBJECTS_MAX; i++) {
        if (!(node = node_at(next))) return 0;
        next = node->next;
    }
    return next;
}

// Gives an object that became signalled to who waits for it, oldest first, as far as it goes.
static void hand_out(struct shared_record *record, struct wakes *wakes)
{
    uint32_t object = region_index(REGION_OBJECTS, record), id = record->first_wait;
    for (uint32_t i = 0; id && i < WAITS_MAX; i++) {
        struct shared_wait_node *node = node_at(id);
        if (!node || node->object != object) {
            region_recover(); // scribbled over; it makes everybody look again
            return;
        }
        struct shared_wait *wait = wait_at(id / OBJECTS_MAX);
        if (wait->slot != region_self() && region_slot_reap(wait->slot)) {
            id = record->first_wait; // nothing goes to the dead
            continue;
        }
        id = next_of_another(id);
        if (settle(wait, wakes) && record_state(record).kind != WAITABLE_NOTIFICATION &&
            !state_is_signalled(record_state(record), 0))
            return;
    }
}

bool shared_wait_timer(struct shared_record *record, int64_t now, struct wakes *wakes)
{
    int64_t due = (int64_t)atomic_load(&record->data[TIMER_DUE]), period;
    if (atomic_load(&record->record.kind) != SHARED_TIMER || !due || due > now) return false;
    period = (int64_t)atomic_load(&record->data[TIMER_PERIOD]);
    // Ticks that were missed are left out.
    int64_t next = period > 0 ? now + period - (now - due) % period : 0;
    atomic_store(&record->data[TIMER_DUE], (uint64_t)next);
    if (next) atomic_store(&record->data[TIMER_LAST_DUE], (uint64_t)next);
    if (!state_set_locked(record_state(record))) hand_out(record, wakes);
    return true;
}

int64_t shared_wait_timers(struct shared_wait *wait, struct wakes *wakes)
{
    int64_t first = INT64_MAX, now = 0;
    for (uint32_t i = 0; i < count_of(wait); i++) {
        struct shared_record *record = shared_record(wait->nodes[i].object);
        if (!record || atomic_load(&record->record.kind) != SHARED_TIMER) continue;
        if (!now) now = host_monotonic_ns();
        shared_wait_timer(record, now, wakes);
        int64_t due = (int64_t)atomic_load(&record->data[TIMER_DUE]);
        if (due && due < first) first = due;
    }
    return first;
}

// --- signalling
// -------------------------------------------------------------------------------------------------

static void unlock_and_wake(struct wakes *wakes)
{
    region_unlock();
    shared_wait_wake(wakes);
}

bool shared_wait_set(struct waitable *waitable)
{
    bool before;
    if (state_try_set(shared_state(waitable), &before)) return before;
    struct wakes wakes = {.n = 0};
    region_lock();
    before = state_set_locked(shared_state(waitable));
    if (!before) hand_out(shared_record_of(object_of(waitable)), &wakes);
    unlock_and_wake(&wakes);
    return before;
}

bool shared_wait_pulse(struct waitable *waitable)
{
    struct wakes wakes = {.n = 0};
    region_lock();
    bool before = state_set_locked(shared_state(waitable));
    hand_out(shared_record_of(object_of(waitable)), &wakes);
    state_reset(shared_state(waitable));
    unlock_and_wake(&wakes);
    return before;
}

NTSTATUS shared_wait_release_semaphore(struct waitable *waitable, uint32_t count, uint32_t *previous)
{
    NTSTATUS status = state_release_semaphore(shared_state(waitable), false, count, previous);
    if (status != STATUS_PENDING) return status;
    struct wakes wakes = {.n = 0};
    region_lock();
    status = state_release_semaphore(shared_state(waitable), true, count, previous);
    if (status == STATUS_SUCCESS) hand_out(shared_record_of(object_of(waitable)), &wakes);
    unlock_and_wake(&wakes);
    return status;
}

void shared_wait_free_mutant(struct waitable *waitable, uint32_t mark)
{
    if (state_try_free_mutant(shared_state(waitable), mark)) return;
    struct wakes wakes = {.n = 0};
    region_lock();
    state_free_mutant_locked(shared_state(waitable), mark);
    hand_out(shared_record_of(object_of(waitable)), &wakes);
    unlock_and_wake(&wakes);
}

enum taken shared_wait_try_take(struct waitable *waitable, uint32_t tid)
{
    struct shared_record *record = shared_record_of(object_of(waitable));
    uint64_t due =
        atomic_load(&record->record.kind) == SHARED_TIMER ? atomic_load(&record->data[TIMER_DUE]) : 0;
    if (due && (int64_t)due <= host_monotonic_ns()) return NEEDS_LOCK;
    enum taken taken = state_try_take(shared_state(waitable), tid);
    return taken == NOT_SIGNALLED && waitable->kind == WAITABLE_MUTANT ? NEEDS_LOCK : taken;
}

// --- death and recovery
// -----------------------------------------------------------------------------------------

// The live process that has the object and the thread, as a host id; 0: there is none.
static pid_t process_of(const struct shared_record *record, uint32_t owner)
{
    for (uint32_t slot = region_set_next(&record->holders, 0); slot < REGION_SLOTS;
         slot = region_set_next(&record->holders, slot + 1)) {
        pid_t pid = (pid_t)atomic_load(&region_slot(slot)->pid);
        if (pid > 0 && syscall(SYS_tgkill, pid, (pid_t)(owner / 4), 0) == 0 && region_slot_alive(slot))
            return pid;
    }
    return 0;
}

uint32_t shared_wait_owner_process(const struct waitable *waitable, uint32_t owner)
{
    return (uint32_t)process_of(shared_record_of(object_of(waitable)), owner) * 4;
}

void shared_wait_owner_died(struct shared_record *record)
{
    struct wait_state at = record_state(record);
    uint32_t owner = atomic_load(at.state) & OWNER;
    if (at.kind != WAITABLE_MUTANT || !record->waitable || !owner || process_of(record, owner)) return;
    struct wakes wakes = {.n = 0};
    atomic_store(at.recursion, 0);
    state_free_mutant_locked(at, ABANDONED);
    hand_out(record, &wakes);
    shared_wait_wake(&wakes);
}

static int by_sequence(const void *a, const void *b)
{
    uint64_t first = wait_at(*(const uint32_t *)a)->sequence,
             second = wait_at(*(const uint32_t *)b)->sequence;
    return (first > second) - (first < second);
}

void shared_waits_recover(void)
{
    static uint32_t linked[WAITS_MAX]; // with the lock
    uint32_t n = 0;
    struct shared_record *record;
    struct shared_wait *wait;
    if (atomic_load(&region->intent.valid)) carry_out(&region->intent);
    atomic_store(&region->intent.valid, 0);
    for (uint32_t index = 1; index < region_records_end(REGION_OBJECTS); index++) {
        if (!(record = shared_record(index)) || !record->waitable) continue;
        record->first_wait = record->last_wait = 0;
        atomic_fetch_and(&record->state, ~WAITERS);
    }
    for (uint32_t index = 1; index < region_records_end(REGION_WAITS); index++) {
        if (!(wait = wait_at(index))) continue;
        uint32_t claimed = WAIT_CLAIMED, blocked = WAIT_BLOCKED;
        atomic_compare_exchange_strong(&wait->word, &claimed, WAIT_KICKED);
        atomic_compare_exchange_strong(&wait->word, &blocked, WAIT_KICKED);
        wait->linked = false;
        if (atomic_load(&wait->word) == WAIT_KICKED) linked[n++] = index;
    }
    qsort(linked, n, sizeof *linked, by_sequence);
    for (uint32_t i = 0; i < n; i++) {
        link_nodes(wait_at(linked[i]));
        host_futex_wake_shared(&wait_at(linked[i])->word, 1);
    }
}

void shared_waits_kick_own(void)
{
    for (uint32_t index = 1; index < region_records_end(REGION_WAITS); index++) {
        struct shared_wait *wait = wait_at(index);
        if (wait && wait->slot == region_self()) shared_wait_kick(wait);
    }
}

void shared_waits_wake_ended(void)
{
    for (uint32_t index = 1; index < region_records_end(REGION_WAITS); index++) {
        struct shared_wait *wait = wait_at(index);
        if (wait && atomic_load(&wait->word) == WAIT_ENDED) host_futex_wake_shared(&wait->word, 1);
    }
}

void shared_waits_forget(uint32_t slot)
{
    for (uint32_t index = 1; index < region_records_end(REGION_WAITS); index++) {
        struct shared_wait *wait = wait_at(index);
        if (!wait || wait->slot != slot) continue;
        shared_wait_unlink(wait);
        region_record_free(REGION_WAITS, index);
    }
}
