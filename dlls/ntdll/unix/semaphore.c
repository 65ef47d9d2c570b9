// Semaphores.
#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/sync_types.h"
#include "dlls/ntdll/unix/wait.h"
#include "ntdll_host.h"

struct semaphore {
    struct object object;
    struct waitable waitable;
};

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    (void)copy, (void)index;
    return shared_object_adopt_waitable(&semaphore_type, WAITABLE_SEMAPHORE, object);
}

const struct object_type semaphore_type = {
    .name = "Semaphore",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | SEMAPHORE_QUERY_STATE,
                .GenericWrite = STANDARD_RIGHTS_WRITE | SEMAPHORE_MODIFY_STATE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                .GenericAll = SEMAPHORE_ALL_ACCESS},
    .valid_access = SEMAPHORE_ALL_ACCESS,
    .destroy = object_free,
    .shared_kind = SHARED_SEMAPHORE,
    .adopt = adopt,
};

NTSTATUS NtCreateSemaphore(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                           int32_t initial, int32_t maximum)
{
    if (maximum <= 0 || initial < 0 || initial > maximum) return STATUS_INVALID_PARAMETER;
    struct semaphore *semaphore = object_alloc(sizeof *semaphore);
    if (!semaphore) return STATUS_NO_MEMORY;
    object_init(&semaphore->object, &semaphore_type);
    waitable_init(&semaphore->object, &semaphore->waitable, WAITABLE_SEMAPHORE, (uint32_t)initial);
    semaphore->waitable.limit = (uint32_t)maximum;
    return object_create_handle(&semaphore->object, attributes, access, handle);
}

NTSTATUS NtOpenSemaphore(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&semaphore_type, attributes, access, handle);
}

NTSTATUS NtReleaseSemaphore(HANDLE32 handle, int32_t count, int32_t *previous)
{
    struct object *object;
    uint32_t before = 0;
    if (count <= 0) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = handle_resolve(handle, &semaphore_type, SEMAPHORE_MODIFY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    status = waitable_release_semaphore(&((struct semaphore *)object)->waitable, (uint32_t)count, &before);
    if (previous) *previous = (int32_t)before;
    object_release(object);
    return status;
}

NTSTATUS NtQuerySemaphore(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length,
                          uint32_t *result_length)
{
    struct object *object;
    SEMAPHORE_BASIC_INFORMATION32 info = {0};
    if (class != SemaphoreBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof info) return STATUS_INFO_LENGTH_MISMATCH;
    NTSTATUS status = handle_resolve(handle, &semaphore_type, SEMAPHORE_QUERY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    const struct waitable *waitable = &((const struct semaphore *)object)->waitable;
    info.CurrentCount = (int32_t)waitable_semaphore_count(waitable);
    info.MaximumCount = (int32_t)waitable->limit;
    object_release(object);
    if (!guest_write(buffer, &info, sizeof info)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = sizeof info;
    return STATUS_SUCCESS;
}
