// Languages that sort otherwise: ICU's tailorings, as exceptions to the weights of all.
#include "locale.h"
#include "sort.h"
#include "sort_tailoring.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uset.h>

// The collation that ICU knows under another name than the locale's language.
static const struct {
    const char *locale, *collator;
} collators[] = {
    {"zh-CN", "zh@collation=pinyin"},
    {"zh-SG", "zh@collation=pinyin"},
    {"zh-MO", "zh@collation=pinyin"},
    {"zh-TW", "zh@collation=stroke"},
    {"zh-HK", "zh@collation=stroke"},
    {"zh-CN_stroke", "zh@collation=stroke"},
    {"zh-SG_stroke", "zh@collation=stroke"},
    {"zh-MO_stroke", "zh@collation=stroke"},
    {"zh-TW_pronun", "zh@collation=zhuyin"},
    {"de-DE_phoneb", "de@collation=phonebook"},
    {"zh-TW_radstr", "zh@collation=unihan"},
    {"zh-HK_radstr", "zh@collation=unihan"},
    {"zh-MO_radstr", "zh@collation=unihan"},
    {"ja-JP_radstr", "ja@collation=unihan"},
    {"es-ES_tradnl", "es@collation=traditional"},
};

static void collator_name(const char *locale, char *name, size_t size)
{
    char *region;

    for (size_t i = 0; i < sizeof collators / sizeof *collators; i++)
        if (!strcmp(collators[i].locale, locale)) {
            snprintf(name, size, "%s", collators[i].collator);
            return;
        }
    snprintf(name, size, "%s", locale);
    region = strrchr(name, '-'); // which decides nothing, unlike a script
    if (region) *region = 0;
    for (char *p = name; *p; p++)
        if (*p == '-') *p = '_';
}

static void make_collation(const struct sort_table *table, const char *name, bool leave_i,
                           struct tailoring *tailoring)
{
    *tailoring = (struct tailoring){.table = table, .collator = open_collator(name), .leave_i = leave_i};
    tailoring->collation.reversed_diacritics = !strcmp(name, "fr");
    if (!strncmp(name, "ko", 2))
        tailor_korean(tailoring);
    else if (!strncmp(name, "ja", 2) || !strncmp(name, "zh", 2))
        tailor_han(tailoring, name);
    else
        tailor_letters(tailoring);
    ucol_close(tailoring->collator);
}

static void write_tailoring(struct tailoring *tailoring, struct words *file)
{
    tailoring->collation.exceptions_at = file->n;
    words_append(file, (const uint16_t *)tailoring->exceptions,
                 tailoring->collation.exceptions_n * sizeof *tailoring->exceptions / sizeof(uint16_t));
    tailoring->collation.contractions_at = file->n;
    words_append(file, (const uint16_t *)tailoring->contractions,
                 tailoring->collation.contractions_n * sizeof *tailoring->contractions / sizeof(uint16_t));
}

struct collations {
    char names[200][64];
    struct sort_collation made[200];
    unsigned n;
    struct sort_locale locales[500];
    unsigned locales_n;
};

// The number of a collation, made if it is new.
static unsigned collation_number(struct collations *collations, const struct sort_table *table,
                                 struct words *file, const char *name, bool leave_i)
{
    struct tailoring tailoring;
    char key[64];
    unsigned i = 0;

    snprintf(key, sizeof key, "%.60s%s", name, leave_i ? "/i" : "");
    while (i < collations->n && strcmp(collations->names[i], key) != 0) i++;
    if (i < collations->n) return i;
    make_collation(table, name, leave_i, &tailoring);
    write_tailoring(&tailoring, file);
    strcpy(collations->names[i], key);
    collations->made[i] = tailoring.collation;
    collations->n++;
    free(tailoring.exceptions);
    free(tailoring.contractions);
    return i;
}

static void add_locale(struct collations *collations, const struct sort_table *table, struct words *file,
                       const char *locale, uint32_t id)
{
    char name[64];
    bool dotless_i;
    unsigned plain;
    const struct sort_collation *made;

    collator_name(locale, name, sizeof name);
    dotless_i = !strcmp(name, "tr") || !strcmp(name, "az_Latn");
    plain = collation_number(collations, table, file, name, dotless_i);
    made = &collations->made[plain];
    if (!made->exceptions_n && !made->contractions_n && !made->reversed_diacritics) return;
    collations->locales[collations->locales_n++] = (struct sort_locale){
        id, plain, dotless_i ? collation_number(collations, table, file, name, false) : plain};
}

void write_collations(const struct sort_table *table, struct words *file, struct sort_header *header)
{
    struct collations *collations = calloc(1, sizeof *collations);

    if (!collations) die("out of memory");
    if (file->n % 2) words_add(file, 0);
    for (unsigned i = 0; i < locale_facts_n; i++)
        add_locale(collations, table, file, locale_facts[i].name, locale_facts[i].id);
    for (unsigned i = 0; i < locale_alias_facts_n; i++)
        if (locale_alias_facts[i].sort)
            add_locale(collations, table, file, locale_alias_facts[i].name,
                       locale_alias_facts[i].id | (uint32_t)locale_alias_facts[i].sort << 16);
    if (file->n % 2) words_add(file, 0);
    header->locales_at = file->n;
    header->locales_n = collations->locales_n;
    words_append(file, (const uint16_t *)collations->locales,
                 collations->locales_n * sizeof *collations->locales / sizeof(uint16_t));
    header->collations_at = file->n;
    words_append(file, (const uint16_t *)collations->made,
                 collations->n * sizeof *collations->made / sizeof(uint16_t));
    free(collations);
}
