// Setting up the handle table; its use is in object.h.
#ifndef LOWLAND_HANDLE_H
#define LOWLAND_HANDLE_H

#include "dlls/ntdll/unix/object.h"

// Once, at start. False with errno when the host has no address space left.
bool handle_table_init(void);

#endif
