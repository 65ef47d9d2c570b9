// tasklist.exe: the processes there are.
#include "../shared/process_details.h"
#include "../shared/process_list.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { FILTERS = 16 };
enum format { FORMAT_TABLE, FORMAT_LIST, FORMAT_CSV };

enum kind { KIND_PLAIN, KIND_DETAILS, KIND_SERVICES, KIND_MODULES };

struct options {
    enum format format;
    enum kind kind;
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

// ---- columns ----

struct column {
    const WCHAR *name;
    int width; // negative: the text stands at the left
};

enum { COLUMNS_MAX = 9, LIST_WIDTH = 44 };

static const struct column columns[] = {
    {L"Image Name", -25}, {L"PID", 8},        {L"Session Name", -16},
    {L"Session#", 11},    {L"Mem Usage", 12}, {L"Status", -15},
    {L"User Name", -50},  {L"CPU Time", 12},  {L"Window Title", -72},
};
static const struct column services_column = {L"Services", -LIST_WIDTH},
                           modules_column = {L"Modules", -LIST_WIDTH};

// The columns that a way of listing has.
static int choose_columns(const struct options *options, struct column chosen[COLUMNS_MAX])
{
    int count = options->kind == KIND_DETAILS ? 9 : options->kind == KIND_PLAIN ? 5 : 2;
    memcpy(chosen, columns, count * sizeof *columns);
    if (options->kind == KIND_SERVICES) chosen[count++] = services_column;
    if (options->kind == KIND_MODULES) chosen[count++] = modules_column;
    return count;
}

static WCHAR *number_text(unsigned long number)
{
    WCHAR text[16];
    _snwprintf(text, ARRAYSIZE(text), L"%lu", number);
    return copy_text(text);
}

static WCHAR *time_text(DWORD seconds)
{
    WCHAR text[32];
    _snwprintf(text, ARRAYSIZE(text), L"%lu:%02lu:%02lu", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return copy_text(text);
}

static void fill_cells(const struct options *options, const struct process *process,
                       WCHAR *cells[COLUMNS_MAX])
{
    WCHAR memory[64];
    int n = 0;
    memory_text(process->kilobytes, memory, ARRAYSIZE(memory));
    cells[n++] = copy_text(process->name);
    cells[n++] = number_text(process->id);
    if (options->kind == KIND_SERVICES) cells[n++] = process_services(process->id);
    if (options->kind == KIND_MODULES) cells[n++] = process_modules(process->id);
    if (n > 2) return;
    cells[n++] = copy_text(process->session ? L"Console" : L"Services");
    cells[n++] = number_text(process->session);
    cells[n++] = copy_text(memory);
    if (options->kind != KIND_DETAILS) return;
    cells[n++] = copy_text(PROCESS_STATUS);
    cells[n++] = process_user(process->id);
    cells[n++] = time_text(process_seconds(process->id));
    cells[n++] = process_title(process->id);
}

// ---- showing ----

static void show_head(const struct options *options)
{
    struct column chosen[COLUMNS_MAX];
    int count = choose_columns(options, chosen);
    if (options->headless || options->format == FORMAT_LIST) return;
    bool table = options->format == FORMAT_TABLE;
    if (table) print(L"\r\n");
    for (int i = 0; i < count; i++) {
        if (table)
            print(L"%s%*s", i ? L" " : L"", chosen[i].width, chosen[i].name);
        else
            print(L"%s\"%s\"", i ? L"," : L"", chosen[i].name);
    }
    print(L"\r\n");
    for (int i = 0; table && i < count; i++) {
        if (i) print(L" ");
        for (int n = abs(chosen[i].width); n > 0; n--) print(L"=");
    }
    if (table) print(L"\r\n");
}

// A list goes on in further lines, cut where a name begins.
static void show_list_cell(const WCHAR *text)
{
    enum { INDENT = 35 };
    while (wcslen(text) > LIST_WIDTH) {
        int cut = LIST_WIDTH;
        while (cut > 1 && text[cut - 1] != ' ') cut--;
        if (cut == 1) cut = LIST_WIDTH;
        print(L"%.*s\r\n%*s", cut, text, INDENT, L"");
        text += cut;
    }
    print(L"%-*s", LIST_WIDTH, text);
}

static void show_table_row(const struct column *chosen, WCHAR *const *cells, int count)
{
    for (int i = 0; i < count; i++) {
        if (i) print(L" ");
        if (chosen[i].width == -LIST_WIDTH)
            show_list_cell(cells[i]);
        else
            print(L"%*.*s", chosen[i].width, abs(chosen[i].width), cells[i]);
    }
    print(L"\r\n");
}

static void show(const struct options *options, const struct process *process)
{
    struct column chosen[COLUMNS_MAX];
    WCHAR *cells[COLUMNS_MAX];
    int count = choose_columns(options, chosen);
    fill_cells(options, process, cells);
    if (options->format == FORMAT_TABLE) show_table_row(chosen, cells, count);
    if (options->format == FORMAT_LIST) print(L"\r\n");
    for (int i = 0; i < count; i++) {
        if (options->format == FORMAT_CSV) print(L"%s\"%s\"", i ? L"," : L"", cells[i]);
        if (options->format == FORMAT_LIST)
            print(L"%s:%*s%s\r\n", chosen[i].name, 13 - (int)wcslen(chosen[i].name), L"", cells[i]);
        free(cells[i]);
    }
    if (options->format == FORMAT_CSV) print(L"\r\n");
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
            print(L"TASKLIST [/V | /SVC | /M [module]] [/FI filter] [/FO TABLE | LIST | CSV] [/NH]\r\n\r\n"
                  L"  /V  more about each    /SVC  its services    /M  its modules\r\n"
                  L"  A filter is \"field comparison value\": IMAGENAME, PID, MEMUSAGE (in KB), SESSION, "
                  L"CPUTIME\r\n"
                  L"  (hh:mm:ss), STATUS, USERNAME, WINDOWTITLE, SERVICES or MODULES; eq, ne, gt, lt, ge or "
                  L"le.\r\n");
            return 0;
        }
        if (_wcsicmp(name, L"nh") == 0) {
            options.headless = true;
        } else if (_wcsicmp(name, L"v") == 0) {
            options.kind = KIND_DETAILS;
        } else if (_wcsicmp(name, L"svc") == 0) {
            options.kind = KIND_SERVICES;
        } else if (_wcsicmp(name, L"m") == 0) {
            options.kind = KIND_MODULES;
            // A module's name, and only those who have it.
            if (!value || *value == '/') continue;
            if (options.filter_count == FILTERS) return fail(L"The search filter cannot be recognized.");
            options.filters[options.filter_count++] =
                (struct filter){FILTER_MODULES, COMPARE_EQUAL, copy_text(value), 0};
            i++;
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
