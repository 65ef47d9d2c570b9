// Extended attributes in Windows' sense.
#ifndef LOWLAND_FILE_EA_H
#define LOWLAND_FILE_EA_H

#include "file.h"

// The size of a file's attributes as FileEaInformation tells it; 0: it has none.
uint32_t file_ea_size(const struct file *file);

// Applies a FILE_FULL_EA_INFORMATION list of the guest: adds, replaces, and removes those without a value.
// *bad: where in the list the fault lies. STATUS_EA_LIST_INCONSISTENT, STATUS_INVALID_EA_NAME,
// STATUS_INVALID_EA_FLAG, STATUS_EA_TOO_LARGE, STATUS_EAS_NOT_SUPPORTED (the host's file system keeps none),
// STATUS_ACCESS_VIOLATION. Any thread.
NTSTATUS file_ea_apply(struct file *file, gptr list, uint32_t length, uint32_t *bad);

// Takes all attributes off a file that is overwritten.
void file_ea_clear(const struct file *file);

#endif
