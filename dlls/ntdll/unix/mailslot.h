// Mailslots: one process reads what many write, a message at a time.
#ifndef LOWLAND_MAILSLOT_H
#define LOWLAND_MAILSLOT_H

#include "file.h"

// Opens a mailslot for writing, whichever process of the prefix has it. STATUS_OBJECT_NAME_NOT_FOUND.
NTSTATUS mailslot_open(const struct path *path, uint32_t access, uint32_t options, struct file **file);

#endif
