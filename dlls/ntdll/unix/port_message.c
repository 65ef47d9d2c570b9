// Messages of ports: requests, replies, datagrams, and what a server reads of its clients' memory.
#include "impersonation.h"
#include "loader/process.h"
#include "memory_request.h"
#include "ntdll_host.h"
#include "port.h"
#include "process_object.h"
#include "thread_object.h"
#include <stdlib.h>
#include <string.h>

static _Atomic uint32_t last_message;

PORT_MESSAGE6432 port_own_head(uint32_t type, uint32_t data_length)
{
    const struct thread *self = thread_self();
    return (PORT_MESSAGE6432){.DataLength = (uint16_t)data_length,
                              .TotalLength = (uint16_t)(PORT_HEAD + data_length),
                              .Type = (uint16_t)type,
                              .UniqueProcess = process_id(),
                              .UniqueThread = self ? self->tid : 0,
                              .MessageId = atomic_fetch_add(&last_message, 1) + 1};
}

NTSTATUS port_read_head(gptr message, PORT_MESSAGE6432 *head)
{
    if (!guest_read(head, message, sizeof *head)) return STATUS_ACCESS_VIOLATION;
    return head->TotalLength < PORT_HEAD + (uint32_t)head->DataLength ? STATUS_INVALID_PARAMETER
                                                                      : STATUS_SUCCESS;
}

NTSTATUS port_write_message(gptr to, const struct port_message *message)
{
    const uint32_t size = message->head.TotalLength - PORT_HEAD;
    return guest_write(to, &message->head, PORT_HEAD) && guest_write(to + PORT_HEAD, message->data, size)
               ? STATUS_SUCCESS
               : STATUS_ACCESS_VIOLATION;
}

// Reads the guest's message into a packet under the caller's name and number.
static NTSTATUS read_message(const struct port *port, gptr from, uint32_t type, struct port_message **message)
{
    PORT_MESSAGE6432 head;
    NTSTATUS status = port_read_head(from, &head);
    if (status != STATUS_SUCCESS) return status;
    if (head.TotalLength > port->max_message) return STATUS_PORT_MESSAGE_TOO_LONG;
    PORT_MESSAGE6432 own = port_own_head(type, head.DataLength);
    own.TotalLength = head.TotalLength;
    own.DataInfoOffset = head.DataInfoOffset;
    *message = port_message_new(&own);
    if (!*message) return STATUS_NO_MEMORY;
    if (guest_read((*message)->data, from + PORT_HEAD, head.TotalLength - PORT_HEAD)) return STATUS_SUCCESS;
    port_message_free(*message);
    return STATUS_ACCESS_VIOLATION;
}

static NTSTATUS send_message(struct port *port, enum port_packet_kind kind,
                             const struct port_message *message)
{
    const struct port_packet packet = {.kind = kind, .head = message->head};
    return port_send(port, &packet, message->data, true);
}

// ---- requests ----

// The end of a connection that a handle is to.
static NTSTATUS resolve_end(HANDLE32 handle, struct port **port)
{
    NTSTATUS status = port_resolve(handle, port);
    if (status != STATUS_SUCCESS || (*port)->socket >= 0) return status;
    object_release(&(*port)->object);
    return STATUS_PORT_DISCONNECTED;
}

