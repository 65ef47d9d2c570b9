// The weights of all UTF-16 units: what has weights of its own first, then what is derived from those.
#include "sort.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

void set_weight(struct sort_table *table, uint16_t c, struct sort_weight weight)
{
    table->weights[c] = weight;
    table->anchor[c] = c;
    table->done[c] = true;
}

// ---- decompositions ----

struct parts {
    UChar text[20];
    int n; // 0: none
    bool canonical;
    int type; // U_DT_*
};

static struct parts decompose(uint16_t c)
{
    UErrorCode error = U_ZERO_ERROR;
    struct parts parts = {.type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE)};

    if (parts.type == U_DT_NONE || (c >= 0xAC00 && c <= 0xD7A3)) return parts;
    parts.canonical = parts.type == U_DT_CANONICAL;
    parts.n = unorm2_getRawDecomposition(parts.canonical ? unorm2_getNFCInstance(&error)
                                                         : unorm2_getNFKCInstance(&error),
                                         c, parts.text, 20, &error);
    if (U_FAILURE(error)) die("decomposition of U+%04X: %s", c, u_errorName(error));
    if (parts.n < 0) parts.n = 0;
    // Marks that stand alone are spelled with a space below them.
    if (parts.n == 3 && parts.text[0] == ' ') u_memmove(parts.text, parts.text + 1, --parts.n);
    return parts;
}

// Characters that Windows sorts as several though Unicode doesn't take them apart, or otherwise.
static const struct {
    uint16_t character;
    UChar as[3];
} ligatures[] = {
    {0x00C6, {'A', 'E'}},       {0x00E6, {'a', 'e'}},       {0x0152, {'O', 'E'}},       {0x0153, {'o', 'e'}},
    {0x00DF, {'s', 's'}},       {0x1E9E, {'S', 'S'}},       {0x00DE, {'T', 'H'}},       {0x00FE, {'t', 'h'}},
    {0x05F0, {0x05D5, 0x05D5}}, {0x05F1, {0x05D5, 0x05D9}}, {0x05F2, {0x05D9, 0x05D9}},
};

static bool expand(struct sort_table *table, uint16_t c, const UChar *text, int n)
{
    const unsigned index = table->expansions_n;

    if (index >= sizeof table->expansion_starts / sizeof *table->expansion_starts) die("too many expansions");
    table->expansion_starts[table->expansions_n++] = table->expansions.n;
    words_append(&table->expansions, (const uint16_t *)text, n);
    words_add(&table->expansions, 0);
    set_weight(table, c, (struct sort_weight){SORT_EXPANSION, index & 0xFF, index >> 8, SORT_WEIGHT_MIN});
    return true;
}

// What a form of a character (full-width, raised, ...) adds to its casing or to its diacritic weight.
static void apply_form(struct sort_weight *weight, int type)
{
    switch (type) {
    case U_DT_WIDE: weight->casing |= SORT_WIDE; break;
    case U_DT_NARROW:
        if (weight->script == SORT_KANA_MARKED || weight->script >= SORT_HANGUL) weight->casing &= ~SORT_WIDE;
        break;
    case U_DT_SUB: weight->casing += 2; break;
    case U_DT_SMALL: weight->casing += 4; break;
    case U_DT_VERTICAL: weight->casing += 6; break;
    case U_DT_SUPER: weight->casing += 0x0C; break;
    case U_DT_FINAL: weight->casing |= 0x08; break;
    case U_DT_INITIAL: weight->casing |= 0x10; break;
    case U_DT_MEDIAL: weight->casing |= 0x18; break;
    case U_DT_ISOLATED: weight->casing += 2; break;
    case U_DT_CIRCLE: weight->diacritic = 0xEE; break;
    default: weight->diacritic++; break;
    }
}

static bool weigh_after(struct sort_table *table, uint16_t c, uint16_t base, struct sort_weight weight)
{
    set_weight(table, c, weight);
    table->anchor[c] = table->anchor[base];
    return true;
}

static bool is_ready(struct sort_table *table, uint16_t c)
{
    return table->done[c] || derive_weight(table, c);
}

// Blocks whose characters Windows expands though a letter and marks would do.
static bool is_presentation_form(uint16_t c)
{
    return (c >= 0xFB1D && c <= 0xFDFF) || (c >= 0xFE70 && c <= 0xFE7F) || (c >= 0x0F40 && c <= 0x0FBC);
}

