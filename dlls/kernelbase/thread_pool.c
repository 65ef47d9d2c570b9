// Work in other threads: work items, waits and timers, each served by a thread of its own while it lasts.
// Simple rather than fast: a thread costs some tens of microseconds here.
#include "base.h"

// ---- QueueUserWorkItem ----

struct item {
    LPTHREAD_START_ROUTINE function;
    void *context;
};

static DWORD WINAPI run_item(void *argument)
{
    struct item item = *(struct item *)argument;
    heap_free(argument);
    return item.function(item.context);
}

HOTPATCH BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE function, void *context, ULONG flags)
{
    (void)flags;
    struct item *item = heap_alloc(sizeof(*item));
    if (!item) return FALSE;
    *item = (struct item){function, context};
    HANDLE thread = CreateThread(NULL, 0, run_item, item, 0, NULL);
    if (!thread) {
        heap_free(item);
        return FALSE;
    }
    NtClose(thread);
    return TRUE;
}

// ---- registered waits and timers: a thread that waits for its object, its time or its end ----

struct wait {
    HANDLE object; // NULL: a timer
    HANDLE stop;   // set when the wait is unregistered or the timer changed
    HANDLE thread;
    HANDLE completion; // set by the thread when it has ended; NULL: none
    WAITORTIMERCALLBACK callback;
    void *context;
    DWORD due, period; // milliseconds
    ULONG flags;
    LONG ending;
    LONG references; // the thread's and the owner's
    struct queue *queue;
    struct wait *next; // in the queue
};

static void release(struct wait *wait)
{
    if (__atomic_sub_fetch(&wait->references, 1, __ATOMIC_ACQ_REL)) return;
    NtClose(wait->stop);
    if (wait->thread) NtClose(wait->thread);
    heap_free(wait);
}

static DWORD WINAPI run_wait(void *argument)
{
    struct wait *wait = argument;
    HANDLE handles[2] = {wait->stop, wait->object};
    DWORD count = wait->object ? 2 : 1;
    bool done = false;
    while (!done) {
        DWORD timeout = __atomic_load_n(&wait->due, __ATOMIC_ACQUIRE);
        DWORD result = WaitForMultipleObjectsEx(count, handles, FALSE, timeout, TRUE);
        if (__atomic_load_n(&wait->ending, __ATOMIC_ACQUIRE) || result == WAIT_FAILED) break;
        // A changed timer begins again; APCs of the callbacks have run.
        if (result == WAIT_OBJECT_0 || result == WAIT_IO_COMPLETION) continue;
        bool timed_out = result == WAIT_TIMEOUT;
        if (!wait->object) {
            __atomic_store_n(&wait->due, wait->period ? wait->period : INFINITE, __ATOMIC_RELEASE);
            done = !wait->period && (wait->flags & WT_EXECUTEONLYONCE);
        }
        wait->callback(wait->context, timed_out);
        if (wait->object && (wait->flags & WT_EXECUTEONLYONCE)) done = true;
    }
    HANDLE completion = __atomic_load_n(&wait->completion, __ATOMIC_ACQUIRE);
    if (completion) NtSetEvent(completion, NULL);
    release(wait);
    return 0;
}

// Starts a wait's thread; it has one reference for the owner when it returns. NULL with the last error set.
static struct wait *start_wait(HANDLE object, WAITORTIMERCALLBACK callback, void *context, DWORD due,
                               DWORD period, ULONG flags)
{
    struct wait *wait = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*wait));
    if (!wait) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    wait->stop = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!wait->stop) {
        heap_free(wait);
        return NULL;
    }
    wait->object = object;
    wait->callback = callback;
    wait->context = context;
    wait->due = due;
    wait->period = period;
    wait->flags = flags;
    wait->references = 2;
    wait->thread = CreateThread(NULL, 0, run_wait, wait, 0, NULL);
    if (!wait->thread) {
        NtClose(wait->stop);
        heap_free(wait);
        return NULL;
    }
    return wait;
}

