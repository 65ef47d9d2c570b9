// Keys: opening, making, renaming and deleting them.
#include "registry_key.h"
#include "ntdll_host.h"
#include "registry_enumerate.h"
#include "registry_hive.h"
#include "registry_notify.h"
#include "registry_transaction.h"
#include "transaction.h"
#include <stdlib.h>
#include <string.h>

enum { OPTION_OPEN_LINK = 8 };

// ---- objects ----

static void key_destroy(struct object *object)
{
    struct registry_key *key = (struct registry_key *)object;
    value_order_free(key->order);
    pthread_mutex_destroy(&key->lock);
    if (key->hive) hive_leave(key->hive, key->place.id);
    if (key->transaction) object_release(&key->transaction->object);
    object_free(object);
}

static void key_handle_closed(struct object *object, bool last)
{
    struct registry_key *key = (struct registry_key *)object;
    if (last && atomic_load(&key->watch)) registry_watch_end(key);
}

struct full_name {
    key_id id;
    uint16_t *text;
    uint32_t count;
};

static NTSTATUS find_full_name(struct registry_view *view, void *context)
{
    struct full_name *name = context;
    free(name->text);
    name->text = registry_full_path(view, name->id, &name->count);
    return name->text ? STATUS_SUCCESS : STATUS_KEY_DELETED;
}

static uint16_t *key_full_name(struct object *object, uint32_t *length)
{
    const struct registry_key *key = (struct registry_key *)object;
    struct full_name name = {.id = key->place.id};
    registry_key_read(key, find_full_name, &name);
    *length = name.text ? name.count : 0;
    return name.text;
}

const struct object_type registry_key_type = {
    .name = "Key",
    .mapping = {.GenericRead = KEY_READ,
                .GenericWrite = KEY_WRITE,
                .GenericExecute = KEY_EXECUTE,
                .GenericAll = KEY_ALL_ACCESS},
    .valid_access = KEY_ALL_ACCESS | SYNCHRONIZE,
    .destroy = key_destroy,
    .handle_closed = key_handle_closed,
    .full_name = key_full_name,
    .rights_fixed = true,
};

NTSTATUS registry_key_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct registry_key **key)
{
    struct object *object;
    NTSTATUS status = handle_resolve(handle, &registry_key_type, access, &object);
    if (!status) *key = (struct registry_key *)object;
    return status;
}

NTSTATUS registry_key_read(const struct registry_key *key,
                           NTSTATUS (*body)(struct registry_view *view, void *context), void *context)
{
    return registry_read_in(key->transaction, body, context);
}

// ---- opening and making ----

NTSTATUS key_request_begin(struct key_request *request, ACCESS_MASK32 access,
                           const OBJECT_ATTRIBUTES32 *attributes, uint32_t options)
{
    enum { VIEWS = KEY_WOW64_64KEY | KEY_WOW64_32KEY };
    struct registry_key *root;
    memset(request, 0, sizeof *request);
    request->views = access & VIEWS;
    request->options = options;
    if (request->views == VIEWS) return STATUS_INVALID_PARAMETER;
    NTSTATUS status =
        object_check_access(&registry_key_type, access & ~(ACCESS_MASK32)VIEWS, &request->access);
    if (status) return status;
    status = object_name_capture(&request->name, attributes);
    if (status) return status;
    if (request->name.root) {
        status = registry_key_resolve(request->name.root, 0, &root);
        if (status) {
            object_name_free(&request->name);
            return status;
        }
        request->start = root->place;
        request->start_view64 = root->view64;
        request->transaction = root->transaction;
        if (request->transaction) object_retain(&request->transaction->object);
        object_release(&root->object);
    } else {
        request->absolute = true;
    }
    return STATUS_SUCCESS;
}

void key_request_free(struct key_request *request)
{
    object_name_free(&request->name);
    if (request->transaction) object_release(&request->transaction->object);
}

static bool view64_of(const struct key_request *request)
{
    return request->views ? request->views == KEY_WOW64_64KEY : request->start_view64;
}

NTSTATUS key_request_walk(struct registry_view *view, struct key_request *request)
{
    request->created = false;
    request->walk = (struct registry_walk){
        .place = request->start,
        .absolute = request->absolute,
        .view64 = view64_of(request),
        .restart = request->views == KEY_WOW64_32KEY,
        .open_link = request->options & (OPTION_OPEN_LINK | REG_OPTION_CREATE_LINK) ||
                     request->name.attributes & OBJ_OPENLINK,
    };
    NTSTATUS status =
        registry_walk(view, &request->walk, (struct units){request->name.name, request->name.length});
    request->hive = hive_of_key(view, request->walk.place.id);
    return status;
}

static NTSTATUS open_body(struct registry_view *view, void *context)
{
    return key_request_walk(view, context);
}

