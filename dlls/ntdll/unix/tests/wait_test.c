// Waits of several threads: any, all, pulse, abandonment, alerts, and who gets what.
#include "test_threads.h"
#include "guest_constants.h"
#include "ntdll_host.h"
#include <time.h>
#include <unistd.h>

struct sync {
    struct object object;
    struct waitable waitable;
};

static const struct object_type sync_type = {
    .name = "Sync", .valid_access = 0x1F0003, .destroy = object_free};

static struct sync *make(enum waitable_kind kind, uint32_t state)
{
    struct sync *sync = object_alloc(sizeof *sync);
    object_init(&sync->object, &sync_type);
    waitable_init(&sync->object, &sync->waitable, kind, state);
    sync->waitable.limit = 100;
    return sync;
}

static void drop(struct sync *sync)
{
    assert_int_equal(atomic_load(&sync->object.references), 1);
    assert_null(sync->waitable.first);
    object_release(&sync->object);
}

static NTSTATUS wait_one(struct sync *sync, const int64_t *timeout)
{
    struct object *object = &sync->object;
    return host_wait(&object, 1, false, false, timeout);
}

#define NOW (&(int64_t){0})

// A wait that another thread does.
struct waiter {
    struct test_thread thread;
    struct object *objects[64];
    uint32_t n;
    bool all, alertable;
    const int64_t *timeout;
    NTSTATUS status;
    bool keep; // mutants: end without releasing
};

static void do_wait(void *context)
{
    struct waiter *waiter = context;
    waiter->status = host_wait(waiter->objects, waiter->n, waiter->all, waiter->alertable, waiter->timeout);
}

static void start(struct waiter *waiter)
{
    test_thread_start(&waiter->thread, do_wait, waiter);
    test_thread_await_blocked(&waiter->thread);
}

static NTSTATUS finish(struct waiter *waiter)
{
    test_thread_join(&waiter->thread);
    return waiter->status;
}

