// Modules mapped as data: LoadLibraryEx with LOAD_LIBRARY_AS_DATAFILE, ..._EXCLUSIVE or
// LOAD_LIBRARY_AS_IMAGE_RESOURCE.
#ifndef LOWLAND_KERNELBASE_MODULE_DATA_H
#define LOWLAND_KERNELBASE_MODULE_DATA_H

#include "base.h"

// Whether a handle's low bits say that its module was mapped as data.
bool module_is_data(HMODULE module);

// Maps the file that name leads to (searched as SearchPath does, .dll appended) as flags say and returns the
// tagged base; NULL with the last error set. An exclusive mapping lets nobody open the file for writing until
// it is freed. Source: LoadLibraryExW's documentation; kernel32:loader.
HMODULE module_data_load(const WCHAR *name, DWORD flags);

// Unmaps what module_data_load mapped; FALSE with the last error set where nothing of the kind lies there.
BOOL module_data_free(HMODULE module);

#endif
