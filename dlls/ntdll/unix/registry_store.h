// The registry's two stores and their transactions. The kept one is a file of the prefix; the volatile one
// lies in the runtime directory and ends with the session. Both are used by all processes of the prefix.
#ifndef LOWLAND_REGISTRY_STORE_H
#define LOWLAND_REGISTRY_STORE_H

#include "loader/guest.h"
#include <stddef.h>

struct MDB_txn;
struct MDB_cursor;

enum registry_store { STORE_KEPT, STORE_VOLATILE, STORES };
enum { STORE_KEY_MAX = 511 };

// A transaction as its body sees it. What store_get returns is valid until the body returns or writes.
struct registry_view {
    struct MDB_txn *txn[STORES]; // NULL: not begun
    bool writing[STORES];
    bool full[STORES]; // a write met the end of the map
    uint64_t next_key; // the id that the next new key gets; 0: a fresh one
    int64_t time;      // when changes are made: system time; 0: now
};

struct store_bytes {
    const void *data;
    size_t size;
};

// Runs body in a read transaction: one picture of each store. body must neither touch guest memory nor block;
// it may be run again from its beginning (after the map grew), so it sets its results afresh. Returns what
// body returns, or the store's own failure: STATUS_REGISTRY_CORRUPT, STATUS_REGISTRY_IO_FAILED,
// STATUS_INSUFFICIENT_RESOURCES. Any thread.
NTSTATUS registry_read(NTSTATUS (*body)(struct registry_view *view, void *context), void *context);

enum { WRITE_KEPT = 1 << STORE_KEPT, WRITE_VOLATILE = 1 << STORE_VOLATILE };

// The same with the stores of `stores` open for writing; all that body wrote is committed when it succeeds
// and nothing of it when it fails. Writers of all processes take turns. Also STATUS_DISK_FULL,
// STATUS_MEDIA_WRITE_PROTECTED.
NTSTATUS registry_write(unsigned stores, NTSTATUS (*body)(struct registry_view *view, void *context),
                        void *context);

// The same in a write that is given up, whatever body answers: to see what the store would hold.
NTSTATUS registry_try(unsigned stores, NTSTATUS (*body)(struct registry_view *view, void *context),
                      void *context);

// Whether the prefix has a kept store already. Opens nothing.
bool registry_exists(void);

// Makes all commits of the kept store survive a failure of the machine, not only of processes.
NTSTATUS registry_sync(void);

// A number that changes with every commit to a store, as the view sees it; 0 for a store that is not there.
uint64_t store_version(struct registry_view *view, enum registry_store store);

// STATUS_OBJECT_NAME_NOT_FOUND when there is no such record, or no volatile store yet.
NTSTATUS store_get(struct registry_view *view, enum registry_store store, const void *key, size_t key_size,
                   struct store_bytes *value);
// Writes a record of size bytes and returns where to fill it in, before the next call on the store.
NTSTATUS store_put(struct registry_view *view, enum registry_store store, const void *key, size_t key_size,
                   size_t size, void **place);
NTSTATUS store_delete(struct registry_view *view, enum registry_store store, const void *key,
                      size_t key_size);

// Removes all records of a store.
NTSTATUS store_clear(struct registry_view *view, enum registry_store store);

// Walks records in the order of their keys. Ends with cursor_end, before the store is written to.
struct store_cursor {
    struct MDB_cursor *cursor;
    struct store_bytes key, value;
};
// Goes to the first record at or behind key. False when there is none.
bool cursor_begin(struct registry_view *view, enum registry_store store, struct store_cursor *cursor,
                  const void *key, size_t key_size);
bool cursor_next(struct store_cursor *cursor);
bool cursor_previous(struct store_cursor *cursor);
void cursor_end(struct store_cursor *cursor);

// Ends the body that calls it: what it read cannot be.
_Noreturn void store_corrupt(void);

// For tests: uses these folders (which exist) in place of the prefix's, with maps of map_size bytes at first.
void registry_store_use(const char *kept, const char *transient, size_t map_size);

#endif
