// Doubles for loader/thread.c: threads that only wait.
#include "test_threads.h"
#include "dlls/ntdll/unix/region.h"
#include "loader/shared_data.h"
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static _Thread_local struct thread *self;
static struct thread first;

struct thread *thread_self(void)
{
    return self;
}

// The clocks do not tick here.
void shared_data_thread_runs(void) {}
void shared_data_thread_stops(void) {}

static void become(struct thread *thread)
{
    self = thread;
    thread->tid = (uint32_t)syscall(SYS_gettid) * 4;
    wait_thread_init(&thread->wait, thread->tid);
}

int test_threads_setup(void **state)
{
    (void)state;
    if (self) return 0;
    if (!region_attach() || !handle_table_init() || !object_namespace_init()) return -1;
    become(&first);
    return 0;
}

static void *main_of(void *argument)
{
    struct test_thread *test = argument;
    become(&test->thread);
    atomic_store(&test->started, true);
    test->run(test->context);
    wait_thread_exit(&test->thread.wait);
    return NULL;
}

void test_thread_start(struct test_thread *test, void (*run)(void *context), void *context)
{
    memset(test, 0, sizeof *test);
    test->run = run;
    test->context = context;
    assert_int_equal(pthread_create(&test->pthread, NULL, main_of, test), 0);
}

void test_thread_join(struct test_thread *test)
{
    assert_int_equal(pthread_join(test->pthread, NULL), 0);
}

void test_thread_await_blocked(struct test_thread *test)
{
    for (int i = 0; i < 5000; i++) {
        if (atomic_load(&test->started) && atomic_load(&test->thread.wait.word)) return;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    fail_msg("the thread does not block");
}
