// Ports as objects: making them, their queues, and how other processes find a server's.
#include "port.h"
#include "loader/process.h"
#include "ntdll_host.h"
#include "peer.h"
#include "peer_messages.h"
#include "shared_object.h"
#include <stdlib.h>
#include <string.h>

// A connection's data, which goes to the listener's process in one message of peers.
enum { CONNECTION_DATA_MAX = PEER_BODY_MAX - sizeof(struct port_connect) };
_Static_assert(CONNECTION_DATA_MAX <= PORT_MESSAGE_MAX - PORT_HEAD, "it fits a message's head");

// Where a listener's record keeps what a client must know.
enum { PORT_ID, PORT_PROCESS, PORT_LIMITS };

static pthread_mutex_t listeners_lock = PTHREAD_MUTEX_INITIALIZER;
static struct port *listeners;
static uint64_t last_id;

static void add_listener(struct port *port)
{
    pthread_mutex_lock(&listeners_lock);
    port->id = ++last_id;
    port->next = listeners;
    listeners = port;
    pthread_mutex_unlock(&listeners_lock);
}

static void remove_listener(struct port *port)
{
    pthread_mutex_lock(&listeners_lock);
    for (struct port **link = &listeners; *link; link = &(*link)->next)
        if (*link == port) {
            *link = port->next;
            break;
        }
    pthread_mutex_unlock(&listeners_lock);
}

struct port *port_find_listener(uint64_t id)
{
    struct port *found = NULL;
    pthread_mutex_lock(&listeners_lock);
    for (struct port *each = listeners; each && !found; each = each->next)
        if (each->id == id && object_retain_live(&each->object)) found = each;
    pthread_mutex_unlock(&listeners_lock);
    return found;
}

void port_messages_free(struct port_message *first)
{
    while (first) {
        struct port_message *next = first->next;
        port_message_free(first);
        first = next;
    }
}

static void port_destroy(struct object *object)
{
    struct port *port = (struct port *)object;
    if (port->role == PORT_LISTENER) remove_listener(port);
    if (port->role == PORT_CLIENT && port->accepted) port_say_goodbye(port);
    if (port->socket >= 0) port_socket_close(port);
    port_messages_free(port->first);
    port_messages_free(port->unanswered);
    if (port->reply) port_message_free(port->reply);
    if (port->listener) object_release(&port->listener->object);
    pthread_mutex_destroy(&port->lock);
    object_free(object);
}

// Messages hold the ends of connections, and those hold the listener; a client's hold the client itself. The
// end of the handles ends the circle.
static void close_queue(struct port *port)
{
    pthread_mutex_lock(&port->lock);
    struct port_message *waiting = port->first, *unanswered = port->unanswered;
    port->closed = true;
    port->first = port->unanswered = NULL;
    port->end = &port->first;
    pthread_mutex_unlock(&port->lock);
    port_messages_free(waiting);
    port_messages_free(unanswered);
}

static void handle_closed(struct object *object, bool last)
{
    struct port *port = (struct port *)object;
    if (!last) return;
    if (port->role == PORT_LISTENER || port->role == PORT_CLIENT) close_queue(port);
    if (port->role == PORT_SERVER) {
        port->said_goodbye = true;
        port_socket_disconnect(port);
    }
}

static void publish(struct object *object, struct shared_record *record)
{
    const struct port *port = (const struct port *)object;
    atomic_store(&record->data[PORT_ID], port->id);
    atomic_store(&record->data[PORT_PROCESS], process_id());
    atomic_store(&record->data[PORT_LIMITS], (uint64_t)port->max_connection_data << 32 | port->max_message);
}

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    (void)index;
    const uint64_t limits = atomic_load(&copy->data[PORT_LIMITS]);
    if (!atomic_load(&copy->data[PORT_ID])) return STATUS_NOT_SUPPORTED; // the end of a connection
    if (limits >> 32 > CONNECTION_DATA_MAX) return STATUS_NOT_SUPPORTED; // no record of a port's
    struct port *port = port_new(PORT_ELSEWHERE);
    if (!port) return STATUS_NO_MEMORY;
    port->id = atomic_load(&copy->data[PORT_ID]);
    port->pid = (uint32_t)atomic_load(&copy->data[PORT_PROCESS]);
    port->max_message = (uint32_t)limits;
    port->max_connection_data = (uint32_t)(limits >> 32);
    *object = &port->object;
    return STATUS_SUCCESS;
}

