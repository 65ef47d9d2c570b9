// A service that runs until it is stopped, for sc.exe and net.exe.
#include <windows.h>

static SERVICE_STATUS_HANDLE handle;
static HANDLE stopped;

static void report(DWORD state)
{
    SERVICE_STATUS status = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS,
                             .dwCurrentState = state,
                             .dwControlsAccepted = state == SERVICE_RUNNING ? SERVICE_ACCEPT_STOP : 0};
    SetServiceStatus(handle, &status);
}

static void WINAPI control(DWORD code)
{
    if (code == SERVICE_CONTROL_STOP) SetEvent(stopped);
}

static void WINAPI service(DWORD count, WCHAR **words)
{
    (void)count;
    stopped = CreateEventW(NULL, FALSE, FALSE, NULL);
    handle = RegisterServiceCtrlHandlerW(words[0], control);
    report(SERVICE_RUNNING);
    WaitForSingleObject(stopped, INFINITE);
    report(SERVICE_STOPPED);
}

int main(void)
{
    static const SERVICE_TABLE_ENTRYW table[] = {{(WCHAR *)L"LowlandScTest", service}, {NULL, NULL}};
    return !StartServiceCtrlDispatcherW(table);
}
