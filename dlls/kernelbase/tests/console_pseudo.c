// Pseudo-consoles: what a program on one writes comes as a terminal gets it, and what a terminal sends is its
// input.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
#include "tests/check.h"
#include "tests/child.h"

typedef void *HPCON;
typedef HRESULT(WINAPI *create_function)(COORD, HANDLE, HANDLE, DWORD, HPCON *);
typedef HRESULT(WINAPI *resize_function)(HPCON, COORD);
typedef void(WINAPI *close_function)(HPCON);

static create_function create;
static resize_function resize;
static close_function finish;

static char shown[65536];
static size_t shown_n;
static HANDLE keys, screen; // our ends of the two pipes

// Reads until the text has been shown; false at the end of output.
static bool wait_for(const char *text)
{
    DWORD n;
    while (!strstr(shown, text)) {
        if (shown_n == sizeof(shown) - 1) return false;
        if (!ReadFile(screen, shown + shown_n, sizeof(shown) - 1 - shown_n, &n, NULL) || !n) return false;
        shown_n += n;
        shown[shown_n] = 0;
    }
    return true;
}

static void type(const char *text)
{
    DWORD n;
    WriteFile(keys, text, strlen(text), &n, NULL);
}

static int child(void)
{
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE), out = GetStdHandle(STD_OUTPUT_HANDLE);
    CONSOLE_SCREEN_BUFFER_INFO info;
    INPUT_RECORD record;
    CHAR_INFO cells[2] = {{{'X'}, 7}, {{'Y'}, 7}};
    SMALL_RECT place = {3, 5, 4, 5};
    char line[32], text[64];
    DWORD n;
    if (!GetConsoleScreenBufferInfo(out, &info)) return 1;
    n = (DWORD)sprintf(text, "size %dx%d\r\n", info.dwSize.X, info.dwSize.Y);
    WriteFile(out, text, n, &n, NULL);
    SetConsoleTextAttribute(out, FOREGROUND_RED);
    WriteConsoleW(out, L"r\xE4t\r\n", 5, &n, NULL);
    SetConsoleTextAttribute(out, 7);
    WriteConsoleOutputW(out, cells, (COORD){2, 1}, (COORD){0, 0}, &place);
    WriteFile(out, "name? ", 6, &n, NULL);
    if (!ReadFile(in, line, sizeof(line), &n, NULL) || n < 2) return 2;
    line[n - 2] = 0;
    n = (DWORD)sprintf(text, "<%s>\r\n", line);
    WriteFile(out, text, n, &n, NULL);
    SetConsoleMode(in, ENABLE_WINDOW_INPUT | ENABLE_EXTENDED_FLAGS);
    WriteFile(out, "ready\r\n", 7, &n, NULL);
    while (ReadConsoleInputW(in, &record, 1, &n) && record.EventType != WINDOW_BUFFER_SIZE_EVENT) continue;
    n = (DWORD)sprintf(text, "now %d\r\n", record.Event.WindowBufferSizeEvent.dwSize.X);
    WriteFile(out, text, n, &n, NULL);
    do ReadConsoleInputW(in, &record, 1, &n);
    while (record.EventType != KEY_EVENT || !record.Event.KeyEvent.bKeyDown);
    return record.Event.KeyEvent.wVirtualKeyCode == VK_F1 ? 33 : 3;
}

// Writes escape sequences, and shows what answers it gets.
static int sequences(void)
{
    HANDLE in = GetStdHandle(STD_INPUT_HANDLE), out = GetStdHandle(STD_OUTPUT_HANDLE);
    char answer[32] = "", text[64];
    DWORD n;
    SetConsoleMode(in, ENABLE_EXTENDED_FLAGS);
    SetConsoleMode(out, ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | 4);
    WriteFile(out, "\x1b[38;2;1;2;3mtrue\x1b[6n\x1b[0m", 25, &n, NULL);
    if (!ReadFile(in, answer, sizeof(answer) - 1, &n, NULL)) return 1;
    n = (DWORD)sprintf(text, "<at %s>", answer + 2);
    WriteFile(out, text, n, &n, NULL);
    return 0;
}

static PROCESS_INFORMATION start(HPCON console, const char *what)
{
    STARTUPINFOEXA startup = {.StartupInfo = {.cb = sizeof(startup)}};
    PROCESS_INFORMATION info = {};
    char line[CHILD_LINE_MAX];
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    startup.lpAttributeList = malloc(size);
    InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &size);
    CHECK(
        UpdateProcThreadAttribute(startup.lpAttributeList, 0, 0x20016, console, sizeof(console), NULL, NULL),
        "attribute: %lu", GetLastError());
    child_line(line, what);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL,
                         &startup.StartupInfo, &info),
          "start: %lu", GetLastError());
    free(startup.lpAttributeList);
    return info;
}

