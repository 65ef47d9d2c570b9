// Wait completion packets, coalescable timers, alerting a suspended thread, APCs that need no alertable wait.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "nt/rtl_object.h"
#include "tests/check.h"
#include <string.h>

static HANDLE port, packet;

// The key of the port's next packet, 0 when there is none.
static ULONG_PTR next_key(void)
{
    ULONG_PTR key = 0, context = 0;
    IO_STATUS_BLOCK io;
    LARGE_INTEGER now = {.QuadPart = 0};
    NTSTATUS status = NtRemoveIoCompletion(port, &key, &context, &io, &now);
    CHECK(status == 0 || status == STATUS_TIMEOUT, "%lx", status);
    return status == 0 ? key : 0;
}

static NTSTATUS associate(HANDLE object, ULONG_PTR key, BOOLEAN *already)
{
    return NtAssociateWaitCompletionPacket(packet, port, object, (void *)key, NULL, 0, 0, already);
}

static void test_packets(void)
{
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, NULL), manual = CreateEventW(NULL, TRUE, TRUE, NULL);
    HANDLE mutex = CreateMutexW(NULL, FALSE, NULL), semaphore = CreateSemaphoreW(NULL, 0, 10, NULL);
    BOOLEAN already = 9;

    CHECK_EQUAL(NtCreateIoCompletion(&port, IO_COMPLETION_ALL_ACCESS, NULL, 0), 0);
    CHECK_EQUAL(NtCreateWaitCompletionPacket(&packet, GENERIC_ALL, NULL), 0);
    CHECK_EQUAL(NtCancelWaitCompletionPacket(packet, TRUE), STATUS_CANCELLED);
    CHECK_EQUAL(associate(event, 1, &already), 0);
    CHECK_EQUAL(already, FALSE);
    CHECK_EQUAL(associate(event, 2, NULL), STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(next_key(), 0);
    SetEvent(event);
    // It was taken, as by a wait.
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK_EQUAL(associate(event, 2, NULL), STATUS_INVALID_PARAMETER_1);
    CHECK_EQUAL(next_key(), 1);
    CHECK_EQUAL(next_key(), 0);
    // Signalled already.
    CHECK_EQUAL(associate(manual, 3, &already), 0);
    CHECK_EQUAL(already, TRUE);
    CHECK_EQUAL(NtCancelWaitCompletionPacket(packet, FALSE), STATUS_PENDING);
    CHECK_EQUAL(NtCancelWaitCompletionPacket(packet, TRUE), 0);
    CHECK_EQUAL(next_key(), 0);
    // Cancelled before anything happens: the signal stays.
    CHECK_EQUAL(associate(event, 4, NULL), 0);
    CHECK_EQUAL(NtCancelWaitCompletionPacket(packet, FALSE), 0);
    SetEvent(event);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(next_key(), 0);
    CHECK_EQUAL(associate(semaphore, 5, NULL), 0);
    ReleaseSemaphore(semaphore, 2, NULL);
    CHECK_EQUAL(next_key(), 5);
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT);
    CHECK_EQUAL(associate(mutex, 6, NULL), STATUS_INVALID_PARAMETER_3);
    CHECK_EQUAL(associate(port, 6, &already), 0); // a port is signalled while it has packets
    CHECK_EQUAL(NtCancelWaitCompletionPacket(packet, TRUE), 0);
    CHECK_EQUAL(associate((HANDLE)0xdead, 6, NULL), STATUS_INVALID_HANDLE);
    // Closing the packet ends its wait.
    CHECK_EQUAL(associate(event, 7, NULL), 0);
    NtClose(packet);
    SetEvent(event);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    NtClose(port);
    CloseHandle(event);
    CloseHandle(manual);
    CloseHandle(mutex);
    CloseHandle(semaphore);
}

