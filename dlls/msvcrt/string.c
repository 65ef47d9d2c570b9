/* Memory blocks and strings without regard to locale. */
#include "msvcrt.h"
#include <emmintrin.h>

size_t EXPORT strlen(const char *s)
{
    const __m128i zero = _mm_setzero_si128();
    const char *block = (const char *)((uintptr_t)s & ~15u);
    unsigned mask = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(*(const __m128i *)block, zero)) >> (s - block);

    if (mask) return __builtin_ctz(mask);
    for (;;) {
        block += 16; /* an aligned block never crosses into a page that the string doesn't reach */
        mask = _mm_movemask_epi8(_mm_cmpeq_epi8(*(const __m128i *)block, zero));
        if (mask) return block - s + __builtin_ctz(mask);
    }
}

size_t EXPORT wcslen(const wchar_t *s)
{
    const wchar_t *p = s;
    while (*p) p++;
    return p - s;
}

#include "string_template.h"
#define WIDE
#include "string_template.h"

size_t EXPORT __strncnt(const char *s, size_t n)
{
    return strnlen(s, n);
}

void *EXPORT _memccpy(void *dst, const void *src, int c, size_t n)
{
    unsigned char *d = dst;
    const unsigned char *s = src;

    while (n--)
        if ((*d++ = *s++) == (unsigned char)c) return d;
    return NULL;
}

errno_t EXPORT memcpy_s(void *dst, size_t size, const void *src, size_t n)
{
    if (!n) return 0;
    REQUIRE(dst, EINVAL, EINVAL);
    if (!src || n > size) memset(dst, 0, size);
    REQUIRE(src, EINVAL, EINVAL);
    REQUIRE(n <= size, ERANGE, ERANGE);
    memcpy(dst, src, n);
    return 0;
}

errno_t EXPORT memmove_s(void *dst, size_t size, const void *src, size_t n)
{
    if (!n) return 0;
    REQUIRE(dst && src, EINVAL, EINVAL);
    REQUIRE(n <= size, ERANGE, ERANGE);
    memmove(dst, src, n);
    return 0;
}

errno_t EXPORT wmemcpy_s(wchar_t *dst, size_t size, const wchar_t *src, size_t n)
{
    if (!n) return 0;
    REQUIRE(dst, EINVAL, EINVAL);
    if (!src || n > size) memset(dst, 0, size * sizeof(wchar_t));
    REQUIRE(src, EINVAL, EINVAL);
    REQUIRE(n <= size, ERANGE, ERANGE);
    memcpy(dst, src, n * sizeof(wchar_t));
    return 0;
}

errno_t EXPORT wmemmove_s(wchar_t *dst, size_t size, const wchar_t *src, size_t n)
{
    if (!n) return 0;
    REQUIRE(dst && src, EINVAL, EINVAL);
    REQUIRE(n <= size, ERANGE, ERANGE);
    memmove(dst, src, n * sizeof(wchar_t));
    return 0;
}

void EXPORT _swab(char *src, char *dst, int n)
{
    for (n &= ~1; n > 0; n -= 2, src += 2, dst += 2) {
        char first = src[0];
        dst[0] = src[1];
        dst[1] = first;
    }
}
