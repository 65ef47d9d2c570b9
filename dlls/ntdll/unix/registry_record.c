// Keys as records.
#include "registry_record.h"
#include "guest_constants.h"
#include "loader/host_clock.h"
#include "registry_twin.h"
#include <stdlib.h>
#include <string.h>

struct key_record {
    uint64_t parent;
    int64_t last_write;
    uint32_t flags, next_order;
    uint32_t security_size;
    uint16_t name_units, class_units;
    // name, class and security follow
};

// A subkey in its parent's list.
struct child_record {
    uint64_t id;
    // the name follows
};

static const struct units no_name;

// ---- heads ----

NTSTATUS head_get(struct registry_view *view, enum registry_store store, struct store_head *head)
{
    uint8_t key[STORE_KEY_MAX];
    struct store_bytes value;
    NTSTATUS status = store_get(view, store, key, record_key(key, 0, RECORD_KEY, no_name, 0), &value);
    if (status) return status;
    if (value.size != sizeof *head) store_corrupt();
    memcpy(head, value.data, sizeof *head);
    return STATUS_SUCCESS;
}

NTSTATUS head_put(struct registry_view *view, enum registry_store store, const struct store_head *head)
{
    uint8_t key[STORE_KEY_MAX];
    void *place;
    NTSTATUS status =
        store_put(view, store, key, record_key(key, 0, RECORD_KEY, no_name, 0), sizeof *head, &place);
    if (!status) memcpy(place, head, sizeof *head);
    return status;
}

NTSTATUS next_id(struct registry_view *view, enum registry_store store, key_id *id)
{
    struct store_head head;
    NTSTATUS status = head_get(view, store, &head);
    if (status) return status;
    *id = head.next_id++ | (key_id)(store == STORE_VOLATILE) << KEY_ID_VOLATILE;
    return head_put(view, store, &head);
}

// ---- the key itself ----

static int64_t time_of_change(const struct registry_view *view)
{
    return view->time ? view->time : host_system_time();
}

NTSTATUS key_get(struct registry_view *view, key_id id, struct key_info *info)
{
    uint8_t key[STORE_KEY_MAX];
    struct store_bytes value;
    struct key_record record;
    NTSTATUS status = store_get(view, store_of(id), key, record_key(key, id, RECORD_KEY, no_name, 0), &value);
    if (status) return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_KEY_DELETED : status;
    if (value.size < sizeof record) store_corrupt();
    memcpy(&record, value.data, sizeof record);
    const uint8_t *rest = (const uint8_t *)value.data + sizeof record;
    size_t names = 2u * record.name_units + 2u * record.class_units;
    if (value.size - sizeof record != names + record.security_size) store_corrupt();
    *info = (struct key_info){
        .parent = record.parent,
        .last_write = record.last_write,
        .flags = record.flags,
        .next_order = record.next_order,
        .name = {rest, record.name_units},
        .class = {rest + 2u * record.name_units, record.class_units},
        .security = {rest + names, record.security_size},
    };
    return STATUS_SUCCESS;
}

NTSTATUS key_put(struct registry_view *view, key_id id, const struct key_info *info)
{
    uint8_t key[STORE_KEY_MAX];
    void *place;
    struct key_record record = {
        .parent = info->parent,
        .last_write = info->last_write,
        .flags = info->flags,
        .next_order = info->next_order,
        .security_size = (uint32_t)info->security.size,
        .name_units = (uint16_t)info->name.count,
        .class_units = (uint16_t)info->class.count,
    };
    size_t size = sizeof record + 2u * record.name_units + 2u * record.class_units + record.security_size;
    NTSTATUS status =
        store_put(view, store_of(id), key, record_key(key, id, RECORD_KEY, no_name, 0), size, &place);
    if (status) return status;
    uint8_t *out = place;
    memcpy(out, &record, sizeof record);
    out += sizeof record;
    if (record.name_units) memcpy(out, info->name.text, 2u * record.name_units);
    out += 2u * record.name_units;
    if (record.class_units) memcpy(out, info->class.text, 2u * record.class_units);
    out += 2u * record.class_units;
    if (record.security_size) memcpy(out, info->security.data, record.security_size);
    return STATUS_SUCCESS;
}

