// Conversions between FILETIME, SYSTEMTIME and DOS times: arithmetic of the proleptic Gregorian calendar.
#include "base.h"

#define TICKS_PER_SECOND 10000000ll
#define TICKS_PER_DAY    (86400ll * TICKS_PER_SECOND)

static LONGLONG ticks(const FILETIME *time)
{
    return (LONGLONG)((ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

static FILETIME file_time(LONGLONG value)
{
    return (FILETIME){(DWORD)value, (DWORD)(value >> 32)};
}

// Days from 1601-01-01 to the first of March of a year counted from March, which puts leap days last.
static LONGLONG days_before_march(LONGLONG year)
{
    return year * 365 + year / 4 - year / 100 + year / 400 - 584694;
}

static bool is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static unsigned days_in_month(unsigned year, unsigned month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// Fails with ERROR_INVALID_PARAMETER for times past the signed range.
HOTPATCH BOOL WINAPI FileTimeToSystemTime(const FILETIME *file, SYSTEMTIME *time)
{
    LONGLONG value = ticks(file);
    if (value < 0) return fail_with(ERROR_INVALID_PARAMETER);
    LONGLONG day = value / TICKS_PER_DAY;
    ULONG milliseconds = (ULONG)(value % TICKS_PER_DAY / 10000);

    // Years from March: a day count's year is found by its 400-year cycles of 146,097 days.
    LONGLONG shifted = day + 584694 - 60 + 60;
    LONGLONG year = (shifted * 400 + 399) / 146097;
    while (days_before_march(year) > day) year--;
    while (days_before_march(year + 1) <= day) year++;
    unsigned in_year = (unsigned)(day - days_before_march(year));
    // Months from March have the lengths of floor((153 m + 2) / 5).
    unsigned month = (5 * in_year + 2) / 153;
    time->wDay = (WORD)(in_year - (153 * month + 2) / 5 + 1);
    time->wMonth = (WORD)(month < 10 ? month + 3 : month - 9);
    time->wYear = (WORD)(month < 10 ? year : year + 1);
    time->wDayOfWeek = (WORD)((day + 1) % 7);
    time->wHour = (WORD)(milliseconds / 3600000);
    time->wMinute = (WORD)(milliseconds / 60000 % 60);
    time->wSecond = (WORD)(milliseconds / 1000 % 60);
    time->wMilliseconds = (WORD)(milliseconds % 1000);
    return TRUE;
}

HOTPATCH BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME *time, FILETIME *file)
{
    unsigned year = time->wYear, month = time->wMonth;
    if (year < 1601 || year > 30827 || month < 1 || month > 12 || time->wDay < 1 ||
        time->wDay > days_in_month(year, month) || time->wHour > 23 || time->wMinute > 59 ||
        time->wSecond > 59 || time->wMilliseconds > 999)
        return fail_with(ERROR_INVALID_PARAMETER);
    unsigned march_month = month > 2 ? month - 3 : month + 9;
    LONGLONG day =
        days_before_march(month > 2 ? year : year - 1) + (153 * march_month + 2) / 5 + time->wDay - 1;
    LONGLONG seconds = day * 86400 + time->wHour * 3600 + time->wMinute * 60 + time->wSecond;
    *file = file_time(seconds * TICKS_PER_SECOND + time->wMilliseconds * 10000ll);
    return TRUE;
}

HOTPATCH LONG WINAPI CompareFileTime(const FILETIME *first, const FILETIME *second)
{
    ULONGLONG a = (ULONGLONG)ticks(first), b = (ULONGLONG)ticks(second);
    return (a > b) - (a < b);
}

// ---- DOS times: two-second steps, 1980 to 2107, local by convention ----

HOTPATCH BOOL WINAPI FileTimeToDosDateTime(const FILETIME *file, WORD *date, WORD *dos_time)
{
    SYSTEMTIME time;
    // Rounded up to the next even second, so that a copy never looks older than its source.
    FILETIME rounded = file_time(ticks(file) + 2 * TICKS_PER_SECOND - 1);
    if (!FileTimeToSystemTime(&rounded, &time)) return FALSE;
    if (time.wYear < 1980 || time.wYear > 2107) return fail_with(ERROR_INVALID_PARAMETER);
    *date = (WORD)((time.wYear - 1980) << 9 | time.wMonth << 5 | time.wDay);
    *dos_time = (WORD)(time.wHour << 11 | time.wMinute << 5 | time.wSecond / 2);
    return TRUE;
}

HOTPATCH BOOL WINAPI DosDateTimeToFileTime(WORD date, WORD dos_time, FILETIME *file)
{
    SYSTEMTIME time = {
        .wYear = (WORD)(1980 + (date >> 9)),
        .wMonth = (WORD)(date >> 5 & 15),
        .wDay = (WORD)(date & 31),
        .wHour = (WORD)(dos_time >> 11),
        .wMinute = (WORD)(dos_time >> 5 & 63),
        .wSecond = (WORD)((dos_time & 31) * 2),
    };
    return SystemTimeToFileTime(&time, file);
}

// ---- local times: today's offset, whatever the date, as documented ----

static LONGLONG time_zone_bias(void)
{
    const volatile KSYSTEM_TIME *bias = &SharedUserData->TimeZoneBias;
    LONG high;
    ULONG low;
    do {
        high = bias->High1Time;
        low = bias->LowPart;
    } while (high != bias->High2Time);
    return (LONGLONG)((ULONGLONG)(ULONG)high << 32 | low);
}

HOTPATCH BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *file, FILETIME *local)
{
    *local = file_time(ticks(file) - time_zone_bias());
    return TRUE;
}

HOTPATCH BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *local, FILETIME *file)
{
    *file = file_time(ticks(local) + time_zone_bias());
    return TRUE;
}
