// Timers of a queue.
#ifndef LOWLAND_USER32_TIMER_H
#define LOWLAND_USER32_TIMER_H

#include "queue.h"

// For both: the timers of a window, all of them for NULL, those without one for -1. Under the lock.
// Milliseconds until the next one is due, INFINITE without one.
DWORD timer_next(const struct queue *queue, HWND window);
// Makes the message of the one that is due longest and starts it anew; without remove it stays due. False:
// none is.
bool timer_take(struct queue *queue, HWND window, bool remove, MSG *message);
// Forgets a window's timers; of all windows and the thread for NULL. Under the lock.
void timer_forget(struct queue *queue, HWND window);
// Whether a queue has this timer with a procedure. Under the lock.
bool timer_has_procedure(const struct queue *queue, const MSG *message);

#endif
