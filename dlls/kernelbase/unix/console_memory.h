// A console that no terminal shows: its screen buffers and the input that waits there are kept in memory.
#ifndef LOWLAND_CONSOLE_MEMORY_H
#define LOWLAND_CONSOLE_MEMORY_H

#include "console_share.h"

extern const struct file_device console_memory_device;

// Opens CONIN$ or CONOUT$ (the active buffer) of the console in memory that the process has; with the lock.
NTSTATUS console_memory_open(struct console_shared *shared, bool output, uint32_t access, uint32_t options,
                             struct file **file);

// Gives the console its first buffer, of a size or (0) the usual one; before others have it.
void console_memory_begin(struct console_share *share, int columns, int rows);

// Whether a handle is good for nothing now: of a console in memory while the process has no such. With the
// lock.
bool console_end_is_gone(struct console_shared *shared, const struct console_end *end);

// The number from 1 of the buffer that an output end shows, and a checked copy to work on. 0: the terminal.
// With the lock.
uint32_t console_memory_get(struct console_shared *shared, const struct console_end *end,
                            struct console_buffer *copy);
void console_memory_put(struct console_shared *shared, uint32_t buffer, const struct console_buffer *copy);

// Appends a record; what no longer fits is lost, as on Windows. With the share's lock.
void console_memory_push(struct console_share *share, const INPUT_RECORD32 *record);

// Signals the handles of a console in memory, and makes its pipe readable, as long as records wait. With the
// lock, after any change of the queue.
void console_memory_signal(struct console_shared *shared);
// Signals this process's handles alone.
void console_memory_tell(bool waiting);

// The buffers, a bit each, of which this process has handles; frees those that nobody has any more. With the
// lock.
uint64_t console_memory_held(uint64_t id);
void console_memory_settle(struct console_share *share, uint64_t held);

// Takes key records until a line is complete: its text goes to the console's line, and is echoed on a screen
// that was begun. False: more keys are needed.
struct console_screen;
bool console_memory_edit_line(struct console_screen *screen);

#endif
