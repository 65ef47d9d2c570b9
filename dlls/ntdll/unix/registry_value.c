// The calls on values.
#include "ntdll_host.h"
#include "registry_enumerate.h"
#include "registry_transaction.h"
#include <stdlib.h>
#include <string.h>

// ---- asking for values ----

struct value_query {
    key_id id;
    struct units name;
    uint32_t class, index;
    struct value_order *order;
    struct registry_answer answer;
};

static NTSTATUS put_basic(struct registry_answer *answer, const struct value_info *value)
{
    KEY_VALUE_BASIC_INFORMATION32 head = {.Type = value->type, .NameLength = 2u * value->name.count};
    uint32_t fixed = offsetof(KEY_VALUE_BASIC_INFORMATION32, Name);
    uint8_t *bytes = registry_answer_begin(answer, fixed + head.NameLength, fixed);
    if (!bytes) return STATUS_NO_MEMORY;
    memcpy(bytes, &head, fixed);
    memcpy(bytes + fixed, value->name.text, head.NameLength);
    return STATUS_SUCCESS;
}

static NTSTATUS put_full(struct registry_answer *answer, const struct value_info *value, uint32_t alignment)
{
    KEY_VALUE_FULL_INFORMATION32 head = {
        .Type = value->type, .DataLength = (uint32_t)value->data.size, .NameLength = 2u * value->name.count};
    uint32_t fixed = offsetof(KEY_VALUE_FULL_INFORMATION32, Name);
    head.DataOffset = (fixed + head.NameLength + alignment - 1) & -alignment;
    uint8_t *bytes = registry_answer_begin(answer, head.DataOffset + head.DataLength, fixed);
    if (!bytes) return STATUS_NO_MEMORY;
    memset(bytes + fixed, 0, head.DataOffset - fixed);
    memcpy(bytes, &head, fixed);
    memcpy(bytes + fixed, value->name.text, head.NameLength);
    memcpy(bytes + head.DataOffset, value->data.data, head.DataLength);
    return STATUS_SUCCESS;
}

static NTSTATUS put_partial(struct registry_answer *answer, const struct value_info *value)
{
    KEY_VALUE_PARTIAL_INFORMATION32 head = {.Type = value->type, .DataLength = (uint32_t)value->data.size};
    uint32_t fixed = offsetof(KEY_VALUE_PARTIAL_INFORMATION32, Data);
    uint8_t *bytes = registry_answer_begin(answer, fixed + head.DataLength, fixed);
    if (!bytes) return STATUS_NO_MEMORY;
    memcpy(bytes, &head, fixed);
    memcpy(bytes + fixed, value->data.data, head.DataLength);
    return STATUS_SUCCESS;
}

static NTSTATUS put_partial_aligned(struct registry_answer *answer, const struct value_info *value)
{
    KEY_VALUE_PARTIAL_INFORMATION_ALIGN6432 head = {.Type = value->type,
                                                    .DataLength = (uint32_t)value->data.size};
    uint32_t fixed = offsetof(KEY_VALUE_PARTIAL_INFORMATION_ALIGN6432, Data);
    uint8_t *bytes = registry_answer_begin(answer, fixed + head.DataLength, fixed);
    if (!bytes) return STATUS_NO_MEMORY;
    memcpy(bytes, &head, fixed);
    memcpy(bytes + fixed, value->data.data, head.DataLength);
    return STATUS_SUCCESS;
}

static NTSTATUS put(struct value_query *query, const struct value_info *value)
{
    switch (query->class) {
    case KeyValueBasicInformation: return put_basic(&query->answer, value);
    case KeyValueFullInformation: return put_full(&query->answer, value, 4);
    case KeyValueFullInformationAlign64: return put_full(&query->answer, value, 8);
    case KeyValuePartialInformation: return put_partial(&query->answer, value);
    default: return put_partial_aligned(&query->answer, value);
    }
}

static NTSTATUS query_body(struct registry_view *view, void *context)
{
    struct value_query *query = context;
    struct value_info value;
    NTSTATUS status = value_find(view, query->id, query->name, &value);
    return status ? status : put(query, &value);
}

