// Optional configuration of services: a description, failure actions, privileges, and numbers.
#include "service_config.h"

static const struct number {
    DWORD level;
    const WCHAR *value;
    DWORD missing, largest;
} numbers[] = {
    {SERVICE_CONFIG_DELAYED_AUTO_START_INFO, L"DelayedAutostart", 0, 1},
    {SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, L"FailureActionsOnNonCrashFailures", 0, 1},
    {SERVICE_CONFIG_SERVICE_SID_INFO, L"ServiceSidType", SERVICE_SID_TYPE_NONE, SERVICE_SID_TYPE_RESTRICTED},
    {SERVICE_CONFIG_PRESHUTDOWN_INFO, L"PreshutdownTimeout", 10000, MAXDWORD},
    {SERVICE_CONFIG_LAUNCH_PROTECTED, L"LaunchProtected", 0, 3},
};

static const struct number *number_of_level(DWORD level)
{
    for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
        if (numbers[i].level == level) return &numbers[i];
    return NULL;
}

// ---- texts ----

// Copies one text to *at in the form that ansi says and moves on; NULL for NULL.
static WCHAR *put_text(BYTE **at, const WCHAR *text, DWORD units, bool ansi)
{
    WCHAR *place = (WCHAR *)*at;
    if (!units) return NULL;
    if (ansi)
        WideCharToMultiByte(CP_ACP, 0, text, (int)units, (char *)place, (int)(units * sizeof(WCHAR)), NULL,
                            NULL);
    else
        memcpy(place, text, units * sizeof(WCHAR));
    *at += units * sizeof(WCHAR);
    return place;
}

// Its units with the end; 0 for none.
static DWORD text_units(const WCHAR *text)
{
    return text && *text ? (DWORD)lstrlenW(text) + 1 : 0;
}

static BOOL query_description(const struct sc_object *object, BYTE *buffer, DWORD size, DWORD *needed,
                              bool ansi)
{
    WCHAR *text AUTO_FREE = service_text(object->key, L"Description", NULL);
    DWORD units = text_units(text);
    SERVICE_DESCRIPTIONW *out = (SERVICE_DESCRIPTIONW *)buffer;
    *needed = sizeof(*out) + units * sizeof(WCHAR);
    if (size < *needed || !buffer) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    BYTE *at = (BYTE *)(out + 1);
    out->lpDescription = put_text(&at, text, units, ansi);
    return TRUE;
}

static BOOL query_privileges(const struct sc_object *object, BYTE *buffer, DWORD size, DWORD *needed,
                             bool ansi)
{
    DWORD units;
    WCHAR *list AUTO_FREE = service_text(object->key, L"RequiredPrivileges", &units);
    SERVICE_REQUIRED_PRIVILEGES_INFOW *out = (SERVICE_REQUIRED_PRIVILEGES_INFOW *)buffer;
    if (units) units += 2; // both ends
    *needed = sizeof(*out) + units * sizeof(WCHAR);
    if (size < *needed || !buffer) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    BYTE *at = (BYTE *)(out + 1);
    out->pmszRequiredPrivileges = put_text(&at, list, units, ansi);
    return TRUE;
}

static DWORD set_privileges(HKEY key, const WCHAR *list)
{
    DWORD units = 0;
    if (!list) return ERROR_SUCCESS;
    while (list[units]) units += (DWORD)lstrlenW(list + units) + 1;
    return service_set_text(key, L"RequiredPrivileges", REG_MULTI_SZ, list, units ? units + 1 : 0);
}

// ---- failure actions: the value is the structure as 32-bit Windows has it, with its actions behind it ----

enum { ACTIONS_MAX = 64 };

struct failure_value {
    DWORD reset_period, has_message, has_command, count, offset;
    SC_ACTION actions[ACTIONS_MAX];
};

// What is kept; none: all zero. What is malformed counts as none.
static void read_failure_actions(HKEY key, struct failure_value *value)
{
    const DWORD head = FIELD_OFFSET(struct failure_value, actions);
    DWORD size = sizeof(*value);
    memset(value, 0, sizeof(*value));
    LSTATUS error = RegGetValueW(key, NULL, L"FailureActions", RRF_RT_REG_BINARY, NULL, value, &size);
    bool whole = !error && size >= head && value->offset == head && value->count <= ACTIONS_MAX &&
                 size >= head + value->count * sizeof(SC_ACTION);
    if (!whole) memset(value, 0, sizeof(*value));
}

