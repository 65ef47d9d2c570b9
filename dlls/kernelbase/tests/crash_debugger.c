// AeDebug: the debugger that is started when a program crashes. The test starts itself in all roles.
#include <windows.h>
#include <winternl.h>
#include "tests/check.h"
#include <stdlib.h>
#include <string.h>

#define AE_DEBUG "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug"

enum { SOON = 60000, CRASHED = (int)0xc0000005, LOST = (int)0xc0000354 };
static char self[MAX_PATH];

// --- the crashing program and its debugger

static DWORD WINAPI second_thread(void *unused)
{
    (void)unused;
    Sleep(INFINITE);
    return 0;
}

static LONG CALLBACK go_on(EXCEPTION_POINTERS *info)
{
    (void)info;
    return EXCEPTION_CONTINUE_SEARCH;
}

static int crash(const char *how)
{
    if (!strcmp(how, "quietly")) SetErrorMode(SEM_NOGPFAULTERRORBOX);
    if (!strcmp(how, "filtered")) SetUnhandledExceptionFilter(go_on);
    CreateThread(NULL, 0, second_thread, NULL, 0, NULL);
    *(volatile int *)0 = 1;
    return 0;
}

static void tell(const char *name)
{
    HANDLE event = OpenEventA(EVENT_MODIFY_STATE, FALSE, name);
    SetEvent(event);
    CloseHandle(event);
}

// argv: what to do, process, event, address of the description.
static int debugger(char **argv)
{
    const char *what = argv[0];
    DWORD process = strtoul(argv[1], NULL, 10);
    HANDLE attached = (HANDLE)(ULONG_PTR)strtoul(argv[2], NULL, 10);
    tell("lowland-crash-debugger");
    if (!strcmp(what, "ignore")) return 1;
    if (!DebugActiveProcess(process)) return 2;
    if (!strcmp(what, "exit")) return 3;
    if (!strcmp(what, "keep")) return DebugSetProcessKillOnExit(FALSE) && SetEvent(attached);
    if (!strcmp(what, "detach")) return DebugActiveProcessStop(process) && SetEvent(attached);
    DEBUG_EVENT event;
    BOOL crashed = FALSE, set = FALSE;
    while (!crashed && WaitForDebugEvent(&event, SOON)) {
        const EXCEPTION_RECORD *record = &event.u.Exception.ExceptionRecord;
        BOOL exception = event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT;
        if (exception && record->ExceptionCode == EXCEPTION_BREAKPOINT) set = SetEvent(attached);
        crashed = exception && record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION;
        if (!crashed) ContinueDebugEvent(event.dwProcessId, event.dwThreadId, DBG_CONTINUE);
    }
    if (set && crashed && !event.u.Exception.dwFirstChance && strtoul(argv[3], NULL, 16))
        tell("lowland-crash-seen");
    return 4;
}

// --- tests

static HKEY key;

static BOOL set_value(const char *name, const char *text)
{
    return !RegSetValueExA(key, name, 0, REG_SZ, (const BYTE *)text, (DWORD)strlen(text) + 1);
}

// The status that a crash ends with; *started: whether the debugger was.
static DWORD status_of(const char *how, const char *action, BOOL *started)
{
    STARTUPINFOA info = {.cb = sizeof(info)};
    PROCESS_INFORMATION process;
    char line[MAX_PATH + 80];
    DWORD status = 0;
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "lowland-crash-debugger");
    snprintf(line, sizeof(line), "\"%s\" debugger %s %%ld %%ld %%p", self, action);
    CHECK(set_value("Debugger", line));
    snprintf(line, sizeof(line), "\"%s\" crash %s", self, how);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &process));
    CHECK_EQUAL(WaitForSingleObject(process.hProcess, SOON), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(process.hProcess, &status));
    if (status == STILL_ACTIVE) TerminateProcess(process.hProcess, 1);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    *started = WaitForSingleObject(event, 0) == WAIT_OBJECT_0;
    CloseHandle(event);
    return status;
}

static void check_crash(const char *how, const char *action, DWORD status, BOOL starts)
{
    BOOL started;
    DWORD got = status_of(how, action, &started);
    CHECK(got == status, "%s, %s: %lx", how, action, got);
    CHECK(started == starts, "%s, %s: %d", how, action, started);
}

int main(int argc, char **argv)
{
    GetModuleFileNameA(NULL, self, sizeof(self));
    if (argc > 2 && !strcmp(argv[1], "crash")) return crash(argv[2]);
    if (argc > 5 && !strcmp(argv[1], "debugger")) return debugger(argv + 2);

    CHECK(!RegOpenKeyExA(HKEY_LOCAL_MACHINE, AE_DEBUG, 0, KEY_ALL_ACCESS, &key));
    HANDLE seen = CreateEventA(NULL, FALSE, FALSE, "lowland-crash-seen");
    check_crash("plainly", "ignore", CRASHED, FALSE); // Auto is not set
    CHECK(set_value("Auto", "1"));
    check_crash("plainly", "ignore", CRASHED, TRUE);
    check_crash("filtered", "ignore", CRASHED, TRUE);
    check_crash("quietly", "ignore", CRASHED, FALSE);
    check_crash("plainly", "exit", LOST, TRUE); // the debugger's end is that of its debuggee
    check_crash("plainly", "keep", CRASHED, TRUE);
    check_crash("plainly", "detach", CRASHED, TRUE);
    CHECK_EQUAL(WaitForSingleObject(seen, 0), WAIT_TIMEOUT);
    check_crash("plainly", "events", LOST, TRUE);
    CHECK_EQUAL(WaitForSingleObject(seen, SOON), WAIT_OBJECT_0);
    RegDeleteValueA(key, "Auto");
    RegDeleteValueA(key, "Debugger");
    RegCloseKey(key);
    CloseHandle(seen);
    return check_summary();
}
