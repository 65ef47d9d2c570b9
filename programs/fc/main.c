// fc.exe: compares two files, line by line or byte by byte.
#include "../shared/file_walk.h"
#include "../shared/lines.h"
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { SAME_STATUS = 0, DIFFERENT_STATUS = 1, ERROR_STATUS = 2 };
enum { LOOK_AHEAD = 100, AGREE = 2 }; // unless /LBn and /n say otherwise

struct options {
    bool binary, text, any_case, numbered, squeeze, brief;
    size_t look_ahead, agree; // how far to look for lines that match again, and how many must
};

// ---- bytes ----

static BYTE *read_all(HANDLE file, size_t *size)
{
    BYTE *bytes = NULL;
    size_t capacity = 0;
    DWORD got;
    *size = 0;
    do {
        make_room(&bytes, &capacity, *size + 65536, 1);
        if (!ReadFile(file, bytes + *size, 65536, &got, NULL)) got = 0;
        *size += got;
    } while (got);
    CloseHandle(file);
    return bytes;
}

static bool compare_bytes(HANDLE file1, const WCHAR *name1, HANDLE file2, const WCHAR *name2)
{
    size_t size1, size2;
    BYTE *bytes1 = read_all(file1, &size1), *bytes2 = read_all(file2, &size2);
    bool same = size1 == size2;
    for (size_t i = 0; i < size1 && i < size2; i++) {
        if (bytes1[i] == bytes2[i]) continue;
        same = false;
        print(L"%08Ix: %02X %02X\r\n", i, bytes1[i], bytes2[i]);
    }
    if (size1 > size2) print(L"FC: %s longer than %s\r\n\r\n", name1, name2);
    if (size1 < size2) print(L"FC: %s longer than %s\r\n\r\n", name2, name1);
    free(bytes1);
    free(bytes2);
    return same;
}

// ---- lines ----

struct file {
    const WCHAR *name;
    WCHAR **lines; // as they are shown
    size_t count, capacity;
};

static void read_lines(struct file *file, HANDLE handle)
{
    struct lines lines = {.handle = handle};
    struct line line;
    while (lines_next(&lines, &line)) {
        make_room(&file->lines, &file->capacity, file->count + 1, sizeof *file->lines);
        file->lines[file->count++] = copy_text(line.text);
    }
    lines_free(&lines);
}

// The next character of a line that counts, with blanks pressed together and left out at both ends for /W.
static WCHAR next_character(const struct options *options, const WCHAR **p, bool first)
{
    if (options->squeeze && wcschr(L" \t", **p) && **p) {
        *p += wcsspn(*p, L" \t");
        if (!first && **p) return ' ';
    }
    WCHAR c = **p;
    if (c) ++*p;
    return options->any_case ? towupper(c) : c;
}

static bool same_line(const struct options *options, const WCHAR *a, const WCHAR *b)
{
    for (bool first = true;; first = false) {
        WCHAR x = next_character(options, &a, first), y = next_character(options, &b, first);
        if (x != y) return false;
        if (!x) return true;
    }
}

// Whether as many lines match from both places on as it takes, or all up to both ends.
static bool agree(const struct options *options, const struct file *a, size_t i, const struct file *b,
                  size_t j)
{
    for (size_t n = 0; n < options->agree; n++, i++, j++) {
        if (i == a->count && j == b->count) return true;
        if (i >= a->count || j >= b->count || !same_line(options, a->lines[i], b->lines[j])) return false;
    }
    return true;
}

// Looks for the nearest places where both files agree again. False when there are none near enough.
static bool find_agreement(const struct options *options, const struct file *a, size_t *i,
                           const struct file *b, size_t *j)
{
    for (size_t sum = 1; sum <= 2 * options->look_ahead; sum++) {
        for (size_t skip = 0; skip <= sum; skip++) {
            size_t x = *i + skip, y = *j + sum - skip;
            if (x > a->count || y > b->count || !agree(options, a, x, b, y)) continue;
            *i = x;
            *j = y;
            return true;
        }
    }
    return false;
}

// Lines from FROM up to TO, the last of which matches again; with /A only the first and the last.
static void show_part(const struct options *options, const struct file *file, size_t from, size_t to)
{
    print(L"***** %s\r\n", file->name);
    for (size_t i = from; i < to && i < file->count; i++) {
        if (options->brief && i > from && i + 1 < to) {
            if (i == from + 1) print(L"...\r\n");
            continue;
        }
        if (options->numbered) print(L"%5Iu:  ", i + 1);
        print(L"%s\r\n", file->lines[i]);
    }
}

