// What a transaction does to the registry. Its changes are kept in memory; who reads in it gets the store
// with them done, in a write that is given up afterwards. So others see nothing of them before the commit,
// which does all of them in one write, and a kill leaves nothing.
#ifndef LOWLAND_REGISTRY_TRANSACTION_H
#define LOWLAND_REGISTRY_TRANSACTION_H

#include "registry_change.h"

struct transaction;

// A key that a transaction changes, and when it was last written before.
struct registry_claim {
    key_id id;
    int64_t last_write; // 0: not looked at yet
};

// Part of a transaction; zeroed at first.
struct registry_log {
    struct registry_log *next; // of those with claims
    struct logged_change *first, *last;
    struct registry_claim *claims;
    uint32_t claims_n, claims_room;
    unsigned stores; // that its changes write to
};

// As registry_read, of the store as the transaction sees it (NULL: no transaction). Also
// STATUS_TRANSACTION_NOT_ACTIVE: it has ended, or must end because somebody else has changed one of its keys.
NTSTATUS registry_read_in(struct transaction *transaction,
                          NTSTATUS (*body)(struct registry_view *view, void *context), void *context);

// Makes a change part of a transaction. Also STATUS_TRANSACTIONAL_CONFLICT: the key is another one's.
NTSTATUS registry_transaction_change(struct transaction *transaction, struct registry_change *change);

// For the end of a transaction, with its lock: does all changes; STATUS_TRANSACTIONAL_CONFLICT and nothing
// done, when a key has been changed meanwhile. A success leaves the log without claims: it may be moved.
NTSTATUS registry_log_commit(struct registry_log *log);
// Tells those who watch the keys. Without locks.
void registry_log_tell(const struct registry_log *log);
void registry_log_free(struct registry_log *log);

#endif
