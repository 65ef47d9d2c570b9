/* Calendar time: the clock, conversion both ways, and the fixed text forms. */
#include "crt_time.h"

/* Days from 1970-01-01 to the first of a month (0…11; others carry into the year). */
__int64 days_from_civil(__int64 year, int month)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    __int64 previous;
    bool leap;

    year += month / 12;
    month %= 12;
    if (month < 0) month += 12, year--;
    previous = year - 1;
    leap = year % 4 == 0 && (year % 100 || year % 400 == 0);
    return previous * 365 + previous / 4 - previous / 100 + previous / 400 - 719162 + before[month] +
           (leap && month > 1);
}

/* UTC; false when out of what the runtime shows. */
static bool calendar_from_time(tm *out, __int64 time)
{
    __int64 days = time / DAY_SECONDS;
    int rest = time % DAY_SECONDS, year, month = 0;

    if (rest < 0) rest += DAY_SECONDS, days--;
    year = 1970 + days / 366;
    while (days_from_civil(year + 1, 0) <= days) year++;
    while (days_from_civil(year, 0) > days) year--;
    out->tm_yday = days - days_from_civil(year, 0);
    while (month < 11 && days_from_civil(year, month + 1) <= days) month++;
    out->tm_year = year - 1900;
    out->tm_mon = month;
    out->tm_mday = days - days_from_civil(year, month) + 1;
    out->tm_wday = (int)((days % 7 + 11) % 7);
    out->tm_hour = rest / 3600;
    out->tm_min = rest / 60 % 60;
    out->tm_sec = rest % 60;
    out->tm_isdst = 0;
    return true;
}

static errno_t to_utc(tm *out, const __int64 *time, __int64 most)
{
    if (out && (!time || *time < TIME_MIN || *time > most)) memset(out, -1, sizeof(*out));
    REQUIRE(out && time, EINVAL, EINVAL);
    if (*time < TIME_MIN || *time > most) return errno = EINVAL;
    calendar_from_time(out, *time);
    return 0;
}

static errno_t to_local(tm *out, const __int64 *time, __int64 most)
{
    if (out && (!time || *time < 0 || *time > most)) memset(out, -1, sizeof(*out));
    REQUIRE(out && time, EINVAL, EINVAL);
    if (*time < 0 || *time > most) return errno = EINVAL;
    zone_init();
    calendar_from_time(out, *time - _timezone);
    if (zone_is_daylight(out)) {
        calendar_from_time(out, *time - _timezone - _dstbias);
        out->tm_isdst = 1;
    }
    return 0;
}

errno_t EXPORT _gmtime64_s(tm *out, const __int64 *time)
{
    return to_utc(out, time, GMTIME_MAX);
}

errno_t EXPORT _gmtime32_s(tm *out, const int *time)
{
    __int64 wide = time ? *time : 0;

    /* The narrow form has no day before 1970: hours below zero stand for it. */
    if (out && time && wide < 0 && wide >= TIME_MIN) {
        memset(out, 0, sizeof(*out));
        out->tm_year = 70;
        out->tm_mday = 1;
        out->tm_wday = 4;
        out->tm_hour = wide / 3600;
        out->tm_min = wide / 60 % 60;
        out->tm_sec = wide % 60;
        if (wide == -1) {
            memset(out, -1, sizeof(*out));
            return errno = EINVAL;
        }
        return 0;
    }
    return to_utc(out, time ? &wide : NULL, TIME_MAX_32);
}

errno_t EXPORT _localtime64_s(tm *out, const __int64 *time)
{
    return to_local(out, time, TIME_MAX_64 - 28800);
}

errno_t EXPORT _localtime32_s(tm *out, const int *time)
{
    __int64 wide = time ? *time : 0;
    return to_local(out, time ? &wide : NULL, TIME_MAX_32);
}

tm *EXPORT _gmtime64(const __int64 *time)
{
    tm *out = &thread_data()->time;
    return _gmtime64_s(out, time) ? NULL : out;
}

