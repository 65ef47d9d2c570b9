// Asking for and changing the configuration of services.
#include "service_config.h"

enum { TEXTS = 5 };

// A configuration out of the database. Texts are on the process heap.
struct config {
    DWORD type, start, error, tag;
    WCHAR *texts[TEXTS]; // path, group, dependencies, account, display name: in the order of the structure
    DWORD units[TEXTS];  // with their ends
};

static void config_free(struct config *config)
{
    for (int i = 0; i < TEXTS; i++) heap_free(config->texts[i]);
}
#define AUTO_CONFIG __attribute__((cleanup(config_free)))

// Text as programs see it: without variables.
static WCHAR *expand(WCHAR *text)
{
    if (!text) return NULL;
    DWORD size = ExpandEnvironmentStringsW(text, NULL, 0);
    WCHAR *expanded = heap_alloc((size + 1) * sizeof(WCHAR));
    if (expanded) ExpandEnvironmentStringsW(text, expanded, size);
    heap_free(text);
    return expanded;
}

// Services, then groups with their sign.
static WCHAR *read_dependencies(HKEY key, DWORD *units)
{
    DWORD n, m, groups = 0;
    WCHAR *services AUTO_FREE = service_text(key, L"DependOnService", &n);
    WCHAR *of_groups AUTO_FREE = service_text(key, L"DependOnGroup", &m);
    for (const WCHAR *at = of_groups; at && *at; at += lstrlenW(at) + 1) groups++;
    WCHAR *list = heap_alloc((n + m + groups + 4) * sizeof(WCHAR)), *to = list;
    if (!list) return NULL;
    if (n) memcpy(to, services, n * sizeof(WCHAR));
    if (n) to += n + 1;
    for (const WCHAR *at = of_groups; at && *at; at += lstrlenW(at) + 1) {
        *to++ = SC_GROUP_IDENTIFIERW;
        copy_wide(to, at);
        to += lstrlenW(to) + 1;
    }
    *units = (DWORD)(to - list) + 1;
    return list;
}

static DWORD config_read(const struct sc_object *object, struct config *config)
{
    HKEY key = object->key;
    memset(config, 0, sizeof(*config));
    config->type = service_number(key, L"Type", 0);
    config->start = service_number(key, L"Start", SERVICE_DEMAND_START);
    config->error = service_number(key, L"ErrorControl", SERVICE_ERROR_NORMAL);
    config->tag = service_number(key, L"Tag", 0);
    config->texts[0] = expand(service_text(key, L"ImagePath", NULL));
    config->texts[1] = service_text(key, L"Group", NULL);
    config->texts[2] = read_dependencies(key, &config->units[2]);
    config->texts[3] = service_text(key, L"ObjectName", NULL);
    config->texts[4] = service_display_name(key, object->name);
    for (int i = 0; i < TEXTS; i++) {
        if (!config->texts[i]) config->texts[i] = heap_alloc(2 * sizeof(WCHAR)); // an empty one
        if (!config->texts[i]) return ERROR_NOT_ENOUGH_MEMORY;
        if (i != 2) config->units[i] = (DWORD)lstrlenW(config->texts[i]) + 1;
    }
    return ERROR_SUCCESS;
}

static BOOL query_config(SC_HANDLE handle, QUERY_SERVICE_CONFIGW *out, DWORD size, DWORD *needed, bool ansi)
{
    struct config config AUTO_CONFIG;
    memset(&config, 0, sizeof(config));
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, SERVICE_QUERY_CONFIG);
    if (!object) return FALSE;
    if (!needed) return fail_with(ERROR_INVALID_ADDRESS);
    DWORD error = config_read(object, &config);
    if (error) return fail_with(error);
    DWORD total = sizeof(*out);
    for (int i = 0; i < TEXTS; i++) total += config.units[i] * sizeof(WCHAR);
    *needed = total; // the same for both forms
    if (size < total || !out) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    WCHAR **const places[TEXTS] = {&out->lpBinaryPathName, &out->lpLoadOrderGroup, &out->lpDependencies,
                                   &out->lpServiceStartName, &out->lpDisplayName};
    BYTE *at = (BYTE *)(out + 1);
    for (int i = 0; i < TEXTS; i++) {
        DWORD bytes = config.units[i] * sizeof(WCHAR);
        *places[i] = (WCHAR *)at;
        if (ansi)
            WideCharToMultiByte(CP_ACP, 0, config.texts[i], (int)config.units[i], (char *)at, (int)bytes,
                                NULL, NULL);
        else
            memcpy(at, config.texts[i], bytes);
        at += bytes;
    }
    out->dwServiceType = config.type;
    out->dwStartType = config.start;
    out->dwErrorControl = config.error;
    out->dwTagId = config.tag;
    return TRUE;
}

