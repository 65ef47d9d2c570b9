// Guest threads without a guest: what the wait and object code needs of them, for host unit tests.
#ifndef LOWLAND_TEST_THREADS_H
#define LOWLAND_TEST_THREADS_H

#include "dlls/ntdll/unix/handle.h"
#include "dlls/ntdll/unix/object_name.h"
#include "dlls/ntdll/unix/wait.h"
#include "loader/thread.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

// Sets up the handle table and the namespace, and makes the calling thread a guest thread.
int test_threads_setup(void **state);

// Runs a function as a guest thread.
struct test_thread {
    pthread_t pthread;
    struct thread thread;
    void (*run)(void *context);
    void *context;
    _Atomic bool started;
};
void test_thread_start(struct test_thread *test, void (*run)(void *context), void *context);
void test_thread_join(struct test_thread *test);

// Returns once the thread blocks in host_wait (or 5 s are over, and the test fails).
void test_thread_await_blocked(struct test_thread *test);

// 100 ns units, relative.
#define MILLISECONDS(n) (&(int64_t){-(int64_t)(n)*10000})

#endif
