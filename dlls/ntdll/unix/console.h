// The console's side towards files: handles of the terminal, their reads and writes.
#ifndef LOWLAND_CONSOLE_H
#define LOWLAND_CONSOLE_H

#include "file.h"
#include "object_parcel.h"

extern const struct file_device console_device;

// A handle for a standard descriptor that is a terminal: input for 0, output for 1 and 2.
NTSTATUS console_open_std(int host_fd, HANDLE32 *handle);

// The reference to its console that a program started by the host begins with.
NTSTATUS console_begin(HANDLE32 *reference);

// What of a console's file goes to another process, and the file made of it there: as file_parcel.h's.
// console_import owns the descriptors; NULL: no memory, or no parcel of ours.
NTSTATUS console_export(struct file *file, struct object_parcel *parcel, int descriptors[PARCEL_DESCRIPTORS]);
struct file *console_import(const struct object_parcel *parcel, const int descriptors[PARCEL_DESCRIPTORS]);

// Opens CON, CONIN$ or CONOUT$. STATUS_INVALID_HANDLE when the process has no console.
NTSTATUS console_open(enum path_kind kind, uint32_t access, uint32_t options, struct file **file);

#endif
