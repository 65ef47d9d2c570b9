// Records that belong to one process each.
#include "region_owned.h"
#include "region_layout.h"
#include <assert.h>
#include <string.h>

static uint32_t *bucket_of(uint32_t class, const uint64_t key[2])
{
    uint64_t hash = (key[0] * 0x9E3779B97F4A7C15ull) ^ (key[1] + class) * 0xD6E8FEB86659FD93ull;
    return &region->owned_buckets[(hash ^ hash >> 32) % REGION_OWNED_BUCKETS];
}

bool region_owned_may_exist(enum region_owned_class class, const uint64_t key[2])
{
    return __atomic_load_n(bucket_of(class, key), __ATOMIC_RELAXED) != 0;
}

static void enter(struct region_owned *record)
{
    uint32_t *bucket = bucket_of(atomic_load(&record->record.kind), record->key);
    record->record.next = *bucket;
    *bucket = region_index(REGION_OWNED, record);
}

struct region_owned *region_owned_add(enum region_owned_class class, const uint64_t key[2],
                                      const uint64_t data[10])
{
    static_assert(sizeof(struct region_owned) == 128, "as in region.c");
    uint32_t index = region_record_new(REGION_OWNED);
    struct region_owned *record = region_record(REGION_OWNED, index);
    if (!record) return NULL;
    memcpy(record->key, key, sizeof record->key);
    for (int i = 0; i < 10; i++) atomic_store_explicit(&record->data[i], data[i], memory_order_relaxed);
    region_self_holds(REGION_HOLDS_OWNED);
    atomic_store(&record->slot, region_self());
    atomic_store_explicit(&record->record.kind, class, memory_order_release);
    enter(record);
    return record;
}

void region_owned_remove(struct region_owned *record)
{
    uint32_t index = region_index(REGION_OWNED, record), bound = region_records_end(REGION_OWNED);
    uint32_t *link = bucket_of(atomic_load(&record->record.kind), record->key);
    // A chain that does not lead here was scribbled over; the record goes all the same.
    for (uint32_t i = 0; *link && i < bound; i++) {
        if (*link == index) {
            *link = record->record.next;
            break;
        }
        struct region_owned *at = region_record(REGION_OWNED, *link);
        if (!at) break;
        link = &at->record.next;
    }
    region_record_free(REGION_OWNED, index);
}

void region_owned_for_each(enum region_owned_class class, const uint64_t key[2],
                           bool (*visit)(struct region_owned *record, void *context), void *context)
{
    uint32_t index = *bucket_of(class, key), bound = region_records_end(REGION_OWNED);
    for (uint32_t i = 0; i < bound; i++) {
        struct region_owned *record = region_record(REGION_OWNED, index);
        if (!record) return;
        index = record->record.next;
        if (atomic_load(&record->record.kind) == (uint32_t) class &&
            !memcmp(record->key, key, sizeof record->key) && !visit(record, context))
            return;
    }
}

void region_owned_recover(void)
{
    memset(region->owned_buckets, 0, sizeof region->owned_buckets);
    for (uint32_t index = 1; index < region_records_end(REGION_OWNED); index++) {
        struct region_owned *record = region_record(REGION_OWNED, index);
        if (atomic_load(&record->record.kind)) enter(record);
    }
}

void region_owned_forget(uint32_t slot)
{
    for (uint32_t index = 1; index < region_records_end(REGION_OWNED); index++) {
        struct region_owned *record = region_record(REGION_OWNED, index);
        if (atomic_load(&record->record.kind) && atomic_load(&record->slot) == slot)
            region_owned_remove(record);
    }
}
