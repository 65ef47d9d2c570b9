// The debugging API: the test starts itself as what is debugged.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>

enum { SOON = 30000, MUTUAL_ROUNDS = 20 };
static char self[MAX_PATH];
volatile LONG debuggee_variable = 41;

// --- the other side

__attribute__((noinline)) static void here(void)
{
    __asm__ volatile("nop; nop; nop");
}

static DWORD WINAPI second_thread(void *argument)
{
    return (DWORD)(ULONG_PTR)argument;
}

static LONG CALLBACK skip_breakpoint(EXCEPTION_POINTERS *info)
{
    if (info->ExceptionRecord->ExceptionCode == EXCEPTION_BREAKPOINT) {
        info->ContextRecord->Eip += 1; // handlers see it at the instruction
        return EXCEPTION_CONTINUE_EXECUTION;
    }
    return info->ExceptionRecord->ExceptionCode == 0xe0000001 ? EXCEPTION_CONTINUE_EXECUTION
                                                              : EXCEPTION_CONTINUE_SEARCH;
}

static int debuggee(const char *what, const char *argument)
{
    if (!strcmp(what, "events")) {
        OutputDebugStringA("hello debugger");
        HMODULE library = LoadLibraryA("version.dll");
        FreeLibrary(library);
        HANDLE thread = CreateThread(NULL, 0, second_thread, (void *)7, 0, NULL);
        WaitForSingleObject(thread, SOON);
        return 23;
    }
    if (!strcmp(what, "exceptions")) {
        AddVectoredExceptionHandler(1, skip_breakpoint);
        RaiseException(0xe0000001, 0, 0, NULL); // passed on: handled here
        DebugBreak();                           // continued by the debugger
        DebugBreak();                           // passed on: handled here
        here();
        *(volatile int *)0 = 1;
    }
    if (!strcmp(what, "wait")) {
        HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, "lowland-debugging-ready");
        SetEvent(ready);
        for (;;) Sleep(20);
    }
    if (!strcmp(what, "mutual")) {
        DWORD parent = strtoul(argument, NULL, 10);
        for (int i = 0; i < MUTUAL_ROUNDS; i++) {
            if (!DebugActiveProcess(parent) || !DebugActiveProcessStop(parent)) return 1;
            OutputDebugStringA("still heard");
        }
        return 9;
    }
    if (!strcmp(what, "parent") || !strcmp(what, "attached")) {
        STARTUPINFOA info = {.cb = sizeof(info)};
        PROCESS_INFORMATION process;
        char line[MAX_PATH + 40];
        if (!strcmp(what, "attached")) {
            SetEvent(OpenEventA(EVENT_MODIFY_STATE, FALSE, "lowland-debugging-ready"));
            WaitForSingleObject(OpenEventA(SYNCHRONIZE, FALSE, "lowland-debugging-go"), SOON);
        }
        snprintf(line, sizeof(line), "\"%s\" debuggee none", self);
        if (!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process)) return 1;
        WaitForSingleObject(process.hProcess, SOON);
        return 5;
    }
    return 0;
}

static BOOL start(const char *role, DWORD flags, PROCESS_INFORMATION *process)
{
    STARTUPINFOA info = {.cb = sizeof(info)};
    char line[MAX_PATH + 40];
    snprintf(line, sizeof(line), "\"%s\" %s", self, role);
    return CreateProcessA(NULL, line, NULL, NULL, FALSE, flags, NULL, NULL, &info, process);
}

// Attaches to a process, says so and waits to be killed.
static int debugger(DWORD id, BOOL kill)
{
    HANDLE ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, "lowland-debugging-ready");
    DEBUG_EVENT event;
    if (!DebugActiveProcess(id) || !DebugSetProcessKillOnExit(kill)) return 1;
    for (int i = 0; i < 4; i++) {
        if (!WaitForDebugEvent(&event, SOON)) return 2;
        if (i < 3) ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE);
    }
    SetEvent(ready); // one event is out
    Sleep(INFINITE);
    return 0;
}

static void finish(PROCESS_INFORMATION *process)
{
    TerminateProcess(process->hProcess, 0);
    CHECK_EQUAL(WaitForSingleObject(process->hProcess, SOON), WAIT_OBJECT_0);
    CloseHandle(process->hProcess);
    CloseHandle(process->hThread);
}

// --- tests