const struct object_type port_type = {
    .name = "ALPC Port",
    .mapping = {.GenericRead = READ_CONTROL | PORT_CONNECT,
                .GenericWrite = DELETE | PORT_CONNECT,
                .GenericExecute = 0,
                .GenericAll = PORT_ALL_ACCESS},
    .valid_access = PORT_ALL_ACCESS,
    .destroy = port_destroy,
    .handle_closed = handle_closed,
    .shared_kind = SHARED_PORT,
    .publish = publish,
    .adopt = adopt,
};

static const struct object_type arrivals_type = {.name = "ALPC Port"};

struct port *port_new(enum port_role role)
{
    struct port *port = object_alloc(sizeof *port);
    if (!port) return NULL;
    object_init(&port->object, &port_type);
    object_init(&port->arrivals.object, &arrivals_type);
    waitable_init(&port->arrivals.object, &port->arrivals.waitable, WAITABLE_SEMAPHORE, 0);
    port->arrivals.waitable.limit = INT32_MAX;
    pthread_mutex_init(&port->lock, NULL);
    port->role = role;
    port->end = &port->first;
    port->socket = -1;
    return port;
}

static NTSTATUS create(HANDLE32 *handle, const OBJECT_ATTRIBUTES32 *attributes, uint32_t max_connection_data,
                       uint32_t max_message, bool waitable)
{
    if (max_connection_data > CONNECTION_DATA_MAX) return STATUS_INVALID_PARAMETER_3;
    if (max_message > PORT_MESSAGE_MAX) return STATUS_INVALID_PARAMETER_4;
    struct port *port = port_new(PORT_LISTENER);
    if (!port) return STATUS_NO_MEMORY;
    if (waitable) waitable_init(&port->object, &port->waitable, WAITABLE_NOTIFICATION, 0);
    port->max_connection_data = max_connection_data;
    port->max_message = max_message;
    add_listener(port);
    return object_create_handle(&port->object, attributes, PORT_ALL_ACCESS, handle);
}

NTSTATUS NtCreatePort(HANDLE32 *handle, const OBJECT_ATTRIBUTES32 *attributes, uint32_t max_connection_data,
                      uint32_t max_message, uint32_t max_pool)
{
    (void)max_pool;
    return create(handle, attributes, max_connection_data, max_message, false);
}

NTSTATUS NtCreateWaitablePort(HANDLE32 *handle, const OBJECT_ATTRIBUTES32 *attributes,
                              uint32_t max_connection_data, uint32_t max_message, uint32_t max_pool)
{
    (void)max_pool;
    return create(handle, attributes, max_connection_data, max_message, true);
}

NTSTATUS port_resolve(HANDLE32 handle, struct port **port)
{
    return handle_resolve(handle, &port_type, 0, (struct object **)port);
}

// ---- queues ----

struct port_message *port_message_new(const PORT_MESSAGE6432 *head)
{
    struct port_message *message = calloc(1, sizeof *message + head->TotalLength - PORT_HEAD);
    if (message) message->head = *head;
    return message;
}

void port_message_free(struct port_message *message)
{
    if (message->from) object_release(&message->from->object);
    free(message);
}

struct port *port_queue(struct port *port)
{
    return port->role == PORT_SERVER ? port->listener : port;
}

static bool tells_waiters(const struct port *queue)
{
    return queue->object.waitable_offset != 0;
}

