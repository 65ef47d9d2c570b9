// GetLocaleInfo: each LCTYPE is a text of the locale's record, a number of it, or put together from both.
#include "locale.h"
#include "locale_override.h"

// What a type's value is and where it lies in the record.
enum kind { TEXT, NUMBER };
struct item {
    DWORD type;
    BYTE kind;
    WORD offset;
};
#define AT(member) offsetof(struct locale, member)

static const struct item items[] = {
    {LOCALE_SNAME, TEXT, AT(name)},
    {LOCALE_SENGLISHLANGUAGENAME, TEXT, AT(language)},
    {LOCALE_SNATIVELANGUAGENAME, TEXT, AT(native_language)},
    {LOCALE_SENGLISHCOUNTRYNAME, TEXT, AT(country)},
    {LOCALE_SNATIVECOUNTRYNAME, TEXT, AT(native_country)},
    {LOCALE_SLOCALIZEDCOUNTRYNAME, TEXT, AT(country)},
    {LOCALE_SABBREVLANGNAME, TEXT, AT(abbreviated_language)},
    {LOCALE_SABBREVCTRYNAME, TEXT, AT(abbreviated_country)},
    {LOCALE_SISO639LANGNAME, TEXT, AT(iso_language)},
    {LOCALE_SISO639LANGNAME2, TEXT, AT(iso_language3)},
    {LOCALE_SISO3166CTRYNAME, TEXT, AT(iso_country)},
    {LOCALE_SISO3166CTRYNAME2, TEXT, AT(abbreviated_country)},
    {LOCALE_ICOUNTRY, NUMBER, AT(country_code)},
    {LOCALE_IDEFAULTCOUNTRY, NUMBER, AT(country_code)},
    {LOCALE_IGEOID, NUMBER, AT(geo_id)},
    {LOCALE_IDEFAULTANSICODEPAGE, NUMBER, AT(ansi_code_page)},
    {LOCALE_IDEFAULTCODEPAGE, NUMBER, AT(oem_code_page)},
    {LOCALE_IMEASURE, NUMBER, AT(measure)},
    {LOCALE_IFIRSTDAYOFWEEK, NUMBER, AT(first_day)},
    {LOCALE_IFIRSTWEEKOFYEAR, NUMBER, AT(first_week)},
    {LOCALE_IPAPERSIZE, NUMBER, AT(paper)},
    {LOCALE_SLIST, TEXT, AT(list_separator)},
    {LOCALE_SDECIMAL, TEXT, AT(decimal)},
    {LOCALE_STHOUSAND, TEXT, AT(thousand)},
    {LOCALE_SGROUPING, TEXT, AT(grouping)},
    {LOCALE_SMONDECIMALSEP, TEXT, AT(decimal)},
    {LOCALE_SMONTHOUSANDSEP, TEXT, AT(thousand)},
    {LOCALE_SMONGROUPING, TEXT, AT(grouping)},
    {LOCALE_SCURRENCY, TEXT, AT(currency)},
    {LOCALE_SINTLSYMBOL, TEXT, AT(iso_currency)},
    {LOCALE_SENGCURRNAME, TEXT, AT(currency_name)},
    {LOCALE_SNATIVECURRNAME, TEXT, AT(currency_name)},
    {LOCALE_ICURRENCY, NUMBER, AT(positive_currency)},
    {LOCALE_INEGCURR, NUMBER, AT(negative_currency)},
    {LOCALE_ICURRDIGITS, NUMBER, AT(currency_digits)},
    {LOCALE_IINTLCURRDIGITS, NUMBER, AT(currency_digits)},
    {LOCALE_IPOSITIVEPERCENT, NUMBER, AT(percent)},
    {LOCALE_SSHORTDATE, TEXT, AT(short_date)},
    {LOCALE_SLONGDATE, TEXT, AT(long_date)},
    {LOCALE_SYEARMONTH, TEXT, AT(year_month)},
    {LOCALE_SMONTHDAY, TEXT, AT(month_day)},
    {LOCALE_STIMEFORMAT, TEXT, AT(time_format)},
    {LOCALE_SSHORTTIME, TEXT, AT(short_time)},
    {LOCALE_SAM, TEXT, AT(am)},
    {LOCALE_SPM, TEXT, AT(pm)},
    {LOCALE_SSCRIPTS, TEXT, AT(scripts)},
};

