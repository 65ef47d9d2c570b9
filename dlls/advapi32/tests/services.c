// Services: one is installed, configured, started, controlled, killed and deleted; this program is the
// service too.
// link: -ladvapi32
#include <windows.h>
#include "check.h"
#include <stdlib.h>
#include <string.h>

static const char name[] = "LowlandTestService";

// ---- the service ----

static SERVICE_STATUS_HANDLE handle;
static HANDLE stop;
static SERVICE_STATUS now = {.dwServiceType = SERVICE_WIN32_OWN_PROCESS,
                             .dwControlsAccepted = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_PAUSE_CONTINUE};

static void report(DWORD state)
{
    now.dwCurrentState = state;
    SetServiceStatus(handle, &now);
}

static DWORD WINAPI on_control(DWORD control, DWORD type, void *data, void *context)
{
    (void)type, (void)data, (void)context;
    switch (control) {
    case SERVICE_CONTROL_STOP: SetEvent(stop); return NO_ERROR;
    case SERVICE_CONTROL_PAUSE: report(SERVICE_PAUSED); return NO_ERROR;
    case SERVICE_CONTROL_CONTINUE: report(SERVICE_RUNNING); return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE: return NO_ERROR;
    case 200:
        now.dwCheckPoint++;
        report(now.dwCurrentState);
        return NO_ERROR;
    case 201: return 4711;
    default: return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

static void WINAPI service_main(DWORD count, char **arguments)
{
    handle = RegisterServiceCtrlHandlerExA(name, on_control, NULL);
    now.dwWaitHint = count; // what it was started with, for the test to see
    if (count > 1 && !strcmp(arguments[1], "fail")) {
        now.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
        now.dwServiceSpecificExitCode = 42;
        report(SERVICE_STOPPED);
        return;
    }
    report(SERVICE_RUNNING);
    WaitForSingleObject(stop, INFINITE);
    report(SERVICE_STOP_PENDING);
    report(SERVICE_STOPPED);
}

static int run_service(void)
{
    SERVICE_TABLE_ENTRYA table[] = {{(char *)name, service_main}, {NULL, NULL}};
    stop = CreateEventA(NULL, TRUE, FALSE, NULL);
    return StartServiceCtrlDispatcherA(table) ? 0 : (int)GetLastError();
}

// ---- the test ----

static SC_HANDLE manager, service;

static DWORD state(void)
{
    SERVICE_STATUS status = {0};
    CHECK(QueryServiceStatus(service, &status), "%lu", GetLastError());
    return status.dwCurrentState;
}

static void wait_for(DWORD wanted)
{
    for (int i = 0; i < 1200 && state() != wanted; i++) Sleep(50);
    CHECK_EQUAL(state(), wanted);
}

static void test_install(const char *program)
{
    char path[MAX_PATH + 16];
    BYTE buffer[1024];
    QUERY_SERVICE_CONFIGA *config = (QUERY_SERVICE_CONFIGA *)buffer;
    DWORD needed;
    sprintf(path, "\"%s\" serve", program);
    service = OpenServiceA(manager, name, SERVICE_ALL_ACCESS);
    if (service) DeleteService(service), CloseServiceHandle(service);
    service = CreateServiceA(manager, name, "A test", SERVICE_ALL_ACCESS, SERVICE_WIN32_OWN_PROCESS,
                             SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, path, NULL, NULL, NULL, NULL, NULL);
    CHECK(service != NULL, "%lu", GetLastError());
    CHECK(!CreateServiceA(manager, name, NULL, 0, SERVICE_WIN32_OWN_PROCESS, SERVICE_DEMAND_START, 0, path,
                          NULL, NULL, NULL, NULL, NULL) &&
              GetLastError() == ERROR_SERVICE_EXISTS,
          "%lu", GetLastError());
    CHECK(QueryServiceConfigA(service, config, sizeof buffer, &needed), "%lu", GetLastError());
    CHECK(!strcmp(config->lpBinaryPathName, path), "%s", config->lpBinaryPathName);
    CHECK(!strcmp(config->lpDisplayName, "A test"), "%s", config->lpDisplayName);
    CHECK_EQUAL(state(), SERVICE_STOPPED);
}

// Stops the service.
static void test_reasons(void)
{
    SERVICE_CONTROL_STATUS_REASON_PARAMSA reason = {.dwReason = 0};
    const DWORD stop_control = SERVICE_CONTROL_STOP, info = SERVICE_CONTROL_STATUS_REASON_INFO;
    CHECK(!ControlServiceExA(service, stop_control, info + 1, &reason) &&
              GetLastError() == ERROR_INVALID_LEVEL,
          "%lu", GetLastError());
    CHECK(!ControlServiceExA(service, stop_control, info, &reason) &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "%lu", GetLastError());
    CHECK(ControlServiceExA(service, SERVICE_CONTROL_INTERROGATE, info, &reason) &&
              reason.ServiceStatus.dwCurrentState == SERVICE_PAUSED && reason.ServiceStatus.dwProcessId,
          "%lu", reason.ServiceStatus.dwCurrentState);
    reason.dwReason = SERVICE_STOP_REASON_FLAG_PLANNED | SERVICE_STOP_REASON_MAJOR_APPLICATION |
                      SERVICE_STOP_REASON_MINOR_MAINTENANCE;
    reason.pszComment = (char *)"for a test";
    CHECK(ControlServiceExA(service, stop_control, info, &reason), "%lu", GetLastError());
}

static void test_run(void)
{
    SERVICE_STATUS status;
    const char *arguments[] = {"one", "two"};
    CHECK(StartServiceA(service, 2, arguments), "%lu", GetLastError());
    wait_for(SERVICE_RUNNING);
    CHECK(!StartServiceA(service, 0, NULL) && GetLastError() == ERROR_SERVICE_ALREADY_RUNNING, "%lu",
          GetLastError());
    CHECK(ControlService(service, SERVICE_CONTROL_INTERROGATE, &status), "%lu", GetLastError());
    CHECK_EQUAL(status.dwWaitHint, 3); // its name and two more
    CHECK(ControlService(service, 200, &status), "%lu", GetLastError());
    CHECK_EQUAL(status.dwCheckPoint, 1);
    CHECK(!ControlService(service, 201, &status) && GetLastError() == 4711, "%lu", GetLastError());
    CHECK(!ControlService(service, 77, &status) && GetLastError() == ERROR_INVALID_PARAMETER, "%lu",
          GetLastError());
    CHECK(!ControlService(service, SERVICE_CONTROL_PARAMCHANGE, &status) &&
              GetLastError() == ERROR_INVALID_SERVICE_CONTROL,
          "%lu", GetLastError());
    CHECK(ControlService(service, SERVICE_CONTROL_PAUSE, &status), "%lu", GetLastError());
    CHECK_EQUAL(state(), SERVICE_PAUSED);
    test_reasons();
    wait_for(SERVICE_STOPPED);
    CHECK(!ControlService(service, SERVICE_CONTROL_STOP, &status) &&
              GetLastError() == ERROR_SERVICE_NOT_ACTIVE,
          "%lu", GetLastError());
}

static void kill_service(void)
{
    SERVICE_STATUS_PROCESS status;
    DWORD needed;
    CHECK(QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status, sizeof status, &needed),
          "%lu", GetLastError());
    HANDLE process = OpenProcess(PROCESS_TERMINATE | SYNCHRONIZE, FALSE, status.dwProcessId);
    CHECK(process && TerminateProcess(process, 9), "%lu", GetLastError());
    WaitForSingleObject(process, INFINITE);
    CloseHandle(process);
}

static void test_failures(void)
{
    SERVICE_STATUS status;
    const char *fail[] = {"fail"};
    CHECK(StartServiceA(service, 1, fail), "%lu", GetLastError());
    wait_for(SERVICE_STOPPED);
    CHECK(QueryServiceStatus(service, &status), "%lu", GetLastError());
    CHECK_EQUAL(status.dwWin32ExitCode, ERROR_SERVICE_SPECIFIC_ERROR);
    CHECK_EQUAL(status.dwServiceSpecificExitCode, 42);

    // Killed while it runs.
    CHECK(StartServiceA(service, 0, NULL), "%lu", GetLastError());
    wait_for(SERVICE_RUNNING);
    kill_service();
    CHECK(QueryServiceStatus(service, &status), "%lu", GetLastError());
    CHECK_EQUAL(status.dwCurrentState, SERVICE_STOPPED);
    CHECK_EQUAL(status.dwWin32ExitCode, ERROR_PROCESS_ABORTED);

    // A program that is no service ends before it listens, and one that does not exist.
    CHECK(ChangeServiceConfigA(service, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                               "C:\\windows\\system32\\cmd.exe /c exit", NULL, NULL, NULL, NULL, NULL, NULL),
          "%lu", GetLastError());
    CHECK(!StartServiceA(service, 0, NULL) && GetLastError() == ERROR_SERVICE_REQUEST_TIMEOUT, "%lu",
          GetLastError());
    CHECK(ChangeServiceConfigA(service, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                               "C:\\none.exe", NULL, NULL, NULL, NULL, NULL, NULL),
          "%lu", GetLastError());
    CHECK(!StartServiceA(service, 0, NULL) && GetLastError() == ERROR_FILE_NOT_FOUND, "%lu", GetLastError());
    CHECK_EQUAL(state(), SERVICE_STOPPED);
}

// ---- what starts by itself, and what is kept for it ----

static void run_and_wait(char *line)
{
    STARTUPINFOA startup = {.cb = sizeof startup};
    PROCESS_INFORMATION made;
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &made), "%lu",
          GetLastError());
    WaitForSingleObject(made.hProcess, INFINITE);
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

