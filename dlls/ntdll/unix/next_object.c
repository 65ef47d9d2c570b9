// NtGetNextProcess and NtGetNextThread: from one process, or thread of a process, to the next one. Processes
// go by their ids, threads of this process by their births, those of others by their ids. Source: phnt's
// ntpsapi.h.
#include "ntdll_host.h"
#include "peer.h"
#include "process_remote.h"
#include "thread_control.h"
#include "thread_object.h"
#include "loader/process.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { PREVIOUS = 1 }; // the flag of NtGetNextProcess

// ---- processes ----

// Which host pid is the nearest behind `after` (or before it).
struct nearest {
    int after, found; // found 0: none yet
    bool backwards;
};

static void consider(int host_pid, void *context)
{
    struct nearest *nearest = context;
    if (nearest->backwards ? host_pid >= nearest->after : host_pid <= nearest->after) return;
    if (!nearest->found || (nearest->backwards ? host_pid > nearest->found : host_pid < nearest->found))
        nearest->found = host_pid;
}

// The process of a host pid, retained. STATUS_INVALID_CID.
static NTSTATUS open_process(int host_pid, struct process_object **process)
{
    struct process_object *self = process_object_self();
    if (host_pid != self->host_pid) return process_remote_open((uint32_t)host_pid * 4, process);
    object_retain(&self->object);
    *process = self;
    return STATUS_SUCCESS;
}

NTSTATUS NtGetNextProcess(HANDLE32 handle, ACCESS_MASK32 access, uint32_t attributes, uint32_t flags,
                          HANDLE32 *next)
{
    struct nearest nearest = {.backwards = flags & PREVIOUS};
    struct process_object *process;
    if (flags & ~(uint32_t)PREVIOUS) return STATUS_INVALID_PARAMETER;
    if (nearest.backwards) nearest.after = INT32_MAX;
    if (handle) {
        NTSTATUS status = process_resolve(handle, 0, &process);
        if (!NT_SUCCESS(status)) return status;
        nearest.after = process->host_pid;
        object_release(&process->object);
    }
    // One that went, or does not answer, is passed over.
    for (;; nearest.after = nearest.found) {
        nearest.found = 0;
        peer_for_each_pid(consider, &nearest);
        consider(process_object_self()->host_pid, &nearest);
        if (!nearest.found) return STATUS_NO_MORE_ENTRIES;
        if (NT_SUCCESS(open_process(nearest.found, &process))) break;
    }
    NTSTATUS status = handle_create(&process->object, object_map_access(&process_type, access),
                                    attributes & OBJ_INHERIT, next);
    object_release(&process->object);
    return status;
}

// ---- threads of this process ----

struct own_search {
    const struct thread_object *before; // NULL: the first one is wanted
    struct thread_object *found;        // retained
};

static bool is_younger(const struct thread_object *a, const struct thread_object *b)
{
    return a->created == b->created ? a->tid > b->tid : a->created > b->created;
}

static void consider_own(struct thread *thread, void *context)
{
    struct own_search *search = context;
    struct thread_object *object = thread->object;
    if (!object || !thread->tid) return;
    if (search->before && !is_younger(object, search->before)) return;
    if (search->found && !is_younger(search->found, object)) return;
    if (!object_retain_live(&object->object)) return;
    if (search->found) object_release(&search->found->object);
    search->found = object;
}

static struct thread_object *next_own(const struct thread_object *before)
{
    struct own_search search = {.before = before};
    thread_for_each(consider_own, &search);
    return search.found;
}

// ---- threads of another process ----

// The host's smallest thread id behind `after` in a process, 0 at the end.
static int next_host_thread(int host_pid, int after)
{
    char path[32];
    int found = 0;
    snprintf(path, sizeof path, "/proc/%d/task", host_pid);
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        int tid = atoi(entry->d_name);
        if (tid > after && (!found || tid < found)) found = tid;
    }
    if (directory) closedir(directory);
    return found;
}

// Host threads that are none of the guest's (the service thread) are no threads there.
static struct thread_object *next_remote(struct process_object *process, const struct thread_object *before)
{
    struct thread_object *thread;
    int tid = before ? (int)(before->tid / 4) : 0;
    while ((tid = next_host_thread(process->host_pid, tid)))
        if (NT_SUCCESS(thread_remote_open(process, (uint32_t)tid * 4, &thread))) return thread;
    return NULL;
}

static NTSTATUS find_next(struct process_object *process, HANDLE32 before, struct thread_object **next)
{
    const bool own = process == process_object_self();
    struct thread_object *thread = NULL;
    if (before) {
        NTSTATUS status = thread_resolve(before, 0, &thread);
        if (!NT_SUCCESS(status)) return status;
        if (thread->remote != (own ? NULL : process)) {
            object_release(&thread->object);
            return STATUS_INVALID_PARAMETER;
        }
    }
    *next = own ? next_own(thread) : next_remote(process, thread);
    if (thread) object_release(&thread->object);
    return *next ? STATUS_SUCCESS : STATUS_NO_MORE_ENTRIES;
}

NTSTATUS NtGetNextThread(HANDLE32 handle, HANDLE32 before, ACCESS_MASK32 access, uint32_t attributes,
                         uint32_t flags, HANDLE32 *next)
{
    struct process_object *process;
    struct thread_object *thread;
    if (flags) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = process_resolve(handle, PROCESS_QUERY_INFORMATION, &process);
    if (!NT_SUCCESS(status)) return status;
    status = find_next(process, before, &thread);
    object_release(&process->object);
    if (!NT_SUCCESS(status)) return status;
    status = handle_create(&thread->object, object_map_access(&thread_type, access), attributes & OBJ_INHERIT,
                           next);
    object_release(&thread->object);
    return status;
}