// "(x)" as x with a diacritic of its own.
static bool derive_parenthesized(struct sort_table *table, uint16_t c, const struct parts *parts)
{
    struct sort_weight weight;

    if (parts->n != 3 || parts->text[0] != '(' || parts->text[2] != ')' || !is_ready(table, parts->text[1]))
        return false;
    weight = table->weights[parts->text[1]];
    weight.diacritic = 0xF3;
    return weigh_after(table, c, parts->text[1], weight);
}

static bool derive_from_parts(struct sort_table *table, uint16_t c, const struct parts *parts)
{
    struct sort_weight weight;
    const uint16_t base = parts->text[0];
    unsigned marks = 0;

    for (int i = 0; i < parts->n; i++)
        if (U16_IS_SURROGATE(parts->text[i])) return false;
    if (parts->n == 1) {
        if (!is_ready(table, base)) return false;
        weight = table->weights[base];
        if (weight.script == SORT_EXTENSION) return weigh_after(table, c, base, weight);
        if (parts->canonical)
            weight.diacritic += u_charType(c) == U_OTHER_LETTER; // compatibility ideographs
        else
            apply_form(&weight, parts->type);
        return weigh_after(table, c, base, weight);
    }
    if (derive_parenthesized(table, c, parts)) return true;
    for (int i = 0; i < parts->n; i++)
        if (!is_ready(table, parts->text[i])) return false;
    weight = table->weights[base];
    for (int i = 1; i < parts->n; i++) {
        const struct sort_weight *part = &table->weights[parts->text[i]];
        if (part->script != SORT_MARK || is_presentation_form(c))
            return expand(table, c, parts->text, parts->n);
        marks += part->diacritic;
    }
    if (weight.script == SORT_EXPANSION) return expand(table, c, parts->text, parts->n);
    weight.diacritic += marks;
    return weigh_after(table, c, base, weight);
}

// ---- names ----

// "LATIN SMALL LETTER B WITH HOOK" comes after "LATIN SMALL LETTER B", "LATIN LETTER SMALL CAPITAL B" too.
static bool find_named_base(uint16_t c, uint16_t *base, struct sort_weight *more)
{
    char name[200];
    UErrorCode error = U_ZERO_ERROR;
    char *with;
    UChar32 found;

    u_charName(c, U_UNICODE_CHAR_NAME, name, sizeof name, &error);
    if (U_FAILURE(error) || !u_isalpha(c)) return false;
    *more = (struct sort_weight){0};
    if (!strncmp(name, "LATIN LETTER SMALL CAPITAL ", 27) && strlen(name) == 28) {
        *base = name[27] + 32;
        if (c < 0x1D00)
            more->casing = SORT_SMALL_CAPITAL;
        else
            more->diacritic = 0x7D; // the phonetic extensions
        return true;
    }
    if (!strncmp(name, "LATIN SMALL LETTER TURNED ", 26) && strlen(name) == 27) {
        *base = name[26] + 32;
        more->diacritic = 0x7E;
        return true;
    }
    with = strstr(name, " WITH ");
    if (!with) return false;
    *with = 0;
    found = u_charFromName(U_UNICODE_CHAR_NAME, name, &error);
    if (U_FAILURE(error) || found >= UNITS || found == c) return false;
    *base = found;
    more->diacritic = named_diacritic(with + 6);
    return true;
}

bool is_plain_letter(uint16_t c)
{
    uint16_t base;
    struct sort_weight more;

    for (size_t i = 0; i < sizeof ligatures / sizeof *ligatures; i++)
        if (ligatures[i].character == c) return false;
    return !decompose(c).n && u_tolower(c) == c && !find_named_base(c, &base, &more);
}

