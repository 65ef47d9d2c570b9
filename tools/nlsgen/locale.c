// locale.nls: names, patterns and signs of locales (dlls/kernelbase/locale_record.h), from ICU's data and
// locale_facts.c.
#include "locale.h"
#include "dlls/kernelbase/locale_record.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uloc.h>
#include <unicode/ulocdata.h>
#include <unicode/unum.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#define TEXT_MAX 512

// A locale as ICU is asked for it: by its own name, and with the calendar and digits that Windows' patterns
// assume.
struct source {
    const struct locale_facts *facts;
    const char *plain, *gregorian;
};

static void check(UErrorCode error, const char *locale, const char *what)
{
    if (U_FAILURE(error)) die("%s of %s: %s", what, locale, u_errorName(error));
}

// ---- texts: each is written once ----

static struct locale_text add_text(struct words *file, const UChar *text, size_t length)
{
    size_t at = LOCALE_HEADER_WORDS + file->data[0] * LOCALE_WORDS + file->data[2] * LOCALE_ALIAS_WORDS;

    while (at < file->n) {
        size_t n = u_strlen(file->data + at);

        if (n == length && !memcmp(file->data + at, text, n * sizeof *text)) break;
        at += n + 1;
    }
    if (at > UINT16_MAX) die("locale.nls: more text than 16-bit offsets reach");
    if (at == file->n) {
        words_append(file, (const uint16_t *)text, length);
        words_add(file, 0);
    }
    return (struct locale_text){at};
}

static struct locale_text add_ascii(struct words *file, const char *text)
{
    UChar wide[TEXT_MAX];

    u_uastrcpy(wide, text);
    return add_text(file, wide, strlen(text));
}

// Windows writes a plain or a no-break space where CLDR has thin ones, and no direction marks.
static size_t plain_text(UChar *text, UChar narrow_space)
{
    size_t n = 0;

    for (const UChar *at = text; *at; at++) {
        if (*at == 0x200E || *at == 0x200F || *at == 0x061C) continue;
        text[n++] = *at == 0x202F ? narrow_space : *at;
    }
    text[n] = 0;
    return n;
}

// ---- dates ----

// An ICU date pattern in Windows' letters.
static struct locale_text add_pattern(struct words *file, UChar *pattern)
{
    UChar out[TEXT_MAX];
    size_t n = 0, length = plain_text(pattern, ' ');

    for (size_t i = 0, run; i < length; i += run) {
        UChar c = pattern[i], letter = c;

        if (c == '\'') {
            const UChar *end = u_strchr(pattern + i + 1, '\'');
            run = end ? (size_t)(end - (pattern + i)) + 1 : length - i;
            memcpy(out + n, pattern + i, run * sizeof *out);
            n += run;
            continue;
        }
        for (run = 1; i + run < length && pattern[i + run] == c; run++)
            ;
        size_t width = run;
        switch (c) {
        case 'y': width = 4; break; // Windows' short dates have whole years, too
        case 'E': letter = 'd', width = run == 4 ? 4 : 3; break;
        case 'L':
        case 'M': letter = 'M', width = run < 4 ? run : 4; break;
        case 'a':
        case 'B': letter = 't', width = 2; break;
        case 'G': width = 0; break;
        }
        while (width--) out[n++] = letter;
    }
    while (n && out[n - 1] == ' ') n--;
    size_t first = 0;
    while (first < n && out[first] == ' ') first++;
    return add_text(file, out + first, n - first);
}

static struct locale_text add_style(struct words *file, const struct source *source, UDateFormatStyle time,
                                    UDateFormatStyle date)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar pattern[TEXT_MAX];
    UDateFormat *format = udat_open(time, date, source->gregorian, NULL, 0, NULL, 0, &error);

    check(error, source->plain, "date format");
    udat_toPattern(format, false, pattern, TEXT_MAX, &error);
    check(error, source->plain, "date pattern");
    udat_close(format);
    return add_pattern(file, pattern);
}

