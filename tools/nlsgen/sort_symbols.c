// Spaces, punctuation and symbols: those of ASCII one by one as Windows has them, the others behind in ICU's
// order. Where there are more than first bytes of weight, neighbours share one and differ as if by
// diacritics.
#include "sort.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

enum { // scripts of symbols
    PUNCTUATION_MARKS = SORT_SYMBOL,
    MATHEMATICS,
    ARROWS,
    OTHERS,
};

#define TATWEEL 0x0640 // lengthens Arabic letters; weightless in ICU

static void set_symbol(struct sort_table *table, uint16_t c, uint8_t script, unsigned primary,
                       unsigned diacritic)
{
    set_weight(table, c, (struct sort_weight){script, primary, SORT_WEIGHT_MIN + diacritic, SORT_WEIGHT_MIN});
}

// The script of symbols that a character belongs to; 0: it is no symbol.
static uint8_t symbol_script(uint16_t c)
{
    const bool arrow = (c >= 0x2190 && c < 0x2200) || (c >= 0x2300 && c < 0x2400) ||
                       (c >= 0x2500 && c < 0x2600) || (c >= 0x27F0 && c < 0x2800) ||
                       (c >= 0x2900 && c < 0x2980) || (c >= 0x2B00 && c < 0x2C00);

    if (u_ispunct(c) || u_charType(c) == U_SPACE_SEPARATOR) return PUNCTUATION_MARKS;
    if (arrow) return ARROWS;
    switch (u_charType(c)) {
    case U_MATH_SYMBOL: return MATHEMATICS;
    case U_CURRENCY_SYMBOL:
    case U_MODIFIER_SYMBOL:
    case U_OTHER_SYMBOL: return OTHERS;
    default: return 0;
    }
}

static bool is_symbol(uint16_t c)
{
    return symbol_script(c) && c != 0xFFFC && c != 0xFFFD &&
           u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_NONE;
}

// Controls but the spaces among them, the apostrophe and what is like it, hyphens and dashes.
static void weigh_word_sort(struct sort_table *table)
{
    static const struct {
        uint16_t character;
        uint8_t primary, diacritic;
    } facts[] = {
        {0x0027, 0x80, 0}, {0x07F4, 0x81, 0}, {0x07F5, 0x81, 1}, {0x002D, 0x82, 0}, {0x2212, 0x82, 1},
        {0x2010, 0x83, 0}, {0x058A, 0x83, 1}, {0x2011, 0x84, 0}, {0x2012, 0x85, 0}, {0x2013, 0x86, 0},
        {0x2014, 0x87, 0}, {0x2015, 0x88, 0}, {0x2027, 0x89, 0}, {0x301C, 0x8A, 0}, {0x3030, 0x8B, 0},
    };
    unsigned primary = 3;

    for (uint16_t c = 1; c < 0xA0; c++)
        if (u_charType(c) == U_CONTROL_CHAR && (c < 0x09 || c > 0x0D))
            set_symbol(table, c, SORT_PUNCTUATION, primary++, 0);
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        set_symbol(table, facts[i].character, SORT_PUNCTUATION, facts[i].primary, facts[i].diacritic);
    primary = 0x90;
    for (unsigned c = 0xA0; c < UNITS; c++)
        if (u_charType(c) == U_DASH_PUNCTUATION && !table->done[c] && is_symbol(c))
            set_symbol(table, c, SORT_PUNCTUATION, primary++, 0);
}

static unsigned weigh_ascii(struct sort_table *table)
{
    static const uint16_t spaces[] = {0x20, 0xA0, 0x09, 0x0A, 0x0B, 0x0C, 0x0D};
    unsigned primary = 2;

    for (size_t i = 0; i < sizeof spaces / sizeof *spaces; i++)
        set_symbol(table, spaces[i], PUNCTUATION_MARKS, primary++, 0);
    for (unsigned c = 0x2000; c < 0x200B; c++) set_symbol(table, c, PUNCTUATION_MARKS, primary++, 0);
    set_symbol(table, 0x2028, PUNCTUATION_MARKS, primary++, 0);
    set_symbol(table, 0x2029, PUNCTUATION_MARKS, primary++, 0);
    for (uint16_t c = 0x21; c < 0x7F; c++)
        if (!u_isalnum(c) && !table->done[c] && !strchr("+<=>", c))
            set_symbol(table, c, PUNCTUATION_MARKS, primary++, 0);
    for (const char *c = "+<=>"; *c; c++) set_symbol(table, *c, MATHEMATICS, 2 + (c - "+<=>"), 0);
    return primary;
}

static void spread(struct sort_table *table, const struct order *order, uint8_t script, unsigned first)
{
    unsigned n = 0, each, i = 0;

    for (unsigned k = 0; k < order->n; k++)
        n += symbol_script(order->characters[k].character) == script &&
             !table->done[order->characters[k].character];
    each = (n + 0xFF - first) / (0x100 - first);
    for (unsigned k = 0; k < order->n; k++) {
        const uint16_t c = order->characters[k].character;
        if (symbol_script(c) != script || table->done[c]) continue;
        set_symbol(table, c, script, first + i / each, i % each);
        i++;
    }
}

// "CIRCLED PLUS" comes after "PLUS SIGN".
static void weigh_variant(struct sort_table *table, uint16_t c)
{
    static const struct {
        const char *prefix;
        uint8_t diacritic;
    } variants[] = {{"DOUBLE ", 0x70}, {"TRIPLE ", 0x71}, {"SQUARED ", 0xEB}, {"CIRCLED ", 0xEC}};
    char name[200], base[220];
    UErrorCode error = U_ZERO_ERROR;

    u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof name, &error);
    for (size_t i = 0; i < sizeof variants / sizeof *variants && !table->done[c]; i++) {
        const size_t n = strlen(variants[i].prefix);
        UChar32 found;
        if (strncmp(name, variants[i].prefix, n) != 0) continue;
        error = U_ZERO_ERROR;
        snprintf(base, sizeof base, "%s SIGN", name + n);
        found = u_charFromName(U_UNICODE_CHAR_NAME, base, &error);
        if (U_FAILURE(error) || found >= UNITS || !table->done[found]) continue;
        set_weight(table, c, table->weights[found]);
        table->weights[c].diacritic += variants[i].diacritic;
    }
}

void weigh_symbols(struct sort_table *table)
{
    UCollator *root = open_collator("");
    struct order order = make_order(root, is_symbol);
    unsigned next;

    weigh_word_sort(table);
    next = weigh_ascii(table);
    set_symbol(table, TATWEEL, OTHERS, 2, 0);
    for (unsigned i = 0; i < order.n; i++) weigh_variant(table, order.characters[i].character);
    spread(table, &order, PUNCTUATION_MARKS, next);
    spread(table, &order, MATHEMATICS, 6);
    spread(table, &order, ARROWS, 2);
    spread(table, &order, OTHERS, 3);
    free_order(&order);
    ucol_close(root);
}
