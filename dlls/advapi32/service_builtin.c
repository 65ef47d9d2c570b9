// Services whose work this library does itself, in each process that wants it done: they run as long as
// anything does, and no program of theirs could be started or stopped.
#include "service.h"

static const WCHAR *const builtin[] = {L"EventLog"};

bool service_is_builtin(const WCHAR *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(builtin); i++)
        if (!lstrcmpiW(builtin[i], name)) return true;
    return false;
}

void service_builtin_state(struct service_state *state)
{
    memset(state, 0, sizeof(*state));
    state->status.dwCurrentState = SERVICE_RUNNING;
    state->status.dwControlsAccepted = SERVICE_ACCEPT_SHUTDOWN;
    state->process = GetCurrentProcessId();
}
