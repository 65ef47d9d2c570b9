// taskkill.exe: ends processes by number, name or filter.
#include "../shared/process_list.h"
#include <stdlib.h>
#include <wchar.h>

enum { SUCCESS_STATUS = 0, ERROR_STATUS = 1, NOT_FOUND_STATUS = 128, WANTED = 64 };

struct options {
    const WCHAR *names[WANTED], *ids[WANTED];
    struct filter filters[WANTED];
    int name_count, id_count, filter_count;
    bool force, tree;
};

static int fail(const WCHAR *message)
{
    complain(L"ERROR: %s\r\nType \"TASKKILL /?\" for usage.\r\n", message);
    return ERROR_STATUS;
}

static void could_not(const struct process *process, const WCHAR *reason)
{
    complain(L"ERROR: The process with PID %lu could not be terminated.\r\nReason: %s\r\n", process->id,
             reason);
}

// ---- ending one ----

struct closing {
    DWORD id;
    bool any;
};

static BOOL CALLBACK close_window(HWND window, LPARAM context)
{
    struct closing *closing = (struct closing *)context;
    DWORD id;
    GetWindowThreadProcessId(window, &id);
    if (id == closing->id) closing->any |= PostMessageW(window, WM_CLOSE, 0, 0) != 0;
    return TRUE;
}

// Without force a program's windows are asked to close.
static bool ask_to_close(const struct process *process)
{
    struct closing closing = {process->id, false};
    EnumWindows(close_window, (LPARAM)&closing);
    if (!closing.any) {
        could_not(process, L"This process can only be terminated forcefully (with /F option).");
        return false;
    }
    print(L"SUCCESS: Sent termination signal to the process \"%s\" with PID %lu.\r\n", process->name,
          process->id);
    return true;
}

static bool end_process(const struct process *process, bool named)
{
    HANDLE handle = OpenProcess(PROCESS_TERMINATE, FALSE, process->id);
    bool ended = handle && TerminateProcess(handle, 1);
    if (!ended)
        could_not(process, error_text(GetLastError()));
    else if (named)
        print(L"SUCCESS: The process \"%s\" with PID %lu has been terminated.\r\n", process->name,
              process->id);
    else
        print(L"SUCCESS: The process with PID %lu has been terminated.\r\n", process->id);
    if (handle) CloseHandle(handle);
    return ended;
}

// ---- which ----

struct selection {
    struct process *list;
    size_t count;
    bool *chosen;
};

static void choose_children(struct selection *s, DWORD parent)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->list[i].parent != parent || s->chosen[i] || s->list[i].id == parent) continue;
        s->chosen[i] = true;
        choose_children(s, s->list[i].id);
    }
}

// By name, or by number (in digits).
static bool choose_matching(struct selection *s, const WCHAR *text, bool by_name)
{
    DWORD id = wcstoul(text, NULL, 10);
    bool any = false;
    for (size_t i = 0; i < s->count; i++)
        if (by_name ? process_named(&s->list[i], text) : s->list[i].id == id) any = s->chosen[i] = true;
    if (!any) complain(L"ERROR: The process \"%s\" not found.\r\n", text);
    return any;
}

static bool choose(struct selection *s, const struct options *options)
{
    bool all = true;
    for (int i = 0; i < options->name_count; i++) all &= choose_matching(s, options->names[i], true);
    for (int i = 0; i < options->id_count; i++) all &= choose_matching(s, options->ids[i], false);
    for (size_t n = 0; n < s->count; n++) {
        if (!options->name_count && !options->id_count) s->chosen[n] = true;
        for (int i = 0; i < options->filter_count; i++)
            if (!filter_passes(&options->filters[i], &s->list[n])) s->chosen[n] = false;
    }
    for (size_t n = 0; options->tree && n < s->count; n++)
        if (s->chosen[n]) choose_children(s, s->list[n].id);
    return all;
}

// ---- the command line ----

static bool take_switch(struct options *options, const WCHAR *name, const WCHAR *value, int *taken)
{
    *taken = 1;
    if (_wcsicmp(name, L"f") == 0) return options->force = true;
    if (_wcsicmp(name, L"t") == 0) return options->tree = true;
    *taken = 2;
    if (!value) return false;
    if (_wcsicmp(name, L"im") == 0 && options->name_count < WANTED)
        return options->names[options->name_count++] = value, true;
    if (_wcsicmp(name, L"pid") == 0 && options->id_count < WANTED)
        return options->ids[options->id_count++] = value, true;
    if (_wcsicmp(name, L"fi") == 0 && options->filter_count < WANTED)
        return filter_parse(value, &options->filters[options->filter_count++]);
    return false;
}

int wmain(int count, WCHAR **words)
{
    struct options options = {};
    struct selection s = {};
    for (int taken, i = 1; i < count; i += taken) {
        if (wcscmp(words[i], L"/?") == 0) {
            print(L"TASKKILL [/FI filter] [/PID number | /IM name] [/T] [/F]\r\n\r\n"
                  L"  /IM  by name, which may end with *    /T  what it has started too\r\n"
                  L"  /F   without asking its windows       /FI as TASKLIST /? says\r\n");
            return SUCCESS_STATUS;
        }
        bool is_switch = words[i][0] == '/' || words[i][0] == '-';
        if (!is_switch || !take_switch(&options, words[i] + 1, i + 1 < count ? words[i + 1] : NULL, &taken))
            return fail(L"Invalid argument/option.");
    }
    if (!options.name_count && !options.id_count && !options.filter_count)
        return fail(L"Invalid syntax. Neither /FI nor /PID nor /IM were specified.");
    s.list = list_processes(&s.count);
    s.chosen = take_memory(s.count * sizeof *s.chosen + 1);
    for (size_t i = 0; i < s.count; i++) s.chosen[i] = false;
    int status = choose(&s, &options) ? SUCCESS_STATUS : NOT_FOUND_STATUS;
    bool any = false;
    for (size_t i = 0; i < s.count; i++) {
        if (!s.chosen[i] || s.list[i].id == GetCurrentProcessId()) continue;
        any = true;
        bool done =
            options.force ? end_process(&s.list[i], options.name_count > 0) : ask_to_close(&s.list[i]);
        if (!done) status = ERROR_STATUS;
    }
    if (!any && !status) print(L"INFO: No tasks running with the specified criteria.\r\n");
    return status;
}
