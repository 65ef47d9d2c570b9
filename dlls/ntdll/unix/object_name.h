// The namespace of this process, as the rest of the object code needs it; the calls that use it are in
// object.h.
#ifndef LOWLAND_OBJECT_NAME_H
#define LOWLAND_OBJECT_NAME_H

#include "dlls/ntdll/unix/object.h"

// Builds \BaseNamedObjects and its like. Once, at start, before the first handle. False without memory.
bool object_namespace_init(void);

// Takes one from the object's handles, and its name with the last. Whether that was the last one.
bool object_name_handle_closed(struct object *object);

// The object's full name, malloc'd and NUL-terminated, NULL when it has none (*length 0) or without memory.
uint16_t *object_full_name(struct object *object, uint32_t *length);

// Takes a permanent object's mark, and its name if it has no handle.
void object_make_temporary(struct object *object);

// Whether two names are equal, code unit by code unit or but for case.
bool object_name_equal(const uint16_t *a, const uint16_t *b, uint32_t length, bool insensitive);

#endif
