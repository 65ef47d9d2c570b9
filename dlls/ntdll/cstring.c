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

size_t __cdecl strnlen(const char *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n]) n++;
    return n;
}

char *__cdecl strcpy(char *destination, const char *source)
{
    memcpy(destination, source, strlen(source) + 1);
    return destination;
}

char *__cdecl strncpy(char *destination, const char *source, size_t n)
{
    size_t length = strnlen(source, n);

    memcpy(destination, source, length);
    memset(destination + length, 0, n - length);
    return destination;
}

char *__cdecl strcat(char *destination, const char *source)
{
    strcpy(destination + strlen(destination), source);
    return destination;
}

char *__cdecl strncat(char *destination, const char *source, size_t n)
{
    char *end = destination + strlen(destination);
    size_t length = strnlen(source, n);

    memcpy(end, source, length);
    end[length] = 0;
    return destination;
}

int __cdecl strcmp(const char *a, const char *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b ? 0 : (BYTE)*a < (BYTE)*b ? -1 : 1;
}

int __cdecl strncmp(const char *a, const char *b, size_t n)
{
    while (n && *a && *a == *b) a++, b++, n--;
    return n ? (BYTE)*a - (BYTE)*b : 0;
}

int __cdecl _strnicmp(const char *a, const char *b, size_t n)
{
    int x, y;

    if (!n) return 0;
    do {
        x = ascii_lower((BYTE)*a++);
        y = ascii_lower((BYTE)*b++);
    } while (--n && x && x == y);
    return x - y;
}

int __cdecl _stricmp(const char *a, const char *b)
{
    return _strnicmp(a, b, ~(size_t)0);
}

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

char *__cdecl strchr(const char *s, int c)
{
    for (;; s++) {
        if (*s == (char)c) return (char *)s;
        if (!*s) return NULL;
    }
}

char *__cdecl strrchr(const char *s, int c)
{
    const char *found = NULL;

    do {
        if (*s == (char)c) found = s;
    } while (*s++);
    return (char *)found;
}

char *__cdecl strstr(const char *s, const char *sought)
{
    size_t n = strlen(sought);

    if (!n) return (char *)s;
    for (; (s = strchr(s, *sought)); s++) {
        if (!strncmp(s, sought, n)) return (char *)s;
    }
    return NULL;
}

size_t __cdecl strspn(const char *s, const char *set)
{
    size_t n = 0;

    while (s[n] && strchr(set, s[n])) n++;
    return n;
}

size_t __cdecl strcspn(const char *s, const char *set)
{
    size_t n = 0;

    while (s[n] && !strchr(set, s[n])) n++;
    return n;
}

char *__cdecl strpbrk(const char *s, const char *set)
{
    s += strcspn(s, set);
    return *s ? (char *)s : NULL;
}

char *__cdecl strtok_s(char *s, const char *set, char **context)
{
    if (!s) s = *context;
    if (!s) return NULL;
    s += strspn(s, set);
    if (!*s) {
        *context = s;
        return NULL;
    }
    char *end = s + strcspn(s, set);
    if (*end) *end++ = 0;
    *context = end;
    return s;
}

char *__cdecl _strlwr(char *s)
{
    for (char *p = s; *p; p++) *p = ascii_lower((BYTE)*p);
    return s;
}

char *__cdecl _strupr(char *s)
{
    for (char *p = s; *p; p++) *p = ascii_upper((BYTE)*p);
    return s;
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

size_t __cdecl wcsnlen(const WCHAR *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n]) n++;
    return n;
}

WCHAR *__cdecl wcscpy(WCHAR *destination, const WCHAR *source)
{
    memcpy(destination, source, (wcslen(source) + 1) * sizeof(WCHAR));
    return destination;
}

WCHAR *__cdecl wcsncpy(WCHAR *destination, const WCHAR *source, size_t n)
{
    size_t length = wcsnlen(source, n);

    memcpy(destination, source, length * sizeof(WCHAR));
    memset(destination + length, 0, (n - length) * sizeof(WCHAR));
    return destination;
}

WCHAR *__cdecl wcscat(WCHAR *destination, const WCHAR *source)
{
    wcscpy(destination + wcslen(destination), source);
    return destination;
}

WCHAR *__cdecl wcsncat(WCHAR *destination, const WCHAR *source, size_t n)
{
    WCHAR *end = destination + wcslen(destination);
    size_t length = wcsnlen(source, n);

    memcpy(end, source, length * sizeof(WCHAR));
    end[length] = 0;
    return destination;
}

int __cdecl wcscmp(const WCHAR *a, const WCHAR *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b ? 0 : *a < *b ? -1 : 1;
}

int __cdecl wcsncmp(const WCHAR *a, const WCHAR *b, size_t n)
{
    while (n && *a && *a == *b) a++, b++, n--;
    return n ? *a - *b : 0;
}

int __cdecl _wcsnicmp(const WCHAR *a, const WCHAR *b, size_t n)
{
    int x, y;

    if (!n) return 0;
    do {
        x = ascii_lower(*a++);
        y = ascii_lower(*b++);
    } while (--n && x && x == y);
    return x - y;
}

int __cdecl _wcsicmp(const WCHAR *a, const WCHAR *b)
{
    return _wcsnicmp(a, b, ~(size_t)0);
}

WCHAR *__cdecl wcschr(const WCHAR *s, WCHAR c)
{
    for (;; s++) {
        if (*s == c) return (WCHAR *)s;
        if (!*s) return NULL;
    }
}

WCHAR *__cdecl wcsrchr(const WCHAR *s, WCHAR c)
{
    const WCHAR *found = NULL;

    do {
        if (*s == c) found = s;
    } while (*s++);
    return (WCHAR *)found;
}

WCHAR *__cdecl wcsstr(const WCHAR *s, const WCHAR *sought)
{
    size_t n = wcslen(sought);

    if (!n) return (WCHAR *)s;
    for (; (s = wcschr(s, *sought)); s++) {
        if (!wcsncmp(s, sought, n)) return (WCHAR *)s;
    }
    return NULL;
}

size_t __cdecl wcsspn(const WCHAR *s, const WCHAR *set)
{
    size_t n = 0;

    while (s[n] && wcschr(set, s[n])) n++;
    return n;
}

size_t __cdecl wcscspn(const WCHAR *s, const WCHAR *set)
{
    size_t n = 0;

    while (s[n] && !wcschr(set, s[n])) n++;
    return n;
}

WCHAR *__cdecl wcspbrk(const WCHAR *s, const WCHAR *set)
{
    s += wcscspn(s, set);
    return *s ? (WCHAR *)s : NULL;
}

WCHAR *__cdecl wcstok_s(WCHAR *s, const WCHAR *set, WCHAR **context)
{
    if (!s) s = *context;
    if (!s) return NULL;
    s += wcsspn(s, set);
    if (!*s) {
        *context = s;
        return NULL;
    }
    WCHAR *end = s + wcscspn(s, set);
    if (*end) *end++ = 0;
    *context = end;
    return s;
}

WCHAR *__cdecl _wcslwr(WCHAR *s)
{
    for (WCHAR *p = s; *p; p++) *p = ascii_lower(*p);
    return s;
}

WCHAR *__cdecl _wcsupr(WCHAR *s)
{
    for (WCHAR *p = s; *p; p++) *p = ascii_upper(*p);
    return s;
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
