// Conversions of one code page, for codepage_convert.c: each returns the length needed and writes what fits.
#ifndef LOWLAND_KERNELBASE_CODEPAGE_H
#define LOWLAND_KERNELBASE_CODEPAGE_H

#include "base.h"

// The tables of a code page (CP_ACP and its like resolved); NULL when there is none. Lock-free once cached.
const CPTABLEINFO *code_page_tables(UINT code_page);

// CP_ACP, CP_OEMCP, CP_MACCP and CP_THREAD_ACP as numbers.
UINT resolve_code_page(UINT code_page);

// What a conversion did: length counts units of the whole result, or of what fitted when overflow is set.
struct conversion {
    int length;
    bool overflow;
    bool invalid; // source was malformed or unmappable; replaced
};

// Both count only when size is 0.
struct conversion utf8_to_wide(const unsigned char *source, int length, WCHAR *target, int size);
struct conversion wide_to_utf8(const WCHAR *source, int length, char *target, int size);
struct conversion utf7_to_wide(const unsigned char *source, int length, WCHAR *target, int size);
struct conversion wide_to_utf7(const WCHAR *source, int length, char *target, int size);

#endif
