// Debug output for a monitor.
#ifndef LOWLAND_KERNELBASE_DEBUG_MONITOR_H
#define LOWLAND_KERNELBASE_DEBUG_MONITOR_H

#include "base.h"

// Gives text to the program that listens for debug output, in pieces of 4,091 bytes; waits for it up to ten
// seconds a piece. The last error stays.
void debug_monitor_write(const char *text);

#endif