static bool compare_lines(const struct options *options, const struct file *a, const struct file *b)
{
    size_t i = 0, j = 0;
    bool same = true;
    while (i < a->count || j < b->count) {
        if (i < a->count && j < b->count && same_line(options, a->lines[i], b->lines[j])) {
            i++, j++;
            continue;
        }
        // The line before is shown too, as the last that matched.
        size_t from_i = i ? i - 1 : 0, from_j = j ? j - 1 : 0;
        same = false;
        if (!find_agreement(options, a, &i, b, &j)) {
            print(L"Resync Failed.  Files are too different.\r\n");
            i = a->count, j = b->count;
        }
        show_part(options, a, from_i, i + 1);
        show_part(options, b, from_j, j + 1);
        print(L"*****\r\n\r\n");
    }
    return same;
}

// ---- the command line ----

static bool is_binary_name(const WCHAR *name)
{
    static const WCHAR *const endings[] = {L".exe", L".com", L".sys", L".obj", L".lib", L".bin"};
    const WCHAR *dot = wcsrchr(name, '.');
    for (size_t i = 0; dot && i < ARRAYSIZE(endings); i++)
        if (_wcsicmp(dot, endings[i]) == 0) return true;
    return false;
}

static HANDLE open_or_complain(const WCHAR *name)
{
    HANDLE file = open_for_reading(name);
    if (file == INVALID_HANDLE_VALUE) complain(L"FC: cannot open %s - No such file or folder\r\n\r\n", name);
    return file;
}

static int compare(const struct options *options, const WCHAR *name1, const WCHAR *name2)
{
    struct file a = {.name = name1}, b = {.name = name2};
    bool same;
    HANDLE file1 = open_or_complain(name1);
    if (file1 == INVALID_HANDLE_VALUE) return ERROR_STATUS;
    HANDLE file2 = open_or_complain(name2);
    if (file2 == INVALID_HANDLE_VALUE) return ERROR_STATUS;
    print(L"Comparing files %s and %s\r\n", name1, name2);
    if (options->binary || (!options->text && is_binary_name(name1))) {
        same = compare_bytes(file1, name1, file2, name2);
    } else {
        read_lines(&a, file1);
        read_lines(&b, file2);
        same = compare_lines(options, &a, &b);
    }
    if (same) print(L"FC: no differences encountered\r\n\r\n");
    return same ? SAME_STATUS : DIFFERENT_STATUS;
}

static bool take_switch(struct options *options, const WCHAR *word)
{
    if (_wcsnicmp(word + 1, L"lb", 2) == 0) return (options->look_ahead = wcstoul(word + 3, NULL, 10)) > 0;
    if (iswdigit(word[1])) return (options->agree = wcstoul(word + 1, NULL, 10)) > 0;
    for (const WCHAR *p = word + 1; *p; p++) {
        switch (towlower(*p)) {
        case '/': break;
        case 'a': options->brief = true; break;
        case 'b': options->binary = true; break;
        case 'c': options->any_case = true; break;
        case 'l': options->text = true; break;
        case 'n': options->numbered = true; break;
        case 't': // tabs are compared as they are anyway
        case 'u': break;
        case 'w': options->squeeze = true; break;
        default: return false;
        }
    }
    return true;
}

static int usage(void)
{
    print(L"FC [/A] [/C] [/L] [/LBn] [/N] [/U] [/W] [/n] file1 file2\r\nFC /B file1 file2\r\n\r\n"
          L"  /B  byte by byte        /L  line by line     /C  case does not count    /W  nor do blanks\r\n"
          L"  /N  numbers of lines    /A  only the first and last line of a difference\r\n"
          L"  /LBn  look n lines ahead for lines that match again    /n  so many must\r\n");
    return SAME_STATUS;
}

int wmain(int count, WCHAR **words)
{
    struct options options = {.look_ahead = LOOK_AHEAD, .agree = AGREE};
    WCHAR *names[2];
    int given = 0;
    for (int i = 1; i < count; i++) {
        if (wcscmp(words[i], L"/?") == 0) return usage();
        if (words[i][0] != '/' && given < 2) {
            names[given++] = words[i];
        } else if (words[i][0] != '/' || !take_switch(&options, words[i])) {
            complain(L"FC: Invalid Switch\r\n");
            return ERROR_STATUS;
        }
    }
    if (given < 2) {
        complain(L"FC: Insufficient number of file specifications\r\n\r\n");
        return ERROR_STATUS;
    }
    // A directory stands for the file of the other's name in it.
    if (is_directory(names[1])) names[1] = join_file(names[1], names[0] + directory_part(names[0]));
    names[1] = _wcsupr(copy_text(names[1])); // as Windows shows it
    return compare(&options, names[0], names[1]);
}
