// Command templates of file classes: `"C:\viewer.exe" "%1" %*` with a path and parameters filled in. The
// rules are not those of CreateProcess' command lines (shell32's conformance suite, shlexec).
#include "execute.h"
#include <wchar.h>

struct output {
    WCHAR *text;
    size_t used, room;
    bool failed;
};

static void put(struct output *out, const WCHAR *text, size_t length)
{
    if (out->used + length + 1 > out->room && !out->failed) {
        size_t room = (out->used + length + 1) * 2;
        WCHAR *moved = out->text ? HeapReAlloc(GetProcessHeap(), 0, out->text, room * sizeof(WCHAR))
                                 : HeapAlloc(GetProcessHeap(), 0, room * sizeof(WCHAR));
        if (moved) out->text = moved, out->room = room;
        out->failed = !moved;
    }
    if (out->failed) return;
    memcpy(out->text + out->used, text, length * sizeof(WCHAR));
    out->used += length;
    out->text[out->used] = 0;
}

static void put_string(struct output *out, const WCHAR *text)
{
    put(out, text, (size_t)lstrlenW(text));
}

// Takes one parameter; OUT may be NULL. Blanks separate; so does an odd number of quotes outside of quotes,
// and it closes what quotes opened. Two quotes are one. Returns what follows; NULL: there is none, or its
// quotes are never closed.
static const WCHAR *take_parameter(const WCHAR *from, struct output *out)
{
    while (*from == ' ') from++;
    if (!*from) return NULL;
    bool quoted = *from == '"';
    if (quoted) from++;
    while (*from) {
        if (*from == ' ' && !quoted) break;
        if (*from != '"') {
            if (out) put(out, from, 1);
            from++;
            continue;
        }
        int quotes = 0;
        while (from[quotes] == '"') quotes++;
        for (int i = 0; i < quotes / 2; i++)
            if (out) put(out, L"\"", 1);
        from += quotes;
        if (quotes & 1) return from;
    }
    return quoted ? NULL : from;
}

// Where the parameter of number N begins, 2 the first; NULL: there are fewer.
static const WCHAR *find_parameter(const WCHAR *parameters, int n)
{
    const WCHAR *at = parameters;
    for (int i = 2; i < n && at; i++) at = take_parameter(at, NULL);
    return at;
}

static void put_parameter(struct output *out, const WCHAR *parameters, int n)
{
    const WCHAR *at = find_parameter(parameters, n);
    struct output one = {};
    if (at && take_parameter(at, &one) && one.text) put(out, one.text, one.used);
    out->failed |= one.failed;
    if (one.text) HeapFree(GetProcessHeap(), 0, one.text);
}

static void put_number(struct output *out, DWORD value)
{
    WCHAR digits[16];
    _snwprintf(digits, ARRAYSIZE(digits), L"%lu", value);
    put_string(out, digits);
}

// What % and the letter FROM points at stand for. Returns how many units that took.
static size_t put_directive(struct output *out, const WCHAR *from, const struct command_values *values)
{
    switch (*from) {
    case '1':
    case 'l':
    case 'L':
    case 'd':
    case 'D':
    case 'v':
    case 'V': put_string(out, values->path); return 1;
    case 'w':
    case 'W': put_string(out, values->folder); return 1;
    case 's':
    case 'S': put_number(out, (DWORD)values->show); return 1;
    case 'h':
    case 'H': put_number(out, values->hotkey); return 1;
    case '*': put_string(out, values->parameters); return 1;
    case '~':
        if (from[1] >= '2' && from[1] <= '9') {
            const WCHAR *rest = find_parameter(values->parameters, from[1] - '0');
            if (rest) put_string(out, rest);
            return 2;
        }
        put(out, L"%~", 2);
        return 1;
    }
    if (*from >= '2' && *from <= '9') {
        put_parameter(out, values->parameters, *from - '0');
        return 1;
    }
    put(out, from, *from != 0); // an unknown one loses its percent sign
    return *from != 0;
}

WCHAR *command_fill(const WCHAR *template, const struct command_values *values)
{
    struct output out = {};
    put(&out, L"", 0);
    while (*template) {
        const WCHAR *percent = template;
        while (*percent && *percent != '%') percent++;
        put(&out, template, (size_t)(percent - template));
        template = percent;
        if (*template) template += 1 + put_directive(&out, template + 1, values);
    }
    if (!out.failed) return out.text;
    if (out.text) HeapFree(GetProcessHeap(), 0, out.text);
    return NULL;
}
