// A stretch of host code that may meet memory which is gone, such as a mapped file that was cut: a page fault
// in it ends the stretch instead of the process.
#ifndef LOWLAND_FAULT_GUARD_H
#define LOWLAND_FAULT_GUARD_H

#include <setjmp.h>
#include <stdbool.h>
#include <ucontext.h>

struct fault_guard {
    sigjmp_buf landing;
    struct fault_guard *outer;
};

// Begins the stretch: follow it by `if (sigsetjmp(guard->landing, 0)) ...`, where a fault leads, the stretch
// being over then. What it held is the caller's to release, and locals changed since are lost. Guest memory
// is none of its business: the primitives of guest.h have their own way.
void fault_guard_push(struct fault_guard *guard);

// Ends the stretch that this thread entered last.
void fault_guard_leave(void);

// Ends it as a fault would: for code that has noticed by itself. Does nothing outside of one.
void fault_guard_give_up(void);

// For the signal handler: makes the interrupted code go on at the landing. False outside of a stretch.
bool fault_guard_redirect(ucontext_t *uc);

#endif
