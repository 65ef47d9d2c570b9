// tasklist.exe: the processes there are.
#include "../shared/process_list.h"
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

enum { FILTERS = 16 };
enum format { FORMAT_TABLE, FORMAT_LIST, FORMAT_CSV };

struct options {
    enum format format;
    bool headless;
    struct filter filters[FILTERS];
    int filter_count;
};

static int fail(const WCHAR *message)
{
    complain(L"ERROR: %s\r\nType \"TASKLIST /?\" for usage.\r\n", message);
    return 1;
}

static bool take_format(struct options *options, const WCHAR *word)
{
    static const WCHAR *const names[] = {L"table", L"list", L"csv"};
    for (int i = 0; i < (int)ARRAYSIZE(names); i++)
        if (_wcsicmp(word, names[i]) == 0) return options->format = i, true;
    return false;
}

static bool passes(const struct options *options, const struct process *process)
{
    for (int i = 0; i < options->filter_count; i++)
        if (!filter_passes(&options->filters[i], process)) return false;
    return true;
}

// "12,345 K"
static void memory_text(ULONGLONG kilobytes, WCHAR *text, size_t room)
{
    WCHAR digits[32], grouped[48];
    _snwprintf(digits, ARRAYSIZE(digits), L"%I64u", kilobytes);
    size_t length = wcslen(digits), n = 0;
    for (size_t i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0) grouped[n++] = ',';
        grouped[n++] = digits[i];
    }
    grouped[n] = 0;
    _snwprintf(text, room, L"%s K", grouped);
}

static void show_head(const struct options *options)
{
    if (options->headless) return;
    if (options->format == FORMAT_CSV)
        print(L"\"Image Name\",\"PID\",\"Session Name\",\"Session#\",\"Mem Usage\"\r\n");
    if (options->format == FORMAT_TABLE)
        print(L"\r\nImage Name                     PID Session Name        Session#    Mem Usage\r\n"
              L"========================= ======== ================ =========== ============\r\n");
}

static void show(const struct options *options, const struct process *process)
{
    const WCHAR *session = process->session ? L"Console" : L"Services";
    WCHAR memory[64];
    memory_text(process->kilobytes, memory, ARRAYSIZE(memory));
    switch (options->format) {
    case FORMAT_TABLE:
        print(L"%-25.25s %8lu %-16s %11lu %12s\r\n", process->name, process->id, session, process->session,
              memory);
        break;
    case FORMAT_CSV:
        print(L"\"%s\",\"%lu\",\"%s\",\"%lu\",\"%s\"\r\n", process->name, process->id, session,
              process->session, memory);
        break;
    case FORMAT_LIST:
        print(L"\r\nImage Name:   %s\r\nPID:          %lu\r\nSession Name: %s\r\nSession#:     %lu\r\nMem "
              L"Usage:    %s\r\n",
              process->name, process->id, session, process->session, memory);
        break;
    }
}

int wmain(int count, WCHAR **words)
{
    struct options options = {};
    size_t found;
    bool any = false;
    for (int i = 1; i < count; i++) {
        if (words[i][0] != '/' && words[i][0] != '-') return fail(L"Invalid argument/option.");
        const WCHAR *name = words[i] + 1, *value = i + 1 < count ? words[i + 1] : NULL;
        if (wcscmp(name, L"?") == 0) {
            print(
                L"TASKLIST [/FI filter] [/FO TABLE | LIST | CSV] [/NH]\r\n\r\n"
                L"  A filter is \"field comparison value\": IMAGENAME, PID, MEMUSAGE (in KB) or SESSION;\r\n"
                L"  eq, ne, gt, lt, ge or le.\r\n");
            return 0;
        }
        if (_wcsicmp(name, L"nh") == 0) {
            options.headless = true;
        } else if (value && _wcsicmp(name, L"fo") == 0 && take_format(&options, value)) {
            i++;
        } else if (value && _wcsicmp(name, L"fi") == 0) {
            if (options.filter_count == FILTERS ||
                !filter_parse(value, &options.filters[options.filter_count++]))
                return fail(L"The search filter cannot be recognized.");
            i++;
        } else {
            return fail(L"Invalid argument/option.");
        }
    }
    struct process *list = list_processes(&found);
    for (size_t i = 0; i < found; i++) {
        if (!passes(&options, &list[i])) continue;
        if (!any) show_head(&options);
        any = true;
        show(&options, &list[i]);
    }
    if (!any) print(L"INFO: No tasks are running which match the specified criteria.\r\n");
    free(list);
    return 0;
}