static HPCON open_pseudo(SHORT columns, SHORT rows)
{
    HANDLE in, out;
    HPCON console = NULL;
    CreatePipe(&in, &keys, NULL, 0);
    CreatePipe(&screen, &out, NULL, 0);
    CHECK_EQUAL(create((COORD){columns, rows}, in, out, 0, &console), S_OK);
    CloseHandle(in);
    CloseHandle(out);
    shown_n = 0;
    shown[0] = 0;
    return console;
}

static void test_both_ways(void)
{
    HPCON console = open_pseudo(40, 10);
    PROCESS_INFORMATION info = start(console, "child");
    CHECK(wait_for("size 40x10\r\n"), "size: %s", shown);
    CHECK(wait_for("\x1b[0;31mr\xc3\xa4t\r\n"), "colours and UTF-8: %s", shown);
    CHECK(wait_for("\x1b[6;1H"), "a cell's place: %s", shown);
    CHECK(wait_for("XY"), "cells: %s", shown);
    CHECK(wait_for("name? "), "prompt: %s", shown);
    type("abx\x7f"
         "c\r");
    CHECK(wait_for("<abc>"), "a line, edited: %s", shown);
    CHECK(strstr(shown, "abx\b \bc\r\n") != NULL, "echo: %s", shown);
    CHECK(wait_for("ready"), "ready");
    CHECK_EQUAL(resize(console, (COORD){60, 20}), S_OK);
    CHECK(wait_for("now 60"), "resized: %s", shown);
    type("\x1bOP");
    CHECK_EQUAL(child_end(info), 33);
    finish(console);
    CHECK(!wait_for("nothing more"), "the end of output");
    CHECK_EQUAL(GetLastError(), ERROR_BROKEN_PIPE);
    CloseHandle(keys);
    CloseHandle(screen);
}

// The terminal gets what it may show, in all its colours, and no questions.
static void test_sequences(void)
{
    HPCON console = open_pseudo(40, 10);
    PROCESS_INFORMATION info = start(console, "sequences");
    CHECK(wait_for("\x1b[38;2;1;2;3mtrue"), "colours: %s", shown);
    CHECK(wait_for("<at 1;5R>"), "the answer: %s", shown);
    CHECK(!strstr(shown, "[6n"), "the question: %s", shown);
    CHECK_EQUAL(child_end(info), 0);
    finish(console);
    CloseHandle(keys);
    CloseHandle(screen);
}

static void test_interrupt_and_close(void)
{
    HPCON console = open_pseudo(40, 10);
    PROCESS_INFORMATION info = start(console, "child");
    CHECK(wait_for("name? "), "prompt: %s", shown);
    type("\x03");
    CHECK_EQUAL(child_end(info), (DWORD)0xC000013A); // STATUS_CONTROL_C_EXIT
    shown_n = 0;
    shown[0] = 0;
    info = start(console, "child");
    CHECK(wait_for("name? "), "prompt: %s", shown);
    finish(console);
    CHECK_EQUAL(child_end(info), (DWORD)0xC000013A);
    CloseHandle(keys);
    CloseHandle(screen);
    console = open_pseudo(40, 10);
    info = start(console, "child"); // comes too late
    finish(console);
    CHECK_EQUAL(child_end(info), (DWORD)0xC000013A);
    CloseHandle(keys);
    CloseHandle(screen);
}

static void test_bad_arguments(void)
{
    HPCON console;
    CHECK_EQUAL(create((COORD){0, 30}, NULL, NULL, 0, &console), E_INVALIDARG);
    CHECK_EQUAL(create((COORD){30, 0}, NULL, NULL, 0, &console), E_INVALIDARG);
    CHECK(FAILED(create((COORD){30, 30}, NULL, NULL, 0, &console)), "no handles");
}

int main(int argc, char **argv)
{
    HMODULE kernel32 = GetModuleHandleA("kernel32.dll");
    create = (create_function)(void *)GetProcAddress(kernel32, "CreatePseudoConsole");
    resize = (resize_function)(void *)GetProcAddress(kernel32, "ResizePseudoConsole");
    finish = (close_function)(void *)GetProcAddress(kernel32, "ClosePseudoConsole");
    if (argc > 1 && !strcmp(argv[1], "sequences")) return sequences();
    if (argc > 1 && argv[1]) return child();
    test_bad_arguments();
    test_both_ways();
    test_sequences();
    test_interrupt_and_close();
    return check_summary();
}