// How to make the key that a walk has found missing.
static struct registry_change creation(const struct key_request *request)
{
    return (struct registry_change){
        .kind = CHANGE_CREATE,
        .id = request->walk.place.id,
        .name = request->walk.missing,
        .class = request->class,
        .data = {request->name.security, request->name.security_size},
        .options = request->options,
    };
}

static void take_created(struct key_request *request, const struct registry_change *change)
{
    struct registry_place *place = &request->walk.place;
    place->zone = registry_zone_below(place->zone, change->name, request->walk.view64);
    place->id = change->made;
    request->created = true;
}

static NTSTATUS create_body(struct registry_view *view, void *context)
{
    struct key_request *request = context;
    NTSTATUS status = key_request_walk(view, request);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND || !request->walk.missing_is_last) return status;
    struct registry_change change = creation(request);
    status = registry_change_apply(view, &change);
    if (!status) take_created(request, &change);
    return status;
}

// In a transaction. Another thread may have been faster.
static NTSTATUS create_transacted(struct key_request *request)
{
    struct registry_change change = creation(request);
    NTSTATUS status = registry_change_do(request->transaction, &change);
    if (status == STATUS_OBJECT_NAME_COLLISION)
        return registry_read_in(request->transaction, open_body, request);
    if (!status) take_created(request, &change);
    return status;
}

// Makes what the last component of a request's path names.
static NTSTATUS create_missing(struct key_request *request)
{
    key_id parent = request->walk.place.id;
    // Two keys that nobody may add to: their subkeys are where hives are loaded.
    if (parent == KEY_ID_ROOT) return STATUS_ACCESS_DENIED;
    if (request->transaction) return create_transacted(request);
    const struct registry_change change = creation(request);
    NTSTATUS status = registry_write(registry_change_stores(&change), create_body, request);
    if (!status && request->created) registry_change_tell(&change);
    return status;
}

NTSTATUS key_request_end(struct key_request *request, HANDLE32 *handle)
{
    struct registry_key *key = object_alloc(sizeof *key);
    if (!key) return STATUS_NO_MEMORY;
    object_init(&key->object, &registry_key_type);
    pthread_mutex_init(&key->lock, NULL);
    key->place = request->walk.place;
    key->view64 = view64_of(request);
    key->tags = key->view64 ? KEY_WOW64_64KEY : 0;
    key->transaction = request->transaction;
    if (key->transaction) object_retain(&key->transaction->object);
    key->hive = request->hive && hive_enter(request->hive, key->place.id) ? request->hive : 0;
    NTSTATUS status = handle_create(&key->object, request->access, request->name.attributes, handle);
    object_release(&key->object);
    return status;
}

// Has a request made in the transaction of a handle, instead of that of the key where its path begins.
static NTSTATUS transact(struct key_request *request, HANDLE32 handle)
{
    struct transaction *transaction;
    NTSTATUS status = transaction_resolve(handle, TRANSACTION_ENLIST, &transaction);
    if (status) return status;
    if (request->transaction) object_release(&request->transaction->object);
    request->transaction = transaction;
    return STATUS_SUCCESS;
}

// transaction NULL: as the key where the path begins.
static NTSTATUS open_key(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                         uint32_t options, const HANDLE32 *transaction)
{
    struct key_request request;
    NTSTATUS status = key_request_begin(&request, access, attributes, options);
    if (status) return status;
    if (transaction) status = transact(&request, *transaction);
    if (!status) status = registry_read_in(request.transaction, open_body, &request);
    if (!status) status = key_request_end(&request, handle);
    key_request_free(&request);
    return status;
}

NTSTATUS NtOpenKeyEx(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                     uint32_t options)
{
    return open_key(handle, access, attributes, options, NULL);
}

NTSTATUS NtOpenKeyTransactedEx(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                               uint32_t options, HANDLE32 transaction)
{
    return open_key(handle, access, attributes, options, &transaction);
}

NTSTATUS NtOpenKeyTransacted(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                             HANDLE32 transaction)
{
    return open_key(handle, access, attributes, 0, &transaction);
}

NTSTATUS NtOpenKey(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes)
{
    return NtOpenKeyEx(handle, access, attributes, 0);
}

static NTSTATUS create(struct key_request *request, HANDLE32 *handle)
{
    NTSTATUS status = registry_read_in(request->transaction, open_body, request);
    if (!status && request->options & REG_OPTION_CREATE_LINK) return STATUS_OBJECT_NAME_COLLISION;
    if (status == STATUS_OBJECT_NAME_NOT_FOUND && request->walk.missing_is_last)
        status = create_missing(request);
    return status ? status : key_request_end(request, handle);
}

static NTSTATUS create_key(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                           const UNICODE_STRING32 *class, uint32_t options, const HANDLE32 *transaction,
                           uint32_t *disposition)
{
    const UNICODE_STRING32 none = {0};
    struct key_request request;
    struct captured_name class_name;
    NTSTATUS status =
        captured_name_read(&class_name, class ? class : &none, CLASS_NAME_MAX, STATUS_INVALID_PARAMETER);
    if (status) return status;
    status = key_request_begin(&request, access, attributes, options);
    if (!status) {
        request.class = class_name.units;
        if (transaction) status = transact(&request, *transaction);
        if (!status) status = create(&request, handle);
        if (!status && disposition)
            *disposition = request.created ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
        key_request_free(&request);
    }
    captured_name_free(&class_name);
    return status;
}

