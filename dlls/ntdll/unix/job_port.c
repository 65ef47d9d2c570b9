// A job's completion port. Ports stay in the process that made them; there each process of the job has an
// object, which tells of its end. Members say to that process when they join.
#include "guest_constants.h"
#include "io_completion.h"
#include "job.h"
#include "peer.h"
#include "process_object.h"
#include "process_remote.h"
#include <stdlib.h>
#include <unistd.h>

// A process that a port was told of.
struct known {
    struct known *next;
    struct process_object *process; // retained
};

struct job_port {
    struct job_port *next;
    struct job *job;     // retained
    struct object *port; // retained
    uint32_t key;
    struct known *known; // those that live
};

// Guards the list. Outside of it: the region's, ports' and the dispatcher's locks.
static pthread_mutex_t ports_lock = PTHREAD_MUTEX_INITIALIZER;
static struct job_port *ports;

static void post(struct job_port *port, uint32_t message, uint32_t pid)
{
    io_completion_post(port->port, port->key, pid, STATUS_SUCCESS, message);
}

static struct job_port *find(struct job_name name)
{
    struct job_port *port = ports;
    while (port && job_name_pack(job_name_of(port->job)) != job_name_pack(name)) port = port->next;
    return port;
}

static void destroy(struct job_port *port)
{
    atomic_store(job_word(port->job, JOB_PORT), 0);
    object_release(port->port);
    object_release(&port->job->object);
    free(port);
}

// Takes ports that nobody can hear of any more off the list, for the caller to destroy without the lock.
static struct job_port *take_finished(void)
{
    struct job_port *finished = NULL;
    for (struct job_port **link = &ports; *link;) {
        struct job_port *port = *link;
        if (port->known || atomic_load(&port->job->object.handles)) {
            link = &port->next;
            continue;
        }
        *link = port->next;
        port->next = finished;
        finished = port;
    }
    return finished;
}

static void destroy_all(struct job_port *port)
{
    while (port) {
        struct job_port *next = port->next;
        destroy(port);
        port = next;
    }
}

// ---- those that join ----

static bool knows(const struct job_port *port, const struct process_object *process)
{
    for (const struct known *known = port->known; known; known = known->next)
        if (known->process == process) return true;
    return false;
}

// How Windows calls an end: by an exception that nobody handled, or not.
static bool is_abnormal(uint32_t status)
{
    switch (status) {
    case STATUS_ACCESS_VIOLATION:
    case STATUS_IN_PAGE_ERROR:
    case STATUS_ILLEGAL_INSTRUCTION:
    case STATUS_NONCONTINUABLE_EXCEPTION:
    case STATUS_INVALID_DISPOSITION:
    case STATUS_ARRAY_BOUNDS_EXCEEDED:
    case STATUS_FLOAT_DENORMAL_OPERAND:
    case STATUS_FLOAT_DIVIDE_BY_ZERO:
    case STATUS_FLOAT_INEXACT_RESULT:
    case STATUS_FLOAT_INVALID_OPERATION:
    case STATUS_FLOAT_OVERFLOW:
    case STATUS_FLOAT_STACK_CHECK:
    case STATUS_FLOAT_UNDERFLOW:
    case STATUS_INTEGER_DIVIDE_BY_ZERO:
    case STATUS_INTEGER_OVERFLOW:
    case STATUS_PRIVILEGED_INSTRUCTION:
    case STATUS_STACK_OVERFLOW:
    case STATUS_CONTROL_C_EXIT: return true;
    default: return false;
    }
}

// Whether members other than a process that is ending live.
static bool has_others(const struct job *job, const struct process_object *process)
{
    struct job_member members[2];
    uint32_t n = job_members(job, members, 2);
    return n > 1 || (n == 1 && members[0].pid != process->pid);
}

static void post_end(struct job_port *port, const struct process_object *process)
{
    bool abnormal = is_abnormal(atomic_load(&process->exit_status));
    post(port, abnormal ? JOB_OBJECT_MSG_ABNORMAL_EXIT_PROCESS : JOB_OBJECT_MSG_EXIT_PROCESS, process->pid);
    if (!has_others(port->job, process)) post(port, JOB_OBJECT_MSG_ACTIVE_PROCESS_ZERO, 0);
}

// With the lock.
static void note(struct job_port *port, struct process_object *process)
{
    if (knows(port, process)) return;
    bool ended = atomic_load(&process->exit_status) != (uint32_t)STATUS_PENDING;
    struct known *known = malloc(sizeof *known);
    if (!known) return;
    object_retain(&process->object);
    *known = (struct known){port->known, process};
    port->known = known;
    post(port, JOB_OBJECT_MSG_NEW_PROCESS, process->pid);
    if (!ended) return;
    port->known = known->next;
    post_end(port, process);
    object_release(&process->object); // the caller has one
    free(known);
}

void job_port_note(struct process_object *process)
{
    struct job_name chain[JOB_DEPTH_MAX];
    uint32_t n = job_known_chain(process, chain);
    pthread_mutex_lock(&ports_lock);
    for (uint32_t i = 0; i < n && ports; i++) {
        struct job_port *port = find(chain[i]);
        if (port) note(port, process);
    }
    pthread_mutex_unlock(&ports_lock);
}

