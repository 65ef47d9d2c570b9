// The n-th subkey and the n-th value of a key: what enumerations remember so that each step is short.
#ifndef LOWLAND_REGISTRY_ENUMERATE_H
#define LOWLAND_REGISTRY_ENUMERATE_H

#include "registry_key.h"

// The subkey at an index, in the order of names. position is where the last call was, and is moved.
// STATUS_NO_MORE_ENTRIES, STATUS_KEY_DELETED.
NTSTATUS child_at(struct registry_view *view, key_id parent, uint32_t index, struct child_position *position,
                  struct units *name, key_id *id);

// The value at an index, in the order in which values came. *order is what the last call left, and is
// replaced when the store has changed since. The same errors, STATUS_NO_MEMORY.
NTSTATUS value_at(struct registry_view *view, key_id id, uint32_t index, struct value_order **order,
                  struct value_info *value);
void value_order_free(struct value_order *order);

#endif
