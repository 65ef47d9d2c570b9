/* Conversion between multibyte and wide characters by locale, and of paths by the file functions' code page.
 */
#include "msvcrt.h"

/* One wide character as text (up to 8 bytes): its length, or -1 and EILSEQ. */
int text_from_wide(const struct crt_locale *locale, char *out, wchar_t c)
{
    BOOL lossy = FALSE;
    int n;

    if (!locale->codepage) {
        if (c > 255) {
            errno = EILSEQ;
            return -1;
        }
        *out = c;
        return 1;
    }
    if (c < 0x80) {
        *out = c;
        return 1;
    }
    if (locale->codepage == CP_UTF8) {
        n = c >= 0xD800 && c <= 0xDFFF ? 0 : WideCharToMultiByte(CP_UTF8, 0, &c, 1, out, 4, NULL, NULL);
    } else {
        n = WideCharToMultiByte(locale->codepage, 0, &c, 1, out, locale->mb_cur_max, NULL, &lossy);
    }
    if (n && !lossy) return n;
    errno = EILSEQ;
    return -1;
}

static int utf8_length(unsigned char lead)
{
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* How many bytes the character has that begins S; less where the text ends first, by a NUL or after SIZE
 * bytes. */
int text_length(const struct crt_locale *locale, const char *s, size_t size)
{
    size_t n = 1, length = locale->codepage == CP_UTF8                          ? utf8_length(*s)
                           : locale->ctype[(unsigned char)*s + 1] & CT_LEADBYTE ? 2
                                                                                : 1;
    while (n < length && n < size && s[n]) n++;
    return n;
}

/* The one character in SIZE bytes: its wide form and how many bytes it took; -1 and EILSEQ. */
int wide_from_text(const struct crt_locale *locale, wchar_t *out, const char *s, size_t size)
{
    wchar_t dummy;
    int n = 1;

    if (!out) out = &dummy;
    if (!locale->codepage) {
        *out = (unsigned char)*s;
        return 1;
    }
    if (locale->codepage == CP_UTF8) {
        n = text_length(locale, s, size);
        if (n == 4) n = 0; /* what needs two wide characters isn't one */
    } else if (locale->ctype[(unsigned char)*s + 1] & CT_LEADBYTE) {
        n = 2;
        if (size < 2 || !s[1]) n = 0;
    }
    if (n && MultiByteToWideChar(locale->codepage,
                                 locale->codepage == CP_UTF8 ? MB_ERR_INVALID_CHARS
                                                             : MB_PRECOMPOSED | MB_ERR_INVALID_CHARS,
                                 s, n, out, 1) == 1)
        return n;
    errno = EILSEQ;
    return -1;
}

int EXPORT _mbtowc_l(wchar_t *out, const char *s, size_t size, crt_locale_t l)
{
    if (!s || !size) return 0;
    if (!*s) {
        if (out) *out = 0;
        return 0;
    }
    return wide_from_text(locale_of(l), out, s, size);
}

int EXPORT mbtowc(wchar_t *out, const char *s, size_t size)
{
    return _mbtowc_l(out, s, size, NULL);
}

int EXPORT _mblen_l(const char *s, size_t size, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);

    if (!s || !*s || !size) return 0;
    if (locale->mb_cur_max == 1) return 1;
    return wide_from_text(locale, NULL, s, size);
}

int EXPORT mblen(const char *s, size_t size)
{
    return _mblen_l(s, size, NULL);
}

int EXPORT _wctomb_l(char *out, wchar_t c, crt_locale_t l)
{
    return out ? text_from_wide(locale_of(l), out, c) : 0;
}
int EXPORT wctomb(char *out, wchar_t c)
{
    return _wctomb_l(out, c, NULL);
}

