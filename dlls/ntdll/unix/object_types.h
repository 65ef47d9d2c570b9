// The kinds of objects as programs may ask for them: each has a number, which says of a handle what it is to.
#ifndef LOWLAND_OBJECT_TYPES_H
#define LOWLAND_OBJECT_TYPES_H

#include "object.h"

// The type's number (TypeIndex), from 2 on; 0 for a type that no handle is of.
uint32_t object_type_index(const struct object_type *type);

// ObjectTypeInformation and ObjectTypesInformation: writes to the guest. *needed is the size that fits.
// STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION, STATUS_NO_MEMORY.
NTSTATUS object_type_query(const struct object_type *type, gptr buffer, uint32_t length, uint32_t *needed);
NTSTATUS object_types_query(gptr buffer, uint32_t length, uint32_t *needed);

#endif