// The first in a session who opens the manager starts it; forgetting what is known makes it a new session. To
// ask about it starts nothing.
static void test_automatic(const char *program)
{
    char path[MAX_PATH + 16], open[MAX_PATH + 16];
    HKEY states;
    SERVICE_STATUS status;
    sprintf(path, "\"%s\" serve", program);
    sprintf(open, "\"%s\" open", program);
    CHECK(ChangeServiceConfigA(service, SERVICE_NO_CHANGE, SERVICE_AUTO_START, SERVICE_NO_CHANGE, path, NULL,
                               NULL, NULL, NULL, NULL, NULL),
          "%lu", GetLastError());
    CHECK_EQUAL(state(), SERVICE_STOPPED);
    CHECK_EQUAL(RegOpenKeyExA(HKEY_LOCAL_MACHINE, "System\\CurrentControlSet\\Control\\ServiceCurrent", 0,
                              KEY_ALL_ACCESS, &states),
                0);
    CHECK_EQUAL(RegDeleteValueA(states, name), 0);
    CHECK_EQUAL(RegDeleteKeyA(states, "Session"), 0);
    RegCloseKey(states);
    CHECK_EQUAL(state(), SERVICE_STOPPED);
    run_and_wait(open);
    wait_for(SERVICE_RUNNING);
    CHECK(ControlService(service, SERVICE_CONTROL_STOP, &status), "%lu", GetLastError());
    wait_for(SERVICE_STOPPED);
    run_and_wait(open);
    CHECK_EQUAL(state(), SERVICE_STOPPED);

    // Of a group that it depends on nothing can be started.
    CHECK(ChangeServiceConfigA(service, SERVICE_NO_CHANGE, SERVICE_DEMAND_START, SERVICE_NO_CHANGE, NULL,
                               NULL, NULL, "+LowlandTestGroup\0", NULL, NULL, NULL),
          "%lu", GetLastError());
    CHECK(!StartServiceA(service, 0, NULL) && GetLastError() == ERROR_SERVICE_DEPENDENCY_FAIL, "%lu",
          GetLastError());
    CHECK(ChangeServiceConfigA(service, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, NULL, NULL,
                               NULL, "", NULL, NULL, NULL),
          "%lu", GetLastError());
}