errno_t EXPORT _wctomb_s_l(int *length, char *out, size_t size, wchar_t c, crt_locale_t l)
{
    char text[8];
    int n;

    if (!out && size) {
        if (length) *length = 0;
        return 0;
    }
    if (length) *length = -1;
    REQUIRE(size <= INT_MAX, EINVAL, EINVAL);
    n = text_from_wide(locale_of(l), text, c);
    if (n < 0) {
        if (out && size) memset(out, 0, size);
        return EILSEQ;
    }
    if (out) {
        if (size < (size_t)n) memset(out, 0, size);
        REQUIRE(size >= (size_t)n, ERANGE, ERANGE);
        memcpy(out, text, n);
    }
    if (length) *length = n;
    return 0;
}

errno_t EXPORT wctomb_s(int *length, char *out, size_t size, wchar_t c)
{
    return _wctomb_s_l(length, out, size, c, NULL);
}

/* mbstowcs, pairs of surrogates included. */
static size_t utf8_to_wide(wchar_t *out, const char *s, size_t count)
{
    int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, s, -1, NULL, 0);
    wchar_t *whole;

    if (!n) {
        errno = EILSEQ;
        return (size_t)-1;
    }
    if (!out) return n - 1;
    whole = malloc(n * sizeof(*whole));
    if (!whole) return (size_t)-1;
    MultiByteToWideChar(CP_UTF8, 0, s, -1, whole, n);
    memcpy(out, whole, ((size_t)n < count ? (size_t)n : count) * sizeof(*out));
    free(whole);
    return (size_t)n <= count ? (size_t)n - 1 : count;
}

size_t EXPORT _mbstowcs_l(wchar_t *out, const char *s, size_t count, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    size_t n = 0;

    REQUIRE(s, EINVAL, (size_t)-1);
    if (!out && locale->mb_cur_max == 1) return strlen(s);
    if (!locale->codepage) {
        for (; n < count; n++)
            if (!(out[n] = (unsigned char)s[n])) break;
        return n;
    }
    if (locale->codepage == CP_UTF8) return utf8_to_wide(out, s, count);
    for (; !out || n < count; n++) {
        int used;
        if (!*s) {
            if (out) out[n] = 0;
            break;
        }
        used = wide_from_text(locale, out ? out + n : NULL, s, 2);
        if (used < 0) {
            if (out) out[n] = 0;
            return (size_t)-1;
        }
        s += used;
    }
    return n;
}

size_t EXPORT mbstowcs(wchar_t *out, const char *s, size_t count)
{
    return _mbstowcs_l(out, s, count, NULL);
}

errno_t EXPORT _mbstowcs_s_l(size_t *done, wchar_t *out, size_t size, const char *s, size_t count,
                             crt_locale_t l)
{
    size_t n;

    if (!out && !size && !count && s) {
        n = _mbstowcs_l(NULL, s, 0, l);
        if (done) *done = n == (size_t)-1 ? 0 : n + 1;
        return n == (size_t)-1 ? errno : 0;
    }
    if (done) *done = 0;
    if (!s && out && size) *out = 0;
    REQUIRE(s, EINVAL, EINVAL);
    if (!out && !size) {
        n = _mbstowcs_l(NULL, s, 0, l);
        if (n == (size_t)-1) return errno;
        if (done) *done = n + 1;
        return 0;
    }
    REQUIRE(out && size, EINVAL, EINVAL);
    n = _mbstowcs_l(out, s, count == TRUNCATE || count > size ? size : count, l);
    if (n == (size_t)-1) {
        *out = 0;
        return errno;
    }
    if (n >= size) {
        if (count != TRUNCATE) {
            *out = 0;
            REQUIRE(false, ERANGE, ERANGE);
        }
        out[size - 1] = 0;
        if (done) *done = size;
        return STRUNCATE;
    }
    out[n] = 0;
    if (done) *done = n + 1;
    return 0;
}

errno_t EXPORT mbstowcs_s(size_t *done, wchar_t *out, size_t size, const char *s, size_t count)
{
    return _mbstowcs_s_l(done, out, size, s, count, NULL);
}

