// Base priorities as nice values. Linux lets everybody lower a priority but few raise it again; a program
// that lowers one for a while must get it back, so that nothing is done without that right.
#include "loader/host_priority.h"
#include <stdatomic.h>
#include <sys/resource.h>

// Whether the process may go from its present nice value to a better one and back.
static int may_raise(void)
{
    static _Atomic int known; // 0: not yet, else 1 + answer
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (!answer) {
        struct rlimit limit;
        int own = getpriority(PRIO_PROCESS, 0);
        answer = 1 + (getrlimit(RLIMIT_NICE, &limit) == 0 && limit.rlim_cur >= (rlim_t)(20 - own));
        // A privileged process may without the limit: a step up and down again shows it.
        if (answer == 1 && setpriority(PRIO_PROCESS, 0, own - 1) == 0) {
            setpriority(PRIO_PROCESS, 0, own);
            answer = 2;
        }
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer - 1;
}

void host_set_priority(int32_t tid, int priority)
{
    if (!may_raise()) return;
    // 1 to 7 lie on 18 to 2, 9 to 15 on -2 to -14; real-time priorities are no better than that.
    int above = priority - HOST_PRIORITY_NORMAL;
    if (above > 7) above = 7;
    int nice = above < 0 ? (-above * 18 + 3) / 7 : -2 * above;
    struct rlimit limit;
    if (setpriority(PRIO_PROCESS, (id_t)tid, nice) == 0 || nice >= 0) return;
    // As far up as the limit lets us.
    if (getrlimit(RLIMIT_NICE, &limit) == 0 && limit.rlim_cur > 20)
        setpriority(PRIO_PROCESS, (id_t)tid, 20 - (int)limit.rlim_cur);
}
