// NtQueryKey and NtEnumerateKey: what is to be known of a key.
#include "ntdll_host.h"
#include "registry_enumerate.h"
#include <stdlib.h>
#include <string.h>

struct query {
    key_id id;
    uint32_t class, index;
    bool view64;
    uint32_t tags;
    struct child_position position;
    struct registry_answer answer;
};

// Counts and the largest sizes of what a key holds, in bytes.
struct totals {
    struct registry_view *view;
    uint32_t subkeys, name, class;
    uint32_t values, value_name, data;
};

static void raise(uint32_t *largest, size_t size)
{
    if (size > *largest) *largest = (uint32_t)size;
}

static bool count_child(struct units name, key_id id, void *context)
{
    struct totals *totals = context;
    struct key_info info;
    totals->subkeys++;
    raise(&totals->name, 2u * name.count);
    if (!key_get(totals->view, id, &info)) raise(&totals->class, 2u * info.class.count);
    return true;
}

static bool count_value(const struct value_info *value, void *context)
{
    struct totals *totals = context;
    totals->values++;
    raise(&totals->value_name, 2u * value->name.count);
    raise(&totals->data, value->data.size);
    return true;
}

static struct totals count(struct registry_view *view, key_id id)
{
    struct totals totals = {.view = view};
    children_each(view, id, count_child, &totals);
    values_each(view, id, count_value, &totals);
    return totals;
}

static NTSTATUS put(struct registry_answer *answer, const void *head, uint32_t fixed, struct units tail,
                    struct units tail2)
{
    uint8_t *bytes = registry_answer_begin(answer, fixed + 2u * tail.count + 2u * tail2.count, fixed);
    if (!bytes) return STATUS_NO_MEMORY;
    memcpy(bytes, head, fixed);
    if (tail.count) memcpy(bytes + fixed, tail.text, 2u * tail.count);
    if (tail2.count) memcpy(bytes + fixed + 2u * tail.count, tail2.text, 2u * tail2.count);
    return STATUS_SUCCESS;
}

static NTSTATUS put_node(struct registry_answer *answer, const struct key_info *info)
{
    KEY_NODE_INFORMATION32 head = {.ClassOffset = ~0u, .NameLength = 2u * info->name.count};
    uint32_t fixed = offsetof(KEY_NODE_INFORMATION32, Name);
    head.LastWriteTime.QuadPart = info->last_write;
    head.ClassLength = 2u * info->class.count;
    if (head.ClassLength) head.ClassOffset = fixed + head.NameLength;
    return put(answer, &head, fixed, info->name, info->class);
}

static NTSTATUS put_full(struct registry_view *view, struct registry_answer *answer, key_id id,
                         const struct key_info *info)
{
    struct totals totals = count(view, id);
    uint32_t fixed = offsetof(KEY_FULL_INFORMATION32, Class);
    KEY_FULL_INFORMATION32 head = {
        .ClassOffset = info->class.count ? fixed : ~0u,
        .ClassLength = 2u * info->class.count,
        .SubKeys = totals.subkeys,
        .MaxNameLen = totals.name,
        .MaxClassLen = totals.class,
        .Values = totals.values,
        .MaxValueNameLen = totals.value_name,
        .MaxValueDataLen = totals.data,
    };
    head.LastWriteTime.QuadPart = info->last_write;
    return put(answer, &head, fixed, info->class, (struct units){0});
}

static NTSTATUS put_cached(struct registry_view *view, struct registry_answer *answer, key_id id,
                           const struct key_info *info)
{
    struct totals totals = count(view, id);
    KEY_CACHED_INFORMATION32 head = {
        .SubKeys = totals.subkeys,
        .MaxNameLen = totals.name,
        .Values = totals.values,
        .MaxValueNameLen = totals.value_name,
        .MaxValueDataLen = totals.data,
        .NameLength = 2u * info->name.count,
    };
    head.LastWriteTime.QuadPart = info->last_write;
    return put(answer, &head, sizeof head, (struct units){0}, (struct units){0});
}

static NTSTATUS put_basic(struct registry_answer *answer, const struct key_info *info)
{
    KEY_BASIC_INFORMATION32 head = {.NameLength = 2u * info->name.count};
    head.LastWriteTime.QuadPart = info->last_write;
    return put(answer, &head, offsetof(KEY_BASIC_INFORMATION32, Name), info->name, (struct units){0});
}

static NTSTATUS put_name(struct registry_view *view, struct registry_answer *answer, key_id id)
{
    uint32_t length;
    uint16_t *path = registry_full_path(view, id, &length);
    if (!path) return STATUS_KEY_DELETED;
    KEY_NAME_INFORMATION32 head = {.NameLength = 2 * length};
    NTSTATUS status = put(answer, &head, offsetof(KEY_NAME_INFORMATION32, Name), (struct units){path, length},
                          (struct units){0});
    free(path);
    return status;
}