// It is started again when it dies, and when it dies once more it is not.
static void test_restart(void)
{
    SC_ACTION actions[] = {{SC_ACTION_RESTART, 0}, {SC_ACTION_NONE, 0}};
    SERVICE_FAILURE_ACTIONSA info = {3600, NULL, NULL, 2, actions};
    SERVICE_STATUS status;
    CHECK(ChangeServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, &info), "%lu", GetLastError());
    CHECK(StartServiceA(service, 0, NULL), "%lu", GetLastError());
    wait_for(SERVICE_RUNNING);
    kill_service();
    CHECK_EQUAL(state(), SERVICE_STOPPED);
    wait_for(SERVICE_RUNNING);
    kill_service();
    CHECK_EQUAL(state(), SERVICE_STOPPED);
    CHECK_EQUAL(state(), SERVICE_STOPPED);
    CHECK(QueryServiceStatus(service, &status) && status.dwWin32ExitCode == ERROR_PROCESS_ABORTED, "%lu",
          status.dwWin32ExitCode);
    info = (SERVICE_FAILURE_ACTIONSA){.lpsaActions = actions};
    CHECK(ChangeServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, &info), "%lu", GetLastError());
}

static void test_failure_actions(void)
{
    SC_ACTION actions[] = {{SC_ACTION_RESTART, 100}, {SC_ACTION_NONE, 0}};
    SERVICE_FAILURE_ACTIONSA info = {3600, NULL, (char *)"note.exe", 2, actions};
    SERVICE_FAILURE_ACTIONSA *kept;
    char buffer[512];
    DWORD needed = 0;
    CHECK(
        QueryServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, (BYTE *)buffer, sizeof buffer, &needed),
        "%lu", GetLastError());
    kept = (SERVICE_FAILURE_ACTIONSA *)buffer;
    CHECK(kept->cActions == 0 && needed == sizeof *kept, "%lu bytes", needed);
    CHECK(ChangeServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, &info), "%lu", GetLastError());
    CHECK(!QueryServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, (BYTE *)buffer, 20, &needed) &&
              GetLastError() == ERROR_INSUFFICIENT_BUFFER,
          "%lu", GetLastError());
    CHECK(
        QueryServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, (BYTE *)buffer, sizeof buffer, &needed),
        "%lu", GetLastError());
    CHECK(kept->dwResetPeriod == 3600 && kept->cActions == 2 && !kept->lpRebootMsg, "%lu actions",
          kept->cActions);
    CHECK(kept->lpsaActions[0].Type == SC_ACTION_RESTART && kept->lpsaActions[0].Delay == 100, "%lu",
          kept->lpsaActions[0].Delay);
    CHECK(!strcmp(kept->lpCommand, "note.exe"), "%s", kept->lpCommand);
    // None takes them away, and leaves the command.
    info = (SERVICE_FAILURE_ACTIONSA){.lpsaActions = actions};
    CHECK(ChangeServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, &info), "%lu", GetLastError());
    CHECK(
        QueryServiceConfig2A(service, SERVICE_CONFIG_FAILURE_ACTIONS, (BYTE *)buffer, sizeof buffer, &needed),
        "%lu", GetLastError());
    CHECK(kept->cActions == 0 && !strcmp(kept->lpCommand, "note.exe"), "%lu actions", kept->cActions);

    SERVICE_REQUIRED_PRIVILEGES_INFOA privileges = {(char *)"SeBackupPrivilege\0SeDebugPrivilege\0"};
    CHECK(ChangeServiceConfig2A(service, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, &privileges), "%lu",
          GetLastError());
    CHECK(QueryServiceConfig2A(service, SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, (BYTE *)buffer,
                               sizeof buffer, &needed),
          "%lu", GetLastError());
    const char *list = ((SERVICE_REQUIRED_PRIVILEGES_INFOA *)buffer)->pmszRequiredPrivileges;
    CHECK(!strcmp(list, "SeBackupPrivilege") && !strcmp(list + 18, "SeDebugPrivilege") && !list[35], "%s",
          list);
}

