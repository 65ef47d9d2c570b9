// Escape sequences that a console in memory obeys. With a terminal there is none to get, and nothing to test.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 4
#endif

static HANDLE input, output;

static void put(const char *text)
{
    DWORD n;
    WriteConsoleA(output, text, (DWORD)strlen(text), &n, NULL);
}

static COORD cursor(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info = {.dwCursorPosition = {-1, -1}};
    GetConsoleScreenBufferInfo(output, &info);
    return info.dwCursorPosition;
}

// The beginning of a row of the screen.
static const char *row(SHORT y)
{
    static char text[16];
    DWORD n;
    memset(text, 0, sizeof(text));
    ReadConsoleOutputCharacterA(output, text, 8, (COORD){0, y}, &n);
    return text;
}

static WORD attribute(SHORT x, SHORT y)
{
    WORD value = 0;
    DWORD n;
    ReadConsoleOutputAttribute(output, &value, 1, (COORD){x, y}, &n);
    return value;
}

static void test_cursor(void)
{
    put("\033[2J\033[5;10H");
    CHECK(cursor().X == 9 && cursor().Y == 4, "placed at %d,%d", cursor().X, cursor().Y);
    put("\033[2A\033[3C\033[1B\033[4D");
    CHECK(cursor().X == 8 && cursor().Y == 3, "moved to %d,%d", cursor().X, cursor().Y);
    put("\0337\033[H\0338");
    CHECK(cursor().X == 8 && cursor().Y == 3, "saved");
    put("\033[99;999H");
    CHECK(cursor().X == 79 && cursor().Y == 24, "kept inside");
    put("\033[1;80HXY");
    CHECK(cursor().X == 1 && cursor().Y == 1, "wrapped by the second character only");
    put("\033[1;80HX");
    SetConsoleCursorPosition(output, (COORD){0, 5});
    put("Y");
    CHECK(cursor().X == 1 && cursor().Y == 5, "moved by the program: %d,%d", cursor().X, cursor().Y);
    put("\033[10G\033[7d");
    CHECK(cursor().X == 9 && cursor().Y == 6, "column and row");
    put("\033[");
    put("3;");
    put("4H");
    CHECK(cursor().X == 3 && cursor().Y == 2, "a sequence in pieces");
}

static void test_text(void)
{
    put("\033[2J\033[Habcdefgh\033[1;3H\033[K");
    CHECK(!strcmp(row(0), "ab      "), "erased to the end: %s", row(0));
    put("\033[Habcdefgh\033[1;3H\033[2P");
    CHECK(!strcmp(row(0), "abefgh  "), "deleted: %s", row(0));
    put("\033[1@_");
    CHECK(!strcmp(row(0), "ab_efgh "), "inserted: %s", row(0));
    put("\033[1;2H\033[3X");
    CHECK(!strcmp(row(0), "a   fgh "), "blanked: %s", row(0));
    put("\033[2J\033[Hone\r\ntwo\r\nthree\033[2;1H\033[L");
    CHECK(!strcmp(row(1), "        ") && !strncmp(row(2), "two ", 4), "a line inserted: %s", row(2));
    put("\033[M");
    CHECK(!strncmp(row(1), "two ", 4), "a line deleted: %s", row(1));
    put("\033[1;2r\033[2;1H\nfour\033[r");
    CHECK(!strncmp(row(0), "two ", 4), "scrolled within margins: %s", row(0));
    CHECK(!strncmp(row(1), "four", 4), "scrolled within margins: %s", row(1));
    CHECK(!strncmp(row(2), "three", 5), "below the margins: %s", row(2));
    put("\033[H\033M");
    CHECK(!strncmp(row(1), "two ", 4), "reversed: %s", row(1));
    put("\033[2J\033[Ha\tb");
    CHECK(cursor().X == 9, "tab: %d", cursor().X);
}

