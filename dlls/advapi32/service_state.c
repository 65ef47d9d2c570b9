// What services are doing: a value for each in the volatile key Control\ServiceCurrent. Whoever runs a
// service writes it; it survives him, and who reads it looks whether he lives.
#include "service.h"

DWORD service_state_key(HKEY *key)
{
    return (DWORD)RegCreateKeyExW(HKEY_LOCAL_MACHINE, L"System\\CurrentControlSet\\Control\\ServiceCurrent",
                                  0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL, key, NULL);
}

HANDLE service_state_process(const struct service_state *state)
{
    FILETIME created, exited, kernel, user;
    if (!state->process) return NULL;
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE | PROCESS_TERMINATE, FALSE,
                                 state->process);
    if (!process) return NULL;
    // Ids are used again.
    if (GetProcessTimes(process, &created, &exited, &kernel, &user) &&
        created.dwLowDateTime == state->created.dwLowDateTime &&
        created.dwHighDateTime == state->created.dwHighDateTime &&
        WaitForSingleObject(process, 0) == WAIT_TIMEOUT)
        return process;
    CloseHandle(process);
    return NULL;
}

static bool read_state(const WCHAR *name, struct service_state *state)
{
    HKEY states;
    DWORD size = sizeof(*state);
    if (service_state_key(&states)) return false;
    bool known =
        !RegGetValueW(states, NULL, name, RRF_RT_REG_BINARY, NULL, state, &size) && size == sizeof(*state);
    RegCloseKey(states);
    return known;
}

// Writes down that a service's process has died, which is a failure; once, whoever else sees it too.
static void note_death(const WCHAR *name, HKEY key, DWORD process, const struct service_state *dead)
{
    struct service_state now;
    HANDLE lock AUTO_SERVICE_LOCK = service_lock_soon();
    if (!lock || !read_state(name, &now)) return;
    if (now.status.dwCurrentState == SERVICE_STOPPED || now.process != process) return;
    if (!service_state_set(name, dead)) service_failure_note(name, key);
}

void service_state_get(const WCHAR *name, HKEY key, struct service_state *state)
{
    if (service_is_builtin(name)) {
        service_builtin_state(state);
        state->status.dwServiceType = service_number(key, L"Type", SERVICE_WIN32_SHARE_PROCESS);
        return;
    }
    bool known = read_state(name, state);
    if (!known) {
        memset(state, 0, sizeof(*state));
        state->status.dwCurrentState = SERVICE_STOPPED;
        state->status.dwWin32ExitCode = ERROR_SERVICE_NEVER_STARTED;
    } else if (state->status.dwCurrentState != SERVICE_STOPPED) {
        HANDLE process = service_state_process(state);
        if (process) {
            CloseHandle(process);
        } else {
            DWORD dead = state->process;
            memset(state, 0, sizeof(*state));
            state->status.dwCurrentState = SERVICE_STOPPED;
            state->status.dwWin32ExitCode = ERROR_PROCESS_ABORTED;
            note_death(name, key, dead, state);
        }
    }
    if (state->status.dwCurrentState == SERVICE_STOPPED) state->process = 0;
    state->status.dwServiceType = service_number(key, L"Type", state->status.dwServiceType);
}

DWORD service_state_set(const WCHAR *name, const struct service_state *state)
{
    HKEY states;
    DWORD error = service_state_key(&states);
    if (error) return error;
    error = (DWORD)RegSetValueExW(states, name, 0, REG_BINARY, (const BYTE *)state, sizeof(*state));
    RegCloseKey(states);
    return error;
}

bool service_state_is_known(const WCHAR *name)
{
    HKEY states;
    if (service_state_key(&states)) return true;
    bool known = !RegQueryValueExW(states, name, NULL, NULL, NULL, NULL);
    RegCloseKey(states);
    return known;
}

DWORD service_state_note_new(const WCHAR *name)
{
    struct service_state state = {.process = 0};
    state.status.dwCurrentState = SERVICE_STOPPED;
    state.status.dwWin32ExitCode = ERROR_SERVICE_NEVER_STARTED;
    return service_state_is_known(name) ? ERROR_SUCCESS : service_state_set(name, &state);
}

void service_state_remove(const WCHAR *name)
{
    HKEY states;
    service_failure_forget(name);
    if (service_state_key(&states)) return;
    RegDeleteValueW(states, name);
    RegCloseKey(states);
}
