// Code pages at work: tables read from .nls sections, and conversion through them in both directions.
#include "nls.h"
#include <emmintrin.h>

NLSTABLEINFO nls_tables;

// Exported data that old C runtimes read.
USHORT NlsAnsiCodePage;
BOOLEAN NlsMbCodePageTag;
BOOLEAN NlsMbOemCodePageTag;

/**
 * Describes a code page from its .nls section: a header of table[0] words, the length of the rest up to the
 * wide table, 256 code units, a glyph table if its count says so, the double-byte ranges (and offsets and
 * tables), the wide table behind one word.
 */
void WINAPI RtlInitCodePageTable(PUSHORT table, PCPTABLEINFO info)
{
    PUSHORT data = table + table[0], glyphs = data + 1 + 256;

    memset(info, 0, sizeof(*info));
    info->CodePage = table[1];
    if (table[1] == CP_UTF8_PAGE) { // has no tables
        info->MaximumCharacterSize = 4;
        info->DefaultChar = '?';
        info->UniDefaultChar = 0xFFFD;
        info->TransDefaultChar = '?';
        info->TransUniDefaultChar = '?';
        return;
    }
    info->MaximumCharacterSize = table[2];
    info->DefaultChar = table[3];
    info->UniDefaultChar = table[4];
    info->TransDefaultChar = table[5];
    info->TransUniDefaultChar = table[6];
    memcpy(info->LeadByte, table + 7, sizeof(info->LeadByte));
    info->MultiByteTable = data + 1;
    info->WideCharTable = data + 1 + data[0];
    info->DBCSRanges = glyphs + 1 + (glyphs[0] ? 256 : 0);
    if (info->DBCSRanges[0]) {
        info->DBCSCodePage = 1;
        info->DBCSOffsets = info->DBCSRanges + 1;
    }
}

/** Gathers the tables of an ANSI and an OEM code page and of case mapping. */
void WINAPI RtlInitNlsTables(PUSHORT ansi, PUSHORT oem, PUSHORT case_table, PNLSTABLEINFO info)
{
    RtlInitCodePageTable(ansi, &info->AnsiTableInfo);
    RtlInitCodePageTable(oem, &info->OemTableInfo);
    info->UpperCaseTable = case_table + 2;
    info->LowerCaseTable = case_table + 1 + case_table[1] + 1;
}

/** Makes other tables the process's own. */
void WINAPI RtlResetRtlTranslations(const NLSTABLEINFO *info)
{
    nls_tables = *info;
    NlsAnsiCodePage = info->AnsiTableInfo.CodePage;
    NlsMbCodePageTag = info->AnsiTableInfo.DBCSCodePage != 0;
    NlsMbOemCodePageTag = info->OemTableInfo.DBCSCodePage != 0;
}

static NTSTATUS map_code_page(ULONG page, PVOID *table)
{
    static USHORT utf8[] = {13, CP_UTF8_PAGE, 4};
    SIZE_T size;

    if (page == CP_UTF8_PAGE) {
        *table = utf8;
        return STATUS_SUCCESS;
    }
    return NtGetNlsSectionPtr(NLS_SECTION_CODE_PAGE, page, NULL, table, &size);
}

NTSTATUS nls_init_process(void)
{
    PEB *peb = peb_self();
    NLSTABLEINFO tables;
    NTSTATUS status;
    SIZE_T size;

    // The loader chose the code pages by the host locale's language.
    if (!peb->ActiveCodePage) peb->ActiveCodePage = 1252;
    if (!peb->OemCodePage) peb->OemCodePage = 437;
    status = NtGetNlsSectionPtr(NLS_SECTION_CASE_TABLE, 0, NULL, &peb->UnicodeCaseTableData, &size);
    if (status >= 0) status = map_code_page(peb->ActiveCodePage, &peb->AnsiCodePageData);
    if (status >= 0) status = map_code_page(peb->OemCodePage, &peb->OemCodePageData);
    if (status < 0) return status;
    RtlInitNlsTables(peb->AnsiCodePageData, peb->OemCodePageData, peb->UnicodeCaseTableData, &tables);
    RtlResetRtlTranslations(&tables);
    return STATUS_SUCCESS;
}

