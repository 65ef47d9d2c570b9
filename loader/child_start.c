// How a Lowland process starts another: one stream socket, a fixed header with the descriptors, then the
// texts.
#include "loader/child_start.h"
#include "dlls/ntdll/unix/job.h"
#include "dlls/ntdll/unix/peer.h"
#include "dlls/ntdll/unix/thread_object.h"
#include "loader/fail.h"
#include "loader/host_file_limit.h"
#include "loader/process.h"
#include "loader/suspend.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAGIC = 0x4c77316c, SIZE_MAX_SENT = 0x400000 };

struct child_header {
    uint32_t magic, path_size, block_size, environment_units, parent_pid, handles_n, descriptors_n, jobs_n;
    uint8_t suspended, host_program, trace, trace_json, has_token;
    char trace_filter[256];
    struct debugger debugger;
    uint64_t file_limit;
};

static bool send_all(int fd, const void *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t sent = send(fd, (const char *)bytes + done, n - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent <= 0) return false;
        done += sent;
    }
    return true;
}

static bool receive_all(int fd, void *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = recv(fd, (char *)bytes + done, n - done, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return false;
        done += got;
    }
    return true;
}

// The handles' descriptors and, last, the child's end of the connection to its parent.
union descriptor_message {
    char bytes[CMSG_SPACE((CHILD_DESCRIPTORS_MAX + 1) * sizeof(int))];
    struct cmsghdr alignment;
};

static bool send_header(int fd, const struct child_header *header, const struct child_start *child)
{
    union descriptor_message control = {0};
    const size_t handles_size = child->descriptors_n * sizeof(int);
    struct iovec part = {(void *)header, sizeof *header};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = CMSG_SPACE(handles_size + sizeof(int))};
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(handles_size + sizeof(int));
    memcpy(CMSG_DATA(c), child->descriptors, handles_size);
    memcpy(CMSG_DATA(c) + handles_size, &child->peer, sizeof(int));
    return sendmsg(fd, &message, MSG_NOSIGNAL) == sizeof *header;
}

static bool send_child(int fd, const struct child_start *child)
{
    struct child_header header = {.magic = MAGIC,
                                  .path_size = strlen(child->image_path) + 1,
                                  .block_size = child->parameters.block_size,
                                  .environment_units = child->parameters.environment.length,
                                  .parent_pid = child->parent_pid,
                                  .handles_n = child->handles_n,
                                  .descriptors_n = child->descriptors_n,
                                  .jobs_n = child->jobs_n,
                                  .suspended = child->suspended,
                                  .host_program = child->host_program,
                                  .trace = child->trace,
                                  .trace_json = child->trace_json,
                                  .has_token = child->token.present,
                                  .debugger = child->debugger,
                                  .file_limit = host_file_limit_before()};
    memcpy(header.trace_filter, child->trace_filter, sizeof header.trace_filter);
    return send_header(fd, &header, child) && send_all(fd, child->image_path, header.path_size) &&
           send_all(fd, child->parameters.block, header.block_size) &&
           send_all(fd, child->parameters.environment.units, header.environment_units * 2) &&
           send_all(fd, child->handles, child->handles_n * sizeof *child->handles) &&
           send_all(fd, child->jobs, child->jobs_n * sizeof *child->jobs) &&
           (!header.has_token || send_all(fd, &child->token, sizeof child->token));
}

static int spawn(int channel, const int standard[3], int *host_pid)
{
    char number[32];
    snprintf(number, sizeof number, "--child=%d", channel);
    char *argv[] = {"lowland", number, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults, none;
    posix_spawn_file_actions_init(&actions);
    // Through high numbers first: the three may be each other's.
    for (int i = 0; i < 3; i++)
        if (standard[i] >= 0) posix_spawn_file_actions_adddup2(&actions, standard[i], i);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    int error = posix_spawn(host_pid, "/proc/self/exe", &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return -error;
}

int child_start_spawn(struct child_start *child, const int standard[3], struct child_ready *ready,
                      int *host_pid, int *peer)
{
    int start[2], connection[2], copies[3] = {-1, -1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, start) != 0) return -errno;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, connection) != 0) {
        int error = -errno;
        close(start[0]);
        close(start[1]);
        return error;
    }
    child->peer = connection[1];
    int inherited = dup(start[1]); // without close-on-exec
    close(start[1]);
    for (int i = 0; i < 3; i++)
        if (standard[i] >= 0) copies[i] = fcntl(standard[i], F_DUPFD_CLOEXEC, 3);
    int error = inherited < 0 ? -errno : spawn(inherited, copies, host_pid);
    if (inherited >= 0) close(inherited);
    for (int i = 0; i < 3; i++)
        if (copies[i] >= 0) close(copies[i]);
    if (error == 0 && (!send_child(start[0], child) || !receive_all(start[0], ready, sizeof *ready) ||
                       ready->magic != MAGIC)) {
        kill(*host_pid, SIGKILL);
        waitpid(*host_pid, NULL, 0);
        error = -ECHILD;
    }
    close(start[0]);
    close(connection[1]);
    if (error)
        close(connection[0]);
    else
        *peer = connection[0];
    return error;
}

