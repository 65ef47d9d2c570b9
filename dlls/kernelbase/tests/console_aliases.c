// Aliases, the lines that are remembered for each program, and what a reader may ask of a line: in a console
// in memory. With a terminal there is none to get, and nothing to test.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

static HANDLE input;
static BOOL(WINAPI *set_exe_name)(const char *); // which headers lack
static WCHAR exe[] = L"console_aliases.exe", other[] = L"other.exe";

static void type_key(WCHAR unit, WORD key, DWORD state)
{
    INPUT_RECORD record = {.EventType = KEY_EVENT};
    DWORD n;
    record.Event.KeyEvent.bKeyDown = TRUE;
    record.Event.KeyEvent.wRepeatCount = 1;
    record.Event.KeyEvent.wVirtualKeyCode = key;
    record.Event.KeyEvent.dwControlKeyState = state;
    record.Event.KeyEvent.uChar.UnicodeChar = unit;
    WriteConsoleInputW(input, &record, 1, &n);
}

static void type(const char *text)
{
    for (; *text; text++) type_key(*text, 0, 0);
}

// The next line without its end.
static const char *line(void)
{
    static char text[128];
    DWORD n = 0;
    ReadConsoleA(input, text, sizeof(text) - 1, &n, NULL);
    while (n && (text[n - 1] == '\n' || text[n - 1] == '\r')) n--;
    text[n] = 0;
    return text;
}

