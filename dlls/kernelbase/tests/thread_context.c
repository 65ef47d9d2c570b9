// Contexts of threads that stand in a system call: what is set replaces what the call would have gone on
// with, but for the registers that every call changes.
#include <windows.h>
#include "tests/check.h"

enum { SOON = 30000 };

static DWORD WINAPI wait_for(void *event)
{
    return WaitForSingleObject(event, SOON);
}

static volatile LONG arrived;

static void elsewhere(void)
{
    arrived = 1;
    ExitThread(7);
}

// Suspends the thread when it sleeps in its wait.
static void stop(HANDLE thread, CONTEXT *context)
{
    DWORD last = 0;
    for (int i = 0; i < 1000; i++) {
        CHECK(SuspendThread(thread) == 0);
        context->ContextFlags = CONTEXT_FULL;
        CHECK(GetThreadContext(thread, context));
        if (last == context->Eip) return;
        last = context->Eip;
        ResumeThread(thread);
        Sleep(20);
    }
}

static DWORD status_of(HANDLE thread)
{
    DWORD status = 0;
    CHECK_EQUAL(WaitForSingleObject(thread, SOON), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &status));
    CloseHandle(thread);
    return status;
}

static void test_result(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, wait_for, event, 0, NULL);
    CONTEXT context;
    stop(thread, &context);
    context.Eax = 101, context.Ecx = 102, context.Edx = 103;
    CHECK(SetThreadContext(thread, &context));
    CHECK(GetThreadContext(thread, &context));
    CHECK_EQUAL(context.Eax, 101);
    ResumeThread(thread);
    SetEvent(event);
    CHECK_EQUAL(status_of(thread), WAIT_OBJECT_0);
    CloseHandle(event);
}

static void test_place(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, wait_for, event, 0, NULL);
    CONTEXT context;
    stop(thread, &context);
    context.Eip = (DWORD)(ULONG_PTR)elsewhere;
    CHECK(SetThreadContext(thread, &context));
    ResumeThread(thread);
    SetEvent(event);
    CHECK_EQUAL(status_of(thread), 7);
    CHECK_EQUAL(arrived, 1);
    CloseHandle(event);
}

int main(void)
{
    test_result();
    test_place();
    return check_summary();
}