static BOOL next(DEBUG_EVENT *event, DWORD status)
{
    if (event->dwDebugEventCode) CHECK(ContinueDebugEvent(event->dwProcessId, event->dwThreadId, status));
    memset(event, 0, sizeof(*event));
    BOOL came = WaitForDebugEvent(event, SOON);
    CHECK(came, "error %lu", GetLastError());
    return came;
}

static void test_events(void)
{
    PROCESS_INFORMATION process;
    DEBUG_EVENT event = {};
    DWORD loads = 0, unloads = 0, threads = 0, exits = 0, breaks = 0, texts = 0, code;
    BOOL present = FALSE;
    CHECK(start("debuggee events", DEBUG_PROCESS, &process));
    CHECK(CheckRemoteDebuggerPresent(process.hProcess, &present) && present);
    CHECK(next(&event, 0));
    CHECK_EQUAL(event.dwDebugEventCode, CREATE_PROCESS_DEBUG_EVENT);
    CHECK_EQUAL(event.dwProcessId, process.dwProcessId);
    CHECK_EQUAL(event.dwThreadId, process.dwThreadId);
    CHECK_EQUAL((ULONG_PTR)event.u.CreateProcessInfo.lpBaseOfImage, (ULONG_PTR)GetModuleHandleA(NULL));
    CHECK(event.u.CreateProcessInfo.hFile != NULL && CloseHandle(event.u.CreateProcessInfo.hFile));
    CHECK(!ContinueDebugEvent(event.dwProcessId, event.dwThreadId + 4, DBG_CONTINUE));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(next(&event, DBG_CONTINUE));
    CHECK_EQUAL(event.dwDebugEventCode, LOAD_DLL_DEBUG_EVENT);
    CHECK_EQUAL((ULONG_PTR)event.u.LoadDll.lpBaseOfDll, (ULONG_PTR)GetModuleHandleA("ntdll"));
    while (next(&event, DBG_CONTINUE) && event.dwDebugEventCode != EXIT_PROCESS_DEBUG_EVENT) {
        switch (event.dwDebugEventCode) {
        case LOAD_DLL_DEBUG_EVENT: {
            WCHAR *at = NULL, path[8] = L"";
            SIZE_T read;
            CHECK(ReadProcessMemory(process.hProcess, event.u.LoadDll.lpImageName, &at, sizeof(at), &read));
            CHECK(ReadProcessMemory(process.hProcess, at, path, sizeof(path) - sizeof(*path), &read));
            CHECK(event.u.LoadDll.fUnicode && path[1] == ':' && path[2] == '\\', "%ls", path);
            loads++;
            break;
        }
        case UNLOAD_DLL_DEBUG_EVENT: unloads++; break;
        case CREATE_THREAD_DEBUG_EVENT: threads++; break;
        case EXIT_THREAD_DEBUG_EVENT:
            if (event.u.ExitThread.dwExitCode == 7) exits++;
            break;
        case EXCEPTION_DEBUG_EVENT:
            CHECK_EQUAL(event.u.Exception.ExceptionRecord.ExceptionCode, EXCEPTION_BREAKPOINT);
            breaks++;
            break;
        case OUTPUT_DEBUG_STRING_EVENT: {
            char text[32] = "";
            SIZE_T read;
            CHECK_EQUAL(event.u.DebugString.nDebugStringLength, 15);
            CHECK(
                ReadProcessMemory(process.hProcess, event.u.DebugString.lpDebugStringData, text, 15, &read));
            CHECK(!strcmp(text, "hello debugger"), "%s", text);
            texts++;
            break;
        }
        }
    }
    CHECK_EQUAL(event.u.ExitProcess.dwExitCode, 23);
    CHECK(loads > 2, "%lu", loads);
    CHECK(unloads >= 1, "%lu", unloads);
    CHECK_EQUAL(threads, 1);
    CHECK_EQUAL(exits, 1);
    CHECK_EQUAL(breaks, 1);
    CHECK_EQUAL(texts, 1);
    CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    event.dwDebugEventCode = 0;
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, SOON), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &code));
    CHECK_EQUAL(code, 23);
    finish(&process);
}

// The next exception, after whatever else there is.
static DWORD next_exception(DEBUG_EVENT *event, DWORD status)
{
    while (next(event, status)) {
        if (event->dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT) return 0;
        if (event->dwDebugEventCode == EXCEPTION_DEBUG_EVENT)
            return event->u.Exception.ExceptionRecord.ExceptionCode;
        status = DBG_CONTINUE;
    }
    return 0;
}

