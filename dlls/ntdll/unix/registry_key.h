// Key objects: what a handle to a key refers to.
#ifndef LOWLAND_REGISTRY_KEY_H
#define LOWLAND_REGISTRY_KEY_H

#include "object.h"
#include "registry_path.h"
#include <pthread.h>

struct registry_watch;
struct transaction;

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
    _Atomic uint32_t tags; // what the program noted with the handle (KeySetHandleTagsInformation)
    struct transaction *transaction; // opened in it; retained. NULL: none
    key_id hive; // the root of the loaded hive that it lies in (registry_hive.h); 0: none
    pthread_mutex_t lock;
    struct child_position position;         // under lock
    struct value_order *order;              // under lock
    _Atomic(struct registry_watch *) watch; // registry_notify.c
};

extern const struct object_type registry_key_type;

// Resolves a handle to a retained key. STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH,
// STATUS_ACCESS_DENIED.
NTSTATUS registry_key_resolve(HANDLE32 handle, ACCESS_MASK32 access, struct registry_key **key);

// As registry_read, of the store as the key's transaction sees it (registry_transaction.h).
NTSTATUS registry_key_read(const struct registry_key *key,
                           NTSTATUS (*body)(struct registry_view *view, void *context), void *context);

// A request for a key by name: all of it host memory.
struct key_request {
    struct object_name name;
    struct registry_place start;
    bool absolute, start_view64;
    struct transaction *transaction; // that the key is opened in; retained
    ACCESS_MASK32 access; // as the handle will have it
    uint32_t views;       // which of KEY_WOW64_* the caller named
    uint32_t options;
    struct units class;
    // results
    struct registry_walk walk;
    bool created;
    key_id hive; // as of the key's object
};

// Captures whom a call means. STATUS_INVALID_PARAMETER (both views), object_check_access's, the name's and
// the handle's errors. The caller ends a success with key_request_free.
NTSTATUS key_request_begin(struct key_request *request, ACCESS_MASK32 access,
                           const OBJECT_ATTRIBUTES32 *attributes, uint32_t options);
// Walks the path of a request; as registry_walk. Inside a transaction.
NTSTATUS key_request_walk(struct registry_view *view, struct key_request *request);
void key_request_free(struct key_request *request);
// Makes the handle of what was found.
NTSTATUS key_request_end(struct key_request *request, HANDLE32 *handle);

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
