// Lists of processes, and what filters say about them.
#include "process_list.h"
#include "process_details.h"
#include <psapi.h>
#include <stdlib.h>
#include <tlhelp32.h>
#include <wchar.h>

static ULONGLONG memory_of(DWORD id)
{
    PROCESS_MEMORY_COUNTERS counters = {.cb = sizeof counters};
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_VM_READ, FALSE, id);
    if (!process) return 0;
    if (!K32GetProcessMemoryInfo(process, &counters, sizeof counters)) counters.WorkingSetSize = 0;
    CloseHandle(process);
    return counters.WorkingSetSize / 1024;
}

struct process *list_processes(size_t *count)
{
    PROCESSENTRY32W entry = {.dwSize = sizeof entry};
    struct process *list = NULL;
    size_t capacity = 0;
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    *count = 0;
    if (snapshot == INVALID_HANDLE_VALUE) return NULL;
    for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
        make_room(&list, &capacity, *count + 1, sizeof *list);
        struct process *process = &list[(*count)++];
        *process = (struct process){.id = entry.th32ProcessID, .parent = entry.th32ParentProcessID};
        wcscpy(process->name, entry.szExeFile);
        process->kilobytes = memory_of(process->id);
        ProcessIdToSessionId(process->id, &process->session);
    }
    CloseHandle(snapshot);
    return list;
}

bool process_named(const struct process *process, const WCHAR *pattern)
{
    return text_named(process->name, wcslen(process->name), pattern);
}

static int index_of(const WCHAR *const *names, int count, const WCHAR *name)
{
    for (int i = 0; i < count; i++)
        if (_wcsicmp(names[i], name) == 0) return i;
    return -1;
}

// A number, or hours, minutes and seconds.
static bool read_number(const WCHAR *text, bool time, unsigned long *number)
{
    WCHAR *end;
    *number = wcstoul(text, &end, 10);
    for (int i = 0; time && i < 2; i++) {
        if (*end != ':') return false;
        *number = *number * 60 + wcstoul(end + 1, &end, 10);
    }
    return !*end;
}

bool filter_parse(const WCHAR *text, struct filter *filter)
{
    static const WCHAR *const fields[] = {L"PID",    L"MEMUSAGE", L"SESSION",     L"CPUTIME",  L"IMAGENAME",
                                          L"STATUS", L"USERNAME", L"WINDOWTITLE", L"SERVICES", L"MODULES"};
    static const WCHAR *const comparisons[] = {L"eq", L"ne", L"gt", L"lt", L"ge", L"le"};
    WCHAR *copy = copy_text(text), *state;
    const WCHAR *field = wcstok_s(copy, L" ", &state), *comparison = wcstok_s(NULL, L" ", &state);
    const WCHAR *value = wcstok_s(NULL, L"", &state);
    if (!value) return false;
    int which = index_of(fields, ARRAYSIZE(fields), field);
    int how = index_of(comparisons, ARRAYSIZE(comparisons), comparison);
    value += wcsspn(value, L" ");
    if (which < 0 || how < 0 || !*value) return false;
    *filter = (struct filter){which, how, copy_text(value), 0};
    free(copy);
    if (which >= FILTER_NAME) return how <= COMPARE_UNEQUAL;
    return read_number(filter->text, which == FILTER_TIME, &filter->number);
}

// Whether a text of a process is the filter's, or one of a list; frees it.
static bool text_passes(const struct filter *filter, WCHAR *text, bool list)
{
    bool equal = list ? list_has(text, filter->text) : text_named(text, wcslen(text), filter->text);
    free(text);
    return equal == (filter->compare == COMPARE_EQUAL);
}

// Users may be named without their domain.
static bool user_passes(const struct filter *filter, WCHAR *user)
{
    const WCHAR *name = wcschr(user, '\\');
    WCHAR *text = copy_text(name && !wcschr(filter->text, '\\') ? name + 1 : user);
    free(user);
    return text_passes(filter, text, false);
}

static bool number_passes(const struct filter *filter, ULONGLONG number)
{
    switch (filter->compare) {
    case COMPARE_EQUAL: return number == filter->number;
    case COMPARE_UNEQUAL: return number != filter->number;
    case COMPARE_GREATER: return number > filter->number;
    case COMPARE_LESS: return number < filter->number;
    case COMPARE_AT_LEAST: return number >= filter->number;
    default: return number <= filter->number;
    }
}

bool filter_passes(const struct filter *filter, const struct process *process)
{
    switch (filter->field) {
    case FILTER_ID: return number_passes(filter, process->id);
    case FILTER_MEMORY: return number_passes(filter, process->kilobytes);
    case FILTER_SESSION: return number_passes(filter, process->session);
    case FILTER_TIME: return number_passes(filter, process_seconds(process->id));
    case FILTER_NAME: return text_passes(filter, copy_text(process->name), false);
    case FILTER_STATUS: return text_passes(filter, copy_text(PROCESS_STATUS), false);
    case FILTER_USER: return user_passes(filter, process_user(process->id));
    case FILTER_TITLE: return text_passes(filter, process_title(process->id), false);
    case FILTER_SERVICES: return text_passes(filter, process_services(process->id), true);
    default: return text_passes(filter, process_modules(process->id), true);
    }
}
