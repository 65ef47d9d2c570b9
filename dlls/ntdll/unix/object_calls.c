// The NT calls on any kind of object: closing, querying. Duplicating is in handle_duplicate.c.
#include "dlls/ntdll/unix/directory.h"
#include "dlls/ntdll/unix/object_name.h"
#include "dlls/ntdll/unix/object_types.h"
#include "dlls/ntdll/unix/token.h"
#include "ntdll_host.h"
#include <stdlib.h>
#include <string.h>

NTSTATUS NtClose(HANDLE32 handle)
{
    return handle_close(handle);
}

NTSTATUS object_write_string(gptr buffer, uint32_t size, const uint16_t *string, uint32_t length,
                             uint32_t *needed)
{
    UNICODE_STRING32 head = {0};
    uint32_t bytes = length * 2;
    *needed = sizeof head + (length ? bytes + 2 : 0);
    if (size < *needed) return STATUS_INFO_LENGTH_MISMATCH;
    if (length) {
        const uint16_t end = 0;
        head.Length = (uint16_t)bytes;
        head.MaximumLength = (uint16_t)(bytes + 2);
        head.Buffer = buffer + (uint32_t)sizeof head;
        if (!guest_write(head.Buffer, string, bytes) || !guest_write(head.Buffer + bytes, &end, sizeof end))
            return STATUS_ACCESS_VIOLATION;
    }
    return guest_write(buffer, &head, sizeof head) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS query_basic(HANDLE32 handle, struct object *object, gptr buffer, uint32_t length,
                            uint32_t *needed)
{
    OBJECT_BASIC_INFORMATION32 info = {0};
    ACCESS_MASK32 access;
    uint32_t name_length, attributes;
    *needed = sizeof info;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_access(handle, &access, &attributes);
    if (status != STATUS_SUCCESS) return status;
    info.GrantedAccess = access;
    info.Attributes = attributes;
    info.HandleCount = atomic_load(&object->handles);
    info.PointerCount = atomic_load(&object->references) - 1; // ours
    free(object_full_name(object, &name_length));
    if (name_length) info.NameInformationLength = (uint32_t)sizeof(UNICODE_STRING32) + name_length * 2 + 2;
    info.TypeInformationLength =
        (uint32_t)(sizeof(OBJECT_TYPE_INFORMATION32) + strlen(object->type->name) * 2 + 2);
    if (object_is_permanent(object)) info.Attributes |= OBJ_PERMANENT;
    return guest_write(buffer, &info, sizeof info) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

static NTSTATUS query_name(struct object *object, gptr buffer, uint32_t length, uint32_t *needed)
{
    uint32_t name_length;
    uint16_t *name = object->type->full_name ? object->type->full_name(object, &name_length)
                                             : object_full_name(object, &name_length);
    NTSTATUS status = object_write_string(buffer, length, name, name ? name_length : 0, needed);
    // The file systems' own way to say that there is more.
    if (object->type->full_name && status == STATUS_INFO_LENGTH_MISMATCH &&
        length >= sizeof(UNICODE_STRING32))
        status = STATUS_BUFFER_OVERFLOW;
    free(name);
    return status;
}

static NTSTATUS query_flags(HANDLE32 handle, gptr buffer, uint32_t length, uint32_t *needed)
{
    OBJECT_HANDLE_FLAG_INFORMATION32 info;
    ACCESS_MASK32 access;
    uint32_t attributes;
    *needed = sizeof info;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_access(handle, &access, &attributes);
    if (status != STATUS_SUCCESS) return status;
    info.Inherit = (attributes & OBJ_INHERIT) != 0;
    info.ProtectFromClose = (attributes & OBJ_PROTECT_CLOSE) != 0;
    return guest_write(buffer, &info, sizeof info) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NtQueryObject(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length, uint32_t *result_length)
{
    struct object *object;
    uint32_t needed = 0;
    NTSTATUS status;
    if (class == ObjectTypesInformation) { // of the system: the handle says nothing
        status = object_types_query(buffer, length, &needed);
        if (result_length) *result_length = needed;
        return status;
    }
    status = handle_resolve(handle, NULL, 0, &object);
    if (status != STATUS_SUCCESS) return status;
    switch (class) {
    case ObjectBasicInformation: status = query_basic(handle, object, buffer, length, &needed); break;
    case ObjectNameInformation: status = query_name(object, buffer, length, &needed); break;
    case ObjectTypeInformation: status = object_type_query(object->type, buffer, length, &needed); break;
    case ObjectHandleFlagInformation: status = query_flags(handle, buffer, length, &needed); break;
    default: status = STATUS_INVALID_INFO_CLASS;
    }
    object_release(object);
    if (result_length) *result_length = needed;
    return status;
}

NTSTATUS NtSetInformationObject(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length)
{
    OBJECT_HANDLE_FLAG_INFORMATION32 info;
    if (class != ObjectHandleFlagInformation) return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&info, buffer, sizeof info)) return STATUS_ACCESS_VIOLATION;
    return handle_set_attributes(handle, (info.Inherit ? OBJ_INHERIT : 0) |
                                             (info.ProtectFromClose ? OBJ_PROTECT_CLOSE : 0));
}

NTSTATUS NtCompareObjects(HANDLE32 first, HANDLE32 second)
{
    struct object *a, *b;
    NTSTATUS status = handle_resolve(first, NULL, 0, &a);
    if (status != STATUS_SUCCESS) return status;
    status = handle_resolve(second, NULL, 0, &b);
    if (status == STATUS_SUCCESS) {
        if (a != b) status = STATUS_NOT_SAME_OBJECT;
        object_release(b);
    }
    object_release(a);
    return status;
}

NTSTATUS NtMakeTemporaryObject(HANDLE32 handle)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, NULL, DELETE, &object);
    if (status != STATUS_SUCCESS) return status;
    symbolic_link_end_drive(object);
    object_make_temporary(object);
    object_release(object);
    return STATUS_SUCCESS;
}

NTSTATUS NtMakePermanentObject(HANDLE32 handle)
{
    struct object *object;
    if (!token_has_privilege(SE_CREATE_PERMANENT_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = handle_resolve(handle, NULL, 0, &object);
    if (status != STATUS_SUCCESS) return status;
    object_make_permanent(object);
    object_release(object);
    return STATUS_SUCCESS;
}
