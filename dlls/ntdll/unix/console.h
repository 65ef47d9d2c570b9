// The console's side towards files: handles of the terminal, their reads and writes.
#ifndef LOWLAND_CONSOLE_H
#define LOWLAND_CONSOLE_H

#include "file.h"

extern const struct file_device console_device;

// A handle for a standard descriptor that is a terminal: input for 0, output for 1 and 2.
NTSTATUS console_open_std(int host_fd, HANDLE32 *handle);

// A handle at a given value for a terminal that a parent process passed on; owns fd.
struct file *console_from_parcel(int fd, bool output);
bool console_is_output(const struct file *file);

// Opens CON, CONIN$ or CONOUT$. STATUS_INVALID_HANDLE when the process has no terminal.
NTSTATUS console_open(enum path_kind kind, uint32_t access, uint32_t options, struct file **file);

#endif