tm *EXPORT _gmtime32(const int *time)
{
    tm *out = &thread_data()->time;
    return _gmtime32_s(out, time) ? NULL : out;
}

tm *EXPORT _localtime64(const __int64 *time)
{
    tm *out = &thread_data()->time;
    return _localtime64_s(out, time) ? NULL : out;
}

tm *EXPORT _localtime32(const int *time)
{
    tm *out = &thread_data()->time;
    return _localtime32_s(out, time) ? NULL : out;
}

tm *EXPORT gmtime(const int *time)
{
    return _gmtime32(time);
}
tm *EXPORT localtime(const int *time)
{
    return _localtime32(time);
}

static __int64 seconds_of(const tm *in)
{
    return (days_from_civil(in->tm_year + 1900ll, in->tm_mon) + in->tm_mday - 1) * DAY_SECONDS +
           in->tm_hour * 3600ll + in->tm_min * 60ll + in->tm_sec;
}

static __int64 make_time(tm *in, __int64 most, bool utc)
{
    __int64 time;
    tm local;

    REQUIRE(in, EINVAL, -1);
    time = seconds_of(in);
    if (utc) {
        if (time < 0 || time > most) goto bad;
        calendar_from_time(in, time);
        return time;
    }
    zone_init();
    if (time < -2 * DAY_SECONDS || time > most + 2 * DAY_SECONDS) goto bad;
    calendar_from_time(&local, time);
    time += _timezone;
    /* Without the program's word on it, the hour that the change skips or repeats counts as standard time. */
    if (in->tm_isdst > 0 || (in->tm_isdst < 0 && zone_is_daylight(&local))) time += _dstbias;
    if (time < 0 || time > most) goto bad;
    to_local(in, &time, most);
    return time;
bad:
    errno = EINVAL;
    return -1;
}

__int64 EXPORT _mktime64(tm *in)
{
    return make_time(in, TIME_MAX_64 - 28800, false);
}
int EXPORT _mktime32(tm *in)
{
    return make_time(in, TIME_MAX_32, false);
}
int EXPORT mktime(tm *in)
{
    return _mktime32(in);
}
__int64 EXPORT _mkgmtime64(tm *in)
{
    return make_time(in, GMTIME_MAX, true);
}
int EXPORT _mkgmtime32(tm *in)
{
    return make_time(in, TIME_MAX_32, true);
}
int EXPORT _mkgmtime(tm *in)
{
    return _mkgmtime32(in);
}

/* ---- clocks ---- */

static __int64 system_time(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return ((__int64)now.dwHighDateTime << 32 | now.dwLowDateTime) - 116444736000000000ll;
}

__int64 EXPORT _time64(__int64 *out)
{
    __int64 now = system_time() / 10000000;
    if (out) *out = now;
    return now;
}

int EXPORT _time32(int *out)
{
    int now = _time64(NULL);
    if (out) *out = now;
    return now;
}

int EXPORT time(int *out)
{
    return _time32(out);
}
double EXPORT _difftime64(__int64 a, __int64 b)
{
    return a - b;
}
double EXPORT _difftime32(int a, int b)
{
    return (__int64)a - b;
}
double EXPORT difftime(int a, int b)
{
    return _difftime32(a, b);
}

/* Milliseconds of wall time since the process began, as Windows counts. */
long EXPORT clock(void)
{
    FILETIME created, other;
    __int64 begin;

    if (!GetProcessTimes(GetCurrentProcess(), &created, &other, &other, &other)) return -1;
    begin = ((__int64)created.dwHighDateTime << 32 | created.dwLowDateTime) - 116444736000000000ll;
    return (system_time() - begin) / 10000;
}

struct timeb32 {
    int time;
    unsigned short milliseconds;
    short zone, daylight;
};
struct timeb64 {
    __int64 time;
    unsigned short milliseconds;
    short zone, daylight;
};

