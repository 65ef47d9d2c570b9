// Names of shared objects: one hash table over all directories.
#include "shared_object.h"
#include "object_name.h"
#include "region_layout.h"
#include "region_text.h"
#include "upcase.h"
#include <string.h>

enum { NAME_MAX_UNITS = 32767 };

// The same for names that differ only in case.
static uint32_t hash_name(uint32_t directory, const uint16_t *name, uint32_t length)
{
    uint32_t hash = 2166136261u ^ directory;
    for (uint32_t i = 0; i < length; i++) hash = (hash ^ upcase(name[i])) * 16777619u;
    return hash;
}

static uint32_t *bucket_of(uint32_t hash)
{
    return &region->object_buckets[(hash ^ hash >> 16) % REGION_OBJECT_BUCKETS];
}

uint32_t shared_name_length(const struct shared_record *record)
{
    uint32_t length = *(const volatile uint32_t *)&record->name_length;
    return length < NAME_MAX_UNITS ? length : NAME_MAX_UNITS;
}

void shared_name_read(const struct shared_record *record, uint16_t *name, uint32_t length)
{
    region_text_read(atomic_load(&record->name), name, length * 2);
}

static bool equal(const struct shared_record *record, const uint16_t *name, uint32_t length, bool insensitive)
{
    static uint16_t buffer[NAME_MAX_UNITS]; // with the lock
    if (length > NAME_MAX_UNITS) return false;
    shared_name_read(record, buffer, length);
    return object_name_equal(buffer, name, length, insensitive);
}

uint32_t shared_name_find(uint32_t directory, const uint16_t *name, uint32_t length, bool insensitive)
{
    uint32_t hash = hash_name(directory, name, length), index = *bucket_of(hash);
    for (uint32_t i = region_records_end(REGION_OBJECTS); i > 0; i--) {
        const struct shared_record *record = shared_record(index);
        if (!record) return 0;
        if (record->name_hash == hash && record->parent == directory && atomic_load(&record->name) &&
            record->name_length == length && equal(record, name, length, insensitive))
            return index;
        index = record->record.next;
    }
    return 0;
}

bool shared_name_set(struct shared_record *record, uint32_t directory, const uint16_t *name, uint32_t length)
{
    uint32_t text = region_text_new(name, length * 2);
    if (!text) return false;
    record->parent = directory;
    record->name_length = length;
    record->name_hash = hash_name(directory, name, length);
    atomic_store_explicit(&record->name, text, memory_order_release);
    return true;
}

void shared_name_enter(uint32_t index)
{
    struct shared_record *record = shared_record(index), *parent;
    if (!record || !atomic_load(&record->name)) return;
    uint32_t *bucket = bucket_of(record->name_hash);
    record->record.next = *bucket;
    *bucket = index;
    if ((parent = shared_record(record->parent))) parent->children++;
}

void shared_name_remove(uint32_t index)
{
    struct shared_record *record = shared_record(index), *parent;
    if (!record || !atomic_load(&record->name)) return;
    uint32_t *link = bucket_of(record->name_hash);
    for (uint32_t i = region_records_end(REGION_OBJECTS); i > 0 && *link != index; i--) {
        struct shared_record *at = shared_record(*link);
        if (!at) break;
        link = &at->record.next;
    }
    if (*link == index) *link = record->record.next;
    uint32_t text = atomic_exchange(&record->name, 0), directory = record->parent;
    region_text_free(text);
    if ((parent = shared_record(directory)) && parent->children) parent->children--;
    shared_record_settle(directory);
}

void shared_names_recover(void)
{
    memset(region->object_buckets, 0, sizeof region->object_buckets);
    uint32_t end = region_records_end(REGION_OBJECTS);
    struct shared_record *record;
    for (uint32_t index = 1; index < end; index++)
        if ((record = shared_record(index))) record->children = 0;
    for (uint32_t index = 1; index < end; index++) shared_name_enter(index);
}
