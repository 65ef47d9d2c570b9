// The service thread: timers in order, cancelling, watches, requests; the clock that the guest reads.
#include "loader/clock.h"
#include "loader/host_clock.h"
#include "loader/service.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>
#include <cmocka.h>

enum { TIMERS = 50, MS = 1000000 };

static void *serve(void *unused)
{
    (void)unused;
    service_run();
}

static int setup(void **state)
{
    (void)state;
    pthread_t thread;
    return pthread_create(&thread, NULL, serve, NULL);
}

static void await(_Atomic int *count, int wanted)
{
    for (int i = 0; i < 5000 && *count < wanted; i++) usleep(1000);
    assert_int_equal(*count, wanted);
}

static struct service_timer timers[TIMERS];
static _Atomic int fired;
static int64_t last_due;
static _Atomic bool ordered = true, early;

static void note(struct service_timer *timer)
{
    if (timer->due < last_due) ordered = false;
    if (host_monotonic_ns() < timer->due) early = true;
    last_due = timer->due;
    fired++;
}

static void timers_fire_in_order(void **state)
{
    (void)state;
    int64_t now = host_monotonic_ns();
    for (int i = 0; i < TIMERS; i++)
        assert_true(service_timer_set(&timers[i], now + 20 * MS + i * 7 % TIMERS * MS, note));
    // Some go, one comes first after all.
    for (int i = 0; i < 10; i++) assert_true(service_timer_cancel(&timers[i * 5]));
    assert_false(service_timer_cancel(&timers[0]));
    assert_true(service_timer_set(&timers[49], now + MS, note));
    await(&fired, TIMERS - 10);
    assert_true(ordered);
    assert_false(early);
    usleep(5000);
    assert_int_equal(fired, TIMERS - 10);
}

static void system_time(void **state)
{
    (void)state;
    struct service_timer timer = {0};
    fired = 0;
    last_due = 0;
    assert_true(service_timer_set_system(&timer, 1, note)); // long ago
    await(&fired, 1);
    assert_true(service_timer_set_system(&timer, host_system_time() + 50000, note));
    await(&fired, 2);
    assert_false(early);
}

static _Atomic int entered;
static _Atomic bool left;

static void slow(struct service_timer *timer)
{
    (void)timer;
    entered++;
    usleep(30000);
    left = true;
}

static void cancelling_waits_for_the_callback(void **state)
{
    (void)state;
    struct service_timer timer = {0};
    service_timer_set(&timer, host_monotonic_ns(), slow);
    await(&entered, 1);
    assert_false(service_timer_cancel(&timer));
    assert_true(left);
}

static void again(struct service_timer *timer)
{
    fired++;
    service_timer_set(timer, host_monotonic_ns() + MS, again);
}

static void periodic_timers_can_be_stopped(void **state)
{
    (void)state;
    struct service_timer timer = {0};
    fired = 0;
    again(&timer);
    while (fired < 5) usleep(1000);
    service_timer_cancel(&timer);
    int count = fired;
    usleep(10000);
    assert_int_equal(fired, count);
}

static _Atomic int requested, read_bytes;

static void count_request(void)
{
    requested++;
}

static void requests(void **state)
{
    (void)state;
    static struct service_call call = {.run = count_request};
    requested = 0;
    for (int i = 1; i <= 3; i++) {
        service_request(&call);
        await(&requested, i);
    }
}

static void read_some(struct service_watch *watch, uint32_t events)
{
    char bytes[16];
    assert_true(events & EPOLLIN);
    read_bytes += (int)read(watch->fd, bytes, sizeof bytes);
}

static void watches(void **state)
{
    (void)state;
    int ends[2];
    struct service_watch watch = {0};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(service_watch_add(&watch, ends[0], EPOLLIN, read_some), 0);
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(write(ends[1], "x", 1), 1);
        await(&read_bytes, i);
    }
    // Timers and requests still come while there are fds to wait for.
    requests(state);
    fired = 0;
    last_due = 0;
    service_timer_set(&timers[0], host_monotonic_ns() + MS, note);
    await(&fired, 1);
    service_watch_remove(&watch);
    assert_int_equal(write(ends[1], "x", 1), 1);
    usleep(5000);
    assert_int_equal(read_bytes, 3);
    close(ends[0]);
    close(ends[1]);
}

// Removing a watch twice leaves alone the one that took its place since.
static void removed_twice(void **state)
{
    (void)state;
    int ends[2], others[2];
    struct service_watch first = {0}, second = {0};
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(others), 0);
    read_bytes = 0;
    assert_int_equal(service_watch_add(&first, ends[0], EPOLLIN, read_some), 0);
    service_watch_remove(&first);
    assert_int_equal(service_watch_add(&second, others[0], EPOLLIN, read_some), 0);
    service_watch_remove(&first);
    assert_int_equal(write(others[1], "x", 1), 1);
    await(&read_bytes, 1);
    service_watch_remove(&second);
    for (int i = 0; i < 2; i++) {
        close(ends[i]);
        close(others[i]);
    }
}

static void the_clock_never_goes_back(void **state)
{
    (void)state;
    static struct lowland_shared_data page;
    char directory[] = "/tmp/lowland-test-XXXXXX", path[64];
    assert_non_null(mkdtemp(directory));
    setenv("XDG_RUNTIME_DIR", directory, 1);
    clock_init(&page);
    int64_t last = 0, start = host_monotonic_ns();
    while (host_monotonic_ns() - start < 80 * MS) {
        int64_t now = clock_counter_calibrating();
        assert_true(now >= last);
        last = now;
    }
    // Whether calibrated or not, it follows the host's clock.
    int64_t difference = clock_counter() - host_monotonic_ns() / 100;
    int64_t later_start = host_monotonic_ns();
    while (host_monotonic_ns() - later_start < 50 * MS) {
    }
    int64_t drift = clock_counter() - host_monotonic_ns() / 100 - difference;
    assert_in_range(drift + 1000, 0, 2000); // 100 us in 50 ms would be bad
    if (page.clock_ready) {
        // A second process takes over the same scale.
        struct lowland_shared_data other = {0};
        clock_init(&other);
        assert_true(other.clock_ready);
        assert_true(other.counter_scale == page.counter_scale && other.counter_offset == page.counter_offset);
    }
    snprintf(path, sizeof path, "%s/lowland-clock", directory);
    unlink(path);
    rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_fire_in_order),
        cmocka_unit_test(requests),
        cmocka_unit_test(cancelling_waits_for_the_callback),
        cmocka_unit_test(periodic_timers_can_be_stopped),
        cmocka_unit_test(system_time),
        cmocka_unit_test(watches),
        cmocka_unit_test(removed_twice),
        cmocka_unit_test(the_clock_never_goes_back),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
