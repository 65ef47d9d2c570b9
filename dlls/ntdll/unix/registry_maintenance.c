// Calls that look after hives as files: making them compact, asking who uses them, and what only the system
// itself may do.
#include "guest_constants.h"
#include "ntdll_host.h"
#include "registry_hive.h"
#include "registry_key.h"
#include "registry_transaction.h"
#include "token.h"

struct same_hive {
    key_id id, root;
};

static NTSTATUS find_root(struct registry_view *view, void *context)
{
    struct same_hive *hive = context;
    struct key_info info;
    hive->root = hive_root(view, hive->id);
    return key_get(view, hive->id, &info);
}

static NTSTATUS hive_of_handle(HANDLE32 handle, ACCESS_MASK32 access, struct same_hive *hive)
{
    struct registry_key *key;
    NTSTATUS status = registry_key_resolve(handle, access, &key);
    if (status) return status;
    hive->id = key->place.id;
    status = registry_key_read(key, find_root, hive);
    object_release(&key->object);
    return status;
}

// A file is written without holes each time; the kept store has pages for each key and moves none.
static NTSTATUS rewrite(key_id root)
{
    return store_of(root) == STORE_VOLATILE ? hive_flush(root) : STATUS_SUCCESS;
}

NTSTATUS NtCompressKey(HANDLE32 handle)
{
    struct same_hive hive;
    if (!token_has_privilege(SE_BACKUP_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = hive_of_handle(handle, KEY_WRITE, &hive);
    if (status) return status;
    return hive.id == hive.root ? rewrite(hive.root) : STATUS_INVALID_PARAMETER;
}

// Keys of one hive, whose cells are to lie next to each other.
NTSTATUS NtCompactKeys(uint32_t count, const HANDLE32 *keys)
{
    struct same_hive first = {0}, hive;
    if (!count) return STATUS_INVALID_PARAMETER;
    if (!token_has_privilege(SE_BACKUP_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    for (uint32_t i = 0; i < count; i++) {
        NTSTATUS status = hive_of_handle(keys[i], KEY_WRITE, i ? &hive : &first);
        if (status) return status;
        if (i && hive.root != first.root) return STATUS_INVALID_PARAMETER;
    }
    return rewrite(first.root);
}

struct query {
    struct key_request request;
    key_id root;
};

static NTSTATUS walk_body(struct registry_view *view, void *context)
{
    struct query *query = context;
    NTSTATUS status = key_request_walk(view, &query->request);
    if (!status) query->root = hive_root(view, query->request.walk.place.id);
    return status;
}

// Other processes' keys are known of loaded hives, which is where it matters.
NTSTATUS NtQueryOpenSubKeys(const OBJECT_ATTRIBUTES32 *target, uint32_t *count)
{
    struct query query = {.root = 0};
    NTSTATUS status = key_request_begin(&query.request, KEY_READ, target, 0);
    if (status) return status;
    status = registry_read_in(query.request.transaction, walk_body, &query);
    if (!status && query.root != query.request.walk.place.id) status = STATUS_INVALID_PARAMETER;
    if (!status && !query.request.hive) status = STATUS_NOT_SUPPORTED;
    if (!status) *count = hive_open_keys(query.root);
    key_request_free(&query.request);
    return status;
}

// Calls of the kernel and of the session manager.
NTSTATUS NtLockRegistryKey(HANDLE32 handle)
{
    (void)handle;
    return STATUS_PRIVILEGE_NOT_HELD;
}

// The registry has been initialized long ago.
NTSTATUS NtInitializeRegistry(uint16_t condition)
{
    enum { CONDITION_MAX = 1001 }; // REG_INIT_BOOT_ACCEPTED_MAX
    return condition > CONDITION_MAX ? STATUS_INVALID_PARAMETER : STATUS_ACCESS_DENIED;
}
