// The texts of system errors.
#ifndef LOWLAND_KERNELBASE_SYSTEM_MESSAGES_H
#define LOWLAND_KERNELBASE_SYSTEM_MESSAGES_H

#include "base.h"

// The message of a Win32 error as Microsoft documents it, with its line end; NULL when there is none here.
const WCHAR *system_message(DWORD error);

#endif
