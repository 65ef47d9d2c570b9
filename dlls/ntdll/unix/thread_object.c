// The object behind a thread handle.
#include "thread_object.h"
#include "impersonation.h"
#include "port.h"
#include "loader/host_clock.h"
#include "loader/host_futex.h"
#include "peer.h"
#include "process_object.h"
#include "process_remote.h"
#include "thread_priority.h"
#include "thread_times.h"
#include "loader/process.h"
#include "loader/teb.h"
#include <stdlib.h>
#include <unistd.h>
#include <sys/syscall.h>

static void thread_destroy(struct object *object)
{
    struct thread_object *thread = (struct thread_object *)object;
    thread_remote_forget(thread);
    impersonation_end(thread);
    pthread_mutex_destroy(&thread->lock);
    free(thread->name);
    object_free(object);
}

const struct object_type thread_type = {
    .name = "Thread",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | THREAD_QUERY_INFORMATION | THREAD_GET_CONTEXT,
                .GenericWrite = STANDARD_RIGHTS_WRITE | THREAD_SET_INFORMATION | THREAD_SET_CONTEXT |
                                THREAD_TERMINATE | THREAD_SUSPEND_RESUME,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION,
                .GenericAll = THREAD_ALL_ACCESS},
    .valid_access = THREAD_ALL_ACCESS,
    .implied = {{THREAD_QUERY_INFORMATION, THREAD_QUERY_LIMITED_INFORMATION},
                {THREAD_SET_INFORMATION, THREAD_SET_LIMITED_INFORMATION}},
    .destroy = thread_destroy,
};

struct thread_object *thread_object_create(gptr start)
{
    struct thread_object *object = object_alloc(sizeof *object);
    if (!object) return NULL;
    object_init(&object->object, &thread_type);
    waitable_init(&object->object, &object->waitable, WAITABLE_NOTIFICATION, 0);
    pthread_mutex_init(&object->lock, NULL);
    object->start = start;
    atomic_init(&object->exit_status, STATUS_PENDING);
    const struct process_object *process =
        process_object_self(); // not there yet for the first thread's object
    object->affinity = process ? process->affinity : process_affinity();
    object->created = host_system_time();
    object->page_priority = 5;
    object->io_priority = 2;
    return object;
}

void thread_object_started(struct thread *thread)
{
    struct thread_object *object = thread->object;
    thread->tid = (uint32_t)syscall(SYS_gettid) * 4;
    if (process_has_bound_threads()) process_bind_thread(thread->tid, object->affinity);
    wait_thread_init(&thread->wait, thread->tid);
    teb_set_client_id(thread, process_id());
    object->tid = thread->tid;
    object->teb = thread->teb;
    object->thread = thread;
    thread_priority_started(object);
    atomic_store(&object->started, 1);
    host_futex_wake(&object->started, 1);
}

void thread_object_detach(struct thread_object *object)
{
    pthread_mutex_lock(&object->lock);
    object->thread = NULL;
    pthread_mutex_unlock(&object->lock);
}

void thread_object_ended(struct thread_object *object)
{
    thread_times_own(&object->user_time, &object->kernel_time);
    object->exited = host_system_time();
    impersonation_end(object);
    port_thread_ended(object);
    waitable_set(&object->waitable);
    const struct peer_event event = {.thread = {object->tid, object->created},
                                     .status = atomic_load(&object->exit_status),
                                     .ended = object->exited,
                                     .kernel_time = object->kernel_time,
                                     .user_time = object->user_time};
    peer_announce_thread_end(&event);
    object_release(&object->object);
}

uint32_t thread_object_exit_status(const struct thread_object *object)
{
    return atomic_load(&object->exit_status);
}

uint32_t thread_process_id(const struct thread_object *object)
{
    return object->remote ? object->remote->pid : process_id();
}

NTSTATUS thread_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct thread_object **object)
{
    return handle_resolve(handle, &thread_type, access, (struct object **)object);
}
