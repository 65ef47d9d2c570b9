// The thread pool's functions that differ from ntdll's Tp functions, to which the others are forwarded; and
// those older than it: work items, registered waits, timer queues.
#include "base.h"

// ---- objects: NULL or FALSE with the last error instead of a status ----

#define CREATE(type, call)                                                                                   \
    ({                                                                                                       \
        type created = NULL;                                                                                 \
        bool_from_status(call) ? created : NULL;                                                             \
    })

HOTPATCH PTP_POOL WINAPI CreateThreadpool(void *reserved)
{
    return CREATE(PTP_POOL, TpAllocPool(&created, reserved));
}

HOTPATCH BOOL WINAPI SetThreadpoolThreadMinimum(PTP_POOL pool, DWORD minimum)
{
    return bool_from_status(TpSetPoolMinThreads(pool, minimum));
}

HOTPATCH BOOL WINAPI SetThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    return bool_from_status(TpSetPoolStackInformation(pool, information));
}

HOTPATCH BOOL WINAPI QueryThreadpoolStackInformation(PTP_POOL pool, PTP_POOL_STACK_INFORMATION information)
{
    return bool_from_status(TpQueryPoolStackInformation(pool, information));
}

HOTPATCH PTP_CLEANUP_GROUP WINAPI CreateThreadpoolCleanupGroup(void)
{
    return CREATE(PTP_CLEANUP_GROUP, TpAllocCleanupGroup(&created));
}

HOTPATCH BOOL WINAPI TrySubmitThreadpoolCallback(PTP_SIMPLE_CALLBACK callback, void *context,
                                                 PTP_CALLBACK_ENVIRON environment)
{
    return bool_from_status(TpSimpleTryPost(callback, context, environment));
}

HOTPATCH PTP_WORK WINAPI CreateThreadpoolWork(PTP_WORK_CALLBACK callback, void *context,
                                              PTP_CALLBACK_ENVIRON environment)
{
    return CREATE(PTP_WORK, TpAllocWork(&created, callback, context, environment));
}

HOTPATCH PTP_TIMER WINAPI CreateThreadpoolTimer(PTP_TIMER_CALLBACK callback, void *context,
                                                PTP_CALLBACK_ENVIRON environment)
{
    return CREATE(PTP_TIMER, TpAllocTimer(&created, callback, context, environment));
}

HOTPATCH PTP_WAIT WINAPI CreateThreadpoolWait(PTP_WAIT_CALLBACK callback, void *context,
                                              PTP_CALLBACK_ENVIRON environment)
{
    return CREATE(PTP_WAIT, TpAllocWait(&created, callback, context, environment));
}

HOTPATCH BOOL WINAPI CallbackMayRunLong(PTP_CALLBACK_INSTANCE instance)
{
    return bool_from_status(TpCallbackMayRunLong(instance));
}

struct win32_io {
    PTP_WIN32_IO_CALLBACK callback;
    void *context;
};

// A Win32 callback gets an error and a size in place of the status block.
static void NTAPI run_io(PTP_CALLBACK_INSTANCE instance, void *context, void *overlapped,
                         IO_STATUS_BLOCK *result, PTP_IO io)
{
    struct win32_io *win32 = context;
    win32->callback(instance, win32->context, overlapped, RtlNtStatusToDosError(result->Status),
                    result->Information, io);
}

HOTPATCH PTP_IO WINAPI CreateThreadpoolIo(HANDLE file, PTP_WIN32_IO_CALLBACK callback, void *context,
                                          PTP_CALLBACK_ENVIRON environment)
{
    struct win32_io *win32 = heap_alloc(sizeof(*win32));
    if (!win32) return NULL;
    *win32 = (struct win32_io){callback, context};
    PTP_IO io = CREATE(PTP_IO, TpAllocIoCompletion(&created, file, run_io, win32, environment));
    if (io)
        lowland_tp_own(io, win32);
    else
        heap_free(win32);
    return io;
}

HOTPATCH BOOL WINAPI BindIoCompletionCallback(HANDLE file, LPOVERLAPPED_COMPLETION_ROUTINE callback,
                                              ULONG flags)
{
    return bool_from_status(RtlSetIoCompletionCallback(file, callback, flags));
}

// ---- work items ----

struct item {
    LPTHREAD_START_ROUTINE function;
    void *context;
};

static void NTAPI run_item(PTP_CALLBACK_INSTANCE instance, void *argument)
{
    struct item item = *(struct item *)argument;
    heap_free(argument);
    (void)instance;
    item.function(item.context);
}

HOTPATCH BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE function, void *context, ULONG flags)
{
    (void)flags; // every worker serves long functions and I/O, too
    struct item *item = heap_alloc(sizeof(*item));
    if (!item) return FALSE;
    *item = (struct item){function, context};
    if (TrySubmitThreadpoolCallback(run_item, item, NULL)) return TRUE;
    heap_free(item);
    return FALSE;
}

// ---- registered waits: the handle is ours, which the pool's object frees ----

struct wait {
    PTP_WAIT wait;
    HANDLE object;
    WAITORTIMERCALLBACK callback;
    void *context;
    ULONG milliseconds, flags;
};

static void arm_wait(struct wait *wait)
{
    LARGE_INTEGER timeout;
    TpSetWait(wait->wait, wait->object, nt_timeout(&timeout, wait->milliseconds));
}

static void NTAPI run_wait(PTP_CALLBACK_INSTANCE instance, void *argument, PTP_WAIT tp, TP_WAIT_RESULT result)
{
    struct wait *wait = argument;
    (void)instance, (void)tp;
    wait->callback(wait->context, result == WAIT_TIMEOUT);
    // Nothing when the wait was unregistered meanwhile.
    if (!(wait->flags & WT_EXECUTEONLYONCE)) arm_wait(wait);
}

