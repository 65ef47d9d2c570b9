/* The console, past the standard streams: keys, echo, lines. */
#include "msvcrt.h"

static HANDLE console_in, console_out;
static int pushed_key = CRT_EOF, second_byte = CRT_EOF;
static wint_t pushed_wide = CRT_WEOF;

static HANDLE input(void)
{
    if (!console_in) {
        console_in = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                 NULL, OPEN_EXISTING, 0, NULL);
        if (console_in == INVALID_HANDLE_VALUE) console_in = GetStdHandle(STD_INPUT_HANDLE);
    }
    return console_in;
}

static HANDLE output(void)
{
    if (!console_out) {
        console_out = CreateFileW(L"CONOUT$", GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                  OPEN_EXISTING, 0, NULL);
        if (console_out == INVALID_HANDLE_VALUE) console_out = GetStdHandle(STD_OUTPUT_HANDLE);
    }
    return console_out;
}

/* Keys without a character, as the two codes of old: 0 or E0h, then this by virtual key and modifiers. */
static const struct {
    unsigned char key, plain, shift, control, alt, first;
} keys[] = {
    {VK_F1, 59, 84, 94, 104, 0},        {VK_F2, 60, 85, 95, 105, 0},       {VK_F3, 61, 86, 96, 106, 0},
    {VK_F4, 62, 87, 97, 107, 0},        {VK_F5, 63, 88, 98, 108, 0},       {VK_F6, 64, 89, 99, 109, 0},
    {VK_F7, 65, 90, 100, 110, 0},       {VK_F8, 66, 91, 101, 111, 0},      {VK_F9, 67, 92, 102, 112, 0},
    {VK_F10, 68, 93, 103, 113, 0},      {VK_F11, 133, 135, 137, 139, 224}, {VK_F12, 134, 136, 138, 140, 224},
    {VK_HOME, 71, 71, 119, 151, 224},   {VK_UP, 72, 72, 141, 152, 224},    {VK_PRIOR, 73, 73, 134, 153, 224},
    {VK_LEFT, 75, 75, 115, 155, 224},   {VK_RIGHT, 77, 77, 116, 157, 224}, {VK_END, 79, 79, 117, 159, 224},
    {VK_DOWN, 80, 80, 145, 160, 224},   {VK_NEXT, 81, 81, 118, 161, 224},  {VK_INSERT, 82, 82, 146, 162, 224},
    {VK_DELETE, 83, 83, 147, 163, 224},
};

/* The one or two codes of a key event; false if it gives none. */
static bool key_codes(const KEY_EVENT_RECORD *event, int *first, int *second)
{
    DWORD state = event->dwControlKeyState;

    *second = CRT_EOF;
    if (!event->bKeyDown) return false;
    if (event->uChar.UnicodeChar) {
        *first = event->uChar.UnicodeChar;
        return true;
    }
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if (keys[i].key != event->wVirtualKeyCode) continue;
        *first = keys[i].first;
        *second = state & (LEFT_ALT_PRESSED | RIGHT_ALT_PRESSED)     ? keys[i].alt
                  : state & (LEFT_CTRL_PRESSED | RIGHT_CTRL_PRESSED) ? keys[i].control
                  : state & SHIFT_PRESSED                            ? keys[i].shift
                                                                     : keys[i].plain;
        return true;
    }
    return false;
}

/* The next code from the keyboard; from a redirected input its next byte. */
static int read_key(void)
{
    INPUT_RECORD record;
    DWORD mode, n;
    int first = CRT_EOF, second;

    if (second_byte != CRT_EOF) {
        first = second_byte;
        second_byte = CRT_EOF;
        return first;
    }
    if (!GetConsoleMode(input(), &mode)) {
        unsigned char byte;
        return ReadFile(input(), &byte, 1, &n, NULL) && n ? byte : CRT_EOF;
    }
    SetConsoleMode(input(), 0);
    while (ReadConsoleInputW(input(), &record, 1, &n) && n) {
        if (record.EventType != KEY_EVENT || !key_codes(&record.Event.KeyEvent, &first, &second)) continue;
        second_byte = second;
        break;
    }
    SetConsoleMode(input(), mode);
    return first;
}

int EXPORT _getch(void)
{
    int c;

    _lock(LOCK_CONSOLE);
    if (pushed_key != CRT_EOF) {
        c = pushed_key;
        pushed_key = CRT_EOF;
    } else {
        c = read_key();
        if (c > 255) {
            wchar_t wide = c;
            unsigned char bytes[4];
            int n = WideCharToMultiByte(GetConsoleCP(), 0, &wide, 1, (char *)bytes, 4, NULL, NULL);
            c = n ? bytes[0] : '?';
            if (n == 2) second_byte = bytes[1];
        }
    }
    _unlock(LOCK_CONSOLE);
    return c;
}

int EXPORT _putch(int c)
{
    char byte = c;
    DWORD n;

    _lock(LOCK_CONSOLE);
    if (!WriteConsoleA(output(), &byte, 1, &n, NULL) && !WriteFile(output(), &byte, 1, &n, NULL)) c = CRT_EOF;
    _unlock(LOCK_CONSOLE);
    return c;
}

