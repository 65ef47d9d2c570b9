// How errors are reported to a thread.
#include "rtl.h"

/** Sets how errors are reported to this thread (SEM_ bits << 4), and returns the former way. */
NTSTATUS WINAPI RtlSetThreadErrorMode(ULONG mode, PULONG former)
{
    if (mode & ~0x70u) return STATUS_INVALID_PARAMETER_1;
    if (former) *former = teb_self()->HardErrorMode;
    teb_self()->HardErrorMode = mode;
    return STATUS_SUCCESS;
}

ULONG WINAPI RtlGetThreadErrorMode(void)
{
    return teb_self()->HardErrorMode;
}
