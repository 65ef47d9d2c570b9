// The lock of the database of services, which since Windows Vista locks nothing: it is given to who asks, and
// nobody is told to have it.
#include "service.h"

static LONG locked; // stands for the lock: its address is the handle

HOTPATCH SC_LOCK WINAPI LockServiceDatabase(SC_HANDLE manager)
{
    struct sc_object *object AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, SC_MANAGER_LOCK);
    return object ? &locked : NULL;
}

HOTPATCH BOOL WINAPI UnlockServiceDatabase(SC_LOCK lock)
{
    return lock == &locked ? TRUE : fail_with(ERROR_INVALID_SERVICE_LOCK);
}

// The structures for both kinds of text are alike: no lock, an empty owner.
static BOOL query_lock(SC_HANDLE manager, QUERY_SERVICE_LOCK_STATUSW *status, DWORD size, DWORD *needed)
{
    struct sc_object *object AUTO_SC = sc_resolve(manager, SC_KIND_MANAGER, SC_MANAGER_QUERY_LOCK_STATUS);
    if (!object) return FALSE;
    *needed = sizeof(*status) + sizeof(WCHAR);
    if (size < *needed) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memset(status, 0, *needed);
    status->lpLockOwner = (LPWSTR)(status + 1);
    return TRUE;
}

HOTPATCH BOOL WINAPI QueryServiceLockStatusW(SC_HANDLE manager, QUERY_SERVICE_LOCK_STATUSW *status,
                                             DWORD size, DWORD *needed)
{
    return query_lock(manager, status, size, needed);
}

HOTPATCH BOOL WINAPI QueryServiceLockStatusA(SC_HANDLE manager, QUERY_SERVICE_LOCK_STATUSA *status,
                                             DWORD size, DWORD *needed)
{
    return query_lock(manager, (QUERY_SERVICE_LOCK_STATUSW *)status, size, needed);
}
