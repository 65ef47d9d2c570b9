// findstr.exe: the lines that match any of several texts or expressions.
#include "../shared/file_walk.h"
#include "../shared/lines.h"
#include "expression.h"
#include <stdlib.h>
#include <wchar.h>

enum { FOUND_STATUS = 0, NOT_FOUND_STATUS = 1, ERROR_STATUS = 2 };

struct search {
    WCHAR **wanted;
    size_t wanted_count, wanted_capacity;
    WCHAR **names;
    size_t name_count, name_capacity;
    bool literal, expression; // as switches say; without them the first text decides
    bool given_whole;         // by /C: text, which is taken literally without /R
    struct match_options match;
    bool inverted, numbered, offsets, only_names, deep, only_text;
    bool show_names, found, failed;
};

// ---- searching ----

static bool matches(const struct search *search, const WCHAR *text)
{
    for (size_t i = 0; i < search->wanted_count; i++)
        if ((search->expression ? expression_matches : literal_matches)(search->wanted[i], text,
                                                                        &search->match))
            return true;
    return false;
}

static bool is_text(const struct line *line)
{
    for (size_t i = 0; i < line->length; i++)
        if (line->text[i] < ' ' && (!line->text[i] || !wcschr(L"\t\f\b\x1a", line->text[i]))) return false;
    return true;
}

static void show(const struct search *search, const WCHAR *name, unsigned number, ULONGLONG offset,
                 const struct line *line)
{
    if (search->show_names && name) print(L"%s:", name);
    if (search->numbered) print(L"%u:", number);
    if (search->offsets) print(L"%I64u:", offset);
    print_line(line);
}

static void search_lines(struct search *search, HANDLE handle, const WCHAR *name)
{
    struct lines lines = {.handle = handle};
    struct line line;
    ULONGLONG offset = 0;
    for (unsigned number = 1; lines_next(&lines, &line); number++) {
        if (search->only_text && !is_text(&line)) break;
        if (matches(search, line.text) != search->inverted) {
            search->found = true;
            if (search->only_names) {
                print(L"%s\r\n", name ? name : L"");
                break;
            }
            show(search, name, number, offset, &line);
        }
        offset += line.whole;
    }
    lines_free(&lines);
}

static bool search_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct search *search = context;
    if (data && data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) return true;
    HANDLE handle = open_for_reading(path);
    if (handle == INVALID_HANDLE_VALUE) {
        complain(L"FINDSTR: Cannot open %s\r\n", path);
        search->failed = true;
    } else {
        search_lines(search, handle, path);
    }
    return true;
}

static void search_named(struct search *search, const WCHAR *name)
{
    if (!search->deep && !has_wildcards(name))
        search_file(name, NULL, search);
    else if (!walk_files(name, search->deep, search_file, search) && !search->deep) {
        complain(L"FINDSTR: Cannot open %s\r\n", name);
        search->failed = true;
    }
}

// ---- the command line ----

static void add_wanted(struct search *search, const WCHAR *text)
{
    make_room(&search->wanted, &search->wanted_capacity, search->wanted_count + 1, sizeof *search->wanted);
    search->wanted[search->wanted_count++] = copy_text(text);
}

static void add_name(struct search *search, const WCHAR *name)
{
    make_room(&search->names, &search->name_capacity, search->name_count + 1, sizeof *search->names);
    search->names[search->name_count++] = copy_text(name);
}

// The lines of a file: texts to look for, or names of files to look in.
static bool take_lines(struct search *search, const WCHAR *path, void (*add)(struct search *, const WCHAR *))
{
    struct line line;
    struct lines lines = {.handle = open_for_reading(wcscmp(path, L"/") == 0 ? NULL : path)};
    if (lines.handle == INVALID_HANDLE_VALUE) {
        complain(L"FINDSTR: Cannot open %s\r\n", path);
        return false;
    }
    while (lines_next(&lines, &line))
        if (line.length) add(search, line.text);
    lines_free(&lines);
    return true;
}

