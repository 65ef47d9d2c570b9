/* Strings of the multibyte code page: searching, comparing, copying. Their _l forms are the same functions.
 */
#include "msvcrt.h"

typedef unsigned char byte;

int EXPORT _ismbblead(unsigned c);
unsigned EXPORT _mbctolower(unsigned c);
unsigned EXPORT _mbctoupper(unsigned c);

static bool is_lead(byte c)
{
    return _mbctype[c + 1] & 4;
}

/* Bytes of the character at S: a lead byte in front of the NUL stands alone. */
static size_t length_at(const byte *s)
{
    return is_lead(*s) && s[1] ? 2 : 1;
}

static unsigned char_at(const byte *s)
{
    return is_lead(*s) && s[1] ? s[0] << 8 | s[1] : *s;
}

size_t EXPORT _mbclen(const byte *s)
{
    return length_at(s);
}
unsigned EXPORT _mbsnextc(const byte *s)
{
    return is_lead(*s) && s[1] ? s[0] << 8 | s[1] : *s;
}
byte *EXPORT _mbsinc(const byte *s)
{
    return (byte *)s + length_at(s);
}

byte *EXPORT _mbsninc(const byte *s, size_t n)
{
    if (!s) return NULL;
    for (; n && *s && !(is_lead(*s) && !s[1]); n--) s += length_at(s);
    return (byte *)s;
}

byte *EXPORT _mbsdec(const byte *start, const byte *s)
{
    const byte *p;

    if (start >= s) return NULL;
    if (!_mbctype[0] && mb_codepage == 0) return (byte *)s - 1;
    /* Lead bytes directly in front decide by their number. */
    for (p = s - 1; p > start && is_lead(p[-1]); p--) {
    }
    return (byte *)s - 1 - ((s - p) % 2 == 0);
}

size_t EXPORT _mbslen(const byte *s)
{
    size_t n = 0;
    for (; *s; s += length_at(s)) {
        if (is_lead(*s) && !s[1]) break;
        n++;
    }
    return n;
}

/* MOST itself where no NUL comes within so many bytes; a lead byte in front of the NUL isn't a character. */
size_t EXPORT _mbsnlen(const byte *s, size_t most)
{
    size_t i = 0, n = 0;

    while (i < most && s[i]) {
        if (is_lead(s[i])) {
            if (i + 1 < most && !s[i + 1]) return n;
            i++;
        }
        i++;
        n++;
    }
    return i >= most ? most : n;
}

size_t EXPORT _mbstrlen(const char *s)
{
    const struct crt_locale *locale = locale_current();
    size_t n = 0;

    for (; *s; n++) {
        int used = wide_from_text(locale, NULL, s, locale->mb_cur_max);
        if (used < 0) return (size_t)-1;
        s += used;
    }
    return n;
}

size_t EXPORT _mbstrnlen(const char *s, size_t most)
{
    const struct crt_locale *locale = locale_current();
    const char *end = s + most;
    size_t n = 0;

    for (; s < end && *s; n++) {
        int used = wide_from_text(locale, NULL, s, end - s);
        if (used < 0) return (size_t)-1;
        s += used;
    }
    return s < end ? n : most;
}

/* How many characters the first N bytes hold, and how many bytes N characters are. */
size_t EXPORT _mbsnccnt(const byte *s, size_t n)
{
    const byte *end = s + n;
    size_t count = 0;

    for (; s < end && *s; s += length_at(s)) count++;
    return count;
}

size_t EXPORT _mbsnbcnt(const byte *s, size_t n)
{
    const byte *p = s;
    while (n-- && *p) p += length_at(p);
    return p - s;
}

/* ---- comparison ---- */

static unsigned fold(unsigned c, bool ignore_case)
{
    return ignore_case ? _mbctolower(c) : c;
}

