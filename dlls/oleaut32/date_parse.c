// Dates in texts: numbers, names of months and am or pm, in the order that a locale prefers or else another.
#include "automation.h"

#define MOST_NUMBERS 6

struct date_text {
    int numbers[MOST_NUMBERS], count;
    bool timed[MOST_NUMBERS]; // a time separator stands between this number and the next
    int month;                // named; 0: none
    int half_at, half;        // 'a' or 'p', and the number before it
};

static WCHAR date_separator(LCID lcid, ULONG flags)
{
    WCHAR text[8] = L"";
    GetLocaleInfoW(lcid, LOCALE_SDATE | (flags & LOCALE_NOUSEROVERRIDE), text, ARRAY_LENGTH(text));
    return text[0];
}

static int find_month(const WCHAR *word, int length, LCID lcid)
{
    static const LCID english = MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT);
    const LCID locales[] = {lcid, english};
    const LCTYPE forms[] = {LOCALE_SMONTHNAME1, LOCALE_SABBREVMONTHNAME1};
    for (int i = 0; i < 48; i++) {
        WCHAR name[80];
        int size =
            GetLocaleInfoW(locales[i / 24], forms[i / 12 % 2] + (LCTYPE)(i % 12), name, ARRAY_LENGTH(name));
        if (size > 1 && CompareStringW(lcid, NORM_IGNORECASE, word, length, name, size - 1) == CSTR_EQUAL)
            return i % 12 + 1;
    }
    return 0;
}

static bool take_word(struct date_text *date, const WCHAR *word, int length, LCID lcid)
{
    WCHAR first = word[0] | 0x20;
    if ((first == 'a' || first == 'p') && (length == 1 || (length == 2 && (word[1] | 0x20) == 'm'))) {
        if (date->half || !date->count) return false;
        date->half = first;
        date->half_at = date->count - 1;
        return true;
    }
    if (date->month) return false;
    date->month = find_month(word, length, lcid);
    return date->month;
}

static bool is_blank(WCHAR character)
{
    return character == ' ' || character == 0x3000 || character == ',';
}

static bool is_letter(WCHAR character)
{
    WORD type = 0;
    return character && GetStringTypeW(CT_CTYPE1, &character, 1, &type) && type & C1_ALPHA;
}

// What stands between two parts; *timed: a time separator. False for what may not.
static bool take_separator(const WCHAR **text, WCHAR date_sign, bool *timed)
{
    const WCHAR *at = *text;
    while (is_blank(*at)) at++;
    *timed = *at == ':' || (*at == '.' && date_sign != '.');
    if (*timed && at != *text) return false;
    if (*at == '/' || *at == '-' || *at == ':' || *at == '.') {
        if (*at == '.' && !*timed && date_sign != '.') return false;
        at++;
        while (is_blank(*at)) at++;
        if (!*at) return false;
    }
    *text = at;
    return true;
}

static bool scan(const WCHAR *text, LCID lcid, ULONG flags, struct date_text *date)
{
    WCHAR sign = date_separator(lcid, flags);
    *date = (struct date_text){0};
    while (is_blank(*text)) text++;
    while (*text) {
        bool number = *text >= '0' && *text <= '9', timed;
        const WCHAR *start = text;
        if (number) {
            int value = 0;
            if (date->count == MOST_NUMBERS) return false;
            for (; *text >= '0' && *text <= '9'; text++) {
                if (text - start == 5) return false;
                value = value * 10 + *text - '0';
            }
            date->numbers[date->count++] = value;
        } else {
            while (is_letter(*text)) text++;
            if (text == start || !take_word(date, start, (int)(text - start), lcid)) return false;
        }
        if (!take_separator(&text, sign, &timed)) return false;
        if (timed && (!number || !(*text >= '0' && *text <= '9'))) return false;
        if (timed) date->timed[date->count - 1] = true;
    }
    return date->count;
}

