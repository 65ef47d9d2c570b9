// Walks a string in what counts for sorting: contractions as one, expansions as several, flags applied.
#include "sort.h"

void sort_walk(struct sort_walker *walker, const struct collation *collation, DWORD flags, const WCHAR *text,
               int length)
{
    *walker =
        (struct sort_walker){.collation = collation, .text = text, .end = text + length, .flags = flags};
}

static const struct sort_weight *find_contraction(struct sort_walker *walker)
{
    const WCHAR *text = walker->text;
    const SIZE_T left = (SIZE_T)(walker->end - text);
    for (unsigned i = 0; i < walker->collation->contractions_n; i++) {
        const struct sort_contraction *c = &walker->collation->contractions[i];
        const SIZE_T n = c->text[2] ? 3 : 2;
        if (left < n || c->text[0] != text[0] || c->text[1] != text[1] || (n == 3 && c->text[2] != text[2]))
            continue;
        walker->text += n;
        return &c->weight;
    }
    return NULL;
}

static const WCHAR *expansion_of(const struct collation *collation, struct sort_weight weight)
{
    const DWORD *places =
        (const DWORD *)(collation->file + ((const struct sort_header *)collation->file)->expansions_at);
    return collation->file + places[weight.primary | weight.diacritic << 8];
}

// The next character's weight. *expanded: it is part of one that sorts as several. False at the end.
static bool next_weight(struct sort_walker *walker, struct sort_weight *weight, bool *expanded)
{
    *expanded = walker->expansion && *walker->expansion;
    if (*expanded) {
        *weight = walker->collation->weights[*walker->expansion++];
        return true;
    }
    if (walker->text >= walker->end) return false;
    const struct sort_weight *contraction =
        may_start_contraction(walker->collation, *walker->text) ? find_contraction(walker) : NULL;
    *weight = contraction ? *contraction : walker->collation->weights[*walker->text++];
    if (weight->script != SORT_EXPANSION) return true;
    walker->expansion = expansion_of(walker->collation, *weight);
    *expanded = true;
    *weight = walker->collation->weights[*walker->expansion++];
    // One level is all that the table has: what is nested would be looked up wrongly.
    if (weight->script == SORT_EXPANSION) weight->script = SORT_UNSORTABLE;
    return true;
}

static BYTE casing_by_flags(DWORD flags, BYTE casing)
{
    if (flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE))
        casing &= (BYTE) ~(SORT_UPPER | SORT_SMALL_CAPITAL);
    if (flags & NORM_IGNOREWIDTH) casing &= (BYTE)~SORT_WIDE;
    return casing < SORT_WEIGHT_MIN ? SORT_WEIGHT_MIN : casing;
}

// ---- numbers by their values ----

// 0 to 9 for a weight that a decimal digit has, else -1.
static int digit_value(const struct collation *collation, struct sort_weight weight)
{
    if (weight.script != SORT_DIGIT) return -1;
    for (int i = 0; i < 10; i++)
        if (collation->weights['0' + i].primary == weight.primary) return i;
    return -1;
}

// At a number's first digit: takes leading zeros out and makes the element that says how long it is.
static void announce_number(struct sort_walker *walker, struct sort_element *element)
{
    const struct collation *collation = walker->collation;
    while (walker->text + 1 < walker->end && !digit_value(collation, collation->weights[walker->text[0]]) &&
           digit_value(collation, collation->weights[walker->text[1]]) >= 0)
        walker->text++;
    const WCHAR *end = walker->text;
    while (end < walker->end && digit_value(collation, collation->weights[*end]) >= 0) end++;
    walker->number_left = (unsigned)(end - walker->text);
    const unsigned longest = 0x7F; // longer ones compare digit by digit
    BYTE length = (BYTE)(0x80 + (walker->number_left < longest ? walker->number_left : longest));
    *element = (struct sort_element){
        .kind = SORT_PRIMARY,
        .main = {SORT_DIGIT, length},
        .diacritic = SORT_WEIGHT_MIN,
        .casing = SORT_WEIGHT_MIN,
    };
}

