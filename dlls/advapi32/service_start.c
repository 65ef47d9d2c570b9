// Starting services: the program is spawned unless it runs already, and waited for until it listens.
#include "service.h"

enum { CONNECT_TIMEOUT = 30000, DEPTH_MAX = 16 };

static DWORD start(const WCHAR *name, HKEY key, DWORD count, const WCHAR *const *arguments, unsigned depth);

// ---- the program ----

// A program that runs services of this path already: for those that share a process.
static DWORD find_shared_process(const WCHAR *name, const WCHAR *path)
{
    WCHAR other[SERVICE_NAME_MAX + 1];
    struct service_state state;
    HKEY key;
    for (DWORD i = 0; !service_at(i, other); i++) {
        if (!lstrcmpiW(name, other) || service_is_builtin(other)) continue; // its process is whoever asks
        if (service_open_key(other, KEY_READ, &key)) continue;
        WCHAR *other_path AUTO_FREE = service_text(key, L"ImagePath", NULL);
        service_state_get(other, key, &state);
        bool shares = service_number(key, L"Type", 0) & SERVICE_WIN32_SHARE_PROCESS && other_path &&
                      !lstrcmpiW(path, other_path);
        RegCloseKey(key);
        if (shares && state.status.dwCurrentState != SERVICE_STOPPED) return state.process;
    }
    return 0;
}

static DWORD note_start(const WCHAR *name, DWORD type, DWORD process_id, HANDLE process)
{
    FILETIME exited, kernel, user;
    struct service_state state = {.process = process_id};
    state.status.dwServiceType = type;
    state.status.dwCurrentState = SERVICE_START_PENDING;
    state.status.dwWaitHint = 2000;
    if (!GetProcessTimes(process, &state.created, &exited, &kernel, &user)) return GetLastError();
    return service_state_set(name, &state);
}

static void note_failure(const WCHAR *name, DWORD type, DWORD error)
{
    struct service_state state = {.process = 0};
    state.status.dwServiceType = type;
    state.status.dwCurrentState = SERVICE_STOPPED;
    state.status.dwWin32ExitCode = error;
    service_state_set(name, &state);
}

// Waits until the program listens. It has that long, or until it ends.
static DWORD wait_for_program(HANDLE process, HANDLE connected)
{
    HANDLE handles[] = {connected, process};
    DWORD result = WaitForMultipleObjects(2, handles, FALSE, CONNECT_TIMEOUT);
    return result == WAIT_OBJECT_0 ? ERROR_SUCCESS : ERROR_SERVICE_REQUEST_TIMEOUT;
}

static DWORD spawn(const WCHAR *name, DWORD type, const WCHAR *path, DWORD *process_id)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION made;
    WCHAR directory[MAX_PATH];
    DWORD size = ExpandEnvironmentStringsW(path, NULL, 0);
    WCHAR *line AUTO_FREE = heap_alloc((size + 1) * sizeof(WCHAR));
    if (!line) return ERROR_NOT_ENOUGH_MEMORY;
    ExpandEnvironmentStringsW(path, line, size);
    if (!GetSystemDirectoryW(directory, ARRAY_LENGTH(directory))) return GetLastError();
    if (!CreateProcessW(NULL, line, NULL, NULL, FALSE, CREATE_SUSPENDED | DETACHED_PROCESS, NULL, directory,
                        &startup, &made))
        return GetLastError();
    HANDLE process AUTO_CLOSE = made.hProcess, thread AUTO_CLOSE = made.hThread;
    // That the event is there tells the program that it was started as a service.
    HANDLE connected AUTO_CLOSE = service_connected_event(made.dwProcessId, true);
    DWORD error = connected ? note_start(name, type, made.dwProcessId, process) : GetLastError();
    if (!error && ResumeThread(thread) == (DWORD)-1) error = GetLastError();
    if (!error) error = wait_for_program(process, connected);
    if (error) TerminateProcess(process, error);
    *process_id = made.dwProcessId;
    return error;
}

