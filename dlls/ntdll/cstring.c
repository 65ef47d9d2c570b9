// The C string functions that ntdll exports, narrow and wide. Case functions know ASCII only, as in Windows'
// ntdll, which has no locale.
#include "nt/nt.h"
#include <emmintrin.h>

#undef iswalnum
#undef iswalpha
#undef iswdigit
#undef iswlower
#undef iswspace
#undef iswxdigit

static inline int ascii_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static inline int ascii_upper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 32 : c;
}

/** Length of a string: 16 bytes at a time from the aligned block that holds its start (never crosses a page).
 */
size_t __cdecl strlen(const char *s)
{
    const __m128i zero = _mm_setzero_si128();
    const char *block = (const char *)((ULONG_PTR)s & ~15);
    unsigned mask = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_load_si128((const __m128i *)block), zero));

    mask >>= s - block;
    if (mask) return __builtin_ctz(mask);
    do {
        block += 16;
        mask = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_load_si128((const __m128i *)block), zero));
    } while (!mask);
    return block + __builtin_ctz(mask) - s;
}

size_t __cdecl wcslen(const WCHAR *s)
{
    const WCHAR *p = s;

    if (!((ULONG_PTR)s & 1)) {
        const __m128i zero = _mm_setzero_si128();
        const BYTE *block = (const BYTE *)((ULONG_PTR)s & ~15);
        unsigned mask = _mm_movemask_epi8(_mm_cmpeq_epi16(_mm_load_si128((const __m128i *)block), zero));

        mask >>= (const BYTE *)s - block;
        if (mask) return __builtin_ctz(mask) / 2;
        do {
            block += 16;
            mask = _mm_movemask_epi8(_mm_cmpeq_epi16(_mm_load_si128((const __m128i *)block), zero));
        } while (!mask);
        return (block + __builtin_ctz(mask) - (const BYTE *)s) / 2;
    }
    while (*p) p++;
    return p - s;
}

#include "cstring_template.h"
#define WIDE
#include "cstring_template.h"

int __cdecl _strcmpi(const char *a, const char *b)
{
    return _strnicmp(a, b, ~(size_t)0);
}

int __cdecl _memicmp(const void *a, const void *b, size_t n)
{
    const BYTE *x = a, *y = b;

    for (; n; n--, x++, y++) {
        int difference = ascii_lower(*x) - ascii_lower(*y);
        if (difference) return difference;
    }
    return 0;
}

void *__cdecl _memccpy(void *destination, const void *source, int value, size_t n)
{
    BYTE *d = destination;
    const BYTE *s = source;

    while (n--) {
        if ((*d++ = *s++) == (BYTE)value) return d;
    }
    return NULL;
}

int __cdecl tolower(int c)
{
    return ascii_lower(c);
}

int __cdecl toupper(int c)
{
    return ascii_upper(c);
}

WCHAR __cdecl towlower(WCHAR c)
{
    return ascii_lower(c);
}

WCHAR __cdecl towupper(WCHAR c)
{
    return ascii_upper(c);
}

int __cdecl isdigit(int c)
{
    return c >= '0' && c <= '9';
}

int __cdecl isxdigit(int c)
{
    return isdigit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f');
}

int __cdecl isupper(int c)
{
    return c >= 'A' && c <= 'Z';
}

int __cdecl islower(int c)
{
    return c >= 'a' && c <= 'z';
}

int __cdecl isalpha(int c)
{
    return isupper(c) || islower(c);
}

int __cdecl isalnum(int c)
{
    return isalpha(c) || isdigit(c);
}

int __cdecl isspace(int c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int __cdecl iscntrl(int c)
{
    return (c >= 0 && c < ' ') || c == 0x7F;
}

int __cdecl isprint(int c)
{
    return c >= ' ' && c < 0x7F;
}

int __cdecl isgraph(int c)
{
    return c > ' ' && c < 0x7F;
}

int __cdecl ispunct(int c)
{
    return isgraph(c) && !isalnum(c);
}

int __cdecl iswalpha(WCHAR c)
{
    return isalpha(c);
}

int __cdecl iswdigit(WCHAR c)
{
    return isdigit(c);
}

int __cdecl iswlower(WCHAR c)
{
    return islower(c);
}

int __cdecl iswspace(WCHAR c)
{
    return isspace(c);
}

int __cdecl iswxdigit(WCHAR c)
{
    return isxdigit(c);
}

int __cdecl iswalnum(WCHAR c)
{
    return isalnum(c);
}

int __cdecl iswctype(WCHAR c, WCHAR mask)
{
    // _UPPER 1, _LOWER 2, _DIGIT 4, _SPACE 8, _PUNCT 10h, _CONTROL 20h, _BLANK 40h, _HEX 80h, _ALPHA 100h
    int is = (isupper(c) ? 0x101 : 0) | (islower(c) ? 0x102 : 0) | (isdigit(c) ? 4 : 0) |
             (isspace(c) ? 8 : 0) | (ispunct(c) ? 0x10 : 0) | (iscntrl(c) ? 0x20 : 0) |
             (c == ' ' ? 0x40 : 0) | (isxdigit(c) ? 0x80 : 0);
    return is & mask;
}
