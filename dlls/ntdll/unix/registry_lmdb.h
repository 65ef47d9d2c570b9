// LMDB, loaded when the registry is first used: a program that never does so does not pay for it.
#ifndef LOWLAND_REGISTRY_LMDB_H
#define LOWLAND_REGISTRY_LMDB_H

#include <lmdb.h>
#include <stdbool.h>

#define LMDB_FUNCTIONS(X)                                                                                    \
    X(env_create)                                                                                            \
    X(env_open)                                                                                              \
    X(env_close)                                                                                             \
    X(env_info)                                                                                              \
    X(env_sync)                                                                                              \
    X(env_get_fd)                                                                                            \
    X(env_set_mapsize)                                                                                       \
    X(env_set_maxreaders)                                                                                    \
    X(env_set_assert)                                                                                        \
    X(reader_check)                                                                                          \
    X(strerror)                                                                                              \
    X(txn_begin)                                                                                             \
    X(txn_commit)                                                                                            \
    X(txn_abort)                                                                                             \
    X(txn_reset)                                                                                             \
    X(txn_renew)                                                                                             \
    X(txn_id)                                                                                                \
    X(dbi_open)                                                                                              \
    X(drop)                                                                                                  \
    X(get)                                                                                                   \
    X(put)                                                                                                   \
    X(del)                                                                                                   \
    X(cursor_open)                                                                                           \
    X(cursor_renew)                                                                                          \
    X(cursor_close)                                                                                          \
    X(cursor_get)

// lmdb.get is mdb_get, and so on. Valid after lmdb_load.
struct lmdb {
#define X(name) __typeof__(&mdb_##name) name;
    LMDB_FUNCTIONS(X)
#undef X
};
extern struct lmdb lmdb;

// False with one line on standard error when the library is not there. Not thread-safe.
bool lmdb_load(void);

#endif
