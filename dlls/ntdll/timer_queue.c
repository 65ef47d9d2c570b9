// What is older than the thread pool and runs on it: work items, registered waits, timer queues. A handle is
// the address of our structure, which the pool's object frees.
#include "tp.h"
#include "nt/rtl_timer.h"

// A relative NT timeout for milliseconds; NULL for INFINITE.
static LARGE_INTEGER *timeout_of(LARGE_INTEGER *timeout, ULONG milliseconds)
{
    if (milliseconds == INFINITE) return NULL;
    timeout->QuadPart = -(LONGLONG)milliseconds * 10000;
    return timeout;
}

// ---- work items ----

struct item {
    WORKERCALLBACKFUNC function;
    void *context;
};

static void NTAPI run_item(PTP_CALLBACK_INSTANCE instance, void *argument)
{
    struct item item = *(struct item *)argument;

    (void)instance;
    RtlFreeHeap(process_heap(), 0, argument);
    item.function(item.context);
}

/** Has a worker call function once. The flags say what every worker can do anyway. */
NTSTATUS NTAPI RtlQueueWorkItem(WORKERCALLBACKFUNC function, PVOID context, ULONG flags)
{
    struct item *item = RtlAllocateHeap(process_heap(), 0, sizeof(*item));

    (void)flags;
    if (!item) return STATUS_NO_MEMORY;
    *item = (struct item){function, context};
    NTSTATUS status = TpSimpleTryPost(run_item, item, NULL);
    if (!NT_SUCCESS(status)) RtlFreeHeap(process_heap(), 0, item);
    return status;
}

// ---- registered waits ----

struct wait {
    PTP_WAIT wait;
    HANDLE object;
    WAITORTIMERCALLBACKFUNC callback;
    void *context;
    ULONG milliseconds, flags;
};

static void arm_wait(struct wait *wait)
{
    LARGE_INTEGER timeout;

    TpSetWait(wait->wait, wait->object, timeout_of(&timeout, wait->milliseconds));
}

static void NTAPI run_wait(PTP_CALLBACK_INSTANCE instance, void *argument, PTP_WAIT tp, TP_WAIT_RESULT result)
{
    struct wait *wait = argument;

    (void)instance, (void)tp;
    wait->callback(wait->context, result == WAIT_TIMEOUT);
    // Nothing when the wait was deregistered meanwhile.
    if (!(wait->flags & WT_EXECUTEONLYONCE)) arm_wait(wait);
}

/** Calls callback whenever object is signaled or has not been for so many milliseconds. */
NTSTATUS NTAPI RtlRegisterWait(PHANDLE result, HANDLE object, WAITORTIMERCALLBACKFUNC callback, PVOID context,
                               ULONG milliseconds, ULONG flags)
{
    struct wait *wait = RtlAllocateHeap(process_heap(), 0, sizeof(*wait));

    if (!wait) return STATUS_NO_MEMORY;
    *wait = (struct wait){NULL, object, callback, context, milliseconds, flags};
    NTSTATUS status = TpAllocWait(&wait->wait, run_wait, wait, NULL);
    if (!NT_SUCCESS(status)) {
        RtlFreeHeap(process_heap(), 0, wait);
        return status;
    }
    lowland_tp_own(wait->wait, wait);
    *result = wait; // the callback may use it at once
    arm_wait(wait);
    return STATUS_SUCCESS;
}

/** Ends a wait. completion NULL: doesn't wait for a running callback; INVALID_HANDLE_VALUE: does; else the
 * event is set when it has returned. STATUS_PENDING when one runs still. */
NTSTATUS NTAPI RtlDeregisterWaitEx(HANDLE handle, HANDLE completion)
{
    struct wait *wait = handle;

    if (!wait) return STATUS_INVALID_HANDLE;
    return lowland_tp_end(wait->wait, completion) ? STATUS_SUCCESS : STATUS_PENDING;
}

NTSTATUS NTAPI RtlDeregisterWait(HANDLE wait)
{
    return RtlDeregisterWaitEx(wait, NULL);
}

// ---- timer queues ----

struct queue {
    struct timer *timers;
};

struct timer {
    PTP_TIMER timer;
    WAITORTIMERCALLBACKFUNC callback;
    void *context;
    ULONG flags;
    struct queue *queue; // NULL: out of it, and ended
    struct timer *next;  // in the queue
};

// Of all queues: a timer may outlive its own, while its callback runs.
static RTL_SRWLOCK queues_lock = RTL_SRWLOCK_INIT;
static struct queue default_queue;

static void NTAPI run_timer(PTP_CALLBACK_INSTANCE instance, void *argument, PTP_TIMER tp)
{
    struct timer *timer = argument;

    (void)instance, (void)tp;
    timer->callback(timer->context, TRUE);
}

