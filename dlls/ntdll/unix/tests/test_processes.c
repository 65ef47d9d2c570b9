// Several processes of one prefix in a unit test.
#include "test_processes.h"
#include "dlls/ntdll/unix/prefix.h"
#include "dlls/ntdll/unix/region.h"
#include "loader/service.h"
#include "test_files.h"
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char prefix[] = "/tmp/lowland-processes-XXXXXX";

int test_processes_setup(void **state)
{
    (void)state;
    if (!mkdtemp(prefix)) return -1;
    setenv("LOWLAND_PREFIX", prefix, 1);
    setenv("USER", "tester", 1);
    setenv("XDG_RUNTIME_DIR", prefix, 1); // removed with it
    return prefix_open() ? 0 : -1;
}

static int remove_entry(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(name);
}

int test_processes_teardown(void **state)
{
    (void)state;
    return nftw(prefix, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

pid_t test_process_start(void (*body)(void))
{
    pid_t parent = getpid(), pid = fork();
    assert_true(pid >= 0);
    if (pid) return pid;
    // A test that fails leaves its processes: they must not outlive it, as some would run for ever.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    srand((unsigned)getpid());
    if (!region_attach()) _exit(2);
    body();
    region_detach(0);
    _exit(0);
}

void test_process_finish(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

void test_process_kill(pid_t pid)
{
    int status;
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFSIGNALED(status)) fail_msg("ended by itself with status %d", WEXITSTATUS(status));
}

static void *serve(void *unused)
{
    (void)unused;
    service_run();
}

void test_process_become_guest(void)
{
    pthread_t service;
    if (!test_low_init() || test_threads_setup(NULL) != 0 || pthread_create(&service, NULL, serve, NULL) != 0)
        _exit(90);
}

void *test_processes_board(size_t size)
{
    void *board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(board != MAP_FAILED);
    return board;
}

void test_nap(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

int test_kills(void)
{
    const char *length = getenv("LOWLAND_TEST_LENGTH");
    return length && !strcmp(length, "long") ? 1000 : 20;
}
