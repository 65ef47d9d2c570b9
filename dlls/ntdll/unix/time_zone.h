// The host's time zone in Windows' terms.
#ifndef LOWLAND_TIME_ZONE_H
#define LOWLAND_TIME_ZONE_H

#include "guest_types.h"
#include <stdint.h>

// Fills a zone from TZ or /etc/localtime: bias, and the rules of the current year's daylight saving time.
void time_zone_get(DYNAMIC_TIME_ZONE_INFORMATION32 *zone);

// Minutes that UTC is ahead of local time now, and which half of the year it is: 0 no daylight saving time, 1
// standard, 2 daylight.
int32_t time_zone_bias_now(uint32_t *id);

// Windows' name of an IANA time zone, NULL for one without.
const char *time_zone_windows_name(const char *iana);

#endif