static void test_exceptions(void)
{
    PROCESS_INFORMATION process;
    DEBUG_EVENT event = {};
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    BYTE breakpoint = 0xcc, original;
    LONG value = 0;
    CHECK(start("debuggee exceptions", DEBUG_ONLY_THIS_PROCESS, &process));
    CHECK_EQUAL(next_exception(&event, DBG_CONTINUE), EXCEPTION_BREAKPOINT);
    CHECK(event.u.Exception.dwFirstChance);
    // A breakpoint of the debugger's own in a function, and a variable of the debuggee's.
    CHECK(ReadProcessMemory(process.hProcess, (void *)&debuggee_variable, &value, sizeof(value), NULL));
    CHECK_EQUAL(value, 41);
    CHECK(ReadProcessMemory(process.hProcess, (void *)here, &original, 1, NULL));
    CHECK(WriteProcessMemory(process.hProcess, (void *)here, &breakpoint, 1, NULL));
    CHECK_EQUAL(next_exception(&event, DBG_CONTINUE), 0xe0000001);
    CHECK_EQUAL(next_exception(&event, DBG_EXCEPTION_NOT_HANDLED), EXCEPTION_BREAKPOINT);
    CHECK(GetThreadContext(process.hThread, &context));
    CHECK_EQUAL(context.Eip, (ULONG_PTR)event.u.Exception.ExceptionRecord.ExceptionAddress + 1);
    CHECK_EQUAL(SuspendThread(process.hThread), 0);
    CHECK_EQUAL(ResumeThread(process.hThread), 1);
    CHECK_EQUAL(next_exception(&event, DBG_CONTINUE), EXCEPTION_BREAKPOINT);
    CHECK_EQUAL(next_exception(&event, DBG_EXCEPTION_NOT_HANDLED), EXCEPTION_BREAKPOINT);
    CHECK_EQUAL((ULONG_PTR)event.u.Exception.ExceptionRecord.ExceptionAddress, (ULONG_PTR)here);
    // Put the instruction back and step over it.
    CHECK(WriteProcessMemory(process.hProcess, (void *)here, &original, 1, NULL));
    CHECK(GetThreadContext(process.hThread, &context));
    context.Eip -= 1;
    context.EFlags |= 0x100;
    CHECK(SetThreadContext(process.hThread, &context));
    CHECK_EQUAL(next_exception(&event, DBG_CONTINUE), EXCEPTION_SINGLE_STEP);
    CHECK((ULONG_PTR)event.u.Exception.ExceptionRecord.ExceptionAddress > (ULONG_PTR)here &&
          (ULONG_PTR)event.u.Exception.ExceptionRecord.ExceptionAddress < (ULONG_PTR)here + 8);
    CHECK_EQUAL(next_exception(&event, DBG_CONTINUE), EXCEPTION_ACCESS_VIOLATION);
    CHECK(event.u.Exception.dwFirstChance);
    CHECK_EQUAL(next_exception(&event, DBG_EXCEPTION_NOT_HANDLED), EXCEPTION_ACCESS_VIOLATION);
    CHECK(!event.u.Exception.dwFirstChance);
    // Killed while an event is out: the debugger hears of it.
    CHECK(TerminateProcess(process.hProcess, 77));
    CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    event.dwDebugEventCode = 0;
    CHECK(next(&event, 0));
    CHECK_EQUAL(event.dwDebugEventCode, EXIT_PROCESS_DEBUG_EVENT);
    CHECK_EQUAL(event.u.ExitProcess.dwExitCode, 77);
    CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    finish(&process);
}