NTSTATUS key_touch(struct registry_view *view, key_id id,
                   void (*change)(struct key_info *info, void *context), void *context)
{
    uint8_t key[STORE_KEY_MAX], copy[1024];
    size_t key_size = record_key(key, id, RECORD_KEY, no_name, 0);
    struct store_bytes value;
    struct key_record record;
    NTSTATUS status = store_get(view, store_of(id), key, key_size, &value);
    if (status) return status == STATUS_OBJECT_NAME_NOT_FOUND ? STATUS_KEY_DELETED : status;
    if (value.size < sizeof record) store_corrupt();
    memcpy(&record, value.data, sizeof record);
    struct key_info info = {.parent = record.parent,
                            .last_write = time_of_change(view),
                            .flags = record.flags,
                            .next_order = record.next_order};
    if (change) change(&info, context);
    record.last_write = info.last_write;
    record.flags = info.flags;
    record.next_order = info.next_order;
    // A record is not overwritten from itself: what follows its fixed part goes through a copy.
    size_t rest = value.size - sizeof record;
    uint8_t *kept = rest <= sizeof copy ? copy : malloc(rest);
    if (!kept) return STATUS_NO_MEMORY;
    memcpy(kept, (const uint8_t *)value.data + sizeof record, rest);
    void *place;
    status = store_put(view, store_of(id), key, key_size, value.size, &place);
    if (!status) {
        memcpy(place, &record, sizeof record);
        memcpy((uint8_t *)place + sizeof record, kept, rest);
    }
    if (kept != copy) free(kept);
    return status;
}

uint8_t *key_info_copy(struct key_info *info)
{
    const size_t names = 2u * ((size_t)info->name.count + info->class.count);
    uint8_t *copy = malloc(names + info->security.size + 1);
    if (!copy) return NULL;
    memcpy(copy, info->name.text, names + info->security.size); // they follow each other
    info->name.text = copy;
    info->class.text = copy + 2u * (size_t)info->name.count;
    info->security.data = copy + names;
    return copy;
}

// ---- lists of subkeys ----

static struct units child_name(struct store_bytes value)
{
    return (struct units){(const uint8_t *)value.data + sizeof(struct child_record),
                          (uint32_t)(value.size - sizeof(struct child_record)) / 2};
}

static key_id child_id(struct store_bytes value)
{
    struct child_record record;
    if (value.size < sizeof record) store_corrupt();
    memcpy(&record, value.data, sizeof record);
    return record.id;
}

void child_of_record(struct store_bytes value, struct units *name, key_id *id)
{
    *id = child_id(value);
    *name = child_name(value);
}

static bool child_is(struct store_bytes value, struct units name)
{
    return value.size >= sizeof(struct child_record) && units_equal(child_name(value), name);
}

static NTSTATUS find_in(struct registry_view *view, enum registry_store store, key_id parent,
                        struct units name, key_id *id)
{
    struct twin twin;
    NTSTATUS status = twin_find(view, store, parent, RECORD_CHILD, name, child_is, &twin);
    if (!status) *id = child_id(twin.value);
    return status;
}

NTSTATUS child_find(struct registry_view *view, key_id parent, struct units name, key_id *id)
{
    struct key_info info;
    NTSTATUS status = find_in(view, store_of(parent), parent, name, id);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
    status = key_get(view, parent, &info);
    if (status) return status;
    if (store_of(parent) == STORE_VOLATILE || !(info.flags & KEY_HAS_VOLATILE))
        return STATUS_OBJECT_NAME_NOT_FOUND;
    return find_in(view, STORE_VOLATILE, parent, name, id);
}

static NTSTATUS list_child(struct registry_view *view, enum registry_store store, key_id parent,
                           struct units name, key_id id)
{
    struct child_record record = {id};
    void *place;
    NTSTATUS status =
        twin_add(view, store, parent, RECORD_CHILD, name, child_is, sizeof record + 2u * name.count, &place);
    if (status) return status;
    memcpy(place, &record, sizeof record);
    memcpy((uint8_t *)place + sizeof record, name.text, 2u * name.count);
    return STATUS_SUCCESS;
}

static void mark_volatile(struct key_info *info, void *context)
{
    (void)context;
    info->flags |= KEY_HAS_VOLATILE;
}

NTSTATUS child_create(struct registry_view *view, key_id parent, bool is_volatile, bool link,
                      const struct key_info *info, key_id *id)
{
    enum registry_store store = is_volatile ? STORE_VOLATILE : STORE_KEPT;
    struct key_info fresh = *info;
    fresh.parent = parent;
    fresh.last_write = time_of_change(view);
    NTSTATUS status = child_find(view, parent, info->name, id);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND) return status ? status : STATUS_OBJECT_NAME_COLLISION;
    *id = view->next_key;
    status = *id ? STATUS_SUCCESS : next_id(view, store, id);
    *id |= (key_id)link << KEY_ID_LINK;
    if (!status) status = key_put(view, *id, &fresh);
    if (!status) status = list_child(view, store, parent, info->name, *id);
    if (!status) status = key_touch(view, parent, store == store_of(parent) ? NULL : mark_volatile, NULL);
    return status;
}