// Ends a wait. completion NULL: does not wait for a running callback (and says so); INVALID_HANDLE_VALUE:
// waits; else the event is set when the thread has ended.
static BOOL end_wait(struct wait *wait, HANDLE completion)
{
    bool own = GetThreadId(wait->thread) == GetCurrentThreadId();
    HANDLE thread = wait->thread;
    if (completion && completion != INVALID_HANDLE_VALUE)
        __atomic_store_n(&wait->completion, completion, __ATOMIC_RELEASE);
    __atomic_store_n(&wait->ending, 1, __ATOMIC_RELEASE);
    SetEvent(wait->stop);
    BOOL result = TRUE;
    if (completion == INVALID_HANDLE_VALUE && !own)
        WaitForSingleObject(thread, INFINITE);
    else if (own || WaitForSingleObject(thread, 0) != WAIT_OBJECT_0)
        result = fail_with(ERROR_IO_PENDING);
    release(wait);
    return result;
}

HOTPATCH BOOL WINAPI RegisterWaitForSingleObject(HANDLE *result, HANDLE object, WAITORTIMERCALLBACK callback,
                                                 void *context, ULONG milliseconds, ULONG flags)
{
    struct wait *wait = start_wait(object, callback, context, milliseconds, 0, flags);
    if (!wait) return FALSE;
    *result = wait;
    return TRUE;
}

HOTPATCH BOOL WINAPI UnregisterWaitEx(HANDLE wait, HANDLE completion)
{
    if (!wait) return fail_with(ERROR_INVALID_HANDLE);
    return end_wait(wait, completion);
}

HOTPATCH BOOL WINAPI UnregisterWait(HANDLE wait)
{
    return UnregisterWaitEx(wait, NULL);
}

// ---- timer queues ----

struct queue {
    RTL_SRWLOCK lock;
    struct wait *timers;
};

static struct queue default_queue = {RTL_SRWLOCK_INIT, NULL};

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
    // The callback may use the handle at once.
    struct wait *timer = start_wait(NULL, callback, context, INFINITE, period, flags);
    if (!timer) return FALSE;
    *result = timer;
    timer->queue = queue;
    RtlAcquireSRWLockExclusive(&queue->lock);
    timer->next = queue->timers;
    queue->timers = timer;
    RtlReleaseSRWLockExclusive(&queue->lock);
    __atomic_store_n(&timer->due, due, __ATOMIC_RELEASE);
    SetEvent(timer->stop);
    return TRUE;
}

HOTPATCH BOOL WINAPI ChangeTimerQueueTimer(HANDLE handle, HANDLE timer_handle, ULONG due, ULONG period)
{
    struct wait *timer = timer_handle;
    (void)handle;
    if (!timer) return fail_with(ERROR_INVALID_PARAMETER);
    timer->period = period;
    __atomic_store_n(&timer->due, due, __ATOMIC_RELEASE);
    SetEvent(timer->stop);
    return TRUE;
}

HOTPATCH BOOL WINAPI DeleteTimerQueueTimer(HANDLE handle, HANDLE timer_handle, HANDLE completion)
{
    struct wait *timer = timer_handle;
    (void)handle;
    if (!timer) return fail_with(ERROR_INVALID_PARAMETER);
    struct queue *queue = timer->queue;
    RtlAcquireSRWLockExclusive(&queue->lock);
    for (struct wait **at = &queue->timers; *at; at = &(*at)->next)
        if (*at == timer) {
            *at = timer->next;
            break;
        }
    RtlReleaseSRWLockExclusive(&queue->lock);
    return end_wait(timer, completion);
}

HOTPATCH BOOL WINAPI DeleteTimerQueueEx(HANDLE handle, HANDLE completion)
{
    struct queue *queue = handle;
    BOOL result = TRUE;
    if (!queue) return fail_with(ERROR_INVALID_HANDLE);
    while (queue->timers) {
        struct wait *timer = queue->timers;
        queue->timers = timer->next;
        if (!end_wait(timer, completion == INVALID_HANDLE_VALUE ? completion : NULL)) result = FALSE;
    }
    heap_free(queue);
    if (completion && completion != INVALID_HANDLE_VALUE) SetEvent(completion);
    return result;
}

HOTPATCH BOOL WINAPI DeleteTimerQueue(HANDLE queue)
{
    return DeleteTimerQueueEx(queue, NULL);
}
