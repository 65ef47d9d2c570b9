// Objects and handles of this process: what every kind of object shares, the handle table and the namespace.
// Objects live in ordinary host memory; what other processes can reach has a record in the region besides.
#ifndef LOWLAND_OBJECT_H
#define LOWLAND_OBJECT_H

#include "guest_types.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <stdatomic.h>

struct object;
struct shared_record;

// One per kind of object, static const.
struct object_type {
    const char *name;                       // "Event", as NtQueryObject reports it
    GENERIC_MAPPING32 mapping;              // generic to specific rights
    ACCESS_MASK32 valid_access;             // rights that a handle may carry
    // Who gets the first right gets the second one too (QUERY_INFORMATION and its LIMITED form).
    ACCESS_MASK32 implied[2][2];
    void (*destroy)(struct object *object); // the last reference is gone; ends with object_free
    void (*handle_opened)(struct object *object); // the first handle of this process was made (may be NULL)
    void (*handle_closed)(struct object *object,
                          bool last); // a handle of this process was closed (may be NULL)
    // What a named or shared object of the type is to other processes: enum shared_kind; 0: the type has no
    // names.
    uint32_t shared_kind;
    // Writes what another process needs into the record of an object that becomes shared; with the region's
    // lock (may be NULL).
    void (*publish)(struct object *object, struct shared_record *record);
    // Makes this process's object for a record, from a copy of it. NULL: the type stays in the process that
    // made it.
    NTSTATUS (*adopt)(const struct shared_record *copy, uint32_t index, struct object **object);
    // The name that NtQueryObject reports of kinds that the namespace does not hold (files): malloc'd (may be
    // NULL).
    uint16_t *(*full_name)(struct object *object, uint32_t *length);
    // Who may open the object was decided where its name leads (files, keys): a duplicate of a handle never
    // has a right that its source lacks.
    bool rights_fixed;
};

// The head of every object; the first member of its structure. Waitable objects embed struct waitable
// (wait.h) right after it.
struct object {
    const struct object_type *type;
    _Atomic uint32_t references; // pointers and handles together; 0: gone, and nobody may revive it
    _Atomic uint32_t handles;
    uint16_t waitable_offset; // 0: cannot be waited on. waitable_init sets it
    uint8_t size_class;       // of object_alloc
    _Atomic bool moved;       // its waitable's state is the record's (wait.c)
    _Atomic uint32_t shared;  // its record in the region (shared_object.h); 0: nobody else knows it
    _Atomic(struct security *) security; // as it was given; NULL: what object_security.c makes up
};

// A self-relative SECURITY_DESCRIPTOR.
struct security {
    uint32_t size;
    uint8_t bytes[];
};

// Zeroed memory for an object, NULL when there is none. Handles resolve without a lock, so `references` may
// be read of an object that is just gone: memory of objects only ever becomes another object. Hence every
// object comes from object_alloc and goes through object_free (destroy's last act). Thread-safe.
void *object_alloc(size_t size);
void object_free(struct object *object);

// Starts an object with one reference. Takes no lock.
void object_init(struct object *object, const struct object_type *type);
void object_retain(struct object *object);
// The same for an object that may be going: false when it is gone.
bool object_retain_live(struct object *object);
// Drops a reference; destroys the object with its last one. Call without locks of the object held.
void object_release(struct object *object);

// Generic rights and MAXIMUM_ALLOWED become specific ones; what no handle of the type may carry is dropped.
ACCESS_MASK32 object_map_access(const struct object_type *type, ACCESS_MASK32 access);

// The rights that opening an existing object grants: everybody may do everything, but nobody what its type
// doesn't know. STATUS_ACCESS_DENIED for such rights or none at all, STATUS_PRIVILEGE_NOT_HELD for
// ACCESS_SYSTEM_SECURITY.
NTSTATUS object_check_access(const struct object_type *type, ACCESS_MASK32 access, ACCESS_MASK32 *granted);

// Gives a new object the self-relative descriptor that its creator asked for (NULL: none), completed by the
// calling thread's token. STATUS_INVALID_SECURITY_DESCR, STATUS_NO_MEMORY. (object_security.c)
NTSTATUS object_security_create(struct object *object, const void *descriptor, uint32_t size);
// The rights that opening an existing object grants: as object_check_access, by its descriptor and the
// calling thread's token. Also STATUS_BAD_IMPERSONATION_LEVEL. Takes namespace_lock and the region's.
NTSTATUS object_check_security(struct object *object, ACCESS_MASK32 access, ACCESS_MASK32 *granted);

