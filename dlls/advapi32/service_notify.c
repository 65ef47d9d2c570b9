// Telling programs that a service has changed its state: a thread of this process watches the states and
// queues a call to the thread that asked.
#include "service.h"

enum { PROCESSES_MAX = MAXIMUM_WAIT_OBJECTS - 2 };

// A request. It is the handle's until it is answered or the handle is closed.
struct service_watch {
    struct service_watch *next;
    struct sc_object *object; // NULL: the handle is closed
    DWORD mask;
    SERVICE_NOTIFYW *notify;
    HANDLE thread;
    struct service_state state; // that is told of
};

static SRWLOCK lock = SRWLOCK_INIT;
static struct service_watch *watches; // that wait
static HANDLE changed;                // an event: there is a new one

// SERVICE_NOTIFY_STOPPED and so on: a bit for each state.
static DWORD state_bit(DWORD state)
{
    return 1u << (state - SERVICE_STOPPED);
}

// ---- in the thread that asked ----

static void CALLBACK deliver(ULONG_PTR argument)
{
    struct service_watch *watch = (struct service_watch *)argument;
    SERVICE_NOTIFYW *notify = watch->notify;
    AcquireSRWLockExclusive(&lock);
    struct sc_object *object = watch->object;
    if (object) {
        object->watch = NULL;
        object->notified = watch->state.status.dwCurrentState;
    }
    ReleaseSRWLockExclusive(&lock);
    if (object) {
        notify->dwNotificationStatus = ERROR_SUCCESS;
        memset(&notify->ServiceStatus, 0, sizeof(notify->ServiceStatus));
        memcpy(&notify->ServiceStatus, &watch->state.status, sizeof(watch->state.status));
        notify->ServiceStatus.dwProcessId = watch->state.process;
        notify->dwNotificationTriggered = state_bit(watch->state.status.dwCurrentState);
        notify->pszServiceNames = NULL;
    }
    CloseHandle(watch->thread);
    heap_free(watch);
    if (object) notify->pfnNotifyCallback(notify);
}

// ---- the watching thread ----

// Whether a state is what a request waits for; with the lock held.
static bool is_due(struct service_watch *watch)
{
    struct sc_object *object = watch->object;
    service_state_get(object->name, object->key, &watch->state);
    DWORD state = watch->state.status.dwCurrentState;
    if (state != object->notified && watch->mask & state_bit(state)) return true;
    if (state != object->notified) object->notified = 0; // it was another one in between
    return false;
}

static void answer_due(void)
{
    AcquireSRWLockExclusive(&lock);
    for (struct service_watch **at = &watches; *at;) {
        struct service_watch *watch = *at;
        if (is_due(watch)) {
            *at = watch->next;
            QueueUserAPC(deliver, watch->thread, (ULONG_PTR)watch);
        } else {
            at = &watch->next;
        }
    }
    ReleaseSRWLockExclusive(&lock);
}

// The processes whose end is a change too.
static DWORD collect_processes(HANDLE *handles)
{
    DWORD n = 0;
    AcquireSRWLockExclusive(&lock);
    for (struct service_watch *watch = watches; watch && n < PROCESSES_MAX; watch = watch->next)
        if ((handles[n] = service_state_process(&watch->state)) != NULL) n++;
    ReleaseSRWLockExclusive(&lock);
    return n;
}

static DWORD WINAPI watch_states(void *unused)
{
    HKEY states;
    HANDLE handles[MAXIMUM_WAIT_OBJECTS];
    (void)unused;
    if (service_state_key(&states)) return 0;
    handles[0] = changed;
    handles[1] = CreateEventW(NULL, FALSE, FALSE, NULL);
    for (;;) {
        // Armed before looking, so that nothing is missed.
        RegNotifyChangeKeyValue(states, FALSE, REG_NOTIFY_CHANGE_LAST_SET, handles[1], TRUE);
        answer_due();
        DWORD n = collect_processes(handles + 2);
        WaitForMultipleObjects(n + 2, handles, FALSE, INFINITE);
        for (DWORD i = 0; i < n; i++) CloseHandle(handles[i + 2]);
    }
}

static bool start_watching(void)
{
    if (changed) return true;
    changed = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE thread = changed ? CreateThread(NULL, 0, watch_states, NULL, 0, NULL) : NULL;
    if (thread) CloseHandle(thread);
    return thread != NULL;
}

// ---- asking ----

static DWORD add_watch(struct sc_object *object, DWORD mask, SERVICE_NOTIFYW *notify)
{
    struct service_watch *watch = heap_alloc(sizeof(*watch));
    if (!watch) return ERROR_NOT_ENOUGH_MEMORY;
    *watch = (struct service_watch){.object = object, .mask = mask, .notify = notify};
    DWORD error = ERROR_SUCCESS;
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &watch->thread, 0,
                         FALSE, DUPLICATE_SAME_ACCESS))
        error = GetLastError();
    AcquireSRWLockExclusive(&lock);
    if (!error && object->watch) error = ERROR_ALREADY_REGISTERED;
    if (!error && !start_watching()) error = ERROR_NOT_ENOUGH_MEMORY;
    if (!error) {
        object->watch = watch;
        watch->next = watches;
        watches = watch;
    }
    ReleaseSRWLockExclusive(&lock);
    if (!error) {
        SetEvent(changed);
        return ERROR_SUCCESS;
    }
    if (watch->thread) CloseHandle(watch->thread);
    heap_free(watch);
    return error;
}

HOTPATCH DWORD WINAPI NotifyServiceStatusChangeW(SC_HANDLE service, DWORD mask, SERVICE_NOTIFYW *notify)
{
    const DWORD states = SERVICE_NOTIFY_STOPPED | SERVICE_NOTIFY_START_PENDING | SERVICE_NOTIFY_STOP_PENDING |
                         SERVICE_NOTIFY_RUNNING | SERVICE_NOTIFY_CONTINUE_PENDING |
                         SERVICE_NOTIFY_PAUSE_PENDING | SERVICE_NOTIFY_PAUSED;
    if (!notify) return ERROR_INVALID_PARAMETER;
    if (notify->dwVersion < SERVICE_NOTIFY_STATUS_CHANGE_1 ||
        notify->dwVersion > SERVICE_NOTIFY_STATUS_CHANGE)
        return ERROR_INVALID_LEVEL;
    if (!notify->pfnNotifyCallback || !(mask & states)) return ERROR_INVALID_PARAMETER;
    struct sc_object *object AUTO_SC = sc_resolve(service, SC_KIND_SERVICE, SERVICE_QUERY_STATUS);
    return object ? add_watch(object, mask, notify) : GetLastError();
}

// A or W makes no difference: there are no names in what is told of a service.
HOTPATCH DWORD WINAPI NotifyServiceStatusChangeA(SC_HANDLE service, DWORD mask, SERVICE_NOTIFYA *notify)
{
    return NotifyServiceStatusChangeW(service, mask, (SERVICE_NOTIFYW *)notify);
}

void service_watch_end(struct sc_object *object)
{
    AcquireSRWLockExclusive(&lock);
    struct service_watch *watch = object->watch, **at = &watches;
    object->watch = NULL;
    while (*at && *at != watch) at = &(*at)->next;
    if (watch && *at) {
        *at = watch->next;
        CloseHandle(watch->thread);
        heap_free(watch);
    } else if (watch) {
        watch->object = NULL; // its call is on the way
    }
    ReleaseSRWLockExclusive(&lock);
}
