// The debugger that AeDebug names for programs that crash.
#ifndef LOWLAND_KERNELBASE_CRASH_DEBUGGER_H
#define LOWLAND_KERNELBASE_CRASH_DEBUGGER_H

#include "base.h"

// Starts the debugger for an exception that nothing handled, and returns once it has attached or is gone.
// Where none is to be started, or this thread has started one already, returns at once. No lock may be held.
// Microsoft, "Configuring Automatic Debugging".
void crash_debugger_run(EXCEPTION_POINTERS *exception);

#endif
