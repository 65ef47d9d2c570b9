// Doing changes of keys and values.
#include "registry_change.h"
#include "guest_constants.h"
#include "registry_notify.h"
#include "registry_transaction.h"
#include <stdlib.h>

static NTSTATUS create(struct registry_view *view, struct registry_change *change)
{
    struct key_info info = {.name = change->name, .class = change->class, .security = change->data};
    bool passing = change->options & REG_OPTION_VOLATILE,
         in_volatile = store_of(change->id) == STORE_VOLATILE;
    if (in_volatile && !passing) {
        struct key_info parent;
        NTSTATUS status = key_get(view, change->id, &parent);
        if (!status && !(parent.flags & KEY_IN_HIVE)) status = STATUS_CHILD_MUST_BE_VOLATILE;
        if (status) return status;
        info.flags = KEY_IN_HIVE;
    }
    return child_create(view, change->id, passing || in_volatile, change->options & REG_OPTION_CREATE_LINK,
                        &info, &change->made);
}

static NTSTATUS unset(struct registry_view *view, const struct registry_change *change)
{
    struct value_info value;
    NTSTATUS status = value_find(view, change->id, change->name, &value);
    return status ? status : value_delete(view, change->id, change->name);
}

static void take_time(struct key_info *info, void *context)
{
    info->last_write = *(int64_t *)context;
}

static NTSTATUS set_security(struct registry_view *view, const struct registry_change *change)
{
    struct key_info info;
    NTSTATUS status = key_get(view, change->id, &info);
    if (status) return status;
    uint8_t *copy = key_info_copy(&info);
    if (!copy) return STATUS_NO_MEMORY;
    info.security = change->data;
    status = key_put(view, change->id, &info);
    free(copy);
    return status;
}

NTSTATUS registry_change_apply(struct registry_view *view, struct registry_change *change)
{
    switch (change->kind) {
    case CHANGE_CREATE: return create(view, change);
    case CHANGE_DELETE: return child_delete(view, change->id);
    case CHANGE_RENAME: return child_rename(view, change->id, change->name);
    case CHANGE_SET: return value_set(view, change->id, change->name, change->type, change->data);
    case CHANGE_UNSET: return unset(view, change);
    case CHANGE_TIME: return key_touch(view, change->id, take_time, &change->time);
    default: return set_security(view, change);
    }
}

unsigned registry_change_stores(const struct registry_change *change)
{
    unsigned stores = 1u << store_of(change->id);
    if (change->kind == CHANGE_DELETE || change->kind == CHANGE_RENAME)
        stores |= 1u << store_of(change->parent);
    if (change->kind == CHANGE_CREATE && change->options & REG_OPTION_VOLATILE) stores |= WRITE_VOLATILE;
    return stores;
}

void registry_change_tell(const struct registry_change *change)
{
    switch (change->kind) {
    case CHANGE_CREATE: registry_changed(change->id, REG_NOTIFY_CHANGE_NAME); break;
    case CHANGE_DELETE: registry_deleted(change->id, change->parent); break;
    case CHANGE_RENAME: registry_changed(change->parent, REG_NOTIFY_CHANGE_NAME); break;
    case CHANGE_SET:
    case CHANGE_UNSET: registry_changed(change->id, REG_NOTIFY_CHANGE_LAST_SET); break;
    case CHANGE_TIME: break;
    case CHANGE_SECURITY: registry_changed(change->id, REG_NOTIFY_CHANGE_SECURITY); break;
    }
}

static NTSTATUS apply_body(struct registry_view *view, void *context)
{
    return registry_change_apply(view, context);
}

NTSTATUS registry_change_do(struct transaction *transaction, struct registry_change *change)
{
    if (transaction) return registry_transaction_change(transaction, change);
    NTSTATUS status = registry_write(registry_change_stores(change), apply_body, change);
    if (!status) registry_change_tell(change);
    return status;
}
