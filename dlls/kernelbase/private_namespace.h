// Aliases of private namespaces in the names of objects.
#ifndef LOWLAND_KERNELBASE_PRIVATE_NAMESPACE_H
#define LOWLAND_KERNELBASE_PRIVATE_NAMESPACE_H

#include "base.h"

// The directory that a name's beginning ("alias\") means, and what follows it; NULL: the name has no such
// beginning. The handle is the namespace's own.
HANDLE private_namespace_of(const WCHAR *text, const WCHAR **rest);

#endif
