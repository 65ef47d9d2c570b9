// Shared timers: due time and period are in the record, and there is no thread that fires them. Whoever waits
// for one wakes when it is due, whoever polls looks at the time, and both then let it go off (shared_wait.c).
#ifndef LOWLAND_SHARED_TIMER_H
#define LOWLAND_SHARED_TIMER_H

#include "wait.h"

struct shared_timer {
    int64_t due;      // CLOCK_MONOTONIC ns, 0: not set
    int64_t last_due; // the same, but stays when it has gone off
    int64_t period;   // ns, 0: once
    uint32_t setting; // counts sets and cancels: whose APC is still wanted
};

// Sets it for everybody, resets it and makes who waits look anew. Whether it was signalled. timer->setting:
// the new one.
bool shared_timer_set(struct waitable *waitable, struct shared_timer *timer);
// Cancels it; leaves it signalled or not.
void shared_timer_cancel(struct waitable *waitable);
// Lets it go off if it is due, and says how it stands.
void shared_timer_look(struct waitable *waitable, struct shared_timer *timer);

#endif
