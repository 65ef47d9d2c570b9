// Error messages of thunkgen, and how many there were.
#include "thunkgen.h"
#include <stdarg.h>
#include <stdlib.h>

static unsigned errors;

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