static void test_aliases(void)
{
    WCHAR text[128];
    char ansi[128];

    CHECK(AddConsoleAliasW((WCHAR[]){L"ll"}, (WCHAR[]){L"dir /w $1 $2"}, exe), "add");
    CHECK(AddConsoleAliasA((char[]){"both"}, (char[]){"one $*$Ttwo$Gx"}, (char[]){"CONSOLE_ALIASES.EXE"}),
          "add");
    CHECK(AddConsoleAliasW((WCHAR[]){L"ll"}, (WCHAR[]){L"another"}, other), "add for another program");
    CHECK_EQUAL(GetConsoleAliasW((WCHAR[]){L"LL"}, text, sizeof(text), exe), 26);
    CHECK(!lstrcmpW(text, L"dir /w $1 $2"), "target");
    CHECK_EQUAL(GetConsoleAliasA((char[]){"ll"}, ansi, sizeof(ansi), (char[]){"other.exe"}), 8);
    CHECK(!strcmp(ansi, "another"), "target: %s", ansi);
    CHECK_EQUAL(GetConsoleAliasW((WCHAR[]){L"none"}, text, sizeof(text), exe), 0);
    CHECK_EQUAL(GetLastError(), ERROR_GEN_FAILURE);
    CHECK_EQUAL(GetConsoleAliasW((WCHAR[]){L"ll"}, text, 4, exe), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(GetConsoleAliasesLengthW(other), 22);
    CHECK_EQUAL(GetConsoleAliasesW(text, sizeof(text), other), 22);
    CHECK(!lstrcmpW(text, L"ll=another"), "list");
    CHECK_EQUAL(GetConsoleAliasesA(ansi, 5, (char[]){"other.exe"}), 0);
    CHECK_EQUAL(GetLastError(), ERROR_BUFFER_OVERFLOW);
    CHECK_EQUAL(GetConsoleAliasExesLengthW(), (20 + 10) * sizeof(WCHAR));
    CHECK_EQUAL(GetConsoleAliasExesA(ansi, sizeof(ansi)), 30);
    CHECK(!strcmp(ansi + 20, "other.exe"), "programs: %s", ansi + 20);
    type("ll a b c\r");
    CHECK(!strcmp(line(), "dir /w a b"), "words");
    type("BOTH  x y\r");
    CHECK(!strcmp(line(), "one x y"), "the first of two commands");
    CHECK(!strcmp(line(), "two>x"), "the second");
    type(" ll\r");
    CHECK(!strcmp(line(), " ll"), "behind a blank there is no alias");
    CHECK(AddConsoleAliasW((WCHAR[]){L"ll"}, NULL, exe), "remove");
    type("ll\r");
    CHECK(!strcmp(line(), "ll"), "removed");
}

static void test_history(void)
{
    CONSOLE_HISTORY_INFO info = {.cbSize = sizeof(info)};
    WCHAR text[128];

    CHECK(GetConsoleHistoryInfo(&info), "info");
    CHECK(info.HistoryBufferSize == 50 && info.NumberOfHistoryBuffers == 4 && info.dwFlags == 0,
          "%u lines, %u programs", info.HistoryBufferSize, info.NumberOfHistoryBuffers);
    ExpungeConsoleCommandHistoryW(exe);
    CHECK_EQUAL(GetConsoleCommandHistoryLengthW(exe), 0);
    type("first\rsecond\r");
    line();
    line();
    CHECK_EQUAL(GetConsoleCommandHistoryLengthW(exe), 26);
    CHECK_EQUAL(GetConsoleCommandHistoryW(text, sizeof(text), exe), 26);
    CHECK(!lstrcmpW(text, L"first") && !lstrcmpW(text + 6, L"second"), "lines");
    CHECK_EQUAL(GetConsoleCommandHistoryW(text, 8, exe), 0);
    CHECK_EQUAL(GetLastError(), ERROR_BUFFER_OVERFLOW);
    set_exe_name("other.exe");
    type_key(0, VK_UP, 0);
    type("third\r");
    CHECK(!strcmp(line(), "third"), "another program's lines are its own");
    set_exe_name("console_aliases.exe");
    type_key(0, VK_UP, 0);
    type("\r");
    CHECK(!strcmp(line(), "second"), "recalled");
    CHECK(SetConsoleNumberOfCommandsW(1, exe), "fewer");
    CHECK(GetConsoleCommandHistoryW(text, sizeof(text), exe) == 14 && !lstrcmpW(text, L"second"),
          "one is left");
    info.dwFlags = HISTORY_NO_DUP_FLAG;
    info.HistoryBufferSize = 10;
    CHECK(SetConsoleHistoryInfo(&info), "set");
    type("a\rb\ra\r");
    for (int i = 0; i < 3; i++) line();
    CHECK_EQUAL(GetConsoleCommandHistoryW(text, sizeof(text), exe), (7 + 2 + 2) * sizeof(WCHAR));
    info.dwFlags = 2;
    CHECK(!SetConsoleHistoryInfo(&info), "unknown flag");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void test_control(void)
{
    CONSOLE_READCONSOLE_CONTROL control = {sizeof(control), 3, 1u << '\t', 0};
    WCHAR text[32] = L"abc";
    DWORD n;

    type("de");
    type_key(0, VK_LEFT, 0);
    type_key('\t', VK_TAB, SHIFT_PRESSED);
    CHECK(ReadConsoleW(input, text, 32, &n, &control) && n == 6, "%lu units", n);
    CHECK(!memcmp(text, L"abcd\te", 12), "with the character at the cursor");
    CHECK_EQUAL(control.dwControlKeyState, SHIFT_PRESSED);
    type("x\r");
    control.nInitialChars = 0;
    CHECK(ReadConsoleW(input, text, 32, &n, &control) && n == 3, "%lu units", n);
    control.nLength = 1;
    CHECK(!ReadConsoleW(input, text, 32, &n, &control), "a wrong length");
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    DWORD n;
    FreeConsole();
    if (!AllocConsole()) return check_summary();
    input = CreateFileA("CONIN$", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE output = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (!ReadConsoleOutputCharacterA(output, (char[1]){0}, 1, (COORD){0, 0}, &n))
        return check_summary(); // a terminal's
    set_exe_name = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "SetConsoleInputExeNameA");
    test_aliases();
    test_history();
    test_control();
    return check_summary();
}
