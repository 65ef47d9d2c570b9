// The database of services: HKEY_LOCAL_MACHINE\System\CurrentControlSet\Services, a key for each. What waits
// to be deleted has the value DeleteFlag there, as on Windows.
#include "service.h"

static const WCHAR services_path[] = L"System\\CurrentControlSet\\Services";

static HANDLE lock_within(DWORD milliseconds)
{
    HANDLE mutex = CreateMutexW(NULL, FALSE, L"Global\\LowlandServiceDatabase");
    if (!mutex || WaitForSingleObject(mutex, milliseconds) != WAIT_TIMEOUT) return mutex;
    CloseHandle(mutex);
    return NULL;
}

HANDLE service_lock(void)
{
    return lock_within(INFINITE);
}

HANDLE service_lock_soon(void)
{
    enum { SOON = 2000 };
    return lock_within(SOON);
}

void service_unlock(HANDLE *mutex)
{
    if (!*mutex) return;
    ReleaseMutex(*mutex);
    CloseHandle(*mutex);
    *mutex = NULL;
}

bool service_name_is_valid(const WCHAR *name)
{
    SIZE_T length = 0;
    for (; name[length]; length++)
        if (name[length] == '\\' || name[length] == '/' || length >= SERVICE_NAME_MAX) return false;
    return length != 0;
}

DWORD service_open_key(const WCHAR *name, REGSAM access, HKEY *key)
{
    HKEY services;
    DWORD type, size = sizeof(type);
    DWORD error = (DWORD)RegOpenKeyExW(HKEY_LOCAL_MACHINE, services_path, 0, KEY_READ, &services);
    if (error) return error;
    error = (DWORD)RegOpenKeyExW(services, name, 0, access | KEY_QUERY_VALUE, key);
    RegCloseKey(services);
    if (error) return error == ERROR_FILE_NOT_FOUND ? ERROR_SERVICE_DOES_NOT_EXIST : error;
    if (!RegGetValueW(*key, NULL, L"Type", RRF_RT_REG_DWORD, NULL, &type, &size)) return ERROR_SUCCESS;
    RegCloseKey(*key);
    return ERROR_SERVICE_DOES_NOT_EXIST;
}

DWORD service_at(DWORD index, WCHAR name[SERVICE_NAME_MAX + 1])
{
    HKEY services;
    DWORD size = SERVICE_NAME_MAX + 1;
    DWORD error = (DWORD)RegOpenKeyExW(HKEY_LOCAL_MACHINE, services_path, 0, KEY_READ, &services);
    if (error) return error;
    error = (DWORD)RegEnumKeyExW(services, index, name, &size, NULL, NULL, NULL, NULL);
    RegCloseKey(services);
    return error;
}

// ---- values ----

DWORD service_number(HKEY key, const WCHAR *value, DWORD missing)
{
    DWORD number, size = sizeof(number);
    return RegGetValueW(key, NULL, value, RRF_RT_REG_DWORD, NULL, &number, &size) ? missing : number;
}

WCHAR *service_text(HKEY key, const WCHAR *value, DWORD *units)
{
    DWORD type, size = 0, length;
    if (!units) units = &length;
    *units = 0;
    if (RegQueryValueExW(key, value, NULL, &type, NULL, &size)) return NULL;
    if (type != REG_SZ && type != REG_EXPAND_SZ && type != REG_MULTI_SZ) return NULL;
    WCHAR *text = heap_alloc(size + 3 * sizeof(WCHAR)); // zeroed
    if (!text) return NULL;
    if (RegQueryValueExW(key, value, NULL, &type, (BYTE *)text, &size)) {
        heap_free(text);
        return NULL;
    }
    *units = size / sizeof(WCHAR);
    while (*units && !text[*units - 1]) --*units;
    return text;
}

DWORD service_set_text(HKEY key, const WCHAR *value, DWORD type, const WCHAR *text, DWORD units)
{
    if (!text) return ERROR_SUCCESS;
    if (units) return (DWORD)RegSetValueExW(key, value, 0, type, (const BYTE *)text, units * sizeof(WCHAR));
    DWORD error = (DWORD)RegDeleteValueW(key, value);
    return error == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : error;
}

WCHAR *service_display_name(HKEY key, const WCHAR *name)
{
    WCHAR *display = service_text(key, L"DisplayName", NULL);
    if (display && *display) return display;
    heap_free(display);
    display = heap_alloc((DWORD)(lstrlenW(name) + 1) * sizeof(WCHAR));
    if (display) copy_wide(display, name);
    return display;
}

// ---- rules ----

bool service_types_are_valid(DWORD type, DWORD start, DWORD error)
{
    DWORD kind = type & ~(DWORD)SERVICE_INTERACTIVE_PROCESS;
    bool driver = kind == SERVICE_KERNEL_DRIVER || kind == SERVICE_FILE_SYSTEM_DRIVER;
    if (!driver && kind != SERVICE_WIN32_OWN_PROCESS && kind != SERVICE_WIN32_SHARE_PROCESS) return false;
    if (driver && type & SERVICE_INTERACTIVE_PROCESS) return false;
    if (start > SERVICE_DISABLED || (start <= SERVICE_SYSTEM_START && !driver)) return false;
    return error <= SERVICE_ERROR_CRITICAL;
}

bool service_display_name_is_taken(const WCHAR *name, const WCHAR *display)
{
    HKEY key;
    if (!display || !*display || !lstrcmpiW(name, display)) return false;
    if (!service_name_is_valid(display) || service_open_key(display, KEY_READ, &key)) return false;
    RegCloseKey(key);
    return true;
}

// ---- deletion ----

HANDLE service_presence(const WCHAR *name, bool create)
{
    static const WCHAR prefix[] = L"Global\\LowlandServiceOpen ";
    WCHAR whole[ARRAY_LENGTH(prefix) + SERVICE_NAME_MAX];
    memcpy(whole, prefix, sizeof(prefix));
    WCHAR *at = whole + ARRAY_LENGTH(prefix) - 1;
    while (*name) *at++ = RtlUpcaseUnicodeChar(*name++); // names of objects tell case apart
    *at = 0;
    return create ? CreateEventW(NULL, TRUE, FALSE, whole) : OpenEventW(SYNCHRONIZE, FALSE, whole);
}

static bool service_is_open(const WCHAR *name)
{
    HANDLE presence = service_presence(name, false);
    if (presence) CloseHandle(presence);
    return presence != NULL;
}

bool service_is_deleted(HKEY key)
{
    return service_number(key, L"DeleteFlag", 0) != 0;
}

bool service_delete_if_unused(const WCHAR *name)
{
    HKEY key, services;
    struct service_state state;
    HANDLE lock AUTO_SERVICE_LOCK = service_lock();
    if (service_open_key(name, KEY_READ, &key)) return false;
    bool deleted = service_is_deleted(key);
    if (deleted) service_state_get(name, key, &state);
    RegCloseKey(key);
    if (!deleted || state.status.dwCurrentState != SERVICE_STOPPED || service_is_open(name)) return false;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, services_path, 0, KEY_ALL_ACCESS, &services)) return false;
    deleted = RegDeleteTreeW(services, name) == ERROR_SUCCESS;
    RegCloseKey(services);
    if (deleted) service_state_remove(name);
    return deleted;
}
