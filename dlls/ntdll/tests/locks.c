// Critical sections, SRW locks, condition variables, one-time initialization, WaitOnAddress, lists, FLS.
#include "nt/nt.h"
#include "check.h"
#include <setjmp.h>

#define THREADS 4
#define ROUNDS  20000

static CRITICAL_SECTION section;
static SRWLOCK srw = SRWLOCK_INIT;
static CONDITION_VARIABLE condition = CONDITION_VARIABLE_INIT;
static volatile LONG counter, readers, writers, conflicts;

static void run_threads(LPTHREAD_START_ROUTINE function)
{
    HANDLE threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        threads[i] = CreateThread(NULL, 0, function, (void *)(ULONG_PTR)i, 0, NULL);
    for (int i = 0; i < THREADS; i++) {
        CHECK_EQUAL(WaitForSingleObject(threads[i], 60000), WAIT_OBJECT_0);
        CloseHandle(threads[i]);
    }
}

static DWORD WINAPI count_in_section(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        EnterCriticalSection(&section);
        EnterCriticalSection(&section);
        counter = counter + 1;
        LeaveCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    return 0;
}

// Many short holds by more threads than processors: a wake that reaches nobody stops them all.
static DWORD WINAPI pass_section_on(void *arg)
{
    enum { PASSES = 200000 };
    (void)arg;
    for (int i = 0; i < PASSES; i++) {
        EnterCriticalSection(&section);
        LeaveCriticalSection(&section);
    }
    return 0;
}

static DWORD WINAPI try_section(void *arg)
{
    *(BOOL *)arg = TryEnterCriticalSection(&section);
    return 0;
}

static void test_critical_section(void)
{
    BOOL entered = TRUE;
    HANDLE thread;

    InitializeCriticalSection(&section);
    CHECK_EQUAL(section.LockCount, -1);
    EnterCriticalSection(&section);
    CHECK_EQUAL(section.RecursionCount, 1);
    CHECK_EQUAL(section.OwningThread, GetCurrentThreadId());
    CHECK(TryEnterCriticalSection(&section), "recursion");
    thread = CreateThread(NULL, 0, try_section, &entered, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    CHECK(!entered, "entered by another thread");
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    CHECK_EQUAL(section.LockCount, -1);
    CHECK_EQUAL(section.OwningThread, 0);
    counter = 0;
    run_threads(count_in_section);
    CHECK_EQUAL(counter, THREADS * ROUNDS);
    CHECK_EQUAL(section.LockCount, -1);
    for (int round = 0; round < 8; round++) run_threads(pass_section_on);
    CHECK_EQUAL(section.LockCount, -1);
    DeleteCriticalSection(&section);
}

static DWORD WINAPI read_and_write(void *arg)
{
    ULONG seed = (ULONG)(ULONG_PTR)arg + 1;

    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 1664525 + 1013904223;
        if (seed >> 24 < 64) {
            AcquireSRWLockExclusive(&srw);
            if (InterlockedIncrement(&writers) != 1 || readers) InterlockedIncrement(&conflicts);
            counter = counter + 1;
            InterlockedDecrement(&writers);
            ReleaseSRWLockExclusive(&srw);
        } else {
            AcquireSRWLockShared(&srw);
            InterlockedIncrement(&readers);
            if (writers) InterlockedIncrement(&conflicts);
            InterlockedDecrement(&readers);
            ReleaseSRWLockShared(&srw);
        }
    }
    return 0;
}

static void test_srw(void)
{
    AcquireSRWLockShared(&srw);
    CHECK(TryAcquireSRWLockShared(&srw), "shared twice");
    CHECK(!TryAcquireSRWLockExclusive(&srw), "exclusive beside shared");
    ReleaseSRWLockShared(&srw);
    ReleaseSRWLockShared(&srw);
    CHECK(TryAcquireSRWLockExclusive(&srw), "exclusive");
    CHECK(!TryAcquireSRWLockShared(&srw), "shared beside exclusive");
    ReleaseSRWLockExclusive(&srw);
    counter = 0;
    run_threads(read_and_write);
    CHECK_EQUAL(conflicts, 0);
    CHECK(srw.Ptr == NULL, "%p", srw.Ptr);
}

