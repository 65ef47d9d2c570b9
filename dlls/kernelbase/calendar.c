// GetCalendarInfo: the Gregorian calendar in each locale's words. Other calendars are known by number only:
// of them there is the last year that two digits mean.
#include "locale.h"

#define UMALQURA 23 // CAL_UMALQURA, which older headers lack

// What the user set for calendars, a value by each one's number.
static const WCHAR years_key[] = L"Control Panel\\International\\Calendars\\TwoDigitYearMax";

static void number_text(DWORD number, WCHAR digits[12])
{
    UNICODE_STRING text = {0, 12 * sizeof(WCHAR), digits};
    RtlIntegerToUnicodeString(number, 10, &text);
}

// A year that somebody may set; 0: it is none.
static DWORD parse_year(const WCHAR *text)
{
    DWORD year = 0, digits = 0;
    for (; text[digits] >= '0' && text[digits] <= '9' && digits < 5; digits++)
        year = year * 10 + (DWORD)(text[digits] - '0');
    return !text[digits] && year >= 99 && year <= 9999 ? year : 0;
}

static DWORD year_of_user(CALID calendar)
{
    WCHAR name[12], text[12];
    DWORD size = sizeof(text);
    number_text(calendar, name);
    if (RegGetValueW(HKEY_CURRENT_USER, years_key, name, RRF_RT_REG_SZ, NULL, text, &size)) return 0;
    return parse_year(text);
}

// The end of the hundred years that two digits mean: the user's, or what Microsoft documents for each
// calendar.
static DWORD two_digit_year_max(CALID calendar, CALTYPE type)
{
    DWORD year = type & CAL_NOUSEROVERRIDE ? 0 : year_of_user(calendar);
    if (year) return year;
    switch (calendar) {
    case CAL_JAPAN:
    case CAL_TAIWAN: return 99;
    case CAL_KOREA: return 4362;
    case CAL_HIJRI:
    case UMALQURA: return 1451;
    case CAL_THAI: return 2572;
    case CAL_HEBREW: return 5790;
    default: return 2049;
    }
}

// The LCTYPE that has a calendar's text; 0: none has.
static LCTYPE locale_type(CALTYPE type)
{
    static const struct {
        CALTYPE first, last;
        LCTYPE type;
    } ranges[] = {
        {CAL_SDAYNAME1, CAL_SDAYNAME7, LOCALE_SDAYNAME1},
        {CAL_SABBREVDAYNAME1, CAL_SABBREVDAYNAME7, LOCALE_SABBREVDAYNAME1},
        {CAL_SSHORTESTDAYNAME1, CAL_SSHORTESTDAYNAME7, LOCALE_SSHORTESTDAYNAME1},
        {CAL_SMONTHNAME1, CAL_SMONTHNAME12, LOCALE_SMONTHNAME1},
        {CAL_SABBREVMONTHNAME1, CAL_SABBREVMONTHNAME12, LOCALE_SABBREVMONTHNAME1},
    };
    switch (type) {
    case CAL_SSHORTDATE: return LOCALE_SSHORTDATE;
    case CAL_SLONGDATE: return LOCALE_SLONGDATE;
    case CAL_SYEARMONTH: return LOCALE_SYEARMONTH;
    case CAL_SMONTHDAY: return LOCALE_SMONTHDAY;
    case CAL_SRELATIVELONGDATE: return LOCALE_SMONTHDAY; // a long date of the current year
    case CAL_SMONTHNAME13: return LOCALE_SMONTHNAME13;
    case CAL_SABBREVMONTHNAME13: return LOCALE_SABBREVMONTHNAME13;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(ranges); i++)
        if (type >= ranges[i].first && type <= ranges[i].last)
            return ranges[i].type + (type - ranges[i].first);
    return 0;
}

// Texts that no LCTYPE has; NULL: not such a type.
static const WCHAR *plain_text(const struct locale *locale, CALTYPE type)
{
    switch (type) {
    case CAL_SCALNAME: return L"Gregorian Calendar";
    case CAL_SERASTRING: return locale_text(locale->era);
    case CAL_SABBREVERASTRING: return locale_text(locale->short_era);
    case CAL_IYEAROFFSETRANGE: return L"0";
    default: return NULL;
    }
}

static int copy(const WCHAR *text, WCHAR *buffer, int size)
{
    int length = (int)wide_length(text) + 1;
    if (!size) return length;
    if (size < length) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, text, (SIZE_T)length * sizeof(WCHAR));
    return length;
}

