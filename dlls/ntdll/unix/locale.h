// The host's locale as Windows numbers: LCID and the code pages that belong to the language.
#ifndef LOWLAND_LOCALE_H
#define LOWLAND_LOCALE_H

#include <stdint.h>

struct host_locale {
    const char *name; // "de_DE", or "de" for all of a language
    uint32_t lcid;
    uint16_t ansi, oem;
};

// What LC_ALL, LC_CTYPE or LANG say; en_US (1033, 1252, 437) for C, POSIX and what isn't known. Any thread.
const struct host_locale *host_locale(void);

// The GeoID that locale.nls has for a locale; 244, the United States, for one that it lacks, or when it can't
// be read. Any thread.
uint32_t locale_geo_id(uint32_t lcid);

#endif
