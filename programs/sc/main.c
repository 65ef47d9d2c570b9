// sc.exe: services, by the service control manager's functions.
#include "../shared/console_text.h"
#include <stdlib.h>
#include <wchar.h>

// What failed, and why; the error is the exit status.
static int fail(const WCHAR *function)
{
    DWORD error = GetLastError();
    print(L"[SC] %s FAILED %lu:\r\n\r\n%s\r\n\r\n", function, error, error_text(error));
    return (int)error;
}

// ---- states ----

static const WCHAR *type_text(DWORD type)
{
    switch (type & ~(DWORD)SERVICE_INTERACTIVE_PROCESS) {
    case SERVICE_KERNEL_DRIVER: return L"KERNEL_DRIVER";
    case SERVICE_FILE_SYSTEM_DRIVER: return L"FILE_SYSTEM_DRIVER";
    case SERVICE_WIN32_OWN_PROCESS: return L"WIN32_OWN_PROCESS";
    case SERVICE_WIN32_SHARE_PROCESS: return L"WIN32_SHARE_PROCESS";
    default: return L"";
    }
}

static const WCHAR *state_text(DWORD state)
{
    static const WCHAR *const texts[] = {L"",        L"STOPPED",          L"START_PENDING", L"STOP_PENDING",
                                         L"RUNNING", L"CONTINUE_PENDING", L"PAUSE_PENDING", L"PAUSED"};
    return state < ARRAYSIZE(texts) ? texts[state] : L"";
}

static void show_state(const WCHAR *name, const WCHAR *display, const SERVICE_STATUS *status, DWORD process)
{
    print(L"\r\nSERVICE_NAME: %s\r\n", name);
    if (display) print(L"DISPLAY_NAME: %s\r\n", display);
    print(L"        TYPE               : %lx  %s  \r\n", status->dwServiceType,
          type_text(status->dwServiceType));
    print(L"        STATE              : %lx  %s \r\n", status->dwCurrentState,
          state_text(status->dwCurrentState));
    print(L"                                (%s, %s, %s)\r\n",
          status->dwControlsAccepted & SERVICE_ACCEPT_STOP ? L"STOPPABLE" : L"NOT_STOPPABLE",
          status->dwControlsAccepted & SERVICE_ACCEPT_PAUSE_CONTINUE ? L"PAUSABLE" : L"NOT_PAUSABLE",
          status->dwControlsAccepted & SERVICE_ACCEPT_SHUTDOWN ? L"ACCEPTS_SHUTDOWN" : L"IGNORES_SHUTDOWN");
    print(L"        WIN32_EXIT_CODE    : %lu  (0x%lx)\r\n", status->dwWin32ExitCode, status->dwWin32ExitCode);
    print(L"        SERVICE_EXIT_CODE  : %lu  (0x%lx)\r\n", status->dwServiceSpecificExitCode,
          status->dwServiceSpecificExitCode);
    print(L"        CHECKPOINT         : 0x%lx\r\n        WAIT_HINT          : 0x%lx\r\n",
          status->dwCheckPoint, status->dwWaitHint);
    if (process != (DWORD)-1)
        print(L"        PID                : %lu\r\n        FLAGS              : \r\n", process);
}

// The parts that both structures have.
static SERVICE_STATUS plain(const SERVICE_STATUS_PROCESS *status)
{
    return (SERVICE_STATUS){status->dwServiceType,
                            status->dwCurrentState,
                            status->dwControlsAccepted,
                            status->dwWin32ExitCode,
                            status->dwServiceSpecificExitCode,
                            status->dwCheckPoint,
                            status->dwWaitHint};
}

// ---- operations on one service ----

struct request {
    SC_HANDLE manager, service;
    const WCHAR *operation, *name;
    WCHAR **words; // behind the name
    int count;
};

static int query_one(const struct request *r)
{
    SERVICE_STATUS_PROCESS status;
    DWORD size;
    if (!QueryServiceStatusEx(r->service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status, &size))
        return fail(L"QueryServiceStatusEx");
    SERVICE_STATUS shown = plain(&status);
    show_state(r->name, NULL, &shown,
               _wcsicmp(r->operation, L"queryex") == 0 ? status.dwProcessId : (DWORD)-1);
    return 0;
}

static int start(const struct request *r)
{
    if (!StartServiceW(r->service, (DWORD)r->count, (const WCHAR **)r->words)) return fail(L"StartService");
    struct request query = *r;
    query.operation = L"queryex";
    return query_one(&query);
}

