// The namespace, as the rest of the object code needs it; the calls that use it are in
// object.h.
#ifndef LOWLAND_OBJECT_NAME_H
#define LOWLAND_OBJECT_NAME_H

#include "dlls/ntdll/unix/object.h"

// Where the directories of private namespaces are: private_namespace.c.
#define PRIVATE_NAMESPACES "\\Sessions\\1\\PrivateNamespaces"

// Builds \BaseNamedObjects and its like, unless another process has. Once, at start, after region_attach and
// before the first handle. False without memory.
bool object_namespace_init(void);

// What object_create_handle and object_open_handle do with a name that is captured already. The first one leaves
// the caller's reference alone.
NTSTATUS object_create_named(struct object *object, const struct object_name *name, ACCESS_MASK32 access,
                             HANDLE32 *handle);
NTSTATUS object_open_named(const struct object_type *type, const struct object_name *name, ACCESS_MASK32 access,
                           HANDLE32 *handle);

// The object's full name, malloc'd and NUL-terminated, NULL when it has none (*length 0) or without memory.
uint16_t *object_full_name(struct object *object, uint32_t *length);

// Takes a permanent object's mark, and its name if it has no handle.
void object_make_temporary(struct object *object);
// Takes an object's name at once; handles to it stay good.
void object_remove_name(struct object *object);
// Lets a named object stay without handles.
void object_make_permanent(struct object *object);
bool object_is_permanent(struct object *object);

// Whether two names are equal, code unit by code unit or but for case.
bool object_name_equal(const uint16_t *a, const uint16_t *b, uint32_t length, bool insensitive);

#endif