// Widens the ASCII at the start of n bytes; returns how many.
static inline ULONG widen_ascii(WCHAR *out, const BYTE *in, ULONG n)
{
    const __m128i zero = _mm_setzero_si128();
    ULONG i = 0;

    for (; n - i >= 16; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(in + i));
        if (_mm_movemask_epi8(bytes)) break;
        _mm_storeu_si128((__m128i *)(out + i), _mm_unpacklo_epi8(bytes, zero));
        _mm_storeu_si128((__m128i *)(out + i + 8), _mm_unpackhi_epi8(bytes, zero));
    }
    if (n - i < 16 && n >= 16) { // the rest together with some that are done already
        __m128i bytes = _mm_loadu_si128((const __m128i *)(in + n - 16));
        if (_mm_movemask_epi8(bytes)) return i;
        _mm_storeu_si128((__m128i *)(out + n - 16), _mm_unpacklo_epi8(bytes, zero));
        _mm_storeu_si128((__m128i *)(out + n - 8), _mm_unpackhi_epi8(bytes, zero));
        return n;
    }
    return i;
}

// Narrows the ASCII at the start of n units; returns how many.
static inline ULONG narrow_ascii(BYTE *out, const WCHAR *in, ULONG n)
{
    const __m128i limit = _mm_set1_epi16((short)0xFF80), zero = _mm_setzero_si128();
    ULONG i = 0;

    for (; n - i >= 16; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(in + i)),
                b = _mm_loadu_si128((const __m128i *)(in + i + 8));
        __m128i high = _mm_and_si128(_mm_or_si128(a, b), limit);
        if (_mm_movemask_epi8(_mm_cmpeq_epi16(high, zero)) != 0xFFFF) break;
        _mm_storeu_si128((__m128i *)(out + i), _mm_packus_epi16(a, b));
    }
    if (n - i < 16 && n >= 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(in + n - 16)),
                b = _mm_loadu_si128((const __m128i *)(in + n - 8));
        __m128i high = _mm_and_si128(_mm_or_si128(a, b), limit);
        if (_mm_movemask_epi8(_mm_cmpeq_epi16(high, zero)) != 0xFFFF) return i;
        _mm_storeu_si128((__m128i *)(out + n - 16), _mm_packus_epi16(a, b));
        return n;
    }
    return i;
}

// EBCDIC pages are the ones whose first 128 characters aren't ASCII.
static inline BOOLEAN has_ascii(const CPTABLEINFO *page)
{
    return page->MultiByteTable['A'] == 'A';
}

/** Converts bytes of a code page to UTF-16. What doesn't fit is left out; the result is STATUS_SUCCESS all
 * the same. */
NTSTATUS WINAPI RtlCustomCPToUnicodeN(PCPTABLEINFO page, PWCH out, ULONG out_size, PULONG result, PCH in,
                                      ULONG in_size)
{
    const BYTE *source = (const BYTE *)in, *end = source + in_size;
    ULONG room = out_size / sizeof(WCHAR), n = 0;

    if (page->CodePage == CP_UTF8_PAGE) {
        NTSTATUS status = RtlUTF8ToUnicodeN(out, out_size, result, in, in_size);
        return status == STATUS_SOME_NOT_MAPPED || status == STATUS_BUFFER_TOO_SMALL ? STATUS_SUCCESS
                                                                                     : status;
    }
    if (!page->DBCSCodePage) {
        ULONG count = in_size < room ? in_size : room;

        if (has_ascii(page)) n = widen_ascii(out, source, count);
        for (; n < count; n++) out[n] = page->MultiByteTable[source[n]];
    } else {
        while (source < end && n < room) {
            USHORT offset = page->DBCSOffsets[*source];

            if (!offset) {
                out[n++] = page->MultiByteTable[*source++];
            } else if (source + 1 == end) { // a lead byte alone
                out[n++] = 0;
                source++;
            } else {
                out[n++] = source[1] ? page->DBCSOffsets[offset + source[1]] : page->UniDefaultChar;
                source += 2;
            }
        }
    }
    if (result) *result = n * sizeof(WCHAR);
    return STATUS_SUCCESS;
}

