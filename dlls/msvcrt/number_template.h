/* Numbers from and to text, once for both widths; number.c includes it twice. */
#include "dlls/template.h"

static int T(digit_of, digit_of_wide)(CHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return T(99, wide_digit(c));
}

static bool T(is_space, is_space_wide)(CHAR c, const struct crt_locale *locale)
{
    return (T(locale->ctype[(UCHAR)c + 1] & CT_SPACE, ((void)locale, wide_class(c) & CT_SPACE))) != 0;
}

/* The value up to MOST, saturating there; LIMIT_HIT tells; *NEGATIVE by the sign. */
static uint64_t T(parse_integer, parse_integer_wide)(const CHAR *s, CHAR **end, int base, uint64_t most,
                                                     bool *negative, bool *overflow,
                                                     const struct crt_locale *locale)
{
    const CHAR *start = s, *digits;
    uint64_t value = 0;
    int digit;

    *overflow = *negative = false;
    while (T(is_space, is_space_wide)(*s, locale)) s++;
    if (*s == '+' || *s == '-') *negative = *s++ == '-';
    if ((base == 0 || base == 16) && T(digit_of, digit_of_wide)(*s) == 0 && (s[1] == 'x' || s[1] == 'X')) {
        base = 16;
        s += 2;
    } else if (!base) {
        base = T(digit_of, digit_of_wide)(*s) == 0 ? 8 : 10;
    }
    digits = s;
    for (; (digit = T(digit_of, digit_of_wide)(*s)) < base; s++) {
        if (*overflow) continue;
        if (value > (most - digit) / base) {
            *overflow = true;
            value = most;
        } else {
            value = value * base + digit;
        }
    }
    if (end) *end = (CHAR *)(s == digits ? start : s);
    return value;
}

#define CHECK_NUMBER(zero)                                                                                   \
    if (end) *end = (CHAR *)s;                                                                               \
    REQUIRE(s && (!base || (base >= 2 && base <= 36)), EINVAL, zero)

long EXPORT T(_strtol_l, _wcstol_l)(const CHAR *s, CHAR **end, int base, crt_locale_t l)
{
    bool negative, overflow;
    uint64_t value;

    CHECK_NUMBER(0);
    value =
        T(parse_integer, parse_integer_wide)(s, end, base, 0xFFFFFFFF, &negative, &overflow, locale_of(l));
    if (overflow || value > (negative ? 0x80000000u : 0x7FFFFFFFu)) {
        errno = ERANGE;
        return negative ? LONG_MIN : LONG_MAX;
    }
    return negative ? -(long)value : (long)value;
}

unsigned long EXPORT T(_strtoul_l, _wcstoul_l)(const CHAR *s, CHAR **end, int base, crt_locale_t l)
{
    bool negative, overflow;
    uint64_t value;

    CHECK_NUMBER(0);
    value =
        T(parse_integer, parse_integer_wide)(s, end, base, 0xFFFFFFFF, &negative, &overflow, locale_of(l));
    if (overflow) {
        errno = ERANGE;
        return negative ? 1 : ULONG_MAX;
    }
    return negative ? -(unsigned long)value : (unsigned long)value;
}

__int64 EXPORT T(_strtoi64_l, _wcstoi64_l)(const CHAR *s, CHAR **end, int base, crt_locale_t l)
{
    bool negative, overflow;
    uint64_t value;

    CHECK_NUMBER(0);
    value =
        T(parse_integer, parse_integer_wide)(s, end, base, UINT64_MAX, &negative, &overflow, locale_of(l));
    if (overflow || value > (uint64_t)INT64_MAX + negative) {
        errno = ERANGE;
        return negative ? INT64_MIN : INT64_MAX;
    }
    return negative ? (int64_t)-value : (int64_t)value;
}

uint64_t EXPORT T(_strtoui64_l, _wcstoui64_l)(const CHAR *s, CHAR **end, int base, crt_locale_t l)
{
    bool negative, overflow;
    uint64_t value;

    CHECK_NUMBER(0);
    value =
        T(parse_integer, parse_integer_wide)(s, end, base, UINT64_MAX, &negative, &overflow, locale_of(l));
    if (overflow) {
        errno = ERANGE;
        return negative ? 1 : UINT64_MAX;
    }
    return negative ? -value : value;
}
#undef CHECK_NUMBER