/* As text_from_wide the character that begins S, which may be a pair of surrogates; USED: how many of S. */
static int text_from_pair(const struct crt_locale *locale, char *out, const wchar_t *s, int *used)
{
    bool pair = locale->codepage == CP_UTF8 && *s >= 0xD800 && *s < 0xDC00 && s[1] >= 0xDC00 && s[1] < 0xE000;

    *used = 1 + pair;
    return pair ? WideCharToMultiByte(CP_UTF8, 0, s, 2, out, 4, NULL, NULL) : text_from_wide(locale, out, *s);
}

size_t EXPORT _wcstombs_l(char *out, const wchar_t *s, size_t size, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    char text[8];
    size_t n = 0;

    REQUIRE(s, EINVAL, (size_t)-1);
    if (!out && !locale->codepage) return wcslen(s);
    for (int used;; s += used) {
        int length = text_from_pair(locale, text, s, &used);
        if (length < 0) return (size_t)-1;
        if (out) {
            if (n + length > size) return n;
            memcpy(out + n, text, length);
        }
        if (!*s) return n;
        n += length;
    }
}

size_t EXPORT wcstombs(char *out, const wchar_t *s, size_t size)
{
    return _wcstombs_l(out, s, size, NULL);
}

errno_t EXPORT _wcstombs_s_l(size_t *done, char *out, size_t size, const wchar_t *s, size_t count,
                             crt_locale_t l)
{
    size_t n;

    if (!out && !size && s) {
        n = _wcstombs_l(NULL, s, 0, l);
        if (n == (size_t)-1) {
            if (done) *done = 0;
            return errno;
        }
        if (done) *done = n + 1;
        return 0;
    }
    if (done) *done = 0;
    REQUIRE(out || !size, EINVAL, EINVAL);
    if (!s && size) *out = 0;
    REQUIRE(s, EINVAL, EINVAL);
    n = _wcstombs_l(out, s, count == TRUNCATE || count > size ? size : count, l);
    if (n == (size_t)-1) {
        if (size) *out = 0;
        return errno;
    }
    if (n >= size) {
        if (count != TRUNCATE) {
            if (size) *out = 0;
            REQUIRE(false, ERANGE, ERANGE);
        }
        out[size - 1] = 0;
        if (done) *done = size;
        return STRUNCATE;
    }
    out[n] = 0;
    if (done) *done = n + 1;
    return 0;
}

errno_t EXPORT wcstombs_s(size_t *done, char *out, size_t size, const wchar_t *s, size_t count)
{
    return _wcstombs_s_l(done, out, size, s, count, NULL);
}

/* ---- restartable forms: the state holds a lead byte ---- */

/* The state holds up to three bytes, the first lowest. */
static size_t restart_utf8(const struct crt_locale *locale, wchar_t *out, const char *s, size_t size,
                           int *state)
{
    char bytes[5] = {*state, *state >> 8, *state >> 16};
    int n = strlen(bytes), length;
    size_t used = 0;

    if (!n) {
        if (!*s) return 0;
        bytes[n++] = s[used++];
    }
    *state = 0;
    for (length = utf8_length(*bytes); n < length && used < size; n++, used++) {
        if ((s[used] & 0xC0) != 0x80) { /* the text may end here */
            errno = EILSEQ;
            return (size_t)-1;
        }
        bytes[n] = s[used];
    }
    if (n < length) {
        *state = (unsigned char)bytes[0] | (unsigned char)bytes[1] << 8 | (unsigned char)bytes[2] << 16;
        return (size_t)-2;
    }
    return wide_from_text(locale, out, bytes, n) < 0 ? (size_t)-1 : used;
}

