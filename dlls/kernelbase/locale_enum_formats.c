// Enumerating a locale's calendar, date and time texts. Each function has forms for both alphabets, for
// callbacks that want the calendar's number too, and for ones that take a parameter.
#include "locale.h"

// How a callback wants to be called.
struct receiver {
    void *callback;
    enum { PLAIN_A, PLAIN_W, CALENDAR_A, CALENDAR_W, RESERVED_W, CALENDAR_PARAMETER_W, PARAMETER_W } form;
    LPARAM parameter;
};

typedef BOOL(CALLBACK *plain_a)(char *text);
typedef BOOL(CALLBACK *calendar_a)(char *text, CALID calendar);

static bool is_ansi(const struct receiver *to)
{
    return to->form == PLAIN_A || to->form == CALENDAR_A;
}

// There is one calendar: what a callback says about going on has nothing to stop.
static BOOL tell(const struct receiver *to, const WCHAR *text, CALID calendar)
{
    char ansi[256];
    WCHAR wide[256]; // the callback may write
    if (is_ansi(to) && ansi_from_wide(ansi, sizeof(ansi), text, wide_length(text)) >= sizeof(ansi))
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    lstrcpynW(wide, text, ARRAY_LENGTH(wide));
    switch (to->form) {
    case PLAIN_A: ((plain_a)to->callback)(ansi); break;
    case CALENDAR_A: ((calendar_a)to->callback)(ansi, calendar); break;
    case PLAIN_W: ((CALINFO_ENUMPROCW)to->callback)(wide); break;
    case CALENDAR_W: ((CALINFO_ENUMPROCEXW)to->callback)(wide, calendar); break;
    case RESERVED_W: ((CALINFO_ENUMPROCEXEX)to->callback)(wide, calendar, NULL, to->parameter); break;
    case CALENDAR_PARAMETER_W: ((DATEFMT_ENUMPROCEXEX)to->callback)(wide, calendar, to->parameter); break;
    case PARAMETER_W: ((TIMEFMT_ENUMPROCEX)to->callback)(wide, to->parameter); break;
    }
    return TRUE;
}

// ---- calendars ----

static BOOL enum_calendar(const struct receiver *to, const struct locale *locale, CALID calendar,
                          CALTYPE type)
{
    WCHAR text[128];
    if (!to->callback || !locale) return fail_with(ERROR_INVALID_PARAMETER);
    if (calendar == ENUM_ALL_CALENDARS) calendar = CAL_GREGORIAN;
    // Numbers are told as text all the same.
    if (!GetCalendarInfoW(locale->id, calendar, type & ~(CALTYPE)CAL_RETURN_NUMBER, text, ARRAY_LENGTH(text),
                          NULL))
        return FALSE;
    return tell(to, text, calendar);
}

HOTPATCH BOOL WINAPI EnumCalendarInfoW(CALINFO_ENUMPROCW callback, LCID id, CALID calendar, CALTYPE type)
{
    const struct receiver to = {(void *)callback, PLAIN_W, 0};
    return enum_calendar(&to, locale_from_id(id), calendar, type);
}

HOTPATCH BOOL WINAPI EnumCalendarInfoA(CALINFO_ENUMPROCA callback, LCID id, CALID calendar, CALTYPE type)
{
    const struct receiver to = {(void *)callback, PLAIN_A, 0};
    return enum_calendar(&to, locale_from_id(id), calendar, type);
}

HOTPATCH BOOL WINAPI EnumCalendarInfoExW(CALINFO_ENUMPROCEXW callback, LCID id, CALID calendar, CALTYPE type)
{
    const struct receiver to = {(void *)callback, CALENDAR_W, 0};
    return enum_calendar(&to, locale_from_id(id), calendar, type);
}

HOTPATCH BOOL WINAPI EnumCalendarInfoExA(CALINFO_ENUMPROCEXA callback, LCID id, CALID calendar, CALTYPE type)
{
    const struct receiver to = {(void *)callback, CALENDAR_A, 0};
    return enum_calendar(&to, locale_from_id(id), calendar, type);
}