static void test_colours(void)
{
    put("\033[2J\033[H\033[31ma\033[1mb\033[22;44mc\033[92md\033[0me\033[7mf\033[27;4mg\033[m");
    CHECK_EQUAL(attribute(0, 0), FOREGROUND_RED);
    CHECK_EQUAL(attribute(1, 0), FOREGROUND_RED | FOREGROUND_INTENSITY);
    CHECK_EQUAL(attribute(2, 0), FOREGROUND_RED | BACKGROUND_BLUE);
    CHECK_EQUAL(attribute(3, 0), FOREGROUND_GREEN | FOREGROUND_INTENSITY | BACKGROUND_BLUE);
    CHECK_EQUAL(attribute(4, 0), 7);
    CHECK_EQUAL(attribute(5, 0), 7 | COMMON_LVB_REVERSE_VIDEO);
    CHECK_EQUAL(attribute(6, 0), 7 | COMMON_LVB_UNDERSCORE);
    put("\033[H\033[38;5;9ma\033[38;2;0;0;250mb\033[48;2;250;250;250mc\033[0m");
    CHECK_EQUAL(attribute(0, 0), FOREGROUND_RED | FOREGROUND_INTENSITY);
    CHECK_EQUAL(attribute(1, 0), FOREGROUND_BLUE | FOREGROUND_INTENSITY);
    CHECK_EQUAL(attribute(2, 0), FOREGROUND_BLUE | FOREGROUND_INTENSITY | 0xF0);
}

static void test_screens(void)
{
    CONSOLE_CURSOR_INFO info;
    put("\033[2J\033[Hmain\033[?1049h");
    CHECK(!strcmp(row(0), "        "), "an empty screen: %s", row(0));
    put("\033[Hother");
    CHECK(!strncmp(row(0), "other", 5), "written there");
    put("\033[?1049l");
    CHECK(!strncmp(row(0), "main ", 5) && cursor().X == 4, "back: %s", row(0));
    put("\033[?25l");
    CHECK(GetConsoleCursorInfo(output, &info) && !info.bVisible, "hidden");
    put("\033[?25h");
    CHECK(GetConsoleCursorInfo(output, &info) && info.bVisible, "shown");
}

static void test_reports(void)
{
    INPUT_RECORD records[32];
    char text[33] = "", title[64] = "";
    DWORD n, length = 0;

    FlushConsoleInputBuffer(input);
    put("\033[3;5H\033[6n");
    CHECK(ReadConsoleInputA(input, records, 32, &n), "read");
    for (DWORD i = 0; i < n; i++)
        if (records[i].EventType == KEY_EVENT && records[i].Event.KeyEvent.bKeyDown)
            text[length++] = records[i].Event.KeyEvent.uChar.AsciiChar;
    CHECK(!strcmp(text, "\033[3;5R"), "the cursor's place: %s", text + 1);
    put("\033]0;a title\a");
    CHECK(GetConsoleTitleA(title, sizeof(title)) && !strcmp(title, "a title"), "title: %s", title);
    put("\033]2;another\033\\x");
    CHECK(GetConsoleTitleA(title, sizeof(title)) && !strcmp(title, "another"), "title: %s", title);
    CHECK(cursor().X == 5, "a command shows nothing");
    // More than is kept of a command, of which the rest looks like one.
    char command[300] = "\033]0;";
    memset(command + 4, 'x', 254);
    strcpy(command + 258, "2;wrong\a");
    put(command);
    CHECK(GetConsoleTitleA(title, sizeof(title)) && !strcmp(title, "another"), "title: %s", title);
}

static void test_modes(void)
{
    WCHAR box = 0;
    DWORD n;

    put("\033[2J\033[H\033(0q\033(Bq");
    ReadConsoleOutputCharacterW(output, &box, 1, (COORD){0, 0}, &n);
    CHECK_EQUAL(box, 0x2500);
    CHECK_EQUAL(row(0)[1], 'q');
    put("\033[2J\033[H\033%G\033#8");
    CHECK_EQUAL(cursor().X, 0);
    put("\033[2J\033[Hab\ncd");
    CHECK(cursor().X == 2 && cursor().Y == 1, "a new line returns");
    SetConsoleMode(output, 0xF);
    put("\033[2J\033[Hab\ncd");
    CHECK(cursor().X == 4 && cursor().Y == 1, "a new line doesn't return");
    SetConsoleMode(output, ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT);
    put("\r\033[1m");
    CHECK(cursor().X == 4, "without the mode sequences show");
}

int main(void)
{
    FreeConsole();
    if (!AllocConsole()) return check_summary();
    input = CreateFileA("CONIN$", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    output = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    CONSOLE_SCREEN_BUFFER_INFO info;
    COORD home = {0, 0};
    DWORD n;
    if (!GetConsoleScreenBufferInfo(output, &info) ||
        !ReadConsoleOutputCharacterA(output, (char[1]){0}, 1, home, &n))
        return check_summary(); // a terminal's
    CHECK(SetConsoleMode(output, ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT |
                                     ENABLE_VIRTUAL_TERMINAL_PROCESSING),
          "mode");
    test_cursor();
    test_text();
    test_colours();
    test_screens();
    test_reports();
    test_modes();
    return check_summary();
}
