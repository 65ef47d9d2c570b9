// What a fresh store gets, before any other transaction sees it.
#ifndef LOWLAND_REGISTRY_INITIAL_H
#define LOWLAND_REGISTRY_INITIAL_H

#include "registry_store.h"

// Runs a body in a transaction on stores that are open.
typedef NTSTATUS registry_runner(unsigned writing,
                                 NTSTATUS (*body)(struct registry_view *view, void *context), void *context);

// Gives the kept store its root and the keys of a fresh Windows, where it lacks those of this version.
NTSTATUS registry_initialize(registry_runner *run);
// Empties the volatile store when it belongs to an earlier session or another prefix.
NTSTATUS registry_initialize_volatile(registry_runner *run);

#endif
