// Resources, barriers, conversions of SRW locks; timers and waits of ntdll; bits, frames, Ethernet addresses.
#include "nt/nt.h"
#include "nt/rtl_bits.h"
#include "nt/rtl_ethernet.h"
#include "nt/rtl_frame.h"
#include "nt/rtl_lock.h"
#include "nt/rtl_timer.h"
#include "check.h"
#include <string.h>
#include <wchar.h>

static HANDLE start(LPTHREAD_START_ROUTINE function, void *argument)
{
    return CreateThread(NULL, 0, function, argument, 0, NULL);
}

static void join(HANDLE thread)
{
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

// ---- resources ----

static RTL_RESOURCE resource;
static BOOLEAN got_shared, got_exclusive;

static DWORD WINAPI try_resource(void *argument)
{
    (void)argument;
    got_shared = RtlAcquireResourceShared(&resource, FALSE);
    if (got_shared) RtlReleaseResource(&resource);
    got_exclusive = RtlAcquireResourceExclusive(&resource, FALSE);
    if (got_exclusive) RtlReleaseResource(&resource);
    return 0;
}

static DWORD WINAPI take_exclusive(void *argument)
{
    (void)argument;
    got_exclusive = RtlAcquireResourceExclusive(&resource, TRUE);
    RtlReleaseResource(&resource);
    return 0;
}

static void test_resource(void)
{
    RtlInitializeResource(&resource);
    CHECK(RtlAcquireResourceExclusive(&resource, FALSE), "free");
    CHECK(RtlAcquireResourceShared(&resource, FALSE), "again");
    CHECK_EQUAL(resource.NumberActive, -2);
    CHECK_EQUAL((ULONG_PTR)resource.OwningThread, GetCurrentThreadId());
    join(start(try_resource, NULL));
    CHECK(!got_shared && !got_exclusive, "held");
    RtlReleaseResource(&resource);
    RtlConvertExclusiveToShared(&resource);
    CHECK_EQUAL(resource.NumberActive, 1);
    join(start(try_resource, NULL));
    CHECK(got_shared && !got_exclusive, "shared");
    RtlConvertSharedToExclusive(&resource);
    CHECK_EQUAL(resource.NumberActive, -1);
    got_exclusive = FALSE;
    HANDLE thread = start(take_exclusive, NULL);
    while (!*(volatile ULONG *)&resource.NumberExclusive) Sleep(1);
    RtlReleaseResource(&resource);
    join(thread);
    CHECK(got_exclusive && !resource.NumberActive, "waited");
    RtlDeleteResource(&resource);
}

// ---- barriers ----

enum { THREADS = 4, ROUNDS = 20 };
static SYNCHRONIZATION_BARRIER barrier;
static volatile LONG entered, lasts, mixed;

static DWORD WINAPI meet(void *argument)
{
    DWORD flags = (DWORD)(ULONG_PTR)argument;
    for (LONG round = 1; round <= ROUNDS; round++) {
        InterlockedIncrement(&entered);
        if (EnterSynchronizationBarrier(&barrier, flags)) InterlockedIncrement(&lasts);
        if (entered < round * THREADS) InterlockedIncrement(&mixed); // somebody had not come
    }
    return 0;
}

static void test_barrier(void)
{
    HANDLE threads[THREADS];

    CHECK(!InitializeSynchronizationBarrier(&barrier, 0, -1), "nobody");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!InitializeSynchronizationBarrier(&barrier, 1, -2), "spin count");
    CHECK(InitializeSynchronizationBarrier(&barrier, 1, -1), "one");
    CHECK(EnterSynchronizationBarrier(&barrier, 0), "one is the last");
    CHECK(InitializeSynchronizationBarrier(&barrier, THREADS, 10), "four");
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(meet, (void *)(ULONG_PTR)(i ? 0 : SYNCHRONIZATION_BARRIER_FLAGS_BLOCK_ONLY));
    for (int i = 0; i < THREADS; i++) join(threads[i]);
    CHECK_EQUAL(lasts, ROUNDS);
    CHECK_EQUAL(mixed, 0);
    CHECK(DeleteSynchronizationBarrier(&barrier), "delete");
}

// ---- SRW locks ----

static SRWLOCK lock = SRWLOCK_INIT;
static HANDLE inside;

static DWORD WINAPI share(void *argument)
{
    (void)argument;
    AcquireSRWLockShared(&lock);
    SetEvent(inside);
    ReleaseSRWLockShared(&lock);
    return 0;
}

