// Search handles: what FindClose gets.
#ifndef LOWLAND_KERNELBASE_FILE_FIND_H
#define LOWLAND_KERNELBASE_FILE_FIND_H

#include "base.h"

// Every search begins with one of these numbers.
#define SEARCH_MAGIC        0x444E4946u // "FIND": files
#define STREAM_SEARCH_MAGIC 0x4D525453u // "STRM": streams
#define NAME_SEARCH_MAGIC   0x454D414Eu // "NAME": the names of a file

// End a search for streams, for names.
void stream_search_free(HANDLE search);
void name_search_free(HANDLE search);

#endif
