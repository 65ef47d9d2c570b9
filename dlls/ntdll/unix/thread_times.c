// Processor time of threads. The host tells the sum of another thread to the nanosecond, but how it divides
// into user and kernel mode only in clock ticks: the kernel's part is taken from there, the rest is the
// user's.
#include "thread_times.h"
#include "loader/clock.h"
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint64_t of_timeval(struct timeval time)
{
    return (uint64_t)time.tv_sec * 10000000 + (uint64_t)time.tv_usec * 10;
}

void thread_times_own(uint64_t *user, uint64_t *kernel)
{
    struct rusage usage = {0};
    getrusage(RUSAGE_THREAD, &usage);
    *user = of_timeval(usage.ru_utime);
    *kernel = of_timeval(usage.ru_stime);
}

// The kernel time of one of our threads from the 15th field of its stat file; 0 when it is gone.
static uint64_t kernel_time_of(uint32_t tid)
{
    char path[64], line[512];
    unsigned long long ticks = 0;
    snprintf(path, sizeof path, "/proc/self/task/%u/stat", tid / 4);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    if (fgets(line, sizeof line, file)) {
        // The name in the second field may hold anything, but no parenthesis follows it.
        const char *rest = line;
        for (const char *at = line; *at; at++)
            if (*at == ')') rest = at + 1;
        if (sscanf(rest, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %llu", &ticks) != 1) ticks = 0;
    }
    fclose(file);
    return ticks * (uint64_t)(10000000 / sysconf(_SC_CLK_TCK));
}

void thread_times(struct thread_object *thread, uint64_t *user, uint64_t *kernel)
{
    struct timespec cpu;
    clockid_t clock;
    if (thread->thread && thread->thread == thread_self()) {
        thread_times_own(user, kernel);
        return;
    }
    pthread_mutex_lock(&thread->lock);
    bool lives = thread->thread && pthread_getcpuclockid(thread->thread->pthread, &clock) == 0 &&
                 clock_gettime(clock, &cpu) == 0;
    pthread_mutex_unlock(&thread->lock);
    *user = thread->user_time;
    *kernel = thread->kernel_time;
    if (!lives) return;
    uint64_t sum = (uint64_t)cpu.tv_sec * 10000000 + (uint64_t)cpu.tv_nsec / 100;
    *kernel = kernel_time_of(thread->tid);
    if (*kernel > sum) *kernel = sum;
    *user = sum - *kernel;
}

uint64_t thread_times_cycles(uint64_t time)
{
    uint64_t scale = clock_scale();
    return scale ? (uint64_t)(((unsigned __int128)time << 64) / scale) : time;
}
