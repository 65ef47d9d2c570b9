// Memory, strings, files and error messages of thunkgen.
#define _GNU_SOURCE // vasprintf
#include "thunkgen.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static unsigned errors;

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

static void report(const char *file, unsigned line, const char *format, va_list list)
{
    fprintf(stderr, "%s:%u: error: ", file, line);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    errors++;
}

void error_at(CXSourceLocation where, const char *format, ...)
{
    CXFile file;
    unsigned line;
    // The expansion, because that is where the definition stands.
    clang_getExpansionLocation(where, &file, &line, NULL, NULL);
    va_list list;
    va_start(list, format);
    report(text_of(clang_getFileName(file)), line, format, list);
    va_end(list);
}

void error_in(const char *file, unsigned line, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    report(file, line, format, list);
    va_end(list);
}

unsigned errors_n(void)
{
    return errors;
}

void die(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fputs("thunkgen: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    va_end(list);
    exit(1);
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
