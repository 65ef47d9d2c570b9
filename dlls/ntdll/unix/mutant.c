// Mutants: the mutexes of Win32.
#include "dlls/ntdll/unix/shared_object.h"
#include "dlls/ntdll/unix/sync_types.h"
#include "dlls/ntdll/unix/wait.h"
#include "loader/thread.h"
#include "ntdll_host.h"

struct mutant {
    struct object object;
    struct waitable waitable;
};

static void mutant_handle_closed(struct object *object, bool last)
{
    if (last) waitable_forget_mutant(&((struct mutant *)object)->waitable);
}

static NTSTATUS adopt(const struct shared_record *copy, uint32_t index, struct object **object)
{
    (void)copy, (void)index;
    return shared_object_adopt_waitable(&mutant_type, WAITABLE_MUTANT, object);
}

const struct object_type mutant_type = {
    .name = "Mutant",
    .mapping = {.GenericRead = STANDARD_RIGHTS_READ | MUTANT_QUERY_STATE,
                .GenericWrite = STANDARD_RIGHTS_WRITE,
                .GenericExecute = STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
                .GenericAll = MUTANT_ALL_ACCESS},
    .valid_access = MUTANT_ALL_ACCESS,
    .destroy = object_free,
    .handle_closed = mutant_handle_closed,
    .shared_kind = SHARED_MUTANT,
    .adopt = adopt,
};

NTSTATUS NtCreateMutant(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                        uint8_t owned)
{
    struct mutant *mutant = object_alloc(sizeof *mutant);
    if (!mutant) return STATUS_NO_MEMORY;
    object_init(&mutant->object, &mutant_type);
    waitable_init(&mutant->object, &mutant->waitable, WAITABLE_MUTANT, 0);
    if (!owned) return object_create_handle(&mutant->object, attributes, access, handle);

    // Owned before anybody can find it by its name.
    object_retain(&mutant->object);
    waitable_own_mutant(&mutant->waitable);
    NTSTATUS status = object_create_handle(&mutant->object, attributes, access, handle);
    int32_t previous;
    if (status != STATUS_SUCCESS) waitable_release_mutant(&mutant->waitable, &previous);
    object_release(&mutant->object);
    return status;
}

NTSTATUS NtOpenMutant(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return object_open_handle(&mutant_type, attributes, access, handle);
}

NTSTATUS NtReleaseMutant(HANDLE32 handle, int32_t *previous)
{
    struct object *object;
    int32_t before;
    NTSTATUS status = handle_resolve(handle, &mutant_type, 0, &object);
    if (status != STATUS_SUCCESS) return status;
    status = waitable_release_mutant(&((struct mutant *)object)->waitable, &before);
    if (previous) *previous = before;
    object_release(object);
    return status;
}

NTSTATUS NtQueryMutant(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length, uint32_t *result_length)
{
    MUTANT_BASIC_INFORMATION32 basic = {0};
    MUTANT_OWNER_INFORMATION32 owner = {0};
    if (class != MutantBasicInformation && class != MutantOwnerInformation) return STATUS_INVALID_INFO_CLASS;
    const void *info = class == MutantBasicInformation ? (void *)&basic : &owner;
    uint32_t size = class == MutantBasicInformation ? sizeof basic : sizeof owner;
    if (length != size) return STATUS_INFO_LENGTH_MISMATCH;
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &mutant_type, MUTANT_QUERY_STATE, &object);
    if (status != STATUS_SUCCESS) return status;
    struct mutant_state state = waitable_mutant_state(&((struct mutant *)object)->waitable);
    object_release(object);
    basic.CurrentCount = state.count;
    basic.OwnedByCaller = state.owner && state.owner == thread_self()->wait.tid;
    basic.AbandonedState = state.abandoned;
    if (state.owner) {
        owner.ClientId.UniqueProcess = state.process;
        owner.ClientId.UniqueThread = state.owner;
    }
    if (!guest_write(buffer, info, size)) return STATUS_ACCESS_VIOLATION;
    if (result_length) *result_length = size;
    return STATUS_SUCCESS;
}