static struct locale_text add_skeleton(struct words *file, const struct source *source, const UChar *skeleton)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar pattern[TEXT_MAX] = {0};
    UDateTimePatternGenerator *generator = udatpg_open(source->gregorian, &error);

    check(error, source->plain, "date patterns");
    udatpg_getBestPattern(generator, skeleton, -1, pattern, TEXT_MAX - 1, &error);
    check(error, source->plain, "date pattern");
    udatpg_close(generator);
    return add_pattern(file, pattern);
}

// n symbols from number first on, after last comes number 1 (weeks begin on Monday); '|' between them.
static struct locale_text add_symbols(struct words *file, const UDateFormat *format,
                                      UDateFormatSymbolType type, int first, int n, const char *locale)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar list[2 * TEXT_MAX];
    size_t length = 0;

    for (int i = 0; i < n; i++) {
        int number = first == 2 && i == n - 1 ? 1 : first + i;

        if (i) list[length++] = '|';
        length += udat_getSymbols(format, type, number, list + length, 64, &error);
        check(error, locale, "date symbols");
    }
    list[length] = 0;
    return add_text(file, list, plain_text(list, ' '));
}

static void fill_dates(struct words *file, struct locale *record, const struct source *source)
{
    UErrorCode error = U_ZERO_ERROR;
    const char *name = source->plain;
    UDateFormat *format = udat_open(UDAT_SHORT, UDAT_SHORT, source->gregorian, NULL, 0, NULL, 0, &error);
    UCalendar *calendar = ucal_open(NULL, 0, source->gregorian, UCAL_DEFAULT, &error);

    check(error, name, "calendar");
    record->months = add_symbols(file, format, UDAT_STANDALONE_MONTHS, 0, 12, name);
    record->genitive_months = add_symbols(file, format, UDAT_MONTHS, 0, 12, name);
    record->short_months = add_symbols(file, format, UDAT_SHORT_MONTHS, 0, 12, name);
    record->days = add_symbols(file, format, UDAT_WEEKDAYS, 2, 7, name);
    record->short_days = add_symbols(file, format, UDAT_SHORT_WEEKDAYS, 2, 7, name);
    record->am = add_symbols(file, format, UDAT_AM_PMS, 0, 1, name);
    record->pm = add_symbols(file, format, UDAT_AM_PMS, 1, 1, name);
    // English has points in the longer form on Windows, and none in the shorter.
    const bool english = !strncmp(name, "en", 2);
    record->short_era = add_symbols(file, format, UDAT_ERAS, 1, 1, name);
    record->era = english ? add_ascii(file, "A.D.") : record->short_era;
    record->short_date = add_style(file, source, UDAT_NONE, UDAT_SHORT);
    record->long_date = add_style(file, source, UDAT_NONE, UDAT_FULL);
    record->time_format = add_style(file, source, UDAT_MEDIUM, UDAT_NONE);
    record->short_time = add_style(file, source, UDAT_SHORT, UDAT_NONE);
    record->year_month = add_skeleton(file, source, u"yMMMM");
    record->month_day = add_skeleton(file, source, u"MMMMd");
    // ICU counts days from Sunday as 1, Windows from Monday as 0.
    record->first_day = (ucal_getAttribute(calendar, UCAL_FIRST_DAY_OF_WEEK) + 5) % 7;
    record->first_week = ucal_getAttribute(calendar, UCAL_MINIMAL_DAYS_IN_FIRST_WEEK) == 4 ? 2 : 0;
    ucal_close(calendar);
    udat_close(format);
}

// ---- numbers ----

static UChar *symbol(const UNumberFormat *format, UNumberFormatSymbol which, UChar *text, const char *locale)
{
    UErrorCode error = U_ZERO_ERROR;

    unum_getSymbol(format, which, text, TEXT_MAX, &error);
    check(error, locale, "number symbols");
    return text;
}

// LOCALE_IPOSITIVEPERCENT: 0 "n %", 1 "n%", 2 "%n", 3 "% n".
static uint16_t percent_order(const struct source *source)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar text[TEXT_MAX], *end;
    UNumberFormat *format = unum_open(UNUM_PERCENT, NULL, 0, source->gregorian, NULL, &error);

    unum_toPattern(format, false, text, TEXT_MAX, &error);
    check(error, source->plain, "percent pattern");
    unum_close(format);
    end = u_strchr(text, ';');
    if (end) *end = 0;
    plain_text(text, 0xA0);
    bool space = u_strchr(text, 0xA0) || u_strchr(text, ' ');
    if (u_strchr(text, '%') < u_strchr(text, '0')) return space ? 3 : 2;
    return space ? 0 : 1;
}

