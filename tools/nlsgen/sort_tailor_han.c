// Han in the orders of single languages.
#include "sort_tailoring.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/uset.h>

enum {
    HAN_SCRIPTS = SORT_PRIVATE - SORT_HAN - 4, // that unified ideographs take, with room behind
    HANGUL_SCRIPTS = SORT_HAN - SORT_HANGUL,
};

static bool is_unified(uint16_t c)
{
    return c >= 0x4E00 && c <= 0x9FFF;
}

// Han go where Hangul was, and Hangul behind them.
static void swap_hangul_and_han(struct tailoring *tailoring)
{
    tailoring->collation.moves[0] = (struct sort_move){SORT_HANGUL, SORT_HAN - 1, HAN_SCRIPTS};
    tailoring->collation.moves[1] = (struct sort_move){SORT_HAN, SORT_HAN + HAN_SCRIPTS - 1, -HANGUL_SCRIPTS};
}

// New weights of characters; script 0: none.
struct places {
    struct sort_weight of[UNITS];
};

// Moves characters to their new places, and along with them those that share their first weights.
static void move_characters(struct tailoring *tailoring, const struct places *places)
{
    const struct sort_table *table = tailoring->table;

    for (unsigned c = 0x2E80; c < UNITS; c++) {
        const uint16_t anchor = table->anchor[c];
        struct sort_weight weight = places->of[anchor];

        if (!table->done[c] || !weight.script) continue;
        weight.diacritic += table->weights[c].diacritic - table->weights[anchor].diacritic;
        weight.casing = table->weights[c].casing;
        add_exception(tailoring, c, weight);
    }
}

static struct places *no_places(void)
{
    struct places *places = calloc(1, sizeof *places);

    if (!places) die("out of memory");
    return places;
}

// The order of code page 932; characters that it lacks have none.
static bool in_code_page_932(UConverter *converter, uint16_t c, unsigned *code)
{
    UErrorCode error = U_ZERO_ERROR;
    const UChar text = c;
    char bytes[8];
    int32_t n = ucnv_fromUChars(converter, bytes, sizeof bytes, &text, 1, &error);

    if (U_FAILURE(error) || n != 2) return false;
    *code = (uint8_t)bytes[0] << 8 | (uint8_t)bytes[1];
    return *code != 0xFCFC; // what the converter writes for characters that it lacks
}

struct ranked {
    uint16_t character;
    unsigned rank;
};

static int compare_ranks(const void *first, const void *second)
{
    const struct ranked *a = first, *b = second;

    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->character - b->character;
}

static void rank_japanese(struct ranked *han, unsigned n)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open("ibm-943_P15A-2003", &error);

    if (U_FAILURE(error)) die("code page 932: %s", u_errorName(error));
    for (unsigned i = 0; i < n; i++) {
        unsigned code;
        han[i].rank = in_code_page_932(converter, han[i].character, &code) ? code : 0x10000;
    }
    ucnv_close(converter);
}

static void rank_by_collator(UCollator *collator, struct ranked *han, unsigned n)
{
    unsigned rank_of[UNITS] = {0};
    struct order order = make_order(collator, is_unified);

    for (unsigned i = 0; i < order.n; i++) rank_of[order.characters[i].character] = i;
    for (unsigned i = 0; i < n; i++) han[i].rank = rank_of[han[i].character];
    free_order(&order);
}

void tailor_han(struct tailoring *tailoring, const char *name)
{
    struct ranked han[0xA000 - 0x4E00];
    const unsigned n = sizeof han / sizeof *han;
    struct places *places = no_places();

    for (unsigned i = 0; i < n; i++) han[i].character = 0x4E00 + i;
    if (!strcmp(name, "ja"))
        rank_japanese(han, n);
    else
        rank_by_collator(tailoring->collator, han, n);
    qsort(han, n, sizeof *han, compare_ranks);
    swap_hangul_and_han(tailoring);
    for (unsigned i = 0; i < n; i++)
        places->of[han[i].character] =
            (struct sort_weight){SORT_HANGUL + i / 254, 2 + i % 254, SORT_WEIGHT_MIN, 0};
    move_characters(tailoring, places);
    free(places);
}

static bool is_korean(uint16_t c)
{
    return is_unified(c) || (c >= 0xAC00 && c <= 0xD7A3);
}

// ICU has the ideographs of KS X 1001 right behind their syllables; what it has far behind has no reading.
void tailor_korean(struct tailoring *tailoring)
{
    UErrorCode error = U_ZERO_ERROR;
    USet *tailored = ucol_getTailoredSet(tailoring->collator, &error);
    struct order order = make_order(tailoring->collator, is_korean);
    struct places *places = no_places();
    uint16_t syllable = 0;
    unsigned behind = 0;

    if (U_FAILURE(error)) die("tailoring of Korean: %s", u_errorName(error));
    swap_hangul_and_han(tailoring);
    for (unsigned i = 0; i < order.n; i++) {
        const uint16_t c = order.characters[i].character;
        if (!is_unified(c)) {
            syllable = c;
            behind = 0;
        } else if (syllable && uset_contains(tailored, c)) {
            places->of[c] = tailoring->table->weights[syllable];
            places->of[c].script += HAN_SCRIPTS;
            places->of[c].diacritic = 0x40 + behind++;
        }
    }
    move_characters(tailoring, places);
    free(places);
    free_order(&order);
    uset_close(tailored);
}