// Whether a store has a record of a kind below a key.
static bool has_record(struct registry_view *view, enum registry_store store, key_id id,
                       enum record_kind kind)
{
    uint8_t key[STORE_KEY_MAX];
    struct store_cursor cursor;
    size_t size = record_key(key, id, kind, no_name, 0);
    bool found = cursor_begin(view, store, &cursor, key, size) && cursor.key.size >= size &&
                 memcmp(cursor.key.data, key, size) == 0;
    cursor_end(&cursor);
    return found;
}

NTSTATUS child_delete(struct registry_view *view, key_id id)
{
    uint8_t key[STORE_KEY_MAX];
    struct key_info info;
    struct store_cursor cursor;
    enum registry_store store = store_of(id);
    NTSTATUS status = key_get(view, id, &info);
    if (status) return status;
    if (has_record(view, store, id, RECORD_CHILD)) return STATUS_CANNOT_DELETE;
    if (info.flags & KEY_HAS_VOLATILE && store == STORE_KEPT &&
        has_record(view, STORE_VOLATILE, id, RECORD_CHILD))
        return STATUS_CANNOT_DELETE;
    status = twin_remove(view, store, info.parent, RECORD_CHILD, info.name, child_is);
    if (status) return status;
    key_id parent = info.parent;
    while (!status) {
        size_t size = record_key(key, id, RECORD_VALUE, no_name, 0);
        bool found = cursor_begin(view, store, &cursor, key, size) && cursor.key.size >= size &&
                     memcmp(cursor.key.data, key, size) == 0;
        size = found ? cursor.key.size : 0;
        if (found) memcpy(key, cursor.key.data, size);
        cursor_end(&cursor);
        if (!found) break;
        status = store_delete(view, store, key, size);
    }
    if (!status) status = store_delete(view, store, key, record_key(key, id, RECORD_KEY, no_name, 0));
    if (!status && view->writing[store_of(parent)]) status = key_touch(view, parent, NULL, NULL);
    return status;
}

NTSTATUS child_rename(struct registry_view *view, key_id id, struct units name)
{
    struct key_info info;
    key_id other;
    NTSTATUS status = key_get(view, id, &info);
    if (status) return status;
    status = child_find(view, info.parent, name, &other);
    if (!status && other != id) return STATUS_CANNOT_DELETE;
    if (status && status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
    uint8_t *copy = key_info_copy(&info);
    if (!copy) return STATUS_NO_MEMORY;
    status = twin_remove(view, store_of(id), info.parent, RECORD_CHILD, info.name, child_is);
    if (!status) status = list_child(view, store_of(id), info.parent, name, id);
    info.name = name;
    info.last_write = time_of_change(view);
    if (!status) status = key_put(view, id, &info);
    if (!status && view->writing[store_of(info.parent)]) status = key_touch(view, info.parent, NULL, NULL);
    free(copy);
    return status;
}

// ---- enumeration ----

// One store's list of subkeys.
struct list {
    struct store_cursor cursor;
    uint8_t prefix[STORE_KEY_MAX];
    size_t prefix_size;
    bool valid;
};

static bool list_in_range(const struct list *list)
{
    return list->cursor.key.size >= list->prefix_size &&
           memcmp(list->cursor.key.data, list->prefix, list->prefix_size) == 0;
}

static void list_begin(struct registry_view *view, enum registry_store store, key_id parent,
                       struct list *list)
{
    list->prefix_size = record_key(list->prefix, parent, RECORD_CHILD, no_name, 0);
    list->valid =
        cursor_begin(view, store, &list->cursor, list->prefix, list->prefix_size) && list_in_range(list);
}

static int compare_keys(struct store_bytes a, struct store_bytes b)
{
    int order = memcmp(a.data, b.data, a.size < b.size ? a.size : b.size);
    return order ? order : a.size < b.size ? -1 : a.size > b.size;
}

void children_each(struct registry_view *view, key_id parent,
                   bool (*visit)(struct units name, key_id id, void *context), void *context)
{
    struct list lists[STORES] = {0};
    struct key_info info;
    bool more = true;
    if (key_get(view, parent, &info)) return;
    list_begin(view, store_of(parent), parent, &lists[0]);
    if (info.flags & KEY_HAS_VOLATILE && store_of(parent) == STORE_KEPT)
        list_begin(view, STORE_VOLATILE, parent, &lists[1]);
    while (more && (lists[0].valid || lists[1].valid)) {
        struct list *list = &lists[0];
        if (!lists[0].valid || (lists[1].valid && compare_keys(lists[1].cursor.key, lists[0].cursor.key) < 0))
            list = &lists[1];
        key_id id = child_id(list->cursor.value);
        more = visit(child_name(list->cursor.value), id, context);
        list->valid = cursor_next(&list->cursor) && list_in_range(list);
    }
    cursor_end(&lists[0].cursor);
    cursor_end(&lists[1].cursor);
}
