// I/O completion ports: a queue of packets and a count of them to wait for.
#include "dlls/ntdll/unix/io_completion.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/wait.h"
#include "ntdll_host.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct packet {
    struct packet *next;
    FILE_IO_COMPLETION_INFORMATION32 information;
    struct object *owner; // retained; NULL: nobody's
    void (*taken)(struct object *owner);
};

// Waiting for the port's handle takes nothing from it; removing a packet takes one from the inner semaphore.
struct io_completion {
    struct object object;
    struct waitable waitable; // set while there are packets
    struct {
        struct object object;
        struct waitable waitable;
    } packets; // never gets a handle
    pthread_mutex_t lock;
    struct packet *first, **end;
    struct packet *spares; // emptied packets, kept for the next ones
    uint32_t count, spares_n;
};

enum { SPARES_MAX = 64 };

static void packets_free(struct packet *packet)
{
    while (packet) {
        struct packet *next = packet->next;
        if (packet->owner) {
            packet->taken(packet->owner);
            object_release(packet->owner);
        }
        free(packet);
        packet = next;
    }
}

static void port_destroy(struct object *object)
{
    struct io_completion *port = (struct io_completion *)object;
    packets_free(port->first);
    packets_free(port->spares);
    pthread_mutex_destroy(&port->lock);
    object_free(object);
}

const struct object_type io_completion_type = {
    .name = "IoCompletion",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | IO_COMPLETION_QUERY_STATE,
                .GenericWrite = STANDARD_RIGHTS_WRITE | IO_COMPLETION_MODIFY_STATE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                .GenericAll = IO_COMPLETION_ALL_ACCESS},
    .valid_access = IO_COMPLETION_ALL_ACCESS,
    .destroy = port_destroy,
    .shared_kind = SHARED_IO_COMPLETION,
};

static const struct object_type packets_type = {.name = "IoCompletion"};

// threads would limit how many run at once; here the host's scheduler does.
NTSTATUS NtCreateIoCompletion(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                              uint32_t threads)
{
    (void)threads;
    struct io_completion *port = object_alloc(sizeof *port);
    if (!port) return STATUS_NO_MEMORY;
    object_init(&port->object, &io_completion_type);
    waitable_init(&port->object, &port->waitable, WAITABLE_NOTIFICATION, 0);
    object_init(&port->packets.object, &packets_type);
    waitable_init(&port->packets.object, &port->packets.waitable, WAITABLE_SEMAPHORE, 0);
    port->packets.waitable.limit = INT32_MAX;
    pthread_mutex_init(&port->lock, NULL);
    port->end = &port->first;
    return object_create_handle(&port->object, attributes, access, handle);
}

NTSTATUS NtOpenIoCompletion(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&io_completion_type, attributes, access, handle);
}

static struct packet *packet_get(struct io_completion *port)
{
    struct packet *packet = port->spares;
    if (!packet) return malloc(sizeof *packet);
    port->spares = packet->next;
    port->spares_n--;
    return packet;
}