// The region's slot of the process that has a job's port; REGION_SLOTS: there is none.
static uint32_t slot_of_port(const struct job *job)
{
    uint64_t word = atomic_load(job_word(job, JOB_PORT));
    const struct region_slot *slot = word ? region_slot((uint32_t)word) : NULL;
    return slot && atomic_load(&slot->generation) == word >> 32 ? (uint32_t)word : REGION_SLOTS;
}

// Tells another process something, without waiting for it.
static void send_to(uint32_t slot, enum peer_operation operation, const void *body, uint32_t size)
{
    int fd = peer_connect((int)atomic_load(&region_slot(slot)->pid));
    if (fd < 0) return;
    peer_send(fd, operation, body, size);
    close(fd);
}

void job_port_announce_self(void)
{
    struct job *chain[JOB_DEPTH_MAX];
    const uint32_t pid = process_object_self()->pid;
    uint32_t told = REGION_SLOTS;
    for (uint32_t i = job_own_chain(chain); i--; object_release(&chain[i]->object)) {
        uint32_t slot = slot_of_port(chain[i]);
        if (slot == REGION_SLOTS || slot == told) continue;
        told = slot;
        if (slot != region_self()) send_to(slot, PEER_JOB_NEWS, &pid, sizeof pid);
    }
}

// ---- limits that were met ----

void job_port_message(const struct job_message *message)
{
    pthread_mutex_lock(&ports_lock);
    struct job_port *port = find(message->job);
    if (port) post(port, message->message, message->pid);
    pthread_mutex_unlock(&ports_lock);
}

void job_port_tell(const struct job *job, uint32_t message, uint32_t pid)
{
    const struct job_message told = {job_name_of(job), message, pid};
    uint32_t slot = slot_of_port(job);
    if (slot == region_self())
        job_port_message(&told);
    else if (slot != REGION_SLOTS)
        send_to(slot, PEER_JOB_MESSAGE, &told, sizeof told);
}

void job_port_tell_own(uint32_t limits, uint32_t message)
{
    struct job *chain[JOB_DEPTH_MAX];
    for (uint32_t i = job_own_chain(chain); i--; object_release(&chain[i]->object))
        if (atomic_load(job_word(chain[i], JOB_FLAGS)) & limits)
            job_port_tell(chain[i], message, process_object_self()->pid);
}

// ---- those that end ----

static bool forget(struct job_port *port, const struct process_object *process)
{
    for (struct known **link = &port->known; *link; link = &(*link)->next) {
        if ((*link)->process != process) continue;
        struct known *known = *link;
        *link = known->next;
        free(known);
        return true;
    }
    return false;
}

void job_port_process_ended(struct process_object *process)
{
    uint32_t references = 0;
    pthread_mutex_lock(&ports_lock);
    for (struct job_port *port = ports; port; port = port->next) {
        if (!forget(port, process)) continue;
        references++;
        post_end(port, process);
    }
    struct job_port *finished = take_finished();
    pthread_mutex_unlock(&ports_lock);
    destroy_all(finished);
    while (references--) object_release(&process->object);
}

void job_port_handle_closed(void)
{
    pthread_mutex_lock(&ports_lock);
    struct job_port *finished = take_finished();
    pthread_mutex_unlock(&ports_lock);
    destroy_all(finished);
}

// ---- setting ----

NTSTATUS job_port_set(struct job *job, struct object *completion, uint32_t key)
{
    const uint32_t self = region_self();
    uint64_t mine = self | (uint64_t)atomic_load(&region_slot(self)->generation) << 32, none = 0;
    struct job_port *port = malloc(sizeof *port);
    struct job_member *members = malloc(JOB_MEMBERS_MAX * sizeof *members);
    NTSTATUS status = port && members ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    if (NT_SUCCESS(status) && !atomic_compare_exchange_strong(job_word(job, JOB_PORT), &none, mine))
        status = STATUS_INVALID_PARAMETER;
    if (!NT_SUCCESS(status)) {
        free(port);
        free(members);
        return status;
    }
    object_retain(&job->object);
    object_retain(completion);
    *port = (struct job_port){.job = job, .port = completion, .key = key};
    pthread_mutex_lock(&ports_lock);
    port->next = ports;
    ports = port;
    pthread_mutex_unlock(&ports_lock);
    uint32_t n = job_members(job, members, JOB_MEMBERS_MAX);
    for (uint32_t i = 0; i < n && i < JOB_MEMBERS_MAX; i++) {
        struct process_object *process = process_object_self();
        if (members[i].slot == self)
            object_retain(&process->object);
        else if (!NT_SUCCESS(process_remote_open(members[i].pid, &process)))
            continue;
        job_learn_chain(process);
        pthread_mutex_lock(&ports_lock);
        struct job_port *still = find(job_name_of(job));
        if (still) note(still, process);
        pthread_mutex_unlock(&ports_lock);
        object_release(&process->object);
    }
    free(members);
    return STATUS_SUCCESS;
}
