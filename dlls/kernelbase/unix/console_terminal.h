// The screen of a terminal, which shows but can't be asked for its cells.
#ifndef LOWLAND_CONSOLE_TERMINAL_H
#define LOWLAND_CONSOLE_TERMINAL_H

#include "console_state.h"

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

#endif
