// DATEs, days since 30 December 1899 with the time of day as fraction, and other forms of time.
#include "automation.h"
#include <stdio.h>

#define DAY_SECONDS 86400

// Days since 1 March of the year 0, in the Gregorian calendar.
static int days_of(int year, int month, int day)
{
    if (month < 3) year--, month += 12;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day - 1;
}

#define DATE_EPOCH (days_of(1899, 12, 30))

static void calendar_of_days(int days, WORD *year, WORD *month, WORD *day)
{
    int era = days / 146097, rest = days % 146097;
    int of_era = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int of_year = rest - (365 * of_era + of_era / 4 - of_era / 100), shifted = (5 * of_year + 2) / 153;
    *day = (WORD)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (WORD)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = (WORD)(era * 400 + of_era + (*month < 3));
}

// The time of day counts forward even in a negative DATE: -1.25 is 29 December 1899, 6:00.
static void split_date(DATE date, int *days, int *seconds)
{
    double whole = round_to_even(date);
    if (date >= 0 ? whole > date : whole < date) whole += date >= 0 ? -1 : 1;
    double fraction = date - whole;
    *days = (int)whole;
    *seconds = (int)round_to_even((fraction < 0 ? -fraction : fraction) * DAY_SECONDS);
    if (*seconds < DAY_SECONDS) return;
    *seconds = 0;
    ++*days;
}

HOTPATCH HRESULT WINAPI VarUdateFromDate(DATE date, ULONG flags, UDATE *result)
{
    (void)flags;
    if (!(date > DATE_MIN - 1.0 && date < DATE_MAX + 1.0)) return E_INVALIDARG; // what is no number, too
    int days, seconds;
    split_date(date, &days, &seconds);
    SYSTEMTIME *time = &result->st;
    calendar_of_days(days + DATE_EPOCH, &time->wYear, &time->wMonth, &time->wDay);
    time->wDayOfWeek = (WORD)((days + DATE_EPOCH + 3) % 7);
    time->wHour = (WORD)(seconds / 3600);
    time->wMinute = (WORD)(seconds / 60 % 60);
    time->wSecond = (WORD)(seconds % 60);
    time->wMilliseconds = 0;
    result->wDayOfYear = (USHORT)(days + DATE_EPOCH - days_of(time->wYear, 1, 1) + 1);
    return S_OK;
}

// Years before 0 count back from 2000; those below 100 are of the century whose last half is the past one.
static int full_year(int year)
{
    if (year < 0) return year + 2000;
    return year >= 100 ? year : year < 50 ? year + 2000 : year + 1900;
}

// Takes values out of their ranges over into the next larger part, as Windows does.
static DATE date_of(const SYSTEMTIME *time)
{
    int year = (SHORT)time->wYear, month = (SHORT)time->wMonth - 1;
    year += month / 12;
    month %= 12;
    if (month < 0) month += 12, year--;
    int days = days_of(full_year(year), month + 1, 1) + (SHORT)time->wDay - 1 - DATE_EPOCH;
    int seconds = ((SHORT)time->wHour * 60 + (SHORT)time->wMinute) * 60 + (SHORT)time->wSecond;
    int whole = seconds / DAY_SECONDS - (seconds % DAY_SECONDS < 0);
    days += whole;
    double fraction = (double)(seconds - whole * DAY_SECONDS) / DAY_SECONDS;
    return days < 0 ? days - fraction : days + fraction;
}