static void test_attach(void)
{
    PROCESS_INFORMATION process;
    DEBUG_EVENT event = {};
    BOOL present = TRUE;
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "lowland-debugging-ready");
    CHECK(!DebugActiveProcess(GetCurrentProcessId()));
    CHECK(start("debuggee wait", 0, &process));
    CHECK_EQUAL(WaitForSingleObject(ready, SOON), WAIT_OBJECT_0);
    CHECK(DebugActiveProcess(process.dwProcessId));
    CHECK(!DebugActiveProcess(process.dwProcessId)); // once is enough, and goes on
    CHECK(WaitForDebugEvent(&event, SOON));
    CHECK_EQUAL(event.dwDebugEventCode, CREATE_PROCESS_DEBUG_EVENT);
    CHECK_EQUAL(event.dwThreadId, process.dwThreadId);
    CHECK_EQUAL(next_exception(&event, DBG_CONTINUE), EXCEPTION_BREAKPOINT);
    CHECK_EQUAL((ULONG_PTR)event.u.Exception.ExceptionRecord.ExceptionAddress,
                (ULONG_PTR)GetProcAddress(GetModuleHandleA("ntdll"), "DbgBreakPoint"));
    CHECK(event.dwThreadId != process.dwThreadId);
    CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    CHECK(DebugActiveProcessStop(process.dwProcessId));
    CHECK(CheckRemoteDebuggerPresent(process.hProcess, &present) && !present);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, 100), WAIT_TIMEOUT);
    CHECK(!WaitForDebugEvent(&event, 0));
    CHECK_EQUAL(GetLastError(), ERROR_SEM_TIMEOUT);
    finish(&process);
    CloseHandle(ready);
}

// A debugger that is killed takes its debuggee along, or leaves it.
static void test_debugger_dies(BOOL kill)
{
    PROCESS_INFORMATION process, other;
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "lowland-debugging-ready");
    char role[40];
    DWORD code;
    CHECK(start("debuggee wait", 0, &process));
    CHECK_EQUAL(WaitForSingleObject(ready, SOON), WAIT_OBJECT_0);
    snprintf(role, sizeof(role), "debugger %lu %d", process.dwProcessId, kill);
    CHECK(start(role, 0, &other));
    CHECK_EQUAL(WaitForSingleObject(ready, SOON), WAIT_OBJECT_0);
    finish(&other);
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, kill ? SOON : 200),
                kill ? WAIT_OBJECT_0 : WAIT_TIMEOUT);
    CHECK(GetExitCodeProcess(process.hProcess, &code));
    CHECK_EQUAL(code, kill ? 0xc0000354 : STILL_ACTIVE);
    finish(&process);
    CloseHandle(ready);
}

// flags 0: attaches instead.
static DWORD processes_seen(DWORD flags)
{
    PROCESS_INFORMATION process;
    DEBUG_EVENT event = {};
    DWORD count = 0, left = 0;
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "lowland-debugging-ready");
    HANDLE go = CreateEventA(NULL, FALSE, FALSE, "lowland-debugging-go");
    CHECK(start(flags ? "debuggee parent" : "debuggee attached", flags, &process));
    if (!flags) {
        CHECK_EQUAL(WaitForSingleObject(ready, SOON), WAIT_OBJECT_0);
        CHECK(DebugActiveProcess(process.dwProcessId));
        SetEvent(go);
    }
    do {
        if (!WaitForDebugEvent(&event, SOON)) break;
        if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT) count++, left++;
        if (event.dwDebugEventCode == EXIT_PROCESS_DEBUG_EVENT) left--;
        CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    } while (left);
    finish(&process);
    CloseHandle(ready);
    CloseHandle(go);
    return count;
}

// A debuggee may be its debugger's debugger for a moment.
static void test_mutual(void)
{
    PROCESS_INFORMATION process;
    DEBUG_EVENT event = {};
    char role[40];
    snprintf(role, sizeof(role), "debuggee mutual %lu", GetCurrentProcessId());
    CHECK(start(role, DEBUG_PROCESS, &process));
    while (next(&event, DBG_CONTINUE) && event.dwDebugEventCode != EXIT_PROCESS_DEBUG_EVENT) {
    }
    CHECK_EQUAL(event.u.ExitProcess.dwExitCode, 9);
    CHECK(ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE));
    finish(&process);
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof(self));
    if (argc > 2 && !strcmp(argv[1], "debuggee")) return debuggee(argv[2], argc > 3 ? argv[3] : "");
    if (argc > 3 && !strcmp(argv[1], "debugger")) return debugger(strtoul(argv[2], NULL, 10), atoi(argv[3]));
    test_events();
    test_exceptions();
    test_attach();
    test_mutual();
    test_debugger_dies(TRUE);
    test_debugger_dies(FALSE);
    CHECK_EQUAL(processes_seen(DEBUG_PROCESS), 2);
    CHECK_EQUAL(processes_seen(DEBUG_ONLY_THIS_PROCESS), 1);
    CHECK_EQUAL(processes_seen(0), 1);
    return check_summary();
}