static int compare(const byte *a, const byte *b, size_t characters, bool ignore_case)
{
    for (; characters; characters--) {
        unsigned x = fold(char_at(a), ignore_case), y = fold(char_at(b), ignore_case);
        if (x != y) return x < y ? -1 : 1;
        if (!x) break;
        a += length_at(a);
        b += length_at(b);
    }
    return 0;
}

static int compare_bytes(const byte *a, const byte *b, size_t n, bool ignore_case)
{
    while (n) {
        unsigned x = n == 1 ? *a : char_at(a), y = n == 1 ? *b : char_at(b);
        size_t used = n == 1 ? 1 : length_at(a);
        x = fold(x, ignore_case);
        y = fold(y, ignore_case);
        if (x != y) return x < y ? -1 : 1;
        if (!x) break;
        a += used;
        b += used;
        n -= used < n ? used : n;
    }
    return 0;
}

int EXPORT _mbscmp(const byte *a, const byte *b)
{
    REQUIRE(a && b, EINVAL, INT_MAX);
    return compare(a, b, (size_t)-1, false);
}
int EXPORT _mbsicmp(const byte *a, const byte *b)
{
    REQUIRE(a && b, EINVAL, INT_MAX);
    return compare(a, b, (size_t)-1, true);
}
int EXPORT _mbsncmp(const byte *a, const byte *b, size_t n)
{
    return compare(a, b, n, false);
}
int EXPORT _mbsnicmp(const byte *a, const byte *b, size_t n)
{
    return compare(a, b, n, true);
}
int EXPORT _mbsnbcmp(const byte *a, const byte *b, size_t n)
{
    return compare_bytes(a, b, n, false);
}
int EXPORT _mbsnbicmp(const byte *a, const byte *b, size_t n)
{
    return compare_bytes(a, b, n, true);
}

static int collate(const byte *a, int na, const byte *b, int nb, DWORD flags)
{
    int order = CompareStringA(GetUserDefaultLCID(), flags, (const char *)a, na, (const char *)b, nb);
    return order ? order - CSTR_EQUAL : INT_MAX;
}
static int bounded(const byte *s, size_t n)
{
    return strnlen((const char *)s, n);
}

int EXPORT _mbscoll(const byte *a, const byte *b)
{
    return collate(a, -1, b, -1, 0);
}
int EXPORT _mbsicoll(const byte *a, const byte *b)
{
    return collate(a, -1, b, -1, NORM_IGNORECASE);
}
int EXPORT _mbsnbcoll(const byte *a, const byte *b, size_t n)
{
    return collate(a, bounded(a, n), b, bounded(b, n), 0);
}
int EXPORT _mbsnbicoll(const byte *a, const byte *b, size_t n)
{
    return collate(a, bounded(a, n), b, bounded(b, n), NORM_IGNORECASE);
}
int EXPORT _mbsncoll(const byte *a, const byte *b, size_t n)
{
    return collate(a, _mbsnbcnt(a, n), b, _mbsnbcnt(b, n), 0);
}
int EXPORT _mbsnicoll(const byte *a, const byte *b, size_t n)
{
    return collate(a, _mbsnbcnt(a, n), b, _mbsnbcnt(b, n), NORM_IGNORECASE);
}

/* ---- searching ---- */

byte *EXPORT _mbschr(const byte *s, unsigned c)
{
    REQUIRE(s, EINVAL, NULL);
    for (;; s += length_at(s)) {
        if (char_at(s) == c) return (byte *)s;
        if (!*s) return NULL;
    }
}

byte *EXPORT _mbsrchr(const byte *s, unsigned c)
{
    const byte *found = NULL;

    for (;; s += length_at(s)) {
        if (char_at(s) == c) found = s;
        if (!*s) return (byte *)found;
    }
}

byte *EXPORT _mbsstr(const byte *s, const byte *sub)
{
    size_t n = strlen((const char *)sub);

    for (; *s; s += length_at(s))
        if (!strncmp((const char *)s, (const char *)sub, n)) return (byte *)s;
    return n ? NULL : (byte *)s;
}

