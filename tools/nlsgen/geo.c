// geo.nls: nations and regions (dlls/kernelbase/geo_record.h), from ICU's data and geo_facts.c.
#include "geo.h"
#include "dlls/kernelbase/geo_record.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucurr.h>
#include <unicode/uloc.h>
#include <unicode/uregion.h>
#include <unicode/ustring.h>

static void copy_ascii(uint16_t *target, const char *text)
{
    while ((*target++ = (unsigned char)*text++)) continue;
}

static uint16_t add_text(struct words *texts, size_t before, const UChar *text)
{
    const size_t at = before + texts->n;

    if (at > UINT16_MAX) die("geo.nls: more text than 16-bit offsets reach");
    words_append(texts, (const uint16_t *)text, u_strlen(text) + 1);
    return at;
}

static void describe_nation(const struct geo_nation_facts *facts, struct geo_record *record,
                            struct words *texts, size_t before)
{
    UErrorCode error = U_ZERO_ERROR;
    char locale[10];
    UChar text[100], code[4] = {0};
    const URegion *region = uregion_getRegionFromCode(facts->iso2, &error);
    UBool chosen;
    int32_t length;

    if (U_FAILURE(error)) die("region %s: %s", facts->iso2, u_errorName(error));
    snprintf(locale, sizeof locale, "und_%s", facts->iso2);
    *record = (struct geo_record){.id = facts->id, .parent = facts->parent, .is_nation = 1};
    record->un_number = uregion_getNumericCode(region);
    copy_ascii(record->iso2, facts->iso2);
    copy_ascii(record->iso3, uloc_getISO3Country(locale));
    uloc_getDisplayCountry(locale, "en", text, 100, &error);
    if (U_FAILURE(error)) die("the name of %s: %s", facts->iso2, u_errorName(error));
    record->name = add_text(texts, before, text);
    ucurr_forLocale(locale, code, 4, &error);
    if (U_FAILURE(error)) { // Antarctica has none
        record->currency_symbol = add_text(texts, before, code);
        return;
    }
    u_memcpy(record->currency, code, 4);
    record->currency_symbol = add_text(
        texts, before, ucurr_getName(code, locale, UCURR_NARROW_SYMBOL_NAME, &chosen, &length, &error));
}

static void describe_region(const struct geo_region_facts *facts, struct geo_record *record,
                            struct words *texts, size_t before)
{
    UChar text[100];

    *record = (struct geo_record){.id = facts->id, .parent = facts->parent, .un_number = facts->un_number};
    copy_ascii(record->iso2, facts->iso2 ? facts->iso2 : "XX");
    copy_ascii(record->iso3, facts->iso2 ? "ANT" : "XXX");
    u_uastrcpy(text, facts->name);
    record->name = add_text(texts, before, text);
    text[0] = 0;
    record->currency_symbol = add_text(texts, before, text);
}

static int compare_records(const void *first, const void *second)
{
    const uint32_t a = ((const struct geo_record *)first)->id, b = ((const struct geo_record *)second)->id;

    return (a > b) - (a < b);
}

void write_places(const char *directory)
{
    const unsigned n = geo_nation_facts_n + geo_region_facts_n;
    struct geo_record *records = calloc(n, sizeof *records);
    const size_t before = GEO_HEADER_WORDS + n * sizeof *records / sizeof(uint16_t);
    struct words texts = {0}, file = {0};

    if (!records) die("out of memory");
    for (unsigned i = 0; i < geo_nation_facts_n; i++)
        describe_nation(&geo_nation_facts[i], &records[i], &texts, before);
    for (unsigned i = 0; i < geo_region_facts_n; i++)
        describe_region(&geo_region_facts[i], &records[geo_nation_facts_n + i], &texts, before);
    qsort(records, n, sizeof *records, compare_records);
    words_append(&file, (uint16_t[]){n, 0}, GEO_HEADER_WORDS);
    words_append(&file, (const uint16_t *)records, n * sizeof *records / sizeof(uint16_t));
    words_append(&file, texts.data, texts.n);
    words_write(&file, directory, "geo.nls");
    free(file.data);
    free(texts.data);
    free(records);
}
