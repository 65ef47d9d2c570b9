/* Case, collation and comparison by locale, once for both widths; string_case.c includes it twice. */
#include "dlls/template.h"

static inline int T(lower_of, lower_of_wide)(const struct crt_locale *locale, CHAR c)
{
    return T(locale->lower[(UCHAR)c], wide_lower(locale, c));
}

static inline int T(upper_of, upper_of_wide)(const struct crt_locale *locale, CHAR c)
{
    return T(locale->upper[(UCHAR)c], wide_upper(locale, c));
}

static int T(compare_case, compare_case_wide)(const struct crt_locale *locale, const CHAR *a, const CHAR *b,
                                              size_t n)
{
    int x, y;

    for (; n; n--) {
        x = T(lower_of, lower_of_wide)(locale, *a++);
        y = T(lower_of, lower_of_wide)(locale, *b++);
        if (x != y) return x - y;
        if (!x) break;
    }
    return 0;
}

int EXPORT T(_stricmp_l, _wcsicmp_l)(const CHAR *a, const CHAR *b, crt_locale_t l)
{
    REQUIRE(a && b, EINVAL, INT_MAX);
    return T(compare_case, compare_case_wide)(locale_of(l), a, b, (size_t)-1);
}

int EXPORT T(_stricmp, _wcsicmp)(const CHAR *a, const CHAR *b)
{
    return T(_stricmp_l, _wcsicmp_l)(a, b, NULL);
}

int EXPORT T(_strnicmp_l, _wcsnicmp_l)(const CHAR *a, const CHAR *b, size_t n, crt_locale_t l)
{
    if (!n) return 0;
    REQUIRE(a && b, EINVAL, INT_MAX);
    return T(compare_case, compare_case_wide)(locale_of(l), a, b, n);
}

int EXPORT T(_strnicmp, _wcsnicmp)(const CHAR *a, const CHAR *b, size_t n)
{
    return T(_strnicmp_l, _wcsnicmp_l)(a, b, n, NULL);
}

/* Comparison in dictionary order by LC_COLLATE; the C locale compares codes. */
static int T(collate, collate_wide)(crt_locale_t l, const CHAR *a, int na, const CHAR *b, int nb, DWORD flags)
{
    const struct crt_locale *locale = locale_of(l);
    int order;

    if (!locale->lcid[LC_COLLATE]) {
        size_t n = na < 0 ? (size_t)-1 : (size_t)(na > nb ? na : nb);
        return flags ? T(compare_case, compare_case_wide)(locale, a, b, n) : T(strncmp, wcsncmp)(a, b, n);
    }
#ifdef WIDE
    order = CompareStringW(locale->lcid[LC_COLLATE], flags | SORT_STRINGSORT, a, na, b, nb);
#else
    order = CompareStringA(locale->lcid[LC_COLLATE], flags | SORT_STRINGSORT, a, na, b, nb);
#endif
    if (!order) {
        errno = EINVAL;
        return INT_MAX;
    }
    return order - CSTR_EQUAL;
}

int EXPORT T(_strcoll_l, _wcscoll_l)(const CHAR *a, const CHAR *b, crt_locale_t l)
{
    REQUIRE(a && b, EINVAL, INT_MAX);
    return T(collate, collate_wide)(l, a, -1, b, -1, 0);
}

int EXPORT T(strcoll, wcscoll)(const CHAR *a, const CHAR *b)
{
    return T(_strcoll_l, _wcscoll_l)(a, b, NULL);
}

int EXPORT T(_stricoll_l, _wcsicoll_l)(const CHAR *a, const CHAR *b, crt_locale_t l)
{
    REQUIRE(a && b, EINVAL, INT_MAX);
    return T(collate, collate_wide)(l, a, -1, b, -1, NORM_IGNORECASE);
}

int EXPORT T(_stricoll, _wcsicoll)(const CHAR *a, const CHAR *b)
{
    return T(_stricoll_l, _wcsicoll_l)(a, b, NULL);
}

int EXPORT T(_strncoll_l, _wcsncoll_l)(const CHAR *a, const CHAR *b, size_t n, crt_locale_t l)
{
    if (!n) return 0;
    REQUIRE(a && b && n <= INT_MAX, EINVAL, INT_MAX);
    return T(collate, collate_wide)(l, a, T(strnlen, wcsnlen)(a, n), b, T(strnlen, wcsnlen)(b, n), 0);
}

int EXPORT T(_strncoll, _wcsncoll)(const CHAR *a, const CHAR *b, size_t n)
{
    return T(_strncoll_l, _wcsncoll_l)(a, b, n, NULL);
}

