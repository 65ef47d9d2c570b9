// Limits of CPU time in user mode. Each member looks at its own time, and at that of all members where the
// job as a whole is limited, as often as the limit can be reached.
#include "guest_constants.h"
#include "job.h"
#include "loader/host_clock.h"
#include "loader/process.h"
#include "process_info.h"
#include "process_object.h"
#include "information.h"
#include <stdlib.h>
#include <sys/resource.h>

enum { LEAST_INTERVAL_MS = 20, MOST_INTERVAL_MS = 1000 };

static uint64_t get(const struct job *job, enum job_word word)
{
    return atomic_load(job_word(job, word));
}

static uint64_t own_time(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)host_interval(&usage.ru_utime) : 0;
}

uint64_t job_user_time(const struct job *job)
{
    uint64_t time = get(job, JOB_USER_TIME);
    struct job_member *members = malloc(JOB_MEMBERS_MAX * sizeof *members);
    if (!members) return time;
    uint32_t n = job_members(job, members, JOB_MEMBERS_MAX);
    for (uint32_t i = 0; i < n && i < JOB_MEMBERS_MAX; i++) {
        struct kernel_user_times times = {0};
        process_cpu_times((int)(members[i].pid / 4), &times);
        time += (uint64_t)times.UserTime;
    }
    free(members);
    return time;
}

// What is left of a limit, 100 ns; UINT64_MAX: there is none such.
static uint64_t process_time_left(const struct job *job)
{
    if (!(get(job, JOB_FLAGS) & JOB_OBJECT_LIMIT_PROCESS_TIME)) return UINT64_MAX;
    uint64_t limit = get(job, JOB_PROCESS_TIME), used = own_time();
    return used < limit ? limit - used : 0;
}

static uint64_t job_time_left(const struct job *job)
{
    if (!(get(job, JOB_FLAGS) & JOB_OBJECT_LIMIT_JOB_TIME)) return UINT64_MAX;
    uint64_t limit = get(job, JOB_JOB_TIME), used = job_user_time(job);
    return used < limit ? limit - used : 0;
}

static uint64_t least_time_left(void)
{
    struct job *chain[JOB_DEPTH_MAX];
    uint64_t least = UINT64_MAX;
    for (uint32_t i = job_own_chain(chain); i--;) {
        uint64_t process = process_time_left(chain[i]), all = job_time_left(chain[i]);
        if (process < least) least = process;
        if (all < least) least = all;
        object_release(&chain[i]->object);
    }
    return least;
}

// The job's time is over: whether that ends its processes. Where its port is to be told instead the limit is
// gone, and one member tells it.
static bool ends_job(const struct job *job)
{
    uint64_t flags = get(job, JOB_FLAGS);
    bool tells = get(job, JOB_MISC) >> 32 == JOB_OBJECT_POST_AT_END_OF_JOB && get(job, JOB_PORT);
    while (tells && flags & JOB_OBJECT_LIMIT_JOB_TIME) {
        if (!atomic_compare_exchange_weak(job_word(job, JOB_FLAGS), &flags,
                                          flags & ~(uint64_t)JOB_OBJECT_LIMIT_JOB_TIME))
            continue;
        job_port_tell(job, JOB_OBJECT_MSG_END_OF_JOB_TIME, 0);
        break;
    }
    return !tells;
}

// Whether a job's limit ends this process; says so where it is due.
static bool is_over(const struct job *job)
{
    if (process_time_left(job) == 0) {
        job_port_tell(job, JOB_OBJECT_MSG_END_OF_PROCESS_TIME, process_object_self()->pid);
        return true;
    }
    return job_time_left(job) == 0 && ends_job(job);
}

// Where all processors work for the job its time passes that much faster.
static int64_t interval_ms(uint64_t left)
{
    uint64_t ms = left / 10000 / (uint64_t)__builtin_popcount(process_affinity());
    return ms < LEAST_INTERVAL_MS  ? LEAST_INTERVAL_MS
           : ms > MOST_INTERVAL_MS ? MOST_INTERVAL_MS
                                   : (int64_t)ms;
}

static void passed(struct service_timer *timer)
{
    (void)timer;
    struct job *chain[JOB_DEPTH_MAX];
    bool over = false;
    for (uint32_t i = job_own_chain(chain); i--; object_release(&chain[i]->object)) over |= is_over(chain[i]);
    if (over) process_exit(ERROR_NOT_ENOUGH_QUOTA);
    job_watch_time();
}

void job_watch_time(void)
{
    static struct service_timer timer;
    uint64_t left = least_time_left();
    if (left == UINT64_MAX) return;
    service_timer_set(&timer, host_monotonic_ns() + interval_ms(left) * 1000000, passed);
}
