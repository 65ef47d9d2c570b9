// Connections of ports: packets over a socket pair, whichever processes have its ends. What comes is taken
// over by the service thread at once, so that a sender waits only for a process that stands still.
#include "port.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

// ---- who waits for an answer ----

static void wait_destroy(struct object *object)
{
    struct port_wait *wait = (struct port_wait *)object;
    if (wait->answer) port_message_free(wait->answer);
    object_free(object);
}

static const struct object_type wait_type = {.name = "ALPC Port", .destroy = wait_destroy};

struct port_wait *port_wait_begin(struct port *port, uint32_t message_id)
{
    struct port_wait *wait = object_alloc(sizeof *wait);
    if (!wait) return NULL;
    object_init(&wait->object, &wait_type);
    waitable_init(&wait->object, &wait->waitable, WAITABLE_NOTIFICATION, 0);
    wait->message_id = message_id;
    pthread_mutex_lock(&port->lock);
    const bool connected = !port->disconnected;
    if (connected) {
        wait->next = port->waits;
        port->waits = wait;
    }
    pthread_mutex_unlock(&port->lock);
    if (!connected) waitable_set(&wait->waitable);
    return wait;
}

NTSTATUS port_wait_for(struct port_wait *wait)
{
    struct object *object = &wait->object;
    NTSTATUS status = host_wait(&object, 1, false, false, NULL);
    if (status != STATUS_SUCCESS) return status;
    return wait->answer ? STATUS_SUCCESS : STATUS_PORT_DISCONNECTED;
}

void port_wait_end(struct port *port, struct port_wait *wait)
{
    pthread_mutex_lock(&port->lock);
    for (struct port_wait **link = &port->waits; *link; link = &(*link)->next)
        if (*link == wait) {
            *link = wait->next;
            break;
        }
    pthread_mutex_unlock(&port->lock);
    object_release(&wait->object);
}

// Gives an answer to whom it is for; whether anybody took it. With the lock, so that the wait stays.
static bool give_answer(struct port *port, const struct port_packet *packet, struct port_message *answer)
{
    pthread_mutex_lock(&port->lock);
    struct port_wait **link = &port->waits;
    while (*link && (*link)->message_id != answer->head.MessageId) link = &(*link)->next;
    struct port_wait *wait = *link;
    if (wait) {
        *link = wait->next;
        wait->answer = answer;
        wait->refused = packet->kind == PORT_PACKET_REFUSED;
        wait->max_message = packet->max_message;
        if (packet->kind == PORT_PACKET_ACCEPTED) port->max_message = packet->max_message;
        waitable_set(&wait->waitable);
    }
    pthread_mutex_unlock(&port->lock);
    return wait != NULL;
}

// ---- receiving ----

// The requests of a connection that is gone need no answer.
static void forget_unanswered(struct port *queue, const struct port *from)
{
    struct port_message *gone = NULL;
    pthread_mutex_lock(&queue->lock);
    for (struct port_message **link = &queue->unanswered; *link;) {
        struct port_message *each = *link;
        if (each->from != from) {
            link = &each->next;
            continue;
        }
        *link = each->next;
        each->next = gone;
        gone = each;
    }
    pthread_mutex_unlock(&queue->lock);
    port_messages_free(gone);
}

// A client that was killed says nothing: its server hears of the end all the same.
static void announce_close(struct port *port)
{
    const uint64_t unknown = 0;
    PORT_MESSAGE6432 head = port->request;
    if (port->role != PORT_SERVER || !port->accepted || port->said_goodbye) return;
    head.Type = LPC_PORT_CLOSED;
    head.DataLength = sizeof unknown;
    head.TotalLength = PORT_HEAD + sizeof unknown;
    struct port_message *message = port_message_new(&head);
    if (!message) return;
    object_retain(&port->object);
    message->from = port;
    port_queue_add(port->listener, message);
}

