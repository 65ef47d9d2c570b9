// The order in which a collator of ICU sorts characters.
#include "sort.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

UCollator *open_collator(const char *locale)
{
    UErrorCode error = U_ZERO_ERROR;
    UCollator *collator = ucol_open(locale, &error);

    if (U_FAILURE(error)) die("collator of %s: %s", locale, u_errorName(error));
    ucol_setAttribute(collator, UCOL_ALTERNATE_HANDLING, UCOL_NON_IGNORABLE, &error);
    ucol_setAttribute(collator, UCOL_NORMALIZATION_MODE, UCOL_ON, &error);
    ucol_setStrength(collator, UCOL_TERTIARY);
    if (U_FAILURE(error)) die("collator of %s: %s", locale, u_errorName(error));
    return collator;
}

static uint8_t *copy(const uint8_t *bytes, size_t n)
{
    uint8_t *result = malloc(n + 1);

    if (!result) die("out of memory");
    memcpy(result, bytes, n);
    return result;
}

struct order_key order_key(UCollator *collator, const UChar *text, int32_t length)
{
    uint8_t bytes[512];
    int32_t n = ucol_getSortKey(collator, text, length, bytes, sizeof bytes);
    const uint8_t *end;
    struct order_key key;

    if (n <= 0 || n > (int32_t)sizeof bytes) die("a sort key of %d bytes", (int)n);
    end = memchr(bytes, 1, n); // the levels are separated by 1
    if (!end) end = bytes + n - 1;
    key.primary_n = end - bytes;
    key.primary = copy(bytes, key.primary_n);
    key.rest_n = n - key.primary_n;
    key.rest = copy(end, key.rest_n);
    return key;
}

void free_order_key(struct order_key *key)
{
    free(key->primary);
    free(key->rest);
}

static int compare_bytes(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n)
{
    int result = memcmp(a, b, a_n < b_n ? a_n : b_n);

    return result ? result : (a_n > b_n) - (a_n < b_n);
}

int compare_primary(const struct order_key *a, const struct order_key *b)
{
    return compare_bytes(a->primary, a->primary_n, b->primary, b->primary_n);
}

static int compare_characters(const void *first, const void *second)
{
    const struct ordered_character *a = first, *b = second;
    int result = compare_primary(&a->key, &b->key);

    if (!result) result = compare_bytes(a->key.rest, a->key.rest_n, b->key.rest, b->key.rest_n);
    return result ? result : a->character - b->character;
}

struct order make_order(UCollator *collator, bool (*wanted)(uint16_t c))
{
    struct order order = {calloc(UNITS, sizeof *order.characters), 0};

    if (!order.characters) die("out of memory");
    for (unsigned c = 1; c < UNITS; c++) {
        UChar text = c;
        struct order_key key;

        if (U_IS_SURROGATE(c) || u_charType(c) == U_UNASSIGNED || !wanted(c)) continue;
        key = order_key(collator, &text, 1);
        if (key.primary_n)
            order.characters[order.n++] = (struct ordered_character){c, key};
        else
            free_order_key(&key);
    }
    qsort(order.characters, order.n, sizeof *order.characters, compare_characters);
    return order;
}

void free_order(struct order *order)
{
    for (unsigned i = 0; i < order->n; i++) free_order_key(&order->characters[i].key);
    free(order->characters);
}
