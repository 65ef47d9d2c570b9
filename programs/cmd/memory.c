// The region: a chain of chunks, each filled from its start.
#include "memory.h"
#include <stdlib.h>
#include <string.h>

enum { CHUNK_SIZE = 64 * 1024 };

struct chunk {
    struct chunk *below;
    size_t size, used;
    // Aligned for whatever is put there.
    __attribute__((aligned(16))) char data[];
};
static struct chunk *top;

static _Noreturn void out_of_memory(void)
{
    static const char line[] = "Not enough memory resources are available to process this command.\r\n";
    DWORD written;
    WriteFile(GetStdHandle(STD_ERROR_HANDLE), line, sizeof(line) - 1, &written, NULL);
    ExitProcess(1);
}

static void add_chunk(size_t size)
{
    struct chunk *chunk = malloc(sizeof(*chunk) + size);
    if (!chunk) out_of_memory();
    chunk->below = top;
    chunk->size = size;
    chunk->used = 0;
    top = chunk;
}

void *region_take(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (!top || top->size - top->used < size) add_chunk(size > CHUNK_SIZE ? size : CHUNK_SIZE);
    void *result = top->data + top->used;
    top->used += size;
    return memset(result, 0, size);
}

struct mark region_mark(void)
{
    return (struct mark){top, top ? top->used : 0};
}

void region_release(struct mark mark)
{
    while (top != mark.chunk && top->below) {
        struct chunk *below = top->below;
        free(top);
        top = below;
    }
    // A mark from before the first chunk empties that one.
    if (top) top->used = top == mark.chunk ? mark.used : 0;
}

WCHAR *region_copy(const WCHAR *text, size_t length)
{
    WCHAR *copy = region_take((length + 1) * sizeof(WCHAR));
    memcpy(copy, text, length * sizeof(WCHAR));
    return copy;
}

void *heap_take(size_t size)
{
    void *result = calloc(1, size ? size : 1);
    if (!result) out_of_memory();
    return result;
}

WCHAR *heap_copy(const WCHAR *text)
{
    size_t size = (wcslen(text) + 1) * sizeof(WCHAR);
    return memcpy(heap_take(size), text, size);
}