// Cuts the time's numbers out. False: more than one time, or one among the date's numbers.
static bool split_time(struct date_text *date, SYSTEMTIME *time)
{
    int first = -1, length = 0, parts[3] = {0};
    for (int i = 0; i < date->count; i++) {
        if (!date->timed[i]) continue;
        if (first >= 0 && i != first + length - 1) return false;
        if (first < 0) first = i, length = 1;
        length++;
    }
    if (length > 3) return false;
    if (date->half) {
        if (first < 0) first = date->half_at, length = 1;
        if (date->half_at != first + length - 1) return false;
    }
    if (first < 0) return true;
    if (first && first + length != date->count) return false;
    for (int i = 0; i < length; i++) parts[i] = date->numbers[first + i];
    memmove(date->numbers + first, date->numbers + first + length,
            (size_t)(date->count - first - length) * sizeof(int));
    date->count -= length;
    if (date->half && parts[0] <= 12) parts[0] = parts[0] % 12 + (date->half == 'p' ? 12 : 0);
    time->wHour = (WORD)parts[0];
    time->wMinute = (WORD)parts[1];
    time->wSecond = (WORD)parts[2];
    return parts[0] < 24 && parts[1] < 60 && parts[2] < 60;
}

static bool set_date(SYSTEMTIME *time, int year, int month, int day)
{
    static const BYTE days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 100) year += year < 50 ? 2000 : 1900;
    if (month < 1 || month > 12 || day < 1 || day > days[month - 1] || year > 9999) return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2 && day == 29 && !leap) return false;
    time->wYear = (WORD)year;
    time->wMonth = (WORD)month;
    time->wDay = (WORD)day;
    return true;
}

static bool this_year(SYSTEMTIME *time, int month, int day)
{
    SYSTEMTIME now;
    GetLocalTime(&now);
    return set_date(time, now.wYear, month, day);
}

// order: as LOCALE_IDATE, 0 month first, 1 day first, 2 year first.
static bool order_date(const struct date_text *date, int order, SYSTEMTIME *time)
{
    const int *n = date->numbers;
    if (date->month && date->count == 1)
        return this_year(time, date->month, n[0]) || set_date(time, n[0], date->month, 1);
    if (date->month && date->count == 2)
        return (order != 2 && set_date(time, n[1], date->month, n[0])) ||
               set_date(time, n[0], date->month, n[1]) || set_date(time, n[1], date->month, n[0]);
    if (date->month) return false;
    if (date->count == 2) {
        int first = order == 1;
        return this_year(time, n[first], n[!first]) || this_year(time, n[!first], n[first]) ||
               set_date(time, n[0], n[1], 1) || set_date(time, n[1], n[0], 1);
    }
    if (date->count != 3) return false;
    bool day_first = order == 1;
    if (order == 2 && set_date(time, n[0], n[1], n[2])) return true;
    return set_date(time, n[2], n[day_first], n[!day_first]) || set_date(time, n[0], n[1], n[2]) ||
           set_date(time, n[2], n[!day_first], n[day_first]);
}

HOTPATCH HRESULT WINAPI VarDateFromStr(OLECHAR *text, LCID lcid, ULONG flags, DATE *result)
{
    struct date_text date;
    UDATE parts = {.st = {.wYear = 1899, .wMonth = 12, .wDay = 30}};
    WCHAR order[4] = L"0";
    if (!text || !scan(text, lcid, flags, &date) || !split_time(&date, &parts.st)) return DISP_E_TYPEMISMATCH;
    GetLocaleInfoW(lcid, LOCALE_IDATE | (flags & LOCALE_NOUSEROVERRIDE), order, ARRAY_LENGTH(order));
    if ((date.count || date.month) && !order_date(&date, order[0] - '0', &parts.st))
        return DISP_E_TYPEMISMATCH;
    return VarDateFromUdateEx(&parts, lcid, flags & (VAR_TIMEVALUEONLY | VAR_DATEVALUEONLY), result);
}
