// Formatting by printf-like specifications, shared by FormatMessage and wvnsprintf.
#ifndef LOWLAND_KERNELBASE_FORMAT_ARGUMENT_H
#define LOWLAND_KERNELBASE_FORMAT_ARGUMENT_H

#include "base.h"
#include <stdarg.h>

// A text that grows on the process heap; failed once there was no memory.
struct text {
    WCHAR *units;
    SIZE_T length, capacity;
    bool failed;
};
void text_put(struct text *text, WCHAR unit);
void text_put_all(struct text *text, const WCHAR *units, SIZE_T length);

// Where arguments come from: each call gives the next 32-bit one.
struct arguments {
    ULONG_PTR (*next)(struct arguments *arguments);
    va_list *list;
    const ULONG_PTR *array;
    unsigned index;
};

// Formats one argument by the specification after '%' ("-8.3lu"); ansi: %s means char. Returns what follows
// it.
const WCHAR *format_argument(struct text *out, const WCHAR *specification, struct arguments *arguments,
                             bool ansi);

#endif
