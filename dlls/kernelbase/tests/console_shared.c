// A console in memory that several processes share: cells, modes, title, input, buffers, control events, and
// what a killed process leaves. With a terminal there is no such console, and nothing to test.
#include <stdio.h>
#include <windows.h>
#include "tests/check.h"
#include "tests/child.h"

static HANDLE input, output;

static HANDLE open_console(const char *name)
{
    return CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

static char cell(HANDLE console, SHORT x)
{
    char c = 0;
    DWORD n;
    ReadConsoleOutputCharacterA(console, &c, 1, (COORD){x, 0}, &n);
    return c;
}

// ---- the children ----

static int child_shares(void)
{
    DWORD n, list[8], mode;
    char title[32] = "";
    INPUT_RECORD record;
    if (cell(output, 0) != 'p') return 1;
    if (GetConsoleProcessList(list, 8) != 2 || list[0] != GetCurrentProcessId()) return 2;
    if (!GetConsoleTitleA(title, sizeof(title)) || strcmp(title, "shared")) return 3;
    if (!GetConsoleMode(input, &mode) || mode != ENABLE_PROCESSED_INPUT) return 4;
    if (GetConsoleCP() != 1252 || GetConsoleOutputCP() != 850) return 5;
    if (!ReadConsoleInputA(input, &record, 1, &n) || record.Event.KeyEvent.uChar.AsciiChar != 'k') return 6;
    SetConsoleCursorPosition(output, (COORD){0, 0});
    WriteConsoleA(output, "child", 5, &n, NULL);
    SetConsoleTitleA("changed");
    record.Event.KeyEvent.uChar.UnicodeChar = 'r';
    return WriteConsoleInputW(input, &record, 1, &n) ? 0 : 7;
}

static int child_is_alone(void)
{
    DWORD list[8];
    if (GetConsoleProcessList(list, 8) != 1) return 1;
    if (cell(output, 0) != ' ') return 2;
    FreeConsole();
    if (!AttachConsole(ATTACH_PARENT_PROCESS)) return 3;
    return cell(open_console("CONOUT$"), 0) == 'c' ? 0 : 4;
}

static int child_leaves_buffer(HANDLE ready)
{
    HANDLE buffer =
        CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, 0, NULL, CONSOLE_TEXTMODE_BUFFER, NULL);
    DWORD n;
    SetConsoleActiveScreenBuffer(buffer);
    WriteConsoleA(buffer, "other", 5, &n, NULL);
    SetEvent(ready);
    Sleep(INFINITE);
    return 1;
}

static volatile DWORD event_seen = 99;

static BOOL WINAPI handler(DWORD event)
{
    event_seen = event;
    ExitProcess(40 + event);
}

static int child_waits_for_event(HANDLE ready)
{
    SetConsoleCtrlHandler(handler, TRUE);
    SetEvent(ready);
    Sleep(60000);
    return 1;
}

static int child_detached(void)
{
    return GetConsoleCP() || open_console("CONOUT$") != INVALID_HANDLE_VALUE ? 1 : 0;
}

static int child(const char *what)
{
    HANDLE ready = OpenEventA(EVENT_ALL_ACCESS, FALSE, "console_shared.ready");
    input = open_console("CONIN$");
    output = open_console("CONOUT$");
    if (!strcmp(what, "shares")) return child_shares();
    if (!strcmp(what, "alone")) return child_is_alone();
    if (!strcmp(what, "buffer")) return child_leaves_buffer(ready);
    if (!strcmp(what, "event")) return child_waits_for_event(ready);
    return child_detached();
}

// ---- the parent ----

static void test_sharing(void)
{
    INPUT_RECORD record = {.EventType = KEY_EVENT,
                           .Event.KeyEvent = {.bKeyDown = TRUE, .uChar.AsciiChar = 'k'}};
    char title[32] = "";
    DWORD n;
    WriteConsoleA(output, "parent", 6, &n, NULL);
    SetConsoleTitleA("shared");
    SetConsoleMode(input, ENABLE_PROCESSED_INPUT);
    SetConsoleCP(1252);
    SetConsoleOutputCP(850);
    WriteConsoleInputA(input, &record, 1, &n);
    CHECK_EQUAL(child_end(child_start("shares", 0)), 0);
    CHECK(cell(output, 0) == 'c' && cell(output, 5) == 't', "what the child wrote");
    CHECK(GetConsoleTitleA(title, sizeof(title)) && !strcmp(title, "changed"), "title: %s", title);
    CHECK_EQUAL(WaitForSingleObject(input, 60000), WAIT_OBJECT_0);
    CHECK(ReadConsoleInputW(input, &record, 1, &n) && record.Event.KeyEvent.uChar.UnicodeChar == 'r',
          "its input");
    CHECK_EQUAL(WaitForSingleObject(input, 0), WAIT_TIMEOUT);
    CHECK_EQUAL(child_end(child_start("alone", CREATE_NEW_CONSOLE)), 0);
    CHECK_EQUAL(child_end(child_start("detached", DETACHED_PROCESS)), 0);
}

static void test_killed(HANDLE ready)
{
    DWORD list[4];
    PROCESS_INFORMATION info = child_start("buffer", 0);
    CHECK_EQUAL(WaitForSingleObject(ready, 60000), WAIT_OBJECT_0);
    HANDLE active = open_console("CONOUT$");
    CHECK(cell(active, 0) == 'o', "its buffer is shown");
    CloseHandle(active);
    TerminateProcess(info.hProcess, 9);
    CHECK_EQUAL(child_end(info), 9);
    CHECK_EQUAL(GetConsoleProcessList(list, 4), 1);
    active = open_console("CONOUT$");
    CHECK(cell(active, 0) == 'c', "the buffer went with it");
    CloseHandle(active);
}

static void test_events(HANDLE ready)
{
    PROCESS_INFORMATION info = child_start("event", CREATE_NEW_PROCESS_GROUP);
    CHECK_EQUAL(WaitForSingleObject(ready, 60000), WAIT_OBJECT_0);
    CHECK(!GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 3), "no such group");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, info.dwProcessId), "send: %lu", GetLastError());
    CHECK_EQUAL(child_end(info), 40 + CTRL_BREAK_EVENT);
    CHECK_EQUAL(event_seen, 99);
}

int main(int argc, char **argv)
{
    DWORD n;
    char c;
    if (argc > 1) return child(argv[1]);
    FreeConsole();
    CHECK(AllocConsole(), "allocate: %lu", GetLastError());
    input = open_console("CONIN$");
    output = open_console("CONOUT$");
    if (!ReadConsoleOutputCharacterA(output, &c, 1, (COORD){0, 0}, &n)) return check_summary(); // a terminal
    HANDLE ready = CreateEventA(NULL, FALSE, FALSE, "console_shared.ready");
    test_sharing();
    test_killed(ready);
    test_events(ready);
    return check_summary();
}