// Its work is done by whoever reports events.
static void test_event_log(void)
{
    SERVICE_STATUS status;
    SC_HANDLE log = OpenServiceA(manager, "EventLog", SERVICE_ALL_ACCESS);
    CHECK(QueryServiceStatus(log, &status) && status.dwCurrentState == SERVICE_RUNNING, "%lu",
          status.dwCurrentState);
    CHECK(!StartServiceA(log, 0, NULL) && GetLastError() == ERROR_SERVICE_ALREADY_RUNNING, "%lu",
          GetLastError());
    CHECK(!ControlService(log, SERVICE_CONTROL_STOP, &status) &&
              GetLastError() == ERROR_INVALID_SERVICE_CONTROL,
          "%lu", GetLastError());
    CHECK(ControlService(log, SERVICE_CONTROL_INTERROGATE, &status), "%lu", GetLastError());
    CloseServiceHandle(log);
}

static void test_delete(void)
{
    SC_HANDLE again;
    CHECK(DeleteService(service), "%lu", GetLastError());
    CHECK(!DeleteService(service) && GetLastError() == ERROR_SERVICE_MARKED_FOR_DELETE, "%lu",
          GetLastError());
    again = OpenServiceA(manager, name, SERVICE_QUERY_STATUS);
    CHECK(again != NULL, "it stays while it is open: %lu", GetLastError());
    CHECK(CloseServiceHandle(again), "%lu", GetLastError());
    CHECK(CloseServiceHandle(service), "%lu", GetLastError());
    CHECK(!CloseServiceHandle(service) && GetLastError() == ERROR_INVALID_HANDLE, "%lu", GetLastError());
    CHECK(!OpenServiceA(manager, name, SERVICE_QUERY_STATUS) &&
              GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST,
          "%lu", GetLastError());
}

int main(int argc, char **argv)
{
    char program[MAX_PATH];
    if (argc > 1 && !strcmp(argv[1], "open")) return !OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
    if (argc > 1) return run_service();
    CHECK(run_service() == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT, "it was not started as a service");
    GetModuleFileNameA(NULL, program, sizeof program);
    manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    CHECK(manager != NULL, "%lu", GetLastError());
    test_install(program);
    test_run();
    test_failures();
    test_automatic(program);
    test_restart();
    test_failure_actions();
    test_event_log();
    test_delete();
    CloseServiceHandle(manager);
    return check_summary();
}
