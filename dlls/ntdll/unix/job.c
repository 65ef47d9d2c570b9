// Job objects: making, opening, assigning, terminating.
#include "job.h"
#include "loader/host_clock.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "object_parcel.h"
#include "process_info.h"
#include "process_remote.h"
#include <stdlib.h>
#include <sys/resource.h>

static void job_destroy(struct object *object)
{
    struct job *job = (struct job *)object;
    job_keeper_destroy(job);
    pthread_mutex_destroy(&job->keeper_lock);
    object_free(object);
}

static void handle_opened(struct object *object)
{
    job_keeper_sync((struct job *)object);
}

static void handle_closed(struct object *object, bool last)
{
    struct job *job = (struct job *)object;
    if (!last) return;
    job_keeper_sync(job);
    job_port_handle_closed();
}

static struct job *make(void)
{
    struct job *job = object_alloc(sizeof *job);
    if (!job) return NULL;
    object_init(&job->object, &job_type);
    waitable_init(&job->object, &job->waitable, WAITABLE_NOTIFICATION, 0);
    pthread_mutex_init(&job->keeper_lock, NULL);
    job->keeper = -1;
    job->orphan.fd = -1;
    return job;
}

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    (void)copy, (void)index;
    struct job *job = make();
    if (!job) return STATUS_NO_MEMORY;
    *object = &job->object;
    return STATUS_SUCCESS;
}

const struct object_type job_type = {
    .name = "Job",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | JOB_OBJECT_QUERY,
                .GenericWrite = STANDARD_RIGHTS_WRITE | JOB_OBJECT_ASSIGN_PROCESS |
                                JOB_OBJECT_SET_ATTRIBUTES | JOB_OBJECT_TERMINATE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                .GenericAll = JOB_OBJECT_ALL_ACCESS},
    .valid_access = JOB_OBJECT_ALL_ACCESS,
    .destroy = job_destroy,
    .handle_opened = handle_opened,
    .handle_closed = handle_closed,
    .shared_kind = SHARED_JOB,
    .adopt = adopt,
};

NTSTATUS job_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct job **job)
{
    NTSTATUS status = handle_resolve(handle, &job_type, access, (struct object **)job);
    // Another thread may use the handle while NtCreateJobObject is still at work.
    if (!NT_SUCCESS(status) || atomic_load(&(*job)->object.shared)) return status;
    status = shared_object_publish(&(*job)->object);
    if (!NT_SUCCESS(status)) object_release(&(*job)->object);
    return status;
}

struct job_name job_name_of(const struct job *job)
{
    const struct shared_record *record = shared_record_of(&job->object);
    return (struct job_name){atomic_load(&job->object.shared), record ? atomic_load(&record->serial) : 0};
}

struct job *job_open(struct job_name name)
{
    const struct object_parcel parcel = {.kind = PARCEL_SHARED, .values = {name.index, name.serial}};
    struct object *object;
    if (object_parcel_import(&parcel, (const int[PARCEL_DESCRIPTORS]){-1, -1}, &object)) return NULL;
    if (object->type == &job_type) return (struct job *)object;
    object_release(object);
    return NULL;
}

_Atomic uint64_t *job_word(const struct job *job, enum job_word word)
{
    return &shared_record_of(&job->object)->data[word];
}

void job_account_own(void)
{
    struct job *chain[JOB_DEPTH_MAX];
    struct rusage usage;
    uint32_t n = job_own_chain(chain);
    if (!n || getrusage(RUSAGE_SELF, &usage) != 0) return;
    for (uint32_t i = 0; i < n; i++) {
        atomic_fetch_add(job_word(chain[i], JOB_USER_TIME), (uint64_t)host_interval(&usage.ru_utime));
        atomic_fetch_add(job_word(chain[i], JOB_KERNEL_TIME), (uint64_t)host_interval(&usage.ru_stime));
        object_release(&chain[i]->object);
    }
}

// ---- calls ----

