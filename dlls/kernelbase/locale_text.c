// What functions that format by a locale share.
#include "locale_text.h"

int text_give(struct text *text, WCHAR *buffer, int size)
{
    int length = (int)text->length + 1;
    int result = length;
    if (text->failed)
        result = fail_with(ERROR_NOT_ENOUGH_MEMORY);
    else if (size && size < length)
        result = fail_with(ERROR_INSUFFICIENT_BUFFER);
    else if (size) {
        if (text->length) memcpy(buffer, text->units, text->length * sizeof(WCHAR));
        buffer[text->length] = 0;
    }
    if (text->units) heap_free(text->units);
    return result;
}

void text_put_digits(struct text *out, ULONGLONG value, unsigned width)
{
    WCHAR digits[24];
    unsigned n = 0;
    for (; width > ARRAY_LENGTH(digits); width--) text_put(out, '0'); // pictures may ask for any number
    do {
        digits[n++] = (WCHAR)('0' + value % 10);
        value /= 10;
    } while (value || n < width);
    while (n) text_put(out, digits[--n]);
}
