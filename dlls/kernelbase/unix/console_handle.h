// The console's files: making them.
#ifndef LOWLAND_CONSOLE_HANDLE_H
#define LOWLAND_CONSOLE_HANDLE_H

#include "console_state.h"

// A file for a copy of end; owns fd (-1: none) from then on, and end's share. With console.lock.
NTSTATUS console_new_file(const struct console_end *end, int fd, uint32_t access, uint32_t options,
                          struct file **file);

// A file that holds a console (share NULL: whatever the process will have), and a handle to it. Takes the
// share's reference.
NTSTATUS console_new_reference(struct console_share *share, HANDLE32 *handle);

// Whether there is a terminal. With console.lock.
bool console_has_terminal(void);

#endif
