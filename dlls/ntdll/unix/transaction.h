// Transactions (KTM's): objects of this process whose one resource manager is the registry. Files have none.
#ifndef LOWLAND_TRANSACTION_H
#define LOWLAND_TRANSACTION_H

#include "loader/service.h"
#include "registry_transaction.h"
#include "wait.h"
#include <pthread.h>

struct transaction {
    struct object object;
    struct waitable waitable; // set once there is an outcome
    struct transaction *next; // of all there are
    pthread_mutex_t lock;
    uint32_t outcome; // TransactionOutcome*; under lock, as all below
    struct registry_log log;
    GUID32 id;
    uint32_t isolation_level, isolation_flags;
    int64_t timeout; // as it was given: 100 ns units, negative; 0: none
    uint16_t *description;
    uint32_t description_length;   // units
    struct service_timer deadline; // without lock
};

extern const struct object_type transaction_type, registry_transaction_type;

// Resolves a handle to a transaction of either type, retained. STATUS_INVALID_HANDLE,
// STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED.
NTSTATUS transaction_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct transaction **transaction);

// Takes the lock of one that is still active. STATUS_TRANSACTION_NOT_ACTIVE: without the lock.
NTSTATUS transaction_enter(struct transaction *transaction);
void transaction_leave(struct transaction *transaction);

// Rolls it back, with its lock.
void transaction_abort_locked(struct transaction *transaction);

#endif
