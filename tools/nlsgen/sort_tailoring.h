// One collation's exceptions while they are collected.
#ifndef LOWLAND_NLSGEN_SORT_TAILORING_H
#define LOWLAND_NLSGEN_SORT_TAILORING_H

#include "sort.h"

struct tailoring {
    const struct sort_table *table;
    UCollator *collator;
    bool leave_i; // without the dotless i, which Windows tells apart only under NORM_LINGUISTIC_CASING
    struct sort_collation collation;
    struct sort_exception *exceptions; // ordered by character when done
    struct sort_contraction *contractions;
};

void add_exception(struct tailoring *tailoring, uint16_t c, struct sort_weight weight);

// sort_tailor_letters.c: letters between others, marks in another order, letters that are two.
void tailor_letters(struct tailoring *tailoring);

// sort_tailor_han.c: Han in the order of a Chinese or Japanese collation, before Hangul.
void tailor_han(struct tailoring *tailoring, const char *name);
// Han behind the Hangul that they are read as.
void tailor_korean(struct tailoring *tailoring);

#endif
