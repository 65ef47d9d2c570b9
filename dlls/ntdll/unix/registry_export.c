// Trees of keys as text.
#include "registry_export.h"
#include "guest_constants.h"
#include <stdlib.h>
#include <string.h>

// ---- out ----

struct value_list {
    struct value_info *values;
    uint32_t count, capacity;
    bool failed;
};

static bool add_value(const struct value_info *value, void *context)
{
    struct value_list *list = context;
    if (list->count == list->capacity) {
        uint32_t larger = list->capacity ? list->capacity * 2 : 16;
        struct value_info *moved = realloc(list->values, larger * sizeof *moved);
        if (!moved) {
            list->failed = true;
            return false;
        }
        list->values = moved;
        list->capacity = larger;
    }
    list->values[list->count++] = *value;
    return true;
}

static int by_age(const void *a, const void *b)
{
    uint32_t x = ((const struct value_info *)a)->order, y = ((const struct value_info *)b)->order;
    return x < y ? -1 : x > y;
}

struct value_info *registry_sorted_values(struct registry_view *view, key_id key, uint32_t *count)
{
    struct value_list list = {0};
    values_each(view, key, add_value, &list);
    *count = list.count;
    if (!list.values) list.values = calloc(1, sizeof *list.values);
    if (list.values && !list.failed) {
        qsort(list.values, list.count, sizeof *list.values, by_age);
        return list.values;
    }
    free(list.values);
    return NULL;
}

// Bytes of records are unaligned, which names must not be.
static bool export_value(struct reg_file_writer *writer, const struct value_info *value)
{
    uint16_t *name = malloc(2u * value->name.count + 2);
    if (!name) return false;
    memcpy(name, value->name.text, 2u * value->name.count);
    reg_file_value(writer, name, value->name.count, value->type, value->data.data, value->data.size);
    free(name);
    return true;
}

struct export
{
    struct registry_view *view;
    struct reg_file_writer *writer;
    struct units path;
    NTSTATUS status;
};

static bool export_child(struct units name, key_id id, void *context)
{
    struct export *export = context;
    uint32_t count = export->path.count + 1 + name.count;
    uint16_t *path = malloc(2u * count);
    if (!path) {
        export->status = STATUS_NO_MEMORY;
        return false;
    }
    memcpy(path, export->path.text, 2u * export->path.count);
    path[export->path.count] = '\\';
    memcpy(path + export->path.count + 1, name.text, 2u * name.count);
    export->status = registry_export(export->view, id, (struct units){path, count}, export->writer);
    free(path);
    return !export->status;
}

NTSTATUS registry_export(struct registry_view *view, key_id key, struct units path,
                         struct reg_file_writer *writer)
{
    uint32_t count;
    if (is_link(key)) return STATUS_SUCCESS; // what it leads to stands elsewhere
    struct value_info *values = registry_sorted_values(view, key, &count);
    bool good = values != NULL;
    reg_file_key(writer, path.text, path.count);
    for (uint32_t i = 0; i < count && good; i++) good = export_value(writer, &values[i]);
    free(values);
    if (!good || writer->failed) return STATUS_NO_MEMORY;
    struct export export = {view, writer, path, STATUS_SUCCESS};
    children_each(view, key, export_child, &export);
    return export.status;
}

// ---- in ----

static bool import_key(void *context, const uint16_t *path, uint32_t count, bool remove)
{
    struct units whole = {path, count};
    return remove ? edit_remove(context, whole) : edit_enter(context, whole);
}

static bool import_value(void *context, const uint16_t *name, uint32_t name_count, uint32_t type,
                         const uint8_t *data, size_t size)
{
    return edit_set(context, (struct units){name, name_count}, type, (struct store_bytes){data, size});
}

static bool import_removal(void *context, const uint16_t *name, uint32_t name_count)
{
    return edit_unset(context, (struct units){name, name_count});
}

NTSTATUS registry_import(struct registry_view *view, const uint16_t *text, size_t count, bool view64,
                         bool only_missing, struct reg_file_error *error)
{
    static const struct reg_file_sink sink = {import_key, import_value, import_removal, NULL};
    struct registry_edit edit = {.view = view, .view64 = view64, .only_missing = only_missing};
    if (reg_file_parse(text, count, &sink, &edit, error)) return STATUS_SUCCESS;
    return edit.status ? edit.status : STATUS_INVALID_PARAMETER;
}