NTSTATUS NtCreateKey(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                     uint32_t title, const UNICODE_STRING32 *class, uint32_t options, uint32_t *disposition)
{
    (void)title;
    return create_key(handle, access, attributes, class, options, NULL, disposition);
}

NTSTATUS NtCreateKeyTransacted(HANDLE32 *handle, ACCESS_MASK32 access, const OBJECT_ATTRIBUTES32 *attributes,
                               uint32_t title, const UNICODE_STRING32 *class, uint32_t options,
                               HANDLE32 transaction, uint32_t *disposition)
{
    (void)title;
    return create_key(handle, access, attributes, class, options, &transaction, disposition);
}

// ---- changing keys ----

static NTSTATUS find_parent(struct registry_view *view, void *context)
{
    struct registry_change *change = context;
    struct key_info info;
    NTSTATUS status = key_get(view, change->id, &info);
    if (!status) change->parent = info.parent;
    return status;
}

// The roots that every program relies on.
static bool is_permanent(const struct registry_change *change)
{
    return change->id == KEY_ID_ROOT || change->parent == KEY_ID_ROOT;
}

NTSTATUS NtDeleteKey(HANDLE32 handle)
{
    struct registry_key *key;
    NTSTATUS status = registry_key_resolve(handle, DELETE, &key);
    if (status) return status;
    struct registry_change change = {.kind = CHANGE_DELETE, .id = key->place.id};
    status = registry_key_read(key, find_parent, &change);
    if (!status)
        status = is_permanent(&change) ? STATUS_CANNOT_DELETE : registry_change_do(key->transaction, &change);
    object_release(&key->object);
    return status == STATUS_KEY_DELETED ? STATUS_SUCCESS : status;
}

static bool has_backslash(struct units name)
{
    const uint16_t *text = name.text;
    for (uint32_t i = 0; i < name.count; i++)
        if (text[i] == '\\') return true;
    return false;
}

static NTSTATUS rename_key(const struct registry_key *key, struct units name)
{
    struct registry_change change = {.kind = CHANGE_RENAME, .id = key->place.id, .name = name};
    NTSTATUS status = registry_key_read(key, find_parent, &change);
    if (!status && is_permanent(&change)) status = STATUS_ACCESS_DENIED;
    return status ? status : registry_change_do(key->transaction, &change);
}

NTSTATUS NtRenameKey(HANDLE32 handle, const UNICODE_STRING32 *string)
{
    struct registry_key *key;
    struct captured_name name;
    NTSTATUS status = captured_name_read(&name, string, KEY_NAME_MAX, STATUS_INVALID_PARAMETER);
    if (status) return status;
    if (!name.units.count || has_backslash(name.units)) status = STATUS_INVALID_PARAMETER;
    if (!status) status = registry_key_resolve(handle, KEY_WRITE, &key);
    if (!status) {
        status = rename_key(key, name.units);
        object_release(&key->object);
    }
    captured_name_free(&name);
    return status;
}

NTSTATUS NtFlushKey(HANDLE32 handle)
{
    struct registry_key *key;
    NTSTATUS status = registry_key_resolve(handle, 0, &key);
    if (status) return status;
    struct registry_change change = {.id = key->place.id};
    status = registry_key_read(key, find_parent, &change);
    object_release(&key->object);
    if (status) return status;
    return store_of(change.id) == STORE_VOLATILE ? hive_flush(change.id) : registry_sync();
}

static NTSTATUS set_tags(HANDLE32 handle, gptr buffer, uint32_t length)
{
    struct registry_key *key;
    uint32_t tags;
    if (length != sizeof tags) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read32(&tags, buffer)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = registry_key_resolve(handle, 0, &key);
    if (status) return status;
    atomic_store(&key->tags, tags);
    object_release(&key->object);
    return STATUS_SUCCESS;
}

NTSTATUS NtSetInformationKey(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length)
{
    struct registry_key *key;
    struct registry_change change = {.kind = CHANGE_TIME};
    if (class == KeySetHandleTagsInformation) return set_tags(handle, buffer, length);
    if (class != KeyWriteTimeInformation) return STATUS_INVALID_INFO_CLASS;
    if (length != sizeof change.time) return STATUS_INFO_LENGTH_MISMATCH;
    if (!guest_read(&change.time, buffer, sizeof change.time)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = registry_key_resolve(handle, KEY_SET_VALUE, &key);
    if (status) return status;
    change.id = key->place.id;
    status = registry_change_do(key->transaction, &change);
    object_release(&key->object);
    return status;
}
