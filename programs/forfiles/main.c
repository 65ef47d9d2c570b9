// forfiles.exe: runs a command for each file of a pattern.
#include "../shared/file_walk.h"
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

struct options {
    const WCHAR *path, *mask, *command;
    bool deep, dated, before; // BEFORE: not written after the date, else not before it
    FILETIME date;
    WCHAR *root; // the full path that @relpath begins at
    unsigned found;
};

struct text {
    WCHAR *data;
    size_t length, capacity;
};

static void add_part(struct text *text, const WCHAR *part, size_t length)
{
    make_room(&text->data, &text->capacity, text->length + length + 1, sizeof(WCHAR));
    wmemcpy(text->data + text->length, part, length);
    text->length += length;
    text->data[text->length] = 0;
}

static void add_quoted(struct text *text, const WCHAR *part, size_t length)
{
    add_part(text, L"\"", 1);
    add_part(text, part, length);
    add_part(text, L"\"", 1);
}

// ---- what stands for what ----

static void add_time(struct text *text, const FILETIME *written, bool date)
{
    FILETIME local;
    SYSTEMTIME time;
    WCHAR room[80] = L"";
    if (!FileTimeToLocalFileTime(written, &local) || !FileTimeToSystemTime(&local, &time)) return;
    if (date)
        GetDateFormatW(LOCALE_USER_DEFAULT, DATE_SHORTDATE, &time, NULL, room, ARRAYSIZE(room));
    else
        GetTimeFormatW(LOCALE_USER_DEFAULT, 0, &time, NULL, room, ARRAYSIZE(room));
    add_part(text, room, wcslen(room));
}

enum variable { AT_FILE, AT_FNAME, AT_EXT, AT_PATH, AT_RELPATH, AT_ISDIR, AT_FSIZE, AT_FDATE, AT_FTIME };

static void add_variable(struct text *text, const struct options *options, enum variable which,
                         const WCHAR *path, const WIN32_FIND_DATAW *data)
{
    const WCHAR *name = data->cFileName, *dot = wcsrchr(name, '.');
    bool directory = data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY;
    size_t base = dot ? (size_t)(dot - name) : wcslen(name);
    WCHAR room[32];
    switch (which) {
    case AT_FILE: add_quoted(text, name, wcslen(name)); break;
    case AT_FNAME: add_quoted(text, name, base); break;
    case AT_EXT: add_quoted(text, dot ? dot + 1 : L"", dot ? wcslen(dot + 1) : 0); break;
    case AT_PATH: add_quoted(text, path, wcslen(path)); break;
    case AT_RELPATH: {
        size_t root = wcslen(options->root);
        const WCHAR *below = path + root + (path[root] == '\\');
        add_part(text, L"\".\\", 3);
        add_part(text, below, wcslen(below));
        add_part(text, L"\"", 1);
        break;
    }
    case AT_ISDIR: add_part(text, directory ? L"TRUE" : L"FALSE", directory ? 4 : 5); break;
    case AT_FSIZE:
        _snwprintf(room, ARRAYSIZE(room), L"%I64u",
                   (ULONGLONG)data->nFileSizeHigh << 32 | data->nFileSizeLow);
        add_part(text, room, wcslen(room));
        break;
    case AT_FDATE: add_time(text, &data->ftLastWriteTime, true); break;
    case AT_FTIME: add_time(text, &data->ftLastWriteTime, false); break;
    }
}

// The variable that a text begins with, and the length of its name; -1: none.
static int variable_at(const WCHAR *text, size_t *length)
{
    static const WCHAR *const names[] = {L"@file",  L"@fname", L"@ext",   L"@path", L"@relpath",
                                         L"@isdir", L"@fsize", L"@fdate", L"@ftime"};
    for (size_t i = 0; i < ARRAYSIZE(names); i++)
        if (_wcsnicmp(text, names[i], wcslen(names[i])) == 0) {
            *length = wcslen(names[i]);
            return (int)i;
        }
    return -1;
}

// The command for a file: @variables, and 0xHH for characters.
static WCHAR *fill_command(const struct options *options, const WCHAR *path, const WIN32_FIND_DATAW *data)
{
    struct text text = {};
    add_part(&text, L"", 0);
    for (const WCHAR *p = options->command; *p;) {
        size_t length;
        int which = *p == '@' ? variable_at(p, &length) : -1;
        if (which >= 0) {
            add_variable(&text, options, which, path, data);
            p += length;
        } else if (p[0] == '0' && towlower(p[1]) == 'x' && iswxdigit(p[2]) && iswxdigit(p[3])) {
            WCHAR digits[] = {p[2], p[3], 0}, c = (WCHAR)wcstoul(digits, NULL, 16);
            add_part(&text, &c, 1);
            p += 4;
        } else {
            add_part(&text, p++, 1);
        }
    }
    return text.data;
}