// Types whose value is the same in every locale here.
static const struct {
    DWORD type;
    const WCHAR *value;
} constants[] = {
    {LOCALE_SNATIVEDIGITS, L"0123456789"}, {LOCALE_SNEGATIVESIGN, L"-"},      {LOCALE_SNAN, L"NaN"},
    {LOCALE_SPOSINFINITY, L"\x221E"},      {LOCALE_SNEGINFINITY, L"-\x221E"}, {LOCALE_SPERCENT, L"%"},
    {LOCALE_SPERMILLE, L"\x2030"},         {LOCALE_SDURATION, L"h:mm:ss"},
};

static const struct {
    DWORD type;
    DWORD value;
} numeric_constants[] = {
    {LOCALE_IDIGITS, 2},
    {LOCALE_ILZERO, 1},
    {LOCALE_INEGNUMBER, 1},
    {LOCALE_ICALENDARTYPE, CAL_GREGORIAN},
    {LOCALE_IOPTIONALCALENDAR, 0},
    {LOCALE_ICENTURY, 1},
    {LOCALE_IDIGITSUBSTITUTION, 1},
    {LOCALE_INEUTRAL, 0},
    {LOCALE_IDEFAULTMACCODEPAGE, 10000},
    {LOCALE_IDEFAULTEBCDICCODEPAGE, 37},
};

// The member at offset: a number, or where a text lies.
static WORD member(const struct locale *locale, WORD offset)
{
    return *(const WORD *)((const char *)locale + offset);
}

// Decimal or, where Windows writes that, hexadecimal digits. At least width of them.
static void write_number(WCHAR *buffer, DWORD value, unsigned base, int width)
{
    WCHAR digits[12];
    int n = 0;
    do {
        digits[n++] = L"0123456789abcdef"[value % base];
        value /= base;
    } while (value || n < width);
    while (n) *buffer++ = digits[--n];
    *buffer = 0;
}

// The first separator of a date or time pattern: what stands between its letters.
static void write_separator(WCHAR *buffer, const WCHAR *pattern)
{
    const WCHAR letters[] = L"yMdHhmst";
    while (*pattern) {
        bool letter = false;
        for (const WCHAR *at = letters; *at; at++) letter |= *at == *pattern;
        if (!letter) break;
        pattern++;
    }
    int n = 0;
    while (*pattern && n < 8) {
        bool letter = false;
        for (const WCHAR *at = letters; *at; at++) letter |= *at == *pattern;
        if (letter) break;
        buffer[n++] = *pattern++;
    }
    buffer[n] = 0;
}

// Whether a pattern has a letter count times in a row.
static bool has(const WCHAR *pattern, WCHAR letter, unsigned count)
{
    for (unsigned run = 0; *pattern; pattern++) {
        run = *pattern == letter ? run + 1 : 0;
        if (run == count) return true;
    }
    return false;
}

// The order of month, day and year in a pattern: 0 MDY, 1 DMY, 2 YMD.
static DWORD date_order(const WCHAR *pattern)
{
    while (*pattern) {
        WCHAR letter = *pattern;
        unsigned run = 0;
        while (*pattern == letter) pattern++, run++;
        if (letter == 'M') return 0;
        if (letter == 'd' && run <= 2) return 1; // more are the weekday
        if (letter == 'y') return 2;
    }
    return 0;
}

// LOCALE_IREADINGLAYOUT: 1 from right to left, 2 also in columns that begin at the right, otherwise 0.
static DWORD reading_layout(const struct locale *locale)
{
    static const WCHAR *const from_right[] = {L"Arab;", L"Hebr;", L"Syrc;", L"Thaa;", L"Nkoo;"};
    for (size_t i = 0; i < ARRAY_LENGTH(from_right); i++)
        if (wcsstr(locale_text(locale->scripts), from_right[i])) return 1;
    return locale->id == MAKELANGID(LANG_JAPANESE, SUBLANG_JAPANESE_JAPAN) ? 2 : 0;
}