static void fill_numbers(struct words *file, struct locale *record, const struct source *source)
{
    static const uint8_t negatives[] = {1, 5, 9, 8};
    UErrorCode error = U_ZERO_ERROR;
    const char *name = source->plain;
    UChar text[TEXT_MAX], code[4], *end;
    int32_t length;
    UNumberFormat *format = unum_open(UNUM_CURRENCY, NULL, 0, source->gregorian, NULL, &error);

    check(error, name, "number format");
    symbol(format, UNUM_DECIMAL_SEPARATOR_SYMBOL, text, name);
    record->decimal = add_text(file, text, plain_text(text, 0xA0));
    record->list_separator = add_ascii(file, text[0] == ',' ? ";" : ",");
    symbol(format, UNUM_GROUPING_SEPARATOR_SYMBOL, text, name);
    record->thousand = add_text(file, text, plain_text(text, 0xA0));
    record->grouping =
        add_ascii(file, unum_getAttribute(format, UNUM_SECONDARY_GROUPING_SIZE) == 2 ? "3;2;0" : "3;0");

    ucurr_forLocale(name, code, 4, &error);
    check(error, name, "currency");
    record->iso_currency = add_text(file, code, u_strlen(code));
    record->currency_digits = (uint16_t)ucurr_getDefaultFractionDigits(code, &error);
    u_strcpy(text, ucurr_getName(code, name, UCURR_SYMBOL_NAME, NULL, &length, &error));
    record->currency = add_text(file, text, plain_text(text, 0xA0));
    u_strcpy(text, ucurr_getName(code, name, UCURR_LONG_NAME, NULL, &length, &error));
    record->currency_name = add_text(file, text, plain_text(text, 0xA0));
    check(error, name, "currency's name");

    // Where the sign stands, and whether a space parts it from the number: LOCALE_ICURRENCY.
    unum_toPattern(format, false, text, TEXT_MAX, &error);
    check(error, name, "currency pattern");
    end = u_strchr(text, ';');
    if (end) *end = 0;
    plain_text(text, 0xA0);
    bool space = u_strchr(text, 0xA0) || u_strchr(text, ' ');
    const UChar *sign = u_strchr(text, 0xA4), *digits = u_strchr(text, '#');
    record->positive_currency = (space ? 2 : 0) + (sign && digits && sign > digits);
    record->negative_currency = negatives[record->positive_currency];
    unum_close(format);
    record->percent = percent_order(source);
}

// ---- names ----

typedef int32_t name_function(const char *locale, const char *in, UChar *text, int32_t size,
                              UErrorCode *error);

static struct locale_text add_name(struct words *file, name_function *function, const char *locale,
                                   const char *in)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    int length = function(locale, in, text, TEXT_MAX, &error);

    check(error, locale, "name");
    return add_text(file, text, length);
}

static int compare_texts(const void *first, const void *second)
{
    return strcmp(*(const char *const *)first, *(const char *const *)second);
}

// The scripts of a language in alphabetical order. What is made of several has a code of its own in Windows.
static struct locale_text add_scripts(struct words *file, const char *locale)
{
    UErrorCode error = U_ZERO_ERROR;
    UScriptCode codes[8];
    const char *names[10];
    char text[64] = "";
    int n = uscript_getCode(locale, codes, 8, &error);

    check(error, locale, "scripts");
    for (int i = 0; i < n; i++) names[i] = uscript_getShortName(codes[i]);
    if (n == 1 && (codes[0] == USCRIPT_SIMPLIFIED_HAN || codes[0] == USCRIPT_TRADITIONAL_HAN))
        names[n++] = "Hani";
    if (!strncmp(locale, "ja", 2)) names[n++] = "Jpan";
    if (!strncmp(locale, "ko", 2)) names[n++] = "Kore";
    qsort(names, n, sizeof *names, compare_texts);
    for (int i = 0; i < n; i++) strcat(strcat(text, names[i]), ";");
    return add_ascii(file, text);
}

