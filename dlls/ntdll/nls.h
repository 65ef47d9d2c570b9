// Code pages and case tables inside ntdll.
#ifndef LOWLAND_NTDLL_NLS_H
#define LOWLAND_NTDLL_NLS_H

#include "rtl.h"

// Sections of NtGetNlsSectionPtr.
#define NLS_SECTION_CASE_TABLE    10
#define NLS_SECTION_CODE_PAGE     11
#define NLS_SECTION_NORMALIZATION 12

#define CP_UTF8_PAGE              65001

extern NLSTABLEINFO nls_tables; // ANSI, OEM, case: the process's own

// Simple case mapping through the 8-4-4 trie of l_intl.nls.
static inline WCHAR nls_map_case(const USHORT *table, WCHAR c)
{
    return c + table[table[table[c >> 8] + ((c >> 4) & 15)] + (c & 15)];
}

static inline WCHAR nls_upper(WCHAR c)
{
    if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
    return nls_map_case(nls_tables.UpperCaseTable, c);
}

static inline WCHAR nls_lower(WCHAR c)
{
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return nls_map_case(nls_tables.LowerCaseTable, c);
}

// Whether a byte begins a double-byte character in a code page.
static inline BOOLEAN nls_is_lead(const CPTABLEINFO *page, BYTE byte)
{
    return page->DBCSCodePage && page->DBCSOffsets[byte];
}

// How many bytes of UTF-16 a code page's bytes make, and the other way round.
ULONG nls_unicode_size(const CPTABLEINFO *page, const CHAR *in, ULONG in_size);
ULONG nls_multibyte_size(const CPTABLEINFO *page, PCWCH in, ULONG in_size);

#endif
