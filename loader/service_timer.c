// The service thread's timers: a heap by monotonic time.
#include "loader/host_clock.h"
#include "loader/service_internal.h"
#include <stdlib.h>

static struct service_timer **heap; // from 1
static uint32_t armed, capacity;

static void place(struct service_timer *timer, uint32_t position)
{
    heap[position] = timer;
    timer->position = position;
}

// Moves a timer to where it belongs from a free position.
static void sift(struct service_timer *timer, uint32_t position)
{
    while (position > 1 && heap[position / 2]->due > timer->due) {
        place(heap[position / 2], position);
        position /= 2;
    }
    for (;;) {
        uint32_t child = position * 2;
        if (child < armed && heap[child + 1]->due < heap[child]->due) child++;
        if (child > armed || heap[child]->due >= timer->due) break;
        place(heap[child], position);
        position = child;
    }
    place(timer, position);
}

static void take_out(struct service_timer *timer)
{
    uint32_t position = timer->position;
    struct service_timer *last = heap[armed--];
    timer->position = 0;
    if (last != timer) sift(last, position);
}

// The monotonic time of a system time, by how both clocks stand now.
static int64_t monotonic_of(int64_t system_due)
{
    int64_t left = system_due - host_system_time();
    if (left > INT64_MAX / 200) left = INT64_MAX / 200;
    return host_monotonic_ns() + (left > 0 ? left * 100 : 0);
}

static bool set(struct service_timer *timer, int64_t due, int64_t system_due,
                void (*expired)(struct service_timer *timer))
{
    pthread_mutex_lock(&service_lock);
    if (armed + 2 > capacity) {
        uint32_t wanted = capacity ? capacity * 2 : 16;
        struct service_timer **larger = realloc(heap, wanted * sizeof *heap);
        if (!larger) {
            pthread_mutex_unlock(&service_lock);
            return false;
        }
        heap = larger;
        capacity = wanted;
    }
    timer->due = due;
    timer->system_due = system_due;
    timer->expired = expired;
    sift(timer, timer->position ? timer->position : ++armed);
    bool first = timer->position == 1;
    pthread_mutex_unlock(&service_lock);
    if (first && !service_is_self()) service_wake();
    return true;
}

bool service_timer_set(struct service_timer *timer, int64_t due, void (*expired)(struct service_timer *timer))
{
    return set(timer, due, 0, expired);
}

bool service_timer_set_system(struct service_timer *timer, int64_t system_due,
                              void (*expired)(struct service_timer *timer))
{
    if (system_due < 1) system_due = 1;
    pthread_mutex_lock(&service_lock);
    service_watches_start(); // without fds the timer still comes, only not earlier when the clock is set
    pthread_mutex_unlock(&service_lock);
    return set(timer, monotonic_of(system_due), system_due, expired);
}

bool service_timer_cancel(struct service_timer *timer)
{
    pthread_mutex_lock(&service_lock);
    bool was_armed = timer->position != 0;
    if (was_armed) take_out(timer);
    service_await(timer);
    // The callback may have armed it again.
    if (timer->position) take_out(timer);
    pthread_mutex_unlock(&service_lock);
    return was_armed;
}

int64_t service_timers_run(void)
{
    pthread_mutex_lock(&service_lock);
    while (armed) {
        struct service_timer *timer = heap[1];
        if (timer->due > host_monotonic_ns()) break;
        if (timer->system_due && timer->system_due > host_system_time()) {
            timer->due = monotonic_of(timer->system_due);
            sift(timer, 1);
            continue;
        }
        take_out(timer);
        service_running = timer;
        pthread_mutex_unlock(&service_lock);
        timer->expired(timer);
        pthread_mutex_lock(&service_lock);
        service_running = NULL;
        pthread_cond_broadcast(&service_idle);
    }
    int64_t next = armed ? heap[1]->due : INT64_MAX;
    pthread_mutex_unlock(&service_lock);
    return next;
}

void service_timers_clock_set(void)
{
    pthread_mutex_lock(&service_lock);
    for (uint32_t i = 1; i <= armed; i++)
        if (heap[i]->system_due) heap[i]->due = monotonic_of(heap[i]->system_due);
    // Any of them may have moved anywhere: build the heap anew, from the leaves' parents up.
    for (uint32_t i = armed / 2; i >= 1; i--) sift(heap[i], i);
    pthread_mutex_unlock(&service_lock);
}
