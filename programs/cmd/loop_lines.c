// FOR /F: lines of files, of a string or of a command's output, taken apart into words.
#include "launch.h"
#include "loop.h"
#include "output.h"
#include <string.h>

enum { TOKENS_MAX = 31, LAST_NAME = 127 };

struct lines_options {
    WCHAR comment; // lines that begin with it are passed over; 0: none
    int skip;
    const WCHAR *separators;
    bool wanted[TOKENS_MAX + 1]; // by number
    int listed;                  // how many numbers were given, each again where they repeat
    bool repeated, rest;         // rest: an asterisk
    bool back_quotes;
};

// ---- options ----

// A token list: numbers and ranges with commas, and an asterisk at its end.
static const WCHAR *read_tokens(struct lines_options *o, const WCHAR *p)
{
    memset(o->wanted, 0, sizeof(o->wanted));
    o->listed = 0;
    o->rest = false;
    for (;;) {
        if (*p == '*') {
            o->rest = true;
            return p + 1;
        }
        WCHAR *end;
        long first = wcstol(p, &end, 0), last = first;
        if (end == p) return NULL;
        if (*end == '-') {
            p = end + 1;
            last = wcstol(p, &end, 0);
            if (end == p) return NULL;
        }
        if (first < 1 || last < 1 || first > TOKENS_MAX || last > TOKENS_MAX) return NULL;
        for (; first <= last; first++, o->listed++) {
            o->repeated |= o->wanted[first];
            o->wanted[first] = true;
        }
        p = end;
        if (*p == ',')
            p++;
        else if (*p != '*')
            return p;
    }
}

// Separators up to a blank, or with the blanks that end all options.
static const WCHAR *read_separators(struct lines_options *o, const WCHAR *p)
{
    const WCHAR *end = p;
    while (*end && !is_blank(*end)) end++;
    if (!*skip_blanks(end)) end += wcslen(end);
    o->separators = region_copy(p, end - p);
    return end;
}

static const WCHAR *read_option(struct lines_options *o, const WCHAR *p)
{
    WCHAR *end;
    if (_wcsnicmp(p, L"eol=", 4) == 0) {
        o->comment = p[4];
        return p[4] ? p + 5 : p + 4;
    }
    if (_wcsnicmp(p, L"skip=", 5) == 0) {
        o->skip = wcstol(p + 5, &end, 0);
        return end == p + 5 || o->skip <= 0 ? NULL : end;
    }
    if (_wcsnicmp(p, L"delims=", 7) == 0) return read_separators(o, p + 7);
    if (_wcsnicmp(p, L"tokens=", 7) == 0) return read_tokens(o, p + 7);
    if (_wcsnicmp(p, L"usebackq", 8) == 0) {
        o->back_quotes = true;
        return p + 8;
    }
    return NULL;
}

// Without the quotation marks around it; one inside may be a separator.
static const WCHAR *without_marks(const WCHAR *text)
{
    size_t length = wcslen(text);
    if (*text != '"') return text;
    return region_copy(text + 1, length > 1 && text[length - 1] == '"' ? length - 2 : length - 1);
}

static bool read_options(struct lines_options *o, const WCHAR *text)
{
    *o = (struct lines_options){.comment = ';', .separators = L" \t", .listed = 1};
    o->wanted[1] = true;
    if (!text) return true;
    const WCHAR *p = without_marks(text);
    for (p = skip_blanks(p); *p; p = skip_blanks(p)) {
        const WCHAR *behind = read_option(o, p);
        if (!behind) {
            complain(L"%s was unexpected at this time.", p);
            return false;
        }
        p = behind;
    }
    return true;
}

// ---- a line ----

static const WCHAR *skip_of(const WCHAR *p, const WCHAR *separators)
{
    return p + wcsspn(p, separators);
}

// Sets the variables to the words of a line; false if it has not even the first that is wanted.
static bool take_apart(struct loop *loop, const struct lines_options *o, const WCHAR *line)
{
    int count = o->listed + o->rest, next = 0, number = 1, last = 0;
    bool any = false;
    for (int i = 1; i <= TOKENS_MAX; i++)
        if (o->wanted[i]) last = i;
    for (int i = 0; i < LOOP_VARIABLES; i++)
        loop->variables[i].value = i < count && loop->variables[i].name <= LAST_NAME ? L"" : NULL;
    const WCHAR *p = skip_of(line, o->separators);
    for (; *p && number <= last; number++) {
        size_t length = wcscspn(p, o->separators);
        if (o->wanted[number] && next < LOOP_VARIABLES) {
            any = true;
            if (loop->variables[next].value) loop->variables[next].value = region_copy(p, length);
            next++;
        }
        p = skip_of(p + length, o->separators);
    }
    if (!o->rest || (last && !any)) return any;
    if (!o->repeated && next < LOOP_VARIABLES && loop->variables[next].value) loop->variables[next].value = p;
    return any || *p;
}

