// Letters of all scripts but Hangul, kana and Han: Latin ones where Windows has them, the others by script in
// ICU's order, with room between where a script has few.
#include "sort.h"
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

// The primary weights of a to z, with room for letters of single languages; then of what follows them.
static const struct {
    uint16_t letter;
    uint8_t primary;
} latin[] = {
    {'a', 0x02}, {'b', 0x09}, {'c', 0x0A},   {'d', 0x1A},   {'e', 0x21},   {'f', 0x23},
    {'g', 0x25}, {'h', 0x2C}, {'i', 0x32},   {'j', 0x35},   {'k', 0x36},   {'l', 0x48},
    {'m', 0x51}, {'n', 0x70}, {0x14B, 0x74}, {'o', 0x7C},   {'p', 0x7E},   {'q', 0x89},
    {'r', 0x8A}, {'s', 0x91}, {'t', 0x99},   {'u', 0x9F},   {'v', 0xA2},   {'w', 0xA4},
    {'x', 0xA6}, {'y', 0xA7}, {'z', 0xA9},   {0x292, 0xB4}, {0x1BE, 0xB8}, {0x298, 0xBA},
};
#define DOTLESS_I 0x131
#define LATIN_N   (sizeof latin / sizeof *latin)

// Scripts that begin at a weight of their own, from the script number on; the others share what follows.
static const struct {
    UScriptCode script;
    uint8_t from;
} scripts[] = {
    {USCRIPT_GREEK, SORT_GREEK},
    {USCRIPT_CYRILLIC, SORT_CYRILLIC},
    {USCRIPT_COPTIC, SORT_OTHER_EUROPEAN},
    {USCRIPT_GLAGOLITIC, SORT_OTHER_EUROPEAN + 1},
    {USCRIPT_GEORGIAN, SORT_OTHER_EUROPEAN + 2},
    {USCRIPT_ARMENIAN, SORT_OTHER_EUROPEAN + 3},
    {USCRIPT_BOPOMOFO, SORT_BOPOMOFO},
    {USCRIPT_HEBREW, SORT_OTHER},
    {USCRIPT_ARABIC, SORT_OTHER + 1},
    {USCRIPT_SYRIAC, SORT_OTHER + 2},
    {USCRIPT_THAANA, SORT_OTHER + 3},
    {USCRIPT_DEVANAGARI, SORT_OTHER + 4},
    {USCRIPT_BENGALI, SORT_OTHER + 5},
    {USCRIPT_GURMUKHI, SORT_OTHER + 6},
    {USCRIPT_GUJARATI, SORT_OTHER + 7},
    {USCRIPT_ORIYA, SORT_OTHER + 8},
    {USCRIPT_TAMIL, SORT_OTHER + 9},
    {USCRIPT_TELUGU, SORT_OTHER + 10},
    {USCRIPT_KANNADA, SORT_OTHER + 11},
    {USCRIPT_MALAYALAM, SORT_OTHER + 12},
    {USCRIPT_SINHALA, SORT_OTHER + 13},
    {USCRIPT_THAI, SORT_OTHER + 14},
    {USCRIPT_LAO, SORT_OTHER + 15},
    {USCRIPT_TIBETAN, SORT_OTHER + 16},
};
#define SCRIPTS_N      (sizeof scripts / sizeof *scripts)
#define SHARED_SCRIPTS (SORT_OTHER + 17)

static UScriptCode script_of(uint16_t c)
{
    UErrorCode error = U_ZERO_ERROR;

    return uscript_getScript(c, &error);
}

// Letters, and signs that ICU sorts as letters: vowels of Indic scripts.
static bool is_letter(uint16_t c)
{
    if (U_IS_SURROGATE(c) || (c >= 0xE000 && c < 0xF900) || (c >= 0x3400 && c < 0xA000)) return false;
    return u_isalpha(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK);
}

