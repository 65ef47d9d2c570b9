// What a job's limits mean for its members, who see to them themselves.
#include "guest_constants.h"
#include "job.h"
#include "loader/address_space.h"
#include "loader/process.h"
#include "peer.h"
#include "process_info.h"
#include "process_remote.h"
#include <stdlib.h>

static void apply(const struct job *job)
{
    uint64_t flags = atomic_load(job_word(job, JOB_FLAGS)), values = atomic_load(job_word(job, JOB_PRIORITY));
    if (flags & JOB_OBJECT_LIMIT_AFFINITY)
        process_set_value(ProcessAffinityMask, (uint32_t)values & process_affinity());
    if (flags & JOB_OBJECT_LIMIT_PRIORITY_CLASS) process_set_value(ProcessPriorityClass, values >> 32 & 0xff);
}

// The least of what the jobs allow.
static void apply_memory(struct job *const *chain, uint32_t n)
{
    uint32_t least = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t limit = (uint32_t)atomic_load(job_word(chain[i], JOB_MEMORY));
        if (!(atomic_load(job_word(chain[i], JOB_FLAGS)) & JOB_OBJECT_LIMIT_PROCESS_MEMORY)) continue;
        if (!least || limit < least) least = limit;
    }
    vm_limit_commitment(least);
}

void job_apply_limits(void)
{
    struct job *chain[JOB_DEPTH_MAX];
    uint32_t n = job_own_chain(chain);
    apply_memory(chain, n);
    // The innermost job's word is the last.
    while (n--) {
        apply(chain[n]);
        object_release(&chain[n]->object);
    }
    job_watch_time();
}

void job_limits_changed(const struct job *job)
{
    struct job_member *members = malloc(JOB_MEMBERS_MAX * sizeof *members);
    if (!members) return;
    uint32_t n = job_members(job, members, JOB_MEMBERS_MAX);
    for (uint32_t i = 0; i < n && i < JOB_MEMBERS_MAX; i++) {
        const int64_t patience = -2500000; // a quarter of a second: one that was stopped does it later
        struct peer_exchange exchange = {.timeout = &patience};
        struct process_object *process;
        if (members[i].slot == region_self()) {
            job_apply_limits();
        } else if (NT_SUCCESS(process_remote_open(members[i].pid, &process))) {
            peer_call(process, PEER_JOB_LIMITS, &exchange);
            object_release(&process->object);
        }
    }
    free(members);
}
