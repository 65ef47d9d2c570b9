// NtDuplicateObject: handles to the same object, here or in other processes.
#include "ntdll_host.h"
#include "peer_handle.h"
#include "process_object.h"

// The rights of the new handle.
static NTSTATUS new_access(struct object *object, ACCESS_MASK32 had, uint32_t options, ACCESS_MASK32 *access)
{
    *access = options & DUPLICATE_SAME_ACCESS ? had : object_map_access(object->type, *access);
    if (!(*access & ~had)) return STATUS_SUCCESS;
    // More than the source may do needs the object's own consent.
    return object->type->rights_fixed ? STATUS_ACCESS_DENIED : object_check_security(object, *access, access);
}

NTSTATUS handle_copy(HANDLE32 source, ACCESS_MASK32 access, uint32_t attributes, uint32_t options,
                     HANDLE32 *target)
{
    struct object *object;
    ACCESS_MASK32 had_access;
    uint32_t had_attributes;
    NTSTATUS status = handle_resolve(source, NULL, 0, &object);
    if (status != STATUS_SUCCESS) return status;
    status = handle_access(source, &had_access, &had_attributes);
    if (status == STATUS_SUCCESS) status = new_access(object, had_access, options, &access);
    if (status == STATUS_SUCCESS) {
        if (options & DUPLICATE_SAME_ATTRIBUTES) attributes = had_attributes;
        status = handle_create(object, access, attributes, target);
    }
    object_release(object);
    return status;
}

// from and to: NULL for this process.
static NTSTATUS copy_between(struct process_object *from, HANDLE32 source, struct process_object *to,
                             HANDLE32 *target, ACCESS_MASK32 access, uint32_t attributes, uint32_t options)
{
    struct object *object;
    ACCESS_MASK32 had_access;
    uint32_t had_attributes;
    if (from == to)
        return from ? peer_handle_copy(from, source, access, attributes, options, target)
                    : handle_copy(source, access, attributes, options, target);
    NTSTATUS status;
    if (from) {
        status = peer_handle_take(from, source, &object, &had_access, &had_attributes);
        if (status != STATUS_SUCCESS) return status;
    } else {
        status = handle_resolve(source, NULL, 0, &object);
        if (status != STATUS_SUCCESS) return status;
        status = handle_access(source, &had_access, &had_attributes);
    }
    if (status == STATUS_SUCCESS) status = new_access(object, had_access, options, &access);
    if (status == STATUS_SUCCESS) {
        if (options & DUPLICATE_SAME_ATTRIBUTES) attributes = had_attributes;
        status = to ? peer_handle_give(to, object, access, attributes, target)
                    : handle_create(object, access, attributes, target);
    }
    object_release(object);
    return status;
}

NTSTATUS NtDuplicateObject(HANDLE32 source_process, HANDLE32 source, HANDLE32 target_process,
                           HANDLE32 *target, ACCESS_MASK32 access, uint32_t attributes, uint32_t options)
{
    struct process_object *from, *to = NULL;
    NTSTATUS status = process_resolve_target(source_process, PROCESS_DUP_HANDLE, &from);
    if (status != STATUS_SUCCESS) return status;
    // With only the source to close, a target process need not be named.
    if (target_process || !(options & DUPLICATE_CLOSE_SOURCE))
        status = process_resolve_target(target_process, PROCESS_DUP_HANDLE, &to);
    // Without a place for the new handle it is only checked that there is one to duplicate.
    HANDLE32 unwanted;
    if (status == STATUS_SUCCESS) {
        if (target_process && target)
            status = copy_between(from, source, to, target, access, attributes, options);
        else if (!from && handle_access(source, &access, &unwanted) != STATUS_SUCCESS)
            status = STATUS_INVALID_HANDLE;
    }
    // The source is closed even if there is no new handle.
    if (options & DUPLICATE_CLOSE_SOURCE) {
        NTSTATUS closed = from ? peer_handle_close(from, source) : handle_close(source);
        if (!target_process && from) status = closed;
    }
    if (from) object_release(&from->object);
    if (to) object_release(&to->object);
    return status;
}
