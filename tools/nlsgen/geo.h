// The places that nlsgen writes.
#ifndef LOWLAND_NLSGEN_GEO_H
#define LOWLAND_NLSGEN_GEO_H

#include "nlsgen.h"

// geo_facts.c: what ICU lacks.
struct geo_nation_facts {
    uint32_t id;
    char iso2[3];
    uint32_t parent;
};

extern const struct geo_nation_facts geo_nation_facts[];
extern const unsigned geo_nation_facts_n;

struct geo_region_facts {
    uint32_t id;
    const char *iso2; // NULL: none
    uint16_t un_number;
    uint32_t parent;
    const char *name;
};

extern const struct geo_region_facts geo_region_facts[];
extern const unsigned geo_region_facts_n;

#endif
