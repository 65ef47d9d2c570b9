// What the namespace is made of: directories of named entries, and symbolic links. Internal to object_name.c,
// directory.c and symbolic_link.c; everything here is under namespace_lock.
#ifndef LOWLAND_OBJECT_DIRECTORY_H
#define LOWLAND_OBJECT_DIRECTORY_H

#include "dlls/ntdll/unix/object.h"
#include <pthread.h>

struct directory;

// A name in a directory. The namespace holds a reference to the object as long as the entry stands.
struct object_entry {
    struct object_entry *next; // same bucket
    struct directory *parent;  // retained
    struct object *object;
    uint32_t hash, length;
    uint16_t name[];
};

struct directory {
    struct object object;
    struct object_entry **buckets;
    uint32_t buckets_n, count;
};

struct symbolic_link {
    struct object object;
    uint16_t *target;
    uint32_t length;
    int64_t created; // system time
};

extern pthread_mutex_t namespace_lock;
extern const struct object_type directory_type, symbolic_link_type;

struct directory *directory_new(void);
struct symbolic_link *symbolic_link_new(const uint16_t *target, uint32_t length);

struct object_entry *directory_find(const struct directory *directory, const uint16_t *name, uint32_t length,
                                    bool insensitive);
// Enters a nameless object. False without memory.
bool directory_insert(struct directory *directory, const uint16_t *name, uint32_t length,
                      struct object *object);
// Takes an object's name; the caller releases the object and the directory after unlocking.
void directory_remove(struct object_entry *entry);

#endif
