// What a program does on a terminal, one thing each run: terminal_guest WHAT. The other end is
// terminal_host.c.
#include <stdio.h>
#include <string.h>
#include <windows.h>

static HANDLE in, out;

static void say(const char *format, ...)
{
    char text[512];
    DWORD n;
    va_list list;
    va_start(list, format);
    n = (DWORD)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    WriteConsoleA(out, text, n, &n, NULL);
}

// Lines until an empty one or the end of input, each shown with its length.
static int lines(void)
{
    for (;;) {
        WCHAR line[64] = {0}, answer[96];
        DWORD n = 0;
        say("> ");
        if (!ReadConsoleW(in, line, 63, &n, NULL) || n == 0) break;
        line[n < 2 ? 0 : n - 2] = 0;
        n = (DWORD)swprintf(answer, 96, L"<%ls> %lu\r\n", line, n);
        WriteConsoleW(out, answer, n, &n, NULL);
        if (!line[0]) break;
    }
    say("done\r\n");
    return 3;
}

// Records until the key q.
static int records(DWORD mode)
{
    INPUT_RECORD record;
    DWORD n;
    SetConsoleMode(in, mode);
    say("ready\r\n");
    while (ReadConsoleInputW(in, &record, 1, &n)) {
        const KEY_EVENT_RECORD *key = &record.Event.KeyEvent;
        const MOUSE_EVENT_RECORD *mouse = &record.Event.MouseEvent;
        if (record.EventType == WINDOW_BUFFER_SIZE_EVENT)
            say("size %d %d\r\n", record.Event.WindowBufferSizeEvent.dwSize.X,
                record.Event.WindowBufferSizeEvent.dwSize.Y);
        else if (record.EventType == MOUSE_EVENT)
            say("mouse %d %d b%lx f%lx s%lx\r\n", mouse->dwMousePosition.X, mouse->dwMousePosition.Y,
                mouse->dwButtonState, mouse->dwEventFlags, mouse->dwControlKeyState);
        else if (record.EventType == KEY_EVENT && key->bKeyDown)
            say("key %02x scan %02x unit %04x state %lx\r\n", key->wVirtualKeyCode, key->wVirtualScanCode,
                key->uChar.UnicodeChar, key->dwControlKeyState);
        if (record.EventType == KEY_EVENT && key->uChar.UnicodeChar == 'q') break;
    }
    return 0;
}

static int screen(void)
{
    CHAR_INFO cells[4] = {{{'A'}, 0x1C}, {{'B'}, 2}, {{'C'}, 7}, {{'D'}, 7}};
    SMALL_RECT region = {10, 4, 11, 5};
    CONSOLE_SCREEN_BUFFER_INFO info;
    COORD at = {4, 2};
    DWORD n;
    SetConsoleTextAttribute(out, FOREGROUND_RED | FOREGROUND_INTENSITY);
    SetConsoleCursorPosition(out, at);
    say("red");
    SetConsoleTextAttribute(out, 7);
    say("plain \x1b[31mnot\r\n");
    WriteConsoleOutputW(out, cells, (COORD){2, 2}, (COORD){0, 0}, &region);
    FillConsoleOutputCharacterA(out, '#', 3, (COORD){0, 7}, &n);
    WriteConsoleOutputCharacterA(out, "text", 4, (COORD){20, 7}, &n);
    GetConsoleScreenBufferInfo(out, &info);
    say("at %d %d of %d %d\r\n", info.dwCursorPosition.X, info.dwCursorPosition.Y, info.dwSize.X,
        info.dwSize.Y);
    SetConsoleMode(out,
                   ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
    say("\x1b[10;1H\x1b[32mgreen\x1b[0m\r\n");
    return 0;
}

static BOOL WINAPI handler(DWORD event)
{
    say("event %lu\r\n", event);
    return TRUE;
}

static int control(void)
{
    char line[8];
    DWORD n;
    SetConsoleCtrlHandler(handler, TRUE);
    say("ready\r\n");
    while (ReadConsoleA(in, line, 8, &n, NULL) && n && line[0] != 'q') continue;
    return 0;
}

// Another screen buffer, shown and left again.
static int buffers(void)
{
    HANDLE first = out;
    char line[8];
    DWORD n;
    say("first\r\n");
    out = CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, 0, NULL, CONSOLE_TEXTMODE_BUFFER, NULL);
    if (out == INVALID_HANDLE_VALUE) return 1;
    SetConsoleActiveScreenBuffer(out);
    say("second\r\n");
    ReadConsoleA(in, line, 8, &n, NULL);
    SetConsoleActiveScreenBuffer(first);
    CloseHandle(out);
    out = first;
    say("first again\r\n");
    return 0;
}

static int crash(void)
{
    INPUT_RECORD record;
    DWORD n;
    SetConsoleTextAttribute(out, FOREGROUND_GREEN);
    say("press\r\n");
    ReadConsoleInputW(in, &record, 1, &n);
    *(volatile int *)8 = 1;
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    in = CreateFileA("CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                     OPEN_EXISTING, 0, NULL);
    out = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                      OPEN_EXISTING, 0, NULL);
    if (!strcmp(what, "lines")) return lines();
    if (!strcmp(what, "keys"))
        return records(ENABLE_WINDOW_INPUT | ENABLE_MOUSE_INPUT | ENABLE_EXTENDED_FLAGS);
    if (!strcmp(what, "sequences")) return records(ENABLE_VIRTUAL_TERMINAL_INPUT);
    if (!strcmp(what, "screen")) return screen();
    if (!strcmp(what, "control")) return control();
    if (!strcmp(what, "buffers")) return buffers();
    if (!strcmp(what, "crash")) return crash();
    return 2;
}
