// Dates and times as the user's locale writes them.
#ifndef CMD_CLOCK_H
#define CMD_CLOCK_H
#include "text.h"

// %DATE% and %TIME%: "Tue 03/05/2024" and " 9:05:07.25". In the region.
const WCHAR *clock_date(void);
const WCHAR *clock_time(void);
// The date and time of a file, in local time: "03/05/2024  09:05 AM".
const WCHAR *clock_stamp(const FILETIME *time, const WCHAR *between);

#endif
