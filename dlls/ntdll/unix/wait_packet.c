// Wait completion packets: an object's signal, once, becomes a packet of a completion port. Go's timers and
// the thread pool of Windows 8 and later are made of them. Sources: Microsoft's documentation of
// NtAssociateWaitCompletionPacket and NtCancelWaitCompletionPacket.
#include "wait_packet.h"
#include "io_completion.h"
#include "ntdll_host.h"
#include "sync_types.h"
#include "wait_watch.h"
#include <pthread.h>

enum { MODIFY = 1 }; // the one right of its own

enum packet_state { IDLE, WAITING, QUEUED };

struct wait_packet {
    struct object object;
    pthread_mutex_t lock;         // of all below but state, which the port changes too
    _Atomic uint32_t state;       // enum packet_state
    struct wait_watch watch;      // while WAITING
    struct object *target, *port; // retained: while WAITING; until the next association, or closed
    bool closed;                  // no handle is left
    struct io_completion_packet content;
};

static void packet_destroy(struct object *object)
{
    struct wait_packet *packet = (struct wait_packet *)object;
    if (packet->port) object_release(packet->port);
    pthread_mutex_destroy(&packet->lock);
    object_free(object);
}

static bool stop_waiting(struct wait_packet *packet);

// Takes the port from a packet that nobody can cancel any more: in its queue it would keep the port that
// keeps it. Call with the lock held; the caller releases what it gets without.
static struct object *port_let_go(struct wait_packet *packet)
{
    struct object *port = packet->closed && atomic_load(&packet->state) != WAITING ? packet->port : NULL;
    if (port) packet->port = NULL;
    return port;
}

static void handle_closed(struct object *object, bool last)
{
    struct wait_packet *packet = (struct wait_packet *)object;
    if (!last) return;
    stop_waiting(packet);
    pthread_mutex_lock(&packet->lock);
    packet->closed = true;
    struct object *port = port_let_go(packet);
    pthread_mutex_unlock(&packet->lock);
    if (port) object_release(port);
}

const struct object_type wait_packet_type = {
    .name = "WaitCompletionPacket",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ,
                .GenericWrite = STANDARD_RIGHTS_WRITE | MODIFY,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE,
                .GenericAll = STANDARD_RIGHTS_REQUIRED | MODIFY},
    .valid_access = STANDARD_RIGHTS_REQUIRED | MODIFY,
    .destroy = packet_destroy,
    .handle_closed = handle_closed,
};

NTSTATUS NtCreateWaitCompletionPacket(HANDLE32 *handle, ACCESS_MASK32 access,
                                      const OBJECT_ATTRIBUTES32 *attributes)
{
    struct wait_packet *packet = object_alloc(sizeof *packet);
    if (!packet) return STATUS_NO_MEMORY;
    object_init(&packet->object, &wait_packet_type);
    pthread_mutex_init(&packet->lock, NULL);
    return object_create_handle(&packet->object, attributes, access, handle);
}

// The port has no more of it: it may wait again.
static void taken(struct object *object)
{
    atomic_store(&((struct wait_packet *)object)->state, IDLE);
}

// Posts the packet of an object that was signalled; the wait's references go.
static NTSTATUS fire(struct wait_packet *packet)
{
    pthread_mutex_lock(&packet->lock);
    struct object *target = packet->target;
    packet->target = NULL;
    atomic_store(&packet->state, QUEUED);
    NTSTATUS status = io_completion_post_owned(packet->port, &packet->content, &packet->object, taken);
    if (!NT_SUCCESS(status)) atomic_store(&packet->state, IDLE);
    struct object *port = port_let_go(packet);
    pthread_mutex_unlock(&packet->lock);
    if (port) object_release(port);
    object_release(target);
    object_release(&packet->object);
    return status;
}

static void signalled(struct wait_thread *watch)
{
    fire((struct wait_packet *)((char *)watch - offsetof(struct wait_packet, watch)));
}