int EXPORT T(_strnicoll_l, _wcsnicoll_l)(const CHAR *a, const CHAR *b, size_t n, crt_locale_t l)
{
    if (!n) return 0;
    REQUIRE(a && b && n <= INT_MAX, EINVAL, INT_MAX);
    return T(collate, collate_wide)(l, a, T(strnlen, wcsnlen)(a, n), b, T(strnlen, wcsnlen)(b, n),
                                    NORM_IGNORECASE);
}

int EXPORT T(_strnicoll, _wcsnicoll)(const CHAR *a, const CHAR *b, size_t n)
{
    return T(_strnicoll_l, _wcsnicoll_l)(a, b, n, NULL);
}

size_t EXPORT T(_strxfrm_l, _wcsxfrm_l)(CHAR *dst, const CHAR *src, size_t size, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    LCID lcid = locale->lcid[LC_COLLATE];
    int need;

    REQUIRE(size <= INT_MAX && src && (dst || !size), EINVAL, INT_MAX);
    if (!lcid) {
        T(strncpy, wcsncpy)(dst, src, size);
        return T(strlen, wcslen)(src);
    }
#ifdef WIDE
    need = LCMapStringW(lcid, LCMAP_SORTKEY, src, -1, NULL, 0);
#else
    need = LCMapStringA(lcid, LCMAP_SORTKEY, src, -1, NULL, 0);
#endif
    if (!need) {
        if (size) dst[0] = 0;
        errno = EILSEQ;
        return INT_MAX;
    }
    if ((size_t)need > size) {
        if (size) dst[0] = 0;
        if (size) errno = ERANGE;
        return need - 1;
    }
#ifdef WIDE
    {
        /* The key is bytes: each becomes one character, from the end because it grows in place. */
        const unsigned char *key = (const unsigned char *)dst;
        LCMapStringW(lcid, LCMAP_SORTKEY, src, -1, dst, size * sizeof(wchar_t));
        for (int i = need; i--;) dst[i] = key[i];
    }
#else
    LCMapStringA(lcid, LCMAP_SORTKEY, src, -1, dst, size);
#endif
    return need - 1;
}

size_t EXPORT T(strxfrm, wcsxfrm)(CHAR *dst, const CHAR *src, size_t size)
{
    return T(_strxfrm_l, _wcsxfrm_l)(dst, src, size, NULL);
}

errno_t EXPORT T(_strlwr_s_l, _wcslwr_s_l)(CHAR *s, size_t size, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);

    REQUIRE(s, EINVAL, EINVAL);
    if (T(strnlen, wcsnlen)(s, size) >= size) {
        if (T(size, true)) *s = 0;
        REQUIRE(false, EINVAL, EINVAL);
    }
    for (; *s; s++) { /* what doesn't change isn't written: it may be constant */
        CHAR c = T(lower_of, lower_of_wide)(locale, *s);
        if (c != *s) *s = c;
    }
    return 0;
}

errno_t EXPORT T(_strupr_s_l, _wcsupr_s_l)(CHAR *s, size_t size, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);

    REQUIRE(s, EINVAL, EINVAL);
    if (T(strnlen, wcsnlen)(s, size) >= size) {
        if (T(size, true)) *s = 0;
        REQUIRE(false, EINVAL, EINVAL);
    }
    for (; *s; s++) { /* what doesn't change isn't written: it may be constant */
        CHAR c = T(upper_of, upper_of_wide)(locale, *s);
        if (c != *s) *s = c;
    }
    return 0;
}

errno_t EXPORT T(_strlwr_s, _wcslwr_s)(CHAR *s, size_t size)
{
    return T(_strlwr_s_l, _wcslwr_s_l)(s, size, NULL);
}
errno_t EXPORT T(_strupr_s, _wcsupr_s)(CHAR *s, size_t size)
{
    return T(_strupr_s_l, _wcsupr_s_l)(s, size, NULL);
}

CHAR *EXPORT T(_strlwr_l, _wcslwr_l)(CHAR *s, crt_locale_t l)
{
    T(_strlwr_s_l, _wcslwr_s_l)(s, (size_t)-1, l);
    return s;
}

CHAR *EXPORT T(_strupr_l, _wcsupr_l)(CHAR *s, crt_locale_t l)
{
    T(_strupr_s_l, _wcsupr_s_l)(s, (size_t)-1, l);
    return s;
}

CHAR *EXPORT T(_strlwr, _wcslwr)(CHAR *s)
{
    return T(_strlwr_l, _wcslwr_l)(s, NULL);
}
CHAR *EXPORT T(_strupr, _wcsupr)(CHAR *s)
{
    return T(_strupr_l, _wcsupr_l)(s, NULL);
}
#include "dlls/template_end.h"