static void fill_names(struct words *file, struct locale *record, const struct source *source)
{
    const struct locale_facts *facts = source->facts;
    const char *name = source->plain;
    UErrorCode error = U_ZERO_ERROR;
    char part[16];
    int32_t height, width;

    record->id = facts->id;
    record->country_code = facts->country_code;
    record->geo_id = facts->geo_id;
    record->ansi_code_page = facts->ansi_code_page;
    record->oem_code_page = facts->oem_code_page;
    record->name = add_ascii(file, facts->name);
    record->abbreviated_language = add_ascii(file, facts->abbreviation);
    record->abbreviated_country = add_ascii(file, uloc_getISO3Country(name));
    record->iso_language3 = add_ascii(file, uloc_getISO3Language(name));
    uloc_getLanguage(name, part, sizeof part, &error);
    record->iso_language = add_ascii(file, part);
    uloc_getCountry(name, part, sizeof part, &error);
    record->iso_country = add_ascii(file, part);
    record->language = add_name(file, uloc_getDisplayLanguage, name, "en");
    record->native_language = add_name(file, uloc_getDisplayLanguage, name, name);
    if (!strcmp(facts->name, "ko-KR")) // as Windows has it, and programs ask for "Korean_Korea"
        record->country = add_ascii(file, "Korea");
    else
        record->country = add_name(file, uloc_getDisplayCountry, name, "en");
    record->native_country = add_name(file, uloc_getDisplayCountry, name, name);
    record->measure = ulocdata_getMeasurementSystem(name, &error) == UMS_US;
    ulocdata_getPaperSize(name, &height, &width, &error);
    check(error, name, "paper size");
    record->scripts = add_scripts(file, name);
    record->paper = height == 279 ? 1 : 9;
}

// ---- where Windows differs from CLDR ----

// The U.S. locale's patterns and signs, which most programs meet, are Windows' own.
static void correct_us(struct words *file, struct locale *record)
{
    record->short_date = add_ascii(file, "M/d/yyyy");
    record->long_date = add_ascii(file, "dddd, MMMM d, yyyy");
    record->time_format = add_ascii(file, "h:mm:ss tt");
    record->short_time = add_ascii(file, "h:mm tt");
    record->year_month = add_ascii(file, "MMMM yyyy");
    record->month_day = add_ascii(file, "MMMM d");
    record->negative_currency = 0;
}

// The invariant locale, as Microsoft documents it.
static void fill_invariant(struct words *file, struct locale *record)
{
    record->id = 0x7F;
    record->name = add_ascii(file, "");
    record->language = record->native_language = add_ascii(file, "Invariant Language");
    record->country = record->native_country = add_ascii(file, "Invariant Country");
    record->abbreviated_language = add_ascii(file, "IVL");
    record->abbreviated_country = add_ascii(file, "IVC");
    record->iso_language = add_ascii(file, "iv");
    record->iso_language3 = add_ascii(file, "ivl");
    record->iso_country = add_ascii(file, "IV");
    record->scripts = add_ascii(file, "Latn;");
    record->country_code = 1;
    record->geo_id = 244;
    record->ansi_code_page = 1252;
    record->oem_code_page = 437;
    record->first_day = 6;
    record->list_separator = record->thousand = add_ascii(file, ",");
    record->decimal = add_ascii(file, ".");
    record->grouping = add_ascii(file, "3;0");
    record->currency = add_text(file, u"\u00A4", 1);
    record->iso_currency = add_ascii(file, "XDR");
    record->currency_name = add_ascii(file, "International Monetary Fund");
    record->currency_digits = 2;
    record->era = add_ascii(file, "A.D.");
    record->short_era = add_ascii(file, "AD");
    record->short_date = add_ascii(file, "MM/dd/yyyy");
    record->long_date = add_ascii(file, "dddd, dd MMMM yyyy");
    record->year_month = add_ascii(file, "yyyy MMMM");
    record->month_day = add_ascii(file, "MMMM dd");
    record->time_format = add_ascii(file, "HH:mm:ss");
    record->short_time = add_ascii(file, "HH:mm");
    record->am = add_ascii(file, "AM");
    record->pm = add_ascii(file, "PM");
    record->days = add_ascii(file, "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday");
    record->short_days = add_ascii(file, "Mon|Tue|Wed|Thu|Fri|Sat|Sun");
    record->months = record->genitive_months = add_ascii(
        file, "January|February|March|April|May|June|July|August|September|October|November|December");
    record->short_months = add_ascii(file, "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec");
    record->paper = 9;
}

