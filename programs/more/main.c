// more.com: text page by page on a console; into a file or pipe it goes through at once.
#include "../shared/file_walk.h"
#include "../shared/lines.h"
#include <stdlib.h>
#include <wchar.h>

struct pager {
    bool squeeze, form_feeds;
    unsigned tab, first;  // first: the line to begin with, from 1
    unsigned room, shown; // lines of a page, 0 where there are no pages; lines since the last stop
    bool blank;           // the last line was
};

static unsigned page_lines(void)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info)) return 0;
    return (unsigned)(info.srWindow.Bottom - info.srWindow.Top);
}

// Waits for a key at the end of a page. False: the rest isn't wanted.
static bool stop(struct pager *pager)
{
    DWORD mode, got = 0;
    WCHAR key = 0;
    HANDLE console = CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                 NULL, OPEN_EXISTING, 0, NULL);
    print(L"-- More --");
    print_flush();
    if (GetConsoleMode(console, &mode)) {
        SetConsoleMode(console, mode & ~(DWORD)(ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT));
        ReadConsoleW(console, &key, 1, &got, NULL);
        SetConsoleMode(console, mode);
    }
    CloseHandle(console);
    print(L"\r          \r");
    pager->shown = key == '\r' ? pager->room - 1 : 0;
    return towlower(key) != 'q' && got;
}

static void show_line(const struct pager *pager, const struct line *line)
{
    unsigned column = 0;
    for (size_t i = 0; i < line->length; i++) {
        WCHAR c = line->text[i];
        if (c == '\f' && pager->form_feeds) continue;
        if (c != '\t') {
            print_text(&c, 1);
            column++;
            continue;
        }
        do print(L" ");
        while (++column % pager->tab);
    }
    print(L"\r\n");
}

static bool show_lines(struct pager *pager, HANDLE handle)
{
    struct lines lines = {.handle = handle};
    struct line line;
    bool more = true;
    for (unsigned number = 1; more && lines_next(&lines, &line); number++) {
        bool blank = !line.length;
        if (number < pager->first || (blank && pager->blank && pager->squeeze)) continue;
        pager->blank = blank;
        if (pager->room && pager->shown == pager->room) more = stop(pager);
        if (!more) break;
        // Bytes go through as they are unless there is something to replace.
        if (wcschr(line.text, '\t') || (pager->form_feeds && wcschr(line.text, '\f')))
            show_line(pager, &line);
        else
            print_line(&line);
        pager->shown++;
    }
    lines_free(&lines);
    return more;
}

static bool show_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    if (data && data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) return true;
    HANDLE handle = open_for_reading(path);
    if (handle != INVALID_HANDLE_VALUE) return show_lines(context, handle);
    complain(L"Cannot access file %s\r\n", path);
    return true;
}

static bool take_switch(struct pager *pager, const WCHAR *word)
{
    if (word[0] == '+') {
        pager->first = (unsigned)wcstoul(word + 1, NULL, 10);
        return true;
    }
    switch (towlower(word[1])) {
    case 'e': return true; // the extended features are always there
    case 's': pager->squeeze = true; return true;
    case 'p': pager->form_feeds = true; return true;
    case 'c': return true;
    case 't': pager->tab = (unsigned)wcstoul(word + 2, NULL, 10); return pager->tab > 0;
    default: return false;
    }
}

int wmain(int count, WCHAR **words)
{
    struct pager pager = {.tab = 8, .room = page_lines()};
    bool any = false;
    for (int i = 1; i < count; i++) {
        if (wcscmp(words[i], L"/?") == 0) {
            print(L"MORE [/E [/C] [/P] [/S] [/Tn] [+n]] [files]\r\n\r\n"
                  L"  /S  of empty lines only one    /Tn  tabs every n columns\r\n"
                  L"  /P  no form feeds              +n   from the nth line on\r\n");
            return 0;
        }
        if ((words[i][0] == '/' || words[i][0] == '+') && !take_switch(&pager, words[i])) {
            complain(L"Invalid switch - %s\r\n", words[i]);
            return 1;
        }
        if (words[i][0] == '/' || words[i][0] == '+') continue;
        any = true;
        if (has_wildcards(words[i]) ? walk_files(words[i], false, show_file, &pager) < 0
                                    : !show_file(words[i], NULL, &pager))
            return 0;
    }
    if (!any) show_lines(&pager, GetStdHandle(STD_INPUT_HANDLE));
    return 0;
}