long EXPORT T(strtol, wcstol)(const CHAR *s, CHAR **end, int base)
{
    return T(_strtol_l, _wcstol_l)(s, end, base, NULL);
}
unsigned long EXPORT T(strtoul, wcstoul)(const CHAR *s, CHAR **end, int base)
{
    return T(_strtoul_l, _wcstoul_l)(s, end, base, NULL);
}
__int64 EXPORT T(_strtoi64, _wcstoi64)(const CHAR *s, CHAR **end, int base)
{
    return T(_strtoi64_l, _wcstoi64_l)(s, end, base, NULL);
}
uint64_t EXPORT T(_strtoui64, _wcstoui64)(const CHAR *s, CHAR **end, int base)
{
    return T(_strtoui64_l, _wcstoui64_l)(s, end, base, NULL);
}

/* atoi and its like take decimal digits only; before C99 atoi wraps instead of saturating. */
__int64 EXPORT T(_atoi64_l, _wtoi64_l)(const CHAR *s, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    bool negative = false;
    uint64_t value = 0;
    int digit;

    REQUIRE(s, EINVAL, 0);
    while (T(is_space, is_space_wide)(*s, locale)) s++;
    if (*s == '+' || *s == '-') negative = *s++ == '-';
    for (; (digit = T(digit_of, digit_of_wide)(*s)) < 10; s++) {
        if (value > (INT64_MAX - (uint64_t)digit) / 10) {
            errno = ERANGE;
            return negative ? INT64_MIN : INT64_MAX;
        }
        value = value * 10 + digit;
    }
    return negative ? (int64_t)-value : (int64_t)value;
}

__int64 EXPORT T(_atoi64, _wtoi64)(const CHAR *s)
{
    return T(_atoi64_l, _wtoi64_l)(s, NULL);
}

int EXPORT T(_atoi_l, _wtoi_l)(const CHAR *s, crt_locale_t l)
{
    const struct crt_locale *locale = locale_of(l);
    bool negative = false;
    uint32_t value = 0;
    int digit;

    REQUIRE(s, EINVAL, 0);
    while (T(is_space, is_space_wide)(*s, locale)) s++;
    if (*s == '+' || *s == '-') negative = *s++ == '-';
    for (; (digit = T(digit_of, digit_of_wide)(*s)) < 10; s++) {
        if (crt_profile.c99 && value > (INT_MAX + (unsigned)negative - digit) / 10) {
            errno = ERANGE;
            return negative ? INT_MIN : INT_MAX;
        }
        value = value * 10 + digit;
    }
    return negative ? -(int)value : (int)value;
}

int EXPORT T(atoi, _wtoi)(const CHAR *s)
{
    return T(_atoi_l, _wtoi_l)(s, NULL);
}
long EXPORT T(_atol_l, _wtol_l)(const CHAR *s, crt_locale_t l)
{
    return T(_atoi_l, _wtoi_l)(s, l);
}
long EXPORT T(atol, _wtol)(const CHAR *s)
{
    return T(_atoi_l, _wtoi_l)(s, NULL);
}

/* Does S begin with the letters of WORD, in either case? */
static bool T(begins_with, begins_with_wide)(const CHAR *s, const char *word)
{
    for (; *word; word++, s++)
        if ((*s | 0x20) != *word) return false;
    return true;
}

/* C99's names: "inf", "infinity", "nan", "nan(text)". NULL if there is none, else its end. */
static const CHAR *T(parse_named, parse_named_wide)(const CHAR *s, double *value)
{
    const CHAR *p;

    if (T(begins_with, begins_with_wide)(s, "inf")) {
        *value = __builtin_inf();
        return s + (T(begins_with, begins_with_wide)(s, "infinity") ? 8 : 3);
    }
    if (!T(begins_with, begins_with_wide)(s, "nan")) return NULL;
    *value = __builtin_nan("");
    if (s[3] != '(') return s + 3;
    for (p = s + 4; T(digit_of, digit_of_wide)(*p) < 36 || *p == '_'; p++) {
    }
    if (*p != ')') return s + 3;
    if (p - s == 8 && T(begins_with, begins_with_wide)(s + 4, "snan")) *value = __builtin_nans("");
    if (p - s == 7 && T(begins_with, begins_with_wide)(s + 4, "ind")) *value = -__builtin_nan("");
    return p + 1;
}

