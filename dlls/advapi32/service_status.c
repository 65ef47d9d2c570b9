// What services are doing, and their names.
#include "service.h"

HOTPATCH BOOL WINAPI QueryServiceStatus(SC_HANDLE handle, SERVICE_STATUS *status)
{
    struct service_state state;
    struct sc_object *any AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, 0);
    if (!any) return FALSE;
    if (!status) return fail_with(ERROR_INVALID_ADDRESS);
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, SERVICE_QUERY_STATUS);
    if (!object) return FALSE;
    service_failure_act(object->name, object->key);
    service_state_get(object->name, object->key, &state);
    *status = state.status;
    return TRUE;
}

// A state as the larger structure has it.
static void fill_process_status(const struct service_state *state, SERVICE_STATUS_PROCESS *out)
{
    memset(out, 0, sizeof(*out));
    memcpy(out, &state->status, sizeof(state->status)); // it begins alike
    out->dwProcessId = state->process;
}

HOTPATCH BOOL WINAPI QueryServiceStatusEx(SC_HANDLE handle, SC_STATUS_TYPE level, BYTE *buffer, DWORD size,
                                          DWORD *needed)
{
    struct service_state state;
    if (level != SC_STATUS_PROCESS_INFO) return fail_with(ERROR_INVALID_LEVEL);
    if (!needed) return fail_with(ERROR_INVALID_ADDRESS);
    *needed = sizeof(SERVICE_STATUS_PROCESS);
    if (size < sizeof(SERVICE_STATUS_PROCESS) || !buffer) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, SERVICE_QUERY_STATUS);
    if (!object) return FALSE;
    service_failure_act(object->name, object->key);
    service_state_get(object->name, object->key, &state);
    fill_process_status(&state, (SERVICE_STATUS_PROCESS *)buffer);
    return TRUE;
}

// ---- names ----

// How the two forms count and what they leave when they fail differs.
static BOOL put_name_w(const WCHAR *text, WCHAR *buffer, DWORD *size)
{
    DWORD length = (DWORD)lstrlenW(text);
    bool fits = buffer && *size > length;
    if (fits) copy_wide(buffer, text);
    if (!fits && buffer && *size) *buffer = 0;
    *size = length;
    return fits ? TRUE : fail_with(ERROR_INSUFFICIENT_BUFFER);
}

static BOOL put_name_a(const WCHAR *text, char *buffer, DWORD *size)
{
    DWORD length = ansi_size(text) - 1;
    if (buffer && *size > length)
        return WideCharToMultiByte(CP_ACP, 0, text, -1, buffer, (int)*size, NULL, NULL) != 0;
    if (buffer && *size) *buffer = 0;
    *size = 2 * (DWORD)lstrlenW(text);
    return fail_with(ERROR_INSUFFICIENT_BUFFER);
}

static BOOL no_name_w(DWORD error, WCHAR *buffer, DWORD *size)
{
    if (*size < 2)
        *size = 2;
    else if (buffer)
        *buffer = 0;
    return fail_with(error);
}

static BOOL no_name_a(DWORD error, char *buffer, DWORD *size)
{
    if (!buffer || !*size)
        *size = 1;
    else
        *buffer = 0;
    return fail_with(error);
}

// The display name of a service, or the name of the first service with a display name; on the process heap.
static DWORD find_name(SC_HANDLE manager, const WCHAR *name, bool display, WCHAR **found)
{
    HKEY key;
    WCHAR other[SERVICE_NAME_MAX + 1];
    *found = NULL;
    struct sc_object *object AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, SC_MANAGER_CONNECT);
    if (!object) return ERROR_INVALID_HANDLE;
    if (!name) return ERROR_INVALID_ADDRESS;
    if (display) {
        if (!service_name_is_valid(name) || service_open_key(name, KEY_READ, &key))
            return ERROR_SERVICE_DOES_NOT_EXIST;
        *found = service_display_name(key, name);
        RegCloseKey(key);
        return *found ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    for (DWORD i = 0; !service_at(i, other); i++) {
        if (service_open_key(other, KEY_READ, &key)) continue;
        WCHAR *candidate AUTO_FREE = service_display_name(key, other);
        RegCloseKey(key);
        if (!candidate || lstrcmpiW(candidate, name)) continue;
        *found = heap_alloc(sizeof(other));
        if (!*found) return ERROR_NOT_ENOUGH_MEMORY;
        copy_wide(*found, other);
        return ERROR_SUCCESS;
    }
    return ERROR_SERVICE_DOES_NOT_EXIST;
}

static BOOL get_name_w(SC_HANDLE manager, const WCHAR *name, bool display, WCHAR *buffer, DWORD *size)
{
    WCHAR *found;
    DWORD error = find_name(manager, name, display, &found);
    WCHAR *text AUTO_FREE = found;
    if (error == ERROR_SERVICE_DOES_NOT_EXIST) return no_name_w(error, buffer, size);
    return error ? fail_with(error) : put_name_w(text, buffer, size);
}

static BOOL get_name_a(SC_HANDLE manager, const char *name, bool display, char *buffer, DWORD *size)
{
    WCHAR *found;
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return FALSE;
    DWORD error = find_name(manager, wide, display, &found);
    WCHAR *text AUTO_FREE = found;
    if (error == ERROR_INVALID_ADDRESS && !buffer) *size = 1;
    if (error == ERROR_SERVICE_DOES_NOT_EXIST) return no_name_a(error, buffer, size);
    return error ? fail_with(error) : put_name_a(text, buffer, size);
}

HOTPATCH BOOL WINAPI GetServiceDisplayNameW(SC_HANDLE manager, LPCWSTR name, LPWSTR buffer, DWORD *size)
{
    return get_name_w(manager, name, true, buffer, size);
}

HOTPATCH BOOL WINAPI GetServiceDisplayNameA(SC_HANDLE manager, LPCSTR name, LPSTR buffer, DWORD *size)
{
    return get_name_a(manager, name, true, buffer, size);
}

HOTPATCH BOOL WINAPI GetServiceKeyNameW(SC_HANDLE manager, LPCWSTR display, LPWSTR buffer, DWORD *size)
{
    return get_name_w(manager, display, false, buffer, size);
}

HOTPATCH BOOL WINAPI GetServiceKeyNameA(SC_HANDLE manager, LPCSTR display, LPSTR buffer, DWORD *size)
{
    return get_name_a(manager, display, false, buffer, size);
}