NTSTATUS NtCreateJobObject(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    struct job *job = make();
    if (!job) return STATUS_NO_MEMORY;
    object_retain(&job->object);
    NTSTATUS status = object_create_handle(&job->object, attributes, access, handle);
    if (status == STATUS_SUCCESS) {
        // Its members are others than this process: they all know it by its record.
        status = shared_object_publish(&job->object);
        if (status == STATUS_SUCCESS)
            job_keeper_sync(job);
        else
            handle_close(*handle);
    }
    object_release(&job->object);
    return status;
}

NTSTATUS NtOpenJobObject(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&job_type, attributes, access, handle);
}

static NTSTATUS assign(struct job *job, struct process_object *process)
{
    NTSTATUS status;
    if (process == process_object_self())
        status = job_join(job);
    else if (atomic_load(&process->exit_status) != (uint32_t)STATUS_PENDING)
        status = STATUS_PROCESS_IS_TERMINATING;
    else
        status = peer_job_join(process, job);
    if (status == STATUS_QUOTA_EXCEEDED) job_port_tell(job, JOB_OBJECT_MSG_ACTIVE_PROCESS_LIMIT, 0);
    if (!NT_SUCCESS(status)) return status;
    job_learn_chain(process);
    job_port_note(process);
    return status;
}

NTSTATUS NtAssignProcessToJobObject(HANDLE32 job_handle, HANDLE32 process_handle)
{
    struct job *job;
    struct process_object *process;
    NTSTATUS status = job_resolve(job_handle, JOB_OBJECT_ASSIGN_PROCESS, &job);
    if (!NT_SUCCESS(status)) return status;
    status = process_resolve(process_handle, PROCESS_SET_QUOTA | PROCESS_TERMINATE, &process);
    if (NT_SUCCESS(status)) {
        status = assign(job, process);
        object_release(&process->object);
    }
    object_release(&job->object);
    return status;
}

NTSTATUS NtIsProcessInJob(HANDLE32 process_handle, HANDLE32 job_handle)
{
    struct process_object *process;
    struct job *job = NULL;
    NTSTATUS status = process_resolve(process_handle, PROCESS_QUERY_LIMITED_INFORMATION, &process);
    if (!NT_SUCCESS(status)) return status;
    if (job_handle) status = job_resolve(job_handle, JOB_OBJECT_QUERY, &job);
    if (NT_SUCCESS(status)) {
        job_learn_chain(process);
        status = job_has_process(job ? job_name_of(job) : (struct job_name){0}, process)
                     ? STATUS_PROCESS_IN_JOB
                     : STATUS_PROCESS_NOT_IN_JOB;
    }
    if (job) object_release(&job->object);
    object_release(&process->object);
    return status;
}

// Ends all members but the calling process. Whether that is one.
static bool terminate_others(const struct job *job, uint32_t exit_status, struct job_member *members)
{
    uint32_t n = job_members(job, members, JOB_MEMBERS_MAX);
    bool own = false;
    for (uint32_t i = 0; i < n && i < JOB_MEMBERS_MAX; i++) {
        struct process_object *process;
        if (members[i].slot == region_self()) {
            own = true;
        } else if (NT_SUCCESS(process_remote_open(members[i].pid, &process))) {
            peer_process_terminate(process, exit_status);
            object_release(&process->object);
        }
    }
    return own;
}

NTSTATUS NtTerminateJobObject(HANDLE32 handle, NTSTATUS exit_status)
{
    enum { ROUNDS_MAX = 16 }; // a member may have made another one meanwhile
    struct job *job;
    NTSTATUS status = job_resolve(handle, JOB_OBJECT_TERMINATE, &job);
    if (!NT_SUCCESS(status)) return status;
    struct job_member *members = malloc(JOB_MEMBERS_MAX * sizeof *members);
    if (!members) {
        object_release(&job->object);
        return STATUS_NO_MEMORY;
    }
    bool own = false;
    uint32_t left;
    for (int i = 0; i < ROUNDS_MAX; i++) {
        own = terminate_others(job, (uint32_t)exit_status, members);
        left = job_members(job, NULL, 0);
        if (left == own) break;
    }
    free(members);
    waitable_set(&job->waitable);
    if (own) process_exit((uint32_t)exit_status);
    object_release(&job->object);
    return STATUS_SUCCESS;
}