// What a console shows texts in: English for scripts whose letters change by their neighbours.
static const WCHAR *console_fallback(const struct locale *locale)
{
    switch (locale->ansi_code_page) {
    case 0:    // none, as with the scripts of India
    case 874:  // Thai
    case 1255: // Hebrew
    case 1256: // Arabic
    case 1258: // Vietnamese
        return L"en-US";
    }
    return locale_text(locale->name);
}

// Numbers that are read off the patterns. False: not such a type.
static bool derived_number(const struct locale *locale, DWORD type, DWORD *value)
{
    bool symbol_first = locale->negative_currency <= 3 || locale->negative_currency == 9 ||
                        (locale->negative_currency >= 11 && locale->negative_currency <= 12);
    switch (type) {
    case LOCALE_ILANGUAGE: *value = locale->id; return true;
    case LOCALE_IDEFAULTLANGUAGE: *value = locale->id == LOCALE_INVARIANT ? 0x0409 : locale->id; return true;
    case LOCALE_IDATE: *value = date_order(locale_text(locale->short_date)); return true;
    case LOCALE_ILDATE: *value = date_order(locale_text(locale->long_date)); return true;
    case LOCALE_ITIME: *value = has(locale_text(locale->time_format), 'H', 1); return true;
    case LOCALE_ITIMEMARKPOSN: *value = locale_text(locale->time_format)[0] == 't'; return true;
    case LOCALE_ITLZERO:
        *value =
            has(locale_text(locale->time_format), 'H', 2) || has(locale_text(locale->time_format), 'h', 2);
        return true;
    case LOCALE_IDAYLZERO: *value = has(locale_text(locale->short_date), 'd', 2); return true;
    case LOCALE_IMONLZERO: *value = has(locale_text(locale->short_date), 'M', 2); return true;
    case LOCALE_IPOSSIGNPOSN: *value = 3; return true;
    case LOCALE_INEGSIGNPOSN: *value = locale->negative_currency == 0 ? 0 : symbol_first ? 3 : 1; return true;
    case LOCALE_IPOSSYMPRECEDES: *value = !(locale->positive_currency & 1); return true;
    case LOCALE_INEGSYMPRECEDES: *value = symbol_first; return true;
    case LOCALE_IPOSSEPBYSPACE: *value = locale->positive_currency >= 2; return true;
    case LOCALE_IREADINGLAYOUT: *value = reading_layout(locale); return true;
    // The orders of a negative number are the positive ones', and further on one with a blank.
    case LOCALE_INEGATIVEPERCENT: *value = locale->percent == 3 ? 7 : locale->percent; return true;
    case LOCALE_INEGSEPBYSPACE:
        *value = locale->negative_currency >= 8 && locale->negative_currency <= 15;
        return true;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(numeric_constants); i++)
        if (numeric_constants[i].type == type) {
            *value = numeric_constants[i].value;
            return true;
        }
    for (size_t i = 0; i < ARRAY_LENGTH(items); i++)
        if (items[i].type == type && items[i].kind == NUMBER) {
            *value = member(locale, items[i].offset);
            return true;
        }
    return false;
}

static void append(WCHAR *buffer, const WCHAR *text)
{
    lstrcatW(buffer, text);
}

// "English (United States)".
static void write_display_name(WCHAR *buffer, const WCHAR *language, const WCHAR *country)
{
    lstrcpyW(buffer, language);
    append(buffer, L" (");
    append(buffer, country);
    append(buffer, L")");
}

// A locale's name without its last part: "" is the parent of what has only one.
static const WCHAR *write_parent(WCHAR *buffer, const WCHAR *name)
{
    lstrcpynW(buffer, name, LOCALE_NAME_MAX_LENGTH);
    WCHAR *last = wcsrchr(buffer, '-');
    *(last ? last : buffer) = 0;
    return buffer;
}

