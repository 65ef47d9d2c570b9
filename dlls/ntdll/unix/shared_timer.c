// Shared timers.
#include "shared_timer.h"
#include "loader/host_clock.h"
#include "shared_wait.h"

bool shared_timer_set(struct waitable *waitable, struct shared_timer *timer)
{
    region_lock();
    struct shared_record *record = shared_record_of(object_of(waitable));
    atomic_store(&record->data[TIMER_DUE], 0);
    bool before = state_reset(shared_state(waitable));
    atomic_store(&record->data[TIMER_PERIOD], (uint64_t)timer->period);
    atomic_store(&record->data[TIMER_LAST_DUE], (uint64_t)timer->due);
    timer->setting = (uint32_t)atomic_fetch_add(&record->data[TIMER_SETTING], 1) + 1;
    atomic_store(&record->data[TIMER_DUE], (uint64_t)timer->due);
    shared_wait_kick_all(record);
    region_unlock();
    return before;
}

void shared_timer_cancel(struct waitable *waitable)
{
    region_lock();
    struct shared_record *record = shared_record_of(object_of(waitable));
    atomic_store(&record->data[TIMER_DUE], 0);
    atomic_fetch_add(&record->data[TIMER_SETTING], 1);
    region_unlock();
}

void shared_timer_look(struct waitable *waitable, struct shared_timer *timer)
{
    struct wakes wakes = {.n = 0};
    region_lock();
    struct shared_record *record = shared_record_of(object_of(waitable));
    shared_wait_timer(record, host_monotonic_ns(), &wakes);
    timer->due = (int64_t)atomic_load(&record->data[TIMER_DUE]);
    timer->last_due = (int64_t)atomic_load(&record->data[TIMER_LAST_DUE]);
    timer->period = (int64_t)atomic_load(&record->data[TIMER_PERIOD]);
    timer->setting = (uint32_t)atomic_load(&record->data[TIMER_SETTING]);
    region_unlock();
    shared_wait_wake(&wakes);
}
