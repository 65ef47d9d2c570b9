// The memory that the processes of a console share, and who is attached.
#ifndef LOWLAND_CONSOLE_SHARE_H
#define LOWLAND_CONSOLE_SHARE_H

#include "console_state.h"

// A fresh console with no buffer. terminal: the host's terminal shows it. NULL without memory.
struct console_share *console_share_new(bool terminal);
// The console in memory that another process made; owns both descriptors from then on. One that is mapped
// already gives that. NULL: it is none.
struct console_share *console_share_map(int fd, int wake);
// That of another host process, NULL when it has none that it shares.
struct console_share *console_share_of(uint32_t pid);
struct console_share *console_share_retain(struct console_share *share);
void console_share_release(struct console_share *share); // NULL is allowed

// Makes share (whose reference it takes) the process's console, and the process a member of the group. With
// console.lock.
void console_share_enter(struct console_share *share, uint32_t group);
// Leaves it. With console.lock.
void console_share_leave(void);

// Takes away what dead processes had. With the lock.
void console_members_reap(struct console_share *share);
// This process's record, NULL when the console has more members than it can note.
struct console_member *console_member_self(struct console_shared *shared);
// Whether other live processes are attached.
bool console_has_others(struct console_shared *shared);

// The place of a buffer's cells, CONSOLE_CELLS_MAX of them; and giving its memory back.
CHAR_INFO32 *console_share_cells(const struct console_share *share, uint32_t buffer);
// That of the cells that wait while it shows an alternate screen.
CHAR_INFO32 *console_share_spare(const struct console_share *share, uint32_t buffer);
void console_share_drop_cells(const struct console_share *share, uint32_t buffer);

// Lets the handles of a console in memory hear of input that other processes write; without locks, once the
// process has entered or left one.
void console_watch_input(void);

// The live members; how many. Without locks.
struct console_target {
    uint32_t pid; // the host's
    uint32_t group;
};
uint32_t console_share_list(struct console_share *share, struct console_target targets[CONSOLE_MEMBERS]);

// Has another process raise a control event. Without locks.
void console_send_event(uint32_t pid, uint32_t event);

#endif