// ---- the files ----

static void run_command(const struct options *options, const WCHAR *path, const WIN32_FIND_DATAW *data)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    WCHAR *command = fill_command(options, path, data), *directory = copy_text(path);
    size_t length = directory_part(directory);
    if (length > 3) length--;
    directory[length] = 0;
    print_flush();
    if (CreateProcessW(NULL, command, NULL, NULL, TRUE, 0, NULL, directory, &startup, &made)) {
        WaitForSingleObject(made.hProcess, INFINITE);
        CloseHandle(made.hThread);
        CloseHandle(made.hProcess);
    } else {
        complain(L"ERROR: %s\r\n", error_text(GetLastError()));
    }
    free(directory);
    free(command);
}

static bool take_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct options *options = context;
    LONG order = options->dated ? CompareFileTime(&data->ftLastWriteTime, &options->date) : 0;
    if (options->before ? order > 0 : order < 0) return true;
    if (!options->found++) print(L"\r\n");
    run_command(options, path, data);
    return true;
}

// ---- the command line ----

static int fail(const WCHAR *message)
{
    complain(L"ERROR: %s\r\nType \"FORFILES /?\" for usage.\r\n", message);
    return 1;
}

// +MM/dd/yyyy, -MM/dd/yyyy, or days from today with a sign: the day's begin, or its end for a minus.
static bool read_date(struct options *options, const WCHAR *text)
{
    unsigned month, day, year, taken;
    SYSTEMTIME date;
    FILETIME local;
    ULARGE_INTEGER ticks;
    long days = 0;
    const ULONGLONG day_ticks = 864000000000ULL;
    options->before = *text == '-';
    if (*text == '+' || *text == '-') text++;
    GetLocalTime(&date);
    date.wHour = date.wMinute = date.wSecond = date.wMilliseconds = 0;
    if (swscanf(text, L"%2u/%2u/%4u%n", &month, &day, &year, &taken) == 3 && !text[taken]) {
        date.wMonth = (WORD)month, date.wDay = (WORD)day, date.wYear = (WORD)year;
    } else {
        WCHAR *end;
        days = wcstol(text, &end, 10);
        if (end == text || *end || days < 0 || days > 32768) return false;
    }
    if (!SystemTimeToFileTime(&date, &local)) return false;
    ticks.LowPart = local.dwLowDateTime, ticks.HighPart = local.dwHighDateTime;
    if (options->before)
        ticks.QuadPart += day_ticks - 1 - (ULONGLONG)days * day_ticks;
    else
        ticks.QuadPart += (ULONGLONG)days * day_ticks;
    local = (FILETIME){ticks.LowPart, ticks.HighPart};
    return options->dated = LocalFileTimeToFileTime(&local, &options->date);
}

static bool take_switch(struct options *options, WCHAR letter, const WCHAR *value)
{
    switch (letter) {
    case 'p': return (options->path = value) != NULL;
    case 'm': return (options->mask = value) != NULL;
    case 'c': return (options->command = value) != NULL;
    case 'd': return value && read_date(options, value);
    default: return false;
    }
}

static int usage(void)
{
    print(L"FORFILES [/P path] [/M mask] [/S] [/C command] [/D [+ | -]{MM/dd/yyyy | days}]\r\n\r\n"
          L"  In the command @file, @fname, @ext, @path, @relpath, @isdir, @fsize, @fdate and @ftime stand "
          L"for\r\n"
          L"  what is known of a file, and 0xHH for a character. It is \"cmd /c echo @file\" unless "
          L"given.\r\n");
    return 0;
}

int wmain(int count, WCHAR **words)
{
    struct options options = {.path = L".", .mask = L"*", .command = L"cmd /c echo @file"};
    for (int i = 1; i < count; i++) {
        WCHAR letter = (words[i][0] == '/' || words[i][0] == '-') && words[i][1] && !words[i][2]
                           ? towlower(words[i][1])
                           : 0;
        if (letter == '?') return usage();
        if (letter == 's')
            options.deep = true;
        else if (letter && take_switch(&options, letter, i + 1 < count ? words[i + 1] : NULL))
            i++;
        else
            return fail(L"Invalid argument/option.");
    }
    if (!is_directory(options.path)) {
        complain(L"ERROR: The specified directory does not exist.\r\n");
        return 1;
    }
    options.root = full_file(options.path);
    size_t length = wcslen(options.root);
    if (length > 3 && options.root[length - 1] == '\\') options.root[length - 1] = 0;
    WCHAR *pattern = join_file(options.root, options.mask);
    walk_files(pattern, options.deep, take_file, &options);
    if (options.found) return 0;
    complain(L"ERROR: Files of type \"%s\" not found.\r\n", options.mask);
    return 1;
}
