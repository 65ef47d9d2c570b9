// Times: 100 ns since 1601 to calendar fields and back, other epochs, the time zone.
#include "rtl.h"

#define PER_SECOND   10000000ll
#define PER_DAY      (86400 * PER_SECOND)
#define SECONDS_1970 11644473600ll
#define SECONDS_1980 11960006400ll

static BOOLEAN is_leap(LONG year)
{
    return !(year % 4) && (year % 100 || !(year % 400));
}

static LONG days_in_month(LONG year, LONG month)
{
    static const BYTE days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// Days from 1601-01-01 to the start of a year.
static LONG days_before(LONG year)
{
    LONG y = year - 1601;

    return y * 365 + y / 4 - y / 100 + y / 400;
}

void WINAPI RtlTimeToTimeFields(const LARGE_INTEGER *time, PTIME_FIELDS fields)
{
    LONG days = time->QuadPart / PER_DAY;
    LONGLONG in_day = time->QuadPart % PER_DAY;
    LONG milliseconds = in_day / 10000, year, month = 1;

    fields->Weekday = (1 + days) % 7; // 1601-01-01 was a Monday
    year = 1601 + days / 366;         // never too late, at most a few years early
    while (days_before(year + 1) <= days) year++;
    days -= days_before(year);
    while (days >= days_in_month(year, month)) days -= days_in_month(year, month++);
    fields->Year = year;
    fields->Month = month;
    fields->Day = days + 1;
    fields->Hour = milliseconds / 3600000;
    fields->Minute = milliseconds / 60000 % 60;
    fields->Second = milliseconds / 1000 % 60;
    fields->Milliseconds = milliseconds % 1000;
}

/** FALSE for fields that are no date or time, or before 1601. */
BOOLEAN WINAPI RtlTimeFieldsToTime(PTIME_FIELDS fields, PLARGE_INTEGER time)
{
    LONG days;

    if (fields->Year < 1601 || fields->Month < 1 || fields->Month > 12 || fields->Day < 1 ||
        fields->Day > days_in_month(fields->Year, fields->Month) || fields->Hour < 0 || fields->Hour > 23 ||
        fields->Minute < 0 || fields->Minute > 59 || fields->Second < 0 || fields->Second > 59 ||
        fields->Milliseconds < 0 || fields->Milliseconds > 999) {
        return FALSE;
    }
    days = days_before(fields->Year) + fields->Day - 1;
    for (LONG month = 1; month < fields->Month; month++) days += days_in_month(fields->Year, month);
    time->QuadPart = days * PER_DAY +
                     ((fields->Hour * 60 + fields->Minute) * 60 + fields->Second) * PER_SECOND +
                     fields->Milliseconds * 10000;
    return TRUE;
}

/** A span of time as days (in Day), hours and so on. */
void WINAPI RtlTimeToElapsedTimeFields(const LARGE_INTEGER *time, PTIME_FIELDS fields)
{
    LONGLONG milliseconds = time->QuadPart / 10000;
    LONG in_day = milliseconds % 86400000;

    fields->Year = fields->Month = 0;
    fields->Day = milliseconds / 86400000;
    fields->Hour = in_day / 3600000;
    fields->Minute = in_day / 60000 % 60;
    fields->Second = in_day / 1000 % 60;
    fields->Milliseconds = in_day % 1000;
}

static BOOLEAN to_seconds(const LARGE_INTEGER *time, LONGLONG epoch, PULONG seconds)
{
    ULONGLONG value = time->QuadPart / PER_SECOND - epoch;

    if (value >> 32) return FALSE;
    *seconds = value;
    return TRUE;
}

BOOLEAN WINAPI RtlTimeToSecondsSince1970(PLARGE_INTEGER time, PULONG seconds)
{
    return to_seconds(time, SECONDS_1970, seconds);
}

BOOLEAN WINAPI RtlTimeToSecondsSince1980(PLARGE_INTEGER time, PULONG seconds)
{
    return to_seconds(time, SECONDS_1980, seconds);
}

void WINAPI RtlSecondsSince1970ToTime(ULONG seconds, PLARGE_INTEGER time)
{
    time->QuadPart = (seconds + SECONDS_1970) * PER_SECOND;
}

void WINAPI RtlSecondsSince1980ToTime(ULONG seconds, PLARGE_INTEGER time)
{
    time->QuadPart = (seconds + SECONDS_1980) * PER_SECOND;
}

static NTSTATUS current_bias(LONGLONG *bias)
{
    SYSTEM_TIMEOFDAY_INFORMATION info;
    NTSTATUS status = NtQuerySystemInformation(SystemTimeOfDayInformation, &info, sizeof(info), NULL);

    if (status >= 0) *bias = info.TimeZoneBias.QuadPart;
    return status;
}

NTSTATUS WINAPI RtlLocalTimeToSystemTime(PLARGE_INTEGER local, PLARGE_INTEGER system)
{
    LONGLONG bias;
    NTSTATUS status = current_bias(&bias);

    if (status >= 0) system->QuadPart = local->QuadPart + bias;
    return status;
}

NTSTATUS WINAPI RtlSystemTimeToLocalTime(const LARGE_INTEGER *system, PLARGE_INTEGER local)
{
    LONGLONG bias;
    NTSTATUS status = current_bias(&bias);

    if (status >= 0) local->QuadPart = system->QuadPart - bias;
    return status;
}

/** The system time and the bias of local time now. */
NTSTATUS WINAPI RtlGetSystemTimeAndBias(PLARGE_INTEGER time, PLARGE_INTEGER bias, PLARGE_INTEGER until)
{
    if (until) until->QuadPart = 0;
    NtQuerySystemTime(time);
    return current_bias(&bias->QuadPart);
}

NTSTATUS WINAPI RtlQueryTimeZoneInformation(LPTIME_ZONE_INFORMATION info)
{
    return NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemCurrentTimeZoneInformation, info,
                                    sizeof(*info), NULL);
}

NTSTATUS WINAPI RtlQueryDynamicTimeZoneInformation(PDYNAMIC_TIME_ZONE_INFORMATION info)
{
    return NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemDynamicTimeZoneInformation, info,
                                    sizeof(*info), NULL);
}
