// Who is in a job: for each process and each of the jobs that it is in there is a record of the process's in
// the region, so that it goes when the process does, however that ends.
#include "guest_constants.h"
#include "job.h"
#include "process_object.h"
#include "region_layout.h"
#include "region_owned.h"
#include <stdlib.h>

enum { MEMBER_ORDER, MEMBER_PID }; // data of a member's record

// Our jobs, innermost first, with a reference each. Only grows, under join_lock, which is taken before the
// region's.
static pthread_mutex_t join_lock = PTHREAD_MUTEX_INITIALIZER;
static struct job *own_chain[JOB_DEPTH_MAX];
static uint32_t own_depth;

// Guards what process objects know of their jobs.
static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;

static void key_of(struct job_name name, uint64_t key[2])
{
    key[0] = name.index;
    key[1] = name.serial;
}

// ---- looking; with the region's lock ----

struct listing {
    struct job_member *members;
    uint32_t n, max;
    uint32_t dead; // a slot to clean up after, REGION_SLOTS: none
};

static bool list(struct region_owned *record, void *context)
{
    struct listing *listing = context;
    uint32_t slot = atomic_load(&record->slot);
    if (!region_slot_alive(slot)) {
        listing->dead = slot;
        return false;
    }
    if (listing->n < listing->max)
        listing->members[listing->n] =
            (struct job_member){.order = atomic_load(&record->data[MEMBER_ORDER]),
                                .pid = (uint32_t)atomic_load(&record->data[MEMBER_PID]),
                                .slot = slot};
    listing->n++;
    return true;
}

static uint32_t list_locked(struct job_name name, struct job_member *members, uint32_t max)
{
    uint64_t key[2];
    struct listing listing;
    key_of(name, key);
    do {
        listing = (struct listing){members, 0, max, REGION_SLOTS};
        region_owned_for_each(REGION_OWNED_JOB_MEMBER, key, list, &listing);
    } while (listing.dead < REGION_SLOTS && region_slot_reap(listing.dead));
    return listing.n;
}

static struct shared_record *record_of(struct job_name name)
{
    struct shared_record *record = shared_record(name.index);
    return record && atomic_load(&record->record.kind) == SHARED_JOB &&
                   atomic_load(&record->serial) == name.serial
               ? record
               : NULL;
}

static struct job_name parent_of(struct job_name name)
{
    const struct shared_record *record = record_of(name);
    return record ? job_name_unpack(atomic_load(&record->data[JOB_PARENT])) : (struct job_name){0};
}

static bool same(struct job_name a, struct job_name b)
{
    return a.index == b.index && a.serial == b.serial;
}

static int by_order(const void *a, const void *b)
{
    const struct job_member *first = a, *second = b;
    return (first->order > second->order) - (first->order < second->order);
}

uint32_t job_members(const struct job *job, struct job_member *members, uint32_t max)
{
    region_lock();
    uint32_t n = list_locked(job_name_of(job), members, max);
    region_unlock();
    if (max) qsort(members, n < max ? n : max, sizeof *members, by_order);
    return n;
}

// ---- joining ----

// The job and those that it is nested in, up to (without) `until` or the outermost, retained. False: there
// are too many, or one is gone.
static bool open_path(struct job *job, struct job_name until, struct job **path, uint32_t *n)
{
    object_retain(&job->object);
    *n = 0;
    for (;;) {
        path[(*n)++] = job;
        region_lock();
        struct job_name parent = parent_of(job_name_of(job));
        region_unlock();
        if (!parent.index || same(parent, until)) return true;
        if (*n == JOB_DEPTH_MAX) return false;
        // One whose last process and handle are gone is outermost no more.
        if (!(job = job_open(parent))) return true;
    }
}

static void release_path(struct job **path, uint32_t n)
{
    while (n) object_release(&path[--n]->object);
}

