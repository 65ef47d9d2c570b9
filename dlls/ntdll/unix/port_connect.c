// Connections of ports come to be: a client sends its end of a socket pair to the process that has the
// listener, and waits there until the server has accepted and completed, or refused.
#include "loader/process.h"
#include "ntdll_host.h"
#include "object_name.h"
#include "peer.h"
#include "port.h"
#include "process_remote.h"
#include "sid.h"
#include "token.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// ---- the server's process ----

// Queues a connection request; takes over the socket. On the service thread.
static NTSTATUS request_here(const struct port_connect *request, const void *data, int socket)
{
    struct port *listener = port_find_listener(request->id);
    struct port *server = listener ? port_new(PORT_SERVER) : NULL;
    struct port_message *message = server ? port_message_new(&request->head) : NULL;
    if (!message) {
        if (server) object_release(&server->object);
        if (listener) object_release(&listener->object);
        close(socket);
        return listener ? STATUS_NO_MEMORY : STATUS_OBJECT_NAME_NOT_FOUND;
    }
    object_retain(&listener->object); // the message holds it too, but only until somebody takes that
    memcpy(message->data, data, request->head.TotalLength - PORT_HEAD);
    message->from = server;
    server->listener = listener;
    server->max_message = listener->max_message;
    server->level = request->level;
    server->request = request->head;
    const bool open = port_socket_open(server, socket);
    if (open)
        port_queue_add(listener, message);
    else
        port_message_free(message);
    object_release(&listener->object);
    return open ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS peer_serve_port_connect(struct peer_call *call)
{
    struct port_connect request;
    memcpy(&request, call->body, sizeof request);
    const uint32_t size = call->size - (uint32_t)sizeof request;
    if (call->descriptors_n != 1 || request.head.Type != LPC_CONNECTION_REQUEST ||
        request.head.TotalLength != PORT_HEAD + size || request.head.DataLength > size ||
        request.level > SecurityDelegation)
        return STATUS_INVALID_PARAMETER;
    const int socket = call->descriptors[0];
    call->descriptors[0] = -1;
    return request_here(&request, (const uint8_t *)call->body + sizeof request, socket);
}

NTSTATUS NtListenPort(HANDLE32 handle, gptr request)
{
    struct port *port;
    struct port_message *message = NULL;
    if (!guest_probe_write(request, PORT_HEAD)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = port_resolve(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    if (port->role != PORT_LISTENER) status = STATUS_INVALID_PORT_HANDLE;
    while (status == STATUS_SUCCESS && (status = port_queue_take(port, NULL, &message)) == STATUS_SUCCESS) {
        if (message->head.Type == LPC_CONNECTION_REQUEST) break;
        port_message_free(message); // as Windows does
    }
    if (status == STATUS_SUCCESS) {
        status = port_write_message(request, message);
        port_keep_unanswered(port, message);
    }
    object_release(&port->object);
    return status;
}

// What the server puts in place of the connection data goes back to the client.
static NTSTATUS read_answer(const struct port *server, gptr request, struct port_message **answer)
{
    PORT_MESSAGE6432 head;
    NTSTATUS status = port_read_head(request, &head);
    if (status != STATUS_SUCCESS) return status;
    const uint32_t most = server->listener->max_connection_data;
    const uint32_t length = head.DataLength < most ? head.DataLength : most;
    PORT_MESSAGE6432 own = port_own_head(LPC_REPLY, length);
    own.MessageId = server->request.MessageId;
    *answer = port_message_new(&own);
    if (!*answer) return STATUS_NO_MEMORY;
    return guest_read((*answer)->data, request + PORT_HEAD, length) ? STATUS_SUCCESS
                                                                    : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS send_answer(struct port *server, enum port_packet_kind kind,
                            const struct port_message *answer)
{
    const struct port_packet packet = {
        .kind = kind, .max_message = server->max_message, .head = answer->head};
    return port_send(server, &packet, answer->data, true);
}

// No section is mapped for either side.
static NTSTATUS check_views(gptr own_view, gptr other_view)
{
    REMOTE_PORT_VIEW6432 none = {.Length = sizeof none};
    uint32_t length;
    if (own_view) return STATUS_NOT_SUPPORTED;
    if (!other_view) return STATUS_SUCCESS;
    if (!guest_read32(&length, other_view)) return STATUS_ACCESS_VIOLATION;
    if (length != sizeof none) return STATUS_INVALID_PARAMETER;
    return guest_write(other_view, &none, sizeof none) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Makes the connection. STATUS_REPLY_MESSAGE_MISMATCH: the client went after its request was taken, and the
// end of a connection that is not made is told nobody.
static NTSTATUS accept_request(struct port *server, struct port_message *answer)
{
    pthread_mutex_lock(&server->lock);
    const bool connected = !server->disconnected;
    if (connected) {
        server->reply = answer;
        server->accepted = true;
    }
    pthread_mutex_unlock(&server->lock);
    return connected ? STATUS_SUCCESS : STATUS_REPLY_MESSAGE_MISMATCH;
}

NTSTATUS NtAcceptConnectPort(HANDLE32 *handle, gptr context, gptr request, uint8_t accept, gptr server_view,
                             gptr client_view)
{
    PORT_MESSAGE6432 head;
    struct port_message *answer = NULL;
    NTSTATUS status = port_read_head(request, &head);
    if (status == STATUS_SUCCESS) status = check_views(server_view, client_view);
    if (status != STATUS_SUCCESS) return status;
    struct port_message *message = port_take_connection_request(&head);
    if (!message) return STATUS_REPLY_MESSAGE_MISMATCH;
    struct port *server = message->from;
    status = read_answer(server, request, &answer);
    if (status == STATUS_SUCCESS && !accept) status = send_answer(server, PORT_PACKET_REFUSED, answer);
    if (status == STATUS_SUCCESS && accept) status = accept_request(server, answer);
    if (status == STATUS_SUCCESS && accept) {
        answer = NULL; // the port's
        status = handle_create(&server->object, PORT_ALL_ACCESS, 0, handle);
        server->context = context ? context : *handle;
    }
    if (answer) port_message_free(answer);
    port_message_free(message); // and with it the port, where it was refused
    return status;
}

NTSTATUS NtCompleteConnectPort(HANDLE32 handle)
{
    struct port *port;
    NTSTATUS status = port_resolve(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    pthread_mutex_lock(&port->lock);
    struct port_message *answer = port->reply;
    port->reply = NULL;
    pthread_mutex_unlock(&port->lock);
    if (port->role != PORT_SERVER)
        status = STATUS_INVALID_PORT_HANDLE;
    else if (!answer)
        status = STATUS_INVALID_PARAMETER;
    else
        status = send_answer(port, PORT_PACKET_ACCEPTED, answer);
    if (answer) port_message_free(answer);
    object_release(&port->object);
    return status;
}

// ---- the client's process ----

void port_say_goodbye(struct port *port)
{
    const uint64_t created = process_object_self()->created;
    const struct port_packet packet = {.kind = PORT_PACKET_MESSAGE,
                                       .head = port_own_head(LPC_PORT_CLOSED, sizeof created)};
    port_send(port, &packet, &created, false);
}

// Asks the process that has the listener. This one is asked the same way: so what its service thread takes
// over, and this request, stay in their order.
static NTSTATUS ask_owner(const struct port *listener, struct peer_exchange *exchange)
{
    struct process_object *process;
    NTSTATUS status;
    if (listener->role == PORT_LISTENER) {
        int fd = peer_connect(process_object_self()->host_pid);
        if (fd < 0) return STATUS_INSUFFICIENT_RESOURCES;
        status = peer_exchange_over(fd, PEER_PORT_CONNECT, exchange);
        close(fd);
        return status;
    }
    status = process_remote_open(listener->pid, &process);
    if (status != STATUS_SUCCESS) return status;
    status = peer_call(process, PEER_PORT_CONNECT, exchange);
    object_release(&process->object);
    return status;
}

// Takes over the server's end of the connection.
static NTSTATUS request_there(const struct port *listener, const struct port_connect *request,
                              const void *data, int socket)
{
    struct peer_exchange exchange = {.in = request,
                                     .in_size = sizeof *request,
                                     .more = data,
                                     .more_size = request->head.TotalLength - PORT_HEAD,
                                     .descriptors = {socket},
                                     .descriptors_n = 1};
    NTSTATUS status = ask_owner(listener, &exchange);
    close(socket);
    // A process that is gone has no port either.
    return status == STATUS_PROCESS_IS_TERMINATING || status == STATUS_INVALID_CID
               ? STATUS_OBJECT_NAME_NOT_FOUND
               : status;
}

static NTSTATUS open_listener(gptr name, struct port **port)
{
    const OBJECT_ATTRIBUTES32 attributes = {
        .Length = sizeof attributes, .ObjectName = name, .Attributes = OBJ_CASE_INSENSITIVE};
    HANDLE32 handle;
    NTSTATUS status = object_open_handle(&port_type, &attributes, PORT_CONNECT, &handle);
    if (status != STATUS_SUCCESS) return status;
    status = port_resolve(handle, port);
    handle_close(handle);
    return status;
}

// The data both ways: what the caller sends, and what the server put in its place.
struct connection_data {
    gptr address;
    uint32_t length; // of the caller's buffer
    uint32_t sent;
    uint8_t *bytes;
};

static NTSTATUS write_answer(const struct connection_data *data, uint32_t *length,
                             const struct port_message *answer)
{
    if (!length) return STATUS_SUCCESS;
    *length = answer->head.DataLength < data->length ? answer->head.DataLength : data->length;
    return guest_write(data->address, answer->data, *length) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// Sends the request and waits for the server. The answer is the wait's.
static NTSTATUS negotiate(struct port *client, const struct port *listener, uint32_t level,
                          const struct connection_data *data, struct port_wait **wait)
{
    int sockets[2];
    const struct port_connect request = {
        .id = listener->id, .level = level, .head = port_own_head(LPC_CONNECTION_REQUEST, data->sent)};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sockets) != 0)
        return STATUS_INSUFFICIENT_RESOURCES;
    *wait = port_socket_open(client, sockets[0]) ? port_wait_begin(client, request.head.MessageId) : NULL;
    if (!*wait) {
        close(sockets[1]);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    NTSTATUS status = request_there(listener, &request, data->bytes, sockets[1]);
    if (status == STATUS_SUCCESS) status = port_wait_for(*wait);
    // The listener was closed with the request in its queue.
    return status == STATUS_PORT_DISCONNECTED ? STATUS_PORT_CONNECTION_REFUSED : status;
}

static NTSTATUS connect_to(const struct port *listener, uint32_t level, struct connection_data *data,
                           HANDLE32 *handle, uint32_t *max_message, uint32_t *length)
{
    struct port_wait *wait = NULL;
    struct port *client = port_new(PORT_CLIENT);
    if (!client) return STATUS_NO_MEMORY;
    NTSTATUS status = negotiate(client, listener, level, data, &wait);
    if (status == STATUS_SUCCESS) {
        status = write_answer(data, length, wait->answer);
        client->accepted = !wait->refused;
        if (max_message) *max_message = wait->max_message;
        if (wait->refused) status = STATUS_PORT_CONNECTION_REFUSED;
    }
    if (status == STATUS_SUCCESS) status = handle_create(&client->object, PORT_ALL_ACCESS, 0, handle);
    if (wait) port_wait_end(client, wait);
    object_release(&client->object);
    return status;
}

// Whether a server, which is this user's, is the one that the client insists on. 0: anybody.
static NTSTATUS check_server(gptr required)
{
    struct sid sid;
    if (!required) return STATUS_SUCCESS;
    NTSTATUS status = sid_capture(&sid, required);
    if (status != STATUS_SUCCESS) return status;
    return sid_equal(&sid, &token_of_process()->state.user.sid) ? STATUS_SUCCESS : STATUS_SERVER_SID_MISMATCH;
}

NTSTATUS NtSecureConnectPort(HANDLE32 *handle, gptr name, const SECURITY_QUALITY_OF_SERVICE32 *quality,
                             gptr client_view, gptr server_sid, gptr server_view, uint32_t *max_message,
                             gptr buffer, uint32_t *length)
{
    struct port *listener;
    struct connection_data data = {.address = buffer, .length = length && buffer ? *length : 0};
    if (quality->ImpersonationLevel > SecurityDelegation) return STATUS_BAD_IMPERSONATION_LEVEL;
    NTSTATUS status = check_views(client_view, server_view);
    if (status == STATUS_SUCCESS) status = check_server(server_sid);
    if (status == STATUS_SUCCESS) status = open_listener(name, &listener);
    if (status != STATUS_SUCCESS) return status;
    data.sent = data.length < listener->max_connection_data ? data.length : listener->max_connection_data;
    data.bytes = malloc(data.sent + 1);
    if (!data.bytes)
        status = STATUS_NO_MEMORY;
    else if (!guest_read(data.bytes, buffer, data.sent))
        status = STATUS_ACCESS_VIOLATION;
    else
        status = connect_to(listener, quality->ImpersonationLevel, &data, handle, max_message,
                            buffer ? length : NULL);
    free(data.bytes);
    object_release(&listener->object);
    return status;
}

NTSTATUS NtConnectPort(HANDLE32 *handle, gptr name, const SECURITY_QUALITY_OF_SERVICE32 *quality,
                       gptr client_view, gptr server_view, uint32_t *max_message, gptr buffer,
                       uint32_t *length)
{
    return NtSecureConnectPort(handle, name, quality, client_view, 0, server_view, max_message, buffer,
                               length);
}
