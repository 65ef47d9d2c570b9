// Waiting for an object without a thread: a call is made when the object is signalled.
#ifndef LOWLAND_WAIT_WATCH_H
#define LOWLAND_WAIT_WATCH_H

#include "wait_internal.h"

struct wait_watch {
    struct wait_thread thread; // first: `ended` gets its address
    struct wait_block block;
};

// Takes the object if it is signalled (*signalled), as a wait would, or hangs the watch on it: then ended is
// called once it was taken, by whoever signalled it and without a lock. The caller keeps the object and the
// watch alive until then. STATUS_NOT_SUPPORTED: the object is shared with other processes. Any thread,
// without locks.
NTSTATUS wait_watch_start(struct wait_watch *watch, struct object *object,
                          void (*ended)(struct wait_thread *watch), bool *signalled);
// Takes it off the object. False: it has ended, and the call is or will be made.
bool wait_watch_cancel(struct wait_watch *watch);

#endif