// ---- what it depends on ----

static DWORD start_dependency(const WCHAR *name, unsigned depth)
{
    HKEY key;
    struct service_state state;
    if (service_open_key(name, KEY_READ, &key)) return ERROR_SERVICE_DEPENDENCY_DELETED;
    service_state_get(name, key, &state);
    DWORD error =
        state.status.dwCurrentState == SERVICE_STOPPED ? start(name, key, 0, NULL, depth + 1) : ERROR_SUCCESS;
    RegCloseKey(key);
    if (error == ERROR_CIRCULAR_DEPENDENCY) return error;
    return error && error != ERROR_SERVICE_ALREADY_RUNNING ? ERROR_SERVICE_DEPENDENCY_FAIL : ERROR_SUCCESS;
}

// Of a group one service must run in the end.
static DWORD start_group(const WCHAR *group, unsigned depth)
{
    WCHAR name[SERVICE_NAME_MAX + 1];
    HKEY key;
    bool any = false;
    for (DWORD i = 0; !service_at(i, name); i++) {
        if (service_open_key(name, KEY_READ, &key)) continue;
        WCHAR *its_group AUTO_FREE = service_text(key, L"Group", NULL);
        RegCloseKey(key);
        if (!its_group || lstrcmpiW(its_group, group)) continue;
        DWORD error = start_dependency(name, depth);
        if (error == ERROR_CIRCULAR_DEPENDENCY) return error;
        any |= !error;
    }
    return any ? ERROR_SUCCESS : ERROR_SERVICE_DEPENDENCY_FAIL;
}

static DWORD start_dependencies(HKEY key, unsigned depth)
{
    WCHAR *list AUTO_FREE = service_text(key, L"DependOnService", NULL);
    WCHAR *groups AUTO_FREE = service_text(key, L"DependOnGroup", NULL);
    DWORD error = ERROR_SUCCESS;
    if (depth >= DEPTH_MAX) return ERROR_CIRCULAR_DEPENDENCY;
    for (const WCHAR *at = groups; at && *at && !error; at += lstrlenW(at) + 1)
        error = start_group(at, depth);
    for (const WCHAR *at = list; at && *at && !error; at += lstrlenW(at) + 1)
        error = start_dependency(at, depth);
    return error;
}

// ---- starting ----

static DWORD fill_request(struct service_request *request, const WCHAR *name, DWORD type, DWORD count,
                          const WCHAR *const *arguments)
{
    request->control = SERVICE_START_REQUEST;
    request->own_process = type & SERVICE_WIN32_OWN_PROCESS;
    copy_wide(request->name, name);
    for (DWORD i = 0; i < count; i++) {
        DWORD units = (DWORD)lstrlenW(arguments[i]) + 1;
        if (units > SERVICE_TEXT_MAX - request->text_units) return ERROR_INVALID_PARAMETER;
        memcpy(request->text + request->text_units, arguments[i], units * sizeof(WCHAR));
        request->text_units += units;
    }
    request->argument_count = count;
    return ERROR_SUCCESS;
}

static DWORD may_start(const WCHAR *name, HKEY key)
{
    struct service_state state;
    if (service_is_deleted(key)) return ERROR_SERVICE_MARKED_FOR_DELETE;
    if (service_number(key, L"Start", SERVICE_DEMAND_START) == SERVICE_DISABLED)
        return ERROR_SERVICE_DISABLED;
    service_state_get(name, key, &state);
    return state.status.dwCurrentState == SERVICE_STOPPED ? ERROR_SUCCESS : ERROR_SERVICE_ALREADY_RUNNING;
}

// Gives a service to a program that runs already. False when there is none, or it is about to end.
static bool start_in_shared_process(const WCHAR *name, DWORD type, const WCHAR *path,
                                    const struct service_request *request, DWORD *error)
{
    DWORD id = type & SERVICE_WIN32_SHARE_PROCESS ? find_shared_process(name, path) : 0;
    if (!id) return false;
    HANDLE process AUTO_CLOSE = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, id);
    if (!process || note_start(name, type, id, process)) return false;
    *error = service_pipe_call(id, request);
    return *error != ERROR_SERVICE_NOT_ACTIVE;
}