bool service_failure_action(HKEY key, DWORD index, struct service_failure_action *action)
{
    struct failure_value value;
    read_failure_actions(key, &value);
    if (!value.count) return false;
    const SC_ACTION *found = &value.actions[index < value.count ? index : value.count - 1];
    *action = (struct service_failure_action){(DWORD)found->Type, found->Delay, value.reset_period};
    return true;
}

static BOOL query_failure_actions(const struct sc_object *object, BYTE *buffer, DWORD size, DWORD *needed,
                                  bool ansi)
{
    struct failure_value value;
    SERVICE_FAILURE_ACTIONSW *out = (SERVICE_FAILURE_ACTIONSW *)buffer;
    WCHAR *message AUTO_FREE = service_text(object->key, L"RebootMessage", NULL);
    WCHAR *command AUTO_FREE = service_text(object->key, L"FailureCommand", NULL);
    read_failure_actions(object->key, &value);
    DWORD actions = value.count * sizeof(SC_ACTION);
    *needed = sizeof(*out) + actions + (text_units(message) + text_units(command)) * sizeof(WCHAR);
    if (size < *needed || !buffer) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    BYTE *at = (BYTE *)(out + 1);
    out->dwResetPeriod = value.reset_period;
    out->cActions = value.count;
    out->lpsaActions = value.count ? (SC_ACTION *)at : NULL;
    memcpy(at, value.actions, actions);
    at += actions;
    out->lpRebootMsg = put_text(&at, message, text_units(message), ansi);
    out->lpCommand = put_text(&at, command, text_units(command), ansi);
    return TRUE;
}

static DWORD write_failure_actions(HKEY key, const SERVICE_FAILURE_ACTIONSW *info)
{
    struct failure_value value = {.reset_period = info->dwResetPeriod, .count = info->cActions};
    value.offset = FIELD_OFFSET(struct failure_value, actions);
    if (!info->cActions) {
        DWORD error = (DWORD)RegDeleteValueW(key, L"FailureActions");
        return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
    }
    memcpy(value.actions, info->lpsaActions, info->cActions * sizeof(SC_ACTION));
    return (DWORD)RegSetValueExW(key, L"FailureActions", 0, REG_BINARY, (const BYTE *)&value,
                                 value.offset + info->cActions * sizeof(SC_ACTION));
}

// Who may not start a service may not have it started.
static DWORD check_failure_actions(const struct sc_object *object, const SERVICE_FAILURE_ACTIONSW *info)
{
    if (info->cActions > ACTIONS_MAX) return ERROR_INVALID_PARAMETER;
    for (DWORD i = 0; i < info->cActions; i++) {
        if ((DWORD)info->lpsaActions[i].Type > SC_ACTION_RUN_COMMAND) return ERROR_INVALID_PARAMETER;
        if (info->lpsaActions[i].Type == SC_ACTION_RESTART && !(object->access & SERVICE_START))
            return ERROR_ACCESS_DENIED;
    }
    return ERROR_SUCCESS;
}

static DWORD set_failure_actions(const struct sc_object *object, const SERVICE_FAILURE_ACTIONSW *info)
{
    DWORD error = info->lpsaActions ? check_failure_actions(object, info) : ERROR_SUCCESS;
    if (!error && info->lpsaActions) error = write_failure_actions(object->key, info);
    if (!error) error = service_set_string(object->key, L"RebootMessage", REG_SZ, info->lpRebootMsg);
    return error ? error : service_set_string(object->key, L"FailureCommand", REG_SZ, info->lpCommand);
}

// ---- the calls ----

static bool level_is_known(DWORD level)
{
    return level == SERVICE_CONFIG_DESCRIPTION || level == SERVICE_CONFIG_FAILURE_ACTIONS ||
           level == SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO || number_of_level(level);
}

