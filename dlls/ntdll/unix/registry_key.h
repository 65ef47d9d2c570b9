// Key objects: what a handle to a key refers to.
#ifndef LOWLAND_REGISTRY_KEY_H
#define LOWLAND_REGISTRY_KEY_H

#include "object.h"
#include "registry_path.h"
#include <pthread.h>

struct registry_watch;

// Where an enumeration of subkeys last was, so that the next one need not begin anew.
struct child_position {
    uint64_t version; // of the store; 0: nowhere
    uint32_t index;
    uint16_t key_size;
    uint8_t key[STORE_KEY_MAX];
};

struct value_order; // registry_enumerate.c

struct registry_key {
    struct object object;
    struct registry_place place;
    bool view64; // opened so: relative paths keep to that view
    pthread_mutex_t lock;
    struct child_position position;         // under lock
    struct value_order *order;              // under lock
    _Atomic(struct registry_watch *) watch; // registry_notify.c
};

extern const struct object_type registry_key_type;

// Resolves a handle to a retained key. STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH,
// STATUS_ACCESS_DENIED.
NTSTATUS registry_key_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct registry_key **key);

// A counted string of the guest, copied before a transaction begins.
struct captured_name {
    struct units units;
    uint16_t *allocated;
    uint16_t small[256];
};
// STATUS_ACCESS_VIOLATION, STATUS_NO_MEMORY, and `too_long` for more than max units.
NTSTATUS captured_name_read(struct captured_name *name, const UNICODE_STRING32 *string, uint32_t max,
                            NTSTATUS too_long);
void captured_name_free(struct captured_name *name);

// Which store a change of a key writes to.
static inline unsigned write_mask(key_id id)
{
    return 1u << store_of(id);
}

// The answer of a query, put together inside a transaction and handed to the guest after it. What does not
// fit into the guest's buffer is cut, as Windows does.
struct registry_answer {
    uint8_t small[1024];
    uint8_t *bytes; // small, or malloc'd
    uint32_t size;  // of the whole answer
    uint32_t fixed; // of the part that must fit
};
// Room for size bytes, zeroed; replaces an earlier answer. NULL without memory.
uint8_t *registry_answer_begin(struct registry_answer *answer, uint32_t size, uint32_t fixed);
// STATUS_BUFFER_TOO_SMALL (nothing written), STATUS_BUFFER_OVERFLOW, STATUS_ACCESS_VIOLATION.
NTSTATUS registry_answer_end(struct registry_answer *answer, gptr buffer, uint32_t length, uint32_t *needed);
void registry_answer_free(struct registry_answer *answer);

#endif
