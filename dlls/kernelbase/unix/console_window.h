// What USER knows of a console: its window.
#ifndef LOWLAND_CONSOLE_WINDOW_H
#define LOWLAND_CONSOLE_WINDOW_H

#include "console_share.h"

// The process has entered a console, or leaves the one that it has. With console.lock.
void console_window_join(struct console_share *share);
void console_window_leave(void);

// Of the processes attached to a window's console the one that came first.
struct console_window_owner {
    uint32_t pid; // the host's
    uint32_t thread;
};

// The console of a window, retained. STATUS_INVALID_HANDLE when there is none. Without locks.
NTSTATUS console_window_open(uint32_t window, struct console_window_owner *owner,
                             struct console_share **share);
// The windows of all consoles, max at most; how many. Without locks.
uint32_t console_window_list(uint32_t *windows, uint32_t max);

#endif
