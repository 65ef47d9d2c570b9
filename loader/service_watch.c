// The service thread's watches on fds: one epoll fd, made with the first watch. It also hears when the system
// clock is set.
#include "loader/host_clock.h"
#include "loader/host_eventfd.h"
#include "loader/service_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

// epoll's data names a slot and its generation: an event that was on its way when its watch went finds
// nobody.
enum { SLOT_WAKE = UINT32_MAX, SLOT_CLOCK = UINT32_MAX - 1, SLOT_NONE = UINT32_MAX };
static struct slot {
    struct service_watch *watch; // NULL: free
    uint32_t generation;
    uint32_t next_free;
} * slots;
static uint32_t slots_n, free_slot = SLOT_NONE;

static int epoll_fd = -1, clock_fd = -1;
_Atomic int service_event_fd = -1;

static int add(int fd, uint32_t events, uint64_t data)
{
    struct epoll_event event = {.events = events, .data.u64 = data};
    return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

// Asks to be told, with ECANCELED, when the system clock is set; the time itself never comes.
static void watch_clock(void)
{
    struct itimerspec never = {.it_value.tv_sec = INT32_MAX};
    never.it_value.tv_sec *= 100;
    timerfd_settime(clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL);
}

int service_watches_start(void)
{
    if (epoll_fd >= 0) return 0;
    int event_fd = host_eventfd();
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    clock_fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    int error = event_fd < 0 || epoll_fd < 0 || clock_fd < 0 ? -errno : 0;
    if (!error) error = add(event_fd, EPOLLIN, SLOT_WAKE);
    if (!error) error = add(clock_fd, EPOLLIN, SLOT_CLOCK);
    if (error) {
        if (event_fd >= 0) close(event_fd);
        if (epoll_fd >= 0) close(epoll_fd);
        if (clock_fd >= 0) close(clock_fd);
        epoll_fd = clock_fd = -1;
        return error;
    }
    watch_clock();
    atomic_store(&service_event_fd, event_fd);
    service_leave_futex();
    return 0;
}

static int make_slots(void)
{
    enum { FIRST = 16 };
    uint32_t n = slots_n ? slots_n * 2 : FIRST;
    struct slot *larger = realloc(slots, n * sizeof *slots);
    if (!larger) return -ENOMEM;
    slots = larger;
    while (slots_n < n) {
        slots[slots_n] = (struct slot){.next_free = free_slot};
        free_slot = slots_n++;
    }
    return 0;
}

int service_watch_add(struct service_watch *watch, int fd, uint32_t events,
                      void (*ready)(struct service_watch *watch, uint32_t events))
{
    pthread_mutex_lock(&service_lock);
    int error = service_watches_start();
    if (!error && free_slot == SLOT_NONE) error = make_slots();
    if (!error) {
        struct slot *slot = &slots[free_slot];
        watch->fd = fd;
        watch->ready = ready;
        watch->slot = free_slot;
        watch->generation = ++slot->generation;
        error = add(fd, events, (uint64_t)watch->generation << 32 | watch->slot);
        if (!error) {
            free_slot = slot->next_free;
            slot->watch = watch;
        }
    }
    pthread_mutex_unlock(&service_lock);
    return error;
}

int service_watch_change(struct service_watch *watch, uint32_t events)
{
    struct epoll_event event = {.events = events,
                                .data.u64 = (uint64_t)watch->generation << 32 | watch->slot};
    return epoll_ctl(epoll_fd, EPOLL_CTL_MOD, watch->fd, &event) ? -errno : 0;
}

void service_watch_remove(struct service_watch *watch)
{
    pthread_mutex_lock(&service_lock);
    // Once removed, its slot and even its descriptor's number may be another's.
    struct slot *slot = watch->slot < slots_n ? &slots[watch->slot] : NULL;
    if (slot && slot->watch == watch) {
        epoll_ctl(epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
        slot->watch = NULL;
        slot->generation++;
        slot->next_free = free_slot;
        free_slot = watch->slot;
    }
    service_await(watch);
    pthread_mutex_unlock(&service_lock);
}

static void run_watch(const struct epoll_event *event)
{
    uint32_t slot = (uint32_t)event->data.u64, generation = event->data.u64 >> 32;
    pthread_mutex_lock(&service_lock);
    struct service_watch *watch = slots[slot].generation == generation ? slots[slot].watch : NULL;
    if (watch) {
        service_running = watch;
        pthread_mutex_unlock(&service_lock);
        watch->ready(watch, event->events);
        pthread_mutex_lock(&service_lock);
        service_running = NULL;
        pthread_cond_broadcast(&service_idle);
    }
    pthread_mutex_unlock(&service_lock);
}

void service_watches_wait(int64_t deadline)
{
    struct epoll_event event;
    struct timespec left;
    if (deadline != INT64_MAX) {
        int64_t ns = deadline - host_monotonic_ns();
        if (ns < 0) ns = 0;
        left = (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    }
    // One at a time: what is ready beside it comes next, after the timers that are due.
    if (epoll_pwait2(epoll_fd, &event, 1, deadline == INT64_MAX ? NULL : &left, NULL) != 1) return;
    switch ((uint32_t)event.data.u64) {
    case SLOT_WAKE: host_eventfd_clear(atomic_load(&service_event_fd)); break;
    case SLOT_CLOCK:
        host_eventfd_clear(clock_fd);
        watch_clock();
        service_timers_clock_set();
        break;
    default: run_watch(&event);
    }
}
