// find.exe: the lines that hold a text, which stands in quotation marks.
#include "../shared/file_walk.h"
#include "../shared/lines.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { FOUND_STATUS = 0, NOT_FOUND_STATUS = 1, ERROR_STATUS = 2 };

struct search {
    WCHAR *wanted; // NULL until it was read
    bool inverted, only_count, numbered, any_case;
    bool found, failed;
};

static int fail(const WCHAR *message)
{
    complain(L"FIND: %s\r\n", message);
    return ERROR_STATUS;
}

// ---- searching ----

static bool holds(const struct search *search, const struct line *line)
{
    size_t length = wcslen(search->wanted);
    if (!length) return false; // no line holds an empty text: /V "" means all lines
    for (size_t i = 0; i + length <= line->length; i++)
        if ((search->any_case ? _wcsnicmp : wcsncmp)(line->text + i, search->wanted, length) == 0)
            return true;
    return false;
}

// NAME: what stands above the file's lines, NULL for standard input.
static void search_lines(struct search *search, HANDLE handle, const WCHAR *name)
{
    struct lines lines = {.handle = handle};
    struct line line;
    unsigned number = 0, count = 0;
    if (name && !search->only_count) print(L"\r\n---------- %s\r\n", name);
    while (lines_next(&lines, &line)) {
        number++;
        if (holds(search, &line) == search->inverted) continue;
        count++;
        if (search->only_count) continue;
        if (search->numbered) print(L"[%u]", number);
        print_line(&line);
    }
    if (search->only_count && name)
        print(L"\r\n---------- %s: %u\r\n", name, count);
    else if (search->only_count)
        print(L"%u\r\n", count);
    search->found |= count > 0;
    lines_free(&lines);
}

static bool search_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct search *search = context;
    if (data && data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) return true;
    WCHAR *name = _wcsupr(copy_text(path));
    HANDLE handle = open_for_reading(path);
    if (handle == INVALID_HANDLE_VALUE) {
        complain(L"%s - %s\r\n", GetLastError() == ERROR_ACCESS_DENIED ? L"Access denied" : L"File not found",
                 name);
        search->failed = true;
    } else {
        search_lines(search, handle, name);
    }
    free(name);
    return true;
}

static void search_named(struct search *search, const WCHAR *name)
{
    if (!has_wildcards(name))
        search_file(name, NULL, search);
    else if (!walk_files(name, false, search_file, search))
        search_file(name, NULL, search); // which says that there is none
}

// ---- the command line ----

static bool take_switch(struct search *search, const WCHAR *word)
{
    static const WCHAR *const ignored[] = {L"OFF", L"OFFLINE"};
    for (size_t i = 0; i < ARRAYSIZE(ignored); i++)
        if (_wcsicmp(word + 1, ignored[i]) == 0) return true;
    for (const WCHAR *p = word; *p; p++) {
        switch (towlower(*p)) {
        case '/': break;
        case 'v': search->inverted = true; break;
        case 'c': search->only_count = true; break;
        case 'n': search->numbered = true; break;
        case 'i': search->any_case = true; break;
        default: return false;
        }
    }
    return true;
}

// The text in quotation marks at *P, in which two of them stand for one.
static WCHAR *take_quoted(const WCHAR **p)
{
    WCHAR *text = copy_text(*p), *out = text;
    for (const WCHAR *from = *p + 1;; from++) {
        if (!*from) {
            free(text);
            return NULL; // it does not end
        }
        if (*from == '"' && *++from != '"') {
            *p = from;
            *out = 0;
            return text;
        }
        *out++ = *from;
    }
}

// A word; a switch ends at a quotation mark too.
static WCHAR *take_word(const WCHAR **p)
{
    const WCHAR *start = *p;
    bool quoted = false;
    WCHAR *word = copy_text(start), *out = word;
    for (; **p && (quoted || !wcschr(L" \t", **p)) && !(*start == '/' && **p == '"'); ++*p) {
        if (**p == '"')
            quoted = !quoted;
        else
            *out++ = **p;
    }
    *out = 0;
    return word;
}

static const WCHAR *skip_blanks(const WCHAR *p)
{
    return p + wcsspn(p, L" \t");
}

static int usage(void)
{
    print(L"FIND [/V] [/C] [/N] [/I] [/OFFLINE] \"text\" [files]\r\n\r\n"
          L"  /V  lines that do not hold the text     /C  only how many\r\n"
          L"  /N  with their numbers                  /I  case does not count\r\n");
    return FOUND_STATUS;
}

int wmain(void)
{
    struct search search = {};
    const WCHAR *p = GetCommandLineW();
    WCHAR **names = NULL;
    size_t count = 0, capacity = 0;
    free(take_word(&p)); // this program's name
    for (p = skip_blanks(p); *p; p = skip_blanks(p)) {
        if (*p == '"' && !search.wanted) {
            search.wanted = take_quoted(&p);
            if (!search.wanted) return fail(L"Parameter format not correct");
            continue;
        }
        WCHAR *word = take_word(&p);
        if (wcscmp(word, L"/?") == 0) return usage();
        if (*word == '/' && !take_switch(&search, word)) return fail(L"Invalid switch");
        if (*word != '/' && !search.wanted) return fail(L"Parameter format not correct");
        if (*word == '/') continue;
        make_room(&names, &capacity, count + 1, sizeof *names);
        names[count++] = word;
    }
    if (!search.wanted) return fail(L"Parameter format not correct");
    for (size_t i = 0; i < count; i++) search_named(&search, names[i]);
    if (!count) search_lines(&search, GetStdHandle(STD_INPUT_HANDLE), NULL);
    return search.failed && !search.found ? ERROR_STATUS : search.found ? FOUND_STATUS : NOT_FOUND_STATUS;
}
