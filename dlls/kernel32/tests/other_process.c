// Processes that are not each other's children: opening, waiting, threads, handles, lists, and ends in the
// middle.
#include "tests/check.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include <tlhelp32.h>

// Written by other instances of this program, where it has the same addresses.
static volatile DWORD told_pid, told_tid, called_with;

static char own_path[MAX_PATH];
static const char ready_name[] = "lowland-other-process-ready";

static BOOL start(const char *arguments, DWORD flags, PROCESS_INFORMATION *process)
{
    char line[MAX_PATH + 64];
    STARTUPINFOA info = {.cb = sizeof(info)};
    snprintf(line, sizeof(line), "\"%s\" %s", own_path, arguments);
    return CreateProcessA(own_path, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, process);
}

static void CALLBACK apc(ULONG_PTR argument)
{
    called_with = (DWORD)argument;
}

// The grandchild: waits to be told how to end. A process that still starts has handles and views of its own
// come and go where the tests look: it says when that is over.
static int run_target(void)
{
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, ready_name);
    SetEvent(ready);
    CloseHandle(ready);
    while (!called_with) SleepEx(INFINITE, TRUE);
    return (int)called_with;
}

// The child: starts the grandchild, tells the first process of it, and waits for its end, whose code it
// passes on.
static int run_middle(DWORD first_pid)
{
    PROCESS_INFORMATION target;
    DWORD code = 0;
    HANDLE first = OpenProcess(PROCESS_VM_OPERATION | PROCESS_VM_WRITE, FALSE, first_pid);
    if (!first || !start("target", 0, &target)) return 1;
    WriteProcessMemory(first, (void *)&told_tid, &target.dwThreadId, sizeof(DWORD), NULL);
    WriteProcessMemory(first, (void *)&told_pid, &target.dwProcessId, sizeof(DWORD), NULL);
    CloseHandle(first);
    WaitForSingleObject(target.hProcess, INFINITE);
    GetExitCodeProcess(target.hProcess, &code);
    return (int)(code + 1);
}

static PROCESS_INFORMATION start_pair(void)
{
    PROCESS_INFORMATION middle = {0};
    char arguments[32];
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, ready_name);
    told_pid = 0;
    snprintf(arguments, sizeof(arguments), "middle %lu", GetCurrentProcessId());
    CHECK(start(arguments, 0, &middle), "error %lu", GetLastError());
    for (int i = 0; i < 3000 && !told_pid; i++) Sleep(20);
    CHECK(told_pid != 0, "nothing came");
    CHECK_EQUAL(WaitForSingleObject(ready, 60000), WAIT_OBJECT_0);
    CloseHandle(ready);
    return middle;
}

static void check_ends(const PROCESS_INFORMATION *middle, HANDLE target, DWORD code)
{
    DWORD got = 0;
    CHECK_EQUAL(WaitForSingleObject(target, 60000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(target, &got), "error %lu", GetLastError());
    CHECK_EQUAL(got, code);
    CHECK_EQUAL(WaitForSingleObject(middle->hProcess, 60000), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(middle->hProcess, &got), "error %lu", GetLastError());
    CHECK_EQUAL(got, code + 1);
    CloseHandle(middle->hProcess);
    CloseHandle(middle->hThread);
}

static bool is_listed(DWORD pid, DWORD parent, DWORD tid)
{
    PROCESSENTRY32 process = {.dwSize = sizeof(process)};
    THREADENTRY32 thread = {.dwSize = sizeof(thread)};
    bool process_found = false, thread_found = false;
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS | TH32CS_SNAPTHREAD, 0);
    for (BOOL more = Process32First(snapshot, &process); more; more = Process32Next(snapshot, &process))
        if (process.th32ProcessID == pid && process.th32ParentProcessID == parent &&
            process.cntThreads == 1 && strcmp(process.szExeFile, "other_process.exe") == 0)
            process_found = true;
    for (BOOL more = Thread32First(snapshot, &thread); more; more = Thread32Next(snapshot, &thread))
        if (thread.th32OwnerProcessID == pid && thread.th32ThreadID == tid) thread_found = true;
    CloseHandle(snapshot);
    return process_found && thread_found;
}

static void test_threads(DWORD tid)
{
    CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
    HANDLE thread = OpenThread(THREAD_ALL_ACCESS, FALSE, tid);
    CHECK(thread != NULL, "error %lu", GetLastError());
    CHECK_EQUAL(GetThreadId(thread), tid);
    CHECK_EQUAL(GetProcessIdOfThread(thread), told_pid);
    CHECK_EQUAL(SuspendThread(thread), 0);
    CHECK_EQUAL(SuspendThread(thread), 1);
    CHECK(GetThreadContext(thread, &context) && context.Eip, "error %lu", GetLastError());
    CHECK_EQUAL(ResumeThread(thread), 2);
    CHECK_EQUAL(ResumeThread(thread), 1);
    CHECK(SetThreadPriority(thread, THREAD_PRIORITY_HIGHEST), "error %lu", GetLastError());
    CHECK_EQUAL(GetThreadPriority(thread), THREAD_PRIORITY_HIGHEST);
    CHECK_EQUAL(WaitForSingleObject(thread, 0), WAIT_TIMEOUT);
    CloseHandle(thread);
    HANDLE limited = OpenThread(SYNCHRONIZE, FALSE, tid);
    CHECK_EQUAL(SuspendThread(limited), (DWORD)-1);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CloseHandle(limited);
}