static bool take_letter(struct search *search, WCHAR letter)
{
    switch (towlower(letter)) {
    case 'b': search->match.begin = true; return true;
    case 'e': search->match.end = true; return true;
    case 'x': search->match.begin = search->match.end = true; return true;
    case 'l': search->literal = true; return true;
    case 'r': search->expression = true; return true;
    case 's': search->deep = true; return true;
    case 'i': search->match.any_case = true; return true;
    case 'v': search->inverted = true; return true;
    case 'n': search->numbered = true; return true;
    case 'm': search->only_names = true; return true;
    case 'o': search->offsets = true; return true;
    case 'p': search->only_text = true; return true;
    default: return false;
    }
}

// A switch, or several letters behind one slash. False after a complaint.
static bool take_switch(struct search *search, const WCHAR *word)
{
    const WCHAR *name = word + 1;
    if (_wcsicmp(name, L"off") == 0 || _wcsicmp(name, L"offline") == 0) return true;
    for (; *name; name++) {
        if (*name == '/') continue;
        if (name[1] == ':') {
            switch (towlower(*name)) {
            case 'c':
                search->given_whole = true;
                add_wanted(search, name + 2);
                return true;
            case 'g': return take_lines(search, name + 2, add_wanted);
            case 'f': return take_lines(search, name + 2, add_name);
            case 'a': return true; // colours of names on a console
            }
        }
        if (take_letter(search, *name)) continue;
        complain(L"FINDSTR: /%c ignored\r\n", *name);
    }
    return true;
}

// The words of one argument are texts of their own.
static void add_words(struct search *search, const WCHAR *text)
{
    while (*(text += wcsspn(text, L" "))) {
        WCHAR *word = copy_text(text);
        word[wcscspn(text, L" ")] = 0;
        add_wanted(search, word);
        free(word);
        text += wcscspn(text, L" ");
    }
}

static int usage(void)
{
    print(
        L"FINDSTR [/B] [/E] [/L] [/R] [/S] [/I] [/X] [/V] [/N] [/M] [/O] [/P] [/F:file] [/C:text] "
        L"[/G:file]\r\n"
        L"        texts [files]\r\n\r\n"
        L"  /B /E /X  at the beginning, at the end, the whole line      /I  case does not count\r\n"
        L"  /L /R     texts are literal, or expressions: . * ^ $ [set] \\< \\>\r\n"
        L"  /S        files in all directories below too                /V  lines that do not match\r\n"
        L"  /N /O /M  numbers of lines, offsets, names of files only    /P  no binary files\r\n"
        L"  /C: /G:   one text with blanks; texts from a file           /F: names of files from a file\r\n");
    return FOUND_STATUS;
}

int wmain(int count, WCHAR **words)
{
    struct search search = {};
    int i = 1;
    for (; i < count && words[i][0] == '/'; i++) {
        if (wcscmp(words[i], L"/?") == 0) return usage();
        if (!take_switch(&search, words[i])) return ERROR_STATUS;
    }
    if (!search.wanted_count && i < count) add_words(&search, words[i++]);
    if (!search.wanted_count) {
        complain(L"FINDSTR: Bad command line\r\n");
        return ERROR_STATUS;
    }
    for (; i < count; i++) add_name(&search, words[i]);
    if (search.literal) search.expression = false;
    if (!search.literal && !search.given_whole && is_expression(search.wanted[0])) search.expression = true;
    search.show_names =
        search.deep || search.name_count > 1 || (search.name_count && has_wildcards(search.names[0]));
    for (size_t n = 0; n < search.name_count; n++) search_named(&search, search.names[n]);
    if (!search.name_count) search_lines(&search, GetStdHandle(STD_INPUT_HANDLE), NULL);
    return search.found ? FOUND_STATUS : search.failed ? ERROR_STATUS : NOT_FOUND_STATUS;
}