HOTPATCH BOOL WINAPI RegisterWaitForSingleObject(HANDLE *result, HANDLE object, WAITORTIMERCALLBACK callback,
                                                 void *context, ULONG milliseconds, ULONG flags)
{
    struct wait *wait = heap_alloc(sizeof(*wait));
    if (!wait) return FALSE;
    *wait = (struct wait){NULL, resolve_standard_handle(object), callback, context, milliseconds, flags};
    wait->wait = CreateThreadpoolWait(run_wait, wait, NULL);
    if (!wait->wait) {
        heap_free(wait);
        return FALSE;
    }
    lowland_tp_own(wait->wait, wait);
    *result = wait; // the callback may use it at once
    arm_wait(wait);
    return TRUE;
}

// completion NULL: doesn't wait for a running callback; INVALID_HANDLE_VALUE: does; else the event is set
// when it has returned. FALSE with ERROR_IO_PENDING when one runs still.
HOTPATCH BOOL WINAPI UnregisterWaitEx(HANDLE handle, HANDLE completion)
{
    struct wait *wait = handle;
    if (!wait) return fail_with(ERROR_INVALID_HANDLE);
    return lowland_tp_end(wait->wait, completion) ? TRUE : fail_with(ERROR_IO_PENDING);
}

HOTPATCH BOOL WINAPI UnregisterWait(HANDLE wait)
{
    return UnregisterWaitEx(wait, NULL);
}

// ---- timer queues ----

struct queue {
    RTL_SRWLOCK lock;
    struct timer *timers;
};

struct timer {
    PTP_TIMER timer;
    WAITORTIMERCALLBACK callback;
    void *context;
    ULONG flags;
    struct queue *queue;
    struct timer *next; // in the queue
};

static struct queue default_queue = {RTL_SRWLOCK_INIT, NULL};

static void NTAPI run_timer(PTP_CALLBACK_INSTANCE instance, void *argument, PTP_TIMER tp)
{
    struct timer *timer = argument;
    (void)instance, (void)tp;
    timer->callback(timer->context, TRUE);
}

static void arm_timer(struct timer *timer, DWORD due, DWORD period)
{
    LARGE_INTEGER time;
    TpSetTimer(timer->timer, nt_timeout(&time, due), timer->flags & WT_EXECUTEONLYONCE ? 0 : period, 0);
}

HOTPATCH HANDLE WINAPI CreateTimerQueue(void)
{
    struct queue *queue = heap_alloc(sizeof(*queue));
    if (queue) *queue = (struct queue){RTL_SRWLOCK_INIT, NULL};
    return queue;
}

HOTPATCH BOOL WINAPI CreateTimerQueueTimer(HANDLE *result, HANDLE handle, WAITORTIMERCALLBACK callback,
                                           void *context, DWORD due, DWORD period, ULONG flags)
{
    struct queue *queue = handle ? handle : &default_queue;
    struct timer *timer = heap_alloc(sizeof(*timer));
    if (!timer) return FALSE;
    *timer = (struct timer){NULL, callback, context, flags, queue, NULL};
    timer->timer = CreateThreadpoolTimer(run_timer, timer, NULL);
    if (!timer->timer) {
        heap_free(timer);
        return FALSE;
    }
    lowland_tp_own(timer->timer, timer);
    RtlAcquireSRWLockExclusive(&queue->lock);
    timer->next = queue->timers;
    queue->timers = timer;
    RtlReleaseSRWLockExclusive(&queue->lock);
    *result = timer; // the callback may use it at once
    arm_timer(timer, due, period);
    return TRUE;
}

HOTPATCH BOOL WINAPI ChangeTimerQueueTimer(HANDLE handle, HANDLE timer, ULONG due, ULONG period)
{
    (void)handle;
    if (!timer) return fail_with(ERROR_INVALID_PARAMETER);
    arm_timer(timer, due, period);
    return TRUE;
}

HOTPATCH BOOL WINAPI DeleteTimerQueueTimer(HANDLE handle, HANDLE timer_handle, HANDLE completion)
{
    struct timer *timer = timer_handle;
    (void)handle;
    if (!timer) return fail_with(ERROR_INVALID_PARAMETER);
    struct queue *queue = timer->queue;
    RtlAcquireSRWLockExclusive(&queue->lock);
    for (struct timer **at = &queue->timers; *at; at = &(*at)->next)
        if (*at == timer) {
            *at = timer->next;
            break;
        }
    RtlReleaseSRWLockExclusive(&queue->lock);
    return lowland_tp_end(timer->timer, completion) ? TRUE : fail_with(ERROR_IO_PENDING);
}

// An event as completion is set before this returns: all callbacks have ended then.
HOTPATCH BOOL WINAPI DeleteTimerQueueEx(HANDLE handle, HANDLE completion)
{
    struct queue *queue = handle;
    bool ended = true;
    if (!queue) return fail_with(ERROR_INVALID_HANDLE);
    for (;;) {
        RtlAcquireSRWLockExclusive(&queue->lock);
        struct timer *timer = queue->timers;
        if (timer) queue->timers = timer->next;
        RtlReleaseSRWLockExclusive(&queue->lock);
        if (!timer) break;
        ended &= lowland_tp_end(timer->timer, completion ? INVALID_HANDLE_VALUE : NULL);
    }
    heap_free(queue);
    if (completion && completion != INVALID_HANDLE_VALUE) NtSetEvent(completion, NULL);
    return ended ? TRUE : fail_with(ERROR_IO_PENDING);
}

HOTPATCH BOOL WINAPI DeleteTimerQueue(HANDLE queue)
{
    return DeleteTimerQueueEx(queue, NULL);
}
