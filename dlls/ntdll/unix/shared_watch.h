// Watching the processes that share objects with this one, so that their death is noticed by who waits.
#ifndef LOWLAND_SHARED_WATCH_H
#define LOWLAND_SHARED_WATCH_H

#include "shared_object.h"

// Has the service thread watch every other process that holds the record's object, and cleans up at once
// after those that are dead already. Called before blocking on it, without the region's lock; takes no lock
// where all are watched. May allocate a descriptor for each.
void shared_watch_holders(const struct shared_record *record);

#endif