/* C99's "0x1.8p3"; ERANGE where that is too large or too small. NULL if S doesn't begin so. */
static const CHAR *T(parse_hex, parse_hex_wide)(const CHAR *s, const struct crt_locale *locale,
                                                enum float_width width, double *value)
{
    uint64_t mantissa = 0;
    int exponent = 0, digit;
    bool any = false, rest = false;

    if (*s != '0' || (s[1] | 0x20) != 'x') return NULL;
    s += 2;
    for (int point = 0; point < 2; point++) {
        for (; (digit = T(digit_of, digit_of_wide)(*s)) < 16; s++) {
            any = true;
            if (mantissa >> 59) {
                rest |= digit != 0;
                if (!point) exponent += 4;
            } else {
                mantissa = mantissa * 16 + digit;
                if (point) exponent -= 4;
            }
        }
        if (point || *s != (UCHAR)*locale->lconv.decimal_point) break;
        s++;
    }
    if (!any) return NULL;
    if ((*s | 0x20) == 'p') {
        const CHAR *p = s + 1;
        bool minus = false;
        int scale = 0;
        if (*p == '+' || *p == '-') minus = *p++ == '-';
        if (T(digit_of, digit_of_wide)(*p) < 10) {
            for (; (digit = T(digit_of, digit_of_wide)(*p)) < 10; p++)
                if (scale < 100000) scale = scale * 10 + digit;
            exponent += minus ? -scale : scale;
            s = p;
        }
    }
    *value = binary_to_float(mantissa | rest, exponent, width);
    if (mantissa && (*value == 0 || *value == __builtin_inf())) errno = ERANGE;
    return s;
}

/*
 * [spaces][sign]digits[.digits][(e|d)[sign]digits], rounded once to WIDTH; with C99 (crt_profile) also
 * hexadecimal and the names of infinities, but no d.
 */
static double T(parse_float, parse_float_wide)(const CHAR *s, CHAR **end, crt_locale_t l,
                                               enum float_width width)
{
    const struct crt_locale *locale = locale_of(l);
    const CHAR *start = s;
    char digits[840];
    int count = 0, scale = 0, digit, exponent = 0;
    bool negative = false, any = false, nonzero = false;
    double value;

    if (end) *end = (CHAR *)s;
    REQUIRE(s, EINVAL, 0);
    while (T(is_space, is_space_wide)(*s, locale)) s++;
    if (*s == '+' || *s == '-') negative = *s++ == '-';
    if (crt_profile.c99) {
        const CHAR *stop = T(parse_named, parse_named_wide)(s, &value);
        if (!stop) stop = T(parse_hex, parse_hex_wide)(s, locale, width, &value);
        if (stop) {
            if (end) *end = (CHAR *)stop;
            return negative ? -value : value;
        }
    }
    for (int point = 0; point < 2; point++) {
        for (; (digit = T(digit_of, digit_of_wide)(*s)) < 10; s++) {
            any = true;
            if (point) scale--;
            if (!digit && !count) continue;
            nonzero = true;
            if (count < 838) {
                digits[count++] = '0' + digit;
            } else {
                scale++;
                if (digit) digits[837] |= 1; /* keeps it off an exact half */
            }
        }
        if (point || *s != (UCHAR)*locale->lconv.decimal_point) break;
        s++;
    }
    if (!any) {
        if (end) *end = (CHAR *)start;
        return 0;
    }
    if ((*s | 0x20) == 'e' || ((*s | 0x20) == 'd' && !crt_profile.c99)) {
        const CHAR *p = s + 1;
        bool minus = false;
        if (*p == '+' || *p == '-') minus = *p++ == '-';
        if (T(digit_of, digit_of_wide)(*p) < 10) {
            for (; (digit = T(digit_of, digit_of_wide)(*p)) < 10; p++)
                if (exponent < 100000) exponent = exponent * 10 + digit;
            if (minus) exponent = -exponent;
            s = p;
        }
    }
    if (end) *end = (CHAR *)s;
    value = decimal_parse(digits, count, scale + exponent, width);
    if ((nonzero && value == 0) || value == __builtin_inf()) errno = ERANGE;
    return negative ? -value : value;
}

