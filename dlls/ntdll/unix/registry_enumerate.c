// Enumeration by index.
#include "registry_enumerate.h"
#include "guest_constants.h"
#include <stdlib.h>
#include <string.h>

// ---- subkeys ----

struct search {
    uint32_t index;
    struct units name;
    key_id id;
    bool found;
};

static bool count_down(struct units name, key_id id, void *context)
{
    struct search *search = context;
    if (search->index--) return true;
    search->name = name;
    search->id = id;
    search->found = true;
    return false;
}

// Subkeys in both stores, one list: from its beginning.
static NTSTATUS child_at_slowly(struct registry_view *view, key_id parent, uint32_t index, struct units *name,
                                key_id *id)
{
    struct search search = {.index = index};
    children_each(view, parent, count_down, &search);
    if (!search.found) return STATUS_NO_MORE_ENTRIES;
    *name = search.name;
    *id = search.id;
    return STATUS_SUCCESS;
}

static bool in_range(const struct store_cursor *cursor, const uint8_t *prefix, size_t size)
{
    return cursor->key.size >= size && memcmp(cursor->key.data, prefix, size) == 0;
}

// Puts the cursor at an index: from the remembered position when that is nearer than the beginning.
static bool seek(struct registry_view *view, key_id parent, uint32_t index,
                 const struct child_position *position, struct store_cursor *cursor)
{
    uint8_t prefix[STORE_KEY_MAX];
    size_t size = record_key(prefix, parent, RECORD_CHILD, (struct units){0}, 0);
    bool known =
        position->version == store_version(view, store_of(parent)) && position->index <= 2 * (uint64_t)index;
    uint32_t at = known ? position->index : 0;
    bool there = known ? cursor_begin(view, store_of(parent), cursor, position->key, position->key_size)
                       : cursor_begin(view, store_of(parent), cursor, prefix, size);
    while (there && in_range(cursor, prefix, size)) {
        if (at == index) return true;
        there = at < index ? cursor_next(cursor) : cursor_previous(cursor);
        at += at < index ? 1 : -1;
    }
    return false;
}

NTSTATUS child_at(struct registry_view *view, key_id parent, uint32_t index, struct child_position *position,
                  struct units *name, key_id *id)
{
    struct key_info info;
    struct store_cursor cursor = {0};
    NTSTATUS status = key_get(view, parent, &info);
    if (status) return status;
    if (info.flags & KEY_HAS_VOLATILE && store_of(parent) == STORE_KEPT)
        return child_at_slowly(view, parent, index, name, id);
    status = STATUS_NO_MORE_ENTRIES;
    if (seek(view, parent, index, position, &cursor)) {
        child_of_record(cursor.value, name, id);
        position->version = store_version(view, store_of(parent));
        position->index = index;
        position->key_size = (uint16_t)cursor.key.size;
        memcpy(position->key, cursor.key.data, cursor.key.size);
        status = STATUS_SUCCESS;
    }
    cursor_end(&cursor);
    return status;
}

// ---- values ----

// The values of a key by age: the names of those of one version of the store.
struct value_order {
    uint64_t version;
    uint32_t count, capacity;
    struct entry {
        uint32_t order;
        uint32_t name_units;
        uint16_t *name;
    } entries[];
};

void value_order_free(struct value_order *order)
{
    for (uint32_t i = 0; order && i < order->count; i++) free(order->entries[i].name);
    free(order);
}

static bool collect(const struct value_info *value, void *context)
{
    struct value_order **order = context, *list = *order;
    if (list->count == list->capacity) {
        uint32_t larger = list->capacity * 2;
        struct value_order *moved = realloc(list, sizeof *list + larger * sizeof *list->entries);
        if (!moved) return false;
        moved->capacity = larger;
        *order = list = moved;
    }
    uint16_t *name = malloc(2u * value->name.count + 1);
    if (!name) return false;
    memcpy(name, value->name.text, 2u * value->name.count);
    list->entries[list->count++] = (struct entry){value->order, value->name.count, name};
    return true;
}

static int by_age(const void *a, const void *b)
{
    uint32_t x = ((const struct entry *)a)->order, y = ((const struct entry *)b)->order;
    return x < y ? -1 : x > y;
}

static struct value_order *list_values(struct registry_view *view, key_id id, uint64_t version)
{
    enum { FIRST = 16 };
    struct value_order *order = malloc(sizeof *order + FIRST * sizeof *order->entries);
    if (!order) return NULL;
    *order = (struct value_order){.version = version, .capacity = FIRST};
    values_each(view, id, collect, &order);
    qsort(order->entries, order->count, sizeof *order->entries, by_age);
    return order;
}

NTSTATUS value_at(struct registry_view *view, key_id id, uint32_t index, struct value_order **order,
                  struct value_info *value)
{
    struct key_info info;
    NTSTATUS status = key_get(view, id, &info);
    if (status) return status;
    uint64_t version = store_version(view, store_of(id));
    if (!*order || (*order)->version != version) {
        value_order_free(*order);
        *order = list_values(view, id, version);
        if (!*order) return STATUS_NO_MEMORY;
    }
    if (index >= (*order)->count) return STATUS_NO_MORE_ENTRIES;
    const struct entry *entry = &(*order)->entries[index];
    return value_get(view, id, (struct units){entry->name, entry->name_units}, value);
}