void port_queue_add(struct port *queue, struct port_message *message)
{
    uint32_t previous;
    message->next = NULL;
    pthread_mutex_lock(&queue->lock);
    const bool closed = queue->closed, first = !queue->first;
    if (!closed) {
        *queue->end = message;
        queue->end = &message->next;
    }
    pthread_mutex_unlock(&queue->lock);
    if (closed) {
        port_message_free(message);
        return;
    }
    // Without the lock, as completion ports do it: nobody takes the message before the semaphore promises it.
    if (first && tells_waiters(queue)) waitable_set(&queue->waitable);
    waitable_release_semaphore(&queue->arrivals.waitable, 1, &previous);
}

NTSTATUS port_queue_take(struct port *queue, const int64_t *timeout, struct port_message **message)
{
    struct object *arrivals = &queue->arrivals.object;
    NTSTATUS status = host_wait(&arrivals, 1, false, false, timeout);
    if (status != STATUS_SUCCESS) return status;
    pthread_mutex_lock(&queue->lock);
    *message = queue->first;
    if (*message) {
        queue->first = (*message)->next;
        if (!queue->first) {
            queue->end = &queue->first;
            if (tells_waiters(queue)) waitable_reset(&queue->waitable);
        }
    }
    pthread_mutex_unlock(&queue->lock);
    return *message ? STATUS_SUCCESS : STATUS_PORT_CLOSED;
}

void port_keep_unanswered(struct port *queue, struct port_message *message)
{
    pthread_mutex_lock(&queue->lock);
    // What sets this forgets the connection's requests afterwards (port_socket.c), with the lock.
    const bool keep = !queue->closed && !atomic_load(&message->from->disconnected);
    if (keep) {
        message->next = queue->unanswered;
        queue->unanswered = message;
    }
    pthread_mutex_unlock(&queue->lock);
    if (!keep) port_message_free(message);
}

// Where the request that a head answers hangs; NULL: there is none. Connection requests are answered by
// NtAcceptConnectPort alone. Under the queue's lock.
static struct port_message **find_unanswered(struct port *queue, const PORT_MESSAGE6432 *head,
                                             bool connection)
{
    for (struct port_message **link = &queue->unanswered; *link; link = &(*link)->next) {
        const PORT_MESSAGE6432 *each = &(*link)->head;
        if (each->MessageId == head->MessageId && each->UniqueProcess == head->UniqueProcess &&
            each->UniqueThread == head->UniqueThread && (each->Type == LPC_CONNECTION_REQUEST) == connection)
            return link;
    }
    return NULL;
}

static struct port_message *take_unanswered(struct port *queue, const PORT_MESSAGE6432 *head, bool connection)
{
    pthread_mutex_lock(&queue->lock);
    struct port_message **link = find_unanswered(queue, head, connection);
    struct port_message *found = link ? *link : NULL;
    if (found) *link = found->next;
    pthread_mutex_unlock(&queue->lock);
    return found;
}

struct port_message *port_take_unanswered(struct port *queue, const PORT_MESSAGE6432 *head)
{
    return take_unanswered(queue, head, false);
}

struct port_message *port_copy_unanswered(struct port *queue, const PORT_MESSAGE6432 *head)
{
    pthread_mutex_lock(&queue->lock);
    struct port_message **link = find_unanswered(queue, head, false);
    struct port_message *copy = link ? port_message_new(&(*link)->head) : NULL;
    if (copy) {
        memcpy(copy->data, (*link)->data, copy->head.TotalLength - PORT_HEAD);
        copy->from = (*link)->from;
        object_retain(&copy->from->object);
    }
    pthread_mutex_unlock(&queue->lock);
    return copy;
}

struct port_message *port_take_connection_request(const PORT_MESSAGE6432 *head)
{
    struct port_message *found = NULL;
    pthread_mutex_lock(&listeners_lock);
    for (struct port *each = listeners; each && !found; each = each->next)
        found = take_unanswered(each, head, true);
    pthread_mutex_unlock(&listeners_lock);
    return found;
}