static int control(const struct request *r)
{
    static const struct {
        const WCHAR *operation;
        DWORD control;
    } controls[] = {
        {L"stop", SERVICE_CONTROL_STOP},
        {L"pause", SERVICE_CONTROL_PAUSE},
        {L"continue", SERVICE_CONTROL_CONTINUE},
        {L"interrogate", SERVICE_CONTROL_INTERROGATE},
    };
    SERVICE_STATUS status;
    DWORD code = r->count ? wcstoul(r->words[0], NULL, 10) : 0; // of CONTROL
    for (size_t i = 0; i < ARRAYSIZE(controls); i++)
        if (_wcsicmp(r->operation, controls[i].operation) == 0) code = controls[i].control;
    if (!ControlService(r->service, code, &status)) return fail(L"ControlService");
    show_state(r->name, NULL, &status, (DWORD)-1);
    return 0;
}

static int delete_service(const struct request *r)
{
    if (!DeleteService(r->service)) return fail(L"DeleteService");
    print(L"[SC] DeleteService SUCCESS\r\n");
    return 0;
}

// ---- configuration ----

struct word_value {
    const WCHAR *word;
    DWORD value;
};

static const struct word_value types[] = {{L"own", SERVICE_WIN32_OWN_PROCESS},
                                          {L"share", SERVICE_WIN32_SHARE_PROCESS},
                                          {L"kernel", SERVICE_KERNEL_DRIVER},
                                          {L"filesys", SERVICE_FILE_SYSTEM_DRIVER},
                                          {NULL, 0}};
static const struct word_value starts[] = {{L"boot", SERVICE_BOOT_START},
                                           {L"system", SERVICE_SYSTEM_START},
                                           {L"auto", SERVICE_AUTO_START},
                                           {L"delayed-auto", SERVICE_AUTO_START},
                                           {L"demand", SERVICE_DEMAND_START},
                                           {L"disabled", SERVICE_DISABLED},
                                           {NULL, 0}};
static const struct word_value errors[] = {{L"ignore", SERVICE_ERROR_IGNORE},
                                           {L"normal", SERVICE_ERROR_NORMAL},
                                           {L"severe", SERVICE_ERROR_SEVERE},
                                           {L"critical", SERVICE_ERROR_CRITICAL},
                                           {NULL, 0}};

struct settings {
    DWORD type, start, error;
    bool delayed; // of a service that starts by itself
    const WCHAR *path, *group, *account, *password, *display;
    WCHAR *depends; // a list with NULs, from one with slashes
};

static bool take_word(const struct word_value *values, const WCHAR *word, DWORD *value)
{
    for (; values->word; values++)
        if (_wcsicmp(values->word, word) == 0) return *value = values->value, true;
    return false;
}

static WCHAR *list_of(const WCHAR *text)
{
    size_t length = wcslen(text);
    WCHAR *list = take_memory((length + 2) * sizeof(WCHAR));
    wcscpy(list, text);
    list[length + 1] = 0;
    for (size_t i = 0; i < length; i++)
        if (list[i] == '/') list[i] = 0;
    return list;
}

static bool take_setting(struct settings *s, const WCHAR *name, const WCHAR *value)
{
    if (_wcsicmp(name, L"type=") == 0) return take_word(types, value, &s->type);
    if (_wcsicmp(name, L"start=") == 0) {
        s->delayed = _wcsicmp(value, L"delayed-auto") == 0;
        return take_word(starts, value, &s->start);
    }
    if (_wcsicmp(name, L"error=") == 0) return take_word(errors, value, &s->error);
    if (_wcsicmp(name, L"binpath=") == 0) return s->path = value, true;
    if (_wcsicmp(name, L"group=") == 0) return s->group = value, true;
    if (_wcsicmp(name, L"obj=") == 0) return s->account = value, true;
    if (_wcsicmp(name, L"password=") == 0) return s->password = value, true;
    if (_wcsicmp(name, L"displayname=") == 0) return s->display = value, true;
    if (_wcsicmp(name, L"depend=") == 0) return s->depends = list_of(value), true;
    return false;
}

// NAME= VALUE, or both in one word.
static bool take_settings(struct settings *s, WCHAR **words, int count)
{
    for (int i = 0; i < count; i++) {
        WCHAR *name = copy_text(words[i]), *equals = wcschr(name, '=');
        const WCHAR *value;
        if (!equals) return false;
        value = words[i] + (equals - name) + 1;
        equals[1] = 0;
        if (!*value && ++i == count) return false;
        bool taken = take_setting(s, name, *value ? value : words[i]);
        free(name);
        if (!taken) return false;
    }
    return true;
}

static int fail_usage(void)
{
    complain(L"ERROR: Invalid option.\r\nType \"SC\" for usage.\r\n");
    return ERROR_INVALID_COMMAND_LINE;
}