bool derive_weight(struct sort_table *table, uint16_t c)
{
    struct parts parts = decompose(c);
    const UChar32 lower = u_tolower(c);
    struct sort_weight weight, more;
    uint16_t base;

    if (table->done[c]) return true;
    for (size_t i = 0; i < sizeof ligatures / sizeof *ligatures; i++)
        if (ligatures[i].character == c) return expand(table, c, ligatures[i].as, u_strlen(ligatures[i].as));
    if (parts.n) return derive_from_parts(table, c, &parts);
    if (lower != c && lower < UNITS && is_ready(table, lower)) {
        weight = table->weights[lower];
        if (weight.script == SORT_EXPANSION) return false;
        weight.casing |= SORT_UPPER;
        return weigh_after(table, c, lower, weight);
    }
    if (!find_named_base(c, &base, &more) || !is_ready(table, base)) return false;
    weight = table->weights[base];
    if (weight.script < SORT_LATIN) return false;
    weight.diacritic += more.diacritic;
    weight.casing |= more.casing;
    return weigh_after(table, c, base, weight);
}

// ---- everything ----

// ICU sorts them as letters.
static bool is_tibetan_vowel(uint16_t c)
{
    return c >= 0x0F71 && c <= 0x0F84;
}

static void weigh_marks(struct sort_table *table)
{
    UCollator *root = open_collator("");

    for (unsigned c = 0x80; c < UNITS; c++) {
        UChar text = c;
        struct order_key key;

        if (table->done[c] || U16_IS_SURROGATE(c) || !(U_GET_GC_MASK(c) & U_GC_M_MASK) || decompose(c).n ||
            u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
            continue;
        key = order_key(root, &text, 1);
        if (!key.primary_n || is_tibetan_vowel(c))
            set_weight(table, c, (struct sort_weight){SORT_MARK, 0, mark_weight(c), SORT_WEIGHT_MIN});
        free_order_key(&key);
    }
    ucol_close(root);
}

static void weigh_run(struct sort_table *table, unsigned first, unsigned last, uint8_t script, bool extension)
{
    unsigned at = 0;

    for (unsigned c = first; c <= last; c++, at++) {
        const uint8_t high = script + at / 254, low = 2 + at % 254;
        if (table->done[c] || (!U16_IS_SURROGATE(c) && u_charType(c) == U_UNASSIGNED)) continue;
        set_weight(table, c,
                   extension ? (struct sort_weight){SORT_EXTENSION, high, low, SORT_WEIGHT_MIN}
                             : (struct sort_weight){high, low, SORT_WEIGHT_MIN, SORT_WEIGHT_MIN});
    }
}

// A symbol or letter of which there is a narrow form is the wide one.
static void mark_wide_forms(struct sort_table *table)
{
    for (unsigned c = 0xFF00; c < 0xFFF0; c++) {
        struct parts parts = decompose(c);
        struct sort_weight *weight = &table->weights[parts.text[0]];
        if (parts.type != U_DT_NARROW || parts.n != 1 || weight->script == SORT_KANA_MARKED) continue;
        if (weight->script >= SORT_SYMBOL) weight->casing |= SORT_WIDE;
    }
}

// Compatibility letters of Hangul: above those that syllables are made of, and wide.
static void weigh_compatibility_jamo(struct sort_table *table)
{
    for (unsigned c = 0x3131; c < 0x318F; c++) {
        struct parts parts = decompose(c);
        if (parts.n != 1 || !table->done[parts.text[0]]) continue;
        weigh_after(table, c, parts.text[0], table->weights[parts.text[0]]);
        table->weights[c].casing = SORT_WEIGHT_MIN + 4;
    }
}

void weigh_all(struct sort_table *table)
{
    weigh_hangul(table);
    weigh_compatibility_jamo(table);
    weigh_kana(table);
    weigh_marks(table);
    weigh_numbers(table);
    weigh_symbols(table);
    weigh_letters(table);
    weigh_run(table, 0x4E00, 0x9FFF, SORT_HAN, false);
    weigh_run(table, 0xE000, 0xF8FF, SORT_PRIVATE, false);
    weigh_run(table, 0x3400, 0x4DBF, 0x10, true);
    weigh_run(table, 0xD800, 0xDFFF, 0xF0, true);
    for (unsigned c = 0x80; c < UNITS; c++)
        if (u_charType(c) != U_UNASSIGNED && u_charType(c) != U_FORMAT_CHAR && c != 0xFFFC && c != 0xFFFD)
            derive_weight(table, c);
    weigh_run(table, 0xFA0E, 0xFAFF, 0x30, true); // what is no other's compatibility form
    mark_wide_forms(table);
}
