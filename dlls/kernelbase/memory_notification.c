// Notifications of little or much free memory: events that stay set as long as it is so. The machine is
// looked at once a second from the first request on.
#include "base.h"

#define LOW_BYTES  (64ull << 20) // less is little; three times as much is much, as Windows' ratio is
#define HIGH_BYTES (3 * LOW_BYTES)
#define PERIOD     1000 // milliseconds

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static HANDLE events[HighMemoryResourceNotification + 1]; // under the lock; programs get copies
static bool watching;

static bool holds(MEMORY_RESOURCE_NOTIFICATION_TYPE type)
{
    MEMORYSTATUSEX status = {.dwLength = sizeof(status)};
    if (!GlobalMemoryStatusEx(&status)) return false;
    return type == LowMemoryResourceNotification ? status.ullAvailPhys < LOW_BYTES
                                                 : status.ullAvailPhys >= HIGH_BYTES;
}

static void update(int type)
{
    if (!events[type]) return;
    if (holds((MEMORY_RESOURCE_NOTIFICATION_TYPE)type))
        NtSetEvent(events[type], NULL);
    else
        NtResetEvent(events[type], NULL);
}

static void CALLBACK look(void *context, BOOLEAN timer)
{
    (void)context, (void)timer;
    RtlAcquireSRWLockShared(&lock);
    for (int type = 0; type <= HighMemoryResourceNotification; type++) update(type);
    RtlReleaseSRWLockShared(&lock);
}

HOTPATCH HANDLE WINAPI CreateMemoryResourceNotification(MEMORY_RESOURCE_NOTIFICATION_TYPE type)
{
    HANDLE copy = NULL, timer;
    NTSTATUS status = STATUS_SUCCESS;
    if ((ULONG)type > HighMemoryResourceNotification) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    RtlAcquireSRWLockExclusive(&lock);
    if (!events[type])
        status = NtCreateEvent(&events[type], EVENT_ALL_ACCESS, NULL, NotificationEvent, FALSE);
    if (NT_SUCCESS(status)) update(type);
    if (NT_SUCCESS(status) && !watching) {
        watching = CreateTimerQueueTimer(&timer, NULL, look, NULL, PERIOD, PERIOD, WT_EXECUTEDEFAULT);
        if (!watching) status = STATUS_NO_MEMORY; // nobody would ever set it
    }
    // It can be waited for and asked, not set.
    if (NT_SUCCESS(status))
        status = NtDuplicateObject(NtCurrentProcess(), events[type], NtCurrentProcess(), &copy,
                                   SYNCHRONIZE | EVENT_QUERY_STATE, 0, 0);
    RtlReleaseSRWLockExclusive(&lock);
    return bool_from_status(status) ? copy : NULL;
}

HOTPATCH BOOL WINAPI QueryMemoryResourceNotification(HANDLE notification, BOOL *state)
{
    EVENT_BASIC_INFORMATION info;
    if (!state) return fail_with(ERROR_INVALID_PARAMETER);
    NTSTATUS status = NtQueryEvent(notification, EventBasicInformation, &info, sizeof(info), NULL);
    if (!NT_SUCCESS(status)) return fail_with(ERROR_INVALID_PARAMETER);
    *state = info.EventState != 0;
    return TRUE;
}
