// Lists of processes, and what filters say about them.
#include "process_list.h"
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
    size_t length = wcslen(pattern);
    if (length && pattern[length - 1] == '*') return _wcsnicmp(process->name, pattern, length - 1) == 0;
    return _wcsicmp(process->name, pattern) == 0;
}

static int index_of(const WCHAR *const *names, int count, const WCHAR *name)
{
    for (int i = 0; i < count; i++)
        if (_wcsicmp(names[i], name) == 0) return i;
    return -1;
}

bool filter_parse(const WCHAR *text, struct filter *filter)
{
    static const WCHAR *const fields[] = {L"IMAGENAME", L"PID", L"MEMUSAGE", L"SESSION"};
    static const WCHAR *const comparisons[] = {L"eq", L"ne", L"gt", L"lt", L"ge", L"le"};
    WCHAR *copy = copy_text(text), *state, *end;
    const WCHAR *field = wcstok_s(copy, L" ", &state), *comparison = wcstok_s(NULL, L" ", &state);
    const WCHAR *value = wcstok_s(NULL, L"", &state);
    if (!value) return false;
    int which = index_of(fields, ARRAYSIZE(fields), field);
    int how = index_of(comparisons, ARRAYSIZE(comparisons), comparison);
    value += wcsspn(value, L" ");
    if (which < 0 || how < 0 || !*value) return false;
    *filter = (struct filter){which, how, copy_text(value), wcstoul(value, &end, 10)};
    free(copy);
    return which == FILTER_NAME ? how <= COMPARE_UNEQUAL : !*end;
}

bool filter_passes(const struct filter *filter, const struct process *process)
{
    if (filter->field == FILTER_NAME)
        return process_named(process, filter->text) == (filter->compare == COMPARE_EQUAL);
    ULONGLONG number = filter->field == FILTER_ID       ? process->id
                       : filter->field == FILTER_MEMORY ? process->kilobytes
                                                        : process->session;
    switch (filter->compare) {
    case COMPARE_EQUAL: return number == filter->number;
    case COMPARE_UNEQUAL: return number != filter->number;
    case COMPARE_GREATER: return number > filter->number;
    case COMPARE_LESS: return number < filter->number;
    case COMPARE_AT_LEAST: return number >= filter->number;
    default: return number <= filter->number;
    }
}
