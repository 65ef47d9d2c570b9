// Objects and handles of this process: what every kind of object shares, and the handle table.
// Objects that nobody outside the process can reach live in ordinary host memory.
#ifndef LOWLAND_OBJECT_H
#define LOWLAND_OBJECT_H

#include "guest_types.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <stdatomic.h>

struct object;

// One per kind of object, static const.
struct object_type {
    const char *name;               // "Event", as NtQueryObject reports it
    GENERIC_MAPPING32 mapping;      // generic to specific rights
    ACCESS_MASK32 valid_access;     // rights that a handle may carry
    void (*destroy)(struct object *object);                    // the last reference is gone; frees it
    void (*handle_closed)(struct object *object, bool last);   // a handle of this process was closed (may be NULL)
};

// The head of every object; the first member of its structure. Waitable objects embed struct waitable
// (wait.h) right after it and set waitable_offset.
struct object {
    const struct object_type *type;
    _Atomic uint32_t references; // pointers and handles together
    _Atomic uint32_t handles;
    uint16_t waitable_offset;    // 0: cannot be waited on
};

// Starts an object with one reference. Takes no lock.
void object_init(struct object *object, const struct object_type *type);
void object_retain(struct object *object);
// Drops a reference; destroys the object with its last one. Call without locks of the object held.
void object_release(struct object *object);

// Makes a handle to object (which gains a reference). access has generic rights mapped; attributes are
// OBJ_INHERIT and OBJ_PROTECT_CLOSE. STATUS_NO_MEMORY when the table is full. Thread-safe.
NTSTATUS handle_create(struct object *object, ACCESS_MASK32 access, uint32_t attributes, HANDLE32 *handle);

// Resolves a handle to a retained object. type NULL: any. STATUS_INVALID_HANDLE,
// STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED (a right in access is lacking). Knows the pseudo-handles of
// the current process (-1) and thread (-2). Lock-free.
NTSTATUS handle_resolve(HANDLE32 handle, const struct object_type *type, ACCESS_MASK32 access,
                        struct object **object);

// The rights of a handle (after handle_resolve it may have changed already: for queries only).
NTSTATUS handle_access(HANDLE32 handle, ACCESS_MASK32 *access, uint32_t *attributes);

NTSTATUS handle_close(HANDLE32 handle);

// Calls visit for every open handle that has all of attributes (0: all). Holds the table's lock.
void handle_for_each(uint32_t attributes,
                     void (*visit)(HANDLE32 handle, struct object *object, ACCESS_MASK32 access,
                                   uint32_t attributes, void *context), void *context);

// Puts object at exactly this handle value: for handles inherited at process start.
NTSTATUS handle_create_at(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes);

// An OBJECT_ATTRIBUTES captured whole: nothing in it points to guest memory.
struct object_name {
    uint16_t *name;      // malloc'd, NUL-terminated; NULL when there is none
    uint32_t length;     // WCHARs
    HANDLE32 root;
    uint32_t attributes; // OBJ_*
    void *security;      // malloc'd self-relative SECURITY_DESCRIPTOR or NULL
    uint32_t security_size;
};

// Captures what attributes (already copied by the unpacker; NULL allowed) points to.
// STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER, STATUS_OBJECT_NAME_INVALID, STATUS_DATATYPE_MISALIGNMENT.
NTSTATUS object_name_capture(struct object_name *out, const OBJECT_ATTRIBUTES32 *attributes);
void object_name_free(struct object_name *name);

#endif