// The letter of latin[] that a character comes behind in ICU's order: it shares that one's weight, and
// differs as if by a diacritic.
static void weigh_latin(struct sort_table *table, const struct order *order)
{
    unsigned last = LATIN_N, further = 0;

    for (unsigned i = 0; i < LATIN_N; i++)
        set_weight(table, latin[i].letter,
                   (struct sort_weight){SORT_LATIN, latin[i].primary, SORT_WEIGHT_MIN, SORT_WEIGHT_MIN});
    set_weight(table, DOTLESS_I,
               (struct sort_weight){SORT_LATIN, table->weights['i'].primary, 3, SORT_WEIGHT_MIN});
    table->anchor[DOTLESS_I] = 'i';
    for (unsigned k = 0; k < order->n; k++) {
        const uint16_t c = order->characters[k].character;
        if (script_of(c) != USCRIPT_LATIN) continue;
        for (unsigned i = 0; i < LATIN_N; i++)
            if (latin[i].letter == c) last = i, further = 0;
        if (last == LATIN_N || table->done[c] || !is_plain_letter(c) || derive_weight(table, c)) continue;
        set_weight(
            table, c,
            (struct sort_weight){SORT_LATIN, latin[last].primary, 0x80 + further++ % 0x7F, SORT_WEIGHT_MIN});
        table->anchor[c] = latin[last].letter;
    }
}

// The characters of a script that have weights of their own, in order: those of the same first level differ
// as if by diacritics. at is the place of the first; returns the one behind the last.
static unsigned weigh_script(struct sort_table *table, const struct order *order, UScriptCode script,
                             unsigned at, unsigned step)
{
    const struct ordered_character *before = NULL;
    unsigned variant = 0;

    for (unsigned i = 0; i < order->n; i++) {
        const struct ordered_character *o = &order->characters[i];
        const uint16_t c = o->character;
        const bool same = before && !compare_primary(&before->key, &o->key);

        if (script_of(c) != script || table->done[c] || !is_plain_letter(c) || derive_weight(table, c))
            continue;
        if (before && !same) at += step;
        variant = same ? variant + 1 : 0;
        set_weight(table, c,
                   (struct sort_weight){at / 254, 2 + at % 254, SORT_WEIGHT_MIN + variant, SORT_WEIGHT_MIN});
        if (same) table->anchor[c] = before->character;
        if (!same) before = o;
    }
    return before ? at + step : at;
}

// How far apart a script's letters may lie when they shall all have one script's number.
static unsigned room_between(const struct order *order, UScriptCode script)
{
    unsigned n = 1;

    for (unsigned i = 0; i < order->n; i++)
        n += script_of(order->characters[i].character) == script &&
             is_plain_letter(order->characters[i].character);
    return n >= 254 ? 1 : n > 127 ? 254 / n : n > 63 ? 2 : 4;
}

static bool has_own_place(UScriptCode script)
{
    for (size_t i = 0; i < SCRIPTS_N; i++)
        if (scripts[i].script == script) return true;
    return script == USCRIPT_LATIN || script == USCRIPT_HANGUL || script == USCRIPT_HAN ||
           script == USCRIPT_HIRAGANA || script == USCRIPT_KATAKANA;
}

void weigh_letters(struct sort_table *table)
{
    UCollator *root = open_collator("");
    struct order order = make_order(root, is_letter);
    unsigned at = SHARED_SCRIPTS * 254;

    weigh_latin(table, &order);
    for (size_t i = 0; i < SCRIPTS_N; i++)
        weigh_script(table, &order, scripts[i].script, scripts[i].from * 254,
                     room_between(&order, scripts[i].script));
    for (unsigned i = 0; i < order.n; i++) {
        const UScriptCode script = script_of(order.characters[i].character);
        if (!has_own_place(script) && !table->done[order.characters[i].character])
            at = weigh_script(table, &order, script, at, 1);
    }
    if (at > SORT_HANGUL * 254) die("more letters than weights");
    free_order(&order);
    ucol_close(root);
}
