// One region of memory for whatever lives no longer than a command: taken in order, given back down to a
// mark.
#ifndef CMD_MEMORY_H
#define CMD_MEMORY_H
#include <stddef.h>
#include <wchar.h>
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

struct mark {
    void *chunk;
    size_t used;
};

// Memory until the mark before it is released; zeroed. Ends the process, with a line, when there is none.
void *region_take(size_t size);
struct mark region_mark(void);
// Gives back all that was taken since the mark.
void region_release(struct mark mark);

// LENGTH characters of TEXT and a NUL, in the region.
WCHAR *region_copy(const WCHAR *text, size_t length);

// The same on the heap, for what outlives commands; the caller frees it. Ends the process when there is no
// memory.
void *heap_take(size_t size);
WCHAR *heap_copy(const WCHAR *text);

#endif
