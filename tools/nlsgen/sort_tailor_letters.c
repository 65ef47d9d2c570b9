// Letters of single languages: ones that stand between others there, marks in another order, letters that
// count as two, and two that count as one.
#include "sort_tailoring.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uset.h>
#include <unicode/ustring.h>

void add_exception(struct tailoring *tailoring, uint16_t c, struct sort_weight weight)
{
    struct sort_collation *collation = &tailoring->collation;

    if (!(collation->exceptions_n & (collation->exceptions_n - 1))) {
        const size_t room = collation->exceptions_n ? 2 * collation->exceptions_n : 1;
        tailoring->exceptions = realloc(tailoring->exceptions, room * sizeof *tailoring->exceptions);
        if (!tailoring->exceptions) die("out of memory");
    }
    tailoring->exceptions[collation->exceptions_n++] = (struct sort_exception){c, weight};
}

static const struct sort_weight *weight_now(const struct tailoring *tailoring, uint16_t c)
{
    for (unsigned i = 0; i < tailoring->collation.exceptions_n; i++)
        if (tailoring->exceptions[i].character == c) return &tailoring->exceptions[i].weight;
    return &tailoring->table->weights[c];
}

// A tailored character or pair of them, with its place in the language's order.
struct item {
    UChar text[4];
    int n;
    struct order_key key;
};

static int compare_items(const void *first, const void *second)
{
    const struct item *a = first, *b = second;
    int result = compare_primary(&a->key, &b->key);

    if (result) return result;
    // Small letters first: capitals follow from them.
    return u_islower(b->text[0]) - u_islower(a->text[0]);
}

static unsigned collect_items(UCollator *collator, struct item *items, unsigned room)
{
    UErrorCode error = U_ZERO_ERROR;
    USet *tailored = ucol_getTailoredSet(collator, &error);
    unsigned n = 0;

    if (U_FAILURE(error)) die("a tailoring: %s", u_errorName(error));
    for (int32_t i = 0; i < uset_getItemCount(tailored); i++) {
        UChar32 first, last;
        UChar text[8];
        const int32_t length = uset_getItem(tailored, i, &first, &last, text, 8, &error);

        for (UChar32 c = first; !length && c <= last && c < UNITS && n < room; c++)
            items[n++] = (struct item){.text = {c}, .n = 1};
        if (length >= 2 && length <= 3 && n < room) {
            items[n] = (struct item){.n = length};
            u_memcpy(items[n++].text, text, length);
        }
        error = U_ZERO_ERROR;
    }
    uset_close(tailored);
    for (unsigned i = 0; i < n; i++) items[i].key = order_key(collator, items[i].text, items[i].n);
    qsort(items, n, sizeof *items, compare_items);
    return n;
}

// Letters with a first weight of their own in the table and in this language, in order.
struct landmarks {
    struct item letters[2000];
    unsigned n;
};

static bool is_tailored(const struct item *items, unsigned n, uint16_t c)
{
    for (unsigned i = 0; i < n; i++)
        if (items[i].n == 1 && items[i].text[0] == c) return true;
    return false;
}

static void find_landmarks(const struct tailoring *tailoring, const struct item *items, unsigned items_n,
                           struct landmarks *landmarks)
{
    const struct sort_table *table = tailoring->table;

    landmarks->n = 0;
    for (unsigned c = 'a'; c < 0x3000 && landmarks->n < 2000; c++) {
        const struct sort_weight *weight = &table->weights[c];
        struct item *letter = &landmarks->letters[landmarks->n];

        if (!table->done[c] || table->anchor[c] != c || weight->script < SORT_LATIN || !u_isalpha(c))
            continue;
        if (weight->diacritic != SORT_WEIGHT_MIN || is_tailored(items, items_n, c)) continue;
        *letter = (struct item){.text = {c}, .n = 1, .key = order_key(tailoring->collator, (UChar[]){c}, 1)};
        landmarks->n++;
    }
    qsort(landmarks->letters, landmarks->n, sizeof *landmarks->letters, compare_items);
}

static UScriptCode script_of(UChar c)
{
    UErrorCode error = U_ZERO_ERROR;

    return uscript_getScript(c, &error);
}

