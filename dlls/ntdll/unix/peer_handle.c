// Handles of another process: what is asked of its service thread, and how it answers.
#include "object_parcel.h"
#include "peer.h"
#include "peer_handle.h"
#include "peer_messages.h"
#include <string.h>

_Static_assert((int)PARCEL_DESCRIPTORS <= (int)PEER_DESCRIPTORS_MAX, "a parcel fits a message");

static void answer(struct peer_call *call, const void *bytes, uint32_t size)
{
    memcpy(call->answer, bytes, call->answer_size = size);
}

// Fills both to the parcel's number, the rest with -1; what is too much stays the message's.
static void take_descriptors(const struct object_parcel *parcel, int *received, uint32_t received_n,
                             int descriptors[PARCEL_DESCRIPTORS])
{
    for (uint32_t i = 0; i < PARCEL_DESCRIPTORS; i++) {
        bool there = i < parcel->descriptors && i < received_n;
        descriptors[i] = there ? received[i] : -1;
        if (there) received[i] = -1;
    }
}

// A handle that another process may name: the pseudo-handle of a thread means one of the asking process.
static bool is_nameable(HANDLE32 handle)
{
    return handle != (HANDLE32)-2;
}

// ---- out of the table ----

NTSTATUS peer_handle_take(struct process_object *process, HANDLE32 handle, struct object **object,
                          ACCESS_MASK32 *access, uint32_t *attributes)
{
    struct peer_handle taken;
    struct peer_exchange exchange = {.in = &handle,
                                     .in_size = sizeof handle,
                                     .out = &taken,
                                     .out_size = sizeof taken,
                                     .wants_descriptors = true};
    int descriptors[PARCEL_DESCRIPTORS];
    NTSTATUS status = peer_call(process, PEER_HANDLE_TAKE, &exchange);
    if (NT_SUCCESS(status)) {
        take_descriptors(&taken.parcel, exchange.received, exchange.received_n, descriptors);
        status = object_parcel_import(&taken.parcel, descriptors, object);
        *access = taken.access;
        *attributes = taken.attributes;
    }
    peer_close_received(&exchange);
    return status;
}

NTSTATUS peer_serve_handle_take(struct peer_call *call)
{
    HANDLE32 handle;
    struct peer_handle taken;
    struct object *object;
    memcpy(&handle, call->body, sizeof handle);
    if (!is_nameable(handle)) return STATUS_INVALID_HANDLE;
    NTSTATUS status = handle_resolve(handle, NULL, 0, &object);
    if (!NT_SUCCESS(status)) return status;
    status = handle_access(handle, &taken.access, &taken.attributes);
    if (NT_SUCCESS(status)) status = object_parcel_export(object, &taken.parcel, call->answer_descriptors);
    if (NT_SUCCESS(status)) {
        call->answer_descriptors_n = taken.parcel.descriptors;
        answer(call, &taken, sizeof taken);
    }
    call->kept = object; // until the reply is on its way
    return status;
}

// ---- into the table ----

NTSTATUS peer_handle_give(struct process_object *process, struct object *object, ACCESS_MASK32 access,
                          uint32_t attributes, HANDLE32 *handle)
{
    struct peer_handle given = {.access = access, .attributes = attributes};
    struct peer_exchange exchange = {
        .in = &given, .in_size = sizeof given, .out = handle, .out_size = sizeof *handle};
    NTSTATUS status = object_parcel_export(object, &given.parcel, exchange.descriptors);
    exchange.descriptors_n = given.parcel.descriptors;
    return NT_SUCCESS(status) ? peer_call(process, PEER_HANDLE_GIVE, &exchange) : status;
}

NTSTATUS peer_serve_handle_give(struct peer_call *call)
{
    struct peer_handle given;
    struct object *object;
    HANDLE32 handle;
    int descriptors[PARCEL_DESCRIPTORS];
    memcpy(&given, call->body, sizeof given);
    take_descriptors(&given.parcel, call->descriptors, call->descriptors_n, descriptors);
    NTSTATUS status = object_parcel_import(&given.parcel, descriptors, &object);
    if (!NT_SUCCESS(status)) return status;
    status = handle_create(object, given.access & object->type->valid_access, given.attributes, &handle);
    object_release(object);
    if (NT_SUCCESS(status)) answer(call, &handle, sizeof handle);
    return status;
}

// ---- within it ----

NTSTATUS peer_handle_copy(struct process_object *process, HANDLE32 source, ACCESS_MASK32 access,
                          uint32_t attributes, uint32_t options, HANDLE32 *target)
{
    const struct peer_handle_copy request = {
        .source = source, .access = access, .attributes = attributes, .options = options};
    struct peer_exchange exchange = {
        .in = &request, .in_size = sizeof request, .out = target, .out_size = sizeof *target};
    return peer_call(process, PEER_HANDLE_COPY, &exchange);
}

NTSTATUS peer_serve_handle_copy(struct peer_call *call)
{
    struct peer_handle_copy request;
    HANDLE32 target;
    memcpy(&request, call->body, sizeof request);
    if (!is_nameable(request.source)) return STATUS_INVALID_HANDLE;
    NTSTATUS status =
        handle_copy(request.source, request.access, request.attributes, request.options, &target);
    if (NT_SUCCESS(status)) answer(call, &target, sizeof target);
    return status;
}

NTSTATUS peer_handle_close(struct process_object *process, HANDLE32 handle)
{
    struct peer_exchange exchange = {.in = &handle, .in_size = sizeof handle};
    return peer_call(process, PEER_HANDLE_CLOSE, &exchange);
}

NTSTATUS peer_serve_handle_close(struct peer_call *call)
{
    HANDLE32 handle;
    memcpy(&handle, call->body, sizeof handle);
    return handle_close(handle);
}
