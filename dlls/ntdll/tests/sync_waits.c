// Waits between threads by the NT calls: hand-over, pulse, abandonment, alerts, timers, ports, keyed events.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "tests/check.h"

static LARGE_INTEGER milliseconds(int n)
{
    LARGE_INTEGER timeout;

    timeout.QuadPart = (LONGLONG)n * -10000;
    return timeout;
}

static LARGE_INTEGER now;

static HANDLE event(EVENT_TYPE type, BOOLEAN initial)
{
    HANDLE handle = NULL;

    CHECK_EQUAL(NtCreateEvent(&handle, EVENT_ALL_ACCESS, NULL, type, initial), 0);
    return handle;
}

// A thread that waits as told and reports how it went.
struct waiter {
    HANDLE thread, objects[4];
    ULONG count;
    WAIT_TYPE type;
    BOOLEAN alertable;
    volatile NTSTATUS status;
};

static DWORD WINAPI wait_as_told(void *context)
{
    struct waiter *waiter = context;

    waiter->status =
        NtWaitForMultipleObjects(waiter->count, waiter->objects, waiter->type, waiter->alertable, NULL);
    return 0;
}

static void start(struct waiter *waiter)
{
    waiter->status = STATUS_PENDING;
    waiter->thread = CreateThread(NULL, 0, wait_as_told, waiter, 0, NULL);
    Sleep(30); // it blocks by then
}

static NTSTATUS end(struct waiter *waiter)
{
    CHECK_EQUAL(WaitForSingleObject(waiter->thread, 5000), 0);
    CloseHandle(waiter->thread);
    return waiter->status;
}