static const struct item *landmark_before(const struct landmarks *landmarks, const struct item *item)
{
    const UScriptCode script = script_of(item->text[0]);
    const struct item *found = NULL;

    for (unsigned i = 0; i < landmarks->n; i++)
        if (compare_primary(&landmarks->letters[i].key, &item->key) <= 0 &&
            script_of(landmarks->letters[i].text[0]) == script)
            found = &landmarks->letters[i];
    return found;
}

// Whether two differ in no more than case.
static bool same_but_case(const struct order_key *a, const struct order_key *b)
{
    const uint8_t *a_end = memchr(a->rest + 1, 1, a->rest_n - 1),
                  *b_end = memchr(b->rest + 1, 1, b->rest_n - 1);

    return a_end && b_end && a_end - a->rest == b_end - b->rest && !memcmp(a->rest, b->rest, a_end - a->rest);
}

// Whether a composed letter follows from a tailored part of it: sorts with its base.
static bool follows_from_parts(UCollator *collator, const struct item *items, unsigned n,
                               const struct item *item)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar parts[8];
    const int parts_n =
        unorm2_getRawDecomposition(unorm2_getNFCInstance(&error), item->text[0], parts, 8, &error);
    struct order_key base;
    bool same;

    if (parts_n != 2 || !(is_tailored(items, n, parts[0]) || is_tailored(items, n, parts[1]))) return false;
    base = order_key(collator, parts, 1);
    same = !compare_primary(&base, &item->key);
    free_order_key(&base);
    return same;
}

static bool is_composed(UChar c)
{
    return u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE) == U_DT_CANONICAL;
}

// What follows from another tailored character, or from a pair: ICU lists such, too.
static bool is_derived(UCollator *collator, const struct item *items, unsigned n, const struct item *item)
{
    if (item->n == 1) return follows_from_parts(collator, items, n, item);
    return is_composed(item->text[0]) || is_composed(item->text[1]) ||
           (item->n == 3 && is_composed(item->text[2]));
}

// The first weight behind a letter's that another letter has.
static uint8_t next_primary(const struct sort_table *table, struct sort_weight weight)
{
    uint8_t next = 0xFF;

    for (unsigned c = 0; c < 0x3000; c++) {
        const struct sort_weight *other = &table->weights[c];
        if (other->script == weight.script && other->primary > weight.primary && other->primary < next)
            next = other->primary;
    }
    return next;
}

static void add_contraction(struct tailoring *tailoring, const struct item *item, struct sort_weight weight)
{
    const unsigned n = tailoring->collation.contractions_n++;

    tailoring->contractions = realloc(tailoring->contractions, (n + 1) * sizeof *tailoring->contractions);
    if (!tailoring->contractions) die("out of memory");
    tailoring->contractions[n] =
        (struct sort_contraction){{item->text[0], item->text[1], item->n == 3 ? item->text[2] : 0}, weight};
}

static bool has_exception(const struct tailoring *tailoring, uint16_t c)
{
    return weight_now(tailoring, c) != &tailoring->table->weights[c];
}

static void place(struct tailoring *tailoring, const struct item *item, struct sort_weight weight)
{
    if (u_isupper(item->text[0]) || u_istitle(item->text[0])) weight.casing |= SORT_UPPER;
    if (item->n == 1 && !has_exception(tailoring, item->text[0]))
        add_exception(tailoring, item->text[0], weight);
    else if (item->n > 1)
        add_contraction(tailoring, item, weight);
}

// Marks in an order of the language's own take the lowest weights among themselves.
static void reorder_marks(struct tailoring *tailoring, const struct item *items, unsigned n)
{
    struct item marks[50];
    unsigned marks_n = 0;

    for (unsigned i = 0; i < n && marks_n < 50; i++)
        if (items[i].n == 1 && tailoring->table->weights[items[i].text[0]].script == SORT_MARK)
            marks[marks_n++] = items[i];
    for (unsigned i = 0; i < marks_n; i++) {
        unsigned before = 0;
        for (unsigned k = 0; k < marks_n; k++)
            before += ucol_strcoll(tailoring->collator, marks[k].text, 1, marks[i].text, 1) == UCOL_LESS;
        add_exception(tailoring, marks[i].text[0],
                      (struct sort_weight){SORT_MARK, 0, 0x0C + before, SORT_WEIGHT_MIN});
    }
}

