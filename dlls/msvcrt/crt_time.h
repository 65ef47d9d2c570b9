/* Calendar time inside the runtime: seconds since 1970 in 64 bits, and the time zone. */
#pragma once

#include "msvcrt.h"

typedef struct tm_block tm;
#define TIME_MIN    (-43200ll)
#define TIME_MAX_64 32535244799ll /* 3000-12-31 23:59:59 and what zones may add: 8 hours */
#define GMTIME_MAX  32535291599ll /* 3001-01-01 20:59:59 */
#define TIME_MAX_32 0x7FFFFFFFll
#define DAY_SECONDS 86400

__int64 days_from_civil(__int64 year, int month);
bool zone_is_daylight(const tm *local);
void zone_init(void);
extern long _timezone, _dstbias;
extern int _daylight;
extern char *_tzname[2];