// Whether the job is nested in the other one, at any depth. With the region's lock.
static bool is_within(struct job_name job, struct job_name other)
{
    for (int i = 0; i < JOB_DEPTH_MAX && job.index; i++) {
        job = parent_of(job);
        if (same(job, other)) return true;
    }
    return false;
}

// Finds the job's place below the innermost one of ours: one that never had a process and has no place yet
// gets it there. With the region's lock.
static NTSTATUS find_place(struct job_name name, struct job_name innermost)
{
    struct shared_record *record = record_of(name);
    if (!record) return STATUS_INVALID_PARAMETER;
    if (!innermost.index || is_within(name, innermost)) return STATUS_SUCCESS;
    if (atomic_load(&record->data[JOB_PARENT]) || atomic_load(&record->data[JOB_TOTAL]))
        return STATUS_ACCESS_DENIED;
    if (own_depth == JOB_DEPTH_MAX) return STATUS_ACCESS_DENIED;
    atomic_store(&record->data[JOB_PARENT], job_name_pack(innermost));
    return STATUS_SUCCESS;
}

static bool is_full(struct job_name name)
{
    uint64_t flags = atomic_load(&record_of(name)->data[JOB_FLAGS]);
    return (flags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS) && list_locked(name, NULL, 0) >= flags >> 32;
}

// Makes our record in each job of the path, or in none. With the region's lock.
static NTSTATUS enter(struct job *const *path, uint32_t n)
{
    struct region_owned *made[JOB_DEPTH_MAX];
    for (uint32_t i = 0; i < n; i++)
        if (is_full(job_name_of(path[i]))) return STATUS_QUOTA_EXCEEDED;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t key[2];
        const uint64_t data[10] = {[MEMBER_ORDER] = atomic_fetch_add(&region->sequence, 1),
                                   [MEMBER_PID] = process_object_self()->pid};
        key_of(job_name_of(path[i]), key);
        if (!(made[i] = region_owned_add(REGION_OWNED_JOB_MEMBER, key, data))) {
            while (i) region_owned_remove(made[--i]);
            return STATUS_INSUFFICIENT_RESOURCES;
        }
    }
    for (uint32_t i = 0; i < n; i++) atomic_fetch_add(job_word(path[i], JOB_TOTAL), 1);
    return STATUS_SUCCESS;
}

static bool is_own(const struct job *job)
{
    for (uint32_t i = 0; i < own_depth; i++)
        if (own_chain[i] == job) return true;
    return false;
}

// With join_lock. What joined keeps its reference.
static NTSTATUS join(struct job *job)
{
    struct job *path[JOB_DEPTH_MAX];
    struct job_name innermost = own_depth ? job_name_of(own_chain[0]) : (struct job_name){0};
    uint32_t n;
    if (is_own(job)) return STATUS_SUCCESS;
    region_lock();
    NTSTATUS status = find_place(job_name_of(job), innermost);
    region_unlock();
    if (!NT_SUCCESS(status)) return status;
    if (!open_path(job, innermost, path, &n) || n + own_depth > JOB_DEPTH_MAX) {
        release_path(path, n);
        return STATUS_ACCESS_DENIED;
    }
    for (uint32_t i = 0; i < n && NT_SUCCESS(status); i++)
        if (!job_keeper_watch(path[i])) status = STATUS_INSUFFICIENT_RESOURCES;
    if (NT_SUCCESS(status)) {
        region_lock();
        status = enter(path, n);
        region_unlock();
    }
    if (!NT_SUCCESS(status)) {
        release_path(path, n);
        return status;
    }
    for (uint32_t i = own_depth; i--;) own_chain[i + n] = own_chain[i];
    for (uint32_t i = 0; i < n; i++) own_chain[i] = path[i];
    own_depth += n;
    return STATUS_SUCCESS;
}

NTSTATUS job_join(struct job *job)
{
    pthread_mutex_lock(&join_lock);
    NTSTATUS status = join(job);
    pthread_mutex_unlock(&join_lock);
    if (!NT_SUCCESS(status)) return status;
    job_keeper_check(job);
    job_apply_limits();
    job_port_announce_self();
    return STATUS_SUCCESS;
}

