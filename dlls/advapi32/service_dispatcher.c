// The side of service programs: the dispatcher, which is told over its pipe to start services and to pass on
// controls, and the handles by which services say what they are doing.
#include "service.h"
#include <stddef.h>

enum { NOT_STARTED = 1063 }; // ERROR_FAILED_SERVICE_CONTROLLER_CONNECT

// A service of this program. It stays when it has stopped: its handle may still be used.
struct running_service {
    struct running_service *next;
    WCHAR name[SERVICE_NAME_MAX + 1];
    bool ansi;
    void *main; // LPSERVICE_MAIN_FUNCTION, of the form that ansi says
    LPHANDLER_FUNCTION_EX handler_ex;
    LPHANDLER_FUNCTION handler;
    void *context;
    bool own_process, stopped;
    DWORD argument_count;
    void **arguments; // with its texts, of the form that ansi says
};

struct table_entry {
    const void *name;
    void *main;
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct running_service *services;
static HANDLE all_stopped; // an event

// ---- services of this program ----

static struct running_service *find_service(const WCHAR *name, bool own_process)
{
    struct running_service *service = services;
    while (service && !(own_process && service->own_process) && lstrcmpiW(service->name, name))
        service = service->next;
    return service;
}

static bool any_runs(void)
{
    for (struct running_service *service = services; service; service = service->next)
        if (!service->stopped) return true;
    return false;
}

// Pointers to count texts that follow each other, then the texts themselves.
static void **copy_arguments(const struct service_request *request, bool ansi)
{
    DWORD units = request->text_units, bytes = units * (ansi ? 3 : sizeof(WCHAR));
    void **list = heap_alloc((request->argument_count + 1) * sizeof(*list) + bytes);
    if (!list) return NULL;
    char *text = (char *)(list + request->argument_count + 1);
    if (ansi)
        WideCharToMultiByte(CP_ACP, 0, request->text, (int)units, text, (int)bytes, NULL, NULL);
    else
        memcpy(text, request->text, bytes);
    for (DWORD i = 0; i < request->argument_count; i++) {
        list[i] = text;
        text += ansi ? (DWORD)lstrlenA(text) + 1 : ((DWORD)lstrlenW((WCHAR *)text) + 1) * sizeof(WCHAR);
    }
    return list;
}

static DWORD WINAPI run_service(void *argument)
{
    struct running_service *service = argument;
    void (*WINAPI function)(DWORD, void **) = (void (*WINAPI)(DWORD, void **))service->main;
    function(service->argument_count, service->arguments);
    return 0;
}

// ---- requests ----

static void *find_main(const struct table_entry *table, bool ansi, const struct service_request *request)
{
    if (request->own_process) return table->main; // its name does not matter
    for (; table->name; table++) {
        WCHAR *wide AUTO_FREE = ansi ? wide_from_ansi(table->name) : NULL;
        if (!lstrcmpiW(ansi ? (wide ? wide : L"") : table->name, request->name)) return table->main;
    }
    return NULL;
}

// The service's name is its first argument.
static bool put_name_first(struct service_request *request)
{
    DWORD units = (DWORD)lstrlenW(request->name) + 1;
    if (request->text_units + units > SERVICE_TEXT_MAX) return false;
    memmove(request->text + units, request->text, request->text_units * sizeof(WCHAR));
    memcpy(request->text, request->name, units * sizeof(WCHAR));
    request->text_units += units;
    request->argument_count++;
    return true;
}

static DWORD start_service(const struct table_entry *table, bool ansi, struct service_request *request)
{
    void *main = find_main(table, ansi, request);
    if (!main) return ERROR_SERVICE_NOT_IN_EXE;
    if (!put_name_first(request)) return ERROR_INVALID_PARAMETER;
    AcquireSRWLockExclusive(&lock);
    struct running_service *service = find_service(request->name, request->own_process != 0), *fresh = NULL;
    if (!service && (service = fresh = heap_alloc(sizeof(*service)))) {
        copy_wide(service->name, request->name);
        service->own_process = request->own_process != 0;
    }
    if (service) {
        heap_free(service->arguments);
        service->ansi = ansi;
        service->main = main;
        service->stopped = false;
        service->argument_count = request->argument_count;
        service->arguments = copy_arguments(request, ansi);
    }
    if (fresh) {
        fresh->next = services;
        services = fresh;
    }
    ReleaseSRWLockExclusive(&lock);
    if (!service || !service->arguments) return ERROR_NOT_ENOUGH_MEMORY;
    HANDLE thread = CreateThread(NULL, 0, run_service, service, 0, NULL);
    if (!thread) return ERROR_SERVICE_NO_THREAD;
    CloseHandle(thread);
    return ERROR_SUCCESS;
}

static DWORD pass_control(const struct service_request *request)
{
    AcquireSRWLockShared(&lock);
    struct running_service *service = find_service(request->name, request->own_process != 0);
    struct running_service copy = {.stopped = true};
    if (service) copy = *service;
    ReleaseSRWLockShared(&lock);
    if (copy.stopped) return ERROR_SERVICE_NOT_ACTIVE;
    if (copy.handler_ex) return copy.handler_ex(request->control, 0, NULL, copy.context);
    if (!copy.handler) return ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    copy.handler(request->control);
    return ERROR_SUCCESS;
}

// Whether what came is a whole request.
static bool is_request(const struct service_request *request, DWORD size)
{
    DWORD head = offsetof(struct service_request, text), texts = 0;
    if (size < head || request->text_units > SERVICE_TEXT_MAX ||
        size != head + request->text_units * sizeof(WCHAR))
        return false;
    if (request->name[SERVICE_NAME_MAX]) return false;
    for (DWORD i = 0; i < request->text_units; i++) texts += !request->text[i];
    return texts == request->argument_count && (!texts || !request->text[request->text_units - 1]);
}

static DWORD serve(const struct table_entry *table, bool ansi, struct service_request *request, DWORD size)
{
    if (!is_request(request, size)) return ERROR_INVALID_PARAMETER;
    return request->control == SERVICE_START_REQUEST ? start_service(table, ansi, request)
                                                     : pass_control(request);
}

// ---- the loop ----

// Waits for an overlapped operation; false when all services have stopped meanwhile, or it failed.
static bool finish(HANDLE pipe, BOOL done, OVERLAPPED *overlapped, DWORD *size)
{
    HANDLE handles[] = {overlapped->hEvent, all_stopped};
    if (!done && GetLastError() == ERROR_PIPE_CONNECTED) return true;
    if (!done && GetLastError() != ERROR_IO_PENDING) return false;
    if (!done && WaitForMultipleObjects(2, handles, FALSE, INFINITE) != WAIT_OBJECT_0) {
        CancelIo(pipe);
        GetOverlappedResult(pipe, overlapped, size, TRUE);
        return false;
    }
    return GetOverlappedResult(pipe, overlapped, size, TRUE);
}

static void serve_client(HANDLE pipe, HANDLE event, const struct table_entry *table, bool ansi,
                         struct service_request *request)
{
    OVERLAPPED overlapped = {.hEvent = event};
    DWORD size = 0, answer;
    if (!finish(pipe, ReadFile(pipe, request, sizeof(*request), NULL, &overlapped), &overlapped, &size))
        return;
    answer = serve(table, ansi, request, size);
    overlapped = (OVERLAPPED){.hEvent = event};
    // The client may have gone; the answer is its own to lose.
    if (!WriteFile(pipe, &answer, sizeof(answer), NULL, &overlapped) && GetLastError() == ERROR_IO_PENDING)
        GetOverlappedResult(pipe, &overlapped, &size, TRUE);
    FlushFileBuffers(pipe);
}

static DWORD dispatch(HANDLE pipe, HANDLE event, const struct table_entry *table, bool ansi)
{
    struct service_request *request AUTO_FREE = heap_alloc(sizeof(*request));
    if (!request) return ERROR_NOT_ENOUGH_MEMORY;
    for (;;) {
        OVERLAPPED overlapped = {.hEvent = event};
        DWORD size;
        bool connected = finish(pipe, ConnectNamedPipe(pipe, &overlapped), &overlapped, &size);
        if (!connected && WaitForSingleObject(all_stopped, 0) == WAIT_OBJECT_0) return ERROR_SUCCESS;
        if (connected) serve_client(pipe, event, table, ansi, request);
        DisconnectNamedPipe(pipe);
    }
}

static BOOL run_dispatcher(const struct table_entry *table, bool ansi)
{
    if (!table || !table->name || !table->main) return fail_with(ERROR_INVALID_DATA);
    // Only a program that was started as a service has somebody who waits for it.
    HANDLE connected AUTO_CLOSE = service_connected_event(GetCurrentProcessId(), false);
    if (!connected) return fail_with(NOT_STARTED);
    HANDLE stopped = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!stopped) return FALSE;
    if (InterlockedCompareExchangePointer(&all_stopped, stopped, NULL)) {
        CloseHandle(stopped);
        return fail_with(ERROR_SERVICE_ALREADY_RUNNING);
    }
    HANDLE event AUTO_CLOSE = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE pipe = service_pipe_create();
    if (!event || pipe == INVALID_HANDLE_VALUE) return FALSE;
    SetEvent(connected);
    DWORD error = dispatch(pipe, event, table, ansi);
    CloseHandle(pipe);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI StartServiceCtrlDispatcherW(const SERVICE_TABLE_ENTRYW *table)
{
    return run_dispatcher((const struct table_entry *)table, false);
}

HOTPATCH BOOL WINAPI StartServiceCtrlDispatcherA(const SERVICE_TABLE_ENTRYA *table)
{
    return run_dispatcher((const struct table_entry *)table, true);
}

// ---- what services say ----

static SERVICE_STATUS_HANDLE register_handler(const WCHAR *name, LPHANDLER_FUNCTION_EX handler_ex,
                                              LPHANDLER_FUNCTION handler, void *context)
{
    AcquireSRWLockExclusive(&lock);
    struct running_service *service = services;
    // In a process of its own a service may call itself as it likes.
    while (service && !service->own_process && lstrcmpiW(service->name, name)) service = service->next;
    if (service) {
        service->handler_ex = handler_ex;
        service->handler = handler;
        service->context = context;
    }
    ReleaseSRWLockExclusive(&lock);
    if (!service) SetLastError(ERROR_SERVICE_NOT_IN_EXE);
    return (SERVICE_STATUS_HANDLE)service;
}

HOTPATCH SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerExW(LPCWSTR name,
                                                                    LPHANDLER_FUNCTION_EX handler,
                                                                    void *context)
{
    if (!name || !handler) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return register_handler(name, handler, NULL, context);
}

HOTPATCH SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerExA(LPCSTR name,
                                                                    LPHANDLER_FUNCTION_EX handler,
                                                                    void *context)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    return conversion_failed(name, wide) ? NULL : RegisterServiceCtrlHandlerExW(wide, handler, context);
}

