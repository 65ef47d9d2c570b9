// Dates, times, numbers and amounts of money as text, by a locale's patterns or the caller's.
#include "locale_override.h"
#include "locale_text.h"

static void put_text(struct text *out, const WCHAR *units)
{
    text_put_all(out, units, wide_length(units));
}

static void put_entry(struct text *out, struct locale_text list, unsigned index)
{
    WCHAR entry[64];
    locale_list_entry(list, index, entry, ARRAY_LENGTH(entry));
    put_text(out, entry);
}

// ---- date and time pictures ----

// Weekday from 0 for Monday.
static unsigned weekday(const SYSTEMTIME *time)
{
    return (time->wDayOfWeek + 6u) % 7;
}

// One run of a picture letter. False: the letter means nothing here and stands for itself.
static bool put_field(struct text *out, const struct locale *locale, const SYSTEMTIME *time, WCHAR letter,
                      unsigned run, DWORD flags, bool is_date)
{
    if (is_date) {
        switch (letter) {
        case 'd':
            if (run <= 2)
                text_put_digits(out, time->wDay, run);
            else
                put_entry(out, run == 3 ? locale->short_days : locale->days, weekday(time));
            return true;
        case 'M':
            if (run <= 2)
                text_put_digits(out, time->wMonth, run);
            else
                put_entry(out, run == 3 ? locale->short_months : locale->months, time->wMonth - 1u);
            return true;
        case 'y':
            if (run <= 2)
                text_put_digits(out, time->wYear % 100, run);
            else
                text_put_digits(out, time->wYear, run);
            return true;
        case 'g': put_text(out, locale_text(locale->era)); return true;
        }
        return false;
    }
    bool pm = time->wHour >= 12;
    switch (letter) {
    case 'h':
    case 'H': {
        unsigned hour = time->wHour;
        if (letter == 'h' && !(flags & TIME_FORCE24HOURFORMAT)) hour = hour % 12 ? hour % 12 : 12;
        text_put_digits(out, hour, run > 2 ? 2 : run);
        return true;
    }
    case 'm':
        if (!(flags & TIME_NOMINUTESORSECONDS)) text_put_digits(out, time->wMinute, run > 2 ? 2 : run);
        return true;
    case 's':
        if (!(flags & (TIME_NOSECONDS | TIME_NOMINUTESORSECONDS)))
            text_put_digits(out, time->wSecond, run > 2 ? 2 : run);
        return true;
    case 't': {
        const WCHAR *marker = pm ? locale_text(locale->pm) : locale_text(locale->am);
        if (flags & TIME_NOTIMEMARKER) return true;
        if (run == 1)
            text_put(out, marker[0]);
        else
            put_text(out, marker);
        return true;
    }
    }
    return false;
}

// Whether the first field of a date's picture is the number of a day.
static bool begins_with_day(const WCHAR *picture)
{
    while (*picture) {
        if (*picture == '\'') {
            picture++;
            while (*picture && *picture != '\'') picture++;
            if (*picture) picture++;
        } else if (*picture == 'd') {
            unsigned run = 0;
            while (picture[run] == 'd') run++;
            return run <= 2;
        } else if (*picture == 'M' || *picture == 'y' || *picture == 'g') {
            return false;
        } else {
            picture++;
        }
    }
    return false;
}

// Of the text behind a field that was left out only a blank and what follows it stays.
static void put_text_after(struct text *out, const struct text *text, bool after_hidden)
{
    size_t first = 0;
    while (after_hidden && first < text->length && text->units[first] != ' ') first++;
    text_put_all(out, text->units + first, text->length - first);
}