uint32_t job_own_chain(struct job *chain[JOB_DEPTH_MAX])
{
    pthread_mutex_lock(&join_lock);
    uint32_t n = own_depth;
    for (uint32_t i = 0; i < n; i++) {
        chain[i] = own_chain[i];
        object_retain(&chain[i]->object);
    }
    pthread_mutex_unlock(&join_lock);
    return n;
}

NTSTATUS job_of_child(bool breakaway, struct job **job)
{
    struct job *chain[JOB_DEPTH_MAX];
    uint32_t n = job_own_chain(chain), i = 0;
    *job = NULL;
    while (i < n) {
        uint64_t flags = atomic_load(job_word(chain[i], JOB_FLAGS));
        bool leaves = (flags & JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK) ||
                      (breakaway && (flags & JOB_OBJECT_LIMIT_BREAKAWAY_OK));
        if (!leaves) break;
        i++;
    }
    bool refused = breakaway && n && i == 0;
    if (i < n && !refused) *job = chain[i];
    for (uint32_t k = 0; k < n; k++)
        if (chain[k] != *job) object_release(&chain[k]->object);
    return refused ? STATUS_ACCESS_DENIED : STATUS_SUCCESS;
}

// ---- what is known of a process ----

void job_set_chain(struct process_object *process, const struct job_name *chain, uint32_t n)
{
    pthread_mutex_lock(&known_lock);
    for (uint32_t i = 0; i < n && i < JOB_DEPTH_MAX; i++) process->jobs[i] = chain[i];
    process->jobs_n = n < JOB_DEPTH_MAX ? n : JOB_DEPTH_MAX;
    pthread_mutex_unlock(&known_lock);
}

// The jobs of a slot's process in the order of their records, which is the innermost first for those that
// were joined at once; sorted by nesting. With the region's lock.
static uint32_t chain_of_slot(uint32_t slot, struct job_name chain[JOB_DEPTH_MAX])
{
    uint32_t n = 0;
    for (uint32_t index = 1; index < region_records_end(REGION_OWNED) && n < JOB_DEPTH_MAX; index++) {
        const struct region_owned *record = region_record(REGION_OWNED, index);
        if (atomic_load(&record->record.kind) != REGION_OWNED_JOB_MEMBER ||
            atomic_load(&record->slot) != slot)
            continue;
        struct job_name name = {(uint32_t)record->key[0], (uint32_t)record->key[1]};
        uint32_t at = n++;
        while (at && is_within(name, chain[at - 1])) {
            chain[at] = chain[at - 1];
            at--;
        }
        chain[at] = name;
    }
    return n;
}

void job_learn_chain(struct process_object *process)
{
    struct job_name chain[JOB_DEPTH_MAX];
    bool own = process == process_object_self();
    uint32_t slot = own ? region_self() : process->slot;
    const struct region_slot *record = region_slot(slot);
    if (!record || (!own && atomic_load(&record->generation) != process->slot_generation)) return;
    region_lock();
    uint32_t n = chain_of_slot(slot, chain);
    region_unlock();
    // One that ends has left them already: they stay known.
    if (n) job_set_chain(process, chain, n);
}

uint32_t job_known_chain(struct process_object *process, struct job_name chain[JOB_DEPTH_MAX])
{
    pthread_mutex_lock(&known_lock);
    uint32_t n = process->jobs_n;
    for (uint32_t i = 0; i < n; i++) chain[i] = process->jobs[i];
    pthread_mutex_unlock(&known_lock);
    return n;
}

bool job_has_process(struct job_name name, struct process_object *process)
{
    struct job_name chain[JOB_DEPTH_MAX];
    uint32_t n = job_known_chain(process, chain);
    for (uint32_t i = 0; i < n; i++)
        if (!name.index || same(chain[i], name)) return true;
    return false;
}
