// Changes of keys and values as data: done at once, or kept by a transaction until it commits.
#ifndef LOWLAND_REGISTRY_CHANGE_H
#define LOWLAND_REGISTRY_CHANGE_H

#include "registry_record.h"

struct transaction;

enum registry_change_kind {
    CHANGE_CREATE,
    CHANGE_DELETE,
    CHANGE_RENAME,
    CHANGE_SET, // a value
    CHANGE_UNSET,
    CHANGE_TIME,
    CHANGE_SECURITY,
};

struct registry_change {
    enum registry_change_kind kind;
    key_id id;               // the key; CREATE: its parent
    key_id parent;           // DELETE, RENAME
    struct units name;       // CREATE, RENAME: the key's; SET, UNSET: the value's
    struct units class;      // CREATE
    struct store_bytes data; // SET: the value's; CREATE, SECURITY: a self-relative descriptor or none
    uint32_t type;           // SET
    uint32_t options;        // CREATE: REG_OPTION_VOLATILE, REG_OPTION_CREATE_LINK
    int64_t time;            // TIME: what the key's becomes
    key_id made;             // CREATE: out, the new key
};

// Does a change inside a transaction of the store. Writes change->made alone; may run again. The errors of
// registry_record.h, STATUS_CHILD_MUST_BE_VOLATILE, STATUS_OBJECT_NAME_NOT_FOUND (UNSET).
NTSTATUS registry_change_apply(struct registry_view *view, struct registry_change *change);

// Does it at once and tells those who watch; with a transaction, notes it there (registry_transaction.h).
// Also what registry_write returns. Without locks; name and data are host memory.
NTSTATUS registry_change_do(struct transaction *transaction, struct registry_change *change);

// The stores that a change writes to: WRITE_KEPT, WRITE_VOLATILE.
unsigned registry_change_stores(const struct registry_change *change);

// Tells those who watch the key. After the commit, without locks.
void registry_change_tell(const struct registry_change *change);

#endif
