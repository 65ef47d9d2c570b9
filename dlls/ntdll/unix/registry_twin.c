// Records of names, long ones and their twins too.
#include "registry_twin.h"
#include "guest_constants.h"
#include <stdlib.h>
#include <string.h>

enum { TWINS_MAX = 255 };

// A name that fits into a key has no twins, and its record needs no comparison.
static bool is_whole(const struct twin *zero, key_id id, enum record_kind kind, struct units name)
{
    uint8_t other[STORE_KEY_MAX];
    if (zero->key_size < STORE_KEY_MAX - 32) return true; // cut ones are longer
    size_t size = record_key(other, id, kind, name, 1);
    return size == zero->key_size && memcmp(other, zero->key, size) == 0;
}

// Finds a name's record, or the number (in the key) that it would get.
static NTSTATUS look(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                     struct units name, twin_is *is, struct twin *twin, bool *whole)
{
    twin->key_size = record_key(twin->key, id, kind, name, 0);
    *whole = is_whole(twin, id, kind, name);
    for (unsigned number = 0; number <= TWINS_MAX; number++) {
        if (number) twin->key_size = record_key(twin->key, id, kind, name, (uint8_t)number);
        NTSTATUS status = store_get(view, store, twin->key, twin->key_size, &twin->value);
        if (status || *whole || is(twin->value, name)) return status;
    }
    return STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS twin_find(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                   struct units name, twin_is *is, struct twin *twin)
{
    bool whole;
    return look(view, store, id, kind, name, is, twin, &whole);
}

NTSTATUS twin_add(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                  struct units name, twin_is *is, size_t size, void **place)
{
    struct twin twin;
    bool whole;
    NTSTATUS status = look(view, store, id, kind, name, is, &twin, &whole);
    if (status && status != STATUS_OBJECT_NAME_NOT_FOUND) return status;
    return store_put(view, store, twin.key, twin.key_size, size, place);
}

// The last of the twins from number `from` on; *last is its number.
static bool find_last(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                      struct units name, unsigned from, struct twin *last)
{
    struct twin next;
    bool found = false;
    for (unsigned number = from; number <= TWINS_MAX; number++) {
        next.key_size = record_key(next.key, id, kind, name, (uint8_t)number);
        if (store_get(view, store, next.key, next.key_size, &next.value)) break;
        *last = next;
        found = true;
    }
    return found;
}

NTSTATUS twin_remove(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                     struct units name, twin_is *is)
{
    struct twin twin, last;
    bool whole;
    NTSTATUS status = look(view, store, id, kind, name, is, &twin, &whole);
    if (status) return status;
    unsigned number = twin.key[twin.key_size - 1];
    if (!whole && find_last(view, store, id, kind, name, number + 1, &last)) {
        void *copy = malloc(last.value.size), *place;
        size_t size = last.value.size;
        if (!copy) return STATUS_NO_MEMORY;
        memcpy(copy, last.value.data, size);
        status = store_put(view, store, twin.key, twin.key_size, size, &place);
        if (!status) memcpy(place, copy, size);
        free(copy);
        twin = last;
    }
    return status ? status : store_delete(view, store, twin.key, twin.key_size);
}
