// The environment that a program started from the host sees: Windows' own variables, then the host's. And
// what a program of the host's sees that the guest starts.
#include "loader/environment.h"
#include "dlls/ntdll/unix/host_name.h"
#include "dlls/ntdll/unix/prefix.h"
#include "loader/fail.h"
#include "loader/utf16.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { VARIABLES_MAX = 4096, VALUE_MAX = 4096 };

struct variables {
    char **entries; // malloc'd "NAME=VALUE"
    size_t count;
};

static void add_entry(struct variables *list, char *entry)
{
    if (!entry) fail(FAIL_HOST, "no memory for the environment");
    if (list->count == VARIABLES_MAX) {
        free(entry);
        return;
    }
    list->entries[list->count++] = entry;
}

__attribute__((format(printf, 3, 4))) static void add(struct variables *list, const char *name,
                                                      const char *format, ...)
{
    char value[VALUE_MAX];
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    vsnprintf(value, sizeof value, format, arguments);
    __builtin_va_end(arguments);
    char *entry = NULL;
    if (asprintf(&entry, "%s=%s", name, value) < 0) entry = NULL;
    add_entry(list, entry);
}

static size_t name_length(const char *entry)
{
    return strcspn(entry, "=");
}

static bool same_name(const char *a, const char *b)
{
    size_t n = name_length(a);
    return n == name_length(b) && strncasecmp(a, b, n) == 0;
}

// Variables that mean something else on Windows, or are Lowland's own.
static bool stays_outside(const char *entry)
{
    static const char *const names[] = {"PATH",        "TMP",    "TEMP", "TMPDIR",     "SHELL",
                                        "PWD",         "OLDPWD", "_",    "LD_PRELOAD", "LD_LIBRARY_PATH",
                                        "LOWLAND_PATH"};
    size_t n = name_length(entry);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncasecmp(entry, names[i], n) == 0) return true;
    return n == 0 || entry[n] == 0;
}

static void add_windows(struct variables *list)
{
    const char *user = prefix_user(), *path = getenv("LOWLAND_PATH");
    char host[256] = "localhost";
    gethostname(host, sizeof host - 1);
    host[strcspn(host, ".")] = 0;
    for (char *c = host; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c -= 32;
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    add(list, "ALLUSERSPROFILE", "C:\\ProgramData");
    add(list, "APPDATA", "C:\\users\\%s\\AppData\\Roaming", user);
    add(list, "CommonProgramFiles", "C:\\Program Files (x86)\\Common Files");
    add(list, "CommonProgramFiles(x86)", "C:\\Program Files (x86)\\Common Files");
    add(list, "CommonProgramW6432", "C:\\Program Files\\Common Files");
    add(list, "COMPUTERNAME", "%s", host);
    add(list, "ComSpec", "C:\\windows\\system32\\cmd.exe");
    add(list, "HOMEDRIVE", "C:");
    add(list, "HOMEPATH", "\\users\\%s", user);
    add(list, "LOCALAPPDATA", "C:\\users\\%s\\AppData\\Local", user);
    add(list, "NUMBER_OF_PROCESSORS", "%ld", processors);
    add(list, "OS", "Windows_NT");
    add(list, "PATH", "%s%sC:\\windows\\system32;C:\\windows", path ? path : "", path ? ";" : "");
    add(list, "PATHEXT", ".COM;.EXE;.BAT;.CMD;.VBS;.VBE;.JS;.JSE;.WSF;.WSH;.MSC");
    add(list, "PROCESSOR_ARCHITECTURE", "x86");
    add(list, "PROCESSOR_ARCHITEW6432", "AMD64");
    add(list, "ProgramData", "C:\\ProgramData");
    add(list, "ProgramFiles", "C:\\Program Files (x86)");
    add(list, "ProgramFiles(x86)", "C:\\Program Files (x86)");
    add(list, "ProgramW6432", "C:\\Program Files");
    add(list, "PUBLIC", "C:\\users\\Public");
    add(list, "SystemDrive", "C:");
    add(list, "SystemRoot", "C:\\windows");
    add(list, "TEMP", "C:\\users\\%s\\AppData\\Local\\Temp", user);
    add(list, "TMP", "C:\\users\\%s\\AppData\\Local\\Temp", user);
    add(list, "USERDOMAIN", "%s", host);
    add(list, "USERNAME", "%s", user);
    add(list, "USERPROFILE", "C:\\users\\%s", user);
    add(list, "windir", "C:\\windows");
}

static bool has(const struct variables *list, const char *entry)
{
    for (size_t i = 0; i < list->count; i++)
        if (same_name(list->entries[i], entry)) return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    size_t m = name_length(x), n = name_length(y);
    int order = strncasecmp(x, y, m < n ? m : n);
    return order ? order : (m > n) - (m < n);
}

void environment_from_host(struct text16 *block, char *const *host)
{
    struct variables list = {.entries = malloc(VARIABLES_MAX * sizeof *list.entries)};
    if (!list.entries) fail(FAIL_HOST, "no memory for the environment");
    add_windows(&list);
    for (; *host; host++)
        if (!stays_outside(*host) && !has(&list, *host)) add_entry(&list, strdup(*host));
    qsort(list.entries, list.count, sizeof *list.entries, by_name);
    for (size_t i = 0; i < list.count; i++) {
        text16_add_utf8(block, list.entries[i]);
        text16_add_unit(block, 0);
        free(list.entries[i]);
    }
    text16_add_unit(block, 0);
    free(list.entries);
}

// The guest's variables that mean something to the host: neither Windows' own nor those that stayed outside.
static void collect_guest(struct variables *list, const struct text16 *block)
{
    struct variables windows = {.entries = malloc(VARIABLES_MAX * sizeof *windows.entries)};
    if (!windows.entries) fail(FAIL_HOST, "no memory for the environment");
    add_windows(&windows);
    for (size_t at = 0; at < block->length && block->units[at];) {
        size_t n = 0;
        while (at + n < block->length && block->units[at + n]) n++;
        char *entry = malloc(3 * n + 1);
        if (entry) utf16_to_utf8(entry, block->units + at, n);
        if (entry && (stays_outside(entry) || has(&windows, entry)))
            free(entry);
        else
            add_entry(list, entry);
        at += n + 1;
    }
    for (size_t i = 0; i < windows.count; i++) free(windows.entries[i]);
    free(windows.entries);
}

char **environment_for_host(const struct text16 *block, char *const *host)
{
    struct variables list = {.entries = malloc((VARIABLES_MAX + 1) * sizeof *list.entries)};
    struct variables windows = {.entries = malloc(VARIABLES_MAX * sizeof *windows.entries)};
    if (!list.entries || !windows.entries) fail(FAIL_HOST, "no memory for the environment");
    add_windows(&windows);
    collect_guest(&list, block);
    // The guest never saw these: it can neither have changed nor removed them.
    for (; *host; host++)
        if (stays_outside(*host) || has(&windows, *host)) add_entry(&list, strdup(*host));
    for (size_t i = 0; i < windows.count; i++) free(windows.entries[i]);
    free(windows.entries);
    list.entries[list.count] = NULL;
    return list.entries;
}
