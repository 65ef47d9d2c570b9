// NtSaveMergedKeys: two trees of keys as one hive file. They are put together in a write that is given up.
#include "file_fd.h"
#include "guest_constants.h"
#include "hive_disk.h"
#include "hive_file.h"
#include "ntdll_host.h"
#include "registry_hive.h"
#include "registry_key.h"
#include "token.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DEPTH_MAX = 512 };

// What a key holds, in copies: the store must not be written to while it is being read.
struct copied_value {
    struct copied_value *next;
    uint32_t type;
    uint32_t name_count;
    size_t size;
    uint8_t bytes[]; // the name, the data
};
struct content {
    struct copied_value *values;
    key_id *subkeys;
    uint32_t subkeys_n, room;
    bool failed; // no memory
};

static bool copy_value(const struct value_info *value, void *context)
{
    struct content *content = context;
    const size_t name = 2u * (size_t)value->name.count;
    struct copied_value *copy = malloc(sizeof *copy + name + value->data.size);
    content->failed |= !copy;
    if (!copy) return false;
    *copy = (struct copied_value){content->values, value->type, value->name.count, value->data.size};
    memcpy(copy->bytes, value->name.text, name);
    if (value->data.size) memcpy(copy->bytes + name, value->data.data, value->data.size);
    content->values = copy;
    return true;
}

static bool copy_subkey(struct units name, key_id id, void *context)
{
    struct content *content = context;
    (void)name;
    if (content->subkeys_n == content->room) {
        uint32_t room = content->room ? 2 * content->room : 16;
        key_id *more = realloc(content->subkeys, room * sizeof *more);
        content->failed |= !more;
        if (!more) return false;
        content->subkeys = more;
        content->room = room;
    }
    content->subkeys[content->subkeys_n++] = id;
    return true;
}

static void content_free(struct content *content)
{
    while (content->values) {
        struct copied_value *value = content->values;
        content->values = value->next;
        free(value);
    }
    free(content->subkeys);
}

static NTSTATUS set_values(struct registry_view *view, const struct content *content, key_id to)
{
    NTSTATUS status = STATUS_SUCCESS;
    for (const struct copied_value *value = content->values; value && !status; value = value->next) {
        const struct units name = {value->bytes, value->name_count};
        const struct store_bytes data = {value->bytes + 2u * (size_t)value->name_count, value->size};
        status = value_set(view, to, name, value->type, data);
    }
    return status;
}

// The subkey of `parent` that is called as a key of the other tree, made if need be.
static NTSTATUS enter_same(struct registry_view *view, key_id key, key_id parent, key_id *same)
{
    struct key_info info;
    NTSTATUS status = key_get(view, key, &info);
    if (status) return status;
    status = child_find(view, parent, info.name, same);
    if (status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
    uint8_t *copy = key_info_copy(&info);
    if (!copy) return STATUS_NO_MEMORY;
    info.flags = KEY_IN_HIVE;
    info.next_order = 0;
    status = child_create(view, parent, true, is_link(key), &info, same);
    free(copy);
    return status;
}

// Puts a key's values and subkeys over those of another one.
static NTSTATUS overlay(struct registry_view *view, key_id from, key_id to, unsigned depth)
{
    struct content content = {0};
    if (depth > DEPTH_MAX) return STATUS_INVALID_PARAMETER;
    values_each(view, from, copy_value, &content);
    children_each(view, from, copy_subkey, &content);
    NTSTATUS status = content.failed ? STATUS_NO_MEMORY : set_values(view, &content, to);
    for (uint32_t i = 0; i < content.subkeys_n && !status; i++) {
        key_id same;
        if (hive_leaves_out(view, content.subkeys[i])) continue;
        status = enter_same(view, content.subkeys[i], to, &same);
        if (!status) status = overlay(view, content.subkeys[i], same, depth + 1);
    }
    content_free(&content);
    return status;
}

struct merge {
    key_id high, low;
    uint8_t *bytes;
    size_t size;
};

static NTSTATUS merge_trees(struct registry_view *view, struct merge *merge)
{
    struct key_info info = {.name = {u"Merged", 6}, .flags = KEY_IN_HIVE};
    key_id merged;
    const key_id high = hive_root(view, merge->high), low = hive_root(view, merge->low);
    if (high == low) return STATUS_INVALID_PARAMETER;
    // \Registry and what is right below it are in no file, and the merged tree would be part of itself.
    if (high == KEY_ID_ROOT || low == KEY_ID_ROOT) return STATUS_ACCESS_DENIED;
    NTSTATUS status = child_create(view, KEY_ID_ROOT, true, false, &info, &merged);
    if (!status) status = overlay(view, merge->low, merged, 0);
    if (!status) status = overlay(view, merge->high, merged, 0);
    return status ? status : hive_write(view, merged, false, &merge->bytes, &merge->size);
}

static NTSTATUS merge_body(struct registry_view *view, void *context)
{
    struct merge *merge = context;
    free(merge->bytes);
    merge->bytes = NULL;
    return merge_trees(view, merge);
}

static NTSTATUS key_of(HANDLE32 handle, key_id *id)
{
    struct registry_key *key;
    NTSTATUS status = registry_key_resolve(handle, 0, &key);
    if (status) return status;
    *id = key->place.id;
    object_release(&key->object);
    return STATUS_SUCCESS;
}

NTSTATUS NtSaveMergedKeys(HANDLE32 high, HANDLE32 low, HANDLE32 file)
{
    struct merge merge = {0};
    int fd = -1;
    if (!token_has_privilege(SE_BACKUP_PRIVILEGE)) return STATUS_PRIVILEGE_NOT_HELD;
    NTSTATUS status = key_of(high, &merge.high);
    if (!status) status = key_of(low, &merge.low);
    if (!status) status = file_fd_get(file, FILE_WRITE_DATA, &fd);
    if (status) return status;
    status = registry_try(WRITE_KEPT | WRITE_VOLATILE, merge_body, &merge);
    if (!status) status = hive_disk_write(fd, merge.bytes, merge.size);
    free(merge.bytes);
    close(fd);
    return status;
}
