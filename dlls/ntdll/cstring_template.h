// The string functions that are alike for both widths; cstring.c includes it twice.
#include "dlls/template.h"

size_t __cdecl T(strnlen, wcsnlen)(const CHAR *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n]) n++;
    return n;
}

CHAR *__cdecl T(strcpy, wcscpy)(CHAR *destination, const CHAR *source)
{
    memcpy(destination, source, (T(strlen, wcslen)(source) + 1) * sizeof(CHAR));
    return destination;
}

CHAR *__cdecl T(strncpy, wcsncpy)(CHAR *destination, const CHAR *source, size_t n)
{
    size_t length = T(strnlen, wcsnlen)(source, n);

    memcpy(destination, source, length * sizeof(CHAR));
    memset(destination + length, 0, (n - length) * sizeof(CHAR));
    return destination;
}

CHAR *__cdecl T(strcat, wcscat)(CHAR *destination, const CHAR *source)
{
    T(strcpy, wcscpy)(destination + T(strlen, wcslen)(destination), source);
    return destination;
}

CHAR *__cdecl T(strncat, wcsncat)(CHAR *destination, const CHAR *source, size_t n)
{
    CHAR *end = destination + T(strlen, wcslen)(destination);
    size_t length = T(strnlen, wcsnlen)(source, n);

    memcpy(end, source, length * sizeof(CHAR));
    end[length] = 0;
    return destination;
}

int __cdecl T(strcmp, wcscmp)(const CHAR *a, const CHAR *b)
{
    while (*a && *a == *b) a++, b++;
    return *a == *b ? 0 : (UCHAR)*a < (UCHAR)*b ? -1 : 1;
}

int __cdecl T(strncmp, wcsncmp)(const CHAR *a, const CHAR *b, size_t n)
{
    while (n && *a && *a == *b) a++, b++, n--;
    return n ? (UCHAR)*a - (UCHAR)*b : 0;
}

int __cdecl T(_strnicmp, _wcsnicmp)(const CHAR *a, const CHAR *b, size_t n)
{
    int x, y;

    if (!n) return 0;
    do {
        x = ascii_lower((UCHAR)*a++);
        y = ascii_lower((UCHAR)*b++);
    } while (--n && x && x == y);
    return x - y;
}

int __cdecl T(_stricmp, _wcsicmp)(const CHAR *a, const CHAR *b)
{
    return T(_strnicmp, _wcsnicmp)(a, b, ~(size_t)0);
}

CHAR *__cdecl T(strchr, wcschr)(const CHAR *s, T(int, WCHAR) c)
{
    for (;; s++) {
        if (*s == (CHAR)c) return (CHAR *)s;
        if (!*s) return NULL;
    }
}

CHAR *__cdecl T(strrchr, wcsrchr)(const CHAR *s, T(int, WCHAR) c)
{
    const CHAR *found = NULL;

    do {
        if (*s == (CHAR)c) found = s;
    } while (*s++);
    return (CHAR *)found;
}

CHAR *__cdecl T(strstr, wcsstr)(const CHAR *s, const CHAR *sought)
{
    size_t n = T(strlen, wcslen)(sought);

    if (!n) return (CHAR *)s;
    for (; (s = T(strchr, wcschr)(s, *sought)); s++) {
        if (!T(strncmp, wcsncmp)(s, sought, n)) return (CHAR *)s;
    }
    return NULL;
}

size_t __cdecl T(strspn, wcsspn)(const CHAR *s, const CHAR *set)
{
    size_t n = 0;

    while (s[n] && T(strchr, wcschr)(set, s[n])) n++;
    return n;
}

size_t __cdecl T(strcspn, wcscspn)(const CHAR *s, const CHAR *set)
{
    size_t n = 0;

    while (s[n] && !T(strchr, wcschr)(set, s[n])) n++;
    return n;
}

CHAR *__cdecl T(strpbrk, wcspbrk)(const CHAR *s, const CHAR *set)
{
    s += T(strcspn, wcscspn)(s, set);
    return *s ? (CHAR *)s : NULL;
}

CHAR *__cdecl T(strtok_s, wcstok_s)(CHAR *s, const CHAR *set, CHAR **context)
{
    if (!s) s = *context;
    if (!s) return NULL;
    s += T(strspn, wcsspn)(s, set);
    if (!*s) {
        *context = s;
        return NULL;
    }
    CHAR *end = s + T(strcspn, wcscspn)(s, set);
    if (*end) *end++ = 0;
    *context = end;
    return s;
}

CHAR *__cdecl T(_strlwr, _wcslwr)(CHAR *s)
{
    for (CHAR *p = s; *p; p++) *p = ascii_lower((UCHAR)*p);
    return s;
}

CHAR *__cdecl T(_strupr, _wcsupr)(CHAR *s)
{
    for (CHAR *p = s; *p; p++) *p = ascii_upper((UCHAR)*p);
    return s;
}

#include "dlls/template_end.h"
