// Keyed events: a thread that waits for a key and one that releases it meet; both block until they do.
#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/sync_types.h"
#include "dlls/ntdll/unix/wait.h"
#include "loader/thread.h"
#include "ntdll_host.h"
#include <pthread.h>

// One who waits for the other side, on the blocked thread's stack.
struct meeting {
    struct object object; // never gets a handle
    struct waitable waitable;
    struct meeting *next;
    gptr key;
    bool releaser;
};

struct keyed_event {
    struct object object;
    struct waitable waitable; // always set
    pthread_mutex_t lock;
    struct meeting *first, **end;
};

static void keyed_event_destroy(struct object *object)
{
    pthread_mutex_destroy(&((struct keyed_event *)object)->lock);
    object_free(object);
}

const struct object_type keyed_event_type = {
    .name = "KeyedEvent",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | KEYEDEVENT_WAIT,
                .GenericWrite = STANDARD_RIGHTS_WRITE | KEYEDEVENT_WAKE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE,
                .GenericAll = KEYEDEVENT_ALL_ACCESS},
    .valid_access = KEYEDEVENT_ALL_ACCESS | SYNCHRONIZE,
    .destroy = keyed_event_destroy,
    .shared_kind = SHARED_KEYED_EVENT,
};

static const struct object_type meeting_type = {.name = "KeyedEvent"};

static struct keyed_event *keyed_event_new(void)
{
    struct keyed_event *event = object_alloc(sizeof *event);
    if (!event) return NULL;
    object_init(&event->object, &keyed_event_type);
    waitable_init(&event->object, &event->waitable, WAITABLE_NOTIFICATION, 1);
    pthread_mutex_init(&event->lock, NULL);
    event->first = NULL;
    event->end = &event->first;
    return event;
}

NTSTATUS NtCreateKeyedEvent(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                            uint32_t flags)
{
    if (flags) return STATUS_INVALID_PARAMETER_4;
    struct keyed_event *event = keyed_event_new();
    if (!event) return STATUS_NO_MEMORY;
    return object_create_handle(&event->object, attributes, access, handle);
}

NTSTATUS NtOpenKeyedEvent(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&keyed_event_type, attributes, access, handle);
}

// The event that handle 0 means, one per process.
static struct keyed_event *default_event;
static pthread_once_t default_once = PTHREAD_ONCE_INIT;

static void make_default(void)
{
    default_event = keyed_event_new();
}

static NTSTATUS resolve(HANDLE32 handle, ACCESS_MASK32 access, struct object **object)
{
    if (handle) return handle_resolve(handle, &keyed_event_type, access, object);
    pthread_once(&default_once, make_default);
    if (!default_event) return STATUS_NO_MEMORY;
    object_retain(&default_event->object);
    *object = &default_event->object;
    return STATUS_SUCCESS;
}

static void remove_meeting(struct keyed_event *event, struct meeting **link)
{
    struct meeting *meeting = *link;
    *link = meeting->next;
    if (event->end == &meeting->next) event->end = link;
}

// Finds someone of the other side with this key and wakes them; the lock keeps their stack in place.
static bool meet(struct keyed_event *event, gptr key, bool releaser)
{
    for (struct meeting **link = &event->first; *link; link = &(*link)->next) {
        struct meeting *other = *link;
        if (other->key != key || other->releaser == releaser) continue;
        remove_meeting(event, link);
        other->next = NULL;
        other->key = 0; // met
        waitable_set(&other->waitable);
        return true;
    }
    return false;
}

static NTSTATUS wait_or_release(HANDLE32 handle, gptr key, bool releaser, bool alertable,
                                const LARGE_INTEGER32 *timeout)
{
    struct object *object;
    if (key & 1) return STATUS_INVALID_PARAMETER_1;
    NTSTATUS status = resolve(handle, releaser ? KEYEDEVENT_WAKE : KEYEDEVENT_WAIT, &object);
    if (status != STATUS_SUCCESS) return status;
    struct keyed_event *event = (struct keyed_event *)object;
    int64_t limit = timeout ? timeout->QuadPart : 0;
    struct meeting meeting = {.key = key | 1, .releaser = releaser};

    pthread_mutex_lock(&event->lock);
    bool met = meet(event, meeting.key, releaser);
    if (!met) {
        object_init(&meeting.object, &meeting_type);
        waitable_init(&meeting.object, &meeting.waitable, WAITABLE_SYNCHRONIZATION, 0);
        *event->end = &meeting;
        event->end = &meeting.next;
    }
    pthread_mutex_unlock(&event->lock);
    if (!met) {
        struct object *wait = &meeting.object;
        status = host_wait(&wait, 1, false, alertable, timeout ? &limit : NULL);
        pthread_mutex_lock(&event->lock);
        if (meeting.key) {
            struct meeting **link = &event->first;
            while (*link != &meeting) link = &(*link)->next;
            remove_meeting(event, link);
        } else {
            status = STATUS_SUCCESS; // met after all, whatever ended the wait
        }
        pthread_mutex_unlock(&event->lock);
    }
    object_release(object);
    return status;
}

NTSTATUS NtWaitForKeyedEvent(HANDLE32 event, gptr key, uint8_t alertable, const LARGE_INTEGER32 *timeout)
{
    return wait_or_release(event, key, false, alertable, timeout);
}

NTSTATUS NtReleaseKeyedEvent(HANDLE32 event, gptr key, uint8_t alertable, const LARGE_INTEGER32 *timeout)
{
    return wait_or_release(event, key, true, alertable, timeout);
}
