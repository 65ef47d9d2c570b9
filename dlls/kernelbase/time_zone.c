// Time zones: the current one, and conversions by a zone's rules.
#include "base.h"

#define TICKS_PER_MINUTE 600000000ll

static LONGLONG ticks(const FILETIME *time)
{
    return (LONGLONG)((ULONGLONG)time->dwHighDateTime << 32 | time->dwLowDateTime);
}

static FILETIME file_time(LONGLONG value)
{
    return (FILETIME){(DWORD)value, (DWORD)(value >> 32)};
}

static bool query_zone(DYNAMIC_TIME_ZONE_INFORMATION *zone)
{
    memset(zone, 0, sizeof(*zone));
    NTSTATUS status = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemDynamicTimeZoneInformation,
                                               zone, sizeof(*zone), NULL);
    return bool_from_status(status);
}

// The moment of a change to or from daylight time in a year, in the local time before the change.
static bool transition(const SYSTEMTIME *rule, WORD year, LONGLONG *moment)
{
    SYSTEMTIME time = *rule;
    FILETIME file;
    if (!rule->wMonth) return false;
    if (rule->wYear) {
        // An absolute date: once, in its year.
        if (rule->wYear != year || !SystemTimeToFileTime(&time, &file)) return false;
        *moment = ticks(&file);
        return true;
    }
    // The wDay-th (5: last) given weekday of the month.
    time.wYear = year;
    time.wDay = 1;
    if (!SystemTimeToFileTime(&time, &file)) return false;
    const LONGLONG day = 1440 * TICKS_PER_MINUTE;
    SYSTEMTIME first;
    FileTimeToSystemTime(&file, &first);
    LONGLONG value =
        ticks(&file) + day * ((rule->wDayOfWeek + 7 - first.wDayOfWeek) % 7) + 7 * day * (rule->wDay - 1);
    for (;; value -= 7 * day) {
        SYSTEMTIME check;
        FILETIME candidate = file_time(value);
        FileTimeToSystemTime(&candidate, &check);
        if (check.wMonth == rule->wMonth) break;
    }
    *moment = value;
    return true;
}

// Which part of the year a time lies in: TIME_ZONE_ID_*. local says how to read the time.
static DWORD zone_part(const TIME_ZONE_INFORMATION *zone, LONGLONG value, bool local)
{
    FILETIME file = file_time(local ? value : value - zone->Bias * TICKS_PER_MINUTE);
    SYSTEMTIME when;
    LONGLONG to_daylight, to_standard;
    if (!FileTimeToSystemTime(&file, &when) || !transition(&zone->DaylightDate, when.wYear, &to_daylight) ||
        !transition(&zone->StandardDate, when.wYear, &to_standard))
        return TIME_ZONE_ID_UNKNOWN;
    if (!local) {
        to_daylight += (zone->Bias + zone->StandardBias) * TICKS_PER_MINUTE;
        to_standard += (zone->Bias + zone->DaylightBias) * TICKS_PER_MINUTE;
    }
    bool daylight = to_daylight < to_standard ? value >= to_daylight && value < to_standard
                                              : value >= to_daylight || value < to_standard;
    return daylight ? TIME_ZONE_ID_DAYLIGHT : TIME_ZONE_ID_STANDARD;
}

static LONGLONG zone_bias(const TIME_ZONE_INFORMATION *zone, DWORD part)
{
    LONG minutes = zone->Bias;
    if (part == TIME_ZONE_ID_STANDARD) minutes += zone->StandardBias;
    if (part == TIME_ZONE_ID_DAYLIGHT) minutes += zone->DaylightBias;
    return minutes * TICKS_PER_MINUTE;
}

HOTPATCH DWORD WINAPI GetDynamicTimeZoneInformation(DYNAMIC_TIME_ZONE_INFORMATION *zone)
{
    FILETIME now;
    if (!query_zone(zone)) return TIME_ZONE_ID_INVALID;
    GetSystemTimeAsFileTime(&now);
    return zone_part((const TIME_ZONE_INFORMATION *)zone, ticks(&now), false);
}

HOTPATCH DWORD WINAPI GetTimeZoneInformation(TIME_ZONE_INFORMATION *zone)
{
    DYNAMIC_TIME_ZONE_INFORMATION dynamic;
    DWORD result = GetDynamicTimeZoneInformation(&dynamic);
    // The longer structure begins with the shorter one.
    memcpy(zone, &dynamic, sizeof(*zone));
    return result;
}

// The zone's rules are taken to hold for every year.
HOTPATCH BOOL WINAPI GetTimeZoneInformationForYear(USHORT year, DYNAMIC_TIME_ZONE_INFORMATION *dynamic,
                                                   TIME_ZONE_INFORMATION *zone)
{
    DYNAMIC_TIME_ZONE_INFORMATION own;
    (void)year;
    if (!dynamic) {
        if (!query_zone(&own)) return FALSE;
        dynamic = &own;
    }
    memcpy(zone, dynamic, sizeof(*zone));
    return TRUE;
}

HOTPATCH BOOL WINAPI SystemTimeToTzSpecificLocalTime(const TIME_ZONE_INFORMATION *zone,
                                                     const SYSTEMTIME *universal, SYSTEMTIME *local)
{
    TIME_ZONE_INFORMATION current;
    FILETIME file;
    if (!zone) {
        if (GetTimeZoneInformation(&current) == TIME_ZONE_ID_INVALID) return FALSE;
        zone = &current;
    }
    if (!SystemTimeToFileTime(universal, &file)) return FALSE;
    LONGLONG value = ticks(&file);
    file = file_time(value - zone_bias(zone, zone_part(zone, value, false)));
    return FileTimeToSystemTime(&file, local);
}

HOTPATCH BOOL WINAPI TzSpecificLocalTimeToSystemTime(const TIME_ZONE_INFORMATION *zone,
                                                     const SYSTEMTIME *local, SYSTEMTIME *universal)
{
    TIME_ZONE_INFORMATION current;
    FILETIME file;
    if (!zone) {
        if (GetTimeZoneInformation(&current) == TIME_ZONE_ID_INVALID) return FALSE;
        zone = &current;
    }
    if (!SystemTimeToFileTime(local, &file)) return FALSE;
    LONGLONG value = ticks(&file);
    file = file_time(value + zone_bias(zone, zone_part(zone, value, true)));
    return FileTimeToSystemTime(&file, universal);
}

HOTPATCH BOOL WINAPI SystemTimeToTzSpecificLocalTimeEx(const DYNAMIC_TIME_ZONE_INFORMATION *zone,
                                                       const SYSTEMTIME *universal, SYSTEMTIME *local)
{
    return SystemTimeToTzSpecificLocalTime((const TIME_ZONE_INFORMATION *)zone, universal, local);
}

HOTPATCH BOOL WINAPI TzSpecificLocalTimeToSystemTimeEx(const DYNAMIC_TIME_ZONE_INFORMATION *zone,
                                                       const SYSTEMTIME *local, SYSTEMTIME *universal)
{
    return TzSpecificLocalTimeToSystemTime((const TIME_ZONE_INFORMATION *)zone, local, universal);
}
