// Environment variables, dynamic ones, and copies of the whole environment.
#include "variables.h"
#include "clock.h"
#include "output.h"
#include "shell.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

WCHAR *current_directory(void)
{
    DWORD size = GetCurrentDirectoryW(0, NULL);
    WCHAR *directory = region_take((size + 1) * sizeof(WCHAR));
    GetCurrentDirectoryW(size, directory);
    return directory;
}

static WCHAR *number_text(int value)
{
    WCHAR text[16];
    _snwprintf(text, ARRAYSIZE(text), L"%d", value);
    return region_copy(text, wcslen(text));
}

// The variables that are computed, where the environment has none of that name.
static const WCHAR *dynamic_value(const WCHAR *name)
{
    static bool seeded;
    if (!shell.extensions) return NULL;
    if (same_text(name, L"CD")) return current_directory();
    if (same_text(name, L"DATE")) return clock_date();
    if (same_text(name, L"TIME")) return clock_time();
    if (same_text(name, L"ERRORLEVEL")) return number_text(shell.errorlevel);
    if (same_text(name, L"CMDEXTVERSION")) return L"2";
    if (same_text(name, L"CMDCMDLINE")) return shell.command_line;
    if (same_text(name, L"HIGHESTNUMANODENUMBER")) return L"0";
    if (same_text(name, L"RANDOM")) {
        if (!seeded) srand(GetTickCount() ^ (GetCurrentProcessId() << 12));
        seeded = true;
        return number_text(rand() & 0x7fff);
    }
    return NULL;
}

const WCHAR *variable_get(const WCHAR *name, size_t length)
{
    WCHAR *copy = region_copy(name, length);
    if (!length) return NULL;
    for (DWORD size = 256;;) {
        WCHAR *value = region_take(size * sizeof(WCHAR));
        SetLastError(ERROR_SUCCESS);
        DWORD needed = GetEnvironmentVariableW(copy, value, size);
        if (!needed && GetLastError() == ERROR_ENVVAR_NOT_FOUND) return dynamic_value(copy);
        if (needed < size) return value;
        size = needed;
    }
}

bool variable_set(const WCHAR *name, const WCHAR *value)
{
    if (SetEnvironmentVariableW(name, value && *value ? value : NULL)) return true;
    // Removing what isn't there is no error.
    return (!value || !*value) && GetLastError() == ERROR_ENVVAR_NOT_FOUND;
}

struct environment_copy {
    size_t length; // in characters, with both NULs
    WCHAR block[];
};

struct environment_copy *environment_save(void)
{
    WCHAR *block = GetEnvironmentStringsW();
    size_t length = 0;
    while (block && block[length]) length += wcslen(block + length) + 1;
    struct environment_copy *copy = heap_take(sizeof(*copy) + (length + 1) * sizeof(WCHAR));
    if (length) memcpy(copy->block, block, length * sizeof(WCHAR));
    copy->length = length + 1;
    if (block) FreeEnvironmentStringsW(block);
    return copy;
}

// The length of an entry's name; the first character may be '=' (the drives' directories).
static size_t name_length(const WCHAR *entry)
{
    const WCHAR *equals = *entry ? wcschr(entry + 1, '=') : NULL;
    return equals ? (size_t)(equals - entry) : wcslen(entry);
}

static const WCHAR *find_entry(const struct environment_copy *copy, const WCHAR *name, size_t length)
{
    for (const WCHAR *entry = copy->block; *entry; entry += wcslen(entry) + 1)
        if (name_length(entry) == length && _wcsnicmp(entry, name, length) == 0) return entry + length + 1;
    return NULL;
}

void environment_restore(struct environment_copy *copy)
{
    struct mark mark = region_mark();
    struct environment_copy *now = environment_save();
    for (const WCHAR *entry = now->block; *entry; entry += wcslen(entry) + 1) {
        size_t length = name_length(entry);
        if (!find_entry(copy, entry, length)) SetEnvironmentVariableW(region_copy(entry, length), NULL);
    }
    for (const WCHAR *entry = copy->block; *entry; entry += wcslen(entry) + 1) {
        size_t length = name_length(entry);
        const WCHAR *old = find_entry(now, entry, length), *value = entry + length;
        if (*value == '=') value++;
        if (!old || wcscmp(old, value) != 0) SetEnvironmentVariableW(region_copy(entry, length), value);
    }
    free(now);
    free(copy);
    region_release(mark);
}
