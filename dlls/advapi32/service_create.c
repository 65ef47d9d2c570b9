// Opening, making and deleting services.
#include "service_config.h"

HOTPATCH SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access)
{
    HKEY key;
    struct sc_object *object AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, SC_MANAGER_CONNECT);
    if (!object) return NULL;
    DWORD error = !name                         ? ERROR_INVALID_ADDRESS
                  : service_name_is_valid(name) ? ERROR_SUCCESS
                                                : ERROR_INVALID_NAME;
    // One that only waited for its last handle is gone.
    if (!error && service_delete_if_unused(name)) error = ERROR_SERVICE_DOES_NOT_EXIST;
    if (!error) error = service_open_key(name, KEY_ALL_ACCESS, &key);
    if (!error) return sc_new_service(name, key, access);
    SetLastError(error);
    return NULL;
}

HOTPATCH SC_HANDLE WINAPI OpenServiceA(SC_HANDLE manager, LPCSTR name, DWORD access)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(name);
    if (conversion_failed(name, wide)) return NULL;
    return OpenServiceW(manager, wide, access);
}

// ---- making ----

struct new_service {
    const WCHAR *name, *display, *path, *group, *dependencies, *account;
    DWORD type, start, error;
};

static DWORD check_new(const struct new_service *service)
{
    if (!service_name_is_valid(service->name)) return ERROR_INVALID_NAME;
    if (!*service->path || !service_types_are_valid(service->type, service->start, service->error))
        return ERROR_INVALID_PARAMETER;
    if (service->type & SERVICE_INTERACTIVE_PROCESS && service->account &&
        lstrcmpiW(service->account, L"LocalSystem"))
        return ERROR_INVALID_PARAMETER;
    return ERROR_SUCCESS;
}

// Dependencies come as one list; groups begin with a plus sign.
DWORD service_set_dependencies(HKEY key, const WCHAR *list)
{
    if (!list) return ERROR_SUCCESS;
    SIZE_T total = 1;
    for (const WCHAR *at = list; *at; at += lstrlenW(at) + 1) total += (SIZE_T)lstrlenW(at) + 1;
    WCHAR *services AUTO_FREE = heap_alloc(total * sizeof(WCHAR)), *s = services;
    WCHAR *groups AUTO_FREE = heap_alloc(total * sizeof(WCHAR)), *g = groups;
    if (!services || !groups) return ERROR_NOT_ENOUGH_MEMORY;
    for (const WCHAR *at = list; *at; at += lstrlenW(at) + 1) {
        bool group = *at == SC_GROUP_IDENTIFIERW;
        WCHAR **to = group ? &g : &s;
        copy_wide(*to, at + group);
        *to += lstrlenW(*to) + 1;
    }
    DWORD n = (DWORD)(s - services), m = (DWORD)(g - groups);
    DWORD error = service_set_text(key, L"DependOnService", REG_MULTI_SZ, services, n ? n + 1 : 0);
    return error ? error : service_set_text(key, L"DependOnGroup", REG_MULTI_SZ, groups, m ? m + 1 : 0);
}

DWORD service_set_string(HKEY key, const WCHAR *value, DWORD type, const WCHAR *text)
{
    return service_set_text(key, value, type, text, text && *text ? (DWORD)lstrlenW(text) + 1 : 0);
}

static DWORD fill_key(HKEY key, const struct new_service *service)
{
    DWORD error = service_set_number(key, L"Start", service->start);
    if (!error) error = service_set_number(key, L"ErrorControl", service->error);
    if (!error) error = service_set_string(key, L"ImagePath", REG_EXPAND_SZ, service->path);
    if (!error) error = service_set_string(key, L"DisplayName", REG_SZ, service->display);
    if (!error) error = service_set_string(key, L"Group", REG_SZ, service->group);
    if (!error) error = service_set_dependencies(key, service->dependencies);
    if (!error && service->type & SERVICE_WIN32)
        error = service_set_string(key, L"ObjectName", REG_SZ,
                                   service->account ? service->account : L"LocalSystem");
    // What makes it a service comes last.
    return error ? error : service_set_number(key, L"Type", service->type);
}

static DWORD make_key(const struct new_service *service, HKEY *key)
{
    WCHAR path[64 + SERVICE_NAME_MAX];
    DWORD disposition;
    lstrcpyW(path, L"System\\CurrentControlSet\\Services\\");
    lstrcatW(path, service->name);
    DWORD error =
        (DWORD)RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, key, &disposition);
    if (error) return error;
    error = fill_key(*key, service);
    if (error) {
        RegCloseKey(*key);
        if (disposition == REG_CREATED_NEW_KEY) RegDeleteTreeW(HKEY_LOCAL_MACHINE, path);
    }
    return error;
}

