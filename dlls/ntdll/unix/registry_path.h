// From a path to a key: symbolic links, and the two views that Windows gives 32-bit and 64-bit programs of
// some keys
// ("Registry Keys Affected by WOW64" in Microsoft's documentation).
#ifndef LOWLAND_REGISTRY_PATH_H
#define LOWLAND_REGISTRY_PATH_H

#include "registry_record.h"

// Where a key lies, as far as views differ below it.
enum key_zone {
    ZONE_PLAIN, // they don't
    ZONE_ROOT,
    ZONE_MACHINE,
    ZONE_SOFTWARE,   // \Registry\Machine\Software
    ZONE_SOFTWARE32, // its Wow6432Node
    ZONE_USERS,
    ZONE_USER,
    ZONE_USER_SOFTWARE,
    ZONE_CLASSES, // Software\Classes of the machine or a user
    ZONE_VIEW64,  // below a key of the 64-bit view that 32-bit programs have elsewhere
};

struct registry_place {
    key_id id;
    enum key_zone zone;
};

struct registry_walk {
    struct registry_place place; // in: where the path begins; out: the key, or the last one that exists
    bool view64;                 // how the caller sees the registry
    bool absolute;               // the path begins with \Registry
    bool restart;                // the 32-bit view was asked for by name, from a handle to the 64-bit one
    bool open_link;              // a link at the path's end is meant itself
    struct units missing;        // the first component that does not exist; empty: a link leads nowhere
    bool missing_is_last;        // it is the path's last, and nothing else is missing
};

// Walks a path. STATUS_OBJECT_NAME_NOT_FOUND (with missing set), STATUS_OBJECT_PATH_SYNTAX_BAD,
// STATUS_KEY_DELETED, STATUS_INVALID_PARAMETER (a component is too long), STATUS_NAME_TOO_LONG (links lead to
// links without end).
NTSTATUS registry_walk(struct registry_view *view, struct registry_walk *walk, struct units path);

// The zone of a subkey.
enum key_zone registry_zone_below(enum key_zone zone, struct units name, bool view64);

// The full path of a key ("\REGISTRY\MACHINE\..."), malloc'd; NULL when a key on it is deleted or without
// memory.
uint16_t *registry_full_path(struct registry_view *view, key_id id, uint32_t *count);

// Whether a name is this one, given in upper case ASCII.
bool units_are(struct units name, const char *upper);

#endif
