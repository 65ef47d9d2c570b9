// What kernelbase knows of languages and regions: one record for each locale, found by LCID or by name.
#ifndef LOWLAND_KERNELBASE_LOCALE_H
#define LOWLAND_KERNELBASE_LOCALE_H

#include "nls_section.h"
#include "locale_find.h"

extern const WORD *locale_words; // locale.nls where it is mapped; NULL before the first use

static inline const WORD *locale_file(void)
{
    return nls_section(NLS_LOCALES, &locale_words);
}

static inline unsigned locale_count(void)
{
    return locale_file()[0];
}

// The records by number, below locale_count(); 0 is the invariant locale.
static inline const struct locale *locale_number(unsigned number)
{
    return locale_records(locale_file()) + number;
}

// Languages without a region and other sort orders, by number.
static inline unsigned locale_alias_count(void)
{
    return locale_file()[2];
}

static inline const struct locale_alias *locale_alias_number(unsigned number)
{
    return locale_aliases(locale_file()) + number;
}

static inline const WCHAR *locale_text(struct locale_text text)
{
    return locale_file() + text.at;
}

// What an LCID or a name says, the default ones resolved; a name is as for locale_from_name.
struct locale_found locale_lookup_id(LCID id);
struct locale_found locale_lookup_name(const WCHAR *name);

// The same for functions that sort, where an unknown sort order's number doesn't matter.
struct locale_found locale_to_sort(LCID id);

// The locale of an LCID (the default ones resolved, sort identifiers ignored); NULL when unknown.
const struct locale *locale_from_id(LCID id);

// The locale of a name: NULL is the user's, "" the invariant one, "!x-sys-default-locale" the system's.
const struct locale *locale_from_name(const WCHAR *name);

// The code page of the narrow functions for a locale: its own, unless flags have LOCALE_USE_CP_ACP or it has
// none.
static inline UINT locale_code_page(const struct locale *locale, DWORD flags)
{
    return flags & LOCALE_USE_CP_ACP || !locale->ansi_code_page ? CP_ACP : locale->ansi_code_page;
}

// GetLocaleInfoW for a record: units written or needed with the NUL; 0 with the last error set.
int locale_info(const struct locale *locale, LCTYPE type, WCHAR *buffer, int size);

// The text between separators number index of a list, copied into buffer.
void locale_list_entry(struct locale_text entries, unsigned index, WCHAR *buffer, unsigned size);

#endif
