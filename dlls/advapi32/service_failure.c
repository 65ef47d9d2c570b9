// Failure actions. Nobody watches services: whoever comes across one whose process has died counts the
// failure, and whoever next asks about it once the delay is over takes the action that its configuration has
// for it.
#include "service.h"

struct failure {
    DWORD count; // since the reset period last passed
    DWORD pending;
    FILETIME last;
};

static const ULONGLONG second = 10000000;

static ULONGLONG ticks_of(FILETIME time)
{
    return (ULONGLONG)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static ULONGLONG ticks_now(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return ticks_of(now);
}

// ---- what is known of failures: a value for each service, volatile as the states are ----

static DWORD failures_key(HKEY *key)
{
    HKEY states;
    DWORD error = service_state_key(&states);
    if (error) return error;
    error = (DWORD)RegCreateKeyExW(states, L"Failures", 0, NULL, REG_OPTION_VOLATILE, KEY_ALL_ACCESS, NULL,
                                   key, NULL);
    RegCloseKey(states);
    return error;
}

static bool read_failure(const WCHAR *name, struct failure *failure)
{
    HKEY key;
    DWORD size = sizeof(*failure);
    memset(failure, 0, sizeof(*failure));
    if (failures_key(&key)) return false;
    bool known =
        !RegGetValueW(key, NULL, name, RRF_RT_REG_BINARY, NULL, failure, &size) && size == sizeof(*failure);
    RegCloseKey(key);
    if (!known) memset(failure, 0, sizeof(*failure));
    return known;
}

static void write_failure(const WCHAR *name, const struct failure *failure)
{
    HKEY key;
    if (failures_key(&key)) return;
    RegSetValueExW(key, name, 0, REG_BINARY, (const BYTE *)failure, sizeof(*failure));
    RegCloseKey(key);
}

// ---- counting ----

void service_failure_note(const WCHAR *name, HKEY key)
{
    struct failure failure;
    struct service_failure_action action;
    ULONGLONG now = ticks_now();
    if (!service_failure_action(key, 0, &action)) return; // it has none
    read_failure(name, &failure);
    if (action.reset_period != INFINITE && now - ticks_of(failure.last) > action.reset_period * second)
        failure.count = 0;
    failure.count++;
    failure.pending = 1;
    failure.last = (FILETIME){(DWORD)now, (DWORD)(now >> 32)};
    write_failure(name, &failure);
}

// ---- acting ----

static void run_command(HKEY key)
{
    STARTUPINFOW startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION made;
    WCHAR *command AUTO_FREE = service_text(key, L"FailureCommand", NULL);
    if (!command || !*command) return;
    if (!CreateProcessW(NULL, command, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &startup, &made))
        return;
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
}

// Whether the action for the last failure is to be taken now.
static bool is_due(const WCHAR *name, HKEY key, struct failure *failure,
                   struct service_failure_action *action)
{
    const ULONGLONG millisecond = second / 1000;
    return service_failure_action(key, 0, action) && read_failure(name, failure) && failure->pending &&
           service_failure_action(key, failure->count - 1, action) &&
           ticks_now() - ticks_of(failure->last) >= action->delay * millisecond;
}

void service_failure_settle(const WCHAR *name)
{
    struct failure failure;
    if (!read_failure(name, &failure) || !failure.pending) return;
    failure.pending = 0;
    write_failure(name, &failure);
}

void service_failure_act(const WCHAR *name, HKEY key)
{
    struct failure failure;
    struct service_failure_action action;
    if (!is_due(name, key, &failure, &action)) return;
    HANDLE lock AUTO_SERVICE_LOCK = service_lock_soon();
    if (!lock || !is_due(name, key, &failure, &action)) return;
    failure.pending = 0;
    write_failure(name, &failure);
    // The host isn't rebooted for a service's sake.
    if (action.type == SC_ACTION_RESTART) service_restart(name, key);
    if (action.type == SC_ACTION_RUN_COMMAND) run_command(key);
}

void service_failure_forget(const WCHAR *name)
{
    HKEY key;
    if (failures_key(&key)) return;
    RegDeleteValueW(key, name);
    RegCloseKey(key);
}
