// Events.
#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/sync_types.h"
#include "dlls/ntdll/unix/wait.h"
#include "ntdll_host.h"

struct event {
    struct object object;
    struct waitable waitable;
};

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    (void)index;
    bool stays = copy->waitable == WAITABLE_NOTIFICATION + 1;
    return shared_object_adopt_waitable(&event_type, stays ? WAITABLE_NOTIFICATION : WAITABLE_SYNCHRONIZATION,
                                        object);
}

const struct object_type event_type = {
    .name = "Event",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | EVENT_QUERY_STATE,
                .GenericWrite = STANDARD_RIGHTS_WRITE | EVENT_MODIFY_STATE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                .GenericAll = EVENT_ALL_ACCESS},
    .valid_access = EVENT_ALL_ACCESS,
    .destroy = object_free,
    .shared_kind = SHARED_EVENT,
    .adopt = adopt,
};

NTSTATUS NtCreateEvent(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                       uint32_t type, uint8_t initial)
{
    if (type != NotificationEvent && type != SynchronizationEvent) return STATUS_INVALID_PARAMETER;
    struct event *event = object_alloc(sizeof *event);
    if (!event) return STATUS_NO_MEMORY;
    object_init(&event->object, &event_type);
    waitable_init(&event->object, &event->waitable,
                  type == NotificationEvent ? WAITABLE_NOTIFICATION : WAITABLE_SYNCHRONIZATION, initial != 0);
    return object_create_handle(&event->object, attributes, access, handle);
}

NTSTATUS NtOpenEvent(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&event_type, attributes, access, handle);
}

// Changes an event by one of the waitable_ functions and reports its state before.
static NTSTATUS change(HANDLE32 handle, bool (*operation)(struct waitable *waitable), int32_t *previous)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &event_type, EVENT_MODIFY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    bool before = operation(&((struct event *)object)->waitable);
    if (previous) *previous = before;
    object_release(object);
    return STATUS_SUCCESS;
}

NTSTATUS NtSetEvent(HANDLE32 event, int32_t *previous)
{
    return change(event, waitable_set, previous);
}

NTSTATUS NtResetEvent(HANDLE32 event, int32_t *previous)
{
    return change(event, waitable_reset, previous);
}

NTSTATUS NtClearEvent(HANDLE32 event)
{
    return change(event, waitable_reset, NULL);
}

NTSTATUS NtPulseEvent(HANDLE32 event, int32_t *previous)
{
    return change(event, waitable_pulse, previous);
}

NTSTATUS NtQueryEvent(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length, uint32_t *result_length)
{
    struct object *object;
    EVENT_BASIC_INFORMATION32 info = {0};
    if (class != EventBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_resolve(handle, &event_type, EVENT_QUERY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    const struct event *event = (const struct event *)object;
    info.EventType = event->waitable.kind == WAITABLE_NOTIFICATION ? NotificationEvent : SynchronizationEvent;
    info.EventState = waitable_is_set(&event->waitable);
    object_release(object);
    if (!guest_write(buffer, &info, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = sizeof info;
    return STATUS_SUCCESS;
}
