// The locales that nlsgen writes.
#ifndef LOWLAND_NLSGEN_LOCALE_H
#define LOWLAND_NLSGEN_LOCALE_H

#include "nlsgen.h"

// locale_facts.c: what ICU lacks, one entry per locale. A language without a region means its first entry
// here.
struct locale_facts {
    const char *name;         // "en-US"
    uint16_t id;              // its LCID
    const char *abbreviation; // LOCALE_SABBREVLANGNAME
    uint16_t ansi_code_page, oem_code_page;
    uint16_t country_code, geo_id;
};

extern const struct locale_facts locale_facts[];
extern const unsigned locale_facts_n;

#endif
