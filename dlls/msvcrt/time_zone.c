/* The time zone: from TZ or from the system, and when daylight saving time is in force. */
#include "crt_time.h"

enum { NAME_SIZE = 64 };
static char standard_name[NAME_SIZE] = "PST", daylight_name[NAME_SIZE] = "PDT";
char *_tzname[2] = {standard_name, daylight_name};
long _timezone = 28800, _dstbias = -3600;
int _daylight = 1;

static TIME_ZONE_INFORMATION system_zone;
static bool have_system_rules, initialised;

static const char *read_offset(const char *p, long *seconds)
{
    long unit = 3600, total = 0;
    bool negative = false;

    if (*p == '+' || *p == '-') negative = *p++ == '-';
    for (;;) {
        long n = 0;
        while (*p >= '0' && *p <= '9') n = n * 10 + (*p++ - '0');
        total += n * unit;
        if (*p != ':' || unit == 1) break;
        unit /= 60;
        p++;
    }
    *seconds = negative ? -total : total;
    return p;
}

/* TZ is "NAME[+-]h[:m[:s]][DST]": three letters each; the rules are those of the United States then. */
static void from_variable(const char *tz)
{
    size_t n;

    have_system_rules = false;
    for (n = 0; n < 3 && tz[n]; n++) standard_name[n] = tz[n];
    standard_name[n] = 0;
    tz = read_offset(tz + n, &_timezone);
    _daylight = (unsigned char)*tz; /* Windows leaves the letter here */
    for (n = 0; n < 3 && tz[n]; n++) daylight_name[n] = tz[n];
    daylight_name[n] = 0;
}

static void name_of(char *out, const wchar_t *name)
{
    BOOL lossy = FALSE;

    if (!WideCharToMultiByte(CP_ACP, 0, name, -1, out, NAME_SIZE - 1, NULL, &lossy) || lossy) *out = 0;
}

static void from_system(void)
{
    if (GetTimeZoneInformation(&system_zone) == TIME_ZONE_ID_INVALID) return;
    have_system_rules = true;
    _timezone = system_zone.Bias * 60;
    if (system_zone.StandardDate.wMonth) _timezone += system_zone.StandardBias * 60;
    if (system_zone.DaylightDate.wMonth && system_zone.DaylightBias) {
        _daylight = 1;
        _dstbias = (system_zone.DaylightBias - system_zone.StandardBias) * 60;
    } else {
        _daylight = 0;
        _dstbias = 0;
    }
    name_of(standard_name, system_zone.StandardName);
    name_of(daylight_name, system_zone.DaylightName);
}

void EXPORT _tzset(void)
{
    const char *tz = getenv("TZ");

    _lock(LOCK_TIME);
    if (tz && *tz)
        from_variable(tz);
    else
        from_system();
    _unlock(LOCK_TIME);
}

/* The first conversion reads the zone, whatever _tzset was told before; later only _tzset does. */
void zone_init(void)
{
    if (initialised) return;
    initialised = true;
    _tzset();
}

/* The instant of a rule in YEAR, as seconds from the year's begin in local time. */
static __int64 rule_instant(const SYSTEMTIME *rule, int year)
{
    __int64 start = days_from_civil(year, 0), first = days_from_civil(year, rule->wMonth - 1);
    int day, month_days = days_from_civil(year, rule->wMonth) - first;

    if (rule->wYear) {
        day = rule->wDay - 1;
    } else { /* the wDay-th wDayOfWeek of the month, 5: the last */
        int weekday = (first % 7 + 7 + 4) % 7;
        day = (rule->wDayOfWeek - weekday + 7) % 7 + (rule->wDay - 1) * 7;
        while (day >= month_days) day -= 7;
    }
    return (first + day - start) * DAY_SECONDS + rule->wHour * 3600 + rule->wMinute * 60 + rule->wSecond;
}

/* Is LOCAL, in standard time, within daylight saving time? */
bool zone_is_daylight(const tm *local)
{
    static const SYSTEMTIME us_begin = {.wMonth = 3, .wDayOfWeek = 0, .wDay = 2, .wHour = 2};
    static const SYSTEMTIME us_end = {.wMonth = 11, .wDayOfWeek = 0, .wDay = 1, .wHour = 2};
    const SYSTEMTIME *begin = have_system_rules ? &system_zone.DaylightDate : &us_begin;
    const SYSTEMTIME *end = have_system_rules ? &system_zone.StandardDate : &us_end;
    __int64 now, from, to;

    if (!_daylight) return false;
    if (have_system_rules && (!begin->wMonth || !end->wMonth)) return false;
    now = local->tm_yday * (__int64)DAY_SECONDS + local->tm_hour * 3600 + local->tm_min * 60 + local->tm_sec;
    from = rule_instant(begin, local->tm_year + 1900);
    to = rule_instant(end, local->tm_year + 1900) + _dstbias; /* its clock time is daylight time */
    return from < to ? now >= from && now < to : now >= from || now < to;
}

long *EXPORT __p__timezone(void)
{
    return &_timezone;
}
long *EXPORT __p__dstbias(void)
{
    return &_dstbias;
}
int *EXPORT __p__daylight(void)
{
    return &_daylight;
}
char **EXPORT __p__tzname(void)
{
    return _tzname;
}

errno_t EXPORT _get_timezone(long *value)
{
    REQUIRE(value, EINVAL, EINVAL);
    *value = _timezone;
    return 0;
}

errno_t EXPORT _get_daylight(int *value)
{
    REQUIRE(value, EINVAL, EINVAL);
    *value = _daylight;
    return 0;
}

errno_t EXPORT _get_dstbias(long *value)
{
    REQUIRE(value, EINVAL, EINVAL);
    *value = _dstbias;
    return 0;
}

errno_t EXPORT _get_tzname(size_t *length, char *out, size_t size, int index)
{
    size_t need;

    REQUIRE(length && (out || !size) && (index == 0 || index == 1), EINVAL, EINVAL);
    need = strlen(_tzname[index]) + 1;
    *length = need;
    if (!out) return 0;
    if (need > size) return ERANGE;
    memcpy(out, _tzname[index], need);
    return 0;
}
