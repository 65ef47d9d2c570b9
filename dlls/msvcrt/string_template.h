/* The strings functions that need no locale, once for both widths; string.c includes it twice. */
#include "dlls/template.h"

CHAR *EXPORT T(strcpy, wcscpy)(CHAR *dst, const CHAR *src)
{
    CHAR *d = dst;
    while ((*d++ = *src++)) {
    }
    return dst;
}

CHAR *EXPORT T(strcat, wcscat)(CHAR *dst, const CHAR *src)
{
    T(strcpy, wcscpy)(dst + T(strlen, wcslen)(dst), src);
    return dst;
}

int EXPORT T(strcmp, wcscmp)(const CHAR *a, const CHAR *b)
{
    while (*a && *a == *b) a++, b++;
    return (UCHAR)*a < (UCHAR)*b ? -1 : (UCHAR)*a > (UCHAR)*b;
}

int EXPORT T(strncmp, wcsncmp)(const CHAR *a, const CHAR *b, size_t n)
{
    for (; n; n--, a++, b++) {
        if (*a != *b) return T((UCHAR)*a - (UCHAR)*b, *a < *b ? -1 : 1);
        if (!*a) break;
    }
    return 0;
}

CHAR *EXPORT T(strncpy, wcsncpy)(CHAR *dst, const CHAR *src, size_t n)
{
    size_t i = 0;
    for (; i < n && src[i]; i++) dst[i] = src[i];
    for (; i < n; i++) dst[i] = 0;
    return dst;
}

CHAR *EXPORT T(strncat, wcsncat)(CHAR *dst, const CHAR *src, size_t n)
{
    CHAR *d = dst + T(strlen, wcslen)(dst);
    for (; n && *src; n--) *d++ = *src++;
    *d = 0;
    return dst;
}

CHAR *EXPORT T(strchr, wcschr)(const CHAR *s, T(int, wchar_t) c)
{
    for (;; s++) {
        if (*s == (CHAR)c) return (CHAR *)s;
        if (!*s) return NULL;
    }
}

CHAR *EXPORT T(strrchr, wcsrchr)(const CHAR *s, T(int, wchar_t) c)
{
    const CHAR *found = NULL;
    do
        if (*s == (CHAR)c) found = s;
    while (*s++);
    return (CHAR *)found;
}

size_t EXPORT T(strspn, wcsspn)(const CHAR *s, const CHAR *set)
{
    size_t n = 0;
    while (s[n] && T(strchr, wcschr)(set, s[n])) n++;
    return n;
}

size_t EXPORT T(strcspn, wcscspn)(const CHAR *s, const CHAR *set)
{
    size_t n = 0;
    while (s[n] && !T(strchr, wcschr)(set, s[n])) n++;
    return n;
}

CHAR *EXPORT T(strpbrk, wcspbrk)(const CHAR *s, const CHAR *set)
{
    s += T(strcspn, wcscspn)(s, set);
    return *s ? (CHAR *)s : NULL;
}

CHAR *EXPORT T(strstr, wcsstr)(const CHAR *s, const CHAR *sub)
{
    size_t n = T(strlen, wcslen)(sub);

    if (!n) return (CHAR *)s;
    for (; (s = T(strchr, wcschr)(s, *sub)); s++)
        if (!T(strncmp, wcsncmp)(s, sub, n)) return (CHAR *)s;
    return NULL;
}

size_t EXPORT T(strnlen, wcsnlen)(const CHAR *s, size_t n)
{
    size_t i = 0;
    while (i < n && s[i]) i++;
    return i;
}

static CHAR *T(next_token, next_token_wide)(CHAR *s, const CHAR *set, CHAR **state)
{
    CHAR *end;

    if (!s) s = *state;
    if (!s) return NULL;
    s += T(strspn, wcsspn)(s, set);
    if (!*s) {
        *state = s;
        return NULL;
    }
    end = s + T(strcspn, wcscspn)(s, set);
    if (*end) *end++ = 0;
    *state = end;
    return s;
}

CHAR *EXPORT T(strtok, wcstok)(CHAR *s, const CHAR *set)
{
    return T(next_token, next_token_wide)(s, set, &thread_data()->T(strtok_next, wcstok_next));
}

CHAR *EXPORT T(strtok_s, wcstok_s)(CHAR *s, const CHAR *set, CHAR **state)
{
    REQUIRE(set && state && (s || *state), EINVAL, NULL);
    return T(next_token, next_token_wide)(s, set, state);
}

CHAR *EXPORT T(_strdup, _wcsdup)(const CHAR *s)
{
    size_t size;
    CHAR *copy;

    if (!s) return NULL;
    size = (T(strlen, wcslen)(s) + 1) * sizeof(CHAR);
    copy = malloc(size);
    if (copy) memcpy(copy, s, size);
    return copy;
}

