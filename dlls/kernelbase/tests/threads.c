// What threads can be asked and told: names, descriptors, priorities, processors, times.
#include <windows.h>
#include "tests/check.h"

HRESULT WINAPI SetThreadDescription(HANDLE thread, PCWSTR text);
HRESULT WINAPI GetThreadDescription(HANDLE thread, PWSTR *text);

static HANDLE handle_with(DWORD access)
{
    return OpenThread(access, FALSE, GetCurrentThreadId());
}

static void test_names(void)
{
    WCHAR *text = NULL;
    HANDLE query = handle_with(THREAD_QUERY_LIMITED_INFORMATION), none = handle_with(SYNCHRONIZE);

    CHECK_EQUAL(GetThreadDescription(GetCurrentThread(), &text), 0x10000000);
    CHECK(text && !*text, "no name yet");
    LocalFree(text);
    CHECK_EQUAL(SetThreadDescription(GetCurrentThread(), L"worker"), 0x10000000);
    CHECK_EQUAL(GetThreadDescription(query, &text), 0x10000000);
    CHECK(!lstrcmpW(text, L"worker"), "the name");
    LocalFree(text);
    CHECK_EQUAL(GetThreadDescription(none, &text), 0xD0000022);
    CHECK(!text, "no text without the right");
    CHECK_EQUAL(SetThreadDescription(query, L"x"), 0xD0000022);
    CloseHandle(query);
    CloseHandle(none);
}

static void test_descriptors(void)
{
    CONTEXT context = {.ContextFlags = CONTEXT_SEGMENTS | CONTEXT_CONTROL};
    LDT_ENTRY entry;

    CHECK(GetThreadContext(GetCurrentThread(), &context), "context");
    CHECK(GetThreadSelectorEntry(GetCurrentThread(), context.SegFs, &entry), "FS");
    DWORD base = entry.BaseLow | entry.HighWord.Bits.BaseMid << 16 | entry.HighWord.Bits.BaseHi << 24;
    CHECK(base == (DWORD)(ULONG_PTR)NtCurrentTeb(), "FS is the TEB");
    CHECK(GetThreadSelectorEntry(GetCurrentThread(), context.SegCs, &entry), "CS");
    CHECK(entry.HighWord.Bits.Type >> 3 == 3 && entry.HighWord.Bits.Granularity, "flat code");
    SetLastError(0);
    CHECK(!GetThreadSelectorEntry(GetCurrentThread(), 0x77, &entry), "none");
    CHECK_EQUAL(GetLastError(), ERROR_GEN_FAILURE);
}

static void test_priorities(void)
{
    HANDLE self = GetCurrentThread(), limited = handle_with(THREAD_QUERY_LIMITED_INFORMATION);
    BOOL disabled = 2;

    CHECK(SetThreadPriority(self, THREAD_PRIORITY_ABOVE_NORMAL), "above normal");
    CHECK_EQUAL(GetThreadPriority(self), THREAD_PRIORITY_ABOVE_NORMAL);
    CHECK(!SetThreadPriority(self, 3), "no such priority");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!SetThreadPriority(limited, 0), "without the right");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(SetThreadPriority(self, THREAD_PRIORITY_NORMAL), "normal");
    CHECK(SetThreadPriorityBoost(self, TRUE) && GetThreadPriorityBoost(self, &disabled) && disabled == TRUE,
          "boost");
    CloseHandle(limited);
}

static void test_processors(void)
{
    DWORD_PTR process, system;
    GROUP_AFFINITY group = {.Group = 1, .Mask = 1};
    PROCESSOR_NUMBER number, before;

    CHECK(GetProcessAffinityMask(GetCurrentProcess(), &process, &system), "masks");
    CHECK_EQUAL(SetThreadAffinityMask(GetCurrentThread(), ~0u), process);
    CHECK_EQUAL(SetThreadAffinityMask(GetCurrentThread(), process), process);
    CHECK(!SetThreadGroupAffinity(GetCurrentThread(), &group, NULL), "one group only");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!SetThreadGroupAffinity(GetCurrentThread(), NULL, NULL), "NULL");
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK_EQUAL(SetThreadIdealProcessor(GetCurrentThread(), 0), 0);
    CHECK_EQUAL(SetThreadIdealProcessor(GetCurrentThread(), 65), ~0u);
    CHECK(GetThreadIdealProcessorEx(GetCurrentThread(), &number) && !number.Number, "ideal processor");
    CHECK(SetThreadIdealProcessorEx(GetCurrentThread(), &number, &before) && !before.Number,
          "the one before");
}

static void test_times(void)
{
    ULONG64 cycles = 0, idle[64];
    ULONG size = 0;
    FILETIME created, ended, kernel, user;
    BOOL pending = 2;

    CHECK(QueryThreadCycleTime(GetCurrentThread(), &cycles) && cycles, "cycles");
    CHECK(GetThreadTimes(GetCurrentThread(), &created, &ended, &kernel, &user), "times");
    CHECK(GetThreadIOPendingFlag(GetCurrentThread(), &pending) && !pending, "no call under way");
    CHECK(QueryIdleProcessorCycleTime(&size, NULL) && size, "idle cycles' size");
    CHECK(QueryIdleProcessorCycleTime(&size, idle), "idle cycles");
}

// A call that waits counts until it is done.
static void test_pending(void)
{
    char byte;
    DWORD done;
    OVERLAPPED overlapped = {.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL)};
    HANDLE server = CreateNamedPipeW(L"\\\\.\\pipe\\lowland-threads",
                                     PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, 0, 1, 64, 64, 0, NULL);
    HANDLE client = CreateFileW(L"\\\\.\\pipe\\lowland-threads", GENERIC_READ | GENERIC_WRITE, 0, NULL,
                                OPEN_EXISTING, 0, NULL);
    BOOL pending = FALSE;

    CHECK(!ReadFile(server, &byte, 1, NULL, &overlapped), "reads nothing yet");
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(GetThreadIOPendingFlag(GetCurrentThread(), &pending) && pending, "under way");
    CHECK(WriteFile(client, "x", 1, &done, NULL), "write");
    CHECK(GetOverlappedResult(server, &overlapped, &done, TRUE) && done == 1, "done");
    for (int i = 0; pending && i < 1000; i++) {
        GetThreadIOPendingFlag(GetCurrentThread(), &pending);
        if (pending) Sleep(1);
    }
    CHECK(!pending, "no longer");
    CloseHandle(client);
    CloseHandle(server);
    CloseHandle(overlapped.hEvent);
}

int main(void)
{
    test_names();
    test_descriptors();
    test_priorities();
    test_processors();
    test_times();
    test_pending();
    return check_summary();
}
