// The clocks: KUSER_SHARED_DATA, performance counter, tick count, system time, and that they agree.
#define DECLSPEC_IMPORT
#include "ntdll.h"
#include "tests/check.h"

// Reads one of the page's times as Windows documents it.
static ULONGLONG read_time(const volatile KSYSTEM_TIME *time)
{
    LONG high;
    ULONG low;

    do {
        high = time->High1Time;
        low = time->LowPart;
    } while (high != time->High2Time);
    return (ULONGLONG)high << 32 | low;
}

static void test_constants(void)
{
    CHECK_EQUAL(SharedUserData->NtMajorVersion, 10);
    CHECK_EQUAL(SharedUserData->NtMinorVersion, 0);
    CHECK_EQUAL(SharedUserData->NtProductType, 1);
    CHECK(SharedUserData->NtBuildNumber >= 10240, "%lu", SharedUserData->NtBuildNumber);
    ULONG ticks = (ULONG)(read_time(&SharedUserData->TickCount) * SharedUserData->TickCountMultiplier >> 24);
    CHECK(GetTickCount() - ticks + 100 < 200, "%lu and %lu ms", GetTickCount(), ticks);
    CHECK(SharedUserData->NtSystemRoot[1] == ':' && SharedUserData->NtSystemRoot[2] == '\\', "system root");
    CHECK(SharedUserData->ProcessorFeatures[PF_COMPARE_EXCHANGE_DOUBLE] &&
              SharedUserData->ProcessorFeatures[PF_XMMI64_INSTRUCTIONS_AVAILABLE],
          "processor features");
    CHECK(SharedUserData->NumberOfPhysicalPages > 1000, "pages");
    MEMORY_BASIC_INFORMATION info;
    CHECK(VirtualQuery((void *)0x7FFE0000, &info, sizeof(info)) && info.State == MEM_COMMIT &&
              info.Protect == PAGE_READONLY,
          "state %lx, protection %lx", info.State, info.Protect);
}

static void test_ticks(void)
{
    ULONGLONG interrupt = read_time(&SharedUserData->InterruptTime);
    ULONGLONG system = read_time(&SharedUserData->SystemTime);
    DWORD start = GetTickCount();
    int changes = 0;

    while (GetTickCount() - start < 400 && changes < 3) {
        ULONGLONG again = read_time(&SharedUserData->InterruptTime);
        CHECK(again >= interrupt, "interrupt time went back");
        if (again != interrupt) changes++;
        if (again < interrupt) break;
        interrupt = again;
        checks_passed--; // not one for each look
    }
    CHECK_EQUAL(changes, 3);
    // After a rest the clocks are up to date at once.
    for (int i = 0; i < 3; i++) {
        Sleep(60);
        ULONGLONG later = read_time(&SharedUserData->InterruptTime);
        CHECK(later - interrupt >= 400000, "%lu after 60 ms", (ULONG)(later - interrupt));
        interrupt = later;
    }
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    ULONGLONG known = (ULONGLONG)now.dwHighDateTime << 32 | now.dwLowDateTime;
    ULONGLONG seen = read_time(&SharedUserData->SystemTime);
    CHECK(seen > system && seen - known + 1000000 < 2000000, "system time is off by %ld",
          (LONG)(seen - known));
}

static void test_counter(void)
{
    LARGE_INTEGER counter, frequency, last = {.QuadPart = 0}, nt;

    CHECK_EQUAL(NtQueryPerformanceCounter(&counter, &frequency), 0);
    CHECK(frequency.QuadPart == 10000000, "frequency %ld", (LONG)frequency.QuadPart);
    BOOL forwards = TRUE;
    DWORD start = GetTickCount();
    while (GetTickCount() - start < 120) {
        QueryPerformanceCounter(&counter);
        NtQueryPerformanceCounter(&nt, NULL);
        if (counter.QuadPart < last.QuadPart || nt.QuadPart < counter.QuadPart) forwards = FALSE;
        last = nt;
    }
    CHECK(forwards, "the counter went back");
    QueryPerformanceCounter(&last);
    Sleep(100);
    QueryPerformanceCounter(&counter);
    LONG elapsed = (LONG)(counter.QuadPart - last.QuadPart);
    CHECK(elapsed >= 990000 && elapsed < 3000000, "100 ms are %ld", elapsed);
    DWORD ticks = GetTickCount();
    Sleep(100);
    ticks = GetTickCount() - ticks;
    CHECK(ticks >= 84 && ticks < 300, "100 ms are %lu ticks", ticks);
}

static void test_resolution(void)
{
    ULONG slowest, fastest, current, set;

    CHECK_EQUAL(NtQueryTimerResolution(&slowest, &fastest, &current), 0);
    CHECK(slowest == 156250 && fastest >= 5000 && fastest <= 10000, "%lu %lu", slowest, fastest);
    CHECK_EQUAL(NtSetTimerResolution(10000, TRUE, &set), 0);
    CHECK(set >= 5000 && set <= 10000, "%lu", set);
    CHECK_EQUAL(NtSetTimerResolution(0, FALSE, &set), 0);
}

int main(void)
{
    test_constants();
    test_ticks();
    test_counter();
    test_resolution();
    return check_summary();
}