CHAR *EXPORT T(_strrev, _wcsrev)(CHAR *s)
{
    CHAR *a = s, *b = s + T(strlen, wcslen)(s);

    while (a < b) {
        CHAR c = *a;
        *a++ = *--b;
        *b = c;
    }
    return s;
}

CHAR *EXPORT T(_strset, _wcsset)(CHAR *s, T(int, wchar_t) c)
{
    for (CHAR *p = s; *p; p++) *p = c;
    return s;
}

CHAR *EXPORT T(_strnset, _wcsnset)(CHAR *s, T(int, wchar_t) c, size_t n)
{
    for (CHAR *p = s; n && *p; n--) *p++ = c;
    return s;
}

/* ---- _s: every error ends with an empty string and the invalid parameter handler ---- */

errno_t EXPORT T(strcpy_s, wcscpy_s)(CHAR *dst, size_t size, const CHAR *src)
{
    size_t i;

    REQUIRE(dst && size, EINVAL, EINVAL);
    if (!src) *dst = 0;
    REQUIRE(src, EINVAL, EINVAL);
    for (i = 0; i < size; i++)
        if (!(dst[i] = src[i])) return 0;
    *dst = 0;
    REQUIRE(false, ERANGE, ERANGE);
    return 0;
}

errno_t EXPORT T(strcat_s, wcscat_s)(CHAR *dst, size_t size, const CHAR *src)
{
    size_t used;

    REQUIRE(dst && size, EINVAL, EINVAL);
    if (!src) *dst = 0;
    REQUIRE(src, EINVAL, EINVAL);
    used = T(strnlen, wcsnlen)(dst, size);
    if (used == size) *dst = 0;
    REQUIRE(used < size, EINVAL, EINVAL);
    for (; used < size; used++)
        if (!(dst[used] = *src++)) return 0;
    *dst = 0;
    REQUIRE(false, ERANGE, ERANGE);
    return 0;
}

errno_t EXPORT T(strncpy_s, wcsncpy_s)(CHAR *dst, size_t size, const CHAR *src, size_t n)
{
    size_t length;

    if (!n && !dst && !size) return 0;
    REQUIRE(dst && size, EINVAL, EINVAL);
    if (!n) {
        *dst = 0;
        return 0;
    }
    if (!src) *dst = 0;
    REQUIRE(src, EINVAL, EINVAL);
    for (length = 0; length < size && length < n; length++)
        if (!(dst[length] = src[length])) return 0;
    if (length < size) {
        dst[length] = 0;
        return 0;
    }
    if (n == TRUNCATE) {
        dst[size - 1] = 0;
        return STRUNCATE;
    }
    *dst = 0;
    REQUIRE(false, ERANGE, ERANGE);
    return 0;
}

errno_t EXPORT T(strncat_s, wcsncat_s)(CHAR *dst, size_t size, const CHAR *src, size_t n)
{
    size_t used, length;

    if (!n && !dst && !size) return 0;
    REQUIRE(dst && size, EINVAL, EINVAL);
    used = T(strnlen, wcsnlen)(dst, size);
    if (used == size) *dst = 0;
    REQUIRE(used < size, EINVAL, EINVAL);
    if (!n) return 0;
    if (!src) *dst = 0;
    REQUIRE(src, EINVAL, EINVAL);
    length = T(strnlen, wcsnlen)(src, n == TRUNCATE ? size - used : n);
    if (length < size - used) {
        memcpy(dst + used, src, length * sizeof(CHAR));
        dst[used + length] = 0;
        return 0;
    }
    if (n == TRUNCATE) {
        memcpy(dst + used, src, (size - used - 1) * sizeof(CHAR));
        dst[size - 1] = 0;
        return STRUNCATE;
    }
    *dst = 0;
    REQUIRE(false, ERANGE, ERANGE);
    return 0;
}

errno_t EXPORT T(_strset_s, _wcsset_s)(CHAR *s, size_t size, T(int, wchar_t) c)
{
    size_t length;

    REQUIRE(s && size, EINVAL, EINVAL);
    length = T(strnlen, wcsnlen)(s, size);
    if (length == size) *s = 0;
    REQUIRE(length < size, EINVAL, EINVAL);
    T(_strset, _wcsset)(s, c);
    return 0;
}

errno_t EXPORT T(_strnset_s, _wcsnset_s)(CHAR *s, size_t size, T(int, wchar_t) c, size_t n)
{
    size_t i = 0;

    if (!s && !size && !n) return 0;
    REQUIRE(s && size, EINVAL, EINVAL);
#ifdef WIDE
    if (wcsnlen(s, size) == size) i = size; /* the wide form looks before it writes */
#endif
    for (; i < size && n && s[i]; i++, n--) s[i] = c;
    while (i < size && s[i]) i++;
    if (i == size) *s = 0;
    REQUIRE(i < size, EINVAL, EINVAL);
    return 0;
}
#include "dlls/template_end.h"