NTSTATUS io_completion_post_owned(struct object *object, const struct io_completion_packet *posted,
                                  struct object *owner, void (*taken)(struct object *owner))
{
    struct io_completion *port = (struct io_completion *)object;
    bool first = false;
    pthread_mutex_lock(&port->lock);
    struct packet *packet = packet_get(port);
    if (packet) {
        packet->next = NULL;
        packet->information =
            (FILE_IO_COMPLETION_INFORMATION32){.KeyContext = posted->key, .ApcContext = posted->context};
        packet->information.IoStatusBlock.Status = posted->status;
        packet->information.IoStatusBlock.Information = posted->information;
        packet->owner = owner;
        packet->taken = taken;
        if (owner) object_retain(owner);
        *port->end = packet;
        port->end = &packet->next;
        first = !port->count++;
    }
    pthread_mutex_unlock(&port->lock);
    // Without the lock: a watch of the port may post to it at once. Nobody empties the port before the
    // semaphore promises this packet.
    if (first) waitable_set(&port->waitable);
    uint32_t previous;
    return packet ? waitable_release_semaphore(&port->packets.waitable, 1, &previous)
                  : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS io_completion_post(struct object *port, uint32_t key, uint32_t context, NTSTATUS status,
                            uint32_t information)
{
    const struct io_completion_packet packet = {key, context, status, information};
    return io_completion_post_owned(port, &packet, NULL, NULL);
}

// Takes the packet that a link leads to out of the queue, and gives the lock back.
static FILE_IO_COMPLETION_INFORMATION32 take_linked(struct io_completion *port, struct packet **link)
{
    struct packet *packet = *link;
    FILE_IO_COMPLETION_INFORMATION32 information = packet->information;
    struct object *owner = packet->owner;
    *link = packet->next;
    if (port->end == &packet->next) port->end = link;
    if (!--port->count) waitable_reset(&port->waitable);
    if (owner) packet->taken(owner);
    bool keep = port->spares_n < SPARES_MAX;
    if (keep) {
        packet->owner = NULL;
        packet->next = port->spares;
        port->spares = packet;
        port->spares_n++;
    }
    pthread_mutex_unlock(&port->lock);
    if (!keep) free(packet);
    if (owner) object_release(owner);
    return information;
}

// Takes the packet that the semaphore has promised.
static FILE_IO_COMPLETION_INFORMATION32 take_packet(struct io_completion *port)
{
    pthread_mutex_lock(&port->lock);
    return take_linked(port, &port->first);
}

static NTSTATUS await_packet(struct io_completion *port, bool alertable, const int64_t *timeout)
{
    struct object *packets = &port->packets.object;
    return host_wait(&packets, 1, false, alertable, timeout);
}

bool io_completion_withdraw(struct object *object, const struct object *owner)
{
    struct io_completion *port = (struct io_completion *)object;
    const int64_t now = 0;
    uint32_t previous;
    // Only who got the semaphore's promise of a packet may take one.
    if (await_packet(port, false, &now) != STATUS_SUCCESS) return false;
    pthread_mutex_lock(&port->lock);
    for (struct packet **link = &port->first; *link; link = &(*link)->next) {
        if ((*link)->owner != owner) continue;
        take_linked(port, link);
        return true;
    }
    pthread_mutex_unlock(&port->lock);
    waitable_release_semaphore(&port->packets.waitable, 1, &previous);
    return false;
}

NTSTATUS NtSetIoCompletion(HANDLE32 handle, gptr key, gptr context, NTSTATUS status, uint32_t information)
{
    struct object *object;
    NTSTATUS result = handle_resolve(handle, &io_completion_type, IO_COMPLETION_MODIFY_STATE, &object);
    if (result != STATUS_SUCCESS) return result;
    result = io_completion_post(object, key, context, status, information);
    object_release(object);
    return result;
}

NTSTATUS NtRemoveIoCompletion(HANDLE32 handle, uint32_t *key, uint32_t *context, IO_STATUS_BLOCK32 *io,
                              const LARGE_INTEGER32 *timeout)
{
    struct object *object;
    int64_t value = timeout ? timeout->QuadPart : 0;
    NTSTATUS status = handle_resolve(handle, &io_completion_type, IO_COMPLETION_MODIFY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    struct io_completion *port = (struct io_completion *)object;
    status = await_packet(port, false, timeout ? &value : NULL);
    if (status == STATUS_SUCCESS) {
        FILE_IO_COMPLETION_INFORMATION32 information = take_packet(port);
        *key = information.KeyContext;
        *context = information.ApcContext;
        *io = information.IoStatusBlock;
    }
    object_release(object);
    return status;
}

NTSTATUS NtRemoveIoCompletionEx(HANDLE32 handle, gptr entries, uint32_t count, uint32_t *removed,
                                const LARGE_INTEGER32 *timeout, uint8_t alertable)
{
    struct object *object;
    int64_t value = timeout ? timeout->QuadPart : 0;
    const int64_t now = 0;
    *removed = 0;
    if (!count) return STATUS_INVALID_PARAMETER;
    uint64_t bytes = (uint64_t)count * sizeof(FILE_IO_COMPLETION_INFORMATION32);
    if (bytes > UINT32_MAX - entries || !guest_probe_write(entries, bytes)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = handle_resolve(handle, &io_completion_type, IO_COMPLETION_MODIFY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    struct io_completion *port = (struct io_completion *)object;
    status = await_packet(port, alertable, timeout ? &value : NULL);
    NTSTATUS more = status;
    uint32_t n = 0;
    while (more == STATUS_SUCCESS) {
        FILE_IO_COMPLETION_INFORMATION32 information = take_packet(port);
        gptr at = entries + n * (uint32_t)sizeof information;
        if (!guest_write(at, &information, sizeof information)) status = STATUS_ACCESS_VIOLATION;
        if (++n == count) break;
        more = await_packet(port, false, &now);
    }
    object_release(object);
    // Windows leaves 1 in the count where the wait brought nothing.
    *removed = n ? n : 1;
    return status;
}

NTSTATUS NtQueryIoCompletion(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length,
                             uint32_t *result_length)
{
    IO_COMPLETION_BASIC_INFORMATION32 info;
    struct object *object;
    if (class != IoCompletionBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_resolve(handle, &io_completion_type, IO_COMPLETION_QUERY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    struct io_completion *port = (struct io_completion *)object;
    pthread_mutex_lock(&port->lock);
    info.Depth = (int32_t)port->count;
    pthread_mutex_unlock(&port->lock);
    object_release(object);
    if (!guest_write(buffer, &info, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = sizeof info;
    return STATUS_SUCCESS;
}