static void receive_header(struct child_header *header, struct child_start *child)
{
    union descriptor_message control;
    struct iovec part = {header, sizeof *header};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control};
    ssize_t n = recvmsg(child->channel, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    if (n != sizeof *header || header->magic != MAGIC || header->handles_n > CHILD_HANDLES_MAX ||
        header->descriptors_n > CHILD_DESCRIPTORS_MAX || header->jobs_n > CHILD_JOBS_MAX ||
        header->path_size > sizeof child->image_path || header->block_size > SIZE_MAX_SENT ||
        header->environment_units > SIZE_MAX_SENT)
        fail(FAIL_HOST, "--child is for Lowland's own use");
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    const size_t handles_size = header->descriptors_n * sizeof(int);
    if (!c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(handles_size + sizeof(int)))
        fail(FAIL_HOST, "the parent process sent no descriptors");
    memcpy(child->descriptors, CMSG_DATA(c), handles_size);
    memcpy(&child->peer, CMSG_DATA(c) + handles_size, sizeof(int));
}

void child_start_receive(struct child_start *child, int channel)
{
    struct child_header header;
    memset(child, 0, sizeof *child);
    child->channel = channel;
    receive_header(&header, child);
    child->parent_pid = header.parent_pid;
    child->suspended = header.suspended;
    child->host_program = header.host_program;
    child->trace = header.trace;
    child->trace_json = header.trace_json;
    memcpy(child->trace_filter, header.trace_filter, sizeof child->trace_filter);
    child->handles_n = header.handles_n;
    child->descriptors_n = header.descriptors_n;
    child->jobs_n = header.jobs_n;
    child->debugger = header.debugger;
    child->file_limit = header.file_limit;
    struct parameters *p = &child->parameters;
    p->block_size = header.block_size;
    p->block = malloc(header.block_size);
    p->environment.length = p->environment.capacity = header.environment_units;
    p->environment.units = malloc(header.environment_units * 2 + 2);
    if (!p->block || !p->environment.units || header.block_size < sizeof *p->block ||
        !receive_all(channel, child->image_path, header.path_size) ||
        !receive_all(channel, p->block, p->block_size) ||
        !receive_all(channel, p->environment.units, header.environment_units * 2) ||
        !receive_all(channel, child->handles, child->handles_n * sizeof *child->handles) ||
        !receive_all(channel, child->jobs, child->jobs_n * sizeof *child->jobs) ||
        (header.has_token && !receive_all(channel, &child->token, sizeof child->token)))
        fail(FAIL_HOST, "the parent process ended while it started this one");
    fcntl(channel, F_SETFD, FD_CLOEXEC);
}

void child_start_open_handles(const struct child_start *child)
{
    if (!token_unpack(&child->token)) fail(FAIL_HOST, "no memory for the process's token");
    uint32_t next = 0;
    for (uint32_t i = 0; i < child->handles_n; i++) {
        const struct child_handle *h = &child->handles[i];
        struct object *object;
        int descriptors[PARCEL_DESCRIPTORS];
        for (uint32_t d = 0; d < PARCEL_DESCRIPTORS; d++)
            descriptors[d] =
                d < h->parcel.descriptors && next < child->descriptors_n ? child->descriptors[next++] : -1;
        if (object_parcel_import(&h->parcel, descriptors, &object) != STATUS_SUCCESS) continue;
        handle_create_at(h->value, object, h->access, h->attributes);
        object_release(object);
    }
}

static void remember_first(struct thread *thread, void *context)
{
    struct thread **first = context;
    *first = thread; // the list is newest first: the last one visited is the first thread
}

// The parent has the jobs until it has the report.
static NTSTATUS join_jobs(const struct child_start *child)
{
    for (uint32_t i = 0; i < child->jobs_n; i++) {
        struct job *job = job_open(child->jobs[i]);
        if (!job) return STATUS_INVALID_PARAMETER;
        NTSTATUS status = job_join(job);
        object_release(&job->object);
        if (!NT_SUCCESS(status)) return status;
    }
    return STATUS_SUCCESS;
}

static void report_jobs(struct child_ready *ready)
{
    struct job *chain[JOB_DEPTH_MAX];
    ready->jobs_n = job_own_chain(chain);
    for (uint32_t i = 0; i < ready->jobs_n; i++) {
        ready->jobs[i] = job_name_of(chain[i]);
        object_release(&chain[i]->object);
    }
}

void child_start_report(const struct child_start *child)
{
    struct thread *first = NULL;
    thread_for_each(remember_first, &first);
    struct child_ready ready = {.magic = MAGIC,
                                .process_id = process_id(),
                                .thread_id = first->tid,
                                .peb = process_peb(),
                                .teb = first->teb,
                                .entry = first->start,
                                .watcher = peer_server_adopt(child->peer),
                                .process_created = process_object_self()->created,
                                .thread_created = first->object->created,
                                .refused = join_jobs(child)};
    report_jobs(&ready);
    if (child->debugger.host_pid && NT_SUCCESS(ready.refused))
        ready.refused = debuggee_attach(&child->debugger);
    // Only then may it run: a short program would be over, and its exit status sent, before the parent heard
    // of it.
    send_all(child->channel, &ready, sizeof ready);
    close(child->channel);
    if (!child->suspended && NT_SUCCESS(ready.refused)) thread_resume(first, NULL);
}