double EXPORT T(_strtod_l, _wcstod_l)(const CHAR *s, CHAR **end, crt_locale_t l)
{
    return T(parse_float, parse_float_wide)(s, end, l, FLOAT_DOUBLE);
}
float EXPORT T(_strtof_l, _wcstof_l)(const CHAR *s, CHAR **end, crt_locale_t l)
{
    return T(parse_float, parse_float_wide)(s, end, l, FLOAT_SINGLE);
}
float EXPORT T(crt_strtof, crt_wcstof)(const CHAR *s, CHAR **end)
{
    return T(_strtof_l, _wcstof_l)(s, end, NULL);
}
double EXPORT T(strtod, wcstod)(const CHAR *s, CHAR **end)
{
    return T(_strtod_l, _wcstod_l)(s, end, NULL);
}
double EXPORT T(_atof_l, _wtof_l)(const CHAR *s, crt_locale_t l)
{
    return T(_strtod_l, _wcstod_l)(s, NULL, l);
}
double EXPORT T(atof, _wtof)(const CHAR *s)
{
    return T(_strtod_l, _wcstod_l)(s, NULL, NULL);
}

/* ---- to text ---- */

static CHAR *T(write_integer, write_integer_wide)(CHAR *out, uint64_t value, bool minus, int radix)
{
    CHAR digits[65], *p = digits, *start = out;

    if (minus) *out++ = '-';
    do {
        int digit = value % radix;
        *p++ = digit < 10 ? '0' + digit : 'a' + digit - 10;
        value /= radix;
    } while (value);
    while (p > digits) *out++ = *--p;
    *out = 0;
    return start;
}

static errno_t T(write_secure, write_secure_wide)(CHAR *out, size_t size, uint64_t value, bool minus,
                                                  int radix)
{
    CHAR text[68];
    size_t length;

    REQUIRE(out && size, EINVAL, EINVAL);
    *out = 0;
    REQUIRE(radix >= 2 && radix <= 36, EINVAL, EINVAL);
    T(write_integer, write_integer_wide)(text, value, minus, radix);
    length = T(strlen, wcslen)(text) + 1;
    if (length > size) { /* the digits are made from the last to the first, and stay behind the NUL */
        for (size_t i = 1; i < size; i++) out[i] = text[length - 1 - i - !minus];
        REQUIRE(false, ERANGE, ERANGE);
    }
    memcpy(out, text, length * sizeof(CHAR));
    return 0;
}

#define SIGNED_TEXT(plain, secure, type, unsigned_type)                                                      \
    CHAR *EXPORT plain(type value, CHAR *out, int radix)                                                     \
    {                                                                                                        \
        bool minus = value < 0 && radix == 10;                                                               \
        uint64_t size = minus ? -(unsigned_type)value : (unsigned_type)value;                                \
        return T(write_integer, write_integer_wide)(out, size, minus, radix);                                \
    }                                                                                                        \
    errno_t EXPORT secure(type value, CHAR *out, size_t size, int radix)                                     \
    {                                                                                                        \
        bool minus = value < 0 && radix == 10;                                                               \
        return T(write_secure, write_secure_wide)(                                                           \
            out, size, minus ? -(unsigned_type)value : (unsigned_type)value, minus, radix);                  \
    }
#define UNSIGNED_TEXT(plain, secure, type)                                                                   \
    CHAR *EXPORT plain(type value, CHAR *out, int radix)                                                     \
    {                                                                                                        \
        return T(write_integer, write_integer_wide)(out, value, false, radix);                               \
    }                                                                                                        \
    errno_t EXPORT secure(type value, CHAR *out, size_t size, int radix)                                     \
    {                                                                                                        \
        return T(write_secure, write_secure_wide)(out, size, value, false, radix);                           \
    }
SIGNED_TEXT(T(_itoa, _itow), T(_itoa_s, _itow_s), int, unsigned)
SIGNED_TEXT(T(_ltoa, _ltow), T(_ltoa_s, _ltow_s), long, unsigned long)
SIGNED_TEXT(T(_i64toa, _i64tow), T(_i64toa_s, _i64tow_s), __int64, uint64_t)
UNSIGNED_TEXT(T(_ultoa, _ultow), T(_ultoa_s, _ultow_s), unsigned long)
UNSIGNED_TEXT(T(_ui64toa, _ui64tow), T(_ui64toa_s, _ui64tow_s), uint64_t)
#undef SIGNED_TEXT
#undef UNSIGNED_TEXT
#include "dlls/template_end.h"
