// Handles of the service control manager and of services.
#include "service.h"

static SRWLOCK lock = SRWLOCK_INIT;
static struct sc_object *objects;

static const GENERIC_MAPPING manager_mapping = {
    STANDARD_RIGHTS_READ | SC_MANAGER_ENUMERATE_SERVICE | SC_MANAGER_QUERY_LOCK_STATUS,
    STANDARD_RIGHTS_WRITE | SC_MANAGER_CREATE_SERVICE | SC_MANAGER_MODIFY_BOOT_CONFIG,
    STANDARD_RIGHTS_EXECUTE | SC_MANAGER_CONNECT | SC_MANAGER_LOCK,
    SC_MANAGER_ALL_ACCESS,
};

static const GENERIC_MAPPING service_mapping = {
    STANDARD_RIGHTS_READ | SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS | SERVICE_INTERROGATE |
        SERVICE_ENUMERATE_DEPENDENTS,
    STANDARD_RIGHTS_WRITE | SERVICE_CHANGE_CONFIG,
    STANDARD_RIGHTS_EXECUTE | SERVICE_START | SERVICE_STOP | SERVICE_PAUSE_CONTINUE |
        SERVICE_USER_DEFINED_CONTROL,
    SERVICE_ALL_ACCESS,
};

static ACCESS_MASK map_access(DWORD access, const GENERIC_MAPPING *mapping)
{
    ACCESS_MASK mask = access;
    if (mask & MAXIMUM_ALLOWED) mask |= mapping->GenericAll;
    RtlMapGenericMask(&mask, mapping);
    return mask & ~(ACCESS_MASK)MAXIMUM_ALLOWED;
}

struct sc_object *sc_resolve(SC_HANDLE handle, enum sc_kind kind, ACCESS_MASK access)
{
    AcquireSRWLockExclusive(&lock);
    struct sc_object *object = objects;
    while (object && object != (void *)handle) object = object->next;
    if (object) object->references++;
    ReleaseSRWLockExclusive(&lock);
    if (object && object->kind == kind && (object->access & access) == access) return object;
    SetLastError(object && object->kind == kind ? ERROR_ACCESS_DENIED : ERROR_INVALID_HANDLE);
    if (object) sc_release(object);
    return NULL;
}

void sc_release(struct sc_object *object)
{
    AcquireSRWLockExclusive(&lock);
    bool last = --object->references == 0;
    ReleaseSRWLockExclusive(&lock);
    if (!last) return;
    if (object->key) RegCloseKey(object->key);
    if (object->presence) CloseHandle(object->presence);
    if (object->kind == SC_KIND_SERVICE) service_delete_if_unused(object->name);
    heap_free(object);
}

static SC_HANDLE add_object(struct sc_object *object)
{
    object->references = 1;
    AcquireSRWLockExclusive(&lock);
    object->next = objects;
    objects = object;
    ReleaseSRWLockExclusive(&lock);
    return (SC_HANDLE)object;
}

SC_HANDLE sc_new_service(const WCHAR *name, HKEY key, DWORD access)
{
    struct sc_object *object = heap_alloc(sizeof(*object));
    HANDLE presence = object ? service_presence(name, true) : NULL;
    if (!presence) {
        heap_free(object);
        RegCloseKey(key);
        return NULL;
    }
    object->kind = SC_KIND_SERVICE;
    object->access = map_access(access, &service_mapping);
    object->key = key;
    object->presence = presence;
    copy_wide(object->name, name);
    return add_object(object);
}

HOTPATCH SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access)
{
    if (!is_local_system(machine)) {
        SetLastError(RPC_S_SERVER_UNAVAILABLE);
        return NULL;
    }
    if (database && *database && lstrcmpiW(database, SERVICES_ACTIVE_DATABASEW)) {
        SetLastError(lstrcmpiW(database, SERVICES_FAILED_DATABASEW) ? ERROR_INVALID_NAME
                                                                    : ERROR_DATABASE_DOES_NOT_EXIST);
        return NULL;
    }
    service_boot();
    struct sc_object *object = heap_alloc(sizeof(*object));
    if (!object) return NULL;
    object->kind = SC_KIND_MANAGER;
    object->access = map_access(access, &manager_mapping) | SC_MANAGER_CONNECT;
    SetLastError(ERROR_SUCCESS);
    return add_object(object);
}

HOTPATCH SC_HANDLE WINAPI OpenSCManagerA(LPCSTR machine, LPCSTR database, DWORD access)
{
    WCHAR *wide AUTO_FREE = wide_from_ansi(machine);
    WCHAR *wide_database AUTO_FREE = wide_from_ansi(database);
    if (conversion_failed(machine, wide) || conversion_failed(database, wide_database)) return NULL;
    return OpenSCManagerW(wide, wide_database, access);
}

HOTPATCH BOOL WINAPI CloseServiceHandle(SC_HANDLE handle)
{
    AcquireSRWLockExclusive(&lock);
    struct sc_object **at = &objects;
    while (*at && *at != (void *)handle) at = &(*at)->next;
    struct sc_object *object = *at;
    if (object) *at = object->next;
    ReleaseSRWLockExclusive(&lock);
    if (!object) return fail_with(ERROR_INVALID_HANDLE);
    service_watch_end(object);
    sc_release(object);
    return TRUE;
}
