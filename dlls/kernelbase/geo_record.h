// What geo.nls holds: nations and regions by ascending GeoID. tools/nlsgen writes the file, kernelbase reads
// it where it is mapped. The file: how many there are as two words, the records, the texts.
#ifndef LOWLAND_KERNELBASE_GEO_RECORD_H
#define LOWLAND_KERNELBASE_GEO_RECORD_H

#include <stdint.h>

enum { GEO_HEADER_WORDS = 2 };

struct geo_record {
    uint32_t id, parent; // GeoIDs
    uint16_t is_nation;
    uint16_t un_number; // 0: none
    uint16_t iso2[3];   // with a NUL; "XX" where there is none
    uint16_t iso3[4];
    uint16_t currency[4];     // ISO 4217; empty for regions
    uint16_t currency_symbol; // where the text is, from the start of the file in words
    uint16_t name;            // in English
    uint16_t unused;
};

#endif