NTSTATUS NtRequestPort(HANDLE32 handle, gptr from)
{
    struct port *port;
    struct port_message *message;
    NTSTATUS status = resolve_end(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    status = read_message(port, from, LPC_DATAGRAM, &message);
    if (status == STATUS_SUCCESS) {
        status = send_message(port, PORT_PACKET_MESSAGE, message);
        port_message_free(message);
    }
    object_release(&port->object);
    return status;
}

// Sends a message and waits for the answer that has the number `awaited`.
static NTSTATUS exchange(struct port *port, enum port_packet_kind kind, const struct port_message *message,
                         uint32_t awaited, gptr reply)
{
    struct port_wait *wait = port_wait_begin(port, awaited);
    if (!wait) return STATUS_NO_MEMORY;
    NTSTATUS status = send_message(port, kind, message);
    if (status == STATUS_SUCCESS) status = port_wait_for(wait);
    if (status == STATUS_SUCCESS) status = port_write_message(reply, wait->answer);
    port_wait_end(port, wait);
    return status;
}

// What goes to the thread whose request is just being served, in place of the answer that it waits for. The
// message bears that request's number, and its own where connection requests have their view's size.
static NTSTATUS call_back(struct port *port, struct port_message *message, const PORT_MESSAGE6432 *request,
                          gptr reply)
{
    const uint32_t own = message->head.MessageId;
    struct port_message *asked = port_copy_unanswered(port_queue(port), request);
    const bool is_ours = asked && asked->from == port;
    if (asked) port_message_free(asked);
    if (!is_ours) return STATUS_REPLY_MESSAGE_MISMATCH;
    message->head.MessageId = request->MessageId;
    message->head.ClientViewSize = own;
    return exchange(port, PORT_PACKET_REPLY, message, own, reply);
}

NTSTATUS NtRequestWaitReplyPort(HANDLE32 handle, gptr from, gptr reply)
{
    struct port *port;
    struct port_message *message;
    PORT_MESSAGE6432 head;
    if (!guest_probe_write(reply, PORT_HEAD)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = resolve_end(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    status = port_read_head(from, &head);
    if (status == STATUS_SUCCESS) status = read_message(port, from, LPC_REQUEST, &message);
    if (status == STATUS_SUCCESS) {
        status = port->role == PORT_SERVER && head.Type == LPC_REQUEST
                     ? call_back(port, message, &head, reply)
                     : exchange(port, PORT_PACKET_MESSAGE, message, message->head.MessageId, reply);
        port_message_free(message);
    }
    object_release(&port->object);
    return status;
}

// Answers the server's call back, and goes on waiting for the answer to the request of one's own.
NTSTATUS NtReplyWaitReplyPort(HANDLE32 handle, gptr reply)
{
    struct port *port;
    struct port_message *message;
    PORT_MESSAGE6432 head;
    NTSTATUS status = resolve_end(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    status = port_read_head(reply, &head);
    if (status == STATUS_SUCCESS && !guest_probe_write(reply, PORT_HEAD)) status = STATUS_ACCESS_VIOLATION;
    if (status == STATUS_SUCCESS) status = read_message(port, reply, LPC_REPLY, &message);
    if (status == STATUS_SUCCESS) {
        message->head.MessageId = (uint32_t)head.ClientViewSize;
        status = exchange(port, PORT_PACKET_REPLY, message, head.MessageId, reply);
        port_message_free(message);
    }
    object_release(&port->object);
    return status;
}

// ---- receiving and replying ----

// A port that messages are received from.
static NTSTATUS resolve_receiver(HANDLE32 handle, struct port **port)
{
    NTSTATUS status = port_resolve(handle, port);
    if (status != STATUS_SUCCESS || (*port)->role != PORT_ELSEWHERE) return status;
    object_release(&(*port)->object);
    return STATUS_INVALID_PORT_HANDLE;
}

static NTSTATUS reply_to(struct port *port, gptr from)
{
    PORT_MESSAGE6432 head;
    struct port_message *answer;
    NTSTATUS status = port_read_head(from, &head);
    if (status == STATUS_SUCCESS) status = read_message(port, from, LPC_REPLY, &answer);
    if (status != STATUS_SUCCESS) return status;
    struct port_message *asked = port_take_unanswered(port_queue(port), &head);
    if (asked) {
        answer->head.MessageId = head.MessageId;
        status = send_message(asked->from, PORT_PACKET_REPLY, answer);
        port_message_free(asked);
    } else {
        status = STATUS_REPLY_MESSAGE_MISMATCH;
    }
    port_message_free(answer);
    return status;
}

NTSTATUS NtReplyPort(HANDLE32 handle, gptr reply)
{
    struct port *port;
    NTSTATUS status = resolve_receiver(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    status = reply_to(port, reply);
    object_release(&port->object);
    return status;
}

static NTSTATUS receive(struct port *queue, uint32_t *context, gptr to, const int64_t *timeout)
{
    struct port_message *message;
    NTSTATUS status = port_queue_take(queue, timeout, &message);
    if (status != STATUS_SUCCESS) return status;
    const uint32_t type = message->head.Type;
    if (context) *context = type == LPC_CONNECTION_REQUEST ? 0 : message->from->context;
    status = port_write_message(to, message);
    if (status == STATUS_SUCCESS && (type == LPC_REQUEST || type == LPC_CONNECTION_REQUEST))
        port_keep_unanswered(queue, message);
    else
        port_message_free(message);
    return status;
}

NTSTATUS NtReplyWaitReceivePortEx(HANDLE32 handle, uint32_t *context, gptr reply, gptr message,
                                  const LARGE_INTEGER32 *timeout)
{
    struct port *port;
    const int64_t due = timeout ? timeout->QuadPart : 0;
    if (!guest_probe_write(message, PORT_HEAD)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = resolve_receiver(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    if (reply) status = reply_to(port, reply);
    if (status == STATUS_SUCCESS) status = receive(port_queue(port), context, message, timeout ? &due : NULL);
    object_release(&port->object);
    return status;
}

NTSTATUS NtReplyWaitReceivePort(HANDLE32 handle, uint32_t *context, gptr reply, gptr message)
{
    return NtReplyWaitReceivePortEx(handle, context, reply, message, NULL);
}

// ---- the client of a request ----

// A copy of the unanswered request that a message names: the client may go, and others answer, meanwhile.
static NTSTATUS copy_request(HANDLE32 handle, gptr message, struct port_message **asked)
{
    PORT_MESSAGE6432 head;
    struct port *port;
    NTSTATUS status = resolve_receiver(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    status = port_read_head(message, &head);
    if (status == STATUS_SUCCESS && !(*asked = port_copy_unanswered(port_queue(port), &head)))
        status = STATUS_REPLY_MESSAGE_MISMATCH;
    object_release(&port->object);
    return status;
}

NTSTATUS NtImpersonateClientOfPort(HANDLE32 handle, gptr message)
{
    struct port_message *asked;
    NTSTATUS status = copy_request(handle, message, &asked);
    if (status != STATUS_SUCCESS) return status;
    status = impersonation_of_self(asked->from->level);
    port_message_free(asked);
    return status;
}

// The entry of a request's data information. STATUS_INVALID_PARAMETER.
static NTSTATUS find_entry(const struct port_message *asked, uint32_t index, PORT_DATA_ENTRY6432 *entry)
{
    const uint32_t at = asked->head.DataInfoOffset, end = asked->head.TotalLength;
    uint32_t count;
    if (at < PORT_HEAD || at > end || end - at < offsetof(PORT_DATA_INFORMATION6432, DataEntries))
        return STATUS_INVALID_PARAMETER;
    const uint8_t *information = asked->data + (at - PORT_HEAD);
    memcpy(&count, information, sizeof count);
    const uint32_t room =
        (end - at - (uint32_t)offsetof(PORT_DATA_INFORMATION6432, DataEntries)) / sizeof *entry;
    if (index >= count || index >= room) return STATUS_INVALID_PARAMETER;
    memcpy(entry, information + offsetof(PORT_DATA_INFORMATION6432, DataEntries) + index * sizeof *entry,
           sizeof *entry);
    return STATUS_SUCCESS;
}

static NTSTATUS copy_data(const PORT_MESSAGE6432 *client, const PORT_DATA_ENTRY6432 *entry, gptr buffer,
                          uint32_t length, bool write, uint32_t *done)
{
    const uint32_t size = length < entry->Size ? length : entry->Size;
    HANDLE32 process;
    const CLIENT_ID32 id = {.UniqueProcess = (HANDLE32)client->UniqueProcess};
    const OBJECT_ATTRIBUTES32 attributes = {.Length = sizeof attributes};
    if (entry->Base > UINT32_MAX) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = NtOpenProcess(&process, PROCESS_VM_READ | PROCESS_VM_WRITE, &attributes, &id);
    if (status != STATUS_SUCCESS) return status;
    status = write ? NtWriteVirtualMemory(process, (gptr)entry->Base, buffer, size, done)
                   : NtReadVirtualMemory(process, (gptr)entry->Base, buffer, size, done);
    handle_close(process);
    return status;
}

static NTSTATUS request_data(HANDLE32 handle, gptr message, uint32_t index, gptr buffer, uint32_t length,
                             bool write, uint32_t *done)
{
    struct port_message *asked;
    PORT_DATA_ENTRY6432 entry;
    uint32_t copied = 0;
    NTSTATUS status = copy_request(handle, message, &asked);
    if (status == STATUS_SUCCESS) {
        status = find_entry(asked, index, &entry);
        if (status == STATUS_SUCCESS)
            status = copy_data(&asked->head, &entry, buffer, length, write, &copied);
        port_message_free(asked);
    }
    if (done) *done = copied;
    return status;
}

NTSTATUS NtReadRequestData(HANDLE32 handle, gptr message, uint32_t index, gptr buffer, uint32_t length,
                           uint32_t *done)
{
    return request_data(handle, message, index, buffer, length, false, done);
}

NTSTATUS NtWriteRequestData(HANDLE32 handle, gptr message, uint32_t index, gptr buffer, uint32_t length,
                            uint32_t *done)
{
    return request_data(handle, message, index, buffer, length, true, done);
}

// ---- the end of a client's thread ----

struct port_registration {
    struct port_registration *next;
    struct port *port; // retained
};

NTSTATUS NtRegisterThreadTerminatePort(HANDLE32 handle)
{
    struct thread_object *self = thread_self()->object;
    struct port *port;
    NTSTATUS status = resolve_end(handle, &port);
    if (status != STATUS_SUCCESS) return status;
    struct port_registration *registration = malloc(sizeof *registration);
    if (!registration) {
        object_release(&port->object);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *registration = (struct port_registration){.next = self->ports, .port = port};
    self->ports = registration;
    return STATUS_SUCCESS;
}

void port_thread_ended(struct thread_object *thread)
{
    while (thread->ports) {
        struct port_registration *registration = thread->ports;
        struct port_packet packet = {.kind = PORT_PACKET_MESSAGE,
                                     .head = port_own_head(LPC_CLIENT_DIED, sizeof thread->created)};
        packet.head.UniqueThread = thread->tid;
        port_send(registration->port, &packet, &thread->created, false);
        thread->ports = registration->next;
        object_release(&registration->port->object);
        free(registration);
    }
}
