// Jobs between processes: what members are asked, and tell.
#include "job.h"
#include "loader/process.h"
#include "peer.h"
#include "process_remote.h"
#include <string.h>

NTSTATUS peer_job_join(struct process_object *process, struct job *job)
{
    const struct job_name name = job_name_of(job);
    struct peer_exchange exchange = {.in = &name, .in_size = sizeof name};
    return peer_call(process, PEER_JOB_JOIN, &exchange);
}

// The process lets itself be put into the job: so it is a member as long as it lives, and not longer.
NTSTATUS peer_serve_job_join(struct peer_call *call)
{
    struct job_name name;
    memcpy(&name, call->body, sizeof name);
    struct job *job = job_open(name);
    if (!job) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = job_join(job);
    object_release(&job->object);
    return status;
}

NTSTATUS peer_serve_job_limits(struct peer_call *call)
{
    (void)call;
    job_apply_limits();
    return STATUS_SUCCESS;
}

// A member of a job whose port we have met a limit.
NTSTATUS peer_serve_job_message(struct peer_call *call)
{
    struct job_message message;
    memcpy(&message, call->body, sizeof message);
    job_port_message(&message);
    return STATUS_SUCCESS;
}

// A process with this id joined a job whose port we have.
NTSTATUS peer_serve_job_news(struct peer_call *call)
{
    struct process_object *process;
    uint32_t pid;
    memcpy(&pid, call->body, sizeof pid);
    if (pid == process_id()) return STATUS_SUCCESS;
    NTSTATUS status = process_remote_expect(pid, &process);
    if (!NT_SUCCESS(status)) return status;
    job_learn_chain(process);
    job_port_note(process);
    object_release(&process->object);
    return STATUS_SUCCESS;
}