HOTPATCH SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerW(LPCWSTR name, LPHANDLER_FUNCTION handler)
{
    if (!name || !handler) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return register_handler(name, NULL, handler, NULL);
}

HOTPATCH SERVICE_STATUS_HANDLE WINAPI RegisterServiceCtrlHandlerA(LPCSTR name, LPHANDLER_FUNCTION handler)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    return conversion_failed(name, wide) ? NULL : RegisterServiceCtrlHandlerW(wide, handler);
}

static bool status_is_valid(const SERVICE_STATUS *status)
{
    return status->dwCurrentState >= SERVICE_STOPPED && status->dwCurrentState <= SERVICE_PAUSED &&
           status->dwServiceType & SERVICE_WIN32;
}

// A service that has stopped with an error has failed only if its configuration says so.
static void note_unhappy_end(const WCHAR *name)
{
    HKEY key;
    HANDLE lock AUTO_SERVICE_LOCK = service_lock_soon();
    if (!lock || service_open_key(name, KEY_READ, &key)) return;
    if (service_number(key, L"FailureActionsOnNonCrashFailures", 0)) service_failure_note(name, key);
    RegCloseKey(key);
}

HOTPATCH BOOL WINAPI SetServiceStatus(SERVICE_STATUS_HANDLE handle, SERVICE_STATUS *status)
{
    FILETIME exited, kernel, user;
    struct service_state state = {.process = GetCurrentProcessId()};
    AcquireSRWLockShared(&lock);
    struct running_service *service = services;
    while (service && service != (void *)handle) service = service->next;
    ReleaseSRWLockShared(&lock);
    if (!service) return fail_with(ERROR_INVALID_HANDLE);
    if (!status_is_valid(status)) return fail_with(ERROR_INVALID_DATA);
    if (!GetProcessTimes(GetCurrentProcess(), &state.created, &exited, &kernel, &user)) return FALSE;
    state.status = *status;
    bool stopped = status->dwCurrentState == SERVICE_STOPPED;
    if (stopped) state.process = 0;
    DWORD error = service_state_set(service->name, &state);
    if (error) return fail_with(error);
    if (!stopped) return TRUE;
    AcquireSRWLockExclusive(&lock);
    service->stopped = true;
    bool last = !any_runs();
    ReleaseSRWLockExclusive(&lock);
    if (status->dwWin32ExitCode) note_unhappy_end(service->name);
    service_delete_if_unused(service->name);
    if (last) SetEvent(all_stopped);
    return TRUE;
}
