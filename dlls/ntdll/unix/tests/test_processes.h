// Several processes of one prefix in a unit test.
#ifndef LOWLAND_TEST_PROCESSES_H
#define LOWLAND_TEST_PROCESSES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <cmocka.h>

// Group set-up and tear-down: a temporary prefix, which the test itself does not join, as a fork would share
// its place in the region.
int test_processes_setup(void **state);
int test_processes_teardown(void **state);

// Runs body in a process of its own that has joined; it ends with status 0 when body returns, and at the
// latest with the test.
pid_t test_process_start(void (*body)(void));
// Waits for its end, which must have status 0.
void test_process_finish(pid_t pid);
// Kills it; it must not have ended by itself.
void test_process_kill(pid_t pid);

// In a process: makes it one with handles, names, a service thread, low memory (test_low), and the calling
// thread a guest's.
void test_process_become_guest(void);

// Zeroed memory that all processes of the test see.
void *test_processes_board(size_t size);

void test_nap(void); // 1 ms
// 20 in the short form, 1,000 in the long one: LOWLAND_TEST_LENGTH.
int test_kills(void);

#endif
