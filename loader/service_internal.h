// What service.c, service_timer.c and service_watch.c share.
#ifndef LOWLAND_SERVICE_INTERNAL_H
#define LOWLAND_SERVICE_INTERNAL_H

#include "loader/service.h"
#include <pthread.h>

// Guards timers and watches; never held while a callback runs.
extern pthread_mutex_t service_lock;
// Signalled whenever a callback returned.
extern pthread_cond_t service_idle;
// The timer or watch whose callback runs now.
extern void *service_running;

// Gets the service thread out of its sleep. Async-signal-safe.
void service_wake(void);
// The same while it does not know of the eventfd yet.
void service_leave_futex(void);
bool service_is_self(void);
// Waits, under service_lock, until the callback of a timer or watch is over; not on the service thread
// itself.
void service_await(const void *source);

// Runs the callbacks of timers that are due. Returns when the next one is, in CLOCK_MONOTONIC ns, or
// INT64_MAX.
int64_t service_timers_run(void);
// The system clock was set: recomputes the timers that follow it.
void service_timers_clock_set(void);

// The eventfd that service_wake writes to once there are watches, -1 before.
extern _Atomic int service_event_fd;
// Sleeps until an fd is ready, service_wake or the deadline, and runs what became ready.
void service_watches_wait(int64_t deadline);
// Makes epoll and event fds, under service_lock. 0 or -errno.
int service_watches_start(void);

#endif
