// The thread pool: work, timers, waits, I/O, groups, and the older functions that stand on it.
#include <windows.h>
#include "tests/check.h"

static LONG calls, cancelled;
static HANDLE gate, done;

static void CALLBACK count(PTP_CALLBACK_INSTANCE instance, void *context)
{
    (void)instance;
    InterlockedAdd(&calls, (LONG)(LONG_PTR)context);
}

static void CALLBACK work(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WORK object)
{
    (void)object;
    if (context) WaitForSingleObject(gate, 5000);
    SetEventWhenCallbackReturns(instance, done);
    InterlockedIncrement(&calls);
}

static void CALLBACK cancel(void *object, void *context)
{
    (void)object;
    InterlockedAdd(&cancelled, (LONG)(LONG_PTR)context);
}

static void test_work(void)
{
    PTP_WORK quick = CreateThreadpoolWork(work, NULL, NULL);

    calls = 0;
    for (int i = 0; i < 100; i++) SubmitThreadpoolWork(quick);
    WaitForThreadpoolWorkCallbacks(quick, FALSE);
    CHECK_EQUAL(calls, 100);
    CHECK_EQUAL(WaitForSingleObject(done, 1000), WAIT_OBJECT_0);
    CloseThreadpoolWork(quick);

    // Callbacks that block don't keep others from running.
    PTP_WORK blocked = CreateThreadpoolWork(work, &gate, NULL);
    calls = 0;
    for (int i = 0; i < 8; i++) SubmitThreadpoolWork(blocked);
    CHECK(TrySubmitThreadpoolCallback(count, (void *)1, NULL), "simple");
    for (int i = 0; i < 300 && !calls; i++) Sleep(10);
    CHECK_EQUAL(calls, 1);
    SetEvent(gate);
    WaitForThreadpoolWorkCallbacks(blocked, FALSE);
    CHECK_EQUAL(calls, 9);
    ResetEvent(gate);
    CloseThreadpoolWork(blocked);
}

static void test_group(void)
{
    PTP_POOL pool = CreateThreadpool(NULL);
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    TP_CALLBACK_ENVIRON environment;

    CHECK(pool != NULL && group != NULL, "made");
    SetThreadpoolThreadMaximum(pool, 1);
    CHECK(SetThreadpoolThreadMinimum(pool, 1), "minimum");
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    SetThreadpoolCallbackCleanupGroup(&environment, group, cancel);
    // The only worker is busy: what follows is pending.
    PTP_WORK first = CreateThreadpoolWork(work, &gate, &environment);
    calls = cancelled = 0;
    SubmitThreadpoolWork(first);
    Sleep(50);
    CHECK(TrySubmitThreadpoolCallback(count, (void *)100, &environment), "simple");
    Sleep(50);
    CHECK_EQUAL(calls, 0);
    SetEvent(gate);
    CloseThreadpoolCleanupGroupMembers(group, FALSE, (void *)1);
    CHECK_EQUAL(calls, 101);
    CHECK_EQUAL(cancelled, 0);
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
    ResetEvent(gate);
}

static void CALLBACK timer(PTP_CALLBACK_INSTANCE instance, void *context, PTP_TIMER object)
{
    (void)instance, (void)context, (void)object;
    InterlockedIncrement(&calls);
}

static FILETIME *relative(FILETIME *time, int milliseconds)
{
    LARGE_INTEGER due = {.QuadPart = -(LONGLONG)milliseconds * 10000};
    *time = (FILETIME){due.LowPart, (DWORD)due.HighPart};
    return time;
}

static void test_timer(void)
{
    PTP_TIMER object = CreateThreadpoolTimer(timer, NULL, NULL);
    FILETIME due;

    calls = 0;
    CHECK(!IsThreadpoolTimerSet(object), "not set");
    SetThreadpoolTimer(object, relative(&due, 20), 0, 0);
    CHECK(IsThreadpoolTimerSet(object), "set");
    Sleep(200);
    CHECK_EQUAL(calls, 1);
    SetThreadpoolTimer(object, relative(&due, 0), 20, 0);
    Sleep(300);
    SetThreadpoolTimer(object, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(object, TRUE);
    CHECK(calls > 3, "%ld", calls);
    LONG before = calls;
    Sleep(60);
    CHECK_EQUAL(calls, before);
    CloseThreadpoolTimer(object);
}

static TP_WAIT_RESULT last_result;

static void CALLBACK waited(PTP_CALLBACK_INSTANCE instance, void *context, PTP_WAIT object,
                            TP_WAIT_RESULT result)
{
    (void)context, (void)object;
    last_result = result;
    SetEventWhenCallbackReturns(instance, done);
}

static void test_wait(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    PTP_WAIT object = CreateThreadpoolWait(waited, NULL, NULL);
    FILETIME timeout;

    last_result = 77;
    SetThreadpoolWait(object, event, NULL);
    CHECK_EQUAL(WaitForSingleObject(done, 50), WAIT_TIMEOUT);
    SetEvent(event);
    CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);
    CHECK_EQUAL(last_result, WAIT_OBJECT_0);
    SetThreadpoolWait(object, event, relative(&timeout, 20));
    CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);
    CHECK_EQUAL(last_result, WAIT_TIMEOUT);
    // A wait that was ended leaves the signal to others.
    SetThreadpoolWait(object, event, NULL);
    SetThreadpoolWait(object, NULL, NULL);
    SetEvent(event);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(done, 30), WAIT_TIMEOUT);
    CloseThreadpoolWait(object);
    CloseHandle(event);
}

