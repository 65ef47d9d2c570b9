// A console that no terminal shows: screen buffers, cells, scrolling, input records and lines. With a
// terminal there is none to get, and nothing to test.
#include <windows.h>
#include "tests/check.h"

static HANDLE input, output;

static HANDLE open_console(const char *name)
{
    return CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

static COORD cursor(HANDLE console)
{
    CONSOLE_SCREEN_BUFFER_INFO info = {.dwCursorPosition = {-1, -1}};
    GetConsoleScreenBufferInfo(console, &info);
    return info.dwCursorPosition;
}

static char cell(SHORT x, SHORT y)
{
    char c = 0;
    DWORD n;
    ReadConsoleOutputCharacterA(output, &c, 1, (COORD){x, y}, &n);
    return c;
}

static void test_writing(void)
{
    DWORD n;

    SetConsoleCursorPosition(output, (COORD){78, 0});
    CHECK(WriteConsoleA(output, "abc\td\r\ne", 8, &n, NULL) && n == 8, "write");
    CHECK(cell(78, 0) == 'a' && cell(79, 0) == 'b' && cell(0, 1) == 'c' && cell(8, 1) == 'd', "wrapped");
    CHECK(cell(0, 2) == 'e' && cursor(output).X == 1 && cursor(output).Y == 2, "new line");
    CHECK(SetConsoleMode(output, 0), "mode");
    SetConsoleCursorPosition(output, (COORD){77, 0});
    WriteConsoleA(output, "1234", 4, &n, NULL);
    CHECK(cell(77, 0) == '4' && cell(79, 0) == '3' && cell(0, 1) == 'c', "not wrapped");
    SetConsoleMode(output, ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT);
    SetConsoleCursorPosition(output, (COORD){0, 24});
    WriteFile(output, "x\ny", 3, &n, NULL);
    CHECK(cell(0, 23) == 'x' && cell(0, 24) == 'y' && cell(0, 0) == 'c', "scrolled");
    CHECK(!SetConsoleCursorPosition(output, (COORD){80, 0}), "outside");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_cells(void)
{
    CHAR_INFO cells[4] = {{{'A'}, 1}, {{'B'}, 2}, {{'C'}, 3}, {{'D'}, 4}}, read[4] = {}, blank = {{'#'}, 9};
    SMALL_RECT region = {79, 3, 80, 4};
    WORD attribute = 0;
    DWORD n;

    CHECK(WriteConsoleOutputW(output, cells, (COORD){2, 2}, (COORD){0, 0}, &region), "write");
    CHECK(region.Right == 79 && region.Bottom == 4, "cut at the edge");
    CHECK(cell(79, 3) == 'A' && cell(79, 4) == 'C' && cell(0, 4) == ' ', "one column");
    CHECK(ReadConsoleOutputW(output, read, (COORD){2, 2}, (COORD){0, 0}, &region), "read");
    CHECK(read[0].Char.UnicodeChar == 'A' && read[2].Attributes == 3, "cells");
    CHECK(ReadConsoleOutputAttribute(output, &attribute, 1, (COORD){79, 4}, &n) && attribute == 3,
          "attribute");
    CHECK(FillConsoleOutputCharacterA(output, 'z', 3, (COORD){78, 24}, &n) && n == 2, "to the end: %lu", n);
    region = (SMALL_RECT){79, 3, 79, 4};
    CHECK(ScrollConsoleScreenBufferA(output, &region, NULL, (COORD){10, 4}, &blank), "move");
    CHECK(cell(10, 4) == 'A' && cell(10, 5) == 'C' && cell(79, 3) == '#', "moved");
}

static void test_buffers(void)
{
    HANDLE second =
        CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, 0, NULL, CONSOLE_TEXTMODE_BUFFER, NULL);
    HANDLE reader = CreateConsoleScreenBuffer(GENERIC_READ, 0, NULL, CONSOLE_TEXTMODE_BUFFER, NULL), active;
    CONSOLE_SCREEN_BUFFER_INFO info;

    CHECK(second != INVALID_HANDLE_VALUE && reader != INVALID_HANDLE_VALUE, "buffers");
    CHECK(!SetConsoleActiveScreenBuffer(reader), "without the right to write");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(SetConsoleActiveScreenBuffer(second), "activate");
    active = open_console("CONOUT$");
    SetConsoleCursorPosition(active, (COORD){5, 6});
    CHECK(cursor(second).X == 5 && cursor(output).X != 5, "CONOUT$ is the active one");
    CHECK(SetConsoleScreenBufferSize(second, (COORD){100, 300}), "larger");
    CHECK(GetConsoleScreenBufferInfo(second, &info) && info.dwSize.Y == 300, "size");
    CHECK(!SetConsoleScreenBufferSize(second, (COORD){10, 10}), "smaller than the window");
    SetConsoleCursorPosition(second, (COORD){99, 299});
    CHECK(GetConsoleScreenBufferInfo(second, &info) && info.srWindow.Bottom == 299 &&
              info.srWindow.Right == 99,
          "the window follows");
    CloseHandle(active);
    CloseHandle(second);
    CloseHandle(reader);
    active = open_console("CONOUT$");
    SetConsoleCursorPosition(active, (COORD){7, 7});
    CHECK(cursor(output).X == 7, "the first one is active again");
    CloseHandle(active);
}

static void type(const char *text)
{
    INPUT_RECORD record = {.EventType = KEY_EVENT};
    DWORD n;

    for (; *text; text++) {
        record.Event.KeyEvent.bKeyDown = TRUE;
        record.Event.KeyEvent.wRepeatCount = 1;
        record.Event.KeyEvent.uChar.UnicodeChar = *text;
        WriteConsoleInputW(input, &record, 1, &n);
    }
}

static void test_input(void)
{
    INPUT_RECORD record;
    WCHAR line[32];
    DWORD n;

    CHECK_EQUAL(WaitForSingleObject(input, 0), WAIT_TIMEOUT);
    type("k");
    CHECK_EQUAL(WaitForSingleObject(input, 0), WAIT_OBJECT_0);
    CHECK(PeekConsoleInputW(input, &record, 1, &n) && n == 1, "peek");
    CHECK(ReadConsoleInputW(input, &record, 1, &n) && record.Event.KeyEvent.uChar.UnicodeChar == 'k', "read");
    CHECK_EQUAL(WaitForSingleObject(input, 0), WAIT_TIMEOUT);
    type("ax\bb\rc");
    CHECK(ReadConsoleW(input, line, 32, &n, NULL) && n == 4, "line: %lu", n);
    CHECK(line[0] == 'a' && line[1] == 'b' && line[2] == '\r' && line[3] == '\n', "edited");
    CHECK(GetNumberOfConsoleInputEvents(input, &n) && n == 1, "the rest: %lu", n);
    CHECK(FlushConsoleInputBuffer(input), "flush");
    CHECK_EQUAL(WaitForSingleObject(input, 0), WAIT_TIMEOUT);
}

static void press(WORD key, DWORD state)
{
    INPUT_RECORD record = {.EventType = KEY_EVENT};
    DWORD n;

    record.Event.KeyEvent.bKeyDown = TRUE;
    record.Event.KeyEvent.wRepeatCount = 1;
    record.Event.KeyEvent.wVirtualKeyCode = key;
    record.Event.KeyEvent.dwControlKeyState = state;
    WriteConsoleInputW(input, &record, 1, &n);
}

static void press_times(WORD key, int n)
{
    while (n-- > 0) press(key, 0);
}

static void check_line(int place, const char *wanted)
{
    WCHAR line[128];
    char text[128] = "";
    DWORD n = 0;

    type("\r");
    CHECK(ReadConsoleW(input, line, 128, &n, NULL), "%lu", GetLastError());
    WideCharToMultiByte(CP_ACP, 0, line, n, text, sizeof(text) - 1, NULL, NULL);
    CHECK(n == strlen(wanted) + 2 && !strncmp(text, wanted, n - 2), "%d: %s, not %s", place, text, wanted);
}

// Each key, by the line that comes of it.
static void test_editing(void)
{
    type("ac");
    press(VK_LEFT, 0);
    type("b");
    check_line(__LINE__, "abc");
    type("bc");
    press(VK_HOME, 0);
    type("a");
    press(VK_END, 0);
    type("d");
    check_line(__LINE__, "abcd");
    type("axyb");
    press_times(VK_LEFT, 2);
    type("\b");
    press(VK_DELETE, 0);
    check_line(__LINE__, "ab");
    type("abc");
    press_times(VK_LEFT, 2);
    press(VK_INSERT, 0);
    type("XYZ");
    press(VK_INSERT, 0);
    press(VK_LEFT, 0);
    type("_");
    check_line(__LINE__, "aXY_Z");
    type("one two three");
    press(VK_LEFT, LEFT_CTRL_PRESSED);
    press(VK_LEFT, LEFT_CTRL_PRESSED);
    type("1 ");
    press(VK_RIGHT, RIGHT_CTRL_PRESSED);
    type("2 ");
    check_line(__LINE__, "one 1 two 2 three");
    type("one two");
    press(VK_LEFT, LEFT_CTRL_PRESSED);
    press(VK_END, LEFT_CTRL_PRESSED);
    type("end");
    press_times(VK_LEFT, 3);
    press(VK_HOME, LEFT_CTRL_PRESSED);
    check_line(__LINE__, "end");
    type("one two\x7f");
    check_line(__LINE__, "one ");
    type("gone\x1b");
    check_line(__LINE__, "");
    type("a\tb");
    check_line(__LINE__, "a\tb");
}

static void test_history(void)
{
    type("first");
    check_line(__LINE__, "first");
    type("second");
    check_line(__LINE__, "second");
    press(VK_UP, 0);
    check_line(__LINE__, "second");
    press_times(VK_UP, 2);
    type("!");
    check_line(__LINE__, "first!");
    press_times(VK_UP, 3);
    press(VK_DOWN, 0);
    check_line(__LINE__, "second");
    type("fi");
    press_times(VK_F8, 2);
    press(VK_END, 0);
    check_line(__LINE__, "first");
    press_times(VK_F1, 2);
    type("X");
    press(VK_F3, 0);
    check_line(__LINE__, "fiXst");
    press(VK_RIGHT, 0);
    press(VK_F5, 0);
    check_line(__LINE__, "fiXst");
    press(VK_F6, 0);
    check_line(__LINE__, "\x1a");
    // Up to a character, and by number.
    press(VK_F7, LEFT_ALT_PRESSED);
    type("copy one two");
    check_line(__LINE__, "copy one two");
    press(VK_F2, 0);
    type("t");
    check_line(__LINE__, "copy one ");
    type("abc def");
    press(VK_HOME, 0);
    press(VK_F4, 0);
    type("d");
    press(VK_F4, 0);
    type("\x1b");
    check_line(__LINE__, "def");
    type("gone");
    press(VK_F9, 0);
    type("01\r");
    check_line(__LINE__, "copy one ");
}

// What a line that is longer than a row looks like while it changes.
static void test_echo(void)
{
    char text[101];
    memset(text, '-', 100);
    text[100] = 0;
    SetConsoleCursorPosition(output, (COORD){3, 0});
    type(text);
    press(VK_HOME, 0);
    type("ab");
    press(VK_DELETE, 0);
    press(VK_END, 0);
    type("e\t\003");
    check_line(__LINE__, "ab-------------------------------------------------------------------------------"
                         "--------------------e\t\003");
    CHECK_EQUAL(cell(3, 0), 'a');
    CHECK_EQUAL(cell(4, 0), 'b');
    CHECK_EQUAL(cell(79, 0), '-');
    CHECK_EQUAL(cell(23, 1), '-');
    CHECK_EQUAL(cell(24, 1), 'e');
    CHECK_EQUAL(cell(25, 1), ' ');
    CHECK_EQUAL(cell(32, 1), '^');
    CHECK_EQUAL(cell(33, 1), 'C');
    CHECK_EQUAL(cursor(output).Y, 2);
    CHECK_EQUAL(cursor(output).X, 0);

    SetConsoleCursorPosition(output, (COORD){0, 10});
    type("gone\x1bx");
    check_line(__LINE__, "x");
    CHECK_EQUAL(cell(0, 10), 'x');
    CHECK_EQUAL(cell(1, 10), ' ');
}

static void test_display(void)
{
    CONSOLE_SELECTION_INFO selection = {.dwFlags = CONSOLE_SELECTION_IN_PROGRESS};
    DWORD mode = 9;

    CHECK(GetConsoleSelectionInfo(&selection) && selection.dwFlags == CONSOLE_NO_SELECTION, "selection");
    CHECK(GetConsoleDisplayMode(&mode) && mode == 0, "display mode: %lu", mode);
}

int main(void)
{
    CONSOLE_SELECTION_INFO selection;
    char c;
    DWORD n;

    CHECK(FreeConsole(), "a console program has one");
    CHECK_EQUAL(GetConsoleCP(), 0);
    CHECK(!GetConsoleSelectionInfo(&selection), "no console, no selection");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(AllocConsole(), "allocate: %lu", GetLastError());
    CHECK(!AllocConsole(), "a second one");
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    input = open_console("CONIN$");
    output = open_console("CONOUT$");
    CHECK(input != INVALID_HANDLE_VALUE && output != INVALID_HANDLE_VALUE, "open");
    if (!ReadConsoleOutputCharacterA(output, &c, 1, (COORD){0, 0}, &n)) return check_summary(); // a terminal
    test_writing();
    test_cells();
    test_buffers();
    test_input();
    test_editing();
    test_history();
    test_echo();
    test_display();
    CHECK(FreeConsole(), "free");
    CHECK(open_console("CONOUT$") == INVALID_HANDLE_VALUE, "gone");
    return check_summary();
}
