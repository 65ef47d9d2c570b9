// The calls of the console boundary, for the console files.
#ifndef LOWLAND_KERNELBASE_CONSOLE_H
#define LOWLAND_KERNELBASE_CONSOLE_H

#include "kernelbase.h"
#include "base.h"

// Converts bytes of the console's output or input code page to text on the heap; NULL on failure with the
// last error set. *units receives the length.
WCHAR *console_to_wide(const char *bytes, DWORD length, bool output, DWORD *units);

#endif