static void polls(void **state)
{
    (void)state;
    struct sync *manual = make(WAITABLE_NOTIFICATION, 0), *automatic = make(WAITABLE_SYNCHRONIZATION, 1);
    struct sync *semaphore = make(WAITABLE_SEMAPHORE, 2);
    assert_int_equal(wait_one(manual, NOW), STATUS_TIMEOUT);
    assert_false(waitable_set(&manual->waitable));
    assert_true(waitable_set(&manual->waitable));
    assert_int_equal(wait_one(manual, NOW), STATUS_WAIT_0);
    assert_int_equal(wait_one(manual, NULL), STATUS_WAIT_0);
    assert_true(waitable_reset(&manual->waitable));
    assert_int_equal(wait_one(manual, NOW), STATUS_TIMEOUT);
    assert_int_equal(wait_one(automatic, NULL), STATUS_WAIT_0);
    assert_int_equal(wait_one(automatic, NOW), STATUS_TIMEOUT);
    assert_int_equal(wait_one(semaphore, NULL), STATUS_WAIT_0);
    assert_int_equal(wait_one(semaphore, NULL), STATUS_WAIT_0);
    assert_int_equal(wait_one(semaphore, NOW), STATUS_TIMEOUT);
    uint32_t previous;
    assert_int_equal(waitable_release_semaphore(&semaphore->waitable, 100, &previous), STATUS_SUCCESS);
    assert_int_equal(previous, 0);
    assert_int_equal(waitable_release_semaphore(&semaphore->waitable, 1, &previous),
                     STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    assert_int_equal(waitable_semaphore_count(&semaphore->waitable), 100);
    drop(manual);
    drop(automatic);
    drop(semaphore);
}

static void times_out(void **state)
{
    (void)state;
    struct sync *event = make(WAITABLE_SYNCHRONIZATION, 0);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(wait_one(event, MILLISECONDS(20)), STATUS_TIMEOUT);
    assert_int_equal(host_wait(NULL, 0, false, false, MILLISECONDS(20)), STATUS_TIMEOUT);
    clock_gettime(CLOCK_MONOTONIC, &after);
    int64_t ms = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    assert_in_range(ms, 39, 2000);
    assert_int_equal(wait_one(event, &(int64_t){1}), STATUS_TIMEOUT); // long ago
    drop(event);
}

static void any_takes_the_first(void **state)
{
    (void)state;
    struct sync *a = make(WAITABLE_SYNCHRONIZATION, 0), *b = make(WAITABLE_SYNCHRONIZATION, 1);
    struct sync *c = make(WAITABLE_SYNCHRONIZATION, 1);
    struct object *objects[] = {&a->object, &b->object, &c->object};
    assert_int_equal(host_wait(objects, 3, false, false, NULL), STATUS_WAIT_0 + 1);
    assert_int_equal(host_wait(objects, 3, false, false, NULL), STATUS_WAIT_0 + 2);
    assert_int_equal(host_wait(objects, 3, false, false, NOW), STATUS_TIMEOUT);
    struct waiter waiter = {.objects = {&a->object, &b->object, &a->object}, .n = 3};
    start(&waiter);
    waitable_set(&a->waitable);
    // It was handed over: nothing is left for us even if the thread has not run yet.
    assert_int_equal(wait_one(a, NOW), STATUS_TIMEOUT);
    assert_int_equal(finish(&waiter), STATUS_WAIT_0);
    drop(a);
    drop(b);
    drop(c);
}

static void all_takes_all_or_none(void **state)
{
    (void)state;
    struct sync *a = make(WAITABLE_SYNCHRONIZATION, 1), *b = make(WAITABLE_SEMAPHORE, 0);
    struct object *objects[] = {&a->object, &b->object};
    uint32_t previous;
    assert_int_equal(host_wait(objects, 2, true, false, NOW), STATUS_TIMEOUT);
    assert_int_equal(host_wait(objects, 2, true, false, MILLISECONDS(5)), STATUS_TIMEOUT);
    struct waiter all = {.objects = {&a->object, &b->object}, .n = 2, .all = true};
    start(&all);
    // a stays free for others while b is missing.
    assert_int_equal(wait_one(a, NOW), STATUS_WAIT_0);
    waitable_release_semaphore(&b->waitable, 1, &previous);
    assert_int_equal(wait_one(b, NOW), STATUS_WAIT_0);
    waitable_set(&a->waitable);
    waitable_release_semaphore(&b->waitable, 2, &previous);
    assert_int_equal(finish(&all), STATUS_WAIT_0);
    assert_int_equal(waitable_semaphore_count(&b->waitable), 1);
    assert_int_equal(wait_one(a, NOW), STATUS_TIMEOUT);
    drop(a);
    drop(b);
}

static void set_and_reset_frees_all(void **state)
{
    (void)state;
    enum { N = 4 };
    struct sync *event = make(WAITABLE_NOTIFICATION, 0);
    struct waiter waiters[N];
    for (int pulse = 0; pulse < 2; pulse++) {
        for (int i = 0; i < N; i++) {
            waiters[i] = (struct waiter){.objects = {&event->object}, .n = 1};
            start(&waiters[i]);
        }
        if (pulse) {
            assert_false(waitable_pulse(&event->waitable));
        } else {
            waitable_set(&event->waitable);
            waitable_reset(&event->waitable);
        }
        for (int i = 0; i < N; i++) assert_int_equal(finish(&waiters[i]), STATUS_WAIT_0);
        assert_false(waitable_is_set(&event->waitable));
    }
    drop(event);
}

static void pulse_frees_the_oldest(void **state)
{
    (void)state;
    struct sync *event = make(WAITABLE_SYNCHRONIZATION, 0);
    struct waiter first = {.objects = {&event->object}, .n = 1}, second = first;
    assert_false(waitable_pulse(&event->waitable)); // nobody waits: lost
    assert_int_equal(wait_one(event, NOW), STATUS_TIMEOUT);
    start(&first);
    start(&second);
    waitable_pulse(&event->waitable);
    assert_int_equal(finish(&first), STATUS_WAIT_0);
    assert_int_not_equal(atomic_load(&second.thread.thread.wait.word), 0);
    waitable_set(&event->waitable);
    assert_int_equal(finish(&second), STATUS_WAIT_0);
    drop(event);
}

static void mutants(void **state)
{
    (void)state;
    struct sync *mutant = make(WAITABLE_MUTANT, 0);
    int32_t previous;
    assert_int_equal(waitable_release_mutant(&mutant->waitable, &previous), STATUS_MUTANT_NOT_OWNED);
    assert_int_equal(wait_one(mutant, NULL), STATUS_WAIT_0);
    assert_int_equal(wait_one(mutant, NULL), STATUS_WAIT_0);
    assert_int_equal(waitable_mutant_state(&mutant->waitable).count, -1);
    struct waiter other = {.objects = {&mutant->object}, .n = 1};
    start(&other);
    assert_int_equal(waitable_release_mutant(&mutant->waitable, &previous), STATUS_SUCCESS);
    assert_int_equal(previous, -1);
    assert_int_equal(waitable_release_mutant(&mutant->waitable, &previous), STATUS_SUCCESS);
    assert_int_equal(previous, 0);
    assert_int_equal(finish(&other), STATUS_WAIT_0); // and ends without releasing
    assert_true(waitable_mutant_state(&mutant->waitable).abandoned);
    assert_int_equal(wait_one(mutant, NULL), STATUS_ABANDONED_WAIT_0);
    assert_false(waitable_mutant_state(&mutant->waitable).abandoned);
    assert_int_equal(waitable_release_mutant(&mutant->waitable, &previous), STATUS_SUCCESS);
    drop(mutant);
}

static void hold_mutant(void *context)
{
    struct waiter *waiter = context;
    struct object *mutant = waiter->objects[0];
    assert_int_equal(host_wait(&mutant, 1, false, false, NULL), STATUS_WAIT_0);
    waiter->n = 0;
    host_wait(&waiter->objects[1], 1, false, false, NULL);
}

static void abandonment_reaches_a_waiter(void **state)
{
    (void)state;
    struct sync *mutant = make(WAITABLE_MUTANT, 0), *end = make(WAITABLE_NOTIFICATION, 0);
    struct sync *event = make(WAITABLE_NOTIFICATION, 1);
    struct waiter holder = {.objects = {&mutant->object, &end->object}};
    test_thread_start(&holder.thread, hold_mutant, &holder);
    test_thread_await_blocked(&holder.thread);
    struct waiter all = {.objects = {&event->object, &mutant->object}, .n = 2, .all = true};
    start(&all);
    waitable_set(&end->waitable);
    test_thread_join(&holder.thread);
    assert_int_equal(finish(&all), STATUS_ABANDONED_WAIT_0);
    assert_int_equal(wait_one(mutant, NOW), STATUS_ABANDONED_WAIT_0); // abandoned by the second too
    int32_t previous;
    waitable_release_mutant(&mutant->waitable, &previous);
    drop(mutant);
    drop(end);
    drop(event);
}

static void alerts_and_apcs(void **state)
{
    (void)state;
    struct sync *event = make(WAITABLE_NOTIFICATION, 0);
    struct waiter waiter = {.objects = {&event->object}, .n = 1, .alertable = true};
    start(&waiter);
    wait_alert(&waiter.thread.thread);
    assert_int_equal(finish(&waiter), STATUS_ALERTED);
    start(&waiter);
    atomic_store(&waiter.thread.thread.wait.apc_pending, 1);
    wait_apc_queued(&waiter.thread.thread);
    assert_int_equal(finish(&waiter), STATUS_USER_APC);
    assert_true(atomic_load(&waiter.thread.thread.pending) & THREAD_PENDING_APC);
    waiter.alertable = false;
    start(&waiter);
    wait_alert(&waiter.thread.thread);
    wait_interrupt(&waiter.thread.thread);
    assert_int_equal(finish(&waiter), STATUS_THREAD_IS_TERMINATING);

    // A signalled object comes before an alert, an alert before the timeout.
    wait_alert(thread_self());
    struct object *object = &event->object;
    waitable_set(&event->waitable);
    assert_int_equal(host_wait(&object, 1, false, true, NULL), STATUS_WAIT_0);
    waitable_reset(&event->waitable);
    assert_int_equal(host_wait(&object, 1, false, true, NOW), STATUS_ALERTED);
    assert_int_equal(host_wait(&object, 1, false, true, NOW), STATUS_TIMEOUT);
    drop(event);
}

static void wait_for_alert_by_id(void *context)
{
    *(NTSTATUS *)context = NtWaitForAlertByThreadId(0, NULL);
}

static void alerts_by_id(void **state)
{
    (void)state;
    LARGE_INTEGER32 soon = {.QuadPart = -50000};
    assert_int_equal(NtAlertThreadByThreadId(0x7FFFFFF0), STATUS_INVALID_CID);
    assert_int_equal(NtWaitForAlertByThreadId(0, &soon), STATUS_TIMEOUT);
    assert_int_equal(NtAlertThreadByThreadId(thread_self()->tid), STATUS_SUCCESS);
    assert_int_equal(NtAlertThreadByThreadId(thread_self()->tid), STATUS_SUCCESS);
    assert_int_equal(NtWaitForAlertByThreadId(0, NULL), STATUS_ALERTED);
    assert_int_equal(NtWaitForAlertByThreadId(0, &soon), STATUS_TIMEOUT);
    for (int interrupted = 0; interrupted < 2; interrupted++) {
        struct test_thread thread;
        NTSTATUS status = STATUS_PENDING;
        test_thread_start(&thread, wait_for_alert_by_id, &status);
        while (!atomic_load(&thread.thread.wait.alert_id)) usleep(1000);
        if (interrupted)
            wait_interrupt(&thread.thread);
        else
            NtAlertThreadByThreadId(thread.thread.tid);
        test_thread_join(&thread);
        assert_int_equal(status, interrupted ? STATUS_THREAD_IS_TERMINATING : STATUS_ALERTED);
    }
}

struct fd_waiter {
    struct test_thread thread;
    int fd;
    NTSTATUS status;
};

static void do_wait_fd(void *context)
{
    struct fd_waiter *waiter = context;
    waiter->status = host_wait_fd(waiter->fd, 1 /* POLLIN */, true, NULL);
}

static void fds(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(host_wait_fd(ends[0], 1, false, MILLISECONDS(5)), STATUS_TIMEOUT);
    for (int round = 0; round < 3; round++) {
        struct fd_waiter waiter = {.fd = ends[0]};
        test_thread_start(&waiter.thread, do_wait_fd, &waiter);
        while (!atomic_load(&waiter.thread.started) || !waiter.thread.thread.wait.polling) usleep(1000);
        if (round == 0) wait_alert(&waiter.thread.thread);
        if (round == 1) wait_interrupt(&waiter.thread.thread);
        if (round == 2) assert_int_equal(write(ends[1], "x", 1), 1);
        test_thread_join(&waiter.thread);
        assert_int_equal(waiter.status, round == 0   ? STATUS_ALERTED
                                        : round == 1 ? STATUS_THREAD_IS_TERMINATING
                                                     : STATUS_SUCCESS);
    }
    close(ends[0]);
    close(ends[1]);
}

// Many threads move tokens between objects in all ways; none may be lost or made.
enum { TOKENS = 3, MOVERS = 4, MOVES = 3000 };
static struct sync *pools[2];
static _Atomic uint32_t moved;

static void move_tokens(void *context)
{
    bool all = context != NULL;
    struct object *objects[] = {&pools[0]->object, &pools[1]->object};
    uint32_t previous;
    for (int i = 0; i < MOVES; i++) {
        // Whoever wants both must not wait for ever: the others may end with all tokens in one pool.
        NTSTATUS status = host_wait(objects, 2, all, false, all || i % 7 == 0 ? MILLISECONDS(1) : NULL);
        if (status == STATUS_TIMEOUT) continue;
        assert_in_range(status, 0, 1);
        if (all) {
            waitable_release_semaphore(&pools[0]->waitable, 1, &previous);
            waitable_release_semaphore(&pools[1]->waitable, 1, &previous);
        } else {
            waitable_release_semaphore(&pools[!status]->waitable, 1, &previous);
            // Sometimes both pools need something for those who want both.
            if (i % 5 == 0 && host_wait(objects, 1, false, false, NOW) == STATUS_WAIT_0)
                waitable_release_semaphore(&pools[1]->waitable, 1, &previous);
        }
        atomic_fetch_add(&moved, 1);
    }
}

static void tokens_are_conserved(void **state)
{
    (void)state;
    struct test_thread threads[MOVERS];
    for (int i = 0; i < 2; i++) pools[i] = make(WAITABLE_SEMAPHORE, TOKENS + 2);
    for (int i = 0; i < MOVERS; i++) test_thread_start(&threads[i], move_tokens, i == 0 ? &threads : NULL);
    for (int i = 0; i < MOVERS; i++) test_thread_join(&threads[i]);
    assert_int_equal(waitable_semaphore_count(&pools[0]->waitable) +
                         waitable_semaphore_count(&pools[1]->waitable),
                     2 * (TOKENS + 2));
    assert_true(atomic_load(&moved) > 0);
    drop(pools[0]);
    drop(pools[1]);
}

static struct sync *guard;
static uint32_t guarded;

static void count_guarded(void *context)
{
    (void)context;
    int32_t previous;
    for (int i = 0; i < MOVES; i++) {
        assert_int_equal(wait_one(guard, NULL), STATUS_WAIT_0);
        guarded++;
        assert_int_equal(waitable_release_mutant(&guard->waitable, &previous), STATUS_SUCCESS);
    }
}

static void mutants_exclude(void **state)
{
    (void)state;
    struct test_thread threads[MOVERS];
    guard = make(WAITABLE_MUTANT, 0);
    for (int i = 0; i < MOVERS; i++) test_thread_start(&threads[i], count_guarded, NULL);
    for (int i = 0; i < MOVERS; i++) test_thread_join(&threads[i]);
    assert_int_equal(guarded, MOVERS * MOVES);
    drop(guard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls),
        cmocka_unit_test(times_out),
        cmocka_unit_test(any_takes_the_first),
        cmocka_unit_test(all_takes_all_or_none),
        cmocka_unit_test(set_and_reset_frees_all),
        cmocka_unit_test(pulse_frees_the_oldest),
        cmocka_unit_test(mutants),
        cmocka_unit_test(abandonment_reaches_a_waiter),
        cmocka_unit_test(alerts_and_apcs),
        cmocka_unit_test(alerts_by_id),
        cmocka_unit_test(fds),
        cmocka_unit_test(tokens_are_conserved),
        cmocka_unit_test(mutants_exclude),
    };
    return cmocka_run_group_tests(tests, test_threads_setup, NULL);
}
