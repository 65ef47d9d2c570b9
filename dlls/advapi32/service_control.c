// Controlling services that run.
#include "service.h"

// The right that a control takes, and the bit by which a service accepts it (0: always). False for one that
// programs may not send.
static bool describe_control(DWORD control, ACCESS_MASK *access, DWORD *accepted)
{
    *accepted = 0;
    switch (control) {
    case SERVICE_CONTROL_STOP:
        *access = SERVICE_STOP;
        *accepted = SERVICE_ACCEPT_STOP;
        return true;
    case SERVICE_CONTROL_PAUSE:
    case SERVICE_CONTROL_CONTINUE:
        *access = SERVICE_PAUSE_CONTINUE;
        *accepted = SERVICE_ACCEPT_PAUSE_CONTINUE;
        return true;
    case SERVICE_CONTROL_INTERROGATE: *access = SERVICE_INTERROGATE; return true;
    case SERVICE_CONTROL_PARAMCHANGE:
        *access = SERVICE_PAUSE_CONTINUE;
        *accepted = SERVICE_ACCEPT_PARAMCHANGE;
        return true;
    case SERVICE_CONTROL_NETBINDADD:
    case SERVICE_CONTROL_NETBINDREMOVE:
    case SERVICE_CONTROL_NETBINDENABLE:
    case SERVICE_CONTROL_NETBINDDISABLE:
        *access = SERVICE_PAUSE_CONTINUE;
        *accepted = SERVICE_ACCEPT_NETBINDCHANGE;
        return true;
    default: *access = SERVICE_USER_DEFINED_CONTROL; return control >= 128 && control <= 255;
    }
}

static bool has_running_dependents(SC_HANDLE handle)
{
    DWORD needed, count;
    SetLastError(ERROR_SUCCESS);
    return !EnumDependentServicesW(handle, SERVICE_ACTIVE, NULL, 0, &needed, &count) &&
           GetLastError() == ERROR_MORE_DATA;
}

static DWORD may_control(const struct service_state *state, DWORD control, DWORD accepted)
{
    switch (state->status.dwCurrentState) {
    case SERVICE_STOPPED: return ERROR_SERVICE_NOT_ACTIVE;
    case SERVICE_START_PENDING: // it may have said already that it can be stopped
        if (control == SERVICE_CONTROL_STOP && state->status.dwControlsAccepted & accepted)
            return ERROR_SUCCESS;
        return control == SERVICE_CONTROL_INTERROGATE ? ERROR_SUCCESS : ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    case SERVICE_STOP_PENDING: return ERROR_SERVICE_CANNOT_ACCEPT_CTRL;
    default:
        return (state->status.dwControlsAccepted & accepted) == accepted ? ERROR_SUCCESS
                                                                         : ERROR_INVALID_SERVICE_CONTROL;
    }
}

static DWORD send_control(const struct sc_object *object, DWORD process, DWORD control)
{
    if (service_is_builtin(object->name))
        return control == SERVICE_CONTROL_INTERROGATE ? ERROR_SUCCESS : ERROR_INVALID_SERVICE_CONTROL;
    struct service_request *request AUTO_FREE = heap_alloc(sizeof(*request));
    if (!request) return ERROR_NOT_ENOUGH_MEMORY;
    request->control = control;
    request->own_process = service_number(object->key, L"Type", 0) & SERVICE_WIN32_OWN_PROCESS;
    copy_wide(request->name, object->name);
    DWORD error = service_pipe_call(process, request);
    // Handlers answer so for whatever they have no special case for.
    return error == ERROR_CALL_NOT_IMPLEMENTED ? ERROR_SUCCESS : error;
}

// Controls a service and tells how it is then; *STATE is untouched where nothing is known of it yet.
static DWORD control_service(SC_HANDLE handle, DWORD control, struct service_state *state)
{
    ACCESS_MASK access;
    DWORD accepted;
    if (!describe_control(control, &access, &accepted)) return ERROR_INVALID_PARAMETER;
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, access);
    if (!object) return GetLastError();
    service_state_get(object->name, object->key, state);
    DWORD error = may_control(state, control, accepted);
    if (!error && control == SERVICE_CONTROL_STOP && has_running_dependents(handle))
        error = ERROR_DEPENDENT_SERVICES_RUNNING;
    if (error) return error;
    error = send_control(object, state->process, control);
    service_state_get(object->name, object->key, state);
    return error;
}

HOTPATCH BOOL WINAPI ControlService(SC_HANDLE handle, DWORD control, SERVICE_STATUS *status)
{
    struct service_state state = {};
    struct sc_object *any AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, 0);
    if (!any) return FALSE;
    if (!status) return fail_with(ERROR_INVALID_ADDRESS);
    DWORD error = control_service(handle, control, &state);
    if (state.status.dwServiceType) *status = state.status;
    return error ? fail_with(error) : TRUE;
}

// A reason has one general code, a major and a minor one.
static bool reason_is_valid(DWORD reason)
{
    DWORD major = reason & 0x00ff0000, minor = reason & 0xffff, general = reason & 0xf0000000;
    if (general != SERVICE_STOP_REASON_FLAG_PLANNED && general != SERVICE_STOP_REASON_FLAG_UNPLANNED &&
        general != SERVICE_STOP_REASON_FLAG_CUSTOM)
        return false;
    if (major <= SERVICE_STOP_REASON_MAJOR_MIN || minor <= SERVICE_STOP_REASON_MINOR_MIN) return false;
    return (major < SERVICE_STOP_REASON_MAJOR_MAX || major >= SERVICE_STOP_REASON_MAJOR_MIN_CUSTOM) &&
           (minor < SERVICE_STOP_REASON_MINOR_MAX || minor >= SERVICE_STOP_REASON_MINOR_MIN_CUSTOM);
}

// The two forms differ in the comment alone, which no log keeps.
static BOOL control_with_reason(SC_HANDLE handle, DWORD control, DWORD level, DWORD reason,
                                DWORD comment_length, SERVICE_STATUS_PROCESS *status)
{
    enum { COMMENT_MAX = 127 };
    struct service_state state = {};
    if (level != SERVICE_CONTROL_STATUS_REASON_INFO) return fail_with(ERROR_INVALID_LEVEL);
    if (control == SERVICE_CONTROL_STOP && (!reason_is_valid(reason) || comment_length > COMMENT_MAX))
        return fail_with(ERROR_INVALID_PARAMETER);
    DWORD error = control_service(handle, control, &state);
    if (state.status.dwServiceType) {
        memset(status, 0, sizeof(*status));
        memcpy(status, &state.status, sizeof(state.status)); // it begins alike
        status->dwProcessId = state.process;
    }
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI ControlServiceExW(SC_HANDLE handle, DWORD control, DWORD level, void *parameters)
{
    SERVICE_CONTROL_STATUS_REASON_PARAMSW *p = parameters;
    if (!p) return fail_with(ERROR_INVALID_PARAMETER);
    return control_with_reason(handle, control, level, p->dwReason,
                               p->pszComment ? (DWORD)lstrlenW(p->pszComment) : 0, &p->ServiceStatus);
}

HOTPATCH BOOL WINAPI ControlServiceExA(SC_HANDLE handle, DWORD control, DWORD level, void *parameters)
{
    SERVICE_CONTROL_STATUS_REASON_PARAMSA *p = parameters;
    if (!p) return fail_with(ERROR_INVALID_PARAMETER);
    return control_with_reason(handle, control, level, p->dwReason,
                               p->pszComment ? (DWORD)lstrlenA(p->pszComment) : 0, &p->ServiceStatus);
}
