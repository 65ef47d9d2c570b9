// net.exe: starting and stopping services, and which of them run.
#include "../shared/console_text.h"
#include <stdlib.h>
#include <wchar.h>

enum { PATIENCE_MS = 30000, TICK_MS = 100, NET_FAILED = 2, NAME_ROOM = 257 };

static int fail(void)
{
    complain(L"%s\r\n\r\n", error_text(GetLastError()));
    return NET_FAILED;
}

static int usage(void)
{
    print(L"NET START [service]\r\nNET STOP service\r\nNET PAUSE service\r\nNET CONTINUE service\r\n");
    return 1;
}

// The handle of a service by its name or the name that is shown for it.
static SC_HANDLE open_service(SC_HANDLE manager, const WCHAR *name, DWORD access, WCHAR shown[NAME_ROOM])
{
    WCHAR key[NAME_ROOM];
    DWORD size = NAME_ROOM, room = NAME_ROOM;
    SC_HANDLE service = OpenServiceW(manager, name, access);
    if (!service && GetServiceKeyNameW(manager, name, key, &size))
        service = OpenServiceW(manager, name = key, access);
    if (service && !GetServiceDisplayNameW(manager, name, shown, &room)) {
        wcsncpy(shown, name, NAME_ROOM - 1);
        shown[NAME_ROOM - 1] = 0;
    }
    return service;
}

// Waits until a service is in a state, as long as one may wait. False as well when it has ended instead.
static bool wait_until(SC_HANDLE service, DWORD wanted)
{
    SERVICE_STATUS status;
    for (DWORD waited = 0; waited < PATIENCE_MS; waited += TICK_MS) {
        if (!QueryServiceStatus(service, &status)) return false;
        if (status.dwCurrentState == wanted) return true;
        if (status.dwCurrentState == SERVICE_STOPPED) return false;
        Sleep(TICK_MS);
    }
    return false;
}

static int start(SC_HANDLE service, const WCHAR *shown, WCHAR **words, int count)
{
    if (!StartServiceW(service, (DWORD)count, (const WCHAR **)words)) {
        if (GetLastError() != ERROR_SERVICE_ALREADY_RUNNING) return fail();
        complain(L"The requested service has already been started.\r\n\r\n");
        return NET_FAILED;
    }
    print(L"The %s service is starting.\r\n", shown);
    if (!wait_until(service, SERVICE_RUNNING)) {
        print(L"The %s service could not be started.\r\n\r\n", shown);
        return NET_FAILED;
    }
    print(L"The %s service was started successfully.\r\n\r\n", shown);
    return 0;
}

static int control(SC_HANDLE service, const WCHAR *shown, DWORD code, DWORD wanted, const WCHAR *doing,
                   const WCHAR *done)
{
    SERVICE_STATUS status;
    if (!ControlService(service, code, &status)) {
        if (GetLastError() != ERROR_SERVICE_NOT_ACTIVE) return fail();
        complain(L"The %s service is not started.\r\n\r\n", shown);
        return NET_FAILED;
    }
    print(L"The %s service is %s.\r\n", shown, doing);
    if (!wait_until(service, wanted)) {
        print(L"The %s service could not be %s.\r\n\r\n", shown, done);
        return NET_FAILED;
    }
    print(L"The %s service was %s successfully.\r\n\r\n", shown, done);
    return 0;
}

static int list_running(SC_HANDLE manager)
{
    DWORD size = 256 << 10, needed, count, resume = 0;
    ENUM_SERVICE_STATUSW *list = take_memory(size);
    if (!EnumServicesStatusW(manager, SERVICE_WIN32, SERVICE_ACTIVE, list, size, &needed, &count, &resume))
        return fail();
    print(L"These Windows services are started:\r\n\r\n");
    for (DWORD i = 0; i < count; i++) print(L"   %s\r\n", list[i].lpDisplayName);
    print(L"\r\nThe command completed successfully.\r\n\r\n");
    free(list);
    return 0;
}

static int run(SC_HANDLE manager, const WCHAR *verb, const WCHAR *name, WCHAR **words, int count)
{
    WCHAR shown[NAME_ROOM];
    bool starts = _wcsicmp(verb, L"start") == 0, stops = _wcsicmp(verb, L"stop") == 0;
    bool pauses = _wcsicmp(verb, L"pause") == 0;
    DWORD access = starts ? SERVICE_START : stops ? SERVICE_STOP : SERVICE_PAUSE_CONTINUE;
    SC_HANDLE service = open_service(manager, name, access | SERVICE_QUERY_STATUS, shown);
    int result;
    if (!service) {
        complain(L"The service name is invalid.\r\n\r\n");
        return NET_FAILED;
    }
    if (starts)
        result = start(service, shown, words, count);
    else if (stops)
        result = control(service, shown, SERVICE_CONTROL_STOP, SERVICE_STOPPED, L"stopping", L"stopped");
    else if (pauses)
        result = control(service, shown, SERVICE_CONTROL_PAUSE, SERVICE_PAUSED, L"pausing", L"paused");
    else
        result =
            control(service, shown, SERVICE_CONTROL_CONTINUE, SERVICE_RUNNING, L"continuing", L"continued");
    CloseServiceHandle(service);
    return result;
}

int wmain(int count, WCHAR **words)
{
    static const WCHAR *const verbs[] = {L"start", L"stop", L"pause", L"continue"};
    bool known = false;
    for (size_t i = 0; i < ARRAYSIZE(verbs) && count > 1; i++) known |= _wcsicmp(words[1], verbs[i]) == 0;
    if (!known || (count < 3 && _wcsicmp(words[1], L"start") != 0)) return usage();
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE);
    if (!manager) return fail();
    int result = count < 3 ? list_running(manager) : run(manager, words[1], words[2], words + 3, count - 3);
    CloseServiceHandle(manager);
    return result;
}