static DWORD create(const struct new_service *service, HKEY *key)
{
    HANDLE lock AUTO_SERVICE_LOCK = service_lock();
    if (!service_open_key(service->name, KEY_READ, key)) {
        bool deleted = service_is_deleted(*key);
        RegCloseKey(*key);
        return deleted ? ERROR_SERVICE_MARKED_FOR_DELETE : ERROR_SERVICE_EXISTS;
    }
    if (service_display_name_is_taken(service->name, service->display)) return ERROR_DUPLICATE_SERVICE_NAME;
    DWORD error = make_key(service, key);
    // It starts by itself from the next session on.
    if (!error && service->start == SERVICE_AUTO_START) service_state_note_new(service->name);
    return error;
}

HOTPATCH SC_HANDLE WINAPI CreateServiceW(SC_HANDLE manager, LPCWSTR name, LPCWSTR display, DWORD access,
                                         DWORD type, DWORD start, DWORD error_control, LPCWSTR path,
                                         LPCWSTR group, DWORD *tag, LPCWSTR dependencies, LPCWSTR account,
                                         LPCWSTR password)
{
    const struct new_service service = {name,    display, path,  group,        dependencies,
                                        account, type,    start, error_control};
    HKEY key;
    (void)password; // there is one user
    struct sc_object *any AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, 0);
    if (!any) return NULL;
    if (!name || !path) {
        SetLastError(ERROR_INVALID_ADDRESS);
        return NULL;
    }
    struct sc_object *object AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, SC_MANAGER_CREATE_SERVICE);
    if (!object) return NULL;
    DWORD error = check_new(&service);
    if (!error) service_delete_if_unused(name);
    if (!error) error = create(&service, &key);
    if (error) {
        SetLastError(error);
        return NULL;
    }
    if (tag) *tag = 0;
    return sc_new_service(name, key, access);
}

// A list of texts as UTF-16; NULL for NULL or without memory.
WCHAR *service_wide_list(const char *list)
{
    if (!list) return NULL;
    int size = 1;
    for (const char *at = list; *at; at += lstrlenA(at) + 1) size += lstrlenA(at) + 1;
    WCHAR *wide = heap_alloc((SIZE_T)(size + 1) * sizeof(WCHAR));
    if (wide) MultiByteToWideChar(CP_ACP, 0, list, size, wide, size);
    return wide;
}

HOTPATCH SC_HANDLE WINAPI CreateServiceA(SC_HANDLE manager, LPCSTR name, LPCSTR display, DWORD access,
                                         DWORD type, DWORD start, DWORD error_control, LPCSTR path,
                                         LPCSTR group, DWORD *tag, LPCSTR dependencies, LPCSTR account,
                                         LPCSTR password)
{
    WCHAR *wide_name AUTO_FREE = wide_from_ansi(name);
    WCHAR *wide_display AUTO_FREE = wide_from_ansi(display);
    WCHAR *wide_path AUTO_FREE = wide_from_ansi(path);
    WCHAR *wide_group AUTO_FREE = wide_from_ansi(group);
    WCHAR *wide_dependencies AUTO_FREE = service_wide_list(dependencies);
    WCHAR *wide_account AUTO_FREE = wide_from_ansi(account);
    (void)password;
    if (conversion_failed(name, wide_name) || conversion_failed(display, wide_display) ||
        conversion_failed(path, wide_path) || conversion_failed(group, wide_group) ||
        conversion_failed(dependencies, wide_dependencies) || conversion_failed(account, wide_account))
        return NULL;
    return CreateServiceW(manager, wide_name, wide_display, access, type, start, error_control, wide_path,
                          wide_group, tag, wide_dependencies, wide_account, NULL);
}

// ---- deleting: it happens when nobody has the service open and it has stopped ----

HOTPATCH BOOL WINAPI DeleteService(SC_HANDLE handle)
{
    struct sc_object *object AUTO_SC = sc_resolve(handle, SC_KIND_SERVICE, DELETE);
    if (!object) return FALSE;
    HANDLE lock AUTO_SERVICE_LOCK = service_lock();
    if (service_is_deleted(object->key)) return fail_with(ERROR_SERVICE_MARKED_FOR_DELETE);
    DWORD error = service_set_number(object->key, L"DeleteFlag", 1);
    return error ? fail_with(error) : TRUE;
}