HOTPATCH BOOL WINAPI EnumCalendarInfoExEx(CALINFO_ENUMPROCEXEX callback, const WCHAR *name, CALID calendar,
                                          const WCHAR *reserved, CALTYPE type, LPARAM parameter)
{
    const struct receiver to = {(void *)callback, RESERVED_W, parameter};
    if (reserved) return fail_with(ERROR_INVALID_PARAMETER);
    return enum_calendar(&to, locale_from_name(name), calendar, type);
}

// ---- dates ----

static BOOL enum_dates(const struct receiver *to, const struct locale *locale, DWORD flags)
{
    struct locale_text text;
    if (!to->callback || !locale) return fail_with(ERROR_INVALID_PARAMETER);
    switch (flags & ~(DWORD)LOCALE_USE_CP_ACP) {
    case 0:
    case DATE_SHORTDATE: text = locale->short_date; break;
    case DATE_LONGDATE: text = locale->long_date; break;
    case DATE_YEARMONTH: text = locale->year_month; break;
    case DATE_MONTHDAY: text = locale->month_day; break;
    default: return fail_with(ERROR_INVALID_FLAGS);
    }
    return tell(to, locale_text(text), CAL_GREGORIAN);
}

HOTPATCH BOOL WINAPI EnumDateFormatsW(DATEFMT_ENUMPROCW callback, LCID id, DWORD flags)
{
    const struct receiver to = {(void *)callback, PLAIN_W, 0};
    return enum_dates(&to, locale_from_id(id), flags);
}

HOTPATCH BOOL WINAPI EnumDateFormatsA(DATEFMT_ENUMPROCA callback, LCID id, DWORD flags)
{
    const struct receiver to = {(void *)callback, PLAIN_A, 0};
    return enum_dates(&to, locale_from_id(id), flags);
}

HOTPATCH BOOL WINAPI EnumDateFormatsExW(DATEFMT_ENUMPROCEXW callback, LCID id, DWORD flags)
{
    const struct receiver to = {(void *)callback, CALENDAR_W, 0};
    return enum_dates(&to, locale_from_id(id), flags);
}

HOTPATCH BOOL WINAPI EnumDateFormatsExA(DATEFMT_ENUMPROCEXA callback, LCID id, DWORD flags)
{
    const struct receiver to = {(void *)callback, CALENDAR_A, 0};
    return enum_dates(&to, locale_from_id(id), flags);
}

HOTPATCH BOOL WINAPI EnumDateFormatsExEx(DATEFMT_ENUMPROCEXEX callback, const WCHAR *name, DWORD flags,
                                         LPARAM parameter)
{
    const struct receiver to = {(void *)callback, CALENDAR_PARAMETER_W, parameter};
    return enum_dates(&to, locale_from_name(name), flags);
}

// ---- times ----

// The ANSI form knows long times only.
static BOOL enum_times(const struct receiver *to, const struct locale *locale, DWORD flags)
{
    flags &= ~(DWORD)LOCALE_USE_CP_ACP;
    if (flags && (flags != TIME_NOSECONDS || is_ansi(to))) return fail_with(ERROR_INVALID_FLAGS);
    if (!to->callback || !locale) return fail_with(ERROR_INVALID_PARAMETER);
    return tell(to, locale_text(flags ? locale->short_time : locale->time_format), CAL_GREGORIAN);
}

HOTPATCH BOOL WINAPI EnumTimeFormatsW(TIMEFMT_ENUMPROCW callback, LCID id, DWORD flags)
{
    const struct receiver to = {(void *)callback, PLAIN_W, 0};
    return enum_times(&to, locale_from_id(id), flags);
}

HOTPATCH BOOL WINAPI EnumTimeFormatsA(TIMEFMT_ENUMPROCA callback, LCID id, DWORD flags)
{
    const struct receiver to = {(void *)callback, PLAIN_A, 0};
    return enum_times(&to, locale_from_id(id), flags);
}

HOTPATCH BOOL WINAPI EnumTimeFormatsEx(TIMEFMT_ENUMPROCEX callback, const WCHAR *name, DWORD flags,
                                       LPARAM parameter)
{
    const struct receiver to = {(void *)callback, PARAMETER_W, parameter};
    return enum_times(&to, locale_from_name(name), flags);
}