// Drivers are for a kernel that is not there: none is of a format that could be loaded.
static DWORD driver_error(const WCHAR *path)
{
    WCHAR file[MAX_PATH];
    DWORD length = ExpandEnvironmentStringsW(path, file, MAX_PATH);
    bool exists = length && length <= MAX_PATH && GetFileAttributesW(file) != INVALID_FILE_ATTRIBUTES;
    return exists ? ERROR_BAD_EXE_FORMAT : ERROR_FILE_NOT_FOUND;
}

static DWORD start_program(const WCHAR *name, HKEY key, DWORD type, const struct service_request *request)
{
    DWORD error, process;
    WCHAR *path AUTO_FREE = service_text(key, L"ImagePath", NULL);
    if (!path || !*path) return ERROR_FILE_NOT_FOUND;
    if (!(type & SERVICE_WIN32)) return driver_error(path);
    if (start_in_shared_process(name, type, path, request, &error)) return error;
    error = spawn(name, type, path, &process);
    return error ? error : service_pipe_call(process, request);
}

static DWORD start(const WCHAR *name, HKEY key, DWORD count, const WCHAR *const *arguments, unsigned depth)
{
    DWORD type = service_number(key, L"Type", 0);
    struct service_request *request AUTO_FREE = heap_alloc(sizeof(*request));
    if (!request) return ERROR_NOT_ENOUGH_MEMORY;
    DWORD error = fill_request(request, name, type, count, arguments);
    if (!error) error = may_start(name, key);
    if (!error) error = start_dependencies(key, depth);
    if (error) return error;
    service_failure_settle(name);
    error = start_program(name, key, type, request);
    if (error == ERROR_SERVICE_NOT_ACTIVE) error = ERROR_PROCESS_ABORTED; // it ended while it was told
    if (error) note_failure(name, type, error);
    return error;
}

// ---- services that start by themselves ----

bool service_is_due(const WCHAR *name, HKEY key)
{
    return service_number(key, L"Start", SERVICE_DEMAND_START) == SERVICE_AUTO_START &&
           service_number(key, L"Type", 0) & SERVICE_WIN32 && !service_is_builtin(name) &&
           !service_state_is_known(name);
}

void service_start_due(const WCHAR *name)
{
    HKEY key;
    HANDLE lock AUTO_SERVICE_LOCK = service_lock();
    if (!lock || service_open_key(name, KEY_READ, &key)) return;
    if (service_is_due(name, key) && start(name, key, 0, NULL, 0)) service_state_note_new(name);
    RegCloseKey(key);
}

void service_restart(const WCHAR *name, HKEY key)
{
    start(name, key, 0, NULL, 0);
}

HOTPATCH BOOL WINAPI StartServiceW(SC_HANDLE handle, DWORD count, LPCWSTR *arguments)
{
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, SERVICE_START);
    if (!object) return FALSE;
    if (count && !arguments) return fail_with(ERROR_INVALID_ADDRESS);
    HANDLE lock AUTO_SERVICE_LOCK = service_lock();
    DWORD error = start(object->name, object->key, count, arguments, 0);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI StartServiceA(SC_HANDLE handle, DWORD count, LPCSTR *arguments)
{
    WCHAR **wide = heap_alloc((count + 1) * sizeof(*wide));
    bool whole = wide != NULL && (!count || arguments);
    for (DWORD i = 0; whole && i < count; i++) whole = (wide[i] = wide_from_ansi(arguments[i])) != NULL;
    BOOL result = whole && StartServiceW(handle, count, (LPCWSTR *)wide);
    DWORD error = whole ? GetLastError() : ERROR_INVALID_ADDRESS;
    for (DWORD i = 0; wide && i < count; i++) heap_free(wide[i]);
    heap_free(wide);
    if (!result) SetLastError(error);
    return result;
}
