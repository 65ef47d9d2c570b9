// Collations: the common one is sort.nls itself, a language's own is a copy of its weights with the
// language's exceptions in it, made when it is first asked for.
#include "sort.h"

static const WORD *sort_words;

static const struct sort_header *header(void)
{
    return (const struct sort_header *)nls_section(NLS_SORT_WEIGHTS, &sort_words);
}

static const struct sort_weight *common_weights(void)
{
    return (const struct sort_weight *)((const WORD *)header() + SORT_HEADER_WORDS);
}

#define COLLATIONS_MAX 200
static const struct collation *made[COLLATIONS_MAX]; // by number, NULL: not yet
static struct collation common;

static const struct collation *common_collation(void)
{
    // Written with the same values by whoever comes first; weights last, which says that the rest is there.
    if (!__atomic_load_n(&common.weights, __ATOMIC_ACQUIRE)) {
        common.file = (const WORD *)header();
        __atomic_store_n(&common.weights, common_weights(), __ATOMIC_RELEASE);
    }
    return &common;
}

static void move_scripts(struct sort_weight *weights, const struct sort_move moves[2])
{
    if (!moves[0].by) return;
    for (unsigned c = 0; c < 0x10000; c++)
        for (int i = 0; i < 2; i++)
            if (weights[c].script >= moves[i].first && weights[c].script <= moves[i].last) {
                weights[c].script = (BYTE)(weights[c].script + moves[i].by);
                break;
            }
}

static const struct collation *make(const struct sort_collation *record)
{
    const WORD *file = (const WORD *)header();
    const SIZE_T size = 0x10000 * sizeof(struct sort_weight);
    struct collation *collation = heap_alloc(sizeof(*collation) + size);
    if (!collation) return NULL;
    struct sort_weight *weights = (struct sort_weight *)(collation + 1);
    memcpy(weights, common_weights(), size);
    move_scripts(weights, record->moves);
    const struct sort_exception *exceptions = (const struct sort_exception *)(file + record->exceptions_at);
    for (unsigned i = 0; i < record->exceptions_n; i++)
        weights[exceptions[i].character] = exceptions[i].weight;
    *collation = (struct collation){
        .weights = weights,
        .file = file,
        .contractions = (const struct sort_contraction *)(file + record->contractions_at),
        .contractions_n = record->contractions_n,
        .reversed_diacritics = record->reversed_diacritics,
    };
    for (unsigned i = 0; i < collation->contractions_n; i++) {
        WCHAR c = collation->contractions[i].text[0];
        collation->starts[(BYTE)c >> 3] |= (BYTE)(1 << (c & 7));
    }
    return collation;
}

static const struct collation *collation_number(unsigned number)
{
    const struct collation *found = __atomic_load_n(&made[number], __ATOMIC_ACQUIRE);
    if (found) return found;
    const struct sort_collation *records =
        (const struct sort_collation *)((const WORD *)header() + header()->collations_at);
    const struct collation *mine = make(&records[number]), *first = NULL;
    if (!mine) return common_collation();
    if (__atomic_compare_exchange_n(&made[number], &first, mine, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        return mine;
    heap_free((void *)mine);
    return first;
}

// NULL: it has none of its own.
static const struct sort_locale *sort_locale_of(LCID id)
{
    const struct sort_locale *locales =
        (const struct sort_locale *)((const WORD *)header() + header()->locales_at);
    for (unsigned i = 0; i < header()->locales_n; i++)
        if (locales[i].id == id) return &locales[i];
    return NULL;
}

static const struct collation *find(LCID id, bool linguistic)
{
    const struct sort_locale *locale = sort_locale_of(id);
    if (!locale) return common_collation();
    return collation_number(linguistic ? locale->linguistic : locale->collation);
}

int collation_number_of(struct locale_found locale)
{
    const bool has_sort = locale.alias && locale.alias->sort;
    const struct sort_locale *found = sort_locale_of(has_sort ? locale_found_id(locale) : locale.record->id);
    return found ? (int)found->collation : -1;
}

// What was found for a locale under its own name, by its number: most calls ask for the same few.
static const struct collation *found_before[512];

const struct collation *collation_of(struct locale_found locale, DWORD flags)
{
    const unsigned number = (unsigned)(locale.record - locale_number(0));
    if (flags & NORM_LINGUISTIC_CASING) return find(locale.record->id, true);
    if (locale.alias && locale.alias->sort) return find(locale_found_id(locale), false);
    if (number >= ARRAY_LENGTH(found_before)) return find(locale.record->id, false);
    const struct collation *found = __atomic_load_n(&found_before[number], __ATOMIC_ACQUIRE);
    if (!found) {
        found = find(locale.record->id, false);
        __atomic_store_n(&found_before[number], found, __ATOMIC_RELEASE);
    }
    return found;
}
