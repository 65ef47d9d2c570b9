// OutputDebugString as exceptions: what vectored handlers see of it and may take, that nothing else of the
// program does, and what debuggers get of wide text.
#include <windows.h>
#include <string.h>
#include "tests/check.h"
#include "tests/child.h"

enum { PRINT = 0x40010006, PRINT_WIDE = 0x4001000A, SOON = 30000 };

static DWORD codes[4], parameters[4], calls, taken;
static char ansi[32];
static WCHAR wide[32];

static LONG CALLBACK look(EXCEPTION_POINTERS *info)
{
    const EXCEPTION_RECORD *record = info->ExceptionRecord;
    const ULONG_PTR *information = record->ExceptionInformation;
    if (record->ExceptionCode != PRINT && record->ExceptionCode != PRINT_WIDE)
        return EXCEPTION_CONTINUE_SEARCH;
    if (calls < 4) codes[calls] = record->ExceptionCode, parameters[calls] = record->NumberParameters;
    calls++;
    if (record->ExceptionCode == PRINT_WIDE) {
        memcpy(wide, (void *)information[1], information[0] * sizeof(WCHAR));
        memcpy(ansi, (void *)information[3], information[2]);
    } else {
        memcpy(ansi, (void *)information[1], information[0]);
    }
    return record->ExceptionCode == taken ? EXCEPTION_CONTINUE_EXECUTION : EXCEPTION_CONTINUE_SEARCH;
}

static void test_handlers(void)
{
    void *handle = AddVectoredExceptionHandler(1, look);
    OutputDebugStringA("narrow");
    CHECK(calls == 1 && codes[0] == PRINT && parameters[0] == 2, "%lu: %lx", calls, codes[0]);
    CHECK(!strcmp(ansi, "narrow"), "%s", ansi);
    calls = 0;
    OutputDebugStringW(L"wide");
    CHECK(calls == 2 && codes[0] == PRINT_WIDE && parameters[0] == 4 && codes[1] == PRINT, "%lu: %lx %lx",
          calls, codes[0], codes[1]);
    CHECK(!lstrcmpW(wide, L"wide") && !strcmp(ansi, "wide"), "%s", ansi);
    calls = 0;
    taken = PRINT_WIDE; // who has it wants it no second time
    OutputDebugStringW(L"again");
    CHECK_EQUAL(calls, 1);
    calls = 0;
    OutputDebugStringW(NULL);
    CHECK(calls == 1 && !*wide, "%lu", calls);
    OutputDebugStringA((const char *)16); // is nobody's exception
    CHECK_EQUAL(calls, 1);
    RemoveVectoredExceptionHandler(handle);
}

// ---- a debuggee ----

static void test_debugger(BOOL(WINAPI *wait)(DEBUG_EVENT *, DWORD), BOOL takes_wide, DWORD answer)
{
    PROCESS_INFORMATION info = child_start("child", DEBUG_ONLY_THIS_PROCESS);
    DEBUG_EVENT event = {0};
    int texts = 0;
    while (event.dwDebugEventCode != EXIT_PROCESS_DEBUG_EVENT && wait(&event, SOON)) {
        DWORD how = DBG_CONTINUE;
        if (event.dwDebugEventCode == CREATE_PROCESS_DEBUG_EVENT)
            CloseHandle(event.u.CreateProcessInfo.hFile);
        if (event.dwDebugEventCode == LOAD_DLL_DEBUG_EVENT) CloseHandle(event.u.LoadDll.hFile);
        if (event.dwDebugEventCode == OUTPUT_DEBUG_STRING_EVENT) {
            const OUTPUT_DEBUG_STRING_INFO *string = &event.u.DebugString;
            WCHAR text[16] = {0};
            SIZE_T n;
            BOOL is_wide = takes_wide && texts == 0;
            CHECK_EQUAL(string->fUnicode, is_wide);
            CHECK_EQUAL(string->nDebugStringLength, 5);
            ReadProcessMemory(info.hProcess, string->lpDebugStringData, text, is_wide ? 10 : 5, &n);
            CHECK(!memcmp(text, is_wide ? (const void *)L"text" : "text", is_wide ? 10 : 5), "%d", texts);
            texts++;
            how = answer;
        }
        ContinueDebugEvent(event.dwProcessId, event.dwThreadId, how);
    }
    CHECK_EQUAL(texts, answer == DBG_CONTINUE ? 1 : 2);
    CHECK_EQUAL(child_end(info), 42);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        OutputDebugStringW(L"text");
        return 42;
    }
    BOOL(WINAPI * wait_wide)
    (DEBUG_EVENT *, DWORD) = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "WaitForDebugEventEx");
    test_handlers();
    test_debugger(WaitForDebugEvent, FALSE, DBG_CONTINUE);
    test_debugger(wait_wide, TRUE, DBG_CONTINUE);
    test_debugger(wait_wide, TRUE, DBG_EXCEPTION_NOT_HANDLED);
    return check_summary();
}
