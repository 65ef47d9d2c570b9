// Finding records by names too long to be keys: names whose cut encodings and hashes are equal are twins,
// numbered from 0 without gaps.
#ifndef LOWLAND_REGISTRY_TWIN_H
#define LOWLAND_REGISTRY_TWIN_H

#include "registry_record.h"

struct twin {
    uint8_t key[STORE_KEY_MAX];
    size_t key_size;
    struct store_bytes value;
};

// Whether a record's own name is this one.
typedef bool twin_is(struct store_bytes value, struct units name);

// STATUS_OBJECT_NAME_NOT_FOUND.
NTSTATUS twin_find(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                   struct units name, twin_is *is, struct twin *twin);
// Replaces the record of a name, or adds one. STATUS_INSUFFICIENT_RESOURCES for the 256th twin.
NTSTATUS twin_add(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                  struct units name, twin_is *is, size_t size, void **place);
// Removes a record; the last of its twins takes its number.
NTSTATUS twin_remove(struct registry_view *view, enum registry_store store, key_id id, enum record_kind kind,
                     struct units name, twin_is *is);

#endif