static size_t restart(wchar_t *out, const char *s, size_t size, int *state)
{
    const struct crt_locale *locale = locale_current();
    char bytes[2];
    int n;

    if (!s) {
        *state = 0;
        return 0;
    }
    if (out) *out = 0;
    if (!size) return (size_t)-2;
    if (locale->codepage == CP_UTF8) return restart_utf8(locale, out, s, size, state);
    if (*state) {
        bytes[0] = *state;
        bytes[1] = *s;
        *state = 0;
        n = wide_from_text(locale, out, bytes, 2);
        return n < 0 ? (size_t)-1 : (size_t)n; /* of both calls, as Windows counts */
    }
    if (!*s) return 0;
    if (locale->ctype[(unsigned char)*s + 1] & CT_LEADBYTE) {
        if (size == 1) {
            *state = (unsigned char)*s;
            return (size_t)-2;
        }
        /* Two bytes that are no character give the system's substitute. */
        return MultiByteToWideChar(locale->codepage, 0, s, 2, out ? out : (wchar_t[2]){0}, out ? 1 : 2)
                   ? 2
                   : (size_t)-1;
    }
    n = wide_from_text(locale, out, s, size);
    return n < 0 ? (size_t)-1 : (size_t)n;
}

size_t EXPORT mbrtowc(wchar_t *out, const char *s, size_t size, int *state)
{
    static int pending;
    return restart(out, s, size, state ? state : &pending);
}

size_t EXPORT mbrlen(const char *s, size_t size, int *state)
{
    static int pending;
    return restart(NULL, s, size, state ? state : &pending);
}

int EXPORT mbsinit(const int *state)
{
    return !state || !*state;
}

size_t EXPORT wcrtomb(char *out, wchar_t c, int *state)
{
    char text[8];
    int n;

    if (state) *state = 0;
    n = text_from_wide(locale_current(), out ? out : text, c);
    return n < 0 ? (size_t)-1 : (size_t)n;
}

errno_t EXPORT wcrtomb_s(size_t *done, char *out, size_t size, wchar_t c, int *state)
{
    int n;
    errno_t error;

    if (state) *state = 0;
    if (!out) {
        if (done) *done = 1;
        return 0;
    }
    error = wctomb_s(&n, out, size, c);
    if (error == EILSEQ && size) *out = '?';
    if (done) *done = n;
    return error;
}

wint_t EXPORT btowc(int c)
{
    char byte = c;
    wchar_t wide;

    if (c == CRT_EOF || wide_from_text(locale_current(), &wide, &byte, 1) < 0) return CRT_WEOF;
    return wide;
}

int EXPORT wctob(wint_t c)
{
    const struct crt_locale *locale = locale_current();
    wchar_t wide = c;
    char out[8];

    if (c == CRT_WEOF) return CRT_EOF;
    if (!locale->codepage) return c < 256 ? (signed char)c : CRT_EOF;
    if (WideCharToMultiByte(locale->codepage, 0, &wide, 1, out, sizeof(out), NULL, NULL) != 1) return CRT_EOF;
    if (out[0] == '?' && c != '?') return CRT_EOF;
    return locale->ctype[(unsigned char)out[0] + 1] & CT_LEADBYTE || (out[0] & 0x80 && wide < 0xA0) ? CRT_EOF
                                                                                                    : out[0];
}

size_t EXPORT mbsrtowcs(wchar_t *out, const char **s, size_t count, int *state)
{
    static int pending;
    const char *p;
    size_t n = 0;

    REQUIRE(s && *s, EINVAL, (size_t)-1);
    if (!state) state = &pending;
    for (p = *s; !out || n < count; n++) {
        wchar_t wide;
        size_t used = restart(&wide, p, locale_current()->mb_cur_max, state);
        if (used == (size_t)-1 || used == (size_t)-2) return (size_t)-1;
        if (out) out[n] = wide;
        if (!used) {
            if (out) *s = NULL;
            return n;
        }
        p += used;
    }
    *s = p;
    return n;
}