static NTSTATUS enumerate_body(struct registry_view *view, void *context)
{
    struct value_query *query = context;
    struct value_info value;
    NTSTATUS status = value_at(view, query->id, query->index, &query->order, &value);
    return status ? status : put(query, &value);
}

NTSTATUS NtQueryValueKey(HANDLE32 handle, const UNICODE_STRING32 *string, uint32_t class, gptr buffer,
                         uint32_t length, uint32_t *result_length)
{
    struct registry_key *key;
    struct captured_name name;
    struct value_query query;
    if (class > KeyValuePartialInformationAlign64) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = captured_name_read(&name, string, VALUE_NAME_MAX, STATUS_OBJECT_NAME_NOT_FOUND);
    if (status) return status;
    status = registry_key_resolve(handle, KEY_QUERY_VALUE, &key);
    if (!status) {
        query.id = key->place.id;
        query.name = name.units;
        query.class = class;
        query.answer.bytes = NULL;
        status = registry_key_read(key, query_body, &query);
        object_release(&key->object);
        if (!status) status = registry_answer_end(&query.answer, buffer, length, result_length);
        registry_answer_free(&query.answer);
    }
    captured_name_free(&name);
    return status;
}

static NTSTATUS enumerate(struct registry_key *key, struct value_query *query)
{
    // The list of values leaves the key while it is in use: another thread makes its own.
    pthread_mutex_lock(&key->lock);
    query->order = key->order;
    key->order = NULL;
    pthread_mutex_unlock(&key->lock);
    NTSTATUS status = registry_read(enumerate_body, query);
    pthread_mutex_lock(&key->lock);
    struct value_order *other = key->order;
    key->order = query->order;
    pthread_mutex_unlock(&key->lock);
    value_order_free(other);
    return status;
}

// What a transaction sees has no version by which a list could be known to be good still.
static NTSTATUS enumerate_transacted(struct registry_key *key, struct value_query *query)
{
    NTSTATUS status = registry_key_read(key, enumerate_body, query);
    value_order_free(query->order);
    return status;
}

NTSTATUS NtEnumerateValueKey(HANDLE32 handle, uint32_t index, uint32_t class, gptr buffer, uint32_t length,
                             uint32_t *result_length)
{
    struct registry_key *key;
    if (class > KeyValuePartialInformationAlign64) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = registry_key_resolve(handle, KEY_QUERY_VALUE, &key);
    if (status) return status;
    struct value_query query = {.id = key->place.id, .class = class, .index = index};
    status = key->transaction ? enumerate_transacted(key, &query) : enumerate(key, &query);
    object_release(&key->object);
    if (!status) status = registry_answer_end(&query.answer, buffer, length, result_length);
    registry_answer_free(&query.answer);
    return status;
}

// ---- changing values ----

// A link has one value: where it leads, an absolute path.
static bool link_allows(const struct registry_change *change)
{
    return !is_link(change->id) || (change->type == REG_LINK && units_are(change->name, "SYMBOLICLINKVALUE"));
}

static NTSTATUS change_value(HANDLE32 handle, struct registry_change *change)
{
    struct registry_key *key;
    NTSTATUS status = registry_key_resolve(handle, KEY_SET_VALUE, &key);
    if (status) return status;
    change->id = key->place.id;
    if (change->kind == CHANGE_SET && !link_allows(change)) status = STATUS_ACCESS_DENIED;
    if (!status) status = registry_change_do(key->transaction, change);
    object_release(&key->object);
    return status;
}

NTSTATUS NtSetValueKey(HANDLE32 handle, const UNICODE_STRING32 *string, uint32_t title, uint32_t type,
                       gptr data, uint32_t size)
{
    struct captured_name name;
    uint8_t small[1024], *copy = size <= sizeof small ? small : malloc(size);
    (void)title;
    if (!copy) return STATUS_NO_MEMORY;
    NTSTATUS status = captured_name_read(&name, string, VALUE_NAME_MAX, STATUS_INVALID_PARAMETER);
    if (!status) {
        struct registry_change change = {
            .kind = CHANGE_SET, .name = name.units, .type = type, .data = {copy, size}};
        status = guest_read(copy, data, size) ? change_value(handle, &change) : STATUS_ACCESS_VIOLATION;
        captured_name_free(&name);
    }
    if (copy != small) free(copy);
    return status;
}

