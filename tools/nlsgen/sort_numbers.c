// Digits and numbers, by their values; the same number of several scripts differs as if by diacritics.
#include "sort.h"
#include <stdlib.h>
#include <unicode/uchar.h>

enum {
    FIRST_SCRIPT_DIGITS = 0x38, // diacritic weights: of the digits of each script in turn
    NOT_DECIMAL = 0xF5,         // of a script's other numbers
};

static bool is_number(uint16_t c)
{
    const int8_t type = u_charType(c);
    const bool han =
        (c >= 0x3190 && c < 0x31A0) || (c >= 0x3220 && c < 0x3230) || (c >= 0x3280 && c < 0x3290);

    return !han && (type == U_DECIMAL_DIGIT_NUMBER || type == U_LETTER_NUMBER || type == U_OTHER_NUMBER) &&
           u_getNumericValue(c) != U_NO_NUMERIC_VALUE;
}

static int compare_values(const void *first, const void *second)
{
    const double a = *(const double *)first, b = *(const double *)second;

    return (a > b) - (a < b);
}

static unsigned collect_values(double *values)
{
    unsigned n = 0, distinct = 0;

    for (unsigned c = 0; c < UNITS; c++)
        if (is_number(c)) values[n++] = u_getNumericValue(c);
    qsort(values, n, sizeof *values, compare_values);
    for (unsigned i = 0; i < n; i++)
        if (!i || values[i] != values[i - 1]) values[distinct++] = values[i];
    return distinct;
}

// Circled and similar numbers: negative ones are cased, so are those without serifs.
static struct sort_weight number_weight(uint16_t c, uint8_t primary, unsigned scripts)
{
    struct sort_weight weight = {SORT_DIGIT, primary, SORT_WEIGHT_MIN, SORT_WEIGHT_MIN};

    if (c >= '0' && c <= '9') return weight;
    if (c >= 0x2460 && c < 0x2474) return weight.diacritic = 0xEE, weight;
    if (c >= 0x2474 && c < 0x2488) return weight.diacritic = 0xF3, weight;
    if (c >= 0x2488 && c < 0x249C) return weight.diacritic = 0xF4, weight;
    if ((c >= 0x2776 && c < 0x2794) || (c >= 0x24EA && c < 0x2500)) {
        weight.diacritic = 0xEE;
        weight.casing += c < 0x2776 ? 8 : c < 0x2780 ? 4 : c < 0x278A ? 8 : 12;
    } else if (c >= 0x2160 && c < 0x2189) {
        weight.diacritic = 0x47;
        if (u_isUUppercase(c)) weight.casing |= SORT_UPPER;
    } else {
        weight.diacritic =
            u_charType(c) == U_DECIMAL_DIGIT_NUMBER ? FIRST_SCRIPT_DIGITS + scripts : NOT_DECIMAL;
    }
    return weight;
}

void weigh_numbers(struct sort_table *table)
{
    double values[2000];
    const unsigned n = collect_values(values);
    unsigned scripts = 0;

    if (n > 0x7E) die("more numbers than weights");
    for (unsigned c = 0; c < UNITS; c++) {
        double value;
        const double *place;

        if (!is_number(c)) continue;
        value = u_getNumericValue(c);
        place = bsearch(&value, values, n, sizeof *values, compare_values);
        if (u_charType(c) == U_DECIMAL_DIGIT_NUMBER && value == 0 && c > '9' && c < 0xFF00) scripts++;
        if (c >= 0xFF10 && c <= 0xFF19) continue; // derived
        if (u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_SUPER ||
            u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_SUB)
            continue;
        set_weight(table, c, number_weight(c, 2 + (place - values), scripts ? scripts - 1 : 0));
    }
}
