// How a failed host call is reported to the guest.
#ifndef LOWLAND_STATUS_ERRNO_H
#define LOWLAND_STATUS_ERRNO_H

#include "loader/guest.h"

// The NTSTATUS for an errno as a failed file, pipe or device operation reports it. Any number has one: an
// unknown errno becomes STATUS_UNSUCCESSFUL, 0 becomes STATUS_SUCCESS. Pure, any thread.
NTSTATUS status_from_errno(int error);

#endif