// Begins to wait; the wait has a reference of its own to all three. *at_once: it was signalled and is taken.
static NTSTATUS begin(struct wait_packet *packet, struct object *port, struct object *target,
                      const struct io_completion_packet *content, bool *at_once)
{
    pthread_mutex_lock(&packet->lock);
    if (atomic_load(&packet->state) != IDLE) {
        pthread_mutex_unlock(&packet->lock);
        return STATUS_INVALID_PARAMETER_1;
    }
    struct object *old_port = packet->port;
    object_retain(port);
    object_retain(target);
    object_retain(&packet->object);
    packet->port = port;
    packet->target = target;
    packet->content = *content;
    atomic_store(&packet->state, WAITING);
    NTSTATUS status = wait_watch_start(&packet->watch, target, signalled, at_once);
    if (!NT_SUCCESS(status)) {
        packet->target = NULL;
        atomic_store(&packet->state, IDLE);
    }
    pthread_mutex_unlock(&packet->lock);
    if (old_port) object_release(old_port);
    if (NT_SUCCESS(status)) return status;
    object_release(target);
    object_release(&packet->object);
    return status;
}

static NTSTATUS resolve_target(HANDLE32 handle, struct object **target)
{
    NTSTATUS status = handle_resolve(handle, NULL, SYNCHRONIZE, target);
    if (!NT_SUCCESS(status)) return status;
    // A mutant must have a thread for its owner.
    if (!(*target)->waitable_offset)
        status = STATUS_OBJECT_TYPE_MISMATCH;
    else if ((*target)->type == &mutant_type)
        status = STATUS_INVALID_PARAMETER_3;
    if (!NT_SUCCESS(status)) object_release(*target);
    return status;
}

NTSTATUS NtAssociateWaitCompletionPacket(HANDLE32 handle, HANDLE32 port_handle, HANDLE32 target_handle,
                                         gptr key, gptr context, NTSTATUS io_status, uint32_t information,
                                         uint8_t *already)
{
    const struct io_completion_packet content = {
        .key = key, .context = context, .status = io_status, .information = information};
    struct object *packet, *port, *target;
    bool at_once = false;
    NTSTATUS status = handle_resolve(handle, &wait_packet_type, MODIFY, &packet);
    if (!NT_SUCCESS(status)) return status;
    status = handle_resolve(port_handle, &io_completion_type, IO_COMPLETION_MODIFY_STATE, &port);
    if (NT_SUCCESS(status)) {
        status = resolve_target(target_handle, &target);
        if (NT_SUCCESS(status)) {
            status = begin((struct wait_packet *)packet, port, target, &content, &at_once);
            object_release(target);
        }
        object_release(port);
    }
    if (at_once) status = fire((struct wait_packet *)packet);
    object_release(packet);
    if (already) *already = at_once;
    return status;
}

// Whether it was waiting.
static bool stop_waiting(struct wait_packet *packet)
{
    struct object *target = NULL;
    pthread_mutex_lock(&packet->lock);
    if (atomic_load(&packet->state) == WAITING && wait_watch_cancel(&packet->watch)) {
        target = packet->target;
        packet->target = NULL;
        atomic_store(&packet->state, IDLE);
    }
    pthread_mutex_unlock(&packet->lock);
    if (!target) return false;
    object_release(target);
    object_release(&packet->object);
    return true;
}

// STATUS_PENDING: it is in the port's queue and stays there; STATUS_CANCELLED: it is in no use.
static NTSTATUS cancel(struct wait_packet *packet, bool remove)
{
    if (stop_waiting(packet)) return STATUS_SUCCESS;
    pthread_mutex_lock(&packet->lock);
    struct object *port = atomic_load(&packet->state) == IDLE ? NULL : packet->port;
    if (port) object_retain(port);
    pthread_mutex_unlock(&packet->lock);
    if (!port) return STATUS_CANCELLED;
    NTSTATUS status = STATUS_PENDING;
    if (remove) status = io_completion_withdraw(port, &packet->object) ? STATUS_SUCCESS : STATUS_CANCELLED;
    object_release(port);
    return status;
}

NTSTATUS NtCancelWaitCompletionPacket(HANDLE32 handle, uint8_t remove)
{
    struct object *packet;
    NTSTATUS status = handle_resolve(handle, &wait_packet_type, MODIFY, &packet);
    if (!NT_SUCCESS(status)) return status;
    status = cancel((struct wait_packet *)packet, remove);
    object_release(packet);
    return status;
}
