/* Integers and floating point numbers from and to text. */
#include "msvcrt.h"

/* The decimal digits of other scripts count too in wide text. */
static int wide_digit(wchar_t c)
{
    static const wchar_t zeros[] = {0x660, 0x6F0, 0x966, 0x9E6, 0xA66,  0xAE6,  0xB66,  0xC66, 0xCE6,
                                    0xD66, 0xE50, 0xED0, 0xF20, 0x1040, 0x17E0, 0x1810, 0xFF10};

    if (c < 0x660) return 99;
    for (size_t i = 0; i < ARRAY_SIZE(zeros); i++)
        if (c >= zeros[i] && c <= zeros[i] + 9) return c - zeros[i];
    return 99;
}

/* MANTISSA × 2^EXPONENT rounded once to WIDTH, halves to even; the last bit stands for whatever follows it.
 */
static double binary_to_float(uint64_t mantissa, int exponent, enum float_width width)
{
    int bits = width == FLOAT_SINGLE ? 24 : 53, least = width == FLOAT_SINGLE ? -149 : -1074, drop;
    volatile double value; /* not a register of the x87, which has a longer exponent */

    if (!mantissa) return 0;
    drop = 64 - __builtin_clzll(mantissa) - bits;
    if (exponent + drop < least) drop = least - exponent;
    if (drop > 64) return 0;
    if (drop > 0) {
        uint64_t kept = drop == 64 ? 0 : mantissa >> drop, half = 1ull << (drop - 1),
                 rest = mantissa & (half * 2 - 1);
        mantissa = kept + (rest > half || (rest == half && kept & 1));
        exponent += drop;
    }
    value = mantissa;
    for (; exponent > 0 && value < __builtin_inf(); exponent--) value *= 2;
    for (; exponent < 0; exponent++) value /= 2;
    return width == FLOAT_SINGLE ? (float)value : value;
}

#include "number_template.h"
#define WIDE
#include "number_template.h"

/* ---- digits of floating point numbers ---- */

/* Rounded digits as _ecvt and _fcvt give them; is the value zero? */
static bool cut(struct decimal *number, double value, int digits, bool after_point)
{
    bool zero;

    decimal_exact(number, value);
    zero = number->digits == 1 && number->text[0] == '0';
    decimal_round(number, after_point ? number->exponent + 1 + digits : digits);
    return zero;
}

static int zero_decimal(const struct decimal *number)
{
    return number->digits == 1 && number->text[0] == '0';
}

/* Fills OUT with DIGITS digits padded by zeros. */
static void put_digits(char *out, const struct decimal *number, int digits)
{
    for (int i = 0; i < digits; i++) out[i] = i < number->digits ? number->text[i] : '0';
    out[digits > 0 ? digits : 0] = 0;
}

char *EXPORT _ecvt(double value, int digits, int *point, int *sign)
{
    struct decimal number;
    char *out = thread_data()->number_text;

    if (digits > 340) digits = 340;
    *point = cut(&number, value, digits < 0 ? 0 : digits, false) ? 0 : number.exponent + 1;
    *sign = number.negative;
    put_digits(out, &number, digits < 0 ? 0 : digits);
    return out;
}

errno_t EXPORT _ecvt_s(char *out, size_t size, double value, int digits, int *point, int *sign)
{
    struct decimal number;

    REQUIRE(out && size, EINVAL, EINVAL);
    *out = 0;
    REQUIRE(point && sign, EINVAL, EINVAL);
    REQUIRE(size > (size_t)(digits < 0 ? 0 : digits), ERANGE, ERANGE);
    *point = cut(&number, value, digits < 0 ? 0 : digits, false) ? 0 : number.exponent + 1;
    *sign = number.negative;
    put_digits(out, &number, digits < 0 ? 0 : digits);
    return 0;
}

static int fixed_digits(struct decimal *number, double value, int digits, int *point, int *sign)
{
    int length;

    if (cut(number, value, digits, true)) {
        *point = 0;
        length = digits > 0 ? digits : 0;
    } else { /* what is rounded away still says where its first digit was */
        *point = number->exponent + 1;
        length = number->digits ? *point + digits : 0;
    }
    *sign = number->negative;
    return length < 0 ? 0 : length;
}

char *EXPORT _fcvt(double value, int digits, int *point, int *sign)
{
    struct decimal number;
    char *out = thread_data()->number_text;
    int length = fixed_digits(&number, value, digits > 80 ? 80 : digits, point, sign);

    put_digits(out, &number, length > 399 ? 399 : length);
    return out;
}

errno_t EXPORT _fcvt_s(char *out, size_t size, double value, int digits, int *point, int *sign)
{
    struct decimal number;
    int length;

    REQUIRE(out && size, EINVAL, EINVAL);
    *out = 0;
    REQUIRE(point && sign, EINVAL, EINVAL);
    length = fixed_digits(&number, value, digits, point, sign);
    REQUIRE((size_t)length < size, ERANGE, ERANGE);
    put_digits(out, &number, length);
    return 0;
}

int EXPORT _snprintf(char *out, size_t size, const char *format, ...);