static NTSTATUS from_unicode(const CPTABLEINFO *page, PCH out, ULONG out_size, PULONG result, PCWCH in,
                             ULONG in_size, BOOLEAN upcase)
{
    ULONG count = in_size / sizeof(WCHAR), n = 0, i = 0;
    BYTE *bytes = (BYTE *)out;

    if (!page->DBCSCodePage) {
        const BYTE *table = page->WideCharTable;

        if (count > out_size) count = out_size;
        if (!upcase && has_ascii(page)) n = narrow_ascii(bytes, in, count);
        if (upcase) {
            // Only what exists in the code page: the capital of what the letter itself becomes.
            for (; n < count; n++) bytes[n] = table[nls_upper(page->MultiByteTable[table[in[n]]])];
        } else {
            for (; n < count; n++) bytes[n] = table[in[n]];
        }
    } else {
        const USHORT *table = page->WideCharTable;

        for (; i < count && n < out_size; i++) {
            WCHAR c = in[i];
            USHORT code = table[c];

            if (upcase) {
                if (code >> 8) {
                    USHORT offset = page->DBCSOffsets[code >> 8];
                    c = offset ? page->DBCSOffsets[offset + (code & 0xFF)] : c;
                } else {
                    c = page->MultiByteTable[code];
                }
                code = table[nls_upper(c)];
            }
            if (code >> 8) {
                if (n + 1 == out_size) break;
                bytes[n++] = code >> 8;
            }
            bytes[n++] = code;
        }
    }
    if (result) *result = n;
    return STATUS_SUCCESS;
}

/** Converts UTF-16 to a code page; characters that it lacks become its default character.
 * STATUS_BUFFER_OVERFLOW. */
NTSTATUS WINAPI RtlUnicodeToCustomCPN(PCPTABLEINFO page, PCH out, ULONG out_size, PULONG result, PWCH in,
                                      ULONG in_size)
{
    if (page->CodePage == CP_UTF8_PAGE) {
        NTSTATUS status = RtlUnicodeToUTF8N(out, out_size, result, in, in_size);
        return status == STATUS_SOME_NOT_MAPPED || status == STATUS_BUFFER_TOO_SMALL ? STATUS_SUCCESS
                                                                                     : status;
    }
    return from_unicode(page, out, out_size, result, in, in_size, FALSE);
}

/** RtlUnicodeToCustomCPN with capitals. */
NTSTATUS WINAPI RtlUpcaseUnicodeToCustomCPN(PCPTABLEINFO page, PCH out, ULONG out_size, PULONG result,
                                            PWCH in, ULONG in_size)
{
    if (page->CodePage == CP_UTF8_PAGE) {
        // Character by character: capitals may take another number of bytes.
        ULONG n = 0;

        for (ULONG i = 0; i < in_size / sizeof(WCHAR); i++) {
            BOOLEAN pair =
                IS_HIGH_SURROGATE(in[i]) && i + 1 < in_size / sizeof(WCHAR) && IS_LOW_SURROGATE(in[i + 1]);
            WCHAR c[2] = {nls_upper(in[i]), pair ? in[i + 1] : 0};
            CHAR bytes[4];
            ULONG length;

            RtlUnicodeToUTF8N(bytes, sizeof(bytes), &length, c, pair ? 4 : 2);
            if (length > out_size - n) break;
            memcpy(out + n, bytes, length);
            n += length;
            i += pair;
        }
        if (result) *result = n;
        return STATUS_SUCCESS;
    }
    return from_unicode(page, out, out_size, result, in, in_size, TRUE);
}

NTSTATUS WINAPI RtlMultiByteToUnicodeN(PWCH out, ULONG out_size, PULONG result, const CHAR *in, ULONG in_size)
{
    return RtlCustomCPToUnicodeN(&nls_tables.AnsiTableInfo, out, out_size, result, (PCH)in, in_size);
}

NTSTATUS WINAPI RtlOemToUnicodeN(PWCH out, ULONG out_size, PULONG result, const CHAR *in, ULONG in_size)
{
    return RtlCustomCPToUnicodeN(&nls_tables.OemTableInfo, out, out_size, result, (PCH)in, in_size);
}