static bool in_set(const byte *set, unsigned c)
{
    for (; *set; set += length_at(set))
        if (char_at(set) == c || (is_lead(*set) && !set[1]))
            return true; /* half a character stands for all */
    return false;
}

size_t EXPORT _mbsspn(const byte *s, const byte *set)
{
    const byte *p = s;
    while (*p && in_set(set, char_at(p))) p += length_at(p);
    return p - s;
}

size_t EXPORT _mbscspn(const byte *s, const byte *set)
{
    const byte *p = s;
    while (*p && !in_set(set, char_at(p))) p += length_at(p);
    return p - s;
}

byte *EXPORT _mbsspnp(const byte *s, const byte *set)
{
    s += _mbsspn(s, set);
    return *s ? (byte *)s : NULL;
}

byte *EXPORT _mbspbrk(const byte *s, const byte *set)
{
    s += _mbscspn(s, set);
    return *s ? (byte *)s : NULL;
}

byte *EXPORT _mbstok_s(byte *s, const byte *set, byte **state)
{
    byte *end;

    REQUIRE(set && state && (s || *state), EINVAL, NULL);
    if (!s) s = *state;
    s += _mbsspn(s, set);
    if (!*s) {
        *state = s;
        return NULL;
    }
    end = s + _mbscspn(s, set);
    if (*end) {
        size_t n = length_at(end);
        *end = 0;
        end += n;
    }
    *state = end;
    return s;
}

byte *EXPORT _mbstok(byte *s, const byte *set)
{
    byte **state = &thread_data()->mbstok_next;

    if (!s && !*state) return NULL;
    return _mbstok_s(s, set, state);
}

/* ---- copying ---- */

void EXPORT _mbccpy(byte *dst, const byte *src)
{
    memcpy(dst, src, length_at(src));
}

errno_t EXPORT _mbccpy_s(byte *dst, size_t size, int *copied, const byte *src)
{
    size_t n;

    if (copied) *copied = 0;
    REQUIRE(dst && size, EINVAL, EINVAL);
    *dst = 0;
    REQUIRE(src, EINVAL, EINVAL);
    if (is_lead(*src) && !src[1]) {
        if (copied) *copied = 1;
        return errno = EILSEQ;
    }
    n = length_at(src);
    REQUIRE(n <= size, ERANGE, ERANGE);
    memcpy(dst, src, n);
    if (copied) *copied = n;
    return 0;
}

byte *EXPORT _mbscpy(byte *dst, const byte *src)
{
    return (byte *)strcpy((char *)dst, (const char *)src);
}
byte *EXPORT _mbscat(byte *dst, const byte *src)
{
    return (byte *)strcat((char *)dst, (const char *)src);
}
byte *EXPORT _mbsdup(const byte *s)
{
    return (byte *)_strdup((const char *)s);
}

/* N characters; the rest of N bytes is cleared. */
byte *EXPORT _mbsncpy(byte *dst, const byte *src, size_t n)
{
    byte *d = dst;

    if (!n) return dst;
    REQUIRE(dst && src, EINVAL, NULL);
    for (; n && *src; n--) {
        size_t used = length_at(src);
        if (is_lead(*src) && used == 1) { /* half a character counts, and becomes zeros */
            *d++ = 0;
            break;
        }
        memcpy(d, src, used);
        d += used;
        src += used;
    }
    while (n--) *d++ = 0;
    return dst;
}

/* N bytes; a lead byte that would lose its trail becomes a NUL. */
byte *EXPORT _mbsnbcpy(byte *dst, const byte *src, size_t n)
{
    byte *d = dst;

    if (!n) return dst;
    REQUIRE(dst && src, EINVAL, NULL);
    while (n && *src) {
        if (is_lead(*src)) {
            if (n < 2 || !src[1]) break;
            *d++ = *src++;
            n--;
        }
        *d++ = *src++;
        n--;
    }
    while (n--) *d++ = 0;
    return dst;
}

