// A console that no terminal shows: its screen buffers and the input that waits there are kept in memory.
#ifndef LOWLAND_CONSOLE_MEMORY_H
#define LOWLAND_CONSOLE_MEMORY_H

#include "console_buffer.h"
#include "console_state.h"

extern const struct file_device console_memory_device;

// What a handle of an output end shows; NULL: the terminal. Of an input end always NULL.
struct console_buffer *console_buffer_of(const struct file *file);

// Whether a file is of a console in memory while the process has none: then it is good for nothing.
bool console_memory_is_gone(const struct file *file);

// Opens CONIN$ or CONOUT$ (the active buffer) of a console in memory. STATUS_INVALID_HANDLE when there is
// none.
NTSTATUS console_memory_open(bool output, uint32_t access, uint32_t options, struct file **file);

// A file of a console in memory is gone.
void console_memory_forget(struct file *file);

// Signals the handles of a console in memory, and makes its event readable, as long as records wait. Call
// with the lock held after any change of the queue.
void console_memory_signal(void);

// Takes key records until a line is complete: its text goes to the console's line. Call with the lock held.
// False: more keys are needed.
bool console_memory_edit_line(void);

#endif