static bool set_delayed(SC_HANDLE service, const struct settings *s)
{
    SERVICE_DELAYED_AUTO_START_INFO info = {s->delayed};
    return s->start != SERVICE_AUTO_START ||
           ChangeServiceConfig2W(service, SERVICE_CONFIG_DELAYED_AUTO_START_INFO, &info);
}

static int configure(const struct request *r)
{
    struct settings s = {.type = SERVICE_NO_CHANGE, .start = SERVICE_NO_CHANGE, .error = SERVICE_NO_CHANGE};
    if (!take_settings(&s, r->words, r->count)) return fail_usage();
    if (!ChangeServiceConfigW(r->service, s.type, s.start, s.error, s.path, s.group, NULL, s.depends,
                              s.account, s.password, s.display))
        return fail(L"ChangeServiceConfig");
    if (!set_delayed(r->service, &s)) return fail(L"ChangeServiceConfig2");
    print(L"[SC] ChangeServiceConfig SUCCESS\r\n");
    return 0;
}

static int create(const struct request *r)
{
    struct settings s = {
        .type = SERVICE_WIN32_OWN_PROCESS, .start = SERVICE_DEMAND_START, .error = SERVICE_ERROR_NORMAL};
    if (!take_settings(&s, r->words, r->count) || !s.path) return fail_usage();
    SC_HANDLE service =
        CreateServiceW(r->manager, r->name, s.display ? s.display : r->name, SERVICE_ALL_ACCESS, s.type,
                       s.start, s.error, s.path, s.group, NULL, s.depends, s.account, s.password);
    if (!service) return fail(L"CreateService");
    if (s.delayed && !set_delayed(service, &s)) return fail(L"ChangeServiceConfig2");
    CloseServiceHandle(service);
    print(L"[SC] CreateService SUCCESS\r\n");
    return 0;
}

static const WCHAR *start_text(DWORD start)
{
    static const WCHAR *const texts[] = {L"BOOT_START", L"SYSTEM_START", L"AUTO_START", L"DEMAND_START",
                                         L"DISABLED"};
    return start < ARRAYSIZE(texts) ? texts[start] : L"";
}

static const WCHAR *error_control_text(DWORD control)
{
    static const WCHAR *const texts[] = {L"IGNORE", L"NORMAL", L"SEVERE", L"CRITICAL"};
    return control < ARRAYSIZE(texts) ? texts[control] : L"";
}

static int show_configuration(const struct request *r)
{
    DWORD size = 8192;
    QUERY_SERVICE_CONFIGW *config = take_memory(size);
    if (!QueryServiceConfigW(r->service, config, size, &size)) return fail(L"QueryServiceConfig");
    print(L"[SC] QueryServiceConfig SUCCESS\r\n\r\nSERVICE_NAME: %s\r\n", r->name);
    print(L"        TYPE               : %lx  %s \r\n", config->dwServiceType,
          type_text(config->dwServiceType));
    print(L"        START_TYPE         : %lx   %s\r\n", config->dwStartType, start_text(config->dwStartType));
    print(L"        ERROR_CONTROL      : %lx   %s\r\n", config->dwErrorControl,
          error_control_text(config->dwErrorControl));
    print(L"        BINARY_PATH_NAME   : %s\r\n        LOAD_ORDER_GROUP   : %s\r\n        TAG                "
          L": %lu\r\n",
          config->lpBinaryPathName, config->lpLoadOrderGroup, config->dwTagId);
    print(L"        DISPLAY_NAME       : %s\r\n        DEPENDENCIES       : ", config->lpDisplayName);
    bool any = false;
    for (const WCHAR *name = config->lpDependencies; name && *name; name += wcslen(name) + 1, any = true)
        print(any ? L"                           : %s\r\n" : L"%s\r\n", name);
    if (!any) print(L"\r\n");
    print(L"        SERVICE_START_NAME : %s\r\n", config->lpServiceStartName);
    free(config);
    return 0;
}

// ---- all services ----

static bool is_list_option(const WCHAR *word)
{
    return _wcsnicmp(word, L"state=", 6) == 0 || _wcsnicmp(word, L"type=", 5) == 0;
}

