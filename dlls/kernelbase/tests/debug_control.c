// Ctrl-C and Ctrl-Break in a debuggee: the debugger hears of them first, as exceptions, and says whether the
// program's handlers do.
#include <windows.h>
#include "tests/check.h"
#include "tests/child.h"

enum { SOON = 30000, CONTROL_C = 0x40010005, CONTROL_BREAK = 0x40010008 };

static int heard;

static BOOL WINAPI handler(DWORD event)
{
    heard += event == CTRL_C_EVENT ? 1 : 2;
    return TRUE;
}

static int child(void)
{
    DWORD(WINAPI * routine)(void *) = (void *)GetProcAddress(GetModuleHandleA("kernelbase"), "CtrlRoutine");
    SetConsoleCtrlHandler(handler, TRUE);
    routine((void *)CTRL_C_EVENT);
    routine((void *)CTRL_BREAK_EVENT);
    return 10 + heard;
}

// Returns how often the child's handler was called: 1 for Ctrl-C, 2 for Ctrl-Break.
static DWORD heard_with(DWORD answer)
{
    PROCESS_INFORMATION info = child_start("child", DEBUG_ONLY_THIS_PROCESS);
    DEBUG_EVENT event = {0};
    DWORD codes[4] = {0}, count = 0;
    while (event.dwDebugEventCode != EXIT_PROCESS_DEBUG_EVENT && WaitForDebugEvent(&event, SOON)) {
        const EXCEPTION_RECORD *record = &event.u.Exception.ExceptionRecord;
        DWORD how = DBG_CONTINUE;
        if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT)
            CloseHandle(event.u.CreateProcessInfo.hFile);
        if (event.dwDebugEventCode == LOAD_DLL_DEBUG_EVENT) CloseHandle(event.u.LoadDll.hFile);
        if (event.dwDebugEventCode == EXCEPTION_DEBUG_EVENT &&
            record->ExceptionCode != EXCEPTION_BREAKPOINT) {
            CHECK(event.u.Exception.dwFirstChance, "%lx", record->ExceptionCode);
            if (count < 4) codes[count++] = record->ExceptionCode;
            how = answer;
        }
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, how);
    }
    CHECK(count == 2 && codes[0] == CONTROL_C && codes[1] == CONTROL_BREAK, "%lu: %lx %lx", count, codes[0],
          codes[1]);
    return child_end(info) - 10;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) return child();
    CHECK_EQUAL(child(), 13);
    CHECK_EQUAL(heard_with(DBG_CONTINUE), 0);
    CHECK_EQUAL(heard_with(DBG_EXCEPTION_NOT_HANDLED), 3);
    return check_summary();
}
