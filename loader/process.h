// This process as the guest sees it: its ids, its PEB, its end.
#ifndef LOWLAND_PROCESS_H
#define LOWLAND_PROCESS_H

#include "loader/guest.h"

// The guest's process id: the host's times four, as Windows' ids are multiples of four.
uint32_t process_id(void);
gptr process_peb(void);
void process_set_peb(gptr peb);
// Processors that the process may use, one bit each (at most 32 count).
uint32_t process_affinity(void);
// Lets a guest thread run only on the processors of mask, a part of process_affinity(). False when the host
// refuses.
bool process_bind_thread(uint32_t tid, uint32_t mask);
// Whether any thread was ever bound: then new ones must be too, as the host hands a maker's binding on.
bool process_has_bound_threads(void);

// Ends the process with a guest exit status: all 32 bits to --status-fd, the low byte to the host (1 where
// that is 0 and the status is not), and to the processes that watch this one. Any thread.
_Noreturn void process_exit(uint32_t status);
// Where process_exit writes the status as decimal text and a newline; -1: nowhere.
void process_set_status_fd(int fd);

#endif