static bool run_line(struct loop *loop, const struct lines_options *o, const WCHAR *line)
{
    struct mark mark = region_mark();
    bool more = true;
    if (*line && (!o->comment || *line != o->comment) && take_apart(loop, o, line)) more = loop_run(loop);
    region_release(mark);
    return more;
}

// Lines of a text, which is cut up. A line that a NUL interrupts ends it.
static bool run_text(struct loop *loop, const struct lines_options *o, WCHAR *text)
{
    int skip = o->skip;
    while (*text) {
        WCHAR *newline = wcschr(text, '\n'), *next = newline ? newline + 1 : text + wcslen(text);
        if (newline) {
            *newline = 0;
            if (newline > text && newline[-1] == '\r') newline[-1] = 0;
        }
        if (skip > 0)
            skip--;
        else if (!run_line(loop, o, text))
            return false;
        text = next;
    }
    return true;
}

// ---- where the text comes from ----

// All that a handle gives, as text in the region.
static WCHAR *read_all(HANDLE handle)
{
    size_t size = 0, capacity = 16 * 1024;
    char *bytes = region_take(capacity);
    DWORD got;
    while (ReadFile(handle, bytes + size, (DWORD)(capacity - size), &got, NULL) && got) {
        size += got;
        if (size < capacity) continue;
        char *bigger = region_take(capacity *= 2);
        memcpy(bigger, bytes, size);
        bytes = bigger;
    }
    char *end = memchr(bytes, 0x1a, size);
    if (end) size = end - bytes;
    end = memchr(bytes, 0, size);
    if (end)
        for (size = end - bytes; size && bytes[size - 1] != '\n'; size--) {
        }
    return decode_bytes(bytes, size);
}

static bool run_file(struct loop *loop, const struct lines_options *o, const WCHAR *name)
{
    HANDLE file = CreateFileW(name, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                              NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        complain(L"The system cannot find the file %s.", name);
        loop->result = shell.errorlevel = 1;
        return false;
    }
    WCHAR *text = read_all(file);
    CloseHandle(file);
    return run_text(loop, o, text);
}

static void run_output(struct loop *loop, const struct lines_options *o, const WCHAR *command)
{
    HANDLE ours, theirs;
    struct text line = {};
    text_add(&line, '"');
    text_add_string(&line, own_path());
    text_add_string(&line, L"\" /C ");
    text_add_string(&line, command);
    if (!CreatePipe(&ours, &theirs, NULL, 0)) {
        complain_error(GetLastError());
        return;
    }
    HANDLE standard[3] = {shell.handles[0], theirs, shell.handles[2]};
    HANDLE process = start_process(own_path(), line.data, standard, 0, NULL);
    CloseHandle(theirs);
    if (!process) complain_error(GetLastError());
    WCHAR *text = process ? read_all(ours) : NULL;
    CloseHandle(ours);
    if (!process) return;
    shell.errorlevel = wait_for(process);
    run_text(loop, o, text);
}

// The set without its quotation mark at both ends; false if it isn't quoted that way.
static bool quoted_by(const WCHAR *set, WCHAR mark, WCHAR **inside)
{
    size_t length = wcslen(set);
    while (length && is_blank(set[length - 1])) length--;
    if (length < 2 || set[0] != mark || set[length - 1] != mark) return false;
    *inside = region_copy(set + 1, length - 2);
    return true;
}

void loop_lines(struct loop *loop, const struct for_clause *clause, const WCHAR *set)
{
    struct lines_options o;
    WCHAR *inside;
    if (!read_options(&o, clause->option)) {
        loop->result = 1;
        return;
    }
    set = skip_blanks(set);
    if (quoted_by(set, o.back_quotes ? '`' : '\'', &inside)) {
        run_output(loop, &o, inside);
    } else if (quoted_by(set, o.back_quotes ? '\'' : '"', &inside)) {
        run_text(loop, &o, inside);
    } else {
        for (WCHAR *word; (word = next_word(&set));)
            if (!run_file(loop, &o, strip_quotes(word))) return;
    }
}