errno_t EXPORT _ftime64_s(struct timeb64 *out)
{
    __int64 now;
    tm local;

    REQUIRE(out, EINVAL, EINVAL);
    now = system_time();
    zone_init();
    out->time = now / 10000000;
    out->milliseconds = now / 10000 % 1000;
    out->zone = _timezone / 60;
    out->daylight = !to_local(&local, &out->time, TIME_MAX_64) && local.tm_isdst;
    return 0;
}

errno_t EXPORT _ftime32_s(struct timeb32 *out)
{
    struct timeb64 wide;

    REQUIRE(out, EINVAL, EINVAL);
    _ftime64_s(&wide);
    out->time = wide.time;
    out->milliseconds = wide.milliseconds;
    out->zone = wide.zone;
    out->daylight = wide.daylight;
    return 0;
}

void EXPORT _ftime64(struct timeb64 *out)
{
    _ftime64_s(out);
}
void EXPORT _ftime32(struct timeb32 *out)
{
    _ftime32_s(out);
}
void EXPORT _ftime(struct timeb32 *out)
{
    _ftime32_s(out);
}
errno_t EXPORT _ftime_s(struct timeb32 *out)
{
    return _ftime32_s(out);
}

unsigned EXPORT _getsystime(tm *out)
{
    SYSTEMTIME now;

    GetLocalTime(&now);
    memset(out, 0, sizeof(*out));
    out->tm_year = now.wYear - 1900;
    out->tm_mon = now.wMonth - 1;
    out->tm_mday = now.wDay;
    out->tm_wday = now.wDayOfWeek;
    out->tm_hour = now.wHour;
    out->tm_min = now.wMinute;
    out->tm_sec = now.wSecond;
    out->tm_isdst = -1;
    mktime(&(tm){.tm_year = out->tm_year});
    return now.wMilliseconds;
}

unsigned EXPORT _setsystime(tm *in, unsigned milliseconds)
{
    SYSTEMTIME now = {in->tm_year + 1900, in->tm_mon + 1, in->tm_wday, in->tm_mday,
                      in->tm_hour,        in->tm_min,     in->tm_sec,  milliseconds};
    return SetLocalTime(&now) ? 0 : GetLastError();
}

/* ---- fixed text ---- */

static int month_days(const tm *in)
{
    return days_from_civil(in->tm_year + 1900ll, in->tm_mon + 1) -
           days_from_civil(in->tm_year + 1900ll, in->tm_mon);
}

static char *two_digits(char *p, int n)
{
    *p++ = '0' + n / 10;
    *p++ = '0' + n % 10;
    return p;
}

/* "Thu Jan 01 00:00:00 1970\n" */
static bool format_time(char *out, const tm *in)
{
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char *p = out;
    int year;

    if (!in || in->tm_wday < 0 || in->tm_wday > 6 || in->tm_mon < 0 || in->tm_mon > 11 || in->tm_year < 0 ||
        in->tm_mday < 1 || in->tm_mday > month_days(in) || in->tm_hour < 0 || in->tm_hour > 23 ||
        in->tm_min < 0 || in->tm_min > 59 || in->tm_sec < 0 || in->tm_sec > 59)
        return false;
    memcpy(p, days + in->tm_wday * 3, 3);
    p[3] = ' ';
    memcpy(p + 4, months + in->tm_mon * 3, 3);
    p[7] = ' ';
    p = two_digits(p + 8, in->tm_mday);
    *p++ = ' ';
    p = two_digits(p, in->tm_hour);
    *p++ = ':';
    p = two_digits(p, in->tm_min);
    *p++ = ':';
    p = two_digits(p, in->tm_sec);
    *p++ = ' ';
    year = in->tm_year + 1900;
    if (year > 9999) year = 10000; /* more than four digits do not fit: Windows shows ':' then */
    p = year >= 10000 ? (*p++ = ':', *p++ = '0', p) : two_digits(p, year / 100);
    p = two_digits(p, year % 100);
    *p++ = '\n';
    *p = 0;
    return true;
}

