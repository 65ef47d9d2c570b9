// digits.nls: the digits of all scripts, for FoldString's MAP_FOLDDIGITS.
//
// Our own format, in 16-bit words: the number of runs; then for each, ordered, the high half of its first
// code point, the low half, the value of that digit, and how many follow it with ascending values, itself
// included.
#include "nlsgen.h"
#include <stdlib.h>
#include <unicode/uchar.h>

// Numbers that Windows folds though Unicode calls them no digits.
static const struct {
    UChar32 first, last;
    int value;
} others[] = {
    {0x3007, 0x3007, 0},   {0x3021, 0x3029, 1},   {0x10107, 0x1010F, 1},
    {0x10320, 0x10320, 1}, {0x10321, 0x10321, 5},
};

// 0 to 9; -1 for what is no digit.
static int digit_value(UChar32 c)
{
    int type = u_getIntPropertyValue(c, UCHAR_NUMERIC_TYPE);

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (c >= others[i].first && c <= others[i].last) return others[i].value + (c - others[i].first);
    }
    return type == U_NT_DECIMAL || type == U_NT_DIGIT ? (int)u_getNumericValue(c) : -1;
}

void write_digits(const char *directory)
{
    struct words file = {0};
    int expected = -1;

    words_add(&file, 0);
    for (UChar32 c = 0x80; c <= 0x10FFFF; c++) {
        int value = digit_value(c);

        if (value >= 0 && value == expected) {
            file.data[file.n - 1]++;
        } else if (value >= 0) {
            words_append(&file, (uint16_t[]){c >> 16, c & 0xFFFF, value, 1}, 4);
            file.data[0]++;
        }
        expected = value < 0 ? -1 : value + 1;
    }
    words_write(&file, directory, "digits.nls");
    free(file.data);
}
