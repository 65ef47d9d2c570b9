// Symbolic links of the object namespace.
#include "dlls/ntdll/unix/directory.h"
#include "dlls/ntdll/unix/dos_device.h"
#include "dlls/ntdll/unix/region_text.h"
#include "dlls/ntdll/unix/shared_object.h"
#include "loader/host_clock.h"
#include "ntdll_host.h"
#include <stdlib.h>
#include <string.h>

enum { LINK_QUERY = 1 }; // SYMBOLIC_LINK_QUERY

static void link_destroy(struct object *object)
{
    free(((struct symbolic_link *)object)->target);
    object_free(object);
}

static void publish(struct object *object, struct shared_record *record)
{
    const struct symbolic_link *link = (const struct symbolic_link *)object;
    atomic_store(&record->text, region_text_new(link->target, link->length * 2));
    atomic_store(&record->data[LINK_BYTES], link->length * 2);
    atomic_store(&record->data[LINK_CREATED], (uint64_t)link->created);
}

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    uint32_t bytes = (uint16_t)atomic_load(&copy->data[LINK_BYTES]);
    uint16_t *target = malloc(bytes + 2);
    if (!target) return STATUS_NO_MEMORY;
    region_lock();
    const struct shared_record *record = shared_record(index);
    region_text_read(record ? atomic_load(&record->text) : 0, target, bytes);
    region_unlock();
    struct symbolic_link *link = symbolic_link_new(target, bytes / 2);
    free(target);
    if (!link) return STATUS_NO_MEMORY;
    link->created = (int64_t)atomic_load(&copy->data[LINK_CREATED]);
    *object = &link->object;
    return STATUS_SUCCESS;
}

const struct object_type symbolic_link_type = {
    .name = "SymbolicLink",
    .mapping = {.GenericRead = 0x20001,
                .GenericWrite = 0x20000,
                .GenericExecute = 0x20001,
                .GenericAll = 0xF0001},
    .valid_access = 0xF0001,
    .destroy = link_destroy,
    .shared_kind = SHARED_SYMBOLIC_LINK,
    .publish = publish,
    .adopt = adopt,
};

struct symbolic_link *symbolic_link_new(const uint16_t *target, uint32_t length)
{
    struct symbolic_link *link = object_alloc(sizeof *link);
    uint16_t *copy = malloc((length + 1) * sizeof *copy);
    if (!link || !copy) {
        if (link) object_free(&link->object);
        free(copy);
        return NULL;
    }
    memcpy(copy, target, length * sizeof *copy);
    copy[length] = 0;
    object_init(&link->object, &symbolic_link_type);
    link->target = copy;
    link->length = length;
    link->created = host_system_time();
    return link;
}

// A handle to the link of a DOS device, which is made as often as it is opened.
static NTSTATUS open_device(const uint16_t *name, size_t length, ACCESS_MASK32 access, uint32_t attributes,
                            HANDLE32 *handle)
{
    enum { TARGET_MAX = 4096 };
    uint16_t target[TARGET_MAX];
    size_t n = dos_device_target(name, length, target, TARGET_MAX);
    if (n == 0) return STATUS_OBJECT_NAME_NOT_FOUND;
    struct symbolic_link *link = symbolic_link_new(target, n);
    if (!link) return STATUS_NO_MEMORY;
    if (length == 2 && name[1] == ':') link->drive = (uint8_t)(name[0] | 0x20);
    NTSTATUS status = handle_create(&link->object, object_map_access(&symbolic_link_type, access),
                                    attributes & OBJ_INHERIT, handle);
    object_release(&link->object);
    return status;
}

void symbolic_link_end_drive(struct object *object)
{
    if (object->type != &symbolic_link_type) return;
    const struct symbolic_link *link = (const struct symbolic_link *)object;
    if (link->drive) dos_device_remove(link->drive);
}

NTSTATUS NtCreateSymbolicLinkObject(HANDLE32 *handle, ACCESS_MASK32 access,
                                    const OBJECT_ATTRIBUTES32 *attributes, const UNICODE_STRING32 *target)
{
    if (!target->MaximumLength || (target->Length & 1) || target->Length > target->MaximumLength)
        return STATUS_INVALID_PARAMETER;
    uint16_t *text = malloc(target->Length + 2);
    if (!text) return STATUS_NO_MEMORY;
    struct symbolic_link *link = NULL;
    uint16_t device[16];
    size_t length = dos_device_name(attributes, device);
    NTSTATUS status = STATUS_ACCESS_VIOLATION;
    bool read = guest_read(text, target->Buffer, target->Length);
    if (read && length == 2 && device[1] == ':') {
        status = dos_device_define(device, length, text, target->Length / 2);
        if (NT_SUCCESS(status)) status = open_device(device, length, access, attributes->Attributes, handle);
    } else if (read) {
        link = symbolic_link_new(text, target->Length / 2);
        status = link ? STATUS_SUCCESS : STATUS_NO_MEMORY;
    }
    free(text);
    return link ? object_create_handle(&link->object, attributes, access, handle) : status;
}

NTSTATUS NtOpenSymbolicLinkObject(HANDLE32 *handle, ACCESS_MASK32 access,
                                  const OBJECT_ATTRIBUTES32 *attributes)
{
    uint16_t device[16];
    NTSTATUS status = object_open_handle(&symbolic_link_type, attributes, access, handle);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND && status != STATUS_OBJECT_PATH_NOT_FOUND) return status;
    size_t length = dos_device_name(attributes, device);
    return length ? open_device(device, length, access, attributes->Attributes, handle) : status;
}

NTSTATUS NtQuerySymbolicLinkObject(HANDLE32 handle, UNICODE_STRING32 *target, uint32_t *result_length)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &symbolic_link_type, LINK_QUERY, &object);
    if (status != STATUS_SUCCESS) return status;
    const struct symbolic_link *link = (const struct symbolic_link *)object;
    uint32_t bytes = link->length * 2;
    // A caller that asks for the length gets it with the terminator, and then must have room for that.
    uint32_t wanted = result_length ? bytes + 2 : bytes;
    if (result_length) *result_length = wanted;
    if (wanted > target->MaximumLength) {
        status = STATUS_BUFFER_TOO_SMALL;
    } else if (!guest_write(target->Buffer, link->target, wanted)) {
        status = STATUS_ACCESS_VIOLATION;
    } else {
        target->Length = (uint16_t)bytes;
    }
    object_release(object);
    return status;
}
