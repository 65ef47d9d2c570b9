// What the subject files of advapi32 share.
#ifndef LOWLAND_ADVAPI32_BASE_H
#define LOWLAND_ADVAPI32_BASE_H

#include "ntdll.h"
#include "nt/nt.h"
#include <stdbool.h>

// TRUE for success; else FALSE with the last error from status.
static inline BOOL bool_from_status(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return TRUE;
    RtlSetLastWin32ErrorAndNtStatusFromNtStatus(status);
    return FALSE;
}

#endif