NTSTATUS NtDeleteValueKey(HANDLE32 handle, const UNICODE_STRING32 *string)
{
    struct captured_name name;
    NTSTATUS status = captured_name_read(&name, string, VALUE_NAME_MAX, STATUS_OBJECT_NAME_NOT_FOUND);
    if (status) return status;
    struct registry_change change = {.kind = CHANGE_UNSET, .name = name.units};
    status = change_value(handle, &change);
    captured_name_free(&name);
    return status;
}

// ---- several values at once ----

enum { ENTRIES_MAX = 65536 };

struct multiple {
    key_id id;
    uint32_t count;
    struct captured_name *names;
    KEY_VALUE_ENTRY32 *entries;
    uint8_t *data;
    uint32_t size, room; // of data
};

// All data, each piece at a multiple of four bytes, of one picture of the key.
static NTSTATUS multiple_body(struct registry_view *view, void *context)
{
    struct multiple *multiple = context;
    multiple->size = 0;
    for (uint32_t i = 0; i < multiple->count; i++) {
        struct value_info value;
        NTSTATUS status = value_find(view, multiple->id, multiple->names[i].units, &value);
        if (status) return status;
        uint32_t at = (multiple->size + 3) & ~3u;
        if (value.data.size > UINT32_MAX / 2 - at) return STATUS_INSUFFICIENT_RESOURCES;
        multiple->size = at + (uint32_t)value.data.size;
        multiple->entries[i].Type = value.type;
        multiple->entries[i].DataLength = (uint32_t)value.data.size;
        multiple->entries[i].DataOffset = at;
        if (multiple->size > multiple->room) continue; // the whole size is wanted even so
        memcpy(multiple->data + at, value.data.data, value.data.size);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS read_entries(struct multiple *multiple, gptr entries)
{
    if (!guest_read(multiple->entries, entries, multiple->count * sizeof *multiple->entries))
        return STATUS_ACCESS_VIOLATION;
    for (uint32_t i = 0; i < multiple->count; i++) {
        UNICODE_STRING32 string;
        if (!guest_read(&string, multiple->entries[i].ValueName, sizeof string))
            return STATUS_ACCESS_VIOLATION;
        NTSTATUS status =
            captured_name_read(&multiple->names[i], &string, VALUE_NAME_MAX, STATUS_OBJECT_NAME_NOT_FOUND);
        if (status) return status;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS write_multiple(const struct multiple *multiple, gptr entries, gptr buffer)
{
    if (!guest_write(entries, multiple->entries, multiple->count * sizeof *multiple->entries))
        return STATUS_ACCESS_VIOLATION;
    if (multiple->size > multiple->room) return STATUS_BUFFER_OVERFLOW;
    return guest_write(buffer, multiple->data, multiple->size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NtQueryMultipleValueKey(HANDLE32 handle, gptr entries, uint32_t count, gptr buffer, uint32_t *length,
                                 uint32_t *needed)
{
    struct registry_key *key;
    if (count > ENTRIES_MAX) return STATUS_INSUFFICIENT_RESOURCES;
    NTSTATUS status = registry_key_resolve(handle, KEY_QUERY_VALUE, &key);
    if (status) return status;
    struct multiple multiple = {.id = key->place.id, .count = count, .room = *length};
    multiple.names = calloc(count + 1, sizeof *multiple.names);
    multiple.entries = calloc(count + 1, sizeof *multiple.entries);
    multiple.data = calloc(1, (size_t)multiple.room + 1);
    status = multiple.names && multiple.entries && multiple.data ? read_entries(&multiple, entries)
                                                                 : STATUS_NO_MEMORY;
    if (!status) status = registry_key_read(key, multiple_body, &multiple);
    object_release(&key->object);
    if (!status) {
        if (needed) *needed = multiple.size;
        status = write_multiple(&multiple, entries, buffer);
        if (!status) *length = multiple.size;
    }
    for (uint32_t i = 0; multiple.names && i < count; i++) captured_name_free(&multiple.names[i]);
    free(multiple.names);
    free(multiple.entries);
    free(multiple.data);
    return status;
}