static ULONG io_error, io_size;
static void *io_overlapped;

static void CALLBACK io_done(PTP_CALLBACK_INSTANCE instance, void *context, void *overlapped, ULONG error,
                             ULONG_PTR size, PTP_IO io)
{
    (void)context, (void)io;
    io_error = error;
    io_size = size;
    io_overlapped = overlapped;
    SetEventWhenCallbackReturns(instance, done);
}

static void CALLBACK bound_done(DWORD error, DWORD size, OVERLAPPED *overlapped)
{
    io_error = error;
    io_size = size;
    io_overlapped = overlapped;
    SetEvent(done);
}

static HANDLE open_file(void)
{
    return CreateFileA("pool.tmp", GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                       FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

static void test_io(void)
{
    HANDLE file = open_file();
    PTP_IO io = CreateThreadpoolIo(file, io_done, NULL, NULL);
    OVERLAPPED overlapped = {0};

    CHECK(io != NULL, "io");
    StartThreadpoolIo(io);
    CHECK(WriteFile(file, "hello", 5, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING, "write");
    CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);
    CHECK(io_error == 0 && io_size == 5 && io_overlapped == &overlapped, "%lu, %lu", io_error, io_size);
    WaitForThreadpoolIoCallbacks(io, FALSE);
    CloseThreadpoolIo(io);
    CloseHandle(file);

    file = open_file();
    CHECK(BindIoCompletionCallback(file, bound_done, 0), "bind");
    memset(&overlapped, 0, sizeof(overlapped));
    CHECK(WriteFile(file, "four", 4, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING, "write");
    CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);
    CHECK(io_error == 0 && io_size == 4 && io_overlapped == &overlapped, "%lu, %lu", io_error, io_size);
    CloseHandle(file);
}

static DWORD WINAPI item(void *context)
{
    SetEvent(context);
    return 0;
}

static void CALLBACK old_callback(void *context, BOOLEAN timed_out)
{
    last_result = timed_out;
    InterlockedIncrement(&calls);
    SetEvent(context);
}

static void test_old(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL), wait, queue, old_timer;

    CHECK(QueueUserWorkItem(item, done, WT_EXECUTELONGFUNCTION), "item");
    CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);

    calls = 0;
    CHECK(RegisterWaitForSingleObject(&wait, event, old_callback, done, INFINITE, WT_EXECUTEDEFAULT), "wait");
    for (int i = 0; i < 3; i++) {
        SetEvent(event);
        CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);
    }
    CHECK_EQUAL(last_result, FALSE);
    CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE), "unregister");
    CHECK_EQUAL(calls, 3);
    CHECK(RegisterWaitForSingleObject(&wait, event, old_callback, done, 20, WT_EXECUTEONLYONCE), "wait");
    CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);
    CHECK_EQUAL(last_result, TRUE);
    CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE), "unregister");

    queue = CreateTimerQueue();
    calls = 0;
    CHECK(CreateTimerQueueTimer(&old_timer, queue, old_callback, done, 10, 10, 0), "timer");
    for (int i = 0; i < 3; i++) CHECK_EQUAL(WaitForSingleObject(done, 2000), WAIT_OBJECT_0);
    CHECK(ChangeTimerQueueTimer(queue, old_timer, 100000, 0), "change");
    CHECK(DeleteTimerQueueTimer(queue, old_timer, INVALID_HANDLE_VALUE), "delete");
    LONG before = calls;
    Sleep(50);
    CHECK_EQUAL(calls, before);
    CHECK(CreateTimerQueueTimer(&old_timer, queue, old_callback, done, 100000, 0, 0), "timer");
    CHECK(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE), "queue");
    CloseHandle(event);
}

int main(void)
{
    gate = CreateEventA(NULL, TRUE, FALSE, NULL);
    done = CreateEventA(NULL, FALSE, FALSE, NULL);
    test_work();
    ResetEvent(done);
    test_group();
    ResetEvent(done);
    test_timer();
    test_wait();
    test_io();
    test_old();
    return check_summary();
}
