// What kernelbase knows of languages and regions: one record for each locale, found by LCID or by name.
#ifndef LOWLAND_KERNELBASE_LOCALE_H
#define LOWLAND_KERNELBASE_LOCALE_H

#include "base.h"

// The texts of a locale. Lists have their entries separated by '|'.
struct locale {
    LCID id;
    const WCHAR *name;     // "en-US"
    const WCHAR *language; // "English"
    const WCHAR *native_language;
    const WCHAR *country; // "United States"
    const WCHAR *native_country;
    const WCHAR *abbreviated_language; // "ENU"
    const WCHAR *abbreviated_country;  // "USA"
    const WCHAR *iso_language;         // "en"
    const WCHAR *iso_language3;        // "eng"
    const WCHAR *iso_country;          // "US"
    WORD country_code;                 // the telephone system's
    WORD geo_id;
    WORD ansi_code_page, oem_code_page;
    BYTE measure;   // 0 metric, 1 U.S.
    BYTE first_day; // 0 Monday
    BYTE first_week;
    const WCHAR *list_separator, *decimal, *thousand, *grouping;
    const WCHAR *currency, *iso_currency, *currency_name;
    BYTE positive_currency, negative_currency;
    const WCHAR *short_date, *long_date, *year_month, *month_day, *time_format, *short_time;
    const WCHAR *am, *pm;
    const WCHAR *days, *short_days; // from Monday
    const WCHAR *months, *short_months;
    BYTE paper; // 1 letter, 9 A4
};

extern const struct locale locales[];
extern const unsigned locale_count; // the first is the invariant locale

// The locale of an LCID (the default ones resolved, sort identifiers ignored); NULL when unknown.
const struct locale *locale_from_id(LCID id);

// The locale of a name: NULL is the user's, "" the invariant one, "!x-sys-default-locale" the system's.
const struct locale *locale_from_name(const WCHAR *name);

// The text between separators number index of a list, copied into buffer.
void locale_list_entry(const WCHAR *list, unsigned index, WCHAR *buffer, unsigned size);

#endif