// STATE= and TYPE= behind QUERY, each with its value in the same word or the next one.
static bool take_list_options(WCHAR **words, int count, DWORD *type, DWORD *state)
{
    static const struct word_value kinds[] = {{L"service", SERVICE_WIN32},
                                              {L"driver", SERVICE_DRIVER},
                                              {L"all", SERVICE_WIN32 | SERVICE_DRIVER},
                                              {NULL, 0}};
    static const struct word_value states[] = {
        {L"active", SERVICE_ACTIVE}, {L"inactive", SERVICE_INACTIVE}, {L"all", SERVICE_STATE_ALL}, {NULL, 0}};
    for (int i = 0; i < count; i++) {
        bool of_state = towlower(words[i][0]) == 's';
        if (!is_list_option(words[i])) return false;
        const WCHAR *value = wcschr(words[i], '=') + 1;
        if (!*value && ++i == count) return false;
        if (!take_word(of_state ? states : kinds, *value ? value : words[i], of_state ? state : type))
            return false;
    }
    return true;
}

static int query_all(SC_HANDLE manager, WCHAR **words, int word_count, bool processes)
{
    DWORD type = SERVICE_WIN32, state = SERVICE_ACTIVE;
    if (!take_list_options(words, word_count, &type, &state)) return fail_usage();
    DWORD size = 256 << 10, needed, count, resume = 0;
    ENUM_SERVICE_STATUS_PROCESSW *list = take_memory(size);
    if (!EnumServicesStatusExW(manager, SC_ENUM_PROCESS_INFO, type, state, (BYTE *)list, size, &needed,
                               &count, &resume, NULL))
        return fail(L"EnumServicesStatus");
    for (DWORD i = 0; i < count; i++) {
        SERVICE_STATUS status = plain(&list[i].ServiceStatusProcess);
        show_state(list[i].lpServiceName, list[i].lpDisplayName, &status,
                   processes ? list[i].ServiceStatusProcess.dwProcessId : (DWORD)-1);
    }
    free(list);
    return 0;
}

// ---- choosing ----

static const struct verb {
    const WCHAR *name;
    int (*run)(const struct request *request);
    DWORD access; // to the service
} verbs[] = {
    {L"query", query_one, SERVICE_QUERY_STATUS},
    {L"queryex", query_one, SERVICE_QUERY_STATUS},
    {L"start", start, SERVICE_START | SERVICE_QUERY_STATUS},
    {L"stop", control, SERVICE_STOP},
    {L"pause", control, SERVICE_PAUSE_CONTINUE},
    {L"continue", control, SERVICE_PAUSE_CONTINUE},
    {L"interrogate", control, SERVICE_INTERROGATE},
    {L"control", control, SERVICE_USER_DEFINED_CONTROL},
    {L"delete", delete_service, DELETE},
    {L"config", configure, SERVICE_CHANGE_CONFIG},
    {L"qc", show_configuration, SERVICE_QUERY_CONFIG},
};

static int usage(void)
{
    print(
        L"SC [query | queryex | qc | start | stop | pause | continue | interrogate | control | delete] "
        L"name\r\n"
        L"SC [create | config] name [binPath= path] [type= own | share] [start= auto | demand | disabled]\r\n"
        L"   [error= normal | severe | critical | ignore] [DisplayName= text] [depend= names] [obj= "
        L"account]\r\n"
        L"SC [query | queryex] [type= service | driver | all] [state= active | inactive | all]\r\n");
    return ERROR_INVALID_COMMAND_LINE;
}

static int run_on(struct request *r)
{
    if (_wcsicmp(r->operation, L"create") == 0) return create(r);
    for (size_t i = 0; i < ARRAYSIZE(verbs); i++) {
        if (_wcsicmp(r->operation, verbs[i].name) != 0) continue;
        r->service = OpenServiceW(r->manager, r->name, verbs[i].access);
        if (!r->service)
            return fail(verbs[i].run == query_one ? L"EnumQueryServicesStatus:OpenService" : L"OpenService");
        int result = verbs[i].run(r);
        CloseServiceHandle(r->service);
        return result;
    }
    complain(L"*** Unrecognized Command ***\r\n");
    return usage();
}

int wmain(int count, WCHAR **words)
{
    if (count < 2 || wcscmp(words[1], L"/?") == 0) return usage();
    struct request r = {
        .operation = words[1], .name = count > 2 ? words[2] : NULL, .words = words + 3, .count = count - 3};
    bool processes = _wcsicmp(r.operation, L"queryex") == 0;
    bool query = processes || _wcsicmp(r.operation, L"query") == 0;
    bool create = _wcsicmp(r.operation, L"create") == 0;
    if (count < 3 && !query) return usage();
    r.manager = OpenSCManagerW(
        NULL, NULL, create ? SC_MANAGER_CREATE_SERVICE : SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE);
    if (!r.manager) return fail(L"OpenSCManager");
    bool all = query && (count < 3 || is_list_option(words[2]));
    int result = all ? query_all(r.manager, words + 2, count - 2, processes) : run_on(&r);
    CloseServiceHandle(r.manager);
    return result;
}
