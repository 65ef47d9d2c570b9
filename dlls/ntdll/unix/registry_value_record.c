// Values as records.
#include "guest_constants.h"
#include "registry_twin.h"
#include <string.h>

struct value_record {
    uint32_t type, order;
    uint32_t data_size;
    uint32_t name_units;
    // data and name follow
};

static struct value_info value_of(struct store_bytes value)
{
    struct value_record record;
    if (value.size < sizeof record) store_corrupt();
    memcpy(&record, value.data, sizeof record);
    const uint8_t *rest = (const uint8_t *)value.data + sizeof record;
    if (value.size - sizeof record != (size_t)record.data_size + 2 * (size_t)record.name_units)
        store_corrupt();
    return (struct value_info){
        .type = record.type,
        .order = record.order,
        .name = {rest + record.data_size, record.name_units},
        .data = {rest, record.data_size},
    };
}

static bool value_is(struct store_bytes value, struct units name)
{
    return units_equal(value_of(value).name, name);
}

NTSTATUS value_get(struct registry_view *view, key_id id, struct units name, struct value_info *value)
{
    struct twin twin;
    NTSTATUS status = twin_find(view, store_of(id), id, RECORD_VALUE, name, value_is, &twin);
    if (!status) *value = value_of(twin.value);
    return status;
}

NTSTATUS value_find(struct registry_view *view, key_id id, struct units name, struct value_info *value)
{
    struct key_info info;
    NTSTATUS status = value_get(view, id, name, value);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
    status = key_get(view, id, &info);
    return status ? status : STATUS_OBJECT_NAME_NOT_FOUND;
}

static void take_order(struct key_info *info, void *context)
{
    *(uint32_t *)context = info->next_order++;
}

NTSTATUS value_set(struct registry_view *view, key_id id, struct units name, uint32_t type,
                   struct store_bytes data)
{
    uint16_t old_name[VALUE_NAME_MAX];
    struct value_record record = {.type = type, .data_size = (uint32_t)data.size, .name_units = name.count};
    struct value_info old;
    NTSTATUS status = value_get(view, id, name, &old);
    if (!status) {
        record.order = old.order;
        memcpy(old_name, old.name.text, 2u * old.name.count);
        name.text = old_name;
        status = key_touch(view, id, NULL, NULL);
    } else if (status == STATUS_OBJECT_NAME_NOT_FOUND) {
        status = key_touch(view, id, take_order, &record.order);
    }
    if (status) return status;
    void *place;
    status = twin_add(view, store_of(id), id, RECORD_VALUE, name, value_is,
                      sizeof record + data.size + 2u * name.count, &place);
    if (status) return status;
    uint8_t *out = place;
    memcpy(out, &record, sizeof record);
    if (data.size) memcpy(out + sizeof record, data.data, data.size);
    if (name.count) memcpy(out + sizeof record + data.size, name.text, 2u * name.count);
    return STATUS_SUCCESS;
}

NTSTATUS value_delete(struct registry_view *view, key_id id, struct units name)
{
    NTSTATUS status = twin_remove(view, store_of(id), id, RECORD_VALUE, name, value_is);
    return status ? status : key_touch(view, id, NULL, NULL);
}

void values_each(struct registry_view *view, key_id id,
                 bool (*visit)(const struct value_info *value, void *context), void *context)
{
    uint8_t prefix[STORE_KEY_MAX];
    struct store_cursor cursor;
    size_t size = record_key(prefix, id, RECORD_VALUE, (struct units){0}, 0);
    bool more = cursor_begin(view, store_of(id), &cursor, prefix, size);
    while (more && cursor.key.size >= size && memcmp(cursor.key.data, prefix, size) == 0) {
        struct value_info value = value_of(cursor.value);
        more = visit(&value, context) && cursor_next(&cursor);
    }
    cursor_end(&cursor);
}
