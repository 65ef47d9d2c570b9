// Named and unnamed kernel objects to synchronise on: events, mutexes, semaphores, waitable timers.
#include "base.h"

HANDLE object_created(NTSTATUS status, HANDLE handle)
{
    if (!NT_SUCCESS(status)) {
        set_error_from_status(status);
        return NULL;
    }
    SetLastError(status == STATUS_OBJECT_NAME_EXISTS ? ERROR_ALREADY_EXISTS : ERROR_SUCCESS);
    return handle;
}

bool object_open_name(struct nt_name *name, const WCHAR *text, BOOL inherit)
{
    if (!text) {
        memset(name, 0, sizeof(*name));
        return fail_with(ERROR_INVALID_PARAMETER);
    }
    // The empty name is that of the directory that names are looked up in: no object of a kind asked for
    // here.
    if (!text[0]) {
        memset(name, 0, sizeof(*name));
        return fail_with(ERROR_INVALID_HANDLE);
    }
    SECURITY_ATTRIBUTES security = {sizeof(security), NULL, inherit};
    if (!nt_name_from_object(name, text, &security)) return false;
    name->attributes.Attributes &= ~OBJ_OPENIF;
    return true;
}

static bool only_flags(DWORD flags, DWORD known)
{
    return !(flags & ~known) || fail_with(ERROR_INVALID_PARAMETER);
}

// ---- events ----

HOTPATCH HANDLE WINAPI CreateEventExW(SECURITY_ATTRIBUTES *security, const WCHAR *text, DWORD flags,
                                      DWORD access)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!only_flags(flags, CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET)) return NULL;
    if (!nt_name_from_object(&name, text, security)) return NULL;
    EVENT_TYPE type = flags & CREATE_EVENT_MANUAL_RESET ? NotificationEvent : SynchronizationEvent;
    NTSTATUS status =
        NtCreateEvent(&handle, access, &name.attributes, type, (flags & CREATE_EVENT_INITIAL_SET) != 0);
    return object_created(status, handle);
}

HOTPATCH HANDLE WINAPI CreateEventExA(SECURITY_ATTRIBUTES *security, const char *text, DWORD flags,
                                      DWORD access)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : CreateEventExW(security, wide, flags, access);
}

static DWORD event_flags(BOOL manual, BOOL initial)
{
    return (manual ? CREATE_EVENT_MANUAL_RESET : 0) | (initial ? CREATE_EVENT_INITIAL_SET : 0);
}

HOTPATCH HANDLE WINAPI CreateEventW(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL initial,
                                    const WCHAR *text)
{
    return CreateEventExW(security, text, event_flags(manual, initial), EVENT_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI CreateEventA(SECURITY_ATTRIBUTES *security, BOOL manual, BOOL initial,
                                    const char *text)
{
    return CreateEventExA(security, text, event_flags(manual, initial), EVENT_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI OpenEventW(DWORD access, BOOL inherit, const WCHAR *text)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!object_open_name(&name, text, inherit)) return NULL;
    return bool_from_status(NtOpenEvent(&handle, access, &name.attributes)) ? handle : NULL;
}

HOTPATCH HANDLE WINAPI OpenEventA(DWORD access, BOOL inherit, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : OpenEventW(access, inherit, wide);
}

HOTPATCH BOOL WINAPI SetEvent(HANDLE event)
{
    return bool_from_status(NtSetEvent(event, NULL));
}

HOTPATCH BOOL WINAPI ResetEvent(HANDLE event)
{
    return bool_from_status(NtResetEvent(event, NULL));
}

HOTPATCH BOOL WINAPI PulseEvent(HANDLE event)
{
    return bool_from_status(NtPulseEvent(event, NULL));
}

// ---- mutexes ----

HOTPATCH HANDLE WINAPI CreateMutexExW(SECURITY_ATTRIBUTES *security, const WCHAR *text, DWORD flags,
                                      DWORD access)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!only_flags(flags, CREATE_MUTEX_INITIAL_OWNER)) return NULL;
    if (!nt_name_from_object(&name, text, security)) return NULL;
    NTSTATUS status =
        NtCreateMutant(&handle, access, &name.attributes, (flags & CREATE_MUTEX_INITIAL_OWNER) != 0);
    return object_created(status, handle);
}

HOTPATCH HANDLE WINAPI CreateMutexExA(SECURITY_ATTRIBUTES *security, const char *text, DWORD flags,
                                      DWORD access)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : CreateMutexExW(security, wide, flags, access);
}

HOTPATCH HANDLE WINAPI CreateMutexW(SECURITY_ATTRIBUTES *security, BOOL owner, const WCHAR *text)
{
    return CreateMutexExW(security, text, owner ? CREATE_MUTEX_INITIAL_OWNER : 0, MUTEX_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI CreateMutexA(SECURITY_ATTRIBUTES *security, BOOL owner, const char *text)
{
    return CreateMutexExA(security, text, owner ? CREATE_MUTEX_INITIAL_OWNER : 0, MUTEX_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI OpenMutexW(DWORD access, BOOL inherit, const WCHAR *text)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!object_open_name(&name, text, inherit)) return NULL;
    return bool_from_status(NtOpenMutant(&handle, access, &name.attributes)) ? handle : NULL;
}

HOTPATCH HANDLE WINAPI OpenMutexA(DWORD access, BOOL inherit, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : OpenMutexW(access, inherit, wide);
}

HOTPATCH BOOL WINAPI ReleaseMutex(HANDLE mutex)
{
    return bool_from_status(NtReleaseMutant(mutex, NULL));
}

// ---- semaphores ----

HOTPATCH HANDLE WINAPI CreateSemaphoreExW(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                                          const WCHAR *text, DWORD flags, DWORD access)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!only_flags(flags, 0)) return NULL;
    if (!nt_name_from_object(&name, text, security)) return NULL;
    NTSTATUS status = NtCreateSemaphore(&handle, access, &name.attributes, initial, maximum);
    return object_created(status, handle);
}