byte *EXPORT _mbsncat(byte *dst, const byte *src, size_t n)
{
    byte *d = dst + strlen((char *)dst);

    for (; n && *src; n--) {
        size_t used = length_at(src);
        memcpy(d, src, used);
        d += used;
        src += used;
    }
    *d = 0;
    return dst;
}

byte *EXPORT _mbsnbcat(byte *dst, const byte *src, size_t n)
{
    byte *d = dst + strlen((char *)dst);

    /* A lead byte at the end that lost its trail is overwritten. */
    if (d > dst && (size_t)(d - dst) != _mbsnbcnt(dst, _mbslen(dst))) d--;
    while (n && *src) {
        if (is_lead(*src)) {
            if (n < 2 || !src[1]) break;
            *d++ = *src++;
            n--;
        }
        *d++ = *src++;
        n--;
    }
    *d = 0;
    return dst;
}

errno_t EXPORT strcpy_s(char *dst, size_t size, const char *src);
errno_t EXPORT strcat_s(char *dst, size_t size, const char *src);
errno_t EXPORT strncpy_s(char *dst, size_t size, const char *src, size_t n);
errno_t EXPORT strncat_s(char *dst, size_t size, const char *src, size_t n);

errno_t EXPORT _mbscpy_s(byte *dst, size_t size, const byte *src)
{
    return strcpy_s((char *)dst, size, (const char *)src);
}
/* A lead byte at the end of either string goes away, with EILSEQ. */
errno_t EXPORT _mbscat_s(byte *dst, size_t size, const byte *src)
{
    bool halved = false;
    errno_t error;
    size_t n;

    if (dst && size && src && (n = _mbsnbcnt(dst, _mbslen(dst))) < size && is_lead(dst[n]) && !dst[n + 1]) {
        dst[n] = 0;
        halved = true;
    }
    error = strcat_s((char *)dst, size, (const char *)src);
    if (error) return error;
    n = _mbsnbcnt(dst, _mbslen(dst));
    if (is_lead(dst[n])) {
        dst[n] = 0;
        halved = true;
    }
    return halved ? errno = EILSEQ : 0;
}

/* Copies N bytes at most behind the USED ones of DST. What fits is there even where that is an error. */
static errno_t append_bytes(byte *dst, size_t used, size_t size, const byte *src, size_t n)
{
    size_t at = 0;

    while (at < n && src[at]) {
        size_t length = length_at(src + at);
        if (n != TRUNCATE && at + length > n) break;
        if (used + at + length >= size) {
            if (n == TRUNCATE) {
                dst[used + at] = 0;
                return STRUNCATE;
            }
            if (used + at + length == size) memcpy(dst + used + at, src + at, length);
            *dst = 0;
            REQUIRE(false, ERANGE, ERANGE);
        }
        memcpy(dst + used + at, src + at, length);
        at += length;
    }
    dst[used + at] = 0;
    return 0;
}

errno_t EXPORT _mbsnbcpy_s(byte *dst, size_t size, const byte *src, size_t n)
{
    REQUIRE(dst && size, EINVAL, EINVAL);
    if (!src) *dst = 0;
    REQUIRE(src, EINVAL, EINVAL);
    return append_bytes(dst, 0, size, src, n);
}

errno_t EXPORT _mbsncpy_s(byte *dst, size_t size, const byte *src, size_t n)
{
    return _mbsnbcpy_s(dst, size, src, n == TRUNCATE || !src ? n : _mbsnbcnt(src, n));
}

errno_t EXPORT _mbsnbcat_s(byte *dst, size_t size, const byte *src, size_t n)
{
    size_t used;

    if (!dst && !size && !src && !n) return 0;
    REQUIRE(dst && size, EINVAL, EINVAL);
    if (!src) *dst = 0;
    REQUIRE(src, EINVAL, EINVAL);
    used = strnlen((char *)dst, size);
    if (used == size) *dst = 0;
    REQUIRE(used < size, EINVAL, EINVAL);
    return append_bytes(dst, used, size, src, n);
}

