// The thread pool's functions that differ from ntdll's Tp functions, to which the others are forwarded; and
// those older than it: work items, registered waits, timer queues.
#include "base.h"
#include "nt/rtl_timer.h"

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

// ---- work items, registered waits and timer queues: ntdll's ----

// What runs still isn't a failure to ntdll, but is one here.
static BOOL ended(NTSTATUS status)
{
    return status == STATUS_PENDING ? fail_with(ERROR_IO_PENDING) : bool_from_status(status);
}

HOTPATCH BOOL WINAPI QueueUserWorkItem(LPTHREAD_START_ROUTINE function, void *context, ULONG flags)
{
    return bool_from_status(RtlQueueWorkItem((WORKERCALLBACKFUNC)(void *)function, context, flags));
}

HOTPATCH BOOL WINAPI RegisterWaitForSingleObject(HANDLE *result, HANDLE object, WAITORTIMERCALLBACK callback,
                                                 void *context, ULONG milliseconds, ULONG flags)
{
    return bool_from_status(
        RtlRegisterWait(result, resolve_standard_handle(object), callback, context, milliseconds, flags));
}

// completion NULL: doesn't wait for a running callback; INVALID_HANDLE_VALUE: does; else the event is set
// when it has returned. FALSE with ERROR_IO_PENDING when one runs still.
HOTPATCH BOOL WINAPI UnregisterWaitEx(HANDLE wait, HANDLE completion)
{
    return ended(RtlDeregisterWaitEx(wait, completion));
}

HOTPATCH BOOL WINAPI UnregisterWait(HANDLE wait)
{
    return UnregisterWaitEx(wait, NULL);
}

HOTPATCH HANDLE WINAPI CreateTimerQueue(void)
{
    return CREATE(HANDLE, RtlCreateTimerQueue(&created));
}

HOTPATCH BOOL WINAPI CreateTimerQueueTimer(HANDLE *result, HANDLE queue, WAITORTIMERCALLBACK callback,
                                           void *context, DWORD due, DWORD period, ULONG flags)
{
    return bool_from_status(RtlCreateTimer(queue, result, callback, context, due, period, flags));
}

HOTPATCH BOOL WINAPI ChangeTimerQueueTimer(HANDLE queue, HANDLE timer, ULONG due, ULONG period)
{
    return bool_from_status(RtlUpdateTimer(queue, timer, due, period));
}

HOTPATCH BOOL WINAPI DeleteTimerQueueTimer(HANDLE queue, HANDLE timer, HANDLE completion)
{
    return ended(RtlDeleteTimer(queue, timer, completion));
}

HOTPATCH BOOL WINAPI DeleteTimerQueueEx(HANDLE queue, HANDLE completion)
{
    return ended(RtlDeleteTimerQueueEx(queue, completion));
}

HOTPATCH BOOL WINAPI DeleteTimerQueue(HANDLE queue)
{
    return DeleteTimerQueueEx(queue, NULL);
}
