// Search handles: what FindClose gets.
#ifndef LOWLAND_KERNELBASE_FILE_FIND_H
#define LOWLAND_KERNELBASE_FILE_FIND_H

#include "base.h"

// Every search begins with one of these numbers.
#define SEARCH_MAGIC        0x444E4946u // "FIND": files
#define STREAM_SEARCH_MAGIC 0x4D525453u // "STRM": streams

// Ends a search for streams.
void stream_search_free(HANDLE search);

#endif
