// sort.exe: lines in the order of the locale, whatever their case.
#include "../shared/lines.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

struct sorted_line {
    struct line line; // copied
    size_t number;    // of equal lines the earlier one comes first
};

static struct order {
    bool reverse, case_counts, bytes, unique;
    size_t column;
} order;

static struct sorted_line *all;
static size_t line_count, capacity;

static int compare_text(const struct line *a, const struct line *b)
{
    size_t skip_a = order.column < a->length ? order.column : a->length;
    size_t skip_b = order.column < b->length ? order.column : b->length;
    if (order.bytes) return wcscmp(a->text + skip_a, b->text + skip_b);
    DWORD flags = order.case_counts ? SORT_STRINGSORT : SORT_STRINGSORT | NORM_IGNORECASE;
    return CompareStringW(LOCALE_USER_DEFAULT, flags, a->text + skip_a, (int)(a->length - skip_a),
                          b->text + skip_b, (int)(b->length - skip_b)) -
           CSTR_EQUAL;
}

static int by_order(const void *x, const void *y)
{
    const struct sorted_line *a = x, *b = y;
    int result = compare_text(&a->line, &b->line);
    if (result) return order.reverse ? -result : result;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void read_lines(HANDLE handle)
{
    struct lines lines = {.handle = handle};
    struct line line;
    while (lines_next(&lines, &line)) {
        make_room(&all, &capacity, line_count + 1, sizeof *all);
        line.bytes = memcpy(take_memory(line.size), line.bytes, line.size);
        // With its NUL, and those that it may hold.
        size_t text_size = (line.length + 1) * sizeof(WCHAR);
        line.text = memcpy(take_memory(text_size), line.text, text_size);
        all[line_count] = (struct sorted_line){line, line_count};
        line_count++;
    }
    lines_free(&lines);
}

static void write_lines(void)
{
    for (size_t i = 0; i < line_count; i++) {
        if (order.unique && i && compare_text(&all[i - 1].line, &all[i].line) == 0) continue;
        print_line(&all[i].line);
    }
}

static int fail(const WCHAR *message)
{
    complain(L"%s\r\n", message);
    return 1;
}

// What keeps a file from being opened, on two lines.
static int fail_file(const WCHAR *path)
{
    DWORD error = GetLastError();
    complain(L"%s\r\n%s\r\n", path, error_text(error));
    return 1;
}

static int usage(void)
{
    print(L"SORT [/R] [/+n] [/L locale] [/C] [/UNIQUE] [/O output] [input]\r\n\r\n"
          L"  /R  in reverse        /+n  by what stands from the nth character on\r\n"
          L"  /C  case counts       /UNIQUE  of equal lines only the first\r\n"
          L"  /L C  by characters' numbers, not the locale\r\n"
          L"  /O  into this file, which may be the input\r\n");
    return 0;
}

static bool is_begin_of(const WCHAR *word, const WCHAR *name)
{
    return *word && _wcsnicmp(word, name, wcslen(word)) == 0;
}

struct files {
    const WCHAR *input, *output;
};

// The number of words that a switch takes; 0 when it is none.
static int take_switch(const WCHAR *word, const WCHAR *next, struct files *files)
{
    if (word[1] == '+') {
        long column = wcstol(word + 2, NULL, 10);
        order.column = column > 0 ? (size_t)column - 1 : 0;
        return column > 0;
    }
    if (is_begin_of(word + 1, L"reverse"))
        order.reverse = true;
    else if (is_begin_of(word + 1, L"case_sensitive"))
        order.case_counts = true;
    else if (is_begin_of(word + 1, L"unique"))
        order.unique = true;
    else if (next && is_begin_of(word + 1, L"locale"))
        return order.bytes = _wcsicmp(next, L"C") == 0, 2;
    else if (next && is_begin_of(word + 1, L"output"))
        return files->output = next, 2;
    // How much memory, how long a record, where to keep what is in between: all goes into memory here.
    else if (next && (is_begin_of(word + 1, L"memory") || is_begin_of(word + 1, L"record_maximum") ||
                      is_begin_of(word + 1, L"temporary")))
        return 2;
    else
        return 0;
    return 1;
}

int wmain(int count, WCHAR **words)
{
    struct files files = {};
    for (int taken, i = 1; i < count; i += taken) {
        taken = 1;
        if (wcscmp(words[i], L"/?") == 0) return usage();
        if (words[i][0] == '/')
            taken = take_switch(words[i], i + 1 < count ? words[i + 1] : NULL, &files);
        else if (!files.input)
            files.input = words[i];
        else
            return fail(L"Input file specified two times.");
        if (!taken) return fail(L"Invalid switch.");
    }
    HANDLE input = open_for_reading(files.input);
    if (input == INVALID_HANDLE_VALUE) return fail_file(files.input);
    read_lines(input);
    qsort(all, line_count, sizeof *all, by_order);
    if (files.output) {
        HANDLE output = CreateFileW(files.output, GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS,
                                    FILE_ATTRIBUTE_NORMAL, NULL);
        if (output == INVALID_HANDLE_VALUE) return fail_file(files.output);
        SetStdHandle(STD_OUTPUT_HANDLE, output);
    }
    write_lines();
    return 0;
}