static void test_timer(void)
{
    HANDLE timer = NULL;
    BOOLEAN previous = 9;
    TIMER_SET_COALESCABLE_TIMER_INFO info = {.DueTime.QuadPart = -1, .PreviousState = &previous};

    CHECK_EQUAL(NtCreateTimer(&timer, TIMER_ALL_ACCESS, NULL, NotificationTimer), 0);
    CHECK_EQUAL(NtSetTimerEx(timer, TimerSetCoalescableTimer, &info, 4), STATUS_INFO_LENGTH_MISMATCH);
    CHECK_EQUAL(NtSetTimerEx(timer, (TIMER_SET_INFORMATION_CLASS)7, &info, sizeof(info)),
                STATUS_INVALID_INFO_CLASS);
    CHECK_EQUAL(NtSetTimerEx(timer, TimerSetCoalescableTimer, &info, sizeof(info)), 0);
    CHECK_EQUAL(previous, FALSE);
    CHECK_EQUAL(WaitForSingleObject(timer, 30000), WAIT_OBJECT_0);
    CHECK_EQUAL(NtSetTimerEx(timer, TimerSetCoalescableTimer, &info, sizeof(info)), 0);
    CHECK_EQUAL(previous, TRUE);
    NtClose(timer);
}

static DWORD WINAPI sleep_alertably(void *status)
{
    LARGE_INTEGER long_time = {.QuadPart = -600000000};
    *(NTSTATUS *)status = NtDelayExecution(TRUE, &long_time);
    return 0;
}

// Timers of Windows 8: periods in units of 100 ns, no APCs.
static void test_timer2(void)
{
    LARGE_INTEGER due = {.QuadPart = -1}, period = {.QuadPart = 10000}, negative = {.QuadPart = -5};
    T2_SET_PARAMETERS parameters = {0};
    HANDLE timer = NULL;
    CHECK_EQUAL(NtCreateTimer2(&timer, NULL, NULL, 1, TIMER_ALL_ACCESS), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtCreateTimer2(&timer, NULL, NULL, EX_TIMER_HIGH_RESOLUTION, TIMER_ALL_ACCESS), 0);
    CHECK_EQUAL(NtSetTimer2(timer, &due, &negative, NULL), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtSetTimer2(timer, &due, &period, &parameters), 0);
    // It resets with each wait, and goes off again.
    CHECK_EQUAL(WaitForSingleObject(timer, 60000), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(timer, 60000), WAIT_OBJECT_0);
    CHECK_EQUAL(NtCancelTimer2(timer, NULL), 0);
    WaitForSingleObject(timer, 0);
    CHECK_EQUAL(WaitForSingleObject(timer, 20), WAIT_TIMEOUT);
    parameters.Version = 1;
    CHECK_EQUAL(NtSetTimer2(timer, &due, NULL, &parameters), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtSetTimer2(timer, NULL, NULL, NULL), STATUS_ACCESS_VIOLATION);
    NtClose(timer);
    CHECK_EQUAL(NtCreateTimer2(&timer, NULL, NULL, EX_TIMER_NOTIFICATION, TIMER_ALL_ACCESS), 0);
    CHECK_EQUAL(NtSetTimer2(timer, &due, NULL, NULL), 0);
    CHECK_EQUAL(WaitForSingleObject(timer, 60000), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(timer, 0), WAIT_OBJECT_0);
    NtClose(timer);
}

