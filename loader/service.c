// The service thread's loop.
#include "loader/host_eventfd.h"
#include "loader/host_futex.h"
#include "loader/service_internal.h"
#include <errno.h>

pthread_mutex_t service_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t service_idle = PTHREAD_COND_INITIALIZER;
void *service_running;

static _Atomic uint32_t wakes; // counts service_wake
static _Atomic(struct service_call *) calls;
static _Atomic bool started;
static pthread_t service_thread;

bool service_is_self(void)
{
    return atomic_load(&started) && pthread_equal(pthread_self(), service_thread);
}

void service_leave_futex(void)
{
    atomic_fetch_add(&wakes, 1);
    host_futex_wake(&wakes, 1);
}

void service_wake(void)
{
    int saved = errno; // of whatever a signal interrupted
    int fd = atomic_load(&service_event_fd);
    if (fd < 0)
        service_leave_futex();
    else
        host_eventfd_signal(fd);
    errno = saved;
}

void service_await(const void *source)
{
    if (service_is_self()) return;
    while (service_running == source) pthread_cond_wait(&service_idle, &service_lock);
}

void service_request(struct service_call *call)
{
    if (atomic_exchange(&call->queued, true)) return;
    call->next = atomic_load(&calls);
    while (!atomic_compare_exchange_weak(&calls, &call->next, call)) {
    }
    service_wake();
}

static void run_calls(void)
{
    struct service_call *call = atomic_exchange(&calls, NULL);
    while (call) {
        struct service_call *next = call->next;
        atomic_store(&call->queued, false);
        call->run();
        call = next;
    }
}

void service_run(void)
{
    service_thread = pthread_self();
    atomic_store(&started, true);
    for (;;) {
        uint32_t seen = atomic_load(&wakes);
        run_calls();
        int64_t next = service_timers_run();
        if (atomic_load(&service_event_fd) >= 0) {
            service_watches_wait(next);
        } else {
            struct host_deadline deadline = {.ns = next};
            host_futex_wait(&wakes, seen, next == INT64_MAX ? NULL : &deadline);
        }
    }
}
