// choice.exe: asks for one of several keys; the status tells which.
#include "../shared/console_text.h"
#include <stdlib.h>
#include <wchar.h>

enum { ERROR_STATUS = 255, SECONDS_MAX = 9999, CHOICES_MAX = 62 };

struct question {
    const WCHAR *choices, *message;
    bool hidden, case_sensitive;
    long seconds;  // -1: for ever
    WCHAR instead; // 0: none
};

static int fail(const WCHAR *message)
{
    complain(L"ERROR: %s\r\nType \"CHOICE /?\" for usage.\r\n", message);
    return ERROR_STATUS;
}

static int usage(void)
{
    print(L"CHOICE [/C choices] [/N] [/CS] [/T seconds /D choice] [/M text]\r\n\r\n"
          L"  /C   the keys to choose from (YN); the status is the place of the one chosen, from 1\r\n"
          L"  /N   don't show them           /CS  capital letters are others\r\n"
          L"  /T   how long to wait before   /D   this one is taken\r\n"
          L"  /M   what to ask\r\n");
    return 0;
}

// The place of a key among the choices, from 1; 0: it is none.
static int place_of(const struct question *question, WCHAR key)
{
    for (int i = 0; question->choices[i]; i++) {
        WCHAR choice = question->choices[i];
        if (choice == key || (!question->case_sensitive && towupper(choice) == towupper(key))) return i + 1;
    }
    return 0;
}

// ---- keys ----

// The next key of a console; 0: the time is over.
static WCHAR console_key(HANDLE input, ULONGLONG end)
{
    for (;;) {
        INPUT_RECORD record;
        DWORD count;
        ULONGLONG now = GetTickCount64();
        DWORD left = end == (ULONGLONG)-1 ? INFINITE : now < end ? (DWORD)(end - now) : 0;
        if (WaitForSingleObject(input, left) != WAIT_OBJECT_0) return 0;
        if (!ReadConsoleInputW(input, &record, 1, &count) || !count) return 0;
        if (record.EventType == KEY_EVENT && record.Event.KeyEvent.bKeyDown &&
            record.Event.KeyEvent.uChar.UnicodeChar)
            return record.Event.KeyEvent.uChar.UnicodeChar;
    }
}

struct reading {
    HANDLE input;
    char byte;
    bool ended;
};

static DWORD WINAPI read_byte(void *context)
{
    struct reading *reading = context;
    DWORD count = 0;
    reading->ended = !ReadFile(reading->input, &reading->byte, 1, &count, NULL) || !count;
    return 0;
}

// The next byte of a file or pipe; 0: the time is over, or with *ended the input. A read that nobody waits
// for any more goes with the process.
static WCHAR file_key(HANDLE input, ULONGLONG end, bool *ended)
{
    static struct reading reading;
    reading = (struct reading){.input = input};
    HANDLE thread = CreateThread(NULL, 0, read_byte, &reading, 0, NULL);
    ULONGLONG now = GetTickCount64();
    DWORD left = end == (ULONGLONG)-1 ? INFINITE : now < end ? (DWORD)(end - now) : 0;
    bool read = thread && WaitForSingleObject(thread, left) == WAIT_OBJECT_0;
    if (thread) CloseHandle(thread);
    *ended = !thread || (read && reading.ended);
    return read && !reading.ended ? (unsigned char)reading.byte : 0;
}

// ---- asking ----

static void show(const struct question *question)
{
    if (question->message) print(question->hidden ? L"%s" : L"%s ", question->message);
    for (int i = 0; !question->hidden && question->choices[i]; i++)
        print(L"%c%c", i ? ',' : '[',
              question->case_sensitive ? question->choices[i] : towupper(question->choices[i]));
    if (!question->hidden) print(L"]?");
    print_flush();
}

static int ask(const struct question *question)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    DWORD mode;
    bool console = GetConsoleMode(input, &mode), ended = false;
    ULONGLONG end =
        question->seconds < 0 ? (ULONGLONG)-1 : GetTickCount64() + (ULONGLONG)question->seconds * 1000;
    show(question);
    for (;;) {
        WCHAR key = console ? console_key(input, end) : file_key(input, end, &ended);
        if (ended) {
            print(L"\r\n");
            return fail(L"The file is either empty or does not contain the valid choices.");
        }
        if (!key) key = question->instead;
        int place = place_of(question, key);
        if (!place) {
            if (console) print(L"\a");
            print_flush();
            continue;
        }
        print(L"%c\r\n", question->choices[place - 1]);
        return place;
    }
}

static bool are_valid(const struct question *question)
{
    size_t n = wcslen(question->choices);
    if (!n || n > CHOICES_MAX) return false;
    for (size_t i = 0; i < n; i++) {
        if (!iswalnum(question->choices[i]) && question->choices[i] < 128) return false;
        if (place_of(question, question->choices[i]) != (int)i + 1) return false; // twice
    }
    return true;
}

int wmain(int count, WCHAR **words)
{
    struct question question = {.choices = L"YN", .seconds = -1};
    for (int i = 1; i < count; i++) {
        const WCHAR *name = words[i] + 1, *value = NULL;
        if (words[i][0] != '/' && words[i][0] != '-') return fail(L"Invalid argument.");
        if (!wcscmp(name, L"?")) return usage();
        if (!_wcsicmp(name, L"n")) {
            question.hidden = true;
            continue;
        }
        if (!_wcsicmp(name, L"cs")) {
            question.case_sensitive = true;
            continue;
        }
        // The others have a value, behind a colon or as the next word.
        WCHAR letter = towlower(name[0]);
        if (name[0] && name[1] == ':')
            value = name + 2;
        else if (name[0] && !name[1] && i + 1 < count)
            value = words[++i];
        if (!value || !wcschr(L"ctdm", letter)) return fail(L"Invalid syntax.");
        if (letter == 'c') question.choices = value;
        if (letter == 'm') question.message = value;
        if (letter == 'd') question.instead = value[0] && !value[1] ? value[0] : 0xFFFF;
        if (letter == 't') {
            WCHAR *end;
            question.seconds = wcstol(value, &end, 10);
            if (end == value || *end || question.seconds < 0 || question.seconds > SECONDS_MAX)
                return fail(L"Invalid value for timeout, which is 0 to 9999 seconds.");
        }
    }
    if (!are_valid(&question)) return fail(L"Invalid choices: each letter or digit may be there once.");
    if ((question.seconds >= 0) != (question.instead != 0)) return fail(L"/T and /D go together.");
    if (question.instead && !place_of(&question, question.instead))
        return fail(L"The default choice is none of the choices.");
    return ask(&question);
}