static void test_alert(void)
{
    NTSTATUS status = -1;
    ULONG previous = 0;
    HANDLE thread = CreateThread(NULL, 0, sleep_alertably, &status, CREATE_SUSPENDED, NULL);

    CHECK_EQUAL(NtAlertResumeThread(thread, &previous), 0);
    CHECK_EQUAL(previous, 1);
    CHECK_EQUAL(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    CHECK_EQUAL(status, STATUS_ALERTED);
    CloseHandle(thread);
}

static int apcs;

static void WINAPI count_apc(void *one, void *two, void *three)
{
    apcs += one == (void *)1 && two == (void *)2 && three == (void *)3;
}

static void test_apcs(void)
{
    HANDLE reserve = NULL;
    CHECK_EQUAL(NtQueueApcThreadEx(NtCurrentThread(), QUEUE_USER_APC_SPECIAL_USER_APC, count_apc, (void *)1,
                                   (void *)2, (void *)3),
                0);
    CHECK_EQUAL(apcs, 1);
    CHECK_EQUAL(NtAllocateReserveObject(&reserve, NULL, MEMORY_RESERVE_USER_APC), 0);
    CHECK_EQUAL(NtQueueApcThreadEx(NtCurrentThread(), reserve, count_apc, (void *)1, (void *)2, (void *)3),
                0);
    CHECK_EQUAL(apcs, 1);
    NtTestAlert();
    CHECK_EQUAL(apcs, 2);
    CHECK_EQUAL(NtQueueApcThreadEx(NtCurrentThread(), (HANDLE)0xdead, count_apc, NULL, NULL, NULL),
                STATUS_INVALID_HANDLE);
    NtClose(reserve);
}

static NTSTATUS NTAPI native_thread(void *parameter)
{
    return (NTSTATUS)(ULONG_PTR)parameter;
}

static void test_others(void)
{
    ULONG previous = 0, response = 9;
    HANDLE thread = NULL;
    CLIENT_ID id = {};
    DWORD code = 0;
    PROCESSOR_NUMBER number = {.Group = 7};
    ULONG_PTR frames[1] = {}, count = 1;

    CHECK_EQUAL(NtSetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED, &previous), 0);
    CHECK_EQUAL(previous, ES_CONTINUOUS);
    CHECK_EQUAL(NtSetThreadExecutionState(ES_CONTINUOUS, &previous), 0);
    CHECK_EQUAL(previous, ES_CONTINUOUS | ES_SYSTEM_REQUIRED);
    CHECK_EQUAL(NtSetThreadExecutionState(0x100, &previous), STATUS_INVALID_PARAMETER);
    CHECK_EQUAL(NtFlushProcessWriteBuffers(), 0);
    CHECK(NtGetCurrentProcessorNumberEx(&number) == number.Number && !number.Group, "processor");
    CHECK_EQUAL(RtlCreateUserThread(NtCurrentProcess(), NULL, FALSE, 0, 0, 0, native_thread, (void *)42,
                                    &thread, &id),
                0);
    CHECK_EQUAL((DWORD)(ULONG_PTR)id.UniqueProcess, GetCurrentProcessId());
    CHECK_EQUAL(WaitForSingleObject(thread, 30000), WAIT_OBJECT_0);
    GetExitCodeThread(thread, &code);
    CHECK_EQUAL(code, 42);
    NtClose(thread);
    CHECK_EQUAL(NtRaiseHardError(STATUS_DLL_NOT_FOUND, 6, 0, NULL, 1, &response), STATUS_INVALID_PARAMETER_2);
    CHECK_EQUAL(NtRaiseHardError(STATUS_DLL_NOT_FOUND, 0, 0, NULL, 99, &response),
                STATUS_INVALID_PARAMETER_4);
    CHECK_EQUAL(NtAllocateUserPhysicalPages(NtCurrentProcess(), &count, frames), STATUS_PRIVILEGE_NOT_HELD);
    CHECK_EQUAL(NtSetLdtEntries(0, 0, 0, 0, 0, 0), STATUS_NOT_IMPLEMENTED);
    // The import library has it undecorated by mistake.
    NTSTATUS(__cdecl * set_critical)(BOOLEAN critical, BOOLEAN *before, BOOLEAN check) =
        (void *)GetProcAddress(GetModuleHandleA("ntdll"), "RtlSetProcessIsCritical");
    CHECK_EQUAL(set_critical(TRUE, NULL, FALSE), STATUS_PRIVILEGE_NOT_HELD);
    CHECK_EQUAL(NtSetSystemTime(&(LARGE_INTEGER){.QuadPart = 1}, NULL), STATUS_PRIVILEGE_NOT_HELD);
}

int main(void)
{
    test_packets();
    test_timer();
    test_timer2();
    test_alert();
    test_apcs();
    test_others();
    return check_summary();
}
