// Telling those who watch keys that something changed.
#ifndef LOWLAND_REGISTRY_NOTIFY_H
#define LOWLAND_REGISTRY_NOTIFY_H

#include "registry_key.h"

// Something of a key changed: filter is REG_NOTIFY_CHANGE_*. After the commit, without locks.
void registry_changed(key_id id, uint32_t filter);
// A key is gone, and its parent's list is shorter.
void registry_deleted(key_id id, key_id parent);
// Its last handle is closed.
void registry_watch_end(struct registry_key *key);

#endif