HOTPATCH BOOL WINAPI QueryServiceConfigW(SC_HANDLE handle, QUERY_SERVICE_CONFIGW *config, DWORD size,
                                         DWORD *needed)
{
    return query_config(handle, config, size, needed, false);
}

HOTPATCH BOOL WINAPI QueryServiceConfigA(SC_HANDLE handle, QUERY_SERVICE_CONFIGA *config, DWORD size,
                                         DWORD *needed)
{
    return query_config(handle, (QUERY_SERVICE_CONFIGW *)config, size, needed, true);
}

// ---- changing ----

static DWORD change_numbers(HKEY key, DWORD type, DWORD start, DWORD error_control)
{
    DWORD new_type = type == SERVICE_NO_CHANGE ? service_number(key, L"Type", 0) : type;
    DWORD new_start = start == SERVICE_NO_CHANGE ? service_number(key, L"Start", 0) : start;
    DWORD new_error =
        error_control == SERVICE_NO_CHANGE ? service_number(key, L"ErrorControl", 0) : error_control;
    if (!service_types_are_valid(new_type, new_start, new_error)) return ERROR_INVALID_PARAMETER;
    DWORD error = service_set_number(key, L"Type", new_type);
    if (!error) error = service_set_number(key, L"Start", new_start);
    return error ? error : service_set_number(key, L"ErrorControl", new_error);
}

HOTPATCH BOOL WINAPI ChangeServiceConfigW(SC_HANDLE handle, DWORD type, DWORD start, DWORD error_control,
                                          LPCWSTR path, LPCWSTR group, DWORD *tag, LPCWSTR dependencies,
                                          LPCWSTR account, LPCWSTR password, LPCWSTR display)
{
    (void)password;
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, SERVICE_CHANGE_CONFIG);
    if (!object) return FALSE;
    HANDLE lock AUTO_SERVICE_LOCK = service_lock();
    HKEY key = object->key;
    if (service_is_deleted(key)) return fail_with(ERROR_SERVICE_MARKED_FOR_DELETE);
    if (service_display_name_is_taken(object->name, display)) return fail_with(ERROR_DUPLICATE_SERVICE_NAME);
    const bool was_automatic = service_number(key, L"Start", SERVICE_DEMAND_START) == SERVICE_AUTO_START;
    DWORD error = change_numbers(key, type, start, error_control);
    if (!error) error = service_set_string(key, L"ImagePath", REG_EXPAND_SZ, path);
    if (!error) error = service_set_string(key, L"Group", REG_SZ, group);
    if (!error) error = service_set_dependencies(key, dependencies);
    if (!error) error = service_set_string(key, L"ObjectName", REG_SZ, account);
    if (!error) error = service_set_string(key, L"DisplayName", REG_SZ, display);
    if (!error && start == SERVICE_AUTO_START && !was_automatic) error = service_state_note_new(object->name);
    if (!error && tag) *tag = service_number(key, L"Tag", 0);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI ChangeServiceConfigA(SC_HANDLE handle, DWORD type, DWORD start, DWORD error_control,
                                          LPCSTR path, LPCSTR group, DWORD *tag, LPCSTR dependencies,
                                          LPCSTR account, LPCSTR password, LPCSTR display)
{
    WCHAR *wide_path AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_group AUTO_FREE = wide_from_ansi(group);
    WCHAR *wide_dependencies AUTO_FREE = service_wide_list(dependencies);
    WCHAR *wide_account AUTO_FREE = wide_from_ansi(account);
    WCHAR *wide_display AUTO_FREE = wide_from_ansi(display);
    (void)password;
    if (conversion_failed(path, wide_path) || conversion_failed(group, wide_group) ||
        conversion_failed(dependencies, wide_dependencies) || conversion_failed(account, wide_account) ||
        conversion_failed(display, wide_display))
        return FALSE;
    return ChangeServiceConfigW(handle, type, start, error_control, wide_path, wide_group, tag,
                                wide_dependencies, wide_account, NULL, wide_display);
}