// Text between fields waits for the next one: where flags leave a field out, the text around it goes too.
static void put_picture(struct text *out, const struct locale *locale, const SYSTEMTIME *time,
                        const WCHAR *picture, DWORD flags, bool is_date)
{
    struct text pending = {};
    bool after_hidden = false, after_day = false;
    while (*picture) {
        WCHAR letter = *picture;
        if (letter == '\'') {
            // Quoted text; two quotes are one.
            picture++;
            while (*picture) {
                if (*picture == '\'') {
                    if (picture[1] != '\'') break;
                    picture++;
                }
                text_put(&pending, *picture++);
            }
            if (*picture) picture++;
            continue;
        }
        unsigned run = 0;
        while (picture[run] == letter) run++;
        struct text field = {};
        bool genitive = is_date && letter == 'M' && run >= 4 && (after_day || begins_with_day(picture + run));
        if (genitive) put_entry(&field, locale->genitive_months, time->wMonth - 1u);
        if (genitive || put_field(&field, locale, time, letter, run, flags, is_date)) {
            bool hidden = !field.length && !is_date;
            if (!hidden) {
                put_text_after(out, &pending, after_hidden);
                text_put_all(out, field.units, field.length);
            }
            after_hidden = hidden;
            after_day = is_date && letter == 'd' && run <= 2;
            pending.length = 0;
        } else {
            for (unsigned i = 0; i < run; i++) text_put(&pending, letter);
        }
        if (field.units) heap_free(field.units);
        picture += run;
    }
    // What follows the last field stays with it.
    put_text_after(out, &pending, after_hidden);
    if (pending.units) heap_free(pending.units);
}

static bool valid_time(const SYSTEMTIME *time)
{
    return time->wHour < 24 && time->wMinute < 60 && time->wSecond < 60 && time->wMilliseconds < 1000;
}

// Checks a date and works out its weekday, which callers need not give.
static bool complete_date(SYSTEMTIME *time)
{
    FILETIME file;
    SYSTEMTIME date = {.wYear = time->wYear, .wMonth = time->wMonth, .wDay = time->wDay};
    if (!SystemTimeToFileTime(&date, &file) || !FileTimeToSystemTime(&file, &date)) return false;
    time->wDayOfWeek = date.wDayOfWeek;
    return true;
}

