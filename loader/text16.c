// A growing UTF-16 string on the host's heap.
#include "loader/text16.h"
#include "loader/fail.h"
#include "loader/utf16.h"
#include <stdlib.h>
#include <string.h>

static uint16_t *reserve(struct text16 *text, size_t n)
{
    if (text->length + n > text->capacity) {
        text->capacity = 2 * (text->length + n) + 64;
        text->units = realloc(text->units, text->capacity * sizeof *text->units);
        if (!text->units) fail(FAIL_HOST, "no memory for the program's arguments");
    }
    return text->units + text->length;
}

void text16_add_unit(struct text16 *text, uint16_t unit)
{
    *reserve(text, 1) = unit;
    text->length++;
}

void text16_add(struct text16 *text, const uint16_t *units, size_t n)
{
    if (n == 0) return;
    memcpy(reserve(text, n), units, n * sizeof *units);
    text->length += n;
}

void text16_add_utf8_n(struct text16 *text, const char *utf8, size_t n)
{
    text->length += utf16_from_utf8(reserve(text, n), utf8, n);
}

void text16_add_utf8(struct text16 *text, const char *utf8)
{
    text16_add_utf8_n(text, utf8, strlen(utf8));
}

void text16_free(struct text16 *text)
{
    free(text->units);
    *text = (struct text16){0};
}
