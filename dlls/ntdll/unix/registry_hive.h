// Loaded hive files: while one is loaded its keys lie in the volatile store, and what is changed goes back
// into the file when it is unloaded, flushed, or, for a program's own one, when its last key is closed.
#ifndef LOWLAND_REGISTRY_HIVE_H
#define LOWLAND_REGISTRY_HIVE_H

#include "registry_record.h"

// ---- which hives have open keys (registry_hive_use.c) ----

// The root of the loaded hive that a key lies in; 0: in none. Cheap for keys of the kept store.
key_id hive_of_key(struct registry_view *view, key_id id);

// The root of the hive that a key lies in, as Windows has them: a loaded one's, else a key below
// \Registry\Machine or \Registry\User, else \Registry.
key_id hive_root(struct registry_view *view, key_id id);

// Notes that a key of a hive is open, and that it no longer is. False without memory. Any thread, without
// locks; hive_leave may write the file and take the keys away.
bool hive_enter(key_id root, key_id key);
void hive_leave(key_id root, key_id key);

// Whether any process has keys of a hive open. May be called inside a transaction.
bool hive_is_used(key_id root);

// How many keys all processes have open below the root of a loaded hive.
uint32_t hive_open_keys(key_id root);

// Announces that a program's own hive is about to be opened, so that no other process takes it away
// meanwhile.
struct region_owned *hive_announce(uint64_t file);
void hive_announce_end(struct region_owned *announced);
bool hive_is_announced(uint64_t file);

// Closes all keys of hives, for the process's end.
void hive_leave_all(void);

// ---- what is done with them (registry_hive.c) ----

// Writes the file of the hive that a key lies in. What lies in none needs nothing.
NTSTATUS hive_flush(key_id id);

// The file of a loaded hive, as an NT name in at most room units; *count is its length. Inside a transaction.
NTSTATUS hive_file_get(struct registry_view *view, key_id root, uint16_t *file, uint32_t room, uint32_t *count);
// Makes a loaded hive another file's. With the volatile store open for writing.
NTSTATUS hive_file_set(struct registry_view *view, key_id root, struct units file);

// The last key of a hive is closed: one that a program has loaded for itself is unloaded.
void hive_closed(key_id root);

#endif