// Makes a handle to object (which gains a reference). access has generic rights mapped; attributes are
// OBJ_INHERIT and OBJ_PROTECT_CLOSE. STATUS_INSUFFICIENT_RESOURCES when the table is full. Thread-safe.
NTSTATUS handle_create(struct object *object, ACCESS_MASK32 access, uint32_t attributes, HANDLE32 *handle);

// Resolves a handle to a retained object. type NULL: any. STATUS_INVALID_HANDLE,
// STATUS_OBJECT_TYPE_MISMATCH, STATUS_ACCESS_DENIED (a right in access is lacking). Knows the pseudo-handles
// of the current process (-1) and thread (-2). Lock-free.
NTSTATUS handle_resolve(HANDLE32 handle, const struct object_type *type, ACCESS_MASK32 access,
                        struct object **object);

// The rights of a handle (after handle_resolve it may have changed already: for queries only).
NTSTATUS handle_access(HANDLE32 handle, ACCESS_MASK32 *access, uint32_t *attributes);

// STATUS_INVALID_HANDLE, STATUS_HANDLE_NOT_CLOSABLE (protected). Closing a pseudo-handle does nothing.
NTSTATUS handle_close(HANDLE32 handle);

// Changes OBJ_INHERIT and OBJ_PROTECT_CLOSE of a handle.
NTSTATUS handle_set_attributes(HANDLE32 handle, uint32_t attributes);

// Open handles of the process.
uint32_t handle_count(void);

// Calls visit for every open handle that has all of attributes (0: all). Holds the table's lock: visit may
// retain the object, not release it, and makes and closes no handle.
void handle_for_each(uint32_t attributes,
                     void (*visit)(HANDLE32 handle, struct object *object, ACCESS_MASK32 access,
                                   uint32_t attributes, void *context),
                     void *context);

// Puts object at exactly this handle value: for handles inherited at process start.
// STATUS_INVALID_HANDLE when it is no handle value or in use.
NTSTATUS handle_create_at(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes);

// What the pseudo-handle -1 means; process.c sets it at start, before the guest runs.
extern struct object *handle_current_process;

// An OBJECT_ATTRIBUTES captured whole: nothing in it points to guest memory.
struct object_name {
    uint16_t *name;  // malloc'd, NUL-terminated; NULL when there is none
    uint32_t length; // WCHARs
    HANDLE32 root;
    uint32_t attributes; // OBJ_*
    void *security;      // malloc'd self-relative SECURITY_DESCRIPTOR or NULL
    uint32_t security_size;
};

// Captures what attributes (already copied by the unpacker; NULL allowed) points to.
// STATUS_ACCESS_VIOLATION, STATUS_INVALID_PARAMETER, STATUS_OBJECT_NAME_INVALID,
// STATUS_DATATYPE_MISALIGNMENT.
NTSTATUS object_name_capture(struct object_name *out, const OBJECT_ATTRIBUTES32 *attributes);
void object_name_free(struct object_name *name);

// The end of every NtCreateX: gives a fresh object its handle, and its name where attributes have one. Takes
// over the caller's reference whatever happens. access may be generic. With OBJ_OPENIF and an object of that
// name and type: a handle to that one and STATUS_OBJECT_NAME_EXISTS. Else STATUS_OBJECT_NAME_COLLISION,
// STATUS_OBJECT_TYPE_MISMATCH, STATUS_OBJECT_PATH_NOT_FOUND, STATUS_OBJECT_PATH_SYNTAX_BAD.
NTSTATUS object_create_handle(struct object *object, const OBJECT_ATTRIBUTES32 *attributes,
                              ACCESS_MASK32 access, HANDLE32 *handle);

// All of NtOpenX. Also STATUS_OBJECT_NAME_NOT_FOUND, and STATUS_OBJECT_PATH_SYNTAX_BAD without a name.
NTSTATUS object_open_handle(const struct object_type *type, const OBJECT_ATTRIBUTES32 *attributes,
                            ACCESS_MASK32 access, HANDLE32 *handle);

// Writes a counted UTF-16 string as the UNICODE_STRING at the start of a query's buffer, the characters after
// it. *needed is the size that fits it. STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION.
NTSTATUS object_write_string(gptr buffer, uint32_t size, const uint16_t *string, uint32_t length,
                             uint32_t *needed);

#endif
