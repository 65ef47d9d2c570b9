// Calling a function that may fault: the one replacement for __try that our own code has. Exported privately
// for our other DLLs.
#ifndef LOWLAND_NTDLL_GUARD_H
#define LOWLAND_NTDLL_GUARD_H

#include "nt/nt.h"

// Calls function(context). Returns 0, or the code of the exception that ended it: any exception that no
// vectored handler took and that passed no handler inside function. The stack is unwound to here by then.
DWORD lowland_guarded_call(void (*function)(void *context), void *context);

#endif