static NTSTATUS put_flags(struct registry_answer *answer, const struct query *query)
{
    enum { KEY_FLAG_VOLATILE = 1, KEY_FLAG_LINK = 2 };
    KEY_FLAGS_INFORMATION32 head = {
        .Wow64Flags = query->view64 ? KEY_WOW64_64KEY : 0,
        .KeyFlags = (store_of(query->id) == STORE_VOLATILE ? KEY_FLAG_VOLATILE : 0) |
                    (is_link(query->id) ? KEY_FLAG_LINK : 0),
    };
    return put(answer, &head, sizeof head, (struct units){0}, (struct units){0});
}

static NTSTATUS put_tags(struct registry_answer *answer, const struct query *query)
{
    KEY_HANDLE_TAGS_INFORMATION32 head = {.HandleTags = query->tags};
    return put(answer, &head, sizeof head, (struct units){0}, (struct units){0});
}

// Nothing is virtualized: programs write where they say, as those with a manifest do on Windows.
static NTSTATUS put_virtualization(struct registry_answer *answer)
{
    static const uint32_t flags = 0;
    return put(answer, &flags, sizeof flags, (struct units){0}, (struct units){0});
}

static NTSTATUS answer_body(struct registry_view *view, void *context)
{
    struct query *query = context;
    struct key_info info;
    NTSTATUS status = key_get(view, query->id, &info);
    if (status) return status;
    switch (query->class) {
    case KeyBasicInformation: return put_basic(&query->answer, &info);
    case KeyNodeInformation: return put_node(&query->answer, &info);
    case KeyFullInformation: return put_full(view, &query->answer, query->id, &info);
    case KeyNameInformation: return put_name(view, &query->answer, query->id);
    case KeyCachedInformation: return put_cached(view, &query->answer, query->id, &info);
    case KeyFlagsInformation: return put_flags(&query->answer, query);
    case KeyHandleTagsInformation: return put_tags(&query->answer, query);
    case KeyVirtualizationInformation: return put_virtualization(&query->answer);
    default: return STATUS_INVALID_INFO_CLASS;
    }
}

static NTSTATUS enumerate_body(struct registry_view *view, void *context)
{
    struct query *query = context;
    struct units name;
    key_id id;
    struct query child = *query;
    NTSTATUS status = child_at(view, query->id, query->index, &query->position, &name, &id);
    if (status) return status;
    child.id = id;
    child.answer.bytes = NULL;
    status = answer_body(view, &child);
    // The answer's own small buffer moves with it.
    bool small = child.answer.bytes == child.answer.small;
    query->answer = child.answer;
    if (small) query->answer.bytes = query->answer.small;
    return status;
}

NTSTATUS NtQueryKey(HANDLE32 handle, uint32_t class, gptr buffer, uint32_t length, uint32_t *result_length)
{
    struct registry_key *key;
    struct query query = {.class = class};
    bool any_right =
        class == KeyNameInformation || class == KeyHandleTagsInformation || class == KeyFlagsInformation;
    if (class > KeyHandleTagsInformation)
        return class > KeyLayerInformation ? STATUS_INVALID_PARAMETER : STATUS_NOT_IMPLEMENTED;
    NTSTATUS status = registry_key_resolve(handle, any_right ? 0 : KEY_QUERY_VALUE, &key);
    if (status) return status;
    query.id = key->place.id;
    query.view64 = key->view64;
    query.tags = atomic_load(&key->tags);
    status = registry_key_read(key, answer_body, &query);
    object_release(&key->object);
    if (!status) status = registry_answer_end(&query.answer, buffer, length, result_length);
    registry_answer_free(&query.answer);
    return status;
}

NTSTATUS NtEnumerateKey(HANDLE32 handle, uint32_t index, uint32_t class, gptr buffer, uint32_t length,
                        uint32_t *result_length)
{
    struct registry_key *key;
    struct query query = {.class = class, .index = index};
    if (class > KeyFullInformation && class != KeyCachedInformation) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = registry_key_resolve(handle, KEY_ENUMERATE_SUB_KEYS, &key);
    if (status) return status;
    query.id = key->place.id;
    pthread_mutex_lock(&key->lock);
    if (!key->transaction) query.position = key->position;
    pthread_mutex_unlock(&key->lock);
    status = registry_key_read(key, enumerate_body, &query);
    if (!status) {
        pthread_mutex_lock(&key->lock);
        if (!key->transaction) key->position = query.position; // else of no use after its next change
        pthread_mutex_unlock(&key->lock);
        status = registry_answer_end(&query.answer, buffer, length, result_length);
    }
    object_release(&key->object);
    registry_answer_free(&query.answer);
    return status;
}
