// CompareString: linguistic comparison of two strings.
#include "sort.h"

#define COMPARE_FLAGS                                                                                        \
    (NORM_IGNORECASE | NORM_IGNORENONSPACE | NORM_IGNORESYMBOLS | NORM_IGNOREKANATYPE | NORM_IGNOREWIDTH |   \
     NORM_LINGUISTIC_CASING | LINGUISTIC_IGNORECASE | LINGUISTIC_IGNOREDIACRITIC | SORT_STRINGSORT |         \
     SORT_DIGITSASNUMBERS | LOCALE_USE_CP_ACP | LOCALE_NOUSEROVERRIDE)

static int compare(struct locale_found locale, DWORD flags, const WCHAR *first, int first_length,
                   const WCHAR *second, int second_length)
{
    if (!first || !second || !locale.record) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)COMPARE_FLAGS) return fail_with(ERROR_INVALID_FLAGS);
    if (first_length < 0) first_length = (int)wide_length(first);
    if (second_length < 0) second_length = (int)wide_length(second);
    return compare_linguistic(collation_of(locale, flags), flags, first, first_length, second,
                              second_length) +
           CSTR_EQUAL;
}

HOTPATCH int WINAPI CompareStringEx(const WCHAR *locale, DWORD flags, const WCHAR *first, int first_length,
                                    const WCHAR *second, int second_length, NLSVERSIONINFO *version,
                                    void *reserved, LPARAM parameter)
{
    (void)version;
    if (reserved || parameter) return fail_with(ERROR_INVALID_PARAMETER);
    return compare(locale_lookup_name(locale), flags, first, first_length, second, second_length);
}

HOTPATCH int WINAPI CompareStringW(LCID locale, DWORD flags, const WCHAR *first, int first_length,
                                   const WCHAR *second, int second_length)
{
    return compare(locale_to_sort(locale), flags, first, first_length, second, second_length);
}

// A text in a code page as UTF-16, which has no more units.
static int widen(UINT page, const char *text, int length, WCHAR *wide)
{
    return length ? MultiByteToWideChar(page, 0, text, length, wide, length) : 0;
}

HOTPATCH int WINAPI CompareStringA(LCID locale, DWORD flags, const char *first, int first_length,
                                   const char *second, int second_length)
{
    const struct locale_found found = locale_to_sort(locale);
    if (!first || !second || !found.record) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & SORT_DIGITSASNUMBERS) return fail_with(ERROR_INVALID_FLAGS);
    if (first_length < 0) first_length = (int)strlen(first);
    if (second_length < 0) second_length = (int)strlen(second);
    WCHAR small[2][128];
    AUTO_FREE WCHAR *large_first =
        first_length > 128 ? heap_alloc((SIZE_T)first_length * sizeof(WCHAR)) : NULL;
    AUTO_FREE WCHAR *large_second =
        second_length > 128 ? heap_alloc((SIZE_T)second_length * sizeof(WCHAR)) : NULL;
    if ((first_length > 128 && !large_first) || (second_length > 128 && !large_second)) return 0;
    WCHAR *a = large_first ? large_first : small[0], *b = large_second ? large_second : small[1];
    const UINT page = locale_code_page(found.record, flags);
    const int a_length = widen(page, first, first_length, a),
              b_length = widen(page, second, second_length, b);
    return compare(found, flags, a, a_length, b, b_length);
}
