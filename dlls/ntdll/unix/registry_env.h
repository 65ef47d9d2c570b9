// One environment of LMDB: opening it, its map, its transactions. Used by registry_store.c alone.
#ifndef LOWLAND_REGISTRY_ENV_H
#define LOWLAND_REGISTRY_ENV_H

#include "loader/guest.h"
#include "registry_lmdb.h"
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

enum { ENV_SPARES = 16 };

struct registry_env {
    MDB_env *env;
    MDB_dbi records;
    pthread_rwlock_t map;                  // held shared by transactions, alone by who changes the map
    _Atomic(MDB_txn *) spares[ENV_SPARES]; // read transactions at rest
    _Atomic NTSTATUS failure;              // what every call returns from now on; 0 while all is well
    bool read_only;
    _Atomic size_t map_size;
    char file[PATH_MAX]; // of its data, for messages
};

// Opens (and makes, unless must_exist) the store in a folder. False with errno when the store is not there,
// and with one line printed and env->failure set when it cannot be used.
bool env_open(struct registry_env *env, const char *folder, size_t map_size, bool must_exist);
void env_close(struct registry_env *env);

// Begins a transaction; holds env->map until it ends. 0 or an error of LMDB.
int env_begin(struct registry_env *env, bool writing, MDB_txn **txn);
// Ends a transaction without writing.
void env_end(struct registry_env *env, bool writing, MDB_txn *txn);
// Ends one after a fault in it: LMDB's own lists may lead anywhere then, so it is left as it is, but for the
// lock that other processes wait for. No transaction of this environment may follow.
void env_abandon(struct registry_env *env, bool writing);
int env_commit(struct registry_env *env, MDB_txn *txn);

// Doubles the map after a write met its end, unless it has grown since it had full_size. Call outside of
// transactions.
int env_grow(struct registry_env *env, size_t full_size);

// Notes that the store is unusable and says so once.
void env_fail(struct registry_env *env, NTSTATUS status, const char *reason);

NTSTATUS env_status(int error);

#endif