static int calendar_info(const struct locale *locale, CALID calendar, CALTYPE type, WCHAR *buffer, int size,
                         DWORD *value)
{
    CALTYPE plain = type & 0xFFFF;
    bool gregorian = calendar == CAL_GREGORIAN || calendar == CAL_GREGORIAN_US;
    WCHAR digits[12];
    if (!gregorian && plain != CAL_ITWODIGITYEARMAX) return fail_with(ERROR_INVALID_PARAMETER);
    if (type & CAL_RETURN_NUMBER) {
        if (!value || buffer || size) return fail_with(ERROR_INVALID_PARAMETER);
        if (plain == CAL_ITWODIGITYEARMAX)
            *value = two_digit_year_max(calendar, type);
        else if (plain == CAL_ICALINTVALUE)
            *value = calendar;
        else
            return fail_with(ERROR_INVALID_FLAGS);
        return sizeof(DWORD) / sizeof(WCHAR);
    }
    if (value || size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (plain == CAL_ITWODIGITYEARMAX || plain == CAL_ICALINTVALUE) {
        number_text(plain == CAL_ICALINTVALUE ? calendar : two_digit_year_max(calendar, type), digits);
        return copy(digits, buffer, size);
    }
    const WCHAR *text = plain_text(locale, plain);
    if (text) return copy(text, buffer, size);
    LCTYPE from = locale_type(plain);
    return from ? locale_info(locale, from, buffer, size) : fail_with(ERROR_INVALID_FLAGS);
}

HOTPATCH int WINAPI GetCalendarInfoW(LCID id, CALID calendar, CALTYPE type, WCHAR *buffer, int size,
                                     DWORD *value)
{
    const struct locale *locale = locale_from_id(id);
    if (!locale) return fail_with(ERROR_INVALID_PARAMETER);
    return calendar_info(locale, calendar, type, buffer, size, value);
}

HOTPATCH int WINAPI GetCalendarInfoEx(const WCHAR *name, CALID calendar, const WCHAR *reserved, CALTYPE type,
                                      WCHAR *buffer, int size, DWORD *value)
{
    const struct locale *locale = locale_from_name(name);
    if (!locale || reserved) return fail_with(ERROR_INVALID_PARAMETER);
    return calendar_info(locale, calendar, type, buffer, size, value);
}

HOTPATCH int WINAPI GetCalendarInfoA(LCID id, CALID calendar, CALTYPE type, char *buffer, int size,
                                     DWORD *value)
{
    WCHAR wide[128];
    if (type & CAL_RETURN_NUMBER) {
        int units = GetCalendarInfoW(id, calendar, type, (WCHAR *)buffer, size, value);
        return units * (int)sizeof(WCHAR);
    }
    if (value || size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    int length = GetCalendarInfoW(id, calendar, type, wide, ARRAY_LENGTH(wide), NULL);
    if (!length) return 0;
    return WideCharToMultiByte(CP_ACP, 0, wide, length, buffer, size, NULL, NULL);
}

// Only the end of the hundred years that two digits mean can be set, as text.
HOTPATCH BOOL WINAPI SetCalendarInfoW(LCID id, CALID calendar, CALTYPE type, const WCHAR *text)
{
    HKEY key;
    WCHAR name[12];
    if (!text || !locale_from_id(id) || calendar < CAL_GREGORIAN || calendar > UMALQURA)
        return fail_with(ERROR_INVALID_PARAMETER);
    if ((type & ~(CALTYPE)CAL_USE_CP_ACP) != CAL_ITWODIGITYEARMAX) return fail_with(ERROR_INVALID_FLAGS);
    if (!parse_year(text)) return fail_with(ERROR_INVALID_PARAMETER);
    LSTATUS error =
        RegCreateKeyExW(HKEY_CURRENT_USER, years_key, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return fail_with((DWORD)error);
    number_text(calendar, name);
    DWORD size = (DWORD)((wide_length(text) + 1) * sizeof(WCHAR));
    error = RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, size);
    RegCloseKey(key);
    return error ? fail_with((DWORD)error) : TRUE;
}

HOTPATCH BOOL WINAPI SetCalendarInfoA(LCID id, CALID calendar, CALTYPE type, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(text);
    return !conversion_failed(text, wide) && SetCalendarInfoW(id, calendar, type, wide);
}