static BOOL query_config2(SC_HANDLE handle, DWORD level, BYTE *buffer, DWORD size, DWORD *needed, bool ansi)
{
    if (!level_is_known(level)) return fail_with(ERROR_INVALID_LEVEL);
    if (!needed || (!buffer && size)) return fail_with(ERROR_INVALID_ADDRESS);
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, SERVICE_QUERY_CONFIG);
    if (!object) return FALSE;
    switch (level) {
    case SERVICE_CONFIG_DESCRIPTION: return query_description(object, buffer, size, needed, ansi);
    case SERVICE_CONFIG_FAILURE_ACTIONS: return query_failure_actions(object, buffer, size, needed, ansi);
    case SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO: return query_privileges(object, buffer, size, needed, ansi);
    default: break;
    }
    const struct number *number = number_of_level(level);
    *needed = sizeof(DWORD);
    if (size < *needed) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    *(DWORD *)buffer = service_number(object->key, number->value, number->missing);
    return TRUE;
}

HOTPATCH BOOL WINAPI QueryServiceConfig2W(SC_HANDLE handle, DWORD level, BYTE *buffer, DWORD size,
                                          DWORD *needed)
{
    return query_config2(handle, level, buffer, size, needed, false);
}

HOTPATCH BOOL WINAPI QueryServiceConfig2A(SC_HANDLE handle, DWORD level, BYTE *buffer, DWORD size,
                                          DWORD *needed)
{
    return query_config2(handle, level, buffer, size, needed, true);
}

static DWORD set_number(HKEY key, const struct number *number, DWORD value)
{
    return value > number->largest ? ERROR_INVALID_PARAMETER : service_set_number(key, number->value, value);
}

HOTPATCH BOOL WINAPI ChangeServiceConfig2W(SC_HANDLE handle, DWORD level, void *info)
{
    DWORD error;
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, SERVICE_CHANGE_CONFIG);
    if (!object) return FALSE;
    if (!info) return TRUE; // no change
    if (!level_is_known(level)) return fail_with(ERROR_INVALID_LEVEL);
    switch (level) {
    case SERVICE_CONFIG_DESCRIPTION:
        error = service_set_string(object->key, L"Description", REG_SZ,
                                   ((SERVICE_DESCRIPTIONW *)info)->lpDescription);
        break;
    case SERVICE_CONFIG_FAILURE_ACTIONS: error = set_failure_actions(object, info); break;
    case SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO:
        error =
            set_privileges(object->key, ((SERVICE_REQUIRED_PRIVILEGES_INFOW *)info)->pmszRequiredPrivileges);
        break;
    default: error = set_number(object->key, number_of_level(level), *(DWORD *)info);
    }
    return error ? fail_with(error) : TRUE;
}

static BOOL change_failure_actions_a(SC_HANDLE handle, const SERVICE_FAILURE_ACTIONSA *info)
{
    WCHAR *message AUTO_FREE = wide_from_ansi(info->lpRebootMsg);
    WCHAR *command AUTO_FREE = wide_from_ansi(info->lpCommand);
    if (conversion_failed(info->lpRebootMsg, message) || conversion_failed(info->lpCommand, command))
        return FALSE;
    SERVICE_FAILURE_ACTIONSW wide = {info->dwResetPeriod, message, command, info->cActions,
                                     info->lpsaActions};
    return ChangeServiceConfig2W(handle, SERVICE_CONFIG_FAILURE_ACTIONS, &wide);
}

// A structure that is one text, or one list of them.
static BOOL change_text_a(SC_HANDLE handle, DWORD level, const char *text)
{
    WCHAR *wide AUTO_FREE =
        level == SERVICE_CONFIG_DESCRIPTION ? wide_from_ansi(text) : service_wide_list(text);
    if (conversion_failed(text, wide)) return FALSE;
    SERVICE_DESCRIPTIONW info = {wide};
    return ChangeServiceConfig2W(handle, level, &info);
}

HOTPATCH BOOL WINAPI ChangeServiceConfig2A(SC_HANDLE handle, DWORD level, void *info)
{
    switch (info ? level : 0) {
    case SERVICE_CONFIG_DESCRIPTION:
    case SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO:
        return change_text_a(handle, level, ((SERVICE_DESCRIPTIONA *)info)->lpDescription);
    case SERVICE_CONFIG_FAILURE_ACTIONS: return change_failure_actions_a(handle, info);
    default: return ChangeServiceConfig2W(handle, level, info);
    }
}
