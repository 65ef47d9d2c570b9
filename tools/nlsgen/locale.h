// The locales that nlsgen writes.
#ifndef LOWLAND_NLSGEN_LOCALE_H
#define LOWLAND_NLSGEN_LOCALE_H

#include "nlsgen.h"

// locale_facts.c: what ICU lacks, one entry per locale. A language without a region means its first entry
// here, unless locale_alias_facts says otherwise.
struct locale_facts {
    const char *name;         // "en-US"
    uint16_t id;              // its LCID
    const char *abbreviation; // LOCALE_SABBREVLANGNAME
    uint16_t ansi_code_page, oem_code_page;
    uint16_t country_code, geo_id;
};

extern const struct locale_facts locale_facts[];
extern const unsigned locale_facts_n;

// A further name and number of a locale: of a language (sort 0) or of another sort order.
struct locale_alias_facts {
    const char *name;
    uint16_t id, sort;
    const char *locale;
};

extern const struct locale_alias_facts locale_alias_facts[];
extern const unsigned locale_alias_facts_n;

#endif