// Threads pass a baton: each waits for its turn.
static DWORD WINAPI take_turns(void *arg)
{
    LONG mine = (LONG)(ULONG_PTR)arg;

    for (int i = 0; i < 500; i++) {
        EnterCriticalSection(&section);
        while (counter % THREADS != mine) SleepConditionVariableCS(&condition, &section, INFINITE);
        counter = counter + 1;
        WakeAllConditionVariable(&condition);
        LeaveCriticalSection(&section);
    }
    return 0;
}

static void test_condition(void)
{
    DWORD start;

    InitializeCriticalSection(&section);
    counter = 0;
    run_threads(take_turns);
    CHECK_EQUAL(counter, THREADS * 500);
    EnterCriticalSection(&section);
    start = GetTickCount();
    CHECK(!SleepConditionVariableCS(&condition, &section, 50), "woken");
    CHECK_EQUAL(GetLastError(), ERROR_TIMEOUT);
    CHECK(GetTickCount() - start >= 30, "%lu ms", GetTickCount() - start);
    LeaveCriticalSection(&section);
    AcquireSRWLockShared(&srw);
    CHECK(!SleepConditionVariableSRW(&condition, &srw, 10, CONDITION_VARIABLE_LOCKMODE_SHARED), "woken");
    ReleaseSRWLockShared(&srw);
    DeleteCriticalSection(&section);
}

static volatile LONG address_value;

static DWORD WINAPI wait_for_value(void *arg)
{
    LONG zero = 0;

    (void)arg;
    while (!address_value) RtlWaitOnAddress((void *)&address_value, &zero, sizeof(zero), NULL);
    InterlockedIncrement(&counter);
    return 0;
}

static DWORD WINAPI wake_waiters(void *arg)
{
    (void)arg;
    Sleep(50);
    InterlockedExchange(&address_value, 1);
    RtlWakeAddressAll((void *)&address_value);
    return 0;
}