static bool is_i(UChar c)
{
    return c == 'i' || c == 'I' || c == 0x130 || c == 0x131;
}

static void place_items(struct tailoring *tailoring, const struct item *items, unsigned n,
                        const struct landmarks *landmarks)
{
    const struct item *before = NULL;
    unsigned behind = 0; // letters so far behind that landmark
    const struct order_key *last_key = NULL;

    for (unsigned i = 0; i < n; i++) {
        const struct item *landmark;
        struct sort_weight weight;

        if (tailoring->leave_i && is_i(items[i].text[0])) continue;
        if (is_derived(tailoring->collator, items, n, &items[i])) continue;
        if (!u_isalpha(items[i].text[0]) || items[i].text[0] >= 0xFB00 || !items[i].key.primary_n) continue;
        landmark = landmark_before(landmarks, &items[i]);
        if (!landmark) continue;
        if (landmark != before) behind = 0;
        weight = tailoring->table->weights[landmark->text[0]];
        if (!compare_primary(&landmark->key, &items[i].key)) { // differs from it like a diacritic
            if (!same_but_case(&landmark->key, &items[i].key))
                weight.diacritic =
                    items[i].n == 1 ? tailoring->table->weights[items[i].text[0]].diacritic : 0x7F;
        } else {
            if (landmark != before || !last_key || compare_primary(last_key, &items[i].key)) behind++;
            const uint8_t next = next_primary(tailoring->table, weight);
            if (weight.primary + behind < next) {
                weight.primary += behind;
            } else { // no room: the last there is, with a difference like a diacritic's
                weight.primary = next - 1;
                weight.diacritic = 0x7F + behind;
            }
        }
        before = landmark;
        last_key = &items[i].key;
        place(tailoring, &items[i], weight);
    }
}

// Characters that consist of a tailored one and marks follow it.
static void follow(struct tailoring *tailoring)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *normalizer = unorm2_getNFCInstance(&error);
    const unsigned letters_n = tailoring->collation.exceptions_n;

    if (U_FAILURE(error) || !letters_n) return;
    for (int pass = 0; pass < 2; pass++)
        for (unsigned c = 0x80; c < 0x3000; c++) {
            UChar parts[8];
            const int n = unorm2_getRawDecomposition(normalizer, c, parts, 8, &error);
            const struct sort_weight *base, *mark;
            struct sort_weight weight;

            if (n != 2 || !tailoring->table->done[c]) continue;
            base = weight_now(tailoring, parts[0]);
            mark = weight_now(tailoring, parts[1]);
            if (has_exception(tailoring, c)) continue;
            if (!has_exception(tailoring, parts[0]) && !has_exception(tailoring, parts[1])) continue;
            if (mark->script != SORT_MARK || base->script < SORT_LATIN) continue;
            weight = *base;
            weight.diacritic += mark->diacritic;
            add_exception(tailoring, c, weight);
        }
}

static int compare_exceptions(const void *first, const void *second)
{
    return ((const struct sort_exception *)first)->character -
           ((const struct sort_exception *)second)->character;
}

static int compare_contractions(const void *first, const void *second)
{
    const struct sort_contraction *a = first, *b = second;

    return (b->text[2] != 0) - (a->text[2] != 0);
}

void tailor_letters(struct tailoring *tailoring)
{
    struct item *items = calloc(UNITS, sizeof *items);
    struct landmarks *landmarks = calloc(1, sizeof *landmarks);
    unsigned n;

    if (!items || !landmarks) die("out of memory");
    n = collect_items(tailoring->collator, items, UNITS);
    find_landmarks(tailoring, items, n, landmarks);
    reorder_marks(tailoring, items, n);
    place_items(tailoring, items, n, landmarks);
    follow(tailoring);
    qsort(tailoring->exceptions, tailoring->collation.exceptions_n, sizeof *tailoring->exceptions,
          compare_exceptions);
    qsort(tailoring->contractions, tailoring->collation.contractions_n, sizeof *tailoring->contractions,
          compare_contractions);
    for (unsigned i = 0; i < n; i++) free_order_key(&items[i].key);
    for (unsigned i = 0; i < landmarks->n; i++) free_order_key(&landmarks->letters[i].key);
    free(landmarks);
    free(items);
}
