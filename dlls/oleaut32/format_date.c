// VarFormat for dates and times.
#include "format.h"

struct moment {
    DATE date;
    SYSTEMTIME time;
    int day_of_year; // from 1
    bool twelve;     // hours are of half days
};

int first_day_of_week(int first_day, LCID lcid)
{
    DWORD monday_based = 6;
    if (first_day) return first_day;
    GetLocaleInfoW(lcid, LOCALE_IFIRSTDAYOFWEEK | LOCALE_RETURN_NUMBER, (WCHAR *)&monday_based,
                   sizeof(monday_based) / sizeof(WCHAR));
    return (int)(monday_based + 1) % 7 + 1;
}

// 1: the week of 1 January is the first one, 2: that with four days of the year, 3: the first whole one.
static int first_week_rule(int first_week, LCID lcid)
{
    static const int rules[] = {1, 3, 2};
    DWORD rule = 0;
    if (first_week) return first_week;
    GetLocaleInfoW(lcid, LOCALE_IFIRSTWEEKOFYEAR | LOCALE_RETURN_NUMBER, (WCHAR *)&rule,
                   sizeof(rule) / sizeof(WCHAR));
    return rules[rule < ARRAY_LENGTH(rules) ? rule : 0];
}

static int year_days(int year)
{
    return year % 4 || (year % 100 == 0 && year % 400) ? 365 : 366;
}

// Whether a year's first days, `offset` days after a week began, are still of the year before.
static bool is_of_last_year(int rule, int offset)
{
    return (rule == 2 && offset > 3) || (rule == 3 && offset > 0);
}

static int week_of_year(const struct moment *moment, int first_day, int rule)
{
    int in_week = (moment->time.wDayOfWeek + 8 - first_day) % 7; // days since the week began
    int day = moment->day_of_year - 1, length = year_days(moment->time.wYear);
    int offset = ((in_week - day) % 7 + 7) % 7;
    int week = (day + offset) / 7 + !is_of_last_year(rule, offset);
    if (!week) { // the last one of the year before
        day += year_days(moment->time.wYear - 1);
        offset = ((in_week - day) % 7 + 7) % 7;
        return (day + offset) / 7 + !is_of_last_year(rule, offset);
    }
    // The last days may be of the next year's first week.
    if (rule == 2 && day - in_week + 7 > length && !is_of_last_year(rule, (length + offset) % 7)) week = 1;
    return week;
}

static void put_date(struct output *out, const struct moment *moment, DWORD flags)
{
    WCHAR text[128];
    int size = GetDateFormatW(out->lcid, flags, &moment->time, NULL, text, ARRAY_LENGTH(text));
    if (size > 0) put_text(out, text, (ULONG)size - 1);
}

static void put_time(struct output *out, const struct moment *moment)
{
    WCHAR text[128];
    int size = GetTimeFormatW(out->lcid, 0, &moment->time, NULL, text, ARRAY_LENGTH(text));
    if (size > 0) put_text(out, text, (ULONG)size - 1);
}

static void put_general(struct output *out, const struct moment *moment)
{
    BSTR text;
    if (FAILED(VarBstrFromDate(moment->date, out->lcid, 0, &text))) return;
    put_text(out, text, SysStringLen(text));
    SysFreeString(text);
}

static void put_day(struct output *out, const struct moment *moment, int count)
{
    LCTYPE weekday = (moment->time.wDayOfWeek + 6u) % 7; // Monday is the first name
    switch (count) {
    case 1:
    case 2: put_number(out, moment->time.wDay, count); break;
    case 3: put_locale(out, LOCALE_SABBREVDAYNAME1 + weekday); break;
    case 4: put_locale(out, LOCALE_SDAYNAME1 + weekday); break;
    case 5: put_date(out, moment, DATE_SHORTDATE); break;
    default: put_date(out, moment, DATE_LONGDATE); break;
    }
}

static void put_month(struct output *out, const struct moment *moment, int count)
{
    LCTYPE month = moment->time.wMonth - 1u;
    if (count > 2)
        put_locale(out, (count == 3 ? LOCALE_SABBREVMONTHNAME1 : LOCALE_SMONTHNAME1) + month);
    else
        put_number(out, moment->time.wMonth, count);
}

static void put_year(struct output *out, const struct moment *moment, int count)
{
    switch (count) {
    case 1: put_number(out, (unsigned)moment->day_of_year, 1); break;
    case 2: put_number(out, moment->time.wYear % 100, 2); break;
    case 3: put_number(out, (unsigned)moment->day_of_year, 3); break;
    default: put_number(out, moment->time.wYear, 4); break;
    }
}

static unsigned hour_of(const struct moment *moment)
{
    unsigned hour = moment->time.wHour;
    return !moment->twelve ? hour : hour % 12 ? hour % 12 : 12;
}