static void arm_timer(struct timer *timer, ULONG due, ULONG period)
{
    LARGE_INTEGER time;

    TpSetTimer(timer->timer, timeout_of(&time, due), timer->flags & WT_EXECUTEONLYONCE ? 0 : period, 0);
}

NTSTATUS NTAPI RtlCreateTimerQueue(PHANDLE result)
{
    struct queue *queue = RtlAllocateHeap(process_heap(), 0, sizeof(*queue));

    if (!queue) return STATUS_NO_MEMORY;
    *queue = (struct queue){NULL};
    *result = queue;
    return STATUS_SUCCESS;
}

static void enqueue(struct timer *timer)
{
    RtlAcquireSRWLockExclusive(&queues_lock);
    timer->next = timer->queue->timers;
    timer->queue->timers = timer;
    RtlReleaseSRWLockExclusive(&queues_lock);
}

// Whether it was in a queue still; else somebody ended it already.
static bool dequeue(struct timer *timer)
{
    RtlAcquireSRWLockExclusive(&queues_lock);
    struct timer **at = timer->queue ? &timer->queue->timers : NULL;
    while (at && *at != timer) at = &(*at)->next;
    if (at) *at = timer->next;
    timer->queue = NULL;
    RtlReleaseSRWLockExclusive(&queues_lock);
    return at != NULL;
}

static struct timer *dequeue_first(struct queue *queue)
{
    RtlAcquireSRWLockExclusive(&queues_lock);
    struct timer *timer = queue->timers;
    if (timer) {
        queue->timers = timer->next;
        timer->queue = NULL;
    }
    RtlReleaseSRWLockExclusive(&queues_lock);
    return timer;
}

/** Calls callback after due milliseconds and then every period ones, 0: once. queue NULL: the process's own.
 */
NTSTATUS NTAPI RtlCreateTimer(HANDLE queue, PHANDLE result, WAITORTIMERCALLBACKFUNC callback, PVOID context,
                              ULONG due, ULONG period, ULONG flags)
{
    struct timer *timer = RtlAllocateHeap(process_heap(), 0, sizeof(*timer));

    if (!timer) return STATUS_NO_MEMORY;
    *timer = (struct timer){NULL, callback, context, flags, queue ? queue : &default_queue, NULL};
    NTSTATUS status = TpAllocTimer(&timer->timer, run_timer, timer, NULL);
    if (!NT_SUCCESS(status)) {
        RtlFreeHeap(process_heap(), 0, timer);
        return status;
    }
    lowland_tp_own(timer->timer, timer);
    enqueue(timer);
    *result = timer; // the callback may use it at once
    arm_timer(timer, due, period);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlUpdateTimer(HANDLE queue, HANDLE timer, ULONG due, ULONG period)
{
    (void)queue;
    if (!timer) return STATUS_INVALID_PARAMETER_2;
    arm_timer(timer, due, period);
    return STATUS_SUCCESS;
}

/** Ends a timer; completion as for RtlDeregisterWaitEx. STATUS_PENDING too when its queue was deleted before,
 * which only its own callback can come to say. */
NTSTATUS NTAPI RtlDeleteTimer(HANDLE queue, HANDLE handle, HANDLE completion)
{
    struct timer *timer = handle;

    (void)queue;
    if (!timer) return STATUS_INVALID_PARAMETER_1;
    if (!dequeue(timer)) return STATUS_PENDING;
    return lowland_tp_end(timer->timer, completion) ? STATUS_SUCCESS : STATUS_PENDING;
}

NTSTATUS NTAPI RtlCancelTimer(HANDLE queue, HANDLE timer)
{
    return RtlDeleteTimer(queue, timer, NULL);
}

/** Ends a queue with all its timers. An event as completion is set before this returns: all callbacks have
 * ended then. */
NTSTATUS NTAPI RtlDeleteTimerQueueEx(HANDLE handle, HANDLE completion)
{
    struct queue *queue = handle;
    bool ended = true;

    if (!queue) return STATUS_INVALID_HANDLE;
    for (struct timer *timer; (timer = dequeue_first(queue));)
        ended &= lowland_tp_end(timer->timer, completion ? INVALID_HANDLE_VALUE : NULL);
    RtlFreeHeap(process_heap(), 0, queue);
    if (completion && completion != INVALID_HANDLE_VALUE) NtSetEvent(completion, NULL);
    return ended ? STATUS_SUCCESS : STATUS_PENDING;
}

NTSTATUS NTAPI RtlDeleteTimerQueue(HANDLE queue)
{
    return RtlDeleteTimerQueueEx(queue, NULL);
}
