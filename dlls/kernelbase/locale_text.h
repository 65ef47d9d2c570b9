// Text that functions of a locale format and give to their caller.
#ifndef LOWLAND_KERNELBASE_LOCALE_TEXT_H
#define LOWLAND_KERNELBASE_LOCALE_TEXT_H

#include "format_argument.h"

// Gives a finished text by these functions' contract, and frees it: its length with the NUL, needed when size
// is 0; 0 with the last error set.
int text_give(struct text *text, WCHAR *buffer, int size);

// A number with at least width digits.
void text_put_digits(struct text *out, ULONGLONG value, unsigned width);

#endif
