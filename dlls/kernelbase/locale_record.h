// What locale.nls holds. tools/nlsgen writes the file; kernelbase and ntdll read it where it is mapped, so
// all include this. The file: the number of records, words in one, the number of aliases, words in one, the
// records (the first is the invariant locale), the aliases, the texts.
#ifndef LOWLAND_KERNELBASE_LOCALE_RECORD_H
#define LOWLAND_KERNELBASE_LOCALE_RECORD_H

#include <stdint.h>

// A text: where it begins, in 16-bit words from the start of the file. Ends with a NUL.
struct locale_text {
    uint16_t at;
};

// Lists have their entries separated by '|'.
struct locale {
    uint16_t id;
    struct locale_text name;     // "en-US"
    struct locale_text language; // "English"
    struct locale_text native_language;
    struct locale_text country; // "United States"
    struct locale_text native_country;
    struct locale_text abbreviated_language; // "ENU"
    struct locale_text abbreviated_country;  // "USA"
    struct locale_text iso_language;         // "en"
    struct locale_text iso_language3;        // "eng"
    struct locale_text iso_country;          // "US"
    uint16_t country_code;                   // the telephone system's
    uint16_t geo_id;
    uint16_t ansi_code_page, oem_code_page;
    uint16_t measure;   // 0 metric, 1 U.S.
    uint16_t first_day; // 0 Monday
    uint16_t first_week;
    struct locale_text list_separator, decimal, thousand, grouping;
    struct locale_text currency, iso_currency, currency_name;
    uint16_t positive_currency, negative_currency;
    uint16_t currency_digits;
    uint16_t percent; // LOCALE_IPOSITIVEPERCENT
    struct locale_text short_date, long_date, year_month, month_day, time_format, short_time;
    struct locale_text am, pm;
    struct locale_text days, short_days; // from Monday
    struct locale_text months, short_months;
    struct locale_text genitive_months; // as they stand beside a day's number
    struct locale_text era, short_era;  // after the birth of Christ
    uint16_t paper;                     // 1 letter, 9 A4
    struct locale_text scripts;         // codes of ISO 15924, a semicolon behind each
};

// Another name for a record: a language without a region, or a sort order that isn't the locale's first.
struct locale_alias {
    uint16_t id;
    uint16_t sort; // the LCID's high word; 0 for a language
    struct locale_text name;
    uint16_t record; // its number
};

#define LOCALE_HEADER_WORDS 4
#define LOCALE_WORDS        (sizeof(struct locale) / sizeof(uint16_t))
#define LOCALE_ALIAS_WORDS  (sizeof(struct locale_alias) / sizeof(uint16_t))

#endif