errno_t EXPORT asctime_s(char *out, size_t size, const tm *in)
{
    char text[27];

    REQUIRE(out && size, EINVAL, EINVAL);
    *out = 0;
    REQUIRE(size >= 26 && in, EINVAL, EINVAL);
    REQUIRE(format_time(text, in), EINVAL, EINVAL);
    memcpy(out, text, 26);
    return 0;
}

errno_t EXPORT _wasctime_s(wchar_t *out, size_t size, const tm *in)
{
    char text[27];

    REQUIRE(out && size, EINVAL, EINVAL);
    *out = 0;
    REQUIRE(size >= 26 && in, EINVAL, EINVAL);
    REQUIRE(format_time(text, in), EINVAL, EINVAL);
    for (int i = 0; i < 26; i++) out[i] = text[i];
    return 0;
}

char *EXPORT asctime(const tm *in)
{
    char *out = thread_data()->time_text;
    return asctime_s(out, 26, in) ? NULL : out;
}

wchar_t *EXPORT _wasctime(const tm *in)
{
    wchar_t *out = thread_data()->time_wide;
    return _wasctime_s(out, 26, in) ? NULL : out;
}

#define CTIME(name, secure, result_type, type, local, text)                                                  \
    result_type *EXPORT name(const type *time)                                                               \
    {                                                                                                        \
        tm *in;                                                                                              \
        REQUIRE(time, EINVAL, NULL);                                                                         \
        in = local(time);                                                                                    \
        return in ? text(in) : NULL;                                                                         \
    }                                                                                                        \
    errno_t EXPORT secure(result_type *out, size_t size, const type *time)                                   \
    {                                                                                                        \
        tm in;                                                                                               \
        errno_t error;                                                                                       \
        REQUIRE(out &&size, EINVAL, EINVAL);                                                                 \
        *out = 0;                                                                                            \
        REQUIRE(size >= 26 && time, EINVAL, EINVAL);                                                         \
        error = local##_s(&in, time);                                                                        \
        return error ? error : text##_s(out, size, &in);                                                     \
    }
CTIME(_ctime32, _ctime32_s, char, int, _localtime32, asctime)
CTIME(_ctime64, _ctime64_s, char, __int64, _localtime64, asctime)
CTIME(_wctime32, _wctime32_s, wchar_t, int, _localtime32, _wasctime)
CTIME(_wctime64, _wctime64_s, wchar_t, __int64, _localtime64, _wasctime)
char *EXPORT ctime(const int *time)
{
    return _ctime32(time);
}
wchar_t *EXPORT _wctime(const int *time)
{
    return _wctime32(time);
}

static void clock_text(char *out, bool date)
{
    SYSTEMTIME now;
    char *p = out;

    GetLocalTime(&now);
    p = two_digits(p, date ? now.wMonth : now.wHour);
    *p++ = date ? '/' : ':';
    p = two_digits(p, date ? now.wDay : now.wMinute);
    *p++ = date ? '/' : ':';
    p = two_digits(p, date ? now.wYear % 100 : now.wSecond);
    *p = 0;
}

#define CLOCK_TEXT(name, secure, type, date)                                                                 \
    errno_t EXPORT secure(type *out, size_t size)                                                            \
    {                                                                                                        \
        char text[9];                                                                                        \
        REQUIRE(out &&size, EINVAL, EINVAL);                                                                 \
        *out = 0;                                                                                            \
        REQUIRE(size >= 9, ERANGE, ERANGE);                                                                  \
        clock_text(text, date);                                                                              \
        for (int i = 0; i < 9; i++) out[i] = text[i];                                                        \
        return 0;                                                                                            \
    }                                                                                                        \
    type *EXPORT name(type *out)                                                                             \
    {                                                                                                        \
        return secure(out, 9) ? NULL : out;                                                                  \
    }
CLOCK_TEXT(_strdate, _strdate_s, char, true)
CLOCK_TEXT(_strtime, _strtime_s, char, false)
CLOCK_TEXT(_wstrdate, _wstrdate_s, wchar_t, true)
CLOCK_TEXT(_wstrtime, _wstrtime_s, wchar_t, false)