static void came_to_end(struct port *port)
{
    service_watch_remove(&port->watch);
    pthread_mutex_lock(&port->lock);
    port->disconnected = true;
    while (port->waits) {
        struct port_wait *wait = port->waits;
        port->waits = wait->next;
        waitable_set(&wait->waitable);
    }
    pthread_mutex_unlock(&port->lock);
    announce_close(port);
    forget_unanswered(port_queue(port), port);
}

// What a packet brought goes to who waits for it, or into the queue.
static void deliver(struct port *port, const struct port_packet *packet, struct port_message *message)
{
    object_retain(&port->object);
    message->from = port;
    if (packet->kind == PORT_PACKET_MESSAGE) {
        if (message->head.Type == LPC_PORT_CLOSED) port->said_goodbye = true;
        port_queue_add(port_queue(port), message);
    } else if (!give_answer(port, packet, message)) {
        port_message_free(message);
    }
}

// Whether a packet that another process made can be what it says. Requests to connect come another way.
static bool is_consistent(const struct port *port, const struct port_packet *packet, uint32_t size)
{
    const PORT_MESSAGE6432 *head = &packet->head;
    if (head->TotalLength != PORT_HEAD + size || head->DataLength > size) return false;
    if (head->Type == LPC_REQUEST || head->Type == LPC_DATAGRAM || packet->kind == PORT_PACKET_REPLY)
        return head->TotalLength <= port->max_message;
    return head->Type != LPC_CONNECTION_REQUEST;
}

// Takes over one packet: false when there is none, or at the end.
static bool receive(struct port *port)
{
    static uint8_t data[PORT_MESSAGE_MAX]; // the service thread's
    struct port_packet packet;
    struct iovec parts[2] = {{&packet, sizeof packet}, {data, sizeof data}};
    struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t n = recvmsg(port->watch.fd, &header, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    // Said once, before what has arrived: the other end was closed with something unread.
    if (n < 0 && errno == ECONNRESET) return true;
    if (n < (ssize_t)sizeof packet || header.msg_flags & MSG_TRUNC) {
        came_to_end(port);
        return false;
    }
    const uint32_t size = (uint32_t)(n - sizeof packet);
    if (!is_consistent(port, &packet, size)) return true;
    struct port_message *message = port_message_new(&packet.head);
    if (!message) return true;
    memcpy(message->data, data, size);
    deliver(port, &packet, message);
    return true;
}

static void ready(struct service_watch *watch, uint32_t events)
{
    struct port *port = (struct port *)((char *)watch - offsetof(struct port, watch));
    (void)events;
    enum { AT_ONCE = 64 }; // a flood over one connection holds up nothing else
    if (!object_retain_live(&port->object)) return;
    for (int i = 0; i < AT_ONCE && receive(port); i++) {
    }
    object_release(&port->object);
}

bool port_socket_open(struct port *port, int socket)
{
    port->socket = socket;
    return service_watch_add(&port->watch, socket, EPOLLIN, ready) == 0;
}

void port_socket_disconnect(struct port *port)
{
    if (port->socket >= 0) shutdown(port->socket, SHUT_RDWR);
}

void port_socket_close(struct port *port)
{
    service_watch_remove(&port->watch);
    close(port->socket);
}

// ---- sending ----

NTSTATUS port_send(struct port *port, const struct port_packet *packet, const void *data, bool wait)
{
    struct iovec parts[2] = {{(void *)packet, sizeof *packet},
                             {(void *)data, packet->head.TotalLength - PORT_HEAD}};
    const struct msghdr header = {.msg_iov = parts, .msg_iovlen = 2};
    for (;;) {
        if (sendmsg(port->socket, &header, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0) return STATUS_SUCCESS;
        if (errno != EAGAIN && errno != EINTR && errno != ENOBUFS) return STATUS_PORT_DISCONNECTED;
        if (!wait) return STATUS_INSUFFICIENT_RESOURCES;
        NTSTATUS status = host_wait_fd(port->socket, POLLOUT, false, NULL);
        if (status != STATUS_SUCCESS) return status;
    }
}