static void put_record(struct words *file, unsigned number, const struct locale *record)
{
    memcpy(file->data + LOCALE_HEADER_WORDS + number * LOCALE_WORDS, record, sizeof *record);
}

// ---- aliases ----

#define ALIASES_MAX 256

struct alias_list {
    struct locale_alias_facts facts[ALIASES_MAX];
    char names[ALIASES_MAX][16];
    unsigned n;
};

static bool is_listed(const struct alias_list *list, const struct locale_alias_facts *facts)
{
    for (unsigned i = 0; i < list->n; i++) {
        if (!strcmp(list->facts[i].name, facts->name)) return true;
    }
    return false;
}

// All aliases: those of locale_facts.c, and a language for the first locale of each.
static void list_aliases(struct alias_list *list)
{
    memcpy(list->facts, locale_alias_facts, locale_alias_facts_n * sizeof *locale_alias_facts);
    list->n = locale_alias_facts_n;
    for (unsigned i = 0; i < locale_facts_n; i++) {
        char *name = list->names[list->n];
        struct locale_alias_facts *facts = &list->facts[list->n];

        if (list->n == ALIASES_MAX) die("more than %d aliases of locales", ALIASES_MAX);
        snprintf(name, sizeof *list->names, "%.*s", (int)strcspn(locale_facts[i].name, "-"),
                 locale_facts[i].name);
        *facts = (struct locale_alias_facts){name, locale_facts[i].id & 0x3FF, 0, locale_facts[i].name};
        if (!is_listed(list, facts)) list->n++;
    }
}

static void put_alias(struct words *file, unsigned number, const struct locale_alias_facts *facts)
{
    struct locale_alias alias = {facts->id, facts->sort, add_ascii(file, facts->name), 0};
    unsigned record = 0;

    while (record < locale_facts_n && strcmp(locale_facts[record].name, facts->locale)) record++;
    if (record == locale_facts_n) die("%s is an alias of an unknown locale", facts->name);
    alias.record = record + 1;
    memcpy(file->data + LOCALE_HEADER_WORDS + file->data[0] * LOCALE_WORDS + number * LOCALE_ALIAS_WORDS,
           &alias, sizeof alias);
}

void write_locales(const char *directory)
{
    static struct alias_list aliases;
    struct words file = {0};
    struct locale record = {0};

    list_aliases(&aliases);
    words_add(&file, locale_facts_n + 1);
    words_add(&file, LOCALE_WORDS);
    words_add(&file, aliases.n);
    words_add(&file, LOCALE_ALIAS_WORDS);
    for (size_t i = 0; i < (locale_facts_n + 1) * LOCALE_WORDS + aliases.n * LOCALE_ALIAS_WORDS; i++)
        words_add(&file, 0);
    fill_invariant(&file, &record);
    put_record(&file, 0, &record);
    for (unsigned i = 0; i < locale_facts_n; i++) {
        char plain[ULOC_FULLNAME_CAPACITY], gregorian[ULOC_FULLNAME_CAPACITY + 40];
        UErrorCode error = U_ZERO_ERROR;

        uloc_canonicalize(locale_facts[i].name, plain, sizeof plain, &error);
        check(error, locale_facts[i].name, "name");
        snprintf(gregorian, sizeof gregorian, "%s@calendar=gregorian;numbers=latn", plain);
        struct source source = {&locale_facts[i], plain, gregorian};
        memset(&record, 0, sizeof record);
        fill_names(&file, &record, &source);
        fill_numbers(&file, &record, &source);
        fill_dates(&file, &record, &source);
        if (record.id == 0x409) correct_us(&file, &record);
        put_record(&file, i + 1, &record);
    }
    for (unsigned i = 0; i < aliases.n; i++) put_alias(&file, i, &aliases.facts[i]);
    words_write(&file, directory, "locale.nls");
    free(file.data);
}