static void test_hand_over(void)
{
    HANDLE a = event(SynchronizationEvent, FALSE), manual = event(NotificationEvent, FALSE);
    struct waiter waiter = {.objects = {a}, .count = 1, .type = WaitAny}, second = waiter;

    start(&waiter);
    CHECK_EQUAL(NtSetEvent(a, NULL), 0);
    CHECK_EQUAL(NtWaitForSingleObject(a, FALSE, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(end(&waiter), STATUS_WAIT_0);

    waiter.objects[0] = second.objects[0] = manual;
    start(&waiter);
    start(&second);
    NtSetEvent(manual, NULL);
    NtResetEvent(manual, NULL);
    CHECK_EQUAL(end(&waiter), STATUS_WAIT_0);
    CHECK_EQUAL(end(&second), STATUS_WAIT_0);
    start(&waiter);
    NtPulseEvent(manual, NULL);
    CHECK_EQUAL(end(&waiter), STATUS_WAIT_0);
    NtClose(a);
    NtClose(manual);
}

static void test_all(void)
{
    HANDLE objects[3] = {event(SynchronizationEvent, TRUE), event(SynchronizationEvent, FALSE),
                         event(NotificationEvent, TRUE)};
    HANDLE twice[2] = {objects[0], objects[0]};
    struct waiter waiter = {.objects = {objects[0], objects[1], objects[2]}, .count = 3, .type = WaitAll};

    CHECK_EQUAL(NtWaitForMultipleObjects(3, objects, WaitAll, FALSE, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(NtWaitForMultipleObjects(2, twice, WaitAll, FALSE, &now), STATUS_INVALID_PARAMETER_MIX);
    CHECK_EQUAL(NtWaitForMultipleObjects(3, objects, WaitAny, FALSE, &now), STATUS_WAIT_0);
    CHECK_EQUAL(NtWaitForMultipleObjects(3, objects, WaitAny, FALSE, &now), STATUS_WAIT_0 + 2);
    start(&waiter);
    NtSetEvent(objects[0], NULL);
    CHECK_EQUAL(NtWaitForSingleObject(objects[0], FALSE, &now), STATUS_WAIT_0);
    NtSetEvent(objects[1], NULL);
    CHECK_EQUAL(waiter.status, STATUS_PENDING);
    NtSetEvent(objects[0], NULL);
    CHECK_EQUAL(end(&waiter), STATUS_WAIT_0);
    for (int i = 0; i < 3; i++) NtClose(objects[i]);
}

static DWORD WINAPI take_and_end(void *mutant)
{
    return NtWaitForSingleObject(mutant, FALSE, NULL);
}

static void test_mutants(void)
{
    HANDLE mutant = NULL;
    LONG previous = 9;
    MUTANT_BASIC_INFORMATION info;

    CHECK_EQUAL(NtCreateMutant(&mutant, MUTANT_ALL_ACCESS, NULL, TRUE), 0);
    CHECK_EQUAL(NtWaitForSingleObject(mutant, FALSE, NULL), 0);
    CHECK_EQUAL(NtQueryMutant(mutant, MutantBasicInformation, &info, sizeof(info), NULL), 0);
    CHECK_EQUAL(info.CurrentCount, -1);
    CHECK(info.OwnedByCaller && !info.AbandonedState, "state");
    CHECK_EQUAL(NtReleaseMutant(mutant, &previous), 0);
    CHECK_EQUAL(previous, -1);
    CHECK_EQUAL(NtReleaseMutant(mutant, &previous), 0);
    CHECK_EQUAL(previous, 0);
    CHECK_EQUAL(NtReleaseMutant(mutant, &previous), STATUS_MUTANT_NOT_OWNED);
    HANDLE thread = CreateThread(NULL, 0, take_and_end, mutant, 0, NULL);
    WaitForSingleObject(thread, 5000);
    CloseHandle(thread);
    CHECK_EQUAL(NtQueryMutant(mutant, MutantBasicInformation, &info, sizeof(info), NULL), 0);
    CHECK(info.AbandonedState && info.CurrentCount == 1, "abandoned");
    CHECK_EQUAL(NtWaitForSingleObject(mutant, FALSE, NULL), STATUS_ABANDONED_WAIT_0);
    CHECK_EQUAL(NtReleaseMutant(mutant, NULL), 0);
    CHECK_EQUAL(NtWaitForSingleObject(mutant, FALSE, NULL), STATUS_WAIT_0);
    NtClose(mutant);
}

static void test_semaphores(void)
{
    HANDLE semaphore = NULL;
    LONG previous = 9;
    SEMAPHORE_BASIC_INFORMATION info;

    CHECK_EQUAL(NtCreateSemaphore(&semaphore, SEMAPHORE_ALL_ACCESS, NULL, 1, 3), 0);
    CHECK_EQUAL(NtReleaseSemaphore(semaphore, 2, &previous), 0);
    CHECK_EQUAL(previous, 1);
    CHECK_EQUAL(NtReleaseSemaphore(semaphore, 1, &previous), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    CHECK_EQUAL(NtReleaseSemaphore(semaphore, 0, &previous), STATUS_INVALID_PARAMETER);
    for (int i = 0; i < 3; i++) CHECK_EQUAL(NtWaitForSingleObject(semaphore, FALSE, &now), 0);
    CHECK_EQUAL(NtWaitForSingleObject(semaphore, FALSE, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(NtQuerySemaphore(semaphore, SemaphoreBasicInformation, &info, sizeof(info), NULL), 0);
    CHECK(info.CurrentCount == 0 && info.MaximumCount == 3, "%ld %ld", info.CurrentCount, info.MaximumCount);
    NtClose(semaphore);
}

static int apcs;

static void CALLBACK count_apc(ULONG_PTR value)
{
    apcs += (int)value;
}

static void test_alerts(void)
{
    HANDLE set = event(NotificationEvent, TRUE), unset = event(NotificationEvent, FALSE);
    LARGE_INTEGER soon = milliseconds(10);

    CHECK(QueueUserAPC(count_apc, GetCurrentThread(), 1), "queue");
    CHECK_EQUAL(NtWaitForSingleObject(unset, FALSE, &soon), STATUS_TIMEOUT);
    CHECK_EQUAL(NtWaitForSingleObject(set, TRUE, NULL), STATUS_WAIT_0);
    CHECK_EQUAL(apcs, 0);
    CHECK_EQUAL(NtWaitForSingleObject(unset, TRUE, NULL), STATUS_USER_APC);
    CHECK_EQUAL(apcs, 1);
    struct waiter waiter = {.objects = {unset}, .count = 1, .type = WaitAny, .alertable = TRUE};
    start(&waiter);
    CHECK(QueueUserAPC(count_apc, waiter.thread, 10), "queue");
    CHECK_EQUAL(end(&waiter), STATUS_USER_APC);
    CHECK_EQUAL(apcs, 11);
    start(&waiter);
    CHECK_EQUAL(NtAlertThread(waiter.thread), 0);
    CHECK_EQUAL(end(&waiter), STATUS_ALERTED);
    CHECK(QueueUserAPC(count_apc, GetCurrentThread(), 100), "queue");
    CHECK_EQUAL(SleepEx(5000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(apcs, 111);
    NtClose(set);
    NtClose(unset);
}

static int timer_apcs;

static void CALLBACK timer_apc(void *context, ULONG low, LONG high)
{
    CHECK(context == &timer_apcs && (low || high), "timer APC's arguments");
    timer_apcs++;
}

static void test_timers(void)
{
    HANDLE timer = NULL;
    LARGE_INTEGER due = milliseconds(20), long_time = milliseconds(5000);
    BOOLEAN previous = 9;
    TIMER_BASIC_INFORMATION info;

    CHECK_EQUAL(NtCreateTimer(&timer, TIMER_ALL_ACCESS, NULL, SynchronizationTimer), 0);
    CHECK_EQUAL(NtWaitForSingleObject(timer, FALSE, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(NtSetTimer(timer, &due, NULL, NULL, FALSE, 0, &previous), 0);
    CHECK_EQUAL(previous, FALSE);
    CHECK_EQUAL(NtWaitForSingleObject(timer, FALSE, &long_time), STATUS_WAIT_0);
    CHECK_EQUAL(NtWaitForSingleObject(timer, FALSE, &now), STATUS_TIMEOUT);
    CHECK_EQUAL(NtSetTimer(timer, &due, NULL, NULL, FALSE, 5, NULL), 0);
    for (int i = 0; i < 3; i++) CHECK_EQUAL(NtWaitForSingleObject(timer, FALSE, &long_time), STATUS_WAIT_0);
    CHECK_EQUAL(NtCancelTimer(timer, NULL), 0);
    CHECK_EQUAL(NtSetTimer(timer, &due, (PTIMER_APC_ROUTINE)timer_apc, &timer_apcs, FALSE, 0, NULL), 0);
    CHECK_EQUAL(SleepEx(5000, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(timer_apcs, 1);
    CHECK_EQUAL(NtSetTimer(timer, &long_time, NULL, NULL, FALSE, 0, NULL), 0);
    CHECK_EQUAL(NtQueryTimer(timer, TimerBasicInformation, &info, sizeof(info), NULL), 0);
    CHECK(info.RemainingTime.QuadPart > 0 && info.RemainingTime.QuadPart <= 50000000 && !info.TimerState,
          "%lx:%lx %d", info.RemainingTime.HighPart, info.RemainingTime.LowPart, info.TimerState);
    FILETIME time;
    GetSystemTimeAsFileTime(&time);
    due.LowPart = time.dwLowDateTime;
    due.HighPart = (LONG)time.dwHighDateTime;
    due.QuadPart += 200000;
    CHECK_EQUAL(NtSetTimer(timer, &due, NULL, NULL, FALSE, 0, NULL), 0);
    CHECK_EQUAL(NtWaitForSingleObject(timer, FALSE, &long_time), STATUS_WAIT_0);
    NtClose(timer);
}

static void test_ports(void)
{
    HANDLE port = NULL;
    ULONG_PTR key = 0, value = 0;
    IO_STATUS_BLOCK io;
    LARGE_INTEGER soon = milliseconds(10);
    FILE_IO_COMPLETION_INFORMATION entries[4];
    ULONG removed = 9;

    CHECK_EQUAL(NtCreateIoCompletion(&port, IO_COMPLETION_ALL_ACCESS, NULL, 0), 0);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &value, &io, &soon), STATUS_TIMEOUT);
    for (ULONG i = 1; i <= 3; i++)
        CHECK_EQUAL(NtSetIoCompletion(port, (void *)i, (void *)(i * 16), STATUS_PIPE_BROKEN, i * 256), 0);
    CHECK_EQUAL(NtRemoveIoCompletion(port, &key, &value, &io, NULL), 0);
    CHECK(key == 1 && value == 16 && io.Status == STATUS_PIPE_BROKEN && io.Information == 256, "packet");
    CHECK_EQUAL(NtRemoveIoCompletionEx(port, entries, 4, &removed, NULL, FALSE), 0);
    CHECK_EQUAL(removed, 2);
    CHECK((ULONG_PTR)entries[1].KeyContext == 3 && entries[1].IoStatusBlock.Information == 768,
          "second packet");
    CHECK_EQUAL(NtRemoveIoCompletionEx(port, entries, 4, &removed, &soon, FALSE), STATUS_TIMEOUT);
    NtClose(port);
}

static HANDLE keyed;

static DWORD WINAPI release_key(void *key)
{
    return NtReleaseKeyedEvent(keyed, key, FALSE, NULL);
}

static void test_keyed_events(void)
{
    LARGE_INTEGER soon = milliseconds(10);
    DWORD code = 1;

    CHECK_EQUAL(NtCreateKeyedEvent(&keyed, KEYEDEVENT_ALL_ACCESS, NULL, 0), 0);
    CHECK_EQUAL(NtWaitForKeyedEvent(keyed, (void *)0x1001, FALSE, &soon), STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(NtWaitForKeyedEvent(keyed, (void *)0x1000, FALSE, &soon), STATUS_TIMEOUT);
    CHECK_EQUAL(NtReleaseKeyedEvent(keyed, (void *)0x1000, FALSE, &soon), STATUS_TIMEOUT);
    HANDLE thread = CreateThread(NULL, 0, release_key, (void *)0x2000, 0, NULL);
    CHECK_EQUAL(NtWaitForKeyedEvent(keyed, (void *)0x1000, FALSE, &soon), STATUS_TIMEOUT);
    CHECK_EQUAL(NtWaitForKeyedEvent(keyed, (void *)0x2000, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(WaitForSingleObject(thread, 5000), 0);
    GetExitCodeThread(thread, &code);
    CHECK_EQUAL(code, 0);
    CloseHandle(thread);
    NtClose(keyed);
}

static volatile LONG alerted;

static DWORD WINAPI wait_for_alert(void *unused)
{
    (void)unused;
    InterlockedExchange(&alerted, NtWaitForAlertByThreadId(NULL, NULL));
    return 0;
}

static void test_alert_by_id(void)
{
    LARGE_INTEGER soon = milliseconds(10);
    DWORD tid;
    HANDLE thread = CreateThread(NULL, 0, wait_for_alert, NULL, 0, &tid);

    Sleep(20);
    CHECK_EQUAL(NtAlertThreadByThreadId((HANDLE)tid), 0);
    CHECK_EQUAL(WaitForSingleObject(thread, 5000), 0);
    CHECK_EQUAL(alerted, STATUS_ALERTED);
    CloseHandle(thread);
    CHECK_EQUAL(NtAlertThreadByThreadId((HANDLE)GetCurrentThreadId()), 0);
    CHECK_EQUAL(NtWaitForAlertByThreadId(NULL, &soon), STATUS_ALERTED);
    CHECK_EQUAL(NtWaitForAlertByThreadId(NULL, &soon), STATUS_TIMEOUT);
    CHECK_EQUAL(NtAlertThreadByThreadId((HANDLE)0xDEADBEE0), STATUS_INVALID_CID);
}

static void test_signal_and_wait(void)
{
    HANDLE a = event(SynchronizationEvent, FALSE), b = event(SynchronizationEvent, FALSE);
    struct waiter waiter = {.objects = {a}, .count = 1, .type = WaitAny};
    LARGE_INTEGER soon = milliseconds(10);

    start(&waiter);
    CHECK_EQUAL(NtSignalAndWaitForSingleObject(a, b, FALSE, &soon), STATUS_TIMEOUT);
    CHECK_EQUAL(end(&waiter), STATUS_WAIT_0);
    CHECK_EQUAL(NtSignalAndWaitForSingleObject(a, a, FALSE, &soon), STATUS_WAIT_0);
    CHECK_EQUAL(NtSignalAndWaitForSingleObject(NtCurrentProcess(), a, FALSE, &soon),
                STATUS_OBJECT_TYPE_MISMATCH);
    NtClose(a);
    NtClose(b);
}

int main(void)
{
    test_hand_over();
    test_all();
    test_mutants();
    test_semaphores();
    test_alerts();
    test_timers();
    test_ports();
    test_keyed_events();
    test_alert_by_id();
    test_signal_and_wait();
    return check_summary();
}