HOTPATCH HANDLE WINAPI CreateSemaphoreExA(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                                          const char *text, DWORD flags, DWORD access)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    if (conversion_failed(text, wide)) return NULL;
    return CreateSemaphoreExW(security, initial, maximum, wide, flags, access);
}

HOTPATCH HANDLE WINAPI CreateSemaphoreW(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                                        const WCHAR *text)
{
    return CreateSemaphoreExW(security, initial, maximum, text, 0, SEMAPHORE_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI CreateSemaphoreA(SECURITY_ATTRIBUTES *security, LONG initial, LONG maximum,
                                        const char *text)
{
    return CreateSemaphoreExA(security, initial, maximum, text, 0, SEMAPHORE_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI OpenSemaphoreW(DWORD access, BOOL inherit, const WCHAR *text)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!object_open_name(&name, text, inherit)) return NULL;
    return bool_from_status(NtOpenSemaphore(&handle, access, &name.attributes)) ? handle : NULL;
}

HOTPATCH HANDLE WINAPI OpenSemaphoreA(DWORD access, BOOL inherit, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : OpenSemaphoreW(access, inherit, wide);
}

HOTPATCH BOOL WINAPI ReleaseSemaphore(HANDLE semaphore, LONG count, LONG *previous)
{
    return bool_from_status(NtReleaseSemaphore(semaphore, count, (void *)previous));
}

// ---- waitable timers ----

// CREATE_WAITABLE_TIMER_HIGH_RESOLUTION, newer than the headers. All timers here are as exact as the host's.
enum { HIGH_RESOLUTION_TIMER = 2 };

HOTPATCH HANDLE WINAPI CreateWaitableTimerExW(SECURITY_ATTRIBUTES *security, const WCHAR *text, DWORD flags,
                                              DWORD access)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!only_flags(flags, CREATE_WAITABLE_TIMER_MANUAL_RESET | HIGH_RESOLUTION_TIMER)) return NULL;
    if (!nt_name_from_object(&name, text, security)) return NULL;
    TIMER_TYPE type = flags & CREATE_WAITABLE_TIMER_MANUAL_RESET ? NotificationTimer : SynchronizationTimer;
    NTSTATUS status = NtCreateTimer(&handle, access, &name.attributes, type);
    return object_created(status, handle);
}

HOTPATCH HANDLE WINAPI CreateWaitableTimerExA(SECURITY_ATTRIBUTES *security, const char *text, DWORD flags,
                                              DWORD access)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : CreateWaitableTimerExW(security, wide, flags, access);
}

HOTPATCH HANDLE WINAPI CreateWaitableTimerW(SECURITY_ATTRIBUTES *security, BOOL manual, const WCHAR *text)
{
    return CreateWaitableTimerExW(security, text, manual ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0,
                                  TIMER_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI CreateWaitableTimerA(SECURITY_ATTRIBUTES *security, BOOL manual, const char *text)
{
    return CreateWaitableTimerExA(security, text, manual ? CREATE_WAITABLE_TIMER_MANUAL_RESET : 0,
                                  TIMER_ALL_ACCESS);
}

HOTPATCH HANDLE WINAPI OpenWaitableTimerW(DWORD access, BOOL inherit, const WCHAR *text)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!object_open_name(&name, text, inherit)) return NULL;
    return bool_from_status(NtOpenTimer(&handle, access, &name.attributes)) ? handle : NULL;
}

HOTPATCH HANDLE WINAPI OpenWaitableTimerA(DWORD access, BOOL inherit, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : OpenWaitableTimerW(access, inherit, wide);
}

HOTPATCH BOOL WINAPI SetWaitableTimer(HANDLE timer, const LARGE_INTEGER *due, LONG period,
                                      PTIMERAPCROUTINE routine, void *argument, BOOL resume)
{
    NTSTATUS status = NtSetTimer(timer, (LARGE_INTEGER *)due, (PTIMER_APC_ROUTINE)routine, argument,
                                 resume != 0, period, NULL);
    if (!bool_from_status(status)) return FALSE;
    // Waking the machine from sleep can't be promised: Windows reports that without failing.
    SetLastError(status == STATUS_TIMER_RESUME_IGNORED ? ERROR_NOT_SUPPORTED : ERROR_SUCCESS);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetWaitableTimerEx(HANDLE timer, const LARGE_INTEGER *due, LONG period,
                                        PTIMERAPCROUTINE routine, void *argument, REASON_CONTEXT *reason,
                                        ULONG tolerable_delay)
{
    (void)tolerable_delay;
    return SetWaitableTimer(timer, due, period, routine, argument, reason != NULL);
}

HOTPATCH BOOL WINAPI CancelWaitableTimer(HANDLE timer)
{
    return bool_from_status(NtCancelTimer(timer, NULL));
}
