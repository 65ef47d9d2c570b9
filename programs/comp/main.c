// comp.exe: compares files byte by byte.
#include "../shared/file_walk.h"
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { MISMATCHES_MAX = 10, SAME_STATUS = 0, DIFFERENT_STATUS = 1, ERROR_STATUS = 2 };

struct options {
    bool decimal, characters, line_numbers, ignore_case, no_question;
    unsigned lines;     // /N: only so many; 0: all
    const WCHAR *other; // the second file or directory
    int status;
};

static FILE *open_file(struct options *options, const WCHAR *path)
{
    FILE *file = is_directory(path) ? NULL : _wfopen(path, L"rb");
    if (!file) {
        complain(L"Can't find/open file: %s\r\n", path);
        options->status = ERROR_STATUS;
    }
    return file;
}

static void show_byte(const struct options *options, int number, int byte)
{
    print(options->characters ? L"file%d = %c\r\n"
          : options->decimal  ? L"file%d = %d\r\n"
                              : L"file%d = %X\r\n",
          number, byte);
}

static void show_mismatch(const struct options *options, unsigned long line, unsigned long offset, int a,
                          int b)
{
    if (options->line_numbers)
        print(L"Compare error at LINE %lu\r\n", line);
    else
        print(options->decimal ? L"Compare error at OFFSET %lu\r\n" : L"Compare error at OFFSET %lX\r\n",
              offset);
    show_byte(options, 1, a);
    show_byte(options, 2, b);
}

static int folded(const struct options *options, int byte)
{
    return options->ignore_case && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
}

// True when the contents are the same, as far as they are to be compared.
static bool compare_contents(const struct options *options, FILE *a, FILE *b)
{
    unsigned long line = 1, offset = 0;
    int mismatches = 0, x, y;
    for (; (x = getc(a)) != EOF && (y = getc(b)) != EOF; offset++) {
        if (folded(options, x) != folded(options, y)) {
            show_mismatch(options, line, offset, x, y);
            if (++mismatches == MISMATCHES_MAX) {
                print(L"%d Mismatches - ending compare\r\n", MISMATCHES_MAX);
                return false;
            }
        }
        if (x == '\n' && ++line > options->lines && options->lines) break;
    }
    return !mismatches;
}

static void compare_files(struct options *options, const WCHAR *first, const WCHAR *second)
{
    print(L"Comparing %s and %s...\r\n", first, second);
    FILE *a = open_file(options, first), *b = a ? open_file(options, second) : NULL;
    bool same = false;
    if (b && !options->lines && _filelengthi64(_fileno(a)) != _filelengthi64(_fileno(b)))
        print(L"Files are different sizes.\r\n");
    else if (b)
        same = compare_contents(options, a, b);
    if (same) print(L"Files compare OK\r\n");
    if (b && !same && options->status < DIFFERENT_STATUS) options->status = DIFFERENT_STATUS;
    print(L"\r\n");
    if (a) fclose(a);
    if (b) fclose(b);
}

// ---- which files ----

// The second file for a first one: the same name in a directory, or a pattern's filled from it.
static WCHAR *partner(const WCHAR *other, const WCHAR *name)
{
    if (is_directory(other)) return join_file(other, name);
    if (!has_wildcards(other)) return copy_text(other);
    size_t prefix = directory_part(other);
    WCHAR *path = take_memory((wcslen(other) + wcslen(name) * 2 + 1) * sizeof(WCHAR)), *to = path;
    wmemcpy(to, other, prefix);
    to += prefix;
    for (const WCHAR *p = other + prefix; *p; p++) {
        if (*p == '*') {
            while (*name && *name != p[1]) *to++ = *name++;
        } else if (*p == '?') {
            if (*name && *name != '.') *to++ = *name++;
        } else {
            *to++ = *p;
            if (*name) name++;
        }
    }
    *to = 0;
    return path;
}

static bool take_file(const WCHAR *path, const WIN32_FIND_DATAW *data, void *context)
{
    struct options *options = context;
    if (data->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) return true;
    WCHAR *second = partner(options->other, data->cFileName);
    compare_files(options, path, second);
    free(second);
    return true;
}

static void compare(struct options *options, const WCHAR *first, const WCHAR *second)
{
    WCHAR *pattern = is_directory(first) ? join_file(first, L"*") : copy_text(first);
    options->other = second;
    if (walk_files(pattern, false, take_file, options) == 0) {
        complain(L"Can't find/open file: %s\r\n", first);
        options->status = ERROR_STATUS;
    }
    free(pattern);
}

// ---- the command line and questions ----

static bool take_switch(struct options *options, const WCHAR *word)
{
    WCHAR letter = towlower(word[1]);
    if (letter == 'n' && word[2] == '=') {
        options->lines = wcstoul(word + 3, NULL, 10);
        return options->line_numbers = options->lines > 0;
    }
    if (!letter || (word[2] && _wcsnicmp(word, L"/off", 4) != 0)) return false;
    switch (letter) {
    case 'd': return options->decimal = true;
    case 'a': return options->characters = true;
    case 'l': return options->line_numbers = true;
    case 'c': return options->ignore_case = true;
    case 'm': return options->no_question = true;
    case 'o': return true;
    default: return false;
    }
}

static bool ask_name(const WCHAR *question, WCHAR name[MAX_PATH])
{
    print(question);
    return read_answer(name, MAX_PATH) && *name;
}

static bool ask_more(void)
{
    WCHAR answer[8];
    print(L"Compare more files (Y/N) ? ");
    return read_answer(answer, ARRAYSIZE(answer)) && towlower(answer[0]) == 'y';
}

int wmain(int count, WCHAR **words)
{
    struct options options = {};
    const WCHAR *names[2] = {};
    WCHAR first[MAX_PATH], second[MAX_PATH];
    int given = 0;
    for (int i = 1; i < count; i++) {
        if (wcscmp(words[i], L"/?") == 0) {
            print(L"COMP [files1] [files2] [/D] [/A] [/L] [/N=lines] [/C] [/M]\r\n\r\n"
                  L"  /D  decimal numbers   /A  characters       /L  line numbers\r\n"
                  L"  /C  in any case       /N  the first lines  /M  doesn't ask for more files\r\n");
            return SAME_STATUS;
        }
        if (words[i][0] != '/' && given < 2) {
            names[given++] = words[i];
        } else if (words[i][0] != '/' || !take_switch(&options, words[i])) {
            complain(L"Invalid switch - %s\r\n", words[i]);
            return ERROR_STATUS;
        }
    }
    do {
        if (!names[0] && !ask_name(L"Name of first file to compare: ", first)) return ERROR_STATUS;
        if (!names[1] && !ask_name(L"Name of second file to compare: ", second)) return ERROR_STATUS;
        compare(&options, names[0] ? names[0] : first, names[1] ? names[1] : second);
        names[0] = names[1] = NULL;
    } while (!options.no_question && ask_more());
    return options.status;
}