// Texts that are made. False: not such a type.
static bool derived_text(const struct locale *locale, DWORD type, WCHAR *buffer, unsigned size)
{
    if (type >= LOCALE_SDAYNAME1 && type <= LOCALE_SDAYNAME7)
        locale_list_entry(locale->days, type - LOCALE_SDAYNAME1, buffer, size);
    else if (type >= LOCALE_SABBREVDAYNAME1 && type <= LOCALE_SABBREVDAYNAME7)
        locale_list_entry(locale->short_days, type - LOCALE_SABBREVDAYNAME1, buffer, size);
    else if (type >= LOCALE_SMONTHNAME1 && type <= LOCALE_SMONTHNAME12)
        locale_list_entry(locale->months, type - LOCALE_SMONTHNAME1, buffer, size);
    else if (type >= LOCALE_SABBREVMONTHNAME1 && type <= LOCALE_SABBREVMONTHNAME12)
        locale_list_entry(locale->short_months, type - LOCALE_SABBREVMONTHNAME1, buffer, size);
    else if (type >= LOCALE_SSHORTESTDAYNAME1 && type <= LOCALE_SSHORTESTDAYNAME7) {
        locale_list_entry(locale->short_days, type - LOCALE_SSHORTESTDAYNAME1, buffer, size);
        if (buffer[0] && buffer[1]) buffer[2] = 0;
    } else {
        switch (type) {
        case LOCALE_SMONTHNAME13:
        case LOCALE_SABBREVMONTHNAME13: buffer[0] = 0; break; // the Gregorian year has twelve
        case LOCALE_SDATE: write_separator(buffer, locale_text(locale->short_date)); break;
        case LOCALE_STIME: write_separator(buffer, locale_text(locale->time_format)); break;
        case LOCALE_SLANGUAGE:
        case LOCALE_SENGLISHDISPLAYNAME:
            write_display_name(buffer, locale_text(locale->language), locale_text(locale->country));
            break;
        case LOCALE_SNATIVEDISPLAYNAME:
            write_display_name(buffer, locale_text(locale->native_language),
                               locale_text(locale->native_country));
            break;
        case LOCALE_SPARENT: write_parent(buffer, locale_text(locale->name)); break;
        // Only the invariant locale writes it.
        case LOCALE_SPOSITIVESIGN: lstrcpyW(buffer, locale->id == LOCALE_INVARIANT ? L"+" : L""); break;
        case LOCALE_SLOCALIZEDLANGUAGENAME: lstrcpyW(buffer, locale_text(locale->language)); break;
        case LOCALE_SCONSOLEFALLBACKNAME: lstrcpyW(buffer, console_fallback(locale)); break;
        case LOCALE_SSORTNAME: lstrcpyW(buffer, L"Default"); break;
        case LOCALE_SSORTLOCALE: lstrcpyW(buffer, locale_text(locale->name)); break;
        case LOCALE_SKEYBOARDSTOINSTALL:
            write_number(buffer, locale->id, 16, 4);
            append(buffer, L":0000");
            write_number(buffer + 9, locale->id, 16, 4);
            break;
        default: return false;
        }
    }
    return true;
}

// Writes the text of a type; NULL when the type is unknown.
static const WCHAR *text_of(const struct locale *locale, DWORD type, WCHAR *scratch, unsigned size)
{
    DWORD number;
    for (size_t i = 0; i < ARRAY_LENGTH(items); i++)
        if (items[i].type == type && items[i].kind == TEXT)
            return locale_text((struct locale_text){member(locale, items[i].offset)});
    for (size_t i = 0; i < ARRAY_LENGTH(constants); i++)
        if (constants[i].type == type) return constants[i].value;
    if (derived_text(locale, type, scratch, size)) return scratch;
    if (!derived_number(locale, type, &number)) return NULL;
    bool hexadecimal = type == LOCALE_ILANGUAGE || type == LOCALE_IDEFAULTLANGUAGE;
    write_number(scratch, number, hexadecimal ? 16 : 10,
                 hexadecimal                             ? 4
                 : type == LOCALE_IDEFAULTEBCDICCODEPAGE ? 3
                                                         : 1);
    return scratch;
}

#define MODIFIERS                                                                                            \
    (LOCALE_NOUSEROVERRIDE | LOCALE_USE_CP_ACP | LOCALE_RETURN_NUMBER | LOCALE_RETURN_GENITIVE_NAMES |       \
     LOCALE_ALLOW_NEUTRAL_NAMES)