int EXPORT _getche(void)
{
    int c = _getch();
    return c == CRT_EOF ? c : _putch(c);
}

int EXPORT _ungetch(int c)
{
    int result = CRT_EOF;

    _lock(LOCK_CONSOLE);
    if (c != CRT_EOF && pushed_key == CRT_EOF) result = pushed_key = c;
    _unlock(LOCK_CONSOLE);
    return result;
}

wint_t EXPORT _getwch(void)
{
    wint_t c;

    _lock(LOCK_CONSOLE);
    if (pushed_wide != CRT_WEOF) {
        c = pushed_wide;
        pushed_wide = CRT_WEOF;
    } else {
        c = read_key();
    }
    _unlock(LOCK_CONSOLE);
    return c;
}

wint_t EXPORT _putwch(wchar_t c)
{
    wint_t result = c;
    DWORD n;

    _lock(LOCK_CONSOLE);
    if (!WriteConsoleW(output(), &c, 1, &n, NULL)) {
        char bytes[8];
        int size = WideCharToMultiByte(GetConsoleOutputCP(), 0, &c, 1, bytes, sizeof(bytes), NULL, NULL);
        if (!WriteFile(output(), bytes, size, &n, NULL)) result = CRT_WEOF;
    }
    _unlock(LOCK_CONSOLE);
    return result;
}

wint_t EXPORT _getwche(void)
{
    wint_t c = _getwch();
    return c == CRT_WEOF ? c : _putwch(c);
}

wint_t EXPORT _ungetwch(wint_t c)
{
    wint_t result = CRT_WEOF;

    _lock(LOCK_CONSOLE);
    if (c != CRT_WEOF && pushed_wide == CRT_WEOF) result = pushed_wide = c;
    _unlock(LOCK_CONSOLE);
    return result;
}

int EXPORT _kbhit(void)
{
    INPUT_RECORD records[32];
    DWORD count = 0, n = 0;
    int first, second, hit = 0;

    _lock(LOCK_CONSOLE);
    if (pushed_key != CRT_EOF || second_byte != CRT_EOF) {
        hit = 1;
    } else if (GetNumberOfConsoleInputEvents(input(), &count) && count &&
               PeekConsoleInputW(input(), records, count < 32 ? count : 32, &n)) {
        for (DWORD i = 0; i < n && !hit; i++)
            hit = records[i].EventType == KEY_EVENT && key_codes(&records[i].Event.KeyEvent, &first, &second);
    }
    _unlock(LOCK_CONSOLE);
    return hit;
}

int EXPORT _cputs(const char *s)
{
    DWORD n;
    int result = 0;

    REQUIRE(s, EINVAL, -1);
    _lock(LOCK_CONSOLE);
    if (!WriteConsoleA(output(), s, strlen(s), &n, NULL) && !WriteFile(output(), s, strlen(s), &n, NULL))
        result = CRT_EOF;
    _unlock(LOCK_CONSOLE);
    return result;
}

int EXPORT _cputws(const wchar_t *s)
{
    int result = 0;

    REQUIRE(s, EINVAL, -1);
    for (; *s && !result; s++)
        if (_putwch(*s) == CRT_WEOF) result = CRT_EOF;
    return result;
}

/* A line into TEXT+2; TEXT[0] says the room, TEXT[1] gets the length. */
char *EXPORT _cgets(char *text)
{
    unsigned room = (unsigned char)text[0], n = 0;
    int c;

    REQUIRE(text && room, EINVAL, NULL);
    while ((c = _getch()) != '\r' && c != '\n' && c != CRT_EOF) {
        if (c == '\b') {
            if (n) n--, _cputs("\b \b");
        } else if (n + 1 < room) {
            text[2 + n++] = c;
            _putch(c);
        }
    }
    text[2 + n] = 0;
    text[1] = n;
    return text + 2;
}

wchar_t *EXPORT _cgetws(wchar_t *text)
{
    unsigned room = text[0], n = 0;
    wint_t c;

    REQUIRE(room, EINVAL, NULL);
    while ((c = _getwch()) != '\r' && c != '\n' && c != CRT_WEOF) {
        if (c == '\b') {
            if (n) n--, _cputs("\b \b");
        } else if (n + 1 < room) {
            text[2 + n++] = c;
            _putwch(c);
        }
    }
    text[2 + n] = 0;
    text[1] = n;
    return text + 2;
}

errno_t EXPORT _cgets_s(char *out, size_t size, size_t *length)
{
    char line[258];

    REQUIRE(out && size && length, EINVAL, EINVAL);
    line[0] = size > 255 ? (char)255 : (char)size;
    _cgets(line);
    *length = (unsigned char)line[1];
    memcpy(out, line + 2, *length);
    out[*length] = 0;
    return 0;
}

errno_t EXPORT _cgetws_s(wchar_t *out, size_t size, size_t *length)
{
    wchar_t line[258];

    REQUIRE(out && size && length, EINVAL, EINVAL);
    line[0] = size > 255 ? 255 : size;
    _cgetws(line);
    *length = line[1];
    memcpy(out, line + 2, *length * sizeof(*out));
    out[*length] = 0;
    return 0;
}
