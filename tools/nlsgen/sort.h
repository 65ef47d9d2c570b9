// What the parts of nlsgen that lay out sort.nls share.
#ifndef LOWLAND_NLSGEN_SORT_H
#define LOWLAND_NLSGEN_SORT_H

#include "nlsgen.h"
#include "dlls/kernelbase/sort_record.h"
#include <unicode/ucol.h>
#include <unicode/utypes.h>

#define UNITS 0x10000 // UTF-16 units, which are what has weights

struct sort_table {
    struct sort_weight weights[UNITS];
    bool done[UNITS];
    uint16_t anchor[UNITS];  // whose primary weight a character shares; its own number: nobody's
    struct words expansions; // their characters, each with a NUL behind
    uint16_t expansion_starts[0x4000];
    unsigned expansions_n;
};

// sort_order.c: the order of a collator of ICU, as keys of which the levels are apart.
struct order_key {
    uint8_t *primary;
    uint16_t primary_n, rest_n; // rest: the bytes of the weaker levels
    uint8_t *rest;
};

UCollator *open_collator(const char *locale);
struct order_key order_key(UCollator *collator, const UChar *text, int32_t length);
int compare_primary(const struct order_key *a, const struct order_key *b);
void free_order_key(struct order_key *key);

// The keys of all characters that sort, ordered. Characters that weigh nothing at the first level are left
// out.
struct ordered_character {
    uint16_t character;
    struct order_key key;
};

struct order {
    struct ordered_character *characters;
    unsigned n;
};

struct order make_order(UCollator *collator, bool (*wanted)(uint16_t c));
void free_order(struct order *order);

// sort_marks.c: what a combining mark adds to the diacritic weight, and what "WITH ..." in a name means.
unsigned mark_weight(uint16_t c);
unsigned named_diacritic(const char *with);

// sort_hangul.c, sort_kana.c, sort_symbols.c, sort_letters.c, sort_numbers.c: the weights of one kind of
// characters that aren't derived from others. sort_weights.c derives the rest.
void weigh_hangul(struct sort_table *table);
void weigh_kana(struct sort_table *table);
void weigh_symbols(struct sort_table *table);
void weigh_numbers(struct sort_table *table);
void weigh_letters(struct sort_table *table);

// sort_weights.c
void weigh_all(struct sort_table *table);
void set_weight(struct sort_table *table, uint16_t c, struct sort_weight weight);
// The weight of a character that is derived from another's: by its case, its decomposition or its name.
// False: it isn't.
bool derive_weight(struct sort_table *table, uint16_t c);
bool is_plain_letter(uint16_t c); // a letter that no other one leads to

// sort_locales.c: languages that sort otherwise.
void write_collations(const struct sort_table *table, struct words *file, struct sort_header *header);

void words_set32(struct words *file, size_t at, uint32_t value);
void words_add32(struct words *file, uint32_t value);

#endif