static bool begins_with(const struct section *section, const WCHAR *word, int length)
{
    return section->end - section->at >= length &&
           CompareStringOrdinal(section->at, length, word, length, TRUE) == CSTR_EQUAL;
}

// The length of a mark of the half of the day at a place; 0: there is none.
static int half_day_mark(const struct section *section)
{
    static const WCHAR *const marks[] = {L"AM/PM", L"AMPM", L"A/P"};
    for (unsigned i = 0; i < ARRAY_LENGTH(marks); i++)
        if (begins_with(section, marks[i], lstrlenW(marks[i]))) return lstrlenW(marks[i]);
    return 0;
}

// The mark's own letters are written, but for AMPM, which asks for the locale's.
static void put_half_day(struct output *out, const struct moment *moment, const WCHAR *mark, int length)
{
    bool afternoon = moment->time.wHour >= 12;
    if (length == 4)
        put_locale(out, afternoon ? LOCALE_S2359 : LOCALE_S1159);
    else
        put_text(out, mark + (afternoon ? length / 2 + 1 : 0), (ULONG)length / 2);
}

static bool has_half_days(struct section section)
{
    struct piece piece;
    while (section.at < section.end) {
        if (half_day_mark(&section)) return true;
        next_piece(&section, &piece);
    }
    return false;
}

// `count` letters alike; false: such a letter means nothing.
static bool put_letters(struct output *out, const struct format *format, const struct moment *moment,
                        WCHAR letter, int count, bool behind_hours)
{
    const int first_day = first_day_of_week(format->first_day, out->lcid);
    switch (letter) {
    case 'd': put_day(out, moment, count); return true;
    case 'm':
        if (behind_hours && count <= 2)
            put_number(out, moment->time.wMinute, count);
        else
            put_month(out, moment, count);
        return true;
    case 'y': put_year(out, moment, count); return true;
    case 'h': put_number(out, hour_of(moment), count > 1 ? 2 : 1); return true;
    case 'n': put_number(out, moment->time.wMinute, count > 1 ? 2 : 1); return true;
    case 's': put_number(out, moment->time.wSecond, count > 1 ? 2 : 1); return true;
    case 'q': put_number(out, (moment->time.wMonth + 2u) / 3, 1); return true;
    case 'w':
        if (count == 1)
            put_number(out, (moment->time.wDayOfWeek + 8u - (unsigned)first_day) % 7 + 1, 1);
        else
            put_number(
                out,
                (unsigned)week_of_year(moment, first_day, first_week_rule(format->first_week, out->lcid)), 1);
        return true;
    case 'c': put_general(out, moment); return true;
    case 't':
        if (count == 5) put_time(out, moment);
        return count == 5;
    }
    return false;
}

static void put_pieces(struct output *out, const struct format *format, const struct moment *moment)
{
    struct section section = format->section[0];
    struct piece piece;
    bool behind_hours = false; // an m that comes next counts minutes
    while (section.at < section.end) {
        const WCHAR *begin = section.at;
        int mark = half_day_mark(&section), count = 1;
        if (mark) {
            put_half_day(out, moment, begin, mark);
            section.at += mark;
            continue;
        }
        next_piece(&section, &piece);
        if (piece.literal) {
            put_text(out, piece.literal, piece.length);
            continue;
        }
        WCHAR letter = piece.c >= 'A' && piece.c <= 'Z' ? piece.c | 0x20 : piece.c;
        while (section.at < section.end && letter >= 'a' && (*section.at | 0x20) == letter)
            section.at++, count++;
        if (put_letters(out, format, moment, letter, count, behind_hours))
            behind_hours = letter == 'h';
        else if (piece.c == ':' || piece.c == '/')
            put_locale(out, piece.c == ':' ? LOCALE_STIME : LOCALE_SDATE);
        else
            put_text(out, begin, (ULONG)count);
    }
}

HRESULT format_date(struct output *out, const struct format *format, VARIANT *value)
{
    struct moment moment;
    VARIANT date;
    UDATE parts;
    VariantInit(&date);
    HRESULT status = VariantChangeTypeEx(&date, value, out->lcid, 0, VT_DATE);
    if (FAILED(status)) { // the text of a number of days
        status = VariantChangeTypeEx(&date, value, out->lcid, 0, VT_R8);
        if (SUCCEEDED(status)) status = VariantChangeTypeEx(&date, &date, out->lcid, 0, VT_DATE);
    }
    if (SUCCEEDED(status)) status = VarUdateFromDate(V_DATE(&date), 0, &parts);
    if (FAILED(status)) return status;
    moment = (struct moment){.date = V_DATE(&date),
                             .time = parts.st,
                             .day_of_year = parts.wDayOfYear,
                             .twelve = has_half_days(format->section[0])};
    put_pieces(out, format, &moment);
    return S_OK;
}
