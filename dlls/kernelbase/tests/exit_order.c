// What DllMain and TLS callbacks find when a thread and a process end: fiber-local values are gone, and a
// process that ends gets no more threads.
#include <windows.h>
#include "tests/check.h"
#include <winternl.h>

enum { CHILD_DONE = 77 };

static DWORD fls_index = FLS_OUT_OF_INDEXES;
static LONG callbacks;
static int thread_detach_seen, is_child;

static void WINAPI value_dies(void *value)
{
    (void)value;
    callbacks++;
}

static DWORD WINAPI nothing(void *parameter)
{
    (void)parameter;
    return 0;
}

static void look_at_thread_end(void)
{
    SetLastError(5);
    CHECK(!FlsGetValue(fls_index), "the value is still there");
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    CHECK_EQUAL(callbacks, 1);
    CHECK(FlsSetValue(fls_index, (void *)2), "cannot be set");
    thread_detach_seen++;
}

// Its result is the child's exit status.
static void look_at_process_end(void)
{
    UINT result = CHILD_DONE;
    SetLastError(5);
    if (FlsGetValue(fls_index) || GetLastError()) result = 1;
    if (callbacks != 1) result = 2;
    SetLastError(0);
    if (CreateThread(NULL, 0, nothing, NULL, 0, NULL)) result = 3;
    if (GetLastError() != ERROR_ACCESS_DENIED) result = 4;
    TerminateProcess(GetCurrentProcess(), result);
}

static void NTAPI tls_callback(PVOID module, DWORD reason, PVOID reserved)
{
    (void)module, (void)reserved;
    if (fls_index == FLS_OUT_OF_INDEXES) return;
    if (reason == DLL_THREAD_DETACH && !is_child) look_at_thread_end();
    if (reason == DLL_PROCESS_DETACH && is_child) look_at_process_end();
}

__attribute__((section(".CRT$XLB"), used)) static PIMAGE_TLS_CALLBACK callback_pointer = tls_callback;

static DWORD WINAPI use_fls(void *parameter)
{
    FlsSetValue(fls_index, parameter);
    return 0;
}

static void test_process(const char *program)
{
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;
    char line[MAX_PATH + 16];
    DWORD code = 0;
    snprintf(line, sizeof(line), "\"%s\" child", program);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process), "no process");
    WaitForSingleObject(process.hProcess, INFINITE);
    GetExitCodeProcess(process.hProcess, &code);
    CHECK_EQUAL(code, CHILD_DONE);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
}

int main(int argc, char **argv)
{
    fls_index = FlsAlloc(value_dies);
    is_child = argc > 1;
    if (is_child) {
        FlsSetValue(fls_index, (void *)1);
        ExitProcess(6);
    }
    HANDLE thread = CreateThread(NULL, 0, use_fls, (void *)1, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CHECK_EQUAL(thread_detach_seen, 1);
    CHECK_EQUAL(callbacks, 1);
    test_process(argv[0]);
    fls_index = FLS_OUT_OF_INDEXES;
    return check_summary();
}