NTSTATUS WINAPI RtlConsoleMultiByteToUnicodeN(PWCH out, ULONG out_size, PULONG result, const CHAR *in,
                                              ULONG in_size, ULONG *special)
{
    if (special) *special = 0;
    return RtlMultiByteToUnicodeN(out, out_size, result, in, in_size);
}

NTSTATUS WINAPI RtlUnicodeToMultiByteN(PCHAR out, ULONG out_size, PULONG result, PCWCH in, ULONG in_size)
{
    return RtlUnicodeToCustomCPN(&nls_tables.AnsiTableInfo, out, out_size, result, (PWCH)in, in_size);
}

NTSTATUS WINAPI RtlUnicodeToOemN(PCHAR out, ULONG out_size, PULONG result, PCWCH in, ULONG in_size)
{
    return RtlUnicodeToCustomCPN(&nls_tables.OemTableInfo, out, out_size, result, (PWCH)in, in_size);
}

NTSTATUS WINAPI RtlUpcaseUnicodeToMultiByteN(PCHAR out, ULONG out_size, PULONG result, PCWCH in,
                                             ULONG in_size)
{
    return RtlUpcaseUnicodeToCustomCPN(&nls_tables.AnsiTableInfo, out, out_size, result, (PWCH)in, in_size);
}

NTSTATUS WINAPI RtlUpcaseUnicodeToOemN(PCHAR out, ULONG out_size, PULONG result, PCWCH in, ULONG in_size)
{
    return RtlUpcaseUnicodeToCustomCPN(&nls_tables.OemTableInfo, out, out_size, result, (PWCH)in, in_size);
}

// How many bytes of UTF-16 a code page's bytes make.
ULONG nls_unicode_size(const CPTABLEINFO *page, const CHAR *in, ULONG in_size)
{
    ULONG n = 0;

    if (page->CodePage == CP_UTF8_PAGE) {
        RtlUTF8ToUnicodeN(NULL, 0, &n, in, in_size);
        return n;
    }
    if (!page->DBCSCodePage) return in_size * sizeof(WCHAR);
    for (ULONG i = 0; i < in_size; i++, n++) {
        if (page->DBCSOffsets[(BYTE)in[i]] && i + 1 < in_size) i++;
    }
    return n * sizeof(WCHAR);
}

// How many bytes UTF-16 makes in a code page.
ULONG nls_multibyte_size(const CPTABLEINFO *page, PCWCH in, ULONG in_size)
{
    const USHORT *table = page->WideCharTable;
    ULONG n = 0;

    if (page->CodePage == CP_UTF8_PAGE) {
        RtlUnicodeToUTF8N(NULL, 0, &n, in, in_size);
        return n;
    }
    if (!page->DBCSCodePage) return in_size / sizeof(WCHAR);
    for (ULONG i = 0; i < in_size / sizeof(WCHAR); i++) n += table[in[i]] >> 8 ? 2 : 1;
    return n;
}

NTSTATUS WINAPI RtlMultiByteToUnicodeSize(PULONG result, const CHAR *in, ULONG in_size)
{
    *result = nls_unicode_size(&nls_tables.AnsiTableInfo, in, in_size);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlUnicodeToMultiByteSize(PULONG result, PWCH in, ULONG in_size)
{
    *result = nls_multibyte_size(&nls_tables.AnsiTableInfo, in, in_size);
    return STATUS_SUCCESS;
}

WCHAR WINAPI RtlUpcaseUnicodeChar(WCHAR c)
{
    return nls_upper(c);
}

WCHAR WINAPI RtlDowncaseUnicodeChar(WCHAR c)
{
    return nls_lower(c);
}

/** The next ANSI character of *text as UTF-16; advances *text. */
WCHAR WINAPI RtlAnsiCharToUnicodeChar(PUCHAR *text)
{
    ULONG length = nls_is_lead(&nls_tables.AnsiTableInfo, **text) ? 2 : 1;
    WCHAR c = ' ';

    RtlMultiByteToUnicodeN(&c, sizeof(c), NULL, (PCHAR)*text, length);
    *text += length;
    return c;
}
