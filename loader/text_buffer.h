// Text put together in a buffer of fixed size, cut where that ends: for reports that must not allocate.
#ifndef LOWLAND_TEXT_BUFFER_H
#define LOWLAND_TEXT_BUFFER_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

// Appends to a text of *length units in a buffer of that size; *length is at most size - 1. Any thread, no
// locks.
__attribute__((format(printf, 4, 5))) static inline void text_append(char *text, size_t size, size_t *length,
                                                                     const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    size_t room = size - *length;
    int n = vsnprintf(text + *length, room, format, arguments);
    va_end(arguments);
    if (n > 0) *length += (size_t)n < room ? (size_t)n : room - 1;
}

#endif
