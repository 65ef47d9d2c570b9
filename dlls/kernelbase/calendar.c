// GetCalendarInfo: the Gregorian calendar in each locale's words. Other calendars are known by number only:
// of them there is the last year that two digits mean.
#include "locale.h"

#define UMALQURA 23 // CAL_UMALQURA, which older headers lack

// The end of the hundred years that two digits mean, as Microsoft documents it for each calendar.
static DWORD two_digit_year_max(CALID calendar)
{
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

// The texts that are the same everywhere; NULL: not such a type.
static const WCHAR *plain_text(CALTYPE type)
{
    switch (type) {
    case CAL_SCALNAME: return L"Gregorian Calendar";
    case CAL_SERASTRING: return L"A.D.";
    case CAL_SABBREVERASTRING: return L"AD";
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
            *value = two_digit_year_max(calendar);
        else if (plain == CAL_ICALINTVALUE)
            *value = calendar;
        else
            return fail_with(ERROR_INVALID_FLAGS);
        return sizeof(DWORD) / sizeof(WCHAR);
    }
    if (value || size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (plain == CAL_ITWODIGITYEARMAX || plain == CAL_ICALINTVALUE) {
        UNICODE_STRING text = {0, sizeof(digits), digits};
        RtlIntegerToUnicodeString(plain == CAL_ICALINTVALUE ? calendar : two_digit_year_max(calendar), 10,
                                  &text);
        return copy(digits, buffer, size);
    }
    const WCHAR *text = plain_text(plain);
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
