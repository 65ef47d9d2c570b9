/* Character classes and case, narrow and wide. */
#include "msvcrt.h"

/* In the C locale only ASCII has classes; one table serves bytes and, below 256, is what old programs index.
 */
#define C CT_CONTROL
#define S (CT_SPACE | CT_CONTROL)
#define P CT_PUNCT
#define D (CT_DIGIT | CT_HEX)
#define U CT_UPPER
#define L CT_LOWER
#define X CT_HEX
/* clang-format off */
unsigned short _ctype[257] = {
    0,
    C, C, C, C, C, C, C, C, C, S, S, S, S, S, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C, C,
    CT_SPACE | CT_BLANK, P, P, P, P, P, P, P, P, P, P, P, P, P, P, P, D, D, D, D, D, D, D, D, D, D, P, P, P, P, P, P,
    P, U | X, U | X, U | X, U | X, U | X, U | X, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, U, P, P, P, P, P,
    P, L | X, L | X, L | X, L | X, L | X, L | X, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, P, P, P, P, C,
};
/* clang-format on */
#undef C
#undef S
#undef P
#undef D
#undef U
#undef L
#undef X

const unsigned short *_pctype = _ctype + 1;

int EXPORT _isctype_l(int c, int mask, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    WORD type;
    char bytes[2];
    int count = 1;

    if (c >= -1 && c <= 255) return locale->ctype[c + 1] & mask;
    if (c & ~0xFFFF || !locale->codepage) return 0;
    if (locale->ctype[((c >> 8) & 0xFF) + 1] & CT_LEADBYTE) {
        bytes[0] = c >> 8;
        bytes[1] = c;
        count = 2;
    } else {
        bytes[0] = c;
    }
    if (!GetStringTypeA(locale->lcid[LC_CTYPE], CT_CTYPE1, bytes, count, &type)) return 0;
    return type & mask;
}

int EXPORT _isctype(int c, int mask)
{
    return _isctype_l(c, mask, NULL);
}

static inline int has(int c, int mask)
{
    /* Without any setlocale the table is the constant one: no thread data is looked at. */
    if (!__setlc_active) return (unsigned)(c + 1) <= 256 ? _ctype[c + 1] & mask : 0;
    return _isctype_l(c, mask, NULL);
}

#define CLASS(name, mask)                                                                                    \
    int EXPORT name(int c)                                                                                   \
    {                                                                                                        \
        return has(c, mask);                                                                                 \
    }                                                                                                        \
    int EXPORT _##name##_l(int c, crt_locale_t l)                                                            \
    {                                                                                                        \
        return _isctype_l(c, mask, l);                                                                       \
    }
CLASS(isalpha, CT_ALPHA)
CLASS(isupper, CT_UPPER)
CLASS(islower, CT_LOWER)
CLASS(isdigit, CT_DIGIT)
CLASS(isxdigit, CT_HEX)
CLASS(isspace, CT_SPACE)
CLASS(ispunct, CT_PUNCT)
CLASS(isalnum, CT_ALPHA | CT_DIGIT)
CLASS(isprint, CT_BLANK | CT_PUNCT | CT_ALPHA | CT_DIGIT)
CLASS(isgraph, CT_PUNCT | CT_ALPHA | CT_DIGIT)
CLASS(iscntrl, CT_CONTROL)

/* The tables don't know the tab as blank. */
int EXPORT _isblank_l(int c, crt_locale_t l)
{
    return c == '\t' ? CT_BLANK : _isctype_l(c, CT_BLANK, l);
}
int EXPORT isblank(int c)
{
    return _isblank_l(c, NULL);
}

int EXPORT _isleadbyte_l(int c, crt_locale_t l)
{
    return locale_of(l)->ctype[(unsigned char)c + 1] & CT_LEADBYTE;
}
int EXPORT isleadbyte(int c)
{
    return _isleadbyte_l(c, NULL);
}
int EXPORT __isascii(int c)
{
    return (unsigned)c < 0x80;
}
int EXPORT __toascii(int c)
{
    return c & 0x7F;
}
int EXPORT __iscsymf(int c)
{
    return c < 127 && (isalpha(c) || c == '_');
}
int EXPORT __iscsym(int c)
{
    return c < 127 && (isalnum(c) || c == '_');
}
int EXPORT _tolower(int c)
{
    return c + ('a' - 'A');
}
int EXPORT _toupper(int c)
{
    return c - ('a' - 'A');
}
const unsigned short *EXPORT __pctype_func(void)
{
    return locale_current()->ctype + 1;
}
const unsigned short **EXPORT __p__pctype(void)
{
    return &_pctype;
}

