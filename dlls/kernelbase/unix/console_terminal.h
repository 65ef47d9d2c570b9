// The screen of a terminal, which shows but can't be asked for its cells.
#ifndef LOWLAND_CONSOLE_TERMINAL_H
#define LOWLAND_CONSOLE_TERMINAL_H

#include "console_state.h"

NTSTATUS terminal_get_size(const struct file *file, int *columns, int *rows);
// Asks the terminal where its cursor is; what else it sends meanwhile stays for input. One that doesn't
// answer within a tenth of a second is not asked again. Call with the lock held.
bool terminal_ask_cursor(struct console_shared *shared, int fd, int *x, int *y);

NTSTATUS terminal_get_info(const struct file *file, CONSOLE_SCREEN_BUFFER_INFO32 *info);
NTSTATUS terminal_set_cursor(const struct file *file, int x, int y);
NTSTATUS terminal_set_cursor_info(const struct file *file, const CONSOLE_CURSOR_INFO32 *info);
NTSTATUS terminal_set_attribute(const struct file *file, uint32_t attribute);

// length cells from x,y on get character (0: blanks) and attribute. *filled is in cells.
NTSTATUS terminal_fill(const struct file *file, uint32_t character, uint32_t attribute, uint32_t length,
                       int x, int y, uint32_t *filled);
// count units from x,y on, in the attribute of text. *written begins at 0.
NTSTATUS terminal_write_text(const struct file *file, gptr text, uint32_t count, int x, int y,
                             uint32_t *written);
// Cells of a rectangle, row by row.
NTSTATUS terminal_write_cells(const struct file *file, gptr cells, uint32_t width, uint32_t height, int x,
                              int y);
// Moves whole lines; STATUS_NOT_SUPPORTED for other rectangles.
NTSTATUS terminal_move(const struct file *file, const SMALL_RECT32 *region, const SMALL_RECT32 *clip, int x,
                       int y, uint32_t attribute);

// Takes key records until a line is complete: its text goes to the console's line, the echo to out. True: it
// is the end of input (Ctrl+D alone, or a line that begins with Ctrl+Z). With the lock.
struct console_render;
bool console_terminal_edit_line(struct console_shared *shared, const struct file *file,
                                struct console_render *out);
// Where the echo of what is read from a terminal goes.
int console_terminal_echo(const struct file *file);

#endif
