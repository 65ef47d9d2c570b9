// The synchronisation objects: event.c, mutant.c, semaphore.c, timer.c, keyed_event.c.
#ifndef LOWLAND_SYNC_TYPES_H
#define LOWLAND_SYNC_TYPES_H

#include "dlls/ntdll/unix/object.h"

extern const struct object_type event_type, mutant_type, semaphore_type, timer_type, keyed_event_type;

#endif
