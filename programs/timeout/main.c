// timeout.exe: waits some seconds, or for a key.
#include "../shared/console_text.h"
#include <stdlib.h>
#include <wchar.h>

enum { MOST = 99999, TICK = 50 };

static int fail(const WCHAR *message)
{
    complain(L"ERROR: %s\r\n", message);
    return 1;
}

static int usage(void)
{
    print(L"TIMEOUT [/T] seconds [/NOBREAK]\r\n\r\n"
          L"  /T        how long to wait, -1 to 99999; -1 waits for a key\r\n"
          L"  /NOBREAK  keys do not end it, Ctrl+C does\r\n");
    return 0;
}

static bool take_seconds(const WCHAR *text, long *seconds)
{
    WCHAR *end;
    *seconds = wcstol(text, &end, 10);
    return end > text && !*end && *seconds >= -1 && *seconds <= MOST;
}

static bool key_pressed(HANDLE input)
{
    INPUT_RECORD record;
    DWORD count;
    while (GetNumberOfConsoleInputEvents(input, &count) && count)
        if (ReadConsoleInputW(input, &record, 1, &count) && record.EventType == KEY_EVENT &&
            record.Event.KeyEvent.bKeyDown)
            return true;
    return false;
}

static void wait(HANDLE input, long seconds, bool keys)
{
    ULONGLONG start = GetTickCount64(), end = start + (ULONGLONG)seconds * 1000;
    long shown = -1;
    FlushConsoleInputBuffer(input);
    for (ULONGLONG now; (now = GetTickCount64()) < end || seconds < 0;) {
        long left = seconds < 0 ? 0 : (long)((end - now + 999) / 1000);
        if (left != shown && seconds >= 0)
            print(L"\rWaiting for %*ld seconds, press %s ...", 2, left,
                  keys ? L"a key to continue" : L"CTRL+C to quit");
        if (shown < 0 && seconds < 0) print(L"\r\nPress any key to continue ...");
        shown = left;
        print_flush();
        if (keys && key_pressed(input)) break;
        Sleep(TICK);
    }
    print(L"\r\n");
}

int wmain(int count, WCHAR **words)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    long seconds = 0;
    bool given = false, keys = true;
    DWORD mode;
    for (int i = 1; i < count; i++) {
        bool is_switch = words[i][0] == '/' || (words[i][0] == '-' && !iswdigit(words[i][1]));
        if (is_switch && wcscmp(words[i] + 1, L"?") == 0) return usage();
        if (is_switch && _wcsicmp(words[i] + 1, L"nobreak") == 0) {
            keys = false;
            continue;
        }
        if (is_switch && (_wcsicmp(words[i] + 1, L"t") != 0 || ++i == count)) return fail(L"Invalid syntax.");
        if (given || !take_seconds(words[i], &seconds))
            return fail(L"Invalid value for timeout (/T) specified. Valid range is -1-99999.");
        given = true;
    }
    if (!given) return fail(L"Invalid syntax. Timeout value (/T) is mandatory.");
    if (!GetConsoleMode(input, &mode))
        return fail(L"Input redirection is not supported, exiting the process immediately.");
    print(L"\r\n");
    wait(input, seconds, keys);
    return 0;
}