static void test_handles(HANDLE target)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL), there = NULL, back = NULL;
    CHECK(DuplicateHandle(GetCurrentProcess(), event, target, &there, 0, FALSE, DUPLICATE_SAME_ACCESS),
          "error %lu", GetLastError());
    CHECK(DuplicateHandle(target, there, GetCurrentProcess(), &back, 0, FALSE,
                          DUPLICATE_SAME_ACCESS | DUPLICATE_CLOSE_SOURCE),
          "error %lu", GetLastError());
    CHECK_EQUAL(WaitForSingleObject(back, 0), WAIT_TIMEOUT);
    SetEvent(event);
    CHECK_EQUAL(WaitForSingleObject(back, 0), WAIT_OBJECT_0);
    CloseHandle(back);
    CHECK(!DuplicateHandle(target, there, GetCurrentProcess(), &back, 0, FALSE, DUPLICATE_SAME_ACCESS),
          "its source was closed");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CloseHandle(event);

    // A process's handle to itself, made real elsewhere.
    CHECK(DuplicateHandle(GetCurrentProcess(), GetCurrentProcess(), target, &there, 0, FALSE,
                          DUPLICATE_SAME_ACCESS),
          "error %lu", GetLastError());
    CHECK(DuplicateHandle(target, there, GetCurrentProcess(), &back, 0, FALSE, DUPLICATE_SAME_ACCESS),
          "error %lu", GetLastError());
    CHECK_EQUAL(GetProcessId(back), GetCurrentProcessId());
    CloseHandle(back);
    CHECK(DuplicateHandle(target, GetCurrentProcess(), GetCurrentProcess(), &back, 0, FALSE,
                          DUPLICATE_SAME_ACCESS),
          "error %lu", GetLastError());
    CHECK_EQUAL(GetProcessId(back), told_pid);
    CloseHandle(back);
}

typedef LONG(NTAPI *map_view)(HANDLE section, HANDLE process, void **base, ULONG_PTR zero_bits, SIZE_T commit,
                              LARGE_INTEGER *offset, SIZE_T *size, int inherit, ULONG type, ULONG protect);
typedef LONG(NTAPI *unmap_view)(HANDLE process, void *base);

static void test_views(HANDLE target)
{
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    map_view map = (map_view)(void *)GetProcAddress(ntdll, "NtMapViewOfSection");
    unmap_view unmap = (unmap_view)(void *)GetProcAddress(ntdll, "NtUnmapViewOfSection");
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0x2000, NULL);
    char *here = MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0), byte = 0;
    void *there = NULL;
    SIZE_T size = 0, n;
    here[0x1234] = 'x';
    CHECK_EQUAL(map(section, target, &there, 0, 0, NULL, &size, 2, 0, PAGE_READWRITE), 0);
    CHECK_EQUAL(size, 0x2000);
    CHECK(ReadProcessMemory(target, (char *)there + 0x1234, &byte, 1, &n), "error %lu", GetLastError());
    CHECK_EQUAL(byte, 'x');
    CHECK(WriteProcessMemory(target, (char *)there + 1, "y", 1, &n), "error %lu", GetLastError());
    CHECK_EQUAL(here[1], 'y');
    CHECK_EQUAL(unmap(target, there), 0);
    CHECK(!ReadProcessMemory(target, there, &byte, 1, &n), "a view that is gone");
    UnmapViewOfFile(here);
    CloseHandle(section);
}

static void test_foreign(void)
{
    PROCESS_INFORMATION middle = start_pair();
    FILETIME created, ended, kernel, user;
    char name[MAX_PATH];
    DWORD size = sizeof(name), code = 0;
    HANDLE target = OpenProcess(PROCESS_ALL_ACCESS, FALSE, told_pid);
    CHECK(target != NULL, "error %lu", GetLastError());
    CHECK_EQUAL(GetProcessId(target), told_pid);
    CHECK_EQUAL(WaitForSingleObject(target, 0), WAIT_TIMEOUT);
    CHECK(GetExitCodeProcess(target, &code) && code == STILL_ACTIVE, "code %lx", code);
    CHECK(GetProcessTimes(target, &created, &ended, &kernel, &user), "error %lu", GetLastError());
    CHECK(QueryFullProcessImageNameA(target, 0, name, &size), "error %lu", GetLastError());
    CHECK(strcmp(name, own_path) == 0, "%s", name);
    CHECK(is_listed(told_pid, middle.dwProcessId, told_tid), "not in the list");
    CHECK(SetPriorityClass(target, IDLE_PRIORITY_CLASS), "error %lu", GetLastError());
    CHECK_EQUAL(GetPriorityClass(target), IDLE_PRIORITY_CLASS);
    test_threads(told_tid);
    test_handles(target);
    test_views(target);

    HANDLE limited = OpenProcess(SYNCHRONIZE, FALSE, told_pid);
    CHECK(!TerminateProcess(limited, 1) && GetLastError() == ERROR_ACCESS_DENIED, "error %lu",
          GetLastError());
    CloseHandle(limited);

    HANDLE thread = OpenThread(THREAD_ALL_ACCESS, FALSE, told_tid);
    CHECK(QueueUserAPC(apc, thread, 0x89abcdef), "error %lu", GetLastError());
    check_ends(&middle, target, 0x89abcdef);
    CHECK_EQUAL(WaitForSingleObject(thread, 0), WAIT_OBJECT_0);
    CloseHandle(thread);
    CHECK(!TerminateProcess(target, 2) && GetLastError() == ERROR_ACCESS_DENIED, "error %lu", GetLastError());
    CloseHandle(target);
    CHECK(!OpenProcess(SYNCHRONIZE, FALSE, told_pid) && GetLastError() == ERROR_INVALID_PARAMETER,
          "error %lu", GetLastError());
}

