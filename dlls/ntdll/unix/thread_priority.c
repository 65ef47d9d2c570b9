// Priorities of threads. They are kept and reported as Windows does it and given to the host where it lets us
// (loader/host_priority.c).
#include "thread_priority.h"
#include "guest_constants.h"
#include "loader/host_priority.h"
#include "process_object.h"
#include <stdatomic.h>

enum { SATURATED = 15, REAL_TIME = 4 };

static _Atomic bool any_set; // some thread's priority is not the normal one

// By PROCESS_PRIORITY_CLASS_*.
static const int32_t class_base[] = {8, 4, 8, 13, 24, 6, 10};

static uint32_t class_of(const struct thread_object *thread)
{
    const struct process_object *process = thread->remote ? thread->remote : process_object_self();
    uint32_t class = process ? process->priority_class : 0;
    return class < sizeof class_base / sizeof *class_base ? class : 0;
}

int32_t thread_base_priority(const struct thread_object *thread)
{
    uint32_t class = class_of(thread);
    int32_t relative = (int32_t)thread->priority;
    bool real_time = class == REAL_TIME;
    if (relative == SATURATED) return real_time ? 31 : 15;
    if (relative == -SATURATED) return real_time ? 16 : 1;
    return class_base[class] + relative;
}

static void tell_host(const struct thread_object *thread)
{
    if (thread->tid && !thread->remote)
        host_set_priority((int32_t)thread->tid / 4, thread_base_priority(thread));
}

static void set_relative(struct thread_object *thread, int32_t relative)
{
    thread->priority = (uint32_t)relative;
    atomic_store(&any_set, true);
    tell_host(thread);
}

NTSTATUS thread_set_priority(struct thread_object *thread, int32_t relative)
{
    if (relative == SATURATED + 1) relative = SATURATED;
    if (relative == -SATURATED - 1) relative = -SATURATED;
    bool real_time = class_of(thread) == REAL_TIME; // has steps of its own
    int32_t lowest = real_time ? -7 : -2, highest = real_time ? 6 : 2;
    if ((relative > highest || relative < lowest) && relative != SATURATED && relative != -SATURATED)
        return STATUS_INVALID_PARAMETER;
    set_relative(thread, relative);
    return STATUS_SUCCESS;
}

NTSTATUS thread_set_absolute_priority(struct thread_object *thread, int32_t priority)
{
    if (priority < 1 || priority > 31) return STATUS_INVALID_PARAMETER;
    set_relative(thread, priority - class_base[class_of(thread)]);
    return STATUS_SUCCESS;
}

static void tell_of(struct thread *thread, void *context)
{
    (void)context;
    if (thread->object) tell_host(thread->object);
}

void thread_priority_class_changed(void)
{
    atomic_store(&any_set, true);
    thread_for_each(tell_of, NULL);
}

void thread_priority_started(struct thread_object *thread)
{
    if (atomic_load_explicit(&any_set, memory_order_relaxed)) tell_host(thread);
}
