// Parcels: what one process sends another so that it can have an object too, by inheritance at its start or
// by DuplicateHandle. The bytes and the descriptors go by whatever channel the two have.
#ifndef LOWLAND_OBJECT_PARCEL_H
#define LOWLAND_OBJECT_PARCEL_H

#include "object.h"

enum { PARCEL_DESCRIPTORS = 2 };

enum parcel_kind { PARCEL_SHARED = 1, PARCEL_FILE, PARCEL_PROCESS, PARCEL_THREAD };

// Not from here: checked by object_parcel_import.
struct object_parcel {
    uint32_t kind;        // enum parcel_kind
    uint32_t descriptors; // how many go along
    uint32_t values[6];   // the kind's own
};

// Describes an object, which becomes shared if need be. descriptors: those to send along, borrowed from the
// object, the rest -1. The object must be kept until the other side has imported it or failed to: it may live
// by our reference only. STATUS_NOT_SUPPORTED: its kind can't leave its process;
// STATUS_INSUFFICIENT_RESOURCES.
NTSTATUS object_parcel_export(struct object *object, struct object_parcel *parcel,
                              int descriptors[PARCEL_DESCRIPTORS]);

// The object of a parcel, retained. Takes over the descriptors, also on failure. STATUS_NOT_SUPPORTED,
// STATUS_INVALID_PARAMETER (no parcel of ours, or the object is gone), STATUS_INVALID_CID (the process is
// gone), STATUS_NO_MEMORY.
NTSTATUS object_parcel_import(const struct object_parcel *parcel, const int descriptors[PARCEL_DESCRIPTORS],
                              struct object **object);

#endif