errno_t EXPORT _mbsncat_s(byte *dst, size_t size, const byte *src, size_t n)
{
    return _mbsnbcat_s(dst, size, src, n == TRUNCATE || !src ? n : _mbsnbcnt(src, n));
}

/* ---- in place ---- */

byte *EXPORT _mbsrev(byte *s)
{
    size_t size = strlen((char *)s);
    byte *copy = (byte *)_strdup((char *)s), *from = copy, *to = s + size;

    if (!copy) return s;
    for (size_t n = _mbsnbcnt(copy, _mbslen(copy)); size > n; size--) *--to = 0; /* half a character goes */
    while (from < copy + size) {
        size_t used = length_at(from);
        to -= used;
        memcpy(to, from, used);
        from += used;
    }
    free(copy);
    return s;
}

/* Fills LIMIT bytes at most with a character, a half of one with a space. */
static byte *fill(byte *s, unsigned c, size_t limit)
{
    byte *p = s;

    while (limit && *p) {
        if (c < 256) {
            *p++ = c;
            limit--;
        } else if (limit == 1 || !p[1]) {
            *p++ = ' ';
            limit--;
        } else {
            *p++ = c >> 8;
            *p++ = c;
            limit -= 2;
        }
    }
    return s;
}

byte *EXPORT _mbsset(byte *s, unsigned c)
{
    return fill(s, c, (size_t)-1);
}
byte *EXPORT _mbsnbset(byte *s, unsigned c, size_t n)
{
    return fill(s, c, n);
}
byte *EXPORT _mbsnset(byte *s, unsigned c, size_t n)
{
    return fill(s, c, c < 256 ? n : n * 2);
}

errno_t EXPORT _mbsset_s(byte *s, size_t size, unsigned c)
{
    REQUIRE(s && size && strnlen((char *)s, size) < size, EINVAL, EINVAL);
    _mbsset(s, c);
    return 0;
}

errno_t EXPORT _mbsnbset_s(byte *s, size_t size, unsigned c, size_t n)
{
    REQUIRE(s && size && strnlen((char *)s, size) < size, EINVAL, EINVAL);
    _mbsnbset(s, c, n);
    return 0;
}

errno_t EXPORT _mbsnset_s(byte *s, size_t size, unsigned c, size_t n)
{
    REQUIRE(s && size && strnlen((char *)s, size) < size, EINVAL, EINVAL);
    _mbsnset(s, c, n);
    return 0;
}

static byte *map_case(byte *s, unsigned(EXPORT *map)(unsigned))
{
    for (byte *p = s; *p;) {
        unsigned c = map(char_at(p));
        if (length_at(p) == 2) *p++ = c >> 8;
        *p++ = c;
    }
    return s;
}

byte *EXPORT _mbslwr(byte *s)
{
    return s ? map_case(s, _mbctolower) : NULL;
}
byte *EXPORT _mbsupr(byte *s)
{
    return s ? map_case(s, _mbctoupper) : NULL;
}

errno_t EXPORT _mbslwr_s(byte *s, size_t size)
{
    if (!s && !size) return 0;
    REQUIRE(s, EINVAL, EINVAL);
    if (strnlen((char *)s, size) >= size) {
        if (size) *s = 0;
        REQUIRE(false, EINVAL, EINVAL);
    }
    _mbslwr(s);
    return 0;
}

errno_t EXPORT _mbsupr_s(byte *s, size_t size)
{
    if (!s && !size) return 0;
    REQUIRE(s, EINVAL, EINVAL);
    if (strnlen((char *)s, size) >= size) {
        if (size) *s = 0;
        REQUIRE(false, EINVAL, EINVAL);
    }
    _mbsupr(s);
    return 0;
}
