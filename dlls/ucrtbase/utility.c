/* Divisions and byte orders of 64 bits, a search that appends, and the checked form of an error's text. */
#include "ucrtbase.h"

struct long_division {
    __int64 quotient, remainder;
};

struct long_division EXPORT lldiv(__int64 numerator, __int64 denominator)
{
    return (struct long_division){numerator / denominator, numerator % denominator};
}

typedef int(EXPORT *compare_context)(void *context, const void *a, const void *b);
void *EXPORT _lfind_s(const void *key, const void *base, unsigned *count, size_t size,
                      compare_context function, void *context);

/* As _lfind_s, but what isn't there is appended. */
void *EXPORT _lsearch_s(const void *key, void *base, unsigned *count, size_t size, compare_context function,
                        void *context)
{
    void *found;

    REQUIRE(key && count && (base || !*count) && size && function, EINVAL, NULL);
    found = _lfind_s(key, base, count, size, function, context);
    if (found) return found;
    found = (char *)base + *count * size;
    memcpy(found, key, size);
    ++*count;
    return found;
}

wchar_t *EXPORT __wcserror(const wchar_t *message);

/* "message: text of errno" with a line end, as much as fits. */
errno_t EXPORT __wcserror_s(wchar_t *out, size_t size, const wchar_t *message)
{
    const wchar_t *text;
    size_t n;

    REQUIRE(out && size, EINVAL, EINVAL);
    text = __wcserror(message);
    if (!text) return ENOMEM;
    n = wcsnlen(text, size - 1);
    memcpy(out, text, n * sizeof(*out));
    out[n] = 0;
    return 0;
}

unsigned short EXPORT _byteswap_ushort(unsigned short value)
{
    return __builtin_bswap16(value);
}
unsigned long EXPORT _byteswap_ulong(unsigned long value)
{
    return __builtin_bswap32(value);
}
uint64_t EXPORT _byteswap_uint64(uint64_t value)
{
    return __builtin_bswap64(value);
}