static bool is_number_ahead(const struct sort_walker *walker)
{
    if (!(walker->flags & SORT_DIGITSASNUMBERS) || walker->number_left || walker->text >= walker->end)
        return false;
    if (walker->expansion && *walker->expansion) return false;
    return digit_value(walker->collation, walker->collation->weights[*walker->text]) >= 0;
}

// ---- kana ----

// The row of vowels has the same low bits as all others.
static BYTE vowel_of(BYTE primary)
{
    return primary >= 0x80 ? primary : (BYTE)(primary & 7);
}

static void set_kana(struct sort_walker *walker, struct sort_element *element, struct sort_weight weight)
{
    const DWORD flags = walker->flags;
    const struct sort_element *before = &walker->before;
    *element = (struct sort_element){
        .kind = SORT_PRIMARY,
        .main = {SORT_KANA, weight.primary},
        .diacritic = weight.diacritic,
        .casing = SORT_WEIGHT_MIN,
        .kana = true,
    };
    element->kana_size = weight.casing & SORT_KANA_FULL_SIZE ? KANA_NORMAL : KANA_SMALL;
    element->kana_type = weight.casing & SORT_KANA_HIRAGANA || flags & NORM_IGNOREKANATYPE ? 0xE4 : 0xC4;
    element->kana_width = weight.casing & SORT_WIDE || flags & NORM_IGNOREWIDTH ? 0xC5 : 0xC4;
    if (weight.primary > SORT_LENGTHEN) return;
    element->kana_size = weight.primary == SORT_LENGTHEN ? KANA_LENGTHENED : KANA_REPEATED;
    if (before->kind != SORT_PRIMARY) {
        element->main[1] = 0xFF; // nothing to repeat: behind all kana
    } else if (before->kana) {
        element->main[1] = weight.primary == SORT_LENGTHEN ? vowel_of(before->main[1]) : before->main[1];
        element->kana_type = before->kana_type;
    } else {
        memcpy(element->main, before->main, sizeof(element->main));
    }
}

// ---- one element ----

static void set_plain(DWORD flags, struct sort_element *element, struct sort_weight weight)
{
    *element = (struct sort_element){
        .kind = SORT_PRIMARY,
        .main = {weight.script, weight.primary},
        .diacritic = weight.diacritic,
        .casing = casing_by_flags(flags, weight.casing),
    };
    if (weight.script != SORT_EXTENSION) return;
    element->main[0] = SORT_EXTENSION_MAIN;
    element->main[1] = 0xFF;
    element->main[2] = weight.primary;
    element->main[3] = weight.diacritic;
    element->diacritic = SORT_WEIGHT_MIN;
}

// What one weight means under the flags; false: nothing.
static bool interpret(struct sort_walker *walker, struct sort_element *element, struct sort_weight weight,
                      bool expanded)
{
    const DWORD flags = walker->flags;
    if (weight.script == SORT_UNSORTABLE) return false;
    if (weight.script == SORT_MARK) {
        if (flags & NORM_IGNORENONSPACE) return false;
        *element = (struct sort_element){
            .kind = expanded ? SORT_EXPANDED_DIACRITIC : SORT_DIACRITIC,
            .main = {SORT_MARK},
            .diacritic = weight.diacritic,
            .casing = SORT_WEIGHT_MIN,
        };
        return true;
    }
    if (weight.script == SORT_KANA_MARKED) {
        set_kana(walker, element, weight);
        return true;
    }
    if (weight.script >= SORT_PUNCTUATION && weight.script < SORT_DIGIT && flags & NORM_IGNORESYMBOLS)
        return false;
    set_plain(flags, element, weight);
    if (weight.script == SORT_PUNCTUATION && !(flags & SORT_STRINGSORT)) element->kind = SORT_SET_ASIDE;
    return true;
}

void sort_next(struct sort_walker *walker, struct sort_element *element)
{
    struct sort_weight weight;
    bool expanded;
    if (is_number_ahead(walker)) {
        announce_number(walker, element);
        return;
    }
    do {
        if (!next_weight(walker, &weight, &expanded)) {
            element->kind = SORT_END;
            return;
        }
        if (walker->number_left) walker->number_left--;
    } while (!interpret(walker, element, weight, expanded));
    if (element->kind == SORT_PRIMARY) walker->before = *element;
}