static void test_wait_on_address(void)
{
    LONG value = 5, other = 6;
    LARGE_INTEGER timeout = {.QuadPart = -200000};
    HANDLE waker;

    CHECK_EQUAL(RtlWaitOnAddress(&value, &other, 4, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(RtlWaitOnAddress(&value, &value, 4, &timeout), STATUS_TIMEOUT);
    CHECK_EQUAL(RtlWaitOnAddress(&value, &value, 3, &timeout), STATUS_INVALID_PARAMETER);
    counter = 0;
    waker = CreateThread(NULL, 0, wake_waiters, NULL, 0, NULL);
    run_threads(wait_for_value);
    CHECK_EQUAL(counter, THREADS);
    WaitForSingleObject(waker, INFINITE);
    CloseHandle(waker);
}

static RTL_RUN_ONCE once;

static DWORD CALLBACK init_once(PRTL_RUN_ONCE o, PVOID parameter, PVOID *context)
{
    (void)o;
    Sleep(20);
    InterlockedIncrement(&counter);
    *context = parameter;
    return 1;
}

static DWORD WINAPI call_once(void *arg)
{
    PVOID context = NULL;

    (void)arg;
    CHECK_EQUAL(RtlRunOnceExecuteOnce(&once, init_once, (void *)0x1234, &context), STATUS_SUCCESS);
    CHECK(context == (void *)0x1234, "%p", context);
    return 0;
}

static void test_run_once(void)
{
    RTL_RUN_ONCE async = RTL_RUN_ONCE_INIT;
    PVOID context = NULL;

    counter = 0;
    CHECK_EQUAL(RtlRunOnceBeginInitialize(&once, RTL_RUN_ONCE_CHECK_ONLY, &context), STATUS_UNSUCCESSFUL);
    run_threads(call_once);
    CHECK_EQUAL(counter, 1);
    CHECK_EQUAL(RtlRunOnceBeginInitialize(&async, RTL_RUN_ONCE_ASYNC, &context), STATUS_PENDING);
    CHECK_EQUAL(RtlRunOnceBeginInitialize(&async, RTL_RUN_ONCE_ASYNC, &context), STATUS_PENDING);
    CHECK_EQUAL(RtlRunOnceBeginInitialize(&async, 0, &context), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlRunOnceComplete(&async, 0, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(RtlRunOnceComplete(&async, RTL_RUN_ONCE_ASYNC, (void *)8), STATUS_SUCCESS);
    CHECK_EQUAL(RtlRunOnceComplete(&async, RTL_RUN_ONCE_ASYNC, (void *)16), STATUS_UNSUCCESSFUL);
    CHECK_EQUAL(RtlRunOnceBeginInitialize(&async, 0, &context), STATUS_SUCCESS);
    CHECK(context == (void *)8, "%p", context);
}

static void test_slist(void)
{
    static SLIST_HEADER list;
    static SLIST_ENTRY entries[10];

    InitializeSListHead(&list);
    CHECK(!InterlockedPopEntrySList(&list), "empty");
    for (int i = 0; i < 10; i++) {
        CHECK(InterlockedPushEntrySList(&list, &entries[i]) == (i ? &entries[i - 1] : NULL), "push %d", i);
    }
    CHECK_EQUAL(QueryDepthSList(&list), 10);
    CHECK(InterlockedPopEntrySList(&list) == &entries[9], "pop");
    CHECK_EQUAL(QueryDepthSList(&list), 9);
    CHECK(InterlockedFlushSList(&list) == &entries[8], "flush");
    CHECK_EQUAL(QueryDepthSList(&list), 0);
}

static volatile LONG fls_dead;

static void WINAPI fls_callback(void *value)
{
    InterlockedExchangeAdd(&fls_dead, (LONG)(ULONG_PTR)value);
}

static DWORD fls_index;

static DWORD WINAPI use_fls(void *arg)
{
    (void)arg;
    CHECK(!FlsGetValue(fls_index), "fresh value");
    CHECK(FlsSetValue(fls_index, (void *)1), "set");
    CHECK(FlsGetValue(fls_index) == (void *)1, "get");
    return 0;
}

static void test_fls(void)
{
    fls_index = FlsAlloc(fls_callback);
    CHECK(fls_index != FLS_OUT_OF_INDEXES, "alloc");
    run_threads(use_fls);
    CHECK_EQUAL(fls_dead, THREADS);
    FlsSetValue(fls_index, (void *)100);
    CHECK(FlsFree(fls_index), "free");
    CHECK_EQUAL(fls_dead, THREADS + 100);
    CHECK(!FlsFree(fls_index), "free twice");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static jmp_buf bad_section;

static LONG WINAPI leave_bad_section(EXCEPTION_POINTERS *pointers)
{
    longjmp(bad_section, (int)pointers->ExceptionRecord->ExceptionCode);
}

// Waiters block on the event that a program puts into a section: an exception when it is none.
static void test_section_event(void)
{
    CRITICAL_SECTION section;
    int code;

    InitializeCriticalSection(&section);
    HANDLE old = section.LockSemaphore;
    section.LockSemaphore = (HANDLE)0xdeadbeef;
    section.LockCount = 0;
    void *handler = AddVectoredExceptionHandler(TRUE, leave_bad_section);
    if (!(code = setjmp(bad_section))) EnterCriticalSection(&section);
    RemoveVectoredExceptionHandler(handler);
    CHECK_EQUAL(code, 0xC0000008); // STATUS_INVALID_HANDLE
    section.LockSemaphore = old;
    DeleteCriticalSection(&section);
}

int main(void)
{
    test_critical_section();
    test_srw();
    test_condition();
    test_wait_on_address();
    test_run_once();
    test_slist();
    test_fls();
    test_section_event();
    return check_summary();
}
