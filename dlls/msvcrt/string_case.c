/* Strings by locale: case-insensitive comparison, collation, case conversion. */
#include "msvcrt.h"

#include "string_case_template.h"
#define WIDE
#include "string_case_template.h"

int EXPORT _memicmp_l(const void *a, const void *b, size_t n, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    const unsigned char *x = a, *y = b;

    if (!n) return 0;
    REQUIRE(a && b, EINVAL, INT_MAX);
    for (; n; n--, x++, y++)
        if (locale->lower[*x] != locale->lower[*y]) return locale->lower[*x] - locale->lower[*y];
    return 0;
}

int EXPORT _memicmp(const void *a, const void *b, size_t n)
{
    return _memicmp_l(a, b, n, NULL);
}