/* As %g, but 0.01 is the least that stays without an exponent, and the point always stays. */
char *EXPORT _gcvt(double value, int digits, char *out)
{
    struct decimal number;
    char *p = out;
    int exponent;

    REQUIRE(out, EINVAL, NULL);
    REQUIRE(digits >= 0, ERANGE, NULL);
    decimal_exact(&number, value);
    decimal_round(&number, digits < 1 ? 1 : digits);
    while (number.digits > 1 && number.text[number.digits - 1] == '0') number.digits--;
    exponent = number.exponent;
    if (number.negative && !zero_decimal(&number)) *p++ = '-';
    if (exponent < -1 || exponent >= digits) {
        int magnitude = exponent < 0 ? -exponent : exponent;
        *p++ = number.text[0];
        *p++ = *locale_current()->lconv.decimal_point;
        for (int i = 1; i < number.digits; i++) *p++ = number.text[i];
        *p++ = 'e';
        *p++ = exponent < 0 ? '-' : '+';
        *p++ = '0' + magnitude / 100;
        *p++ = '0' + magnitude / 10 % 10;
        *p++ = '0' + magnitude % 10;
    } else {
        int i = 0;
        if (exponent < 0) *p++ = '0';
        for (; i <= exponent; i++) *p++ = i < number.digits ? number.text[i] : '0';
        *p++ = *locale_current()->lconv.decimal_point;
        for (int j = -1; j > exponent; j--) *p++ = '0';
        for (; i < number.digits; i++) *p++ = number.text[i];
    }
    *p = 0;
    return out;
}

errno_t EXPORT _gcvt_s(char *out, size_t size, double value, int digits)
{
    char text[1200];
    size_t length;

    REQUIRE(out && size, EINVAL, EINVAL);
    *out = 0;
    if (digits < 0 || digits >= (int)size) {
        REQUIRE(false, ERANGE, ERANGE);
    }
    length = strlen(_gcvt(value, digits, text)) + 1;
    REQUIRE(length <= size, ERANGE, ERANGE);
    memcpy(out, text, length);
    return 0;
}

/* ---- binary forms ---- */

struct crt_float {
    float value;
};
struct crt_double {
    double value;
};
enum { UNDERFLOW_RESULT = 4, OVERFLOW_RESULT = 3 };

static int parse_result(double value, bool overflow)
{
    if (overflow) return OVERFLOW_RESULT;
    if (value == 0) return errno == ERANGE ? UNDERFLOW_RESULT : 0;
    return value < 2.2250738585072014e-308 && value > -2.2250738585072014e-308 ? UNDERFLOW_RESULT : 0;
}

int EXPORT _atodbl_l(struct crt_double *out, char *s, crt_locale_t l)
{
    errno = 0;
    out->value = _strtod_l(s, NULL, l);
    return parse_result(out->value, out->value - out->value != 0);
}

int EXPORT _atodbl(struct crt_double *out, char *s)
{
    return _atodbl_l(out, s, NULL);
}

int EXPORT _atoflt_l(struct crt_float *out, char *s, crt_locale_t l)
{
    double value;

    errno = 0;
    value = _strtod_l(s, NULL, l);
    out->value = value;
    return parse_result(value, out->value - out->value != 0);
}

int EXPORT _atoflt(struct crt_float *out, char *s)
{
    return _atoflt_l(out, s, NULL);
}

int EXPORT _atoldbl(long double *out, char *s)
{
    double value;

    errno = 0;
    value = _strtod_l(s, NULL, NULL);
    memset(out, 0, 10);
    __asm__("fldl %1; fstpt %0" : "=m"(*(char(*)[10])out) : "m"(value));
    return parse_result(value, value - value != 0);
}

long double __cdecl __strtold(const char *s, char **end); /* libmingwex's */

/* Ten bytes of an extended number. 4: no digits, 2: infinite, 1: zero for something smaller. errno stays. */
int EXPORT __STRINGTOLD(void *out, char **end, const char *s, int multiply12)
{
    int error = errno, result = 0;
    const char *p = s;
    long double value = 0;
    char *stop = (char *)s;

    (void)multiply12;
    while (*p == ' ' || (*p >= '\t' && *p <= '\r')) p++;
    if (*p == '+' || *p == '-') p++;
    if (*p == '.') p++;
    errno = 0;
    if (*p >= '0' && *p <= '9' && !(p[0] == '0' && (p[1] | 0x20) == 'x')) value = __strtold(s, &stop);
    if (stop == s)
        result = 4;
    else if (value - value != 0)
        result = 2;
    else if (value == 0 && errno == ERANGE)
        result = 1;
    errno = error;
    memcpy(out, &value, 10);
    if (end) *end = stop;
    return result;
}

uint64_t EXPORT _rotl64(uint64_t value, int shift)
{
    return value << (shift & 63) | value >> (-shift & 63);
}
uint64_t EXPORT _rotr64(uint64_t value, int shift)
{
    return value >> (shift & 63) | value << (-shift & 63);
}
unsigned EXPORT _rotl(unsigned value, int shift)
{
    return value << (shift & 31) | value >> (-shift & 31);
}
unsigned EXPORT _rotr(unsigned value, int shift)
{
    return value >> (shift & 31) | value << (-shift & 31);
}
unsigned long EXPORT _lrotl(unsigned long value, int shift)
{
    return _rotl(value, shift);
}
unsigned long EXPORT _lrotr(unsigned long value, int shift)
{
    return _rotr(value, shift);
}
