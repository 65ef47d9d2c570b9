// Enumerating locales, calendars and formats: each calls back with texts until told to stop.
#include "locale.h"

// A locale's number as text: eight hexadecimal digits.
static void write_lcid(WCHAR *text, LCID id)
{
    for (int i = 0; i < 8; i++) text[i] = L"0123456789abcdef"[id >> (28 - 4 * i) & 15];
    text[8] = 0;
}

HOTPATCH BOOL WINAPI EnumSystemLocalesW(LOCALE_ENUMPROCW callback, DWORD flags)
{
    (void)flags;
    for (unsigned i = 1; i < locale_count(); i++) {
        WCHAR text[9];
        write_lcid(text, locale_number(i)->id);
        if (!callback(text)) break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemLocalesA(LOCALE_ENUMPROCA callback, DWORD flags)
{
    (void)flags;
    for (unsigned i = 1; i < locale_count(); i++) {
        WCHAR text[9];
        char ansi[9];
        write_lcid(text, locale_number(i)->id);
        for (int k = 0; k < 9; k++) ansi[k] = (char)text[k];
        if (!callback(ansi)) break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemLocalesEx(LOCALE_ENUMPROCEX callback, DWORD flags, LPARAM parameter,
                                         void *reserved)
{
    (void)flags;
    if (reserved) return fail_with(ERROR_INVALID_PARAMETER);
    for (unsigned i = 0; i < locale_count(); i++)
        if (!callback((WCHAR *)locale_text(locale_number(i)->name), LOCALE_WINDOWS | LOCALE_SPECIFICDATA,
                      parameter))
            break;
    return TRUE;
}

// Calls back with one text, in either alphabet; FALSE to stop.
static bool call_text(void *callback, const WCHAR *text, bool ansi)
{
    if (!ansi) return ((CALINFO_ENUMPROCW)callback)((WCHAR *)text);
    char buffer[256];
    return ansi_from_wide(buffer, sizeof(buffer), text, wide_length(text)) < sizeof(buffer) &&
           ((CALINFO_ENUMPROCA)callback)(buffer);
}

// The locales' calendar is the Gregorian one.
static BOOL enum_calendar(void *callback, LCID id, CALID calendar, CALTYPE type, bool ansi)
{
    WCHAR text[128];
    if (calendar != ENUM_ALL_CALENDARS && calendar != CAL_GREGORIAN) return fail_with(ERROR_BADDB);
    if (!GetCalendarInfoW(id, CAL_GREGORIAN, type, text, ARRAY_LENGTH(text), NULL)) return FALSE;
    call_text(callback, text, ansi);
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumCalendarInfoW(CALINFO_ENUMPROCW callback, LCID id, CALID calendar, CALTYPE type)
{
    return enum_calendar((void *)callback, id, calendar, type, false);
}

HOTPATCH BOOL WINAPI EnumCalendarInfoA(CALINFO_ENUMPROCA callback, LCID id, CALID calendar, CALTYPE type)
{
    return enum_calendar((void *)callback, id, calendar, type, true);
}

HOTPATCH BOOL WINAPI EnumCalendarInfoExW(CALINFO_ENUMPROCEXW callback, LCID id, CALID calendar, CALTYPE type)
{
    WCHAR text[128];
    if (calendar != ENUM_ALL_CALENDARS && calendar != CAL_GREGORIAN) return fail_with(ERROR_BADDB);
    if (!GetCalendarInfoW(id, CAL_GREGORIAN, type, text, ARRAY_LENGTH(text), NULL)) return FALSE;
    callback(text, CAL_GREGORIAN);
    return TRUE;
}

static BOOL enum_dates(void *callback, LCID id, DWORD flags, bool ansi)
{
    const struct locale *locale = locale_from_id(id);
    if (!callback || !locale) return fail_with(ERROR_INVALID_PARAMETER);
    switch (flags & ~(DWORD)LOCALE_USE_CP_ACP) {
    case 0:
    case DATE_SHORTDATE: call_text(callback, locale_text(locale->short_date), ansi); return TRUE;
    case DATE_LONGDATE: call_text(callback, locale_text(locale->long_date), ansi); return TRUE;
    case DATE_YEARMONTH: call_text(callback, locale_text(locale->year_month), ansi); return TRUE;
    default: return fail_with(ERROR_INVALID_FLAGS);
    }
}

HOTPATCH BOOL WINAPI EnumDateFormatsW(DATEFMT_ENUMPROCW callback, LCID id, DWORD flags)
{
    return enum_dates((void *)callback, id, flags, false);
}

HOTPATCH BOOL WINAPI EnumDateFormatsA(DATEFMT_ENUMPROCA callback, LCID id, DWORD flags)
{
    return enum_dates((void *)callback, id, flags, true);
}

static BOOL enum_times(void *callback, LCID id, bool ansi)
{
    const struct locale *locale = locale_from_id(id);
    if (!callback || !locale) return fail_with(ERROR_INVALID_PARAMETER);
    call_text(callback, locale_text(locale->time_format), ansi);
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumTimeFormatsW(TIMEFMT_ENUMPROCW callback, LCID id, DWORD flags)
{
    (void)flags;
    return enum_times((void *)callback, id, false);
}

HOTPATCH BOOL WINAPI EnumTimeFormatsA(TIMEFMT_ENUMPROCA callback, LCID id, DWORD flags)
{
    (void)flags;
    return enum_times((void *)callback, id, true);
}
