// The screen and the keyboard: CLS, COLOR, TITLE and PAUSE.
#include "builtin.h"
#include "output.h"

// The colours before the first COLOR.
static WORD first_colors;
static bool colors_known;

int command_cls(const WCHAR *arguments)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    HANDLE screen = shell.handles[1];
    DWORD written;
    if (*skip_blanks(arguments) == '/') {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    if (!GetConsoleScreenBufferInfo(screen, &info)) {
        print(L"\f");
        return 0;
    }
    DWORD cells = (DWORD)info.dwSize.X * info.dwSize.Y;
    COORD origin = {};
    FillConsoleOutputCharacterW(screen, ' ', cells, origin, &written);
    FillConsoleOutputAttribute(screen, info.wAttributes, cells, origin, &written);
    SetConsoleCursorPosition(screen, origin);
    return 0;
}

int command_color(const WCHAR *arguments)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    WCHAR *word = next_word(&arguments), *end;
    if (!GetConsoleScreenBufferInfo(shell.handles[1], &info)) return 1;
    if (!colors_known) first_colors = info.wAttributes;
    colors_known = true;
    long colors = word ? wcstol(word, &end, 16) : first_colors;
    if (word && (*end || wcslen(word) > 2 || colors >> 4 == (colors & 15))) return 1;
    SetConsoleTextAttribute(shell.handles[1], (WORD)colors);
    return 0;
}

int command_title(const WCHAR *arguments)
{
    SetConsoleTitleW(*arguments ? arguments + 1 : arguments);
    return 0;
}

// A key of the console, or a byte of what input comes from.
static bool wait_for_key(HANDLE input)
{
    DWORD mode, got = 0;
    char byte;
    WCHAR key;
    if (!GetConsoleMode(input, &mode)) return ReadFile(input, &byte, 1, &got, NULL) && got;
    SetConsoleMode(input, mode & ~(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
    BOOL read = ReadConsoleW(input, &key, 1, &got, NULL);
    SetConsoleMode(input, mode);
    return read && got;
}

int command_pause(const WCHAR *arguments)
{
    (void)arguments;
    print(L"Press any key to continue . . . ");
    bool pressed = wait_for_key(shell.handles[0]);
    print(L"\r\n");
    return !pressed;
}
