// WSAEventSelect: the service thread watches a socket and records what happens at it. An event is recorded
// once, and again only after the call that takes what it told of (recv for FD_READ and so on).
#include "socket.h"
#include "async.h"
#include "ws2_32_host.h"
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

// Which bits of what is found each event stands for.
static const struct {
    uint32_t event, found;
    unsigned index; // FD_*_BIT
} kinds[] = {
    {FD_READ_EVENT, SOCKET_READABLE, 0},
    {FD_WRITE_EVENT, SOCKET_WRITABLE, 1},
    {FD_OOB_EVENT, SOCKET_OUT_OF_BAND, 2},
    {FD_ACCEPT_EVENT, SOCKET_ACCEPTABLE, 3},
    {FD_CONNECT_EVENT, SOCKET_CONNECTED | SOCKET_CONNECT_FAILED, 4},
    {FD_CLOSE_EVENT, SOCKET_DISCONNECTED | SOCKET_RESET, 5},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void ready(struct service_watch *watch, uint32_t found);

static struct waitable *waitable_of_event(struct object *object)
{
    return (struct waitable *)((char *)object + object->waitable_offset);
}

// What is still looked for, as bits of socket_found.
static uint32_t wanted(const struct socket_events *events)
{
    uint32_t found = 0;
    for (unsigned i = 0; i < KINDS; i++)
        if (events->selected & ~events->spent & kinds[i].event) found |= kinds[i].found;
    return found;
}

// What the descriptor is watched for: edge by edge, since the host keeps telling of a socket without a
// connection that it is hung up. Until a connection is known to be there nothing that comes by it is found,
// so its coming is watched for whoever selected what. EPOLL* and POLL* have the same numbers.
static uint32_t watch_events(const struct file *file)
{
    const struct socket *socket = socket_of(file);
    bool connecting = atomic_load(&socket->phase) == SOCKET_CONNECTING;
    uint32_t looked_for = wanted(&socket->events);
    return (uint16_t)socket_poll_events(file, looked_for) | (connecting ? EPOLLOUT : 0) | EPOLLET;
}

// Begins to watch. Under the file's lock. 0 or -errno.
static int watch(struct file *file)
{
    struct socket_events *events = &socket_of(file)->events;
    events->watched = watch_events(file);
    int error = service_watch_add(&events->watch, file->fd, events->watched, ready);
    events->watching = error == 0;
    return error;
}

// Watches for what is wanted now; the host then tells anew of what is there. Under the file's lock.
static void change_watch(struct file *file)
{
    struct socket_events *events = &socket_of(file)->events;
    uint32_t changed = watch_events(file);
    if (!events->watching || changed == events->watched) return;
    events->watched = changed;
    service_watch_change(&events->watch, changed);
}

// What is to be found, as events see it.
static uint32_t find(struct file *file)
{
    const struct socket *socket = socket_of(file);
    uint32_t found = socket_found(file, wanted(&socket->events), -1);
    // A socket for datagrams can be written to once it has an address; messages tell of it before.
    if (!socket_is_stream(socket) && !atomic_load(&socket->bound) && !socket->events.anew)
        found &= ~SOCKET_WRITABLE;
    return found;
}

// Records what is found. Under the file's lock.
static bool record(struct file *file)
{
    struct socket_events *events = &socket_of(file)->events;
    struct socket *socket = socket_of(file);
    uint32_t found = find(file), fresh = 0;
    // A connection that was made before anybody asked is told of too.
    if (atomic_load(&socket->connected_out)) found |= wanted(events) & SOCKET_CONNECTED;
    for (unsigned i = 0; i < KINDS; i++) {
        if (!(found & kinds[i].found) || !(events->selected & ~events->spent & kinds[i].event)) continue;
        fresh |= kinds[i].event;
        events->found |= found & kinds[i].found;
        events->status[kinds[i].index] = found & SOCKET_RESET & kinds[i].found ? STATUS_CONNECTION_ABORTED
                                         : found & SOCKET_CONNECT_FAILED & kinds[i].found
                                             ? socket_connect_result(file)
                                             : STATUS_SUCCESS;
    }
    if (fresh & FD_CONNECT_EVENT) atomic_store(&socket->connected_out, false);
    events->recorded |= fresh;
    events->spent |= fresh;
    return fresh != 0;
}

static void look(struct file *file)
{
    struct socket_events *events = &socket_of(file)->events;
    pthread_mutex_lock(&file->lock);
    bool fresh = events->selected != 0 && record(file);
    struct object *event = fresh ? events->event : NULL;
    if (event != NULL) object_retain(event);
    change_watch(file);
    pthread_mutex_unlock(&file->lock);
    if (event == NULL) return;
    waitable_set(waitable_of_event(event));
    object_release(event);
}

static void ready(struct service_watch *watch, uint32_t found)
{
    (void)found;
    struct socket_events *events =
        (struct socket_events *)((char *)watch - offsetof(struct socket_events, watch));
    struct file *file = events->file;
    if (file_retain_living(file)) {
        async_run(file, EPOLLIN); // calls that take something come before those that only look
        look(file);
        file_release(file);
    }
}

void socket_events_look(struct file *file)
{
    if (socket_of(file)->events.selected != 0) look(file);
}

void socket_events_enable(struct file *file, uint32_t enabled)
{
    struct socket_events *events = &socket_of(file)->events;
    if (events->selected == 0 && events->spent == 0) return;
    pthread_mutex_lock(&file->lock);
    for (unsigned i = 0; i < KINDS; i++)
        if (kinds[i].event & enabled) events->found &= ~kinds[i].found;
    events->recorded &= ~enabled; // what it told of has been taken, or is recorded anew
    events->spent &= ~enabled;
    pthread_mutex_unlock(&file->lock);
    socket_events_look(file);
}

// What was recorded and not told of is to be found anew by the next selection; what was told of is not.
void socket_events_end(struct file *file)
{
    struct socket_events *events = &socket_of(file)->events;
    pthread_mutex_lock(&file->lock);
    bool watching = events->watching;
    struct object *event = events->event;
    events->watching = false;
    events->event = NULL;
    events->spent &= ~events->recorded;
    events->selected = events->recorded = events->found = 0;
    pthread_mutex_unlock(&file->lock);
    if (watching) service_watch_remove(&events->watch);
    if (event != NULL) object_release(event);
}

void socket_events_renew(struct file *file)
{
    socket_of(file)->events.spent = 0;
}

void socket_events_moved(struct file *file)
{
    struct socket_events *events = &socket_of(file)->events;
    pthread_mutex_lock(&file->lock);
    bool watching = events->watching;
    if (watching) {
        // Under the lock, or another selection's watch might be the one that goes. Here that does not wait.
        service_watch_remove(&events->watch);
        watch(file);
    }
    pthread_mutex_unlock(&file->lock);
    if (watching) look(file);
}

// Takes over event's reference. anew: what was told of is told of again, but for connections.
static NTSTATUS select_events(struct file *file, struct object *event, uint32_t selected, bool anew)
{
    struct socket *socket = socket_of(file);
    struct socket_events *events = &socket->events;
    int error = 0;
    socket_events_end(file);
    if (selected == 0) {
        if (event != NULL) object_release(event);
        return STATUS_SUCCESS;
    }
    pthread_mutex_lock(&file->lock);
    events->file = file;
    events->event = event;
    events->selected = selected;
    events->anew = anew;
    if (anew) {
        events->spent = 0;
        atomic_store(&socket->connected_out, false);
    }
    memset(events->status, 0, sizeof events->status);
    error = watch(file);
    pthread_mutex_unlock(&file->lock);
    if (error != 0) {
        socket_events_end(file);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    look(file);
    return STATUS_SUCCESS;
}

void socket_events_inherit(struct file *accepted, struct file *listener)
{
    struct socket_events *from = &socket_of(listener)->events;
    if (from->selected == 0) return;
    pthread_mutex_lock(&listener->lock);
    struct object *event = from->event;
    uint32_t selected = from->selected;
    if (event != NULL) object_retain(event);
    pthread_mutex_unlock(&listener->lock);
    select_events(accepted, event, selected, from->anew);
}

NTSTATUS socket_events_select(struct file *file, HANDLE32 event, uint32_t selected, bool anew)
{
    struct object *object = NULL;
    NTSTATUS status =
        selected != 0 ? handle_resolve(event, NULL, EVENT_MODIFY_STATE, &object) : STATUS_SUCCESS;
    if (!NT_SUCCESS(status)) return STATUS_INVALID_PARAMETER; // the event is at fault, not the socket
    if (object != NULL && object->waitable_offset == 0) {
        object_release(object);
        return STATUS_INVALID_PARAMETER;
    }
    atomic_store(&socket_of(file)->nonblocking, true);
    return select_events(file, object, selected, anew);
}

NTSTATUS SocketEventSelect(HANDLE32 handle, HANDLE32 event, int32_t selected, uint8_t anew)
{
    struct file *file;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    status = socket_events_select(file, event, selected, anew);
    file_release(file);
    return status;
}

// Takes what is recorded, and resets the event that it was told by.
static NTSTATUS take(struct file *file, HANDLE32 event, uint32_t *recorded, uint32_t *found,
                     NTSTATUS status[10])
{
    struct object *object = NULL;
    struct socket_events *events = &socket_of(file)->events;
    NTSTATUS result = event != 0 ? handle_resolve(event, NULL, EVENT_MODIFY_STATE, &object) : STATUS_SUCCESS;
    if (!NT_SUCCESS(result)) return result;
    pthread_mutex_lock(&file->lock);
    if (object != NULL && object->waitable_offset != 0) waitable_reset(waitable_of_event(object));
    *recorded = events->recorded;
    *found = events->found;
    memcpy(status, events->status, sizeof events->status);
    events->recorded = events->found = 0;
    pthread_mutex_unlock(&file->lock);
    if (object != NULL) object_release(object);
    return STATUS_SUCCESS;
}

NTSTATUS socket_events_take(struct file *file, HANDLE32 event, uint32_t *found, NTSTATUS *connect_status)
{
    enum { CONNECT_INDEX = 4 }; // FD_CONNECT_BIT
    NTSTATUS all[10];
    uint32_t recorded;
    NTSTATUS status = take(file, event, &recorded, found, all);
    *connect_status = NT_SUCCESS(status) ? all[CONNECT_INDEX] : STATUS_SUCCESS;
    return status;
}

NTSTATUS SocketEnumEvents(HANDLE32 handle, HANDLE32 event, SOCKET_EVENTS32 *result)
{
    struct file *file;
    NTSTATUS all[10];
    uint32_t recorded, found;
    NTSTATUS status = socket_resolve(handle, &file);
    if (!NT_SUCCESS(status)) return status;
    status = take(file, event, &recorded, &found, all);
    if (NT_SUCCESS(status)) {
        result->Events = recorded;
        memcpy(result->Status, all, sizeof all);
    }
    file_release(file);
    return status;
}