HOTPATCH HRESULT WINAPI VarDateFromUdateEx(UDATE *date, LCID lcid, ULONG flags, DATE *result)
{
    (void)lcid;
    DATE value = 0;
    if (flags & VAR_VALIDDATE) {
        const SYSTEMTIME *time = &date->st;
        if (time->wMonth < 1 || time->wMonth > 12 || time->wDay > 31 || time->wHour > 23 ||
            time->wMinute > 59 || time->wSecond > 59)
            return E_INVALIDARG;
    }
    value = date_of(&date->st);
    if (value < DATE_MIN || value >= DATE_MAX + 1.0) return E_INVALIDARG;
    if (flags & VAR_TIMEVALUEONLY)
        value = ((date->st.wHour * 60.0 + date->st.wMinute) * 60.0 + date->st.wSecond) / DAY_SECONDS;
    else if (flags & VAR_DATEVALUEONLY)
        value = (int)value;
    *result = value;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarDateFromUdate(UDATE *date, ULONG flags, DATE *result)
{
    return VarDateFromUdateEx(date, LOCALE_USER_DEFAULT, flags, result);
}

HOTPATCH INT WINAPI SystemTimeToVariantTime(LPSYSTEMTIME time, DOUBLE *result)
{
    SHORT year = (SHORT)time->wYear;
    if ((SHORT)time->wMonth < 0 || time->wMonth > 12 || (SHORT)time->wDay < 0 || time->wDay > 31 ||
        year < 0 || year > 9999)
        return FALSE;
    *result = date_of(time);
    return TRUE;
}

HOTPATCH INT WINAPI VariantTimeToSystemTime(DOUBLE date, LPSYSTEMTIME result)
{
    UDATE parts;
    if (FAILED(VarUdateFromDate(date, 0, &parts))) return FALSE;
    *result = parts.st;
    return TRUE;
}

HOTPATCH INT WINAPI DosDateTimeToVariantTime(USHORT date, USHORT time, DOUBLE *result)
{
    SYSTEMTIME parts = {.wYear = (WORD)((date >> 9) + 1980), .wMonth = (date >> 5) & 15, .wDay = date & 31};
    parts.wHour = time >> 11;
    parts.wMinute = (time >> 5) & 63;
    parts.wSecond = (WORD)((time & 31) * 2);
    if (parts.wYear > 2099 || parts.wMonth > 12 || parts.wHour > 23 || parts.wMinute > 59 ||
        parts.wSecond > 59)
        return FALSE;
    *result = date_of(&parts);
    return TRUE;
}

HOTPATCH INT WINAPI VariantTimeToDosDateTime(DOUBLE date, USHORT *dos_date, USHORT *dos_time)
{
    UDATE parts;
    if (FAILED(VarUdateFromDate(date, 0, &parts))) return FALSE;
    const SYSTEMTIME *time = &parts.st;
    if (time->wYear < 1980 || time->wYear > 2099) return FALSE;
    *dos_date = (USHORT)((time->wYear - 1980) << 9 | time->wMonth << 5 | time->wDay);
    *dos_time = (USHORT)(time->wHour << 11 | time->wMinute << 5 | time->wSecond / 2);
    return TRUE;
}

// A date in the locale's short form, the time too unless it is midnight; the time alone for day 0.
HOTPATCH HRESULT WINAPI VarBstrFromDate(DATE date, LCID lcid, ULONG flags, BSTR *result)
{
    UDATE parts;
    WCHAR text[128] = L"";
    int length = 0;
    HRESULT status = VarUdateFromDate(date, flags, &parts);
    if (FAILED(status)) return status;
    ULONG override = flags & LOCALE_NOUSEROVERRIDE;
    const SYSTEMTIME *time = &parts.st;
    bool midnight = !time->wHour && !time->wMinute && !time->wSecond, first_day = (int)date == 0;
    if (flags & VAR_DATEVALUEONLY || (!(flags & VAR_TIMEVALUEONLY) && !first_day)) {
        WCHAR format[80];
        if (!GetLocaleInfoW(lcid, LOCALE_SSHORTDATE | override, format, ARRAY_LENGTH(format)))
            return E_INVALIDARG;
        SYSTEMTIME shown = *time;
        // GetDateFormat knows no year before 1601: a year of the same calendar is shown and replaced.
        if (time->wYear < 1601) shown.wYear = (WORD)(time->wYear + 1600);
        length = GetDateFormatW(lcid, override, &shown, NULL, text, 64) - 1;
        if (length < 0) return E_INVALIDARG;
        if (time->wYear < 1601) {
            WCHAR wrong[8], right[8];
            _snwprintf(wrong, ARRAY_LENGTH(wrong), L"%u", shown.wYear);
            _snwprintf(right, ARRAY_LENGTH(right), L"%u", time->wYear);
            for (WCHAR *at = text; *at; at++) {
                if (wcsncmp(at, wrong, 4)) continue;
                memmove(at + lstrlenW(right), at + 4, (size_t)(lstrlenW(at + 4) + 1) * sizeof(WCHAR));
                memcpy(at, right, (size_t)lstrlenW(right) * sizeof(WCHAR));
                break;
            }
            length = lstrlenW(text);
        }
    }
    if (flags & VAR_TIMEVALUEONLY || (!(flags & VAR_DATEVALUEONLY) && (!midnight || first_day))) {
        if (length) text[length++] = ' ';
        if (!GetTimeFormatW(lcid, override, time, NULL, text + length, (int)ARRAY_LENGTH(text) - length))
            return E_INVALIDARG;
    }
    *result = SysAllocString(text);
    return *result ? S_OK : E_OUTOFMEMORY;
}
