// Parts of file names.
#include "modifiers.h"
#include "clock.h"
#include "variables.h"
#include <stdio.h>

static const WCHAR letters[] = L"fdpnxsatz";

size_t modifiers_length(const WCHAR *text)
{
    size_t n = 0;
    for (;; n++) {
        if (text[n] == '$') {
            size_t end = n + wcscspn(text + n, L":%! \t\n");
            if (text[end] != ':') return n;
            n = end;
        } else if (!text[n] || !wcschr(letters, towlower(text[n]))) {
            return n;
        }
    }
}

static bool has(const WCHAR *modifiers, size_t length, WCHAR letter)
{
    for (size_t i = 0; i < length; i++) {
        if (modifiers[i] == '$')
            while (i < length && modifiers[i] != ':') i++;
        else if (towlower(modifiers[i]) == letter)
            return true;
    }
    return false;
}

static WCHAR *unquoted(const WCHAR *value)
{
    size_t length = wcslen(value);
    if (length && value[0] == '"') value++, length--;
    if (length && value[length - 1] == '"') length--;
    return region_copy(value, length);
}

static WCHAR *path_result(DWORD (*ask)(const WCHAR *, WCHAR *, DWORD), const WCHAR *path)
{
    DWORD size = ask(path, NULL, 0);
    if (!size) return NULL;
    WCHAR *result = region_take((size + 1) * sizeof(WCHAR));
    return ask(path, result, size + 1) ? result : NULL;
}

static DWORD ask_full(const WCHAR *path, WCHAR *result, DWORD size)
{
    return GetFullPathNameW(path, size, result, NULL);
}

static DWORD ask_short(const WCHAR *path, WCHAR *result, DWORD size)
{
    return GetShortPathNameW(path, result, size);
}

// The file in one of the directories that the variable of $VARIABLE: lists, or NULL.
static WCHAR *search_variable(const WCHAR *modifiers, size_t length, const WCHAR *name)
{
    size_t start = 0, end;
    WCHAR *found = region_take(0x8000 * sizeof(WCHAR));
    while (start < length && modifiers[start] != '$') start++;
    for (end = ++start; end < length && modifiers[end] != ':'; end++) {
    }
    const WCHAR *list = variable_get(modifiers + start, end - start);
    return list && SearchPathW(list, name, NULL, 0x8000, found, NULL) ? found : NULL;
}

static void add_field(struct text *out, size_t start, const WCHAR *field)
{
    if (out->length > start) text_add(out, ' ');
    text_add_string(out, field);
}

static void add_attributes(struct text *out, size_t start, DWORD attributes)
{
    static const struct {
        DWORD bit;
        WCHAR letter;
    } bits[] = {
        {FILE_ATTRIBUTE_DIRECTORY, 'd'}, {FILE_ATTRIBUTE_READONLY, 'r'},  {FILE_ATTRIBUTE_ARCHIVE, 'a'},
        {FILE_ATTRIBUTE_HIDDEN, 'h'},    {FILE_ATTRIBUTE_SYSTEM, 's'},    {FILE_ATTRIBUTE_COMPRESSED, 'c'},
        {FILE_ATTRIBUTE_OFFLINE, 'o'},   {FILE_ATTRIBUTE_TEMPORARY, 't'}, {FILE_ATTRIBUTE_REPARSE_POINT, 'l'},
    };
    WCHAR field[ARRAYSIZE(bits) + 1];
    for (size_t i = 0; i < ARRAYSIZE(bits); i++) field[i] = attributes & bits[i].bit ? bits[i].letter : '-';
    field[ARRAYSIZE(bits)] = 0;
    add_field(out, start, field);
}

static void add_properties(struct text *out, size_t start, const WCHAR *modifiers, size_t length,
                           const WCHAR *path)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    WCHAR size[32];
    if (!GetFileAttributesExW(path, GetFileExInfoStandard, &data)) return;
    if (has(modifiers, length, 'a')) add_attributes(out, start, data.dwFileAttributes);
    if (has(modifiers, length, 't')) add_field(out, start, clock_stamp(&data.ftLastWriteTime, L" "));
    if (has(modifiers, length, 'z')) {
        _snwprintf(size, ARRAYSIZE(size), L"%I64u", (ULONGLONG)data.nFileSizeHigh << 32 | data.nFileSizeLow);
        add_field(out, start, size);
    }
}

static void add_path(struct text *out, size_t start, const WCHAR *modifiers, size_t length, const WCHAR *path)
{
    bool drive = has(modifiers, length, 'd'), directory = has(modifiers, length, 'p'),
         name = has(modifiers, length, 'n'), extension = has(modifiers, length, 'x');
    if (has(modifiers, length, 's')) {
        const WCHAR *shorter = path_result(ask_short, path);
        if (shorter) path = shorter;
    }
    if (has(modifiers, length, 'f') ||
        (has(modifiers, length, 's') && !(drive || directory || name || extension)))
        drive = directory = name = extension = true;
    if (!(drive || directory || name || extension)) return;
    const WCHAR *after_drive = path, *last = path, *dot;
    if (path[0] && path[1] == ':') after_drive = last = path + 2;
    for (const WCHAR *p = after_drive; *p; p++)
        if (*p == '\\' || *p == '/') last = p + 1;
    dot = wcsrchr(last, '.');
    if (!dot) dot = last + wcslen(last);
    if (out->length > start) text_add(out, ' ');
    if (drive) text_add_part(out, path, after_drive - path);
    if (directory) text_add_part(out, after_drive, last - after_drive);
    if (name) text_add_part(out, last, dot - last);
    if (extension) text_add_string(out, dot);
}

void modifiers_apply(struct text *out, const WCHAR *modifiers, size_t length, const WCHAR *value)
{
    WCHAR *name = unquoted(value);
    size_t start = out->length;
    bool searched = wmemchr(modifiers, '$', length) != NULL, only_search = false;
    if (!length) {
        text_add_string(out, name);
        return;
    }
    if (!*name) return;
    if (searched) {
        name = search_variable(modifiers, length, name);
        if (!name) return;
        only_search = modifiers[0] == '$' && modifiers[length - 1] == ':';
    } else {
        name = path_result(ask_full, name);
        if (!name) return;
    }
    add_properties(out, start, modifiers, length, name);
    if (only_search)
        text_add_string(out, name);
    else
        add_path(out, start, modifiers, length, name);
}
