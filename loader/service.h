// The service thread: the process's Linux main thread, which never runs guest code. It turns timers and fd
// readiness into whatever their callbacks do. While there are only timers it sleeps on a futex; the first
// watch brings the epoll fd.
#ifndef LOWLAND_SERVICE_H
#define LOWLAND_SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

// Runs the service thread; never returns. The main thread calls it once the first guest thread is started.
_Noreturn void service_run(void);

// A function to run on the service thread, as soon as it can. Asking again before it ran does nothing.
// Zero-initialise; static storage.
struct service_call {
    struct service_call *next;
    void (*run)(void);
    _Atomic bool queued;
};

// Async-signal-safe. Any thread.
void service_request(struct service_call *call);

// Fields belong to service.c; zero-initialise. Callbacks run on the service thread with no lock held and must
// not block.
struct service_timer {
    int64_t due;        // CLOCK_MONOTONIC ns
    int64_t system_due; // 100 ns since 1601 where the timer follows the system clock, else 0
    uint32_t position;  // in the heap, from 1; 0: not armed
    void (*expired)(struct service_timer *timer);
};

// Arms (or re-arms) a timer for a CLOCK_MONOTONIC time in ns. False without memory. Any thread.
bool service_timer_set(struct service_timer *timer, int64_t due,
                       void (*expired)(struct service_timer *timer));
// The same for an absolute system time (100 ns since 1601), followed when the system clock is set.
bool service_timer_set_system(struct service_timer *timer, int64_t system_due,
                              void (*expired)(struct service_timer *timer));
// Disarms; whether it was armed. On return the callback is not running and won't run (unless the callback
// itself calls this).
bool service_timer_cancel(struct service_timer *timer);

struct service_watch {
    int fd;
    uint32_t slot, generation; // service_watch.c
    void (*ready)(struct service_watch *watch, uint32_t events);
};

// Calls ready whenever fd has one of the epoll events. 0 or -errno. Any thread.
int service_watch_add(struct service_watch *watch, int fd, uint32_t events,
                      void (*ready)(struct service_watch *watch, uint32_t events));
// Replaces the events. 0 or -errno.
int service_watch_change(struct service_watch *watch, uint32_t events);
// On return ready is not running and won't run (unless ready itself calls this). May be called again.
void service_watch_remove(struct service_watch *watch);

#endif
