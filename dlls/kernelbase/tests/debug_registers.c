// Hardware breakpoints: the debug registers in a thread's context, and the exceptions that they lead to.
#include <windows.h>
#include "tests/check.h"

enum { SOON = 30000, RESUME_FLAG = 0x10000 };
enum { LOCAL_0 = 1, LOCAL_1 = 4, WRITE_0 = 1 << 16, ACCESS_0 = 3 << 16, FOUR_BYTES_0 = 3 << 18 };

static volatile LONG watched, beside;
static volatile LONG hits;
static DWORD status_seen, address_seen;

__attribute__((noinline)) static void here(void)
{
    __asm__ volatile("nop; nop");
}

static LONG CALLBACK count(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != EXCEPTION_SINGLE_STEP) return EXCEPTION_CONTINUE_SEARCH;
    hits++;
    status_seen = info->ContextRecord->Dr6;
    address_seen = (DWORD)(ULONG_PTR)info->ExceptionRecord->ExceptionAddress;
    info->ContextRecord->EFlags |= RESUME_FLAG; // or an instruction's breakpoint would meet it again
    info->ContextRecord->Dr6 = 0;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static LONG CALLBACK take_away(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode != EXCEPTION_SINGLE_STEP) return EXCEPTION_CONTINUE_SEARCH;
    hits++;
    info->ContextRecord->Dr7 = 0;
    return EXCEPTION_CONTINUE_EXECUTION;
}

static void set(HANDLE thread, volatile void *address, DWORD control)
{
    CONTEXT context = {.ContextFlags = CONTEXT_DEBUG_REGISTERS};
    context.Dr0 = (DWORD)(ULONG_PTR)address;
    context.Dr7 = control;
    CHECK(SetThreadContext(thread, &context));
}

static void test_values(void)
{
    CONTEXT context = {.ContextFlags = CONTEXT_DEBUG_REGISTERS,
                       .Dr0 = 0x42424240,
                       .Dr2 = 0x126bb070,
                       .Dr3 = 0x0badbad0,
                       .Dr7 = 0xffff0115};
    CHECK(SetThreadContext(GetCurrentThread(), &context));
    context = (CONTEXT){.ContextFlags = CONTEXT_DEBUG_REGISTERS, .Dr1 = 1};
    CHECK(GetThreadContext(GetCurrentThread(), &context));
    CHECK_EQUAL(context.Dr0, 0x42424240);
    CHECK_EQUAL(context.Dr1, 0);
    CHECK_EQUAL(context.Dr2, 0x126bb070);
    CHECK_EQUAL(context.Dr3, 0x0badbad0);
    CHECK_EQUAL(context.Dr6, 0);
    CHECK_EQUAL(context.Dr7, 0xffff0115);
    // What a context does not name stays.
    context.ContextFlags = CONTEXT_INTEGER;
    context.Dr7 = 0;
    CHECK(GetThreadContext(GetCurrentThread(), &context));
    CHECK_EQUAL(context.Dr7, 0);
    set(GetCurrentThread(), NULL, 0);
}

static void test_own_thread(void)
{
    void *handler = AddVectoredExceptionHandler(1, count);
    HANDLE self = GetCurrentThread();
    hits = 0;
    set(self, &watched, LOCAL_0 | WRITE_0 | FOUR_BYTES_0);
    watched = 1;
    CHECK_EQUAL(hits, 1);
    CHECK_EQUAL(status_seen, 1);
    beside = watched; // neither another variable nor reading counts
    CHECK_EQUAL(hits, 1);
    set(self, &watched, LOCAL_0 | ACCESS_0 | FOUR_BYTES_0);
    beside = watched;
    CHECK_EQUAL(hits, 2);
    set(self, (void *)here, LOCAL_0);
    here();
    here();
    CHECK_EQUAL(hits, 4);
    CHECK_EQUAL(address_seen, (ULONG_PTR)here);
    set(self, NULL, 0);
    here();
    watched = 2;
    CHECK_EQUAL(hits, 4);
    RemoveVectoredExceptionHandler(handler);
}

// A handler's context sets them, too.
static void test_handler(void)
{
    void *handler = AddVectoredExceptionHandler(1, take_away);
    hits = 0;
    set(GetCurrentThread(), (void *)here, LOCAL_0);
    here();
    here();
    CHECK_EQUAL(hits, 1);
    RemoveVectoredExceptionHandler(handler);
}

static DWORD WINAPI write_watched(void *unused)
{
    (void)unused;
    watched = 3;
    return 0;
}

// Those of another thread, which are its own alone.
static void test_other_thread(void)
{
    void *handler = AddVectoredExceptionHandler(1, count);
    HANDLE thread = CreateThread(NULL, 0, write_watched, NULL, CREATE_SUSPENDED, NULL);
    hits = 0;
    set(thread, &watched, LOCAL_0 | WRITE_0 | FOUR_BYTES_0);
    watched = 4;
    CHECK_EQUAL(hits, 0);
    ResumeThread(thread);
    CHECK_EQUAL(WaitForSingleObject(thread, SOON), WAIT_OBJECT_0);
    CHECK_EQUAL(hits, 1);
    CloseHandle(thread);
    RemoveVectoredExceptionHandler(handler);
}

// What the system writes for the program is not stopped at.
static void test_system_call(void)
{
    void *handler = AddVectoredExceptionHandler(1, count);
    static volatile LONGLONG counter;
    DWORD done = 0;
    HANDLE reading, writing;
    CHECK(CreatePipe(&reading, &writing, NULL, 0));
    CHECK(WriteFile(writing, "1234", 4, &done, NULL));
    hits = 0;
    set(GetCurrentThread(), &counter, LOCAL_0 | WRITE_0 | FOUR_BYTES_0);
    CHECK(ReadFile(reading, (void *)&counter, 4, &done, NULL));
    CHECK_EQUAL(hits, 0);
    CHECK_EQUAL((DWORD)counter, 0x34333231);
    set(GetCurrentThread(), NULL, 0);
    CloseHandle(reading);
    CloseHandle(writing);
    RemoveVectoredExceptionHandler(handler);
}

// Many hosts keep the breakpoints from their users, containers most of all.
static BOOL host_refuses(void)
{
    void *handler = AddVectoredExceptionHandler(1, count);
    hits = 0;
    set(GetCurrentThread(), &watched, LOCAL_0 | WRITE_0 | FOUR_BYTES_0);
    watched = 1;
    set(GetCurrentThread(), NULL, 0);
    RemoveVectoredExceptionHandler(handler);
    return !hits;
}

int main(void)
{
    test_values();
    if (host_refuses()) {
        printf("skipped: the host refuses performance events\n");
        return check_summary();
    }
    test_own_thread();
    test_handler();
    test_other_thread();
    test_system_call();
    return check_summary();
}