/* Case of a byte, or of a lead byte and its trail as one number. */
static int map_case(int c, const struct crt_locale *locale, DWORD map, const unsigned char *table)
{
    unsigned char in[2], out[2];
    int count = 1, n;

    if ((unsigned)c < 256) return table[c];
    if (c >= -128 && c < -1) { /* a char that was signed */
        unsigned char byte = c;
        int mapped = table[byte];
        if (!locale->codepage) { /* the C locale asks the system's code page */
            char out_byte = byte;
            if (LCMapStringA(LOCALE_USER_DEFAULT, map, (char *)&byte, 1, &out_byte, 1) == 1)
                mapped = (unsigned char)out_byte;
            errno = EILSEQ;
        } else if (locale->ctype[byte + 1] & CT_LEADBYTE) {
            errno = EILSEQ;
            return c;
        } else {
            errno = EILSEQ;
        }
        return mapped;
    }
    if (!locale->codepage || c < 0 || c > 0xFFFF || !(locale->ctype[(c >> 8) + 1] & CT_LEADBYTE)) return c;
    in[0] = c >> 8;
    in[1] = c;
    count = 2;
    n = LCMapStringA(locale->lcid[LC_CTYPE], map, (char *)in, count, (char *)out, 2);
    return n == 2 ? out[0] << 8 | out[1] : n == 1 ? out[0] : c;
}

int EXPORT _tolower_l(int c, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    return map_case(c, locale, LCMAP_LOWERCASE, locale->lower);
}

int EXPORT _toupper_l(int c, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    return map_case(c, locale, LCMAP_UPPERCASE, locale->upper);
}

int EXPORT tolower(int c)
{
    if (!__setlc_active) return (unsigned)c - 'A' < 26 ? c + 32 : c;
    return _tolower_l(c, NULL);
}

int EXPORT toupper(int c)
{
    if (!__setlc_active) return (unsigned)c - 'a' < 26 ? c - 32 : c;
    return _toupper_l(c, NULL);
}

/* ---- wide ---- */

unsigned short _wctype[257];
const unsigned short *_pwctype = _wctype + 1;

/* The C1 classes of a wide character, whatever the locale. */
unsigned short wide_class(wchar_t c)
{
    WORD type = 0;

    if (c < 0x80) return _ctype[c + 1];
    GetStringTypeW(CT_CTYPE1, &c, 1, &type);
    return type;
}

int EXPORT iswctype(wint_t c, wctype_t mask)
{
    return c == CRT_WEOF ? 0 : wide_class(c) & mask;
}
int EXPORT _iswctype_l(wint_t c, wctype_t mask, crt_locale_t l)
{
    (void)l;
    return iswctype(c, mask);
}
int EXPORT is_wctype(wint_t c, wctype_t mask)
{
    return iswctype(c, mask);
}

#define WIDE_CLASS(name, mask)                                                                               \
    int EXPORT name(wint_t c)                                                                                \
    {                                                                                                        \
        return iswctype(c, mask);                                                                            \
    }                                                                                                        \
    int EXPORT _##name##_l(wint_t c, crt_locale_t l)                                                         \
    {                                                                                                        \
        (void)l;                                                                                             \
        return iswctype(c, mask);                                                                            \
    }
WIDE_CLASS(iswalpha, CT_ALPHA)
WIDE_CLASS(iswupper, CT_UPPER)
WIDE_CLASS(iswlower, CT_LOWER)
WIDE_CLASS(iswdigit, CT_DIGIT)
WIDE_CLASS(iswxdigit, CT_HEX)
WIDE_CLASS(iswspace, CT_SPACE)
WIDE_CLASS(iswpunct, CT_PUNCT)
WIDE_CLASS(iswalnum, CT_ALPHA | CT_DIGIT)
WIDE_CLASS(iswprint, CT_BLANK | CT_PUNCT | CT_ALPHA | CT_DIGIT)
WIDE_CLASS(iswgraph, CT_PUNCT | CT_ALPHA | CT_DIGIT)
WIDE_CLASS(iswcntrl, CT_CONTROL)

int EXPORT iswascii(wint_t c)
{
    return c < 0x80;
}
const unsigned short *EXPORT __pwctype_func(void)
{
    return _pwctype;
}
const unsigned short **EXPORT __p__pwctype(void)
{
    return &_pwctype;
}

/* In the C locale only ASCII letters have case. */
wchar_t wide_lower(const struct crt_locale *locale, wchar_t c)
{
    if (c < 0x80 || !locale->lcid[LC_CTYPE]) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    LCMapStringW(locale->lcid[LC_CTYPE], LCMAP_LOWERCASE, &c, 1, &c, 1);
    return c;
}

wchar_t wide_upper(const struct crt_locale *locale, wchar_t c)
{
    if (c < 0x80 || !locale->lcid[LC_CTYPE]) return c >= 'a' && c <= 'z' ? c - 32 : c;
    LCMapStringW(locale->lcid[LC_CTYPE], LCMAP_UPPERCASE, &c, 1, &c, 1);
    return c;
}

wint_t EXPORT _towlower_l(wint_t c, crt_locale_t l)
{
    return c == CRT_WEOF ? c : wide_lower(locale_of(l), c);
}
wint_t EXPORT _towupper_l(wint_t c, crt_locale_t l)
{
    return c == CRT_WEOF ? c : wide_upper(locale_of(l), c);
}
wint_t EXPORT towlower(wint_t c)
{
    return _towlower_l(c, NULL);
}
wint_t EXPORT towupper(wint_t c)
{
    return _towupper_l(c, NULL);
}