errno_t EXPORT mbsrtowcs_s(size_t *done, wchar_t *out, size_t size, const char **s, size_t count, int *state)
{
    size_t n;

    if (done) *done = (size_t)-1;
    REQUIRE(s && *s && (!out) == (!size), EINVAL, EINVAL);
    n = mbsrtowcs(out, s, out && count > size ? size : count, state);
    if (n == (size_t)-1) {
        if (out) *out = 0;
        return EILSEQ;
    }
    if (done) *done = n + 1;
    if (!out) return 0;
    if (n >= size)
        *out = 0; /* too long gives nothing, and no error */
    else
        out[n] = 0;
    return 0;
}

size_t EXPORT wcsrtombs(char *out, const wchar_t **s, size_t size, int *state)
{
    const struct crt_locale *locale = locale_current();
    const wchar_t *p;
    char text[8];
    size_t n = 0;

    if (state) *state = 0;
    REQUIRE(s && *s, EINVAL, (size_t)-1);
    p = *s;
    for (int used;; p += used) {
        int length = text_from_pair(locale, text, p, &used);
        if (length < 0) return (size_t)-1;
        if (out) {
            if (n + length > size) break;
            memcpy(out + n, text, length);
        }
        if (!*p) {
            if (out) *s = NULL;
            return n;
        }
        n += length;
    }
    *s = p;
    return n;
}

errno_t EXPORT wcsrtombs_s(size_t *done, char *out, size_t size, const wchar_t **s, size_t count, int *state)
{
    size_t n;

    if (done) *done = (size_t)-1;
    REQUIRE(s && *s && (!out) == (!size), EINVAL, EINVAL);
    n = wcsrtombs(out, s, out && count > size ? size : count, state);
    if (n == (size_t)-1) {
        if (out) *out = 0;
        return EILSEQ;
    }
    if (done) *done = n + 1;
    if (!out) return 0;
    if (n >= size) {
        if (count == TRUNCATE) {
            out[size - 1] = 0;
            return STRUNCATE;
        }
        *out = 0;
        REQUIRE(false, ERANGE, ERANGE);
    }
    out[n] = 0;
    return 0;
}

/* ---- paths and other text of the system ---- */

static UINT file_codepage(void)
{
    return AreFileApisANSI() ? CP_ACP : CP_OEMCP;
}

/* TEXT as a wide path, in PATH's own buffer where it fits; NULL stays NULL. Free with wide_path_free. */
wchar_t *wide_path_make(struct wide_path *path, const char *text)
{
    UINT codepage = file_codepage();
    int n;

    path->text = NULL;
    if (!text) return NULL;
    if (MultiByteToWideChar(codepage, 0, text, -1, path->buffer, MAX_PATH)) return path->text = path->buffer;
    n = MultiByteToWideChar(codepage, 0, text, -1, NULL, 0);
    path->text = malloc(n * sizeof(wchar_t));
    if (path->text) MultiByteToWideChar(codepage, 0, text, -1, path->text, n);
    return path->text;
}

void wide_path_free(struct wide_path *path)
{
    if (path->text != path->buffer) free(path->text);
}

/* A path for the program, at most SIZE bytes; its length with the NUL, 0 if it doesn't fit. */
int narrow_path(const wchar_t *wide, char *out, int size)
{
    return WideCharToMultiByte(file_codepage(), 0, wide, -1, out, size, NULL, NULL);
}

/* malloc'ed copies in the other width, by the system's ANSI code page. */
char *narrow_copy(const wchar_t *wide)
{
    int n = wide ? WideCharToMultiByte(CP_ACP, 0, wide, -1, NULL, 0, NULL, NULL) : 0;
    char *copy = n ? malloc(n) : NULL;

    if (copy) WideCharToMultiByte(CP_ACP, 0, wide, -1, copy, n, NULL, NULL);
    return copy;
}

wchar_t *wide_copy(const char *text)
{
    int n = text ? MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0) : 0;
    wchar_t *copy = n ? malloc(n * sizeof(wchar_t)) : NULL;

    if (copy) MultiByteToWideChar(CP_ACP, 0, text, -1, copy, n);
    return copy;
}
