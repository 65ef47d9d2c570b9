// Switches of xcopy, which may stand anywhere.
#include "options.h"
#include "../shared/lines.h"
#include <stdlib.h>
#include <wchar.h>

static bool fail(const WCHAR *format, const WCHAR *what)
{
    complain(format, what);
    complain(L"\r\n");
    return false;
}

// M-D-Y, by the local clock's midnight.
static bool take_date(struct options *options, const WCHAR *text)
{
    SYSTEMTIME time = {};
    FILETIME local;
    WCHAR *end;
    time.wMonth = (WORD)wcstol(text, &end, 10);
    if (*end++ != '-') return false;
    time.wDay = (WORD)wcstol(end, &end, 10);
    if (*end++ != '-') return false;
    time.wYear = (WORD)wcstol(end, &end, 10);
    if (time.wYear < 80) time.wYear += 2000;
    options->dated = true;
    return !*end && SystemTimeToFileTime(&time, &local) && LocalFileTimeToFileTime(&local, &options->date);
}

// The lines of files whose names plus signs separate.
static bool take_excluded(struct options *options, const WCHAR *names)
{
    WCHAR *copy = copy_text(names), *state;
    bool good = true;
    for (WCHAR *name = wcstok_s(copy, L"+", &state); name && good; name = wcstok_s(NULL, L"+", &state)) {
        struct lines lines = {.handle = open_for_reading(name)};
        struct line line;
        good = lines.handle != INVALID_HANDLE_VALUE;
        if (!good) fail(L"Can't read file: %s\r\n", name);
        while (good && lines_next(&lines, &line)) {
            if (!line.length) continue;
            make_room(&options->excluded, &options->excluded_capacity, options->excluded_count + 1,
                      sizeof *options->excluded);
            options->excluded[options->excluded_count++] = _wcslwr(copy_text(line.text));
        }
        if (good) lines_free(&lines);
    }
    free(copy);
    return good;
}

static bool take_letter(struct options *options, WCHAR letter)
{
    switch (towlower(letter)) {
    case 's': options->deep = true; return true;
    case 'e': options->deep = options->empty = true; return true;
    case 'i': options->into_directory = true; return true;
    case 'q': options->quiet = true; return true;
    case 'f': options->full_names = true; return true;
    case 'l': options->list_only = true; return true;
    case 'h': options->hidden = true; return true;
    case 'k': options->keep = true; return true;
    case 'r': options->over_read_only = true; return true;
    case 'y': options->always = true; return true;
    case 'p': options->ask_each = true; return true;
    case 'c': options->go_on = true; return true;
    case 'u': options->only_existing = true; return true;
    case 't': options->only_tree = options->deep = true; return true;
    case 'a': options->archived = true; return true;
    case 'm': options->archived = options->clear_archive = true; return true;
    case 'd': options->newer = true; return true;
    // Verifying, short names, restartable and unbuffered copying, owners and audit settings: all copies here
    // are as good with them as without.
    case 'v':
    case 'n':
    case 'z':
    case 'j':
    case 'g':
    case 'b': return true;
    default: return false;
    }
}

// One switch or several, "/s/e/y". False when one is unknown.
static bool take_switches(struct options *options, const WCHAR *word)
{
    for (const WCHAR *p = word + 1; *p; p++) {
        if (*p == '/') continue;
        if (_wcsnicmp(p, L"exclude:", 8) == 0) return take_excluded(options, p + 8);
        if (*p == '-' && towlower(p[1]) == 'y') {
            options->always = false;
            p++;
        } else if (towlower(*p) == 'd' && p[1] == ':') {
            return take_date(options, p + 2) || fail(L"Invalid date\r\n", L"");
        } else if (!take_letter(options, *p)) {
            return fail(L"Invalid switch - %s\r\n", p);
        }
    }
    return true;
}

bool options_take(struct options *options, int count, WCHAR **words)
{
    WCHAR preset[16];
    *options = (struct options){};
    // Batch files overwrite without asking only if they say so; COPYCMD may say it for them.
    if (GetEnvironmentVariableW(L"COPYCMD", preset, ARRAYSIZE(preset)) && _wcsicmp(preset, L"/y") == 0)
        options->always = true;
    for (int i = 1; i < count; i++) {
        if (words[i][0] == '/') {
            if (!take_switches(options, words[i])) return false;
        } else if (!options->source) {
            options->source = words[i];
        } else if (!options->target) {
            options->target = words[i];
        } else {
            return fail(L"Invalid number of parameters", L"");
        }
    }
    if (!options->source) return fail(L"Invalid number of parameters", L"");
    if (!options->target) options->target = L".";
    return true;
}
