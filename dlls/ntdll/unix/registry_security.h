// Security descriptors of keys, which are kept in the store.
#ifndef LOWLAND_REGISTRY_SECURITY_H
#define LOWLAND_REGISTRY_SECURITY_H

#include "object.h"
#include "security_descriptor.h"

// The descriptor that a key was given. STATUS_NOT_SUPPORTED when it was given none, and for other objects;
// STATUS_KEY_DELETED, STATUS_NO_MEMORY.
NTSTATUS registry_security_load(struct object *object, struct descriptor *descriptor);

// Replaces a key's descriptor. STATUS_NOT_SUPPORTED for other objects, STATUS_KEY_DELETED, and what writing
// to the store comes to.
NTSTATUS registry_security_store(struct object *object, const struct descriptor *descriptor);

// What a key shows that was given none; the caller frees its bytes. STATUS_NO_MEMORY.
NTSTATUS registry_security_default(struct descriptor *descriptor);

#endif
