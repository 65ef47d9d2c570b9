// The times of a process or thread, as GetProcessTimes and GetThreadTimes give them out.
#ifndef LOWLAND_KERNELBASE_KERNEL_USER_TIMES_H
#define LOWLAND_KERNELBASE_KERNEL_USER_TIMES_H

#include "base.h"

// Each may be NULL.
static inline void give_times(const KERNEL_USER_TIMES *times, FILETIME *creation, FILETIME *exit,
                              FILETIME *kernel, FILETIME *user)
{
    if (creation) *creation = times->CreateTime;
    if (exit) *exit = times->ExitTime;
    if (kernel) *kernel = (FILETIME){times->KernelTime.LowPart, (DWORD)times->KernelTime.HighPart};
    if (user) *user = (FILETIME){times->UserTime.LowPart, (DWORD)times->UserTime.HighPart};
}

#endif
