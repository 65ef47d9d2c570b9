// Memory, formatted strings and whole files: without memory thunkgen ends.
#define _GNU_SOURCE // vasprintf
#include "thunkgen.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void *allocate(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory) die("out of memory");
    return memory;
}

void *append_slot(void **array, unsigned *n, size_t size)
{
    // Grows at powers of two.
    if ((*n & (*n - 1)) == 0) {
        void *bigger = realloc(*array, (*n ? *n * 2 : 1) * size);
        if (!bigger) die("out of memory");
        *array = bigger;
    }
    void *slot = (char *)*array + (*n)++ * size;
    return memset(slot, 0, size);
}

char *format(const char *format, ...)
{
    va_list list;
    char *text;
    va_start(list, format);
    if (vasprintf(&text, format, list) < 0) die("out of memory");
    va_end(list);
    return text;
}

const char *text_of(CXString string)
{
    const char *text = clang_getCString(string);
    char *copy = format("%s", text ? text : "");
    clang_disposeString(string);
    return copy;
}

uint8_t *read_whole_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file) die("%s: %s", path, strerror(errno));
    uint8_t *bytes = NULL;
    size_t room = 0, used = 0, got;
    do {
        if (used == room) {
            room = room ? room * 2 : 65536;
            bytes = realloc(bytes, room + 1);
            if (!bytes) die("out of memory");
        }
        got = fread(bytes + used, 1, room - used, file);
        used += got;
    } while (got);
    if (ferror(file)) die("%s: %s", path, strerror(errno));
    fclose(file);
    bytes[used] = 0;
    *size = used;
    return bytes;
}
