// MEM_EXTENDED_PARAMETER: what NtAllocateVirtualMemoryEx and NtMapViewOfSectionEx may be asked beyond their
// arguments.
#ifndef LOWLAND_EXTENDED_PARAMETERS_H
#define LOWLAND_EXTENDED_PARAMETERS_H

#include "loader/guest.h"

struct extended_parameters {
    bool placed;    // there are address requirements that mean something
    gptr low, high; // where it must lie, both inclusive
    uint32_t alignment;
    bool machine_given; // images
    uint16_t machine;
};

// Reads count parameters. STATUS_INVALID_PARAMETER (unknown, twice the same, impossible requirements),
// STATUS_ACCESS_VIOLATION, STATUS_NOT_SUPPORTED.
NTSTATUS extended_parameters_read(struct extended_parameters *out, gptr parameters, uint32_t count);

#endif