static void test_srw_conversion(void)
{
    inside = CreateEventW(NULL, TRUE, FALSE, NULL);
    AcquireSRWLockExclusive(&lock);
    HANDLE thread = start(share, NULL);
    while (!((ULONG_PTR) * (void *volatile *)&lock & 2)) Sleep(1); // somebody waits
    RtlConvertSRWLockExclusiveToShared(&lock);
    CHECK_EQUAL(WaitForSingleObject(inside, 10000), 0);
    join(thread);
    CHECK(!TryAcquireSRWLockExclusive(&lock), "shared still");
    CHECK(RtlTryConvertSRWLockSharedToExclusiveOrRelease(&lock), "the only one");
    CHECK(!TryAcquireSRWLockShared(&lock), "exclusive");
    ReleaseSRWLockExclusive(&lock);
    AcquireSRWLockShared(&lock);
    AcquireSRWLockShared(&lock);
    CHECK(!RtlTryConvertSRWLockSharedToExclusiveOrRelease(&lock), "not the only one");
    ReleaseSRWLockShared(&lock);
    CHECK(TryAcquireSRWLockExclusive(&lock), "free");
    ReleaseSRWLockExclusive(&lock);
    RtlAcquireReleaseSRWLockExclusive(&lock);
    CloseHandle(inside);
}

// ---- timers, waits, work items ----

static void NTAPI signal(void *context, BOOLEAN timed_out)
{
    if (timed_out < 2) SetEvent(context);
}

static void NTAPI work(void *context)
{
    SetEvent(context);
}

static struct {
    HANDLE began, queue_deleted, ended, queue, timer;
    NTSTATUS status;
} late;

static void NTAPI delete_late(void *context, BOOLEAN timed_out)
{
    (void)context, (void)timed_out;
    SetEvent(late.began);
    WaitForSingleObject(late.queue_deleted, 10000);
    late.status = RtlDeleteTimer(late.queue, late.timer, NULL);
    SetEvent(late.ended);
}

// A timer's callback may find its queue deleted, and its timer with it.
static void test_late_deletion(void)
{
    late.began = CreateEventW(NULL, FALSE, FALSE, NULL);
    late.queue_deleted = CreateEventW(NULL, FALSE, FALSE, NULL);
    late.ended = CreateEventW(NULL, FALSE, FALSE, NULL);
    CHECK_EQUAL(RtlCreateTimerQueue(&late.queue), STATUS_SUCCESS);
    CHECK_EQUAL(RtlCreateTimer(late.queue, &late.timer, delete_late, NULL, 1, 0, 0), STATUS_SUCCESS);
    CHECK_EQUAL(WaitForSingleObject(late.began, 10000), 0);
    CHECK_EQUAL(RtlDeleteTimerQueueEx(late.queue, NULL), STATUS_PENDING);
    SetEvent(late.queue_deleted);
    CHECK_EQUAL(WaitForSingleObject(late.ended, 10000), 0);
    CHECK_EQUAL(late.status, STATUS_PENDING);
    CloseHandle(late.began);
    CloseHandle(late.queue_deleted);
    CloseHandle(late.ended);
}

static void test_timers(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), source = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE queue, timer, wait;

    CHECK_EQUAL(RtlQueueWorkItem(work, event, WT_EXECUTEDEFAULT), STATUS_SUCCESS);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), 0);
    CHECK_EQUAL(RtlCreateTimerQueue(&queue), STATUS_SUCCESS);
    CHECK_EQUAL(RtlCreateTimer(queue, &timer, signal, event, 1, 0, 0), STATUS_SUCCESS);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), 0);
    CHECK_EQUAL(RtlUpdateTimer(queue, timer, 1, 0), STATUS_SUCCESS);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), 0);
    CHECK_EQUAL(RtlDeleteTimer(queue, timer, INVALID_HANDLE_VALUE), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeleteTimer(queue, NULL, NULL), STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(RtlDeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeleteTimerQueueEx(NULL, NULL), STATUS_INVALID_HANDLE);
    CHECK_EQUAL(RtlRegisterWait(&wait, source, signal, event, INFINITE, WT_EXECUTEONLYONCE), STATUS_SUCCESS);
    SetEvent(source);
    CHECK_EQUAL(WaitForSingleObject(event, 10000), 0);
    CHECK_EQUAL(RtlDeregisterWaitEx(wait, INVALID_HANDLE_VALUE), STATUS_SUCCESS);
    CHECK_EQUAL(RtlDeregisterWait(NULL), STATUS_INVALID_HANDLE);
    CloseHandle(event);
    CloseHandle(source);
}

// ---- bits ----

