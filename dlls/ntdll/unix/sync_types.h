// The plain synchronisation objects: event.c, mutant.c, semaphore.c.
#ifndef LOWLAND_SYNC_TYPES_H
#define LOWLAND_SYNC_TYPES_H

#include "dlls/ntdll/unix/object.h"

extern const struct object_type event_type, mutant_type, semaphore_type;

#endif