// A thread that is ended and a process that is: everybody hears the same codes.
// A copy that meets a bad page of the destination tells how far it came; one that is refused tells nothing.
static void test_partial_copies(void)
{
    PROCESS_INFORMATION target = {0};
    CHECK(start("target", CREATE_SUSPENDED, &target), "error %lu", GetLastError());
    BYTE *buffer = VirtualAlloc(NULL, 0x4000, MEM_COMMIT, PAGE_READWRITE);
    BYTE *there = VirtualAllocEx(target.hProcess, NULL, 0x4000, MEM_COMMIT, PAGE_READWRITE);
    SIZE_T done = 99;
    DWORD old;
    VirtualProtect(buffer + 0x2000, 0x2000, PAGE_NOACCESS, &old);
    CHECK(!ReadProcessMemory(target.hProcess, there, buffer, 0x4000, &done), "read");
    CHECK_EQUAL(GetLastError(), ERROR_PARTIAL_COPY);
    CHECK_EQUAL(done, 0x2000);
    CHECK(!WriteProcessMemory(target.hProcess, there, buffer, 0x4000, &done), "written");
    CHECK_EQUAL(done, 0);
    VirtualProtectEx(target.hProcess, there, 0x4000, PAGE_READONLY, &old);
    done = 99;
    CHECK(!WriteProcessMemory(target.hProcess, there, buffer, 0x1000, &done), "written");
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK_EQUAL(done, 99);
    VirtualFree(buffer, 0, MEM_RELEASE);
    TerminateProcess(target.hProcess, 0);
    CloseHandle(target.hProcess);
    CloseHandle(target.hThread);
}

static void test_ends(void)
{
    PROCESS_INFORMATION middle = start_pair();
    HANDLE target = OpenProcess(PROCESS_ALL_ACCESS, FALSE, told_pid);
    void *sleep = (void *)GetProcAddress(GetModuleHandleA("kernel32.dll"), "Sleep");
    HANDLE thread = CreateRemoteThread(target, NULL, 0, (LPTHREAD_START_ROUTINE)sleep, (void *)-1, 0, NULL);
    DWORD code = 0;
    CHECK(thread != NULL, "error %lu", GetLastError());
    CHECK(TerminateThread(thread, 0x31415926), "error %lu", GetLastError());
    CHECK_EQUAL(WaitForSingleObject(thread, 60000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code), "error %lu", GetLastError());
    CHECK_EQUAL(code, 0x31415926);
    CloseHandle(thread);
    CHECK(TerminateProcess(target, 0xc0ffee01), "error %lu", GetLastError());
    check_ends(&middle, target, 0xc0ffee01);
    CloseHandle(target);
}

static DWORD WINAPI end_soon(void *process)
{
    Sleep(30);
    TerminateProcess(process, 7);
    return 0;
}

// Requests are under way when the target ends: each fails or succeeds, none hangs.
static void test_end_in_the_middle(void)
{
    for (int i = 0; i < 3; i++) {
        PROCESS_INFORMATION target = {0};
        int failed = 0;
        CHECK(start("target", 0, &target), "error %lu", GetLastError());
        HANDLE killer = CreateThread(NULL, 0, end_soon, target.hProcess, 0, NULL);
        while (!failed) {
            void *memory =
                VirtualAllocEx(target.hProcess, NULL, 0x1000, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD);
            char byte;
            if (!memory) break;
            ReadProcessMemory(target.hProcess, memory, &byte, 1, NULL);
            failed = !VirtualFreeEx(target.hProcess, memory, 0, MEM_RELEASE);
        }
        CHECK_EQUAL(WaitForSingleObject(killer, 60000), WAIT_OBJECT_0);
        CHECK_EQUAL(WaitForSingleObject(target.hProcess, 60000), WAIT_OBJECT_0);
        CloseHandle(killer);
        CloseHandle(target.hProcess);
        CloseHandle(target.hThread);
    }
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, own_path, sizeof(own_path));
    if (argc > 2) return run_middle(strtoul(argv[2], NULL, 10));
    if (argc > 1) return run_target();
    test_foreign();
    test_partial_copies();
    test_ends();
    test_end_in_the_middle();
    return check_summary();
}