static void test_bits(void)
{
    ULONG words[3] = {0xF0F0F0F0, 0xFFFFFFFF, 0x1}, copy[3] = {0};
    RTL_BITMAP map, other;

    RtlInitializeBitMap(&map, words, 70);
    RtlInitializeBitMap(&other, copy, 70);
    CHECK_EQUAL(RtlNumberOfSetBitsInRange(&map, 0, 32), 16);
    CHECK_EQUAL(RtlNumberOfSetBitsInRange(&map, 30, 36), 35);
    CHECK_EQUAL(RtlNumberOfClearBitsInRange(&map, 2, 4), 2);
    CHECK_EQUAL(RtlNumberOfSetBitsInRange(&map, 60, 11), 0);
    CHECK_EQUAL(RtlNumberOfSetBitsUlongPtr(0x80000001), 2);
    RtlCopyBitMap(&map, &other, 4);
    CHECK_EQUAL(copy[0], 0x0F0F0F00);
    CHECK_EQUAL(copy[1], 0xFFFFFFFF);
    RtlClearAllBits(&other);
    RtlExtractBitMap(&map, &other, 4, 8);
    CHECK_EQUAL(copy[0], 0x0F);
    RtlInterlockedSetBitRun(&other, 30, 4);
    CHECK(copy[0] == 0xC000000F && copy[1] == 3, "%lx %lx", copy[0], copy[1]);
    RtlInterlockedClearBitRun(&other, 1, 32);
    CHECK(copy[0] == 1 && copy[1] == 2, "%lx %lx", copy[0], copy[1]);
    CHECK_EQUAL(RtlCrc32("123456789", 9, 0), 0xCBF43926);
}

static void test_frames(void)
{
    TEB_ACTIVE_FRAME outer = {0}, inner = {0};

    CHECK(!RtlGetFrame(), "none");
    RtlPushFrame(&outer);
    RtlPushFrame(&inner);
    CHECK(RtlGetFrame() == &inner && inner.Previous == &outer, "two");
    RtlPopFrame(&inner);
    CHECK(RtlGetFrame() == &outer, "one");
    RtlPopFrame(&outer);
    CHECK(!RtlGetFrame(), "none");
}

static void test_blocks(void)
{
    PVOID blocks[10];

    CHECK_EQUAL(RtlMultipleAllocateHeap(GetProcessHeap(), 0, 20, 10, blocks), 10);
    CHECK_EQUAL(RtlSizeHeap(GetProcessHeap(), 0, blocks[9]), 20);
    CHECK_EQUAL(RtlMultipleFreeHeap(GetProcessHeap(), 0, 10, blocks), 10);
}

static void test_ethernet(void)
{
    static const struct {
        const char *text;
        NTSTATUS status;
        ULONG used;
    } tests[] = {
        {"00-1a-2B-3C-4D-5E", STATUS_SUCCESS, 17},  {"00:1A:2B:3C:4D:5E", STATUS_SUCCESS, 17},
        {"00-1A-2B-3C-4D-5E!", STATUS_SUCCESS, 17}, {"00-1A:2B-3C-4D-5E", STATUS_INVALID_PARAMETER, 5},
        {"00-1A-2B", STATUS_INVALID_PARAMETER, 8},  {"0-1A-2B-3C-4D-5E", STATUS_INVALID_PARAMETER, 1},
        {"", STATUS_INVALID_PARAMETER, 0},
    };
    const DL_EUI48 address = {{0, 0x1A, 0x2B, 0x3C, 0x4D, 0x5E}};
    char text[18];
    WCHAR wide[18];
    PCWSTR end;
    DL_EUI48 parsed;

    CHECK(RtlEthernetAddressToStringA(&address, text) == text + 17 && !strcmp(text, "00-1A-2B-3C-4D-5E"),
          "%s", text);
    CHECK(RtlEthernetAddressToStringW(&address, wide) == wide + 17, "%ls", wide);
    CHECK_EQUAL(RtlEthernetStringToAddressW(wide, &end, &parsed), STATUS_SUCCESS);
    CHECK(end == wide + 17 && !memcmp(&parsed, &address, 6), "wide");
    for (unsigned i = 0; i < ARRAYSIZE(tests); i++) {
        PCSTR stop;
        NTSTATUS status = RtlEthernetStringToAddressA(tests[i].text, &stop, &parsed);
        CHECK(status == tests[i].status && stop == tests[i].text + tests[i].used, "%s: %lx %u", tests[i].text,
              status, (unsigned)(stop - tests[i].text));
    }
}

int main(void)
{
    test_resource();
    test_barrier();
    test_srw_conversion();
    test_timers();
    test_late_deletion();
    test_bits();
    test_frames();
    test_blocks();
    test_ethernet();
    return check_summary();
}