static int format_date(const struct locale *locale, DWORD flags, const SYSTEMTIME *given,
                       const WCHAR *picture, WCHAR *buffer, int size)
{
    const DWORD kinds = DATE_SHORTDATE | DATE_LONGDATE | DATE_YEARMONTH | DATE_MONTHDAY;
    SYSTEMTIME time;
    if (!locale || size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD kind = flags & kinds;
    if ((picture && flags & (kinds | LOCALE_NOUSEROVERRIDE)) || (kind & (kind - 1)))
        return fail_with(ERROR_INVALID_FLAGS);
    if (given)
        time = *given;
    else
        GetLocalTime(&time);
    if (!complete_date(&time)) return fail_with(ERROR_INVALID_PARAMETER);
    WCHAR own[LOCALE_OVERRIDE_MAX + 1];
    if (!picture) {
        LCTYPE type = kind == DATE_LONGDATE    ? LOCALE_SLONGDATE
                      : kind == DATE_YEARMONTH ? LOCALE_SYEARMONTH
                      : kind == DATE_MONTHDAY  ? LOCALE_SMONTHDAY
                                               : LOCALE_SSHORTDATE;
        if (!locale_info(locale, type | (flags & LOCALE_NOUSEROVERRIDE), own, ARRAY_LENGTH(own))) return 0;
        picture = own;
    }
    struct text out = {};
    put_picture(&out, locale, &time, picture, 0, true);
    return text_give(&out, buffer, size);
}

static int format_time(const struct locale *locale, DWORD flags, const SYSTEMTIME *given,
                       const WCHAR *picture, WCHAR *buffer, int size)
{
    SYSTEMTIME time;
    if (!locale || size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (given)
        time = *given;
    else
        GetLocalTime(&time);
    if (picture && flags & LOCALE_NOUSEROVERRIDE) return fail_with(ERROR_INVALID_FLAGS);
    if (!valid_time(&time)) return fail_with(ERROR_INVALID_PARAMETER);
    WCHAR own[LOCALE_OVERRIDE_MAX + 1];
    if (!picture) {
        if (!locale_info(locale, LOCALE_STIMEFORMAT | (flags & LOCALE_NOUSEROVERRIDE), own,
                         ARRAY_LENGTH(own)))
            return 0;
        picture = own;
    }
    struct text out = {};
    put_picture(&out, locale, &time, picture, flags, false);
    return text_give(&out, buffer, size);
}

HOTPATCH int WINAPI GetDateFormatW(LCID id, DWORD flags, const SYSTEMTIME *time, const WCHAR *picture,
                                   WCHAR *buffer, int size)
{
    return format_date(locale_from_id(id), flags, time, picture, buffer, size);
}

HOTPATCH int WINAPI GetDateFormatEx(const WCHAR *name, DWORD flags, const SYSTEMTIME *time,
                                    const WCHAR *picture, WCHAR *buffer, int size, const WCHAR *calendar)
{
    if (calendar) return fail_with(ERROR_INVALID_PARAMETER);
    return format_date(locale_from_name(name), flags, time, picture, buffer, size);
}

HOTPATCH int WINAPI GetTimeFormatW(LCID id, DWORD flags, const SYSTEMTIME *time, const WCHAR *picture,
                                   WCHAR *buffer, int size)
{
    return format_time(locale_from_id(id), flags, time, picture, buffer, size);
}

HOTPATCH int WINAPI GetTimeFormatEx(const WCHAR *name, DWORD flags, const SYSTEMTIME *time,
                                    const WCHAR *picture, WCHAR *buffer, int size)
{
    return format_time(locale_from_name(name), flags, time, picture, buffer, size);
}

// ---- numbers ----

// "-1234567.891": what the functions take. False for anything else.
static bool parse_value(const WCHAR *value, bool *negative, const WCHAR **whole, unsigned *whole_length,
                        const WCHAR **fraction, unsigned *fraction_length)
{
    *negative = *value == '-';
    if (*negative) value++;
    *whole = value;
    while (*value >= '0' && *value <= '9') value++;
    *whole_length = (unsigned)(value - *whole);
    *fraction = value;
    *fraction_length = 0;
    if (*value == '.') {
        *fraction = ++value;
        while (*value >= '0' && *value <= '9') value++;
        *fraction_length = (unsigned)(value - *fraction);
    }
    return !*value && (*whole_length || *fraction_length);
}

// Digits of the rounded number, whole part and fraction, without separators. Allocated in out.
static void put_rounded(struct text *out, const WCHAR *whole, unsigned whole_length, const WCHAR *fraction,
                        unsigned fraction_length, unsigned digits, unsigned *whole_digits)
{
    text_put(out, '0');
    while (whole_length > 1 && *whole == '0') whole++, whole_length--;
    text_put_all(out, whole, whole_length);
    for (unsigned i = 0; i < digits; i++) text_put(out, i < fraction_length ? fraction[i] : '0');
    if (digits < fraction_length && fraction[digits] >= '5' && out->length) {
        // Carries into the zero that was put in front.
        SIZE_T i = out->length;
        while (i-- > 0) {
            if (out->units[i] != '9') {
                out->units[i]++;
                break;
            }
            out->units[i] = '0';
        }
    }
    *whole_digits = (unsigned)out->length - digits;
}

// How many separators belong before the place that has rest digits to its right. groups: 3, 32, 30, ...
static unsigned separators_at(unsigned groups, unsigned rest)
{
    unsigned sizes[8], n = 0;
    if (!groups || !rest) return 0;
    for (unsigned g = groups; g && n < 8; g /= 10) sizes[n++] = g % 10;
    // The digits came out from the right: the first group is the last in sizes. A zero at the end stops
    // grouping; without one the last size repeats. Zeroes between sizes are groups without digits.
    bool stops = sizes[0] == 0;
    unsigned sum = 0, found = 0;
    for (unsigned i = n; i-- > (stops ? 1u : 0u);) {
        sum += sizes[i];
        if (rest == sum) found++;
        if (rest < sum) return found;
    }
    unsigned last = sizes[stops ? 1 : 0];
    if (!found && !stops && last && (rest - sum) % last == 0) found++;
    return found;
}

struct number_style {
    unsigned digits, leading_zero, grouping;
    const WCHAR *decimal, *thousand;
};

static bool put_number(struct text *out, const WCHAR *value, const struct number_style *style, bool *negative)
{
    const WCHAR *whole, *fraction;
    unsigned whole_length, fraction_length, whole_digits;
    if (!parse_value(value, negative, &whole, &whole_length, &fraction, &fraction_length)) return false;
    struct text digits = {};
    put_rounded(&digits, whole, whole_length, fraction, fraction_length, style->digits, &whole_digits);
    unsigned first = 0;
    while (first < whole_digits && digits.units[first] == '0') first++;
    if (first == whole_digits && style->leading_zero) first--;
    for (unsigned i = first; i < whole_digits; i++) {
        unsigned separators = i != first ? separators_at(style->grouping, whole_digits - i) : 0;
        while (separators--) put_text(out, style->thousand);
        text_put(out, digits.units[i]);
    }
    if (style->digits) {
        put_text(out, style->decimal);
        text_put_all(out, digits.units + whole_digits, style->digits);
    }
    if (digits.failed) out->failed = true;
    if (digits.units) heap_free(digits.units);
    return true;
}

// LOCALE_SGROUPING ("3;2;0") as the number of NUMBERFMT: 32. Without the last zero the last group does not
// repeat; there a zero at the end says so.
static unsigned grouping_number(const WCHAR *text)
{
    unsigned value = 0;
    bool repeats = false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') continue;
        repeats = *text == '0';
        value = value * 10 + (unsigned)(*text - '0');
    }
    return repeats ? value / 10 : value * 10;
}

// What a locale says of numbers or sums, by the types that ask for it.
struct number_texts {
    WCHAR decimal[LOCALE_OVERRIDE_MAX + 1], thousand[LOCALE_OVERRIDE_MAX + 1];
};

static DWORD setting(const struct locale *locale, LCTYPE type)
{
    DWORD number = 0;
    locale_info(locale, type | LOCALE_RETURN_NUMBER, (WCHAR *)&number, sizeof(number) / sizeof(WCHAR));
    return number;
}

static struct number_style locale_style(const struct locale *locale, DWORD user, bool currency,
                                        struct number_texts *texts)
{
    WCHAR grouping[LOCALE_OVERRIDE_MAX + 1] = L"";
    locale_info(locale, user | (currency ? LOCALE_SMONGROUPING : LOCALE_SGROUPING), grouping,
                ARRAY_LENGTH(grouping));
    locale_info(locale, user | (currency ? LOCALE_SMONDECIMALSEP : LOCALE_SDECIMAL), texts->decimal,
                ARRAY_LENGTH(texts->decimal));
    locale_info(locale, user | (currency ? LOCALE_SMONTHOUSANDSEP : LOCALE_STHOUSAND), texts->thousand,
                ARRAY_LENGTH(texts->thousand));
    return (struct number_style){setting(locale, user | (currency ? LOCALE_ICURRDIGITS : LOCALE_IDIGITS)),
                                 setting(locale, user | LOCALE_ILZERO), grouping_number(grouping),
                                 texts->decimal, texts->thousand};
}

// Writes a pattern: n the number, s the currency, anything else itself.
static void put_pattern(struct text *out, const char *pattern, const struct text *number, const WCHAR *symbol)
{
    for (; *pattern; pattern++) {
        if (*pattern == 'n')
            text_put_all(out, number->units, number->length);
        else if (*pattern == 's')
            put_text(out, symbol);
        else
            text_put(out, (WCHAR)*pattern);
    }
}

static int format_number(const struct locale *locale, DWORD flags, const WCHAR *value,
                         const NUMBERFMTW *format, WCHAR *buffer, int size)
{
    static const char *const negatives[] = {"(n)", "-n", "- n", "n-", "n -"};
    if (!locale || !value || size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (format && flags) return fail_with(ERROR_INVALID_FLAGS);
    DWORD user = flags & LOCALE_NOUSEROVERRIDE;
    struct number_texts texts = {};
    struct number_style style = locale_style(locale, user, false, &texts);
    unsigned order = setting(locale, user | LOCALE_INEGNUMBER);
    if (format) {
        style = (struct number_style){format->NumDigits, format->LeadingZero, format->Grouping,
                                      format->lpDecimalSep, format->lpThousandSep};
        order = format->NegativeOrder;
        if (style.digits > 9 || style.leading_zero > 1 || order >= ARRAY_LENGTH(negatives) ||
            !style.decimal || !style.thousand)
            return fail_with(ERROR_INVALID_PARAMETER);
    }
    struct text number = {}, out = {};
    bool negative;
    if (!put_number(&number, value, &style, &negative)) {
        if (number.units) heap_free(number.units);
        return fail_with(ERROR_INVALID_PARAMETER);
    }
    put_pattern(&out, negative ? negatives[order % ARRAY_LENGTH(negatives)] : "n", &number, L"");
    if (number.units) heap_free(number.units);
    return text_give(&out, buffer, size);
}

static int format_currency(const struct locale *locale, DWORD flags, const WCHAR *value,
                           const CURRENCYFMTW *format, WCHAR *buffer, int size)
{
    static const char *const positives[] = {"sn", "ns", "s n", "n s"};
    static const char *const negatives[] = {"(sn)", "-sn",  "s-n",  "sn-",  "(ns)", "-ns",  "n-s",   "ns-",
                                            "-n s", "-s n", "n s-", "s n-", "s -n", "n- s", "(s n)", "(n s)"};
    if (!locale || !value || size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (format && flags) return fail_with(ERROR_INVALID_FLAGS);
    DWORD user = flags & LOCALE_NOUSEROVERRIDE;
    struct number_texts texts = {};
    struct number_style style = locale_style(locale, user, true, &texts);
    unsigned positive = setting(locale, user | LOCALE_ICURRENCY),
             minus = setting(locale, user | LOCALE_INEGCURR);
    WCHAR own_symbol[LOCALE_OVERRIDE_MAX + 1] = L"";
    locale_info(locale, user | LOCALE_SCURRENCY, own_symbol, ARRAY_LENGTH(own_symbol));
    const WCHAR *symbol = own_symbol;
    if (format) {
        style = (struct number_style){format->NumDigits, format->LeadingZero, format->Grouping,
                                      format->lpDecimalSep, format->lpThousandSep};
        positive = format->PositiveOrder;
        minus = format->NegativeOrder;
        symbol = format->lpCurrencySymbol;
        if (style.digits > 9 || style.leading_zero > 1 || positive >= ARRAY_LENGTH(positives) ||
            minus >= ARRAY_LENGTH(negatives) || !style.decimal || !style.thousand || !symbol)
            return fail_with(ERROR_INVALID_PARAMETER);
    }
    struct text number = {}, out = {};
    bool negative;
    if (!put_number(&number, value, &style, &negative)) {
        if (number.units) heap_free(number.units);
        return fail_with(ERROR_INVALID_PARAMETER);
    }
    put_pattern(&out,
                negative ? negatives[minus % ARRAY_LENGTH(negatives)]
                         : positives[positive % ARRAY_LENGTH(positives)],
                &number, symbol);
    if (number.units) heap_free(number.units);
    return text_give(&out, buffer, size);
}

HOTPATCH int WINAPI GetNumberFormatW(LCID id, DWORD flags, const WCHAR *value, const NUMBERFMTW *format,
                                     WCHAR *buffer, int size)
{
    return format_number(locale_from_id(id), flags, value, format, buffer, size);
}

HOTPATCH int WINAPI GetNumberFormatEx(const WCHAR *name, DWORD flags, const WCHAR *value,
                                      const NUMBERFMTW *format, WCHAR *buffer, int size)
{
    return format_number(locale_from_name(name), flags, value, format, buffer, size);
}

HOTPATCH int WINAPI GetCurrencyFormatW(LCID id, DWORD flags, const WCHAR *value, const CURRENCYFMTW *format,
                                       WCHAR *buffer, int size)
{
    return format_currency(locale_from_id(id), flags, value, format, buffer, size);
}

HOTPATCH int WINAPI GetCurrencyFormatEx(const WCHAR *name, DWORD flags, const WCHAR *value,
                                        const CURRENCYFMTW *format, WCHAR *buffer, int size)
{
    return format_currency(locale_from_name(name), flags, value, format, buffer, size);
}