static int give_text(const WCHAR *text, WCHAR *buffer, int size)
{
    int length = (int)wide_length(text) + 1;
    if (size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!size) return length;
    if (size < length) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, text, (SIZE_T)length * sizeof(WCHAR));
    return length;
}

int locale_info(const struct locale *locale, LCTYPE type, WCHAR *buffer, int size)
{
    WCHAR scratch[256];
    DWORD plain = type & ~MODIFIERS;
    bool overridden = !(type & LOCALE_NOUSEROVERRIDE) && locale_override(locale, plain, scratch);
    if (size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (type & LOCALE_RETURN_NUMBER) {
        DWORD number;
        if (!derived_number(locale, plain, &number)) return fail_with(ERROR_INVALID_FLAGS);
        if (overridden) number = wcstoul(scratch, NULL, 10);
        if (!size) return sizeof(number) / sizeof(WCHAR);
        if (size < (int)(sizeof(number) / sizeof(WCHAR))) return fail_with(ERROR_INSUFFICIENT_BUFFER);
        memcpy(buffer, &number, sizeof(number));
        return sizeof(number) / sizeof(WCHAR);
    }
    const WCHAR *text = overridden ? scratch : text_of(locale, plain, scratch, ARRAY_LENGTH(scratch));
    if (type & LOCALE_RETURN_GENITIVE_NAMES && plain >= LOCALE_SMONTHNAME1 && plain <= LOCALE_SMONTHNAME12)
        locale_list_entry(locale->genitive_months, plain - LOCALE_SMONTHNAME1, scratch,
                          ARRAY_LENGTH(scratch));
    if (!text) return fail_with(ERROR_INVALID_FLAGS);
    return give_text(text, buffer, size);
}

HOTPATCH int WINAPI GetLocaleInfoW(LCID id, LCTYPE type, WCHAR *buffer, int size)
{
    const struct locale *locale = locale_from_id(id);
    if (!locale) return fail_with(ERROR_INVALID_PARAMETER);
    return locale_info(locale, type, buffer, size);
}

// What differs for a language without a region. NULL: nothing.
static const WCHAR *neutral_text(const struct locale_alias *alias, DWORD type, WCHAR *scratch)
{
    switch (type) {
    case LOCALE_SNAME: return locale_text(alias->name);
    case LOCALE_SPARENT: return write_parent(scratch, locale_text(alias->name));
    case LOCALE_INEUTRAL: return L"1";
    default: return NULL;
    }
}

HOTPATCH int WINAPI GetLocaleInfoEx(const WCHAR *name, LCTYPE type, WCHAR *buffer, int size)
{
    WCHAR scratch[LOCALE_NAME_MAX_LENGTH];
    struct locale_found found = locale_lookup_name(name);
    if (!found.record) return fail_with(ERROR_INVALID_PARAMETER);
    const WCHAR *text = locale_is_neutral(found) && !(type & LOCALE_RETURN_NUMBER)
                            ? neutral_text(found.alias, type & ~MODIFIERS, scratch)
                            : NULL;
    return text ? give_text(text, buffer, size) : locale_info(found.record, type, buffer, size);
}

HOTPATCH int WINAPI GetLocaleInfoA(LCID id, LCTYPE type, char *buffer, int size)
{
    WCHAR wide[256];
    if (size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    // Newer than the ANSI function.
    if (type & LOCALE_RETURN_GENITIVE_NAMES || (type & 0xFFFF) == LOCALE_SSHORTTIME)
        return fail_with(ERROR_INVALID_FLAGS);
    int length = GetLocaleInfoW(id, type, wide, ARRAY_LENGTH(wide));
    if (!length) return 0;
    if (type & LOCALE_RETURN_NUMBER) {
        if (!size) return sizeof(DWORD);
        if (size < (int)sizeof(DWORD)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
        memcpy(buffer, wide, sizeof(DWORD));
        return sizeof(DWORD);
    }
    // In the locale's own code page unless the caller asks for the system's.
    const struct locale *locale = locale_from_id(id);
    UINT code_page = locale_code_page(locale, type);
    return WideCharToMultiByte(code_page, 0, wide, length, buffer, size, NULL, NULL);
}
