/* Exact conversion between double and decimal digits. */
#include "msvcrt.h"
#include <emmintrin.h>

enum { BASE = 1000000000, POINT_AT = 40, LIMBS = POINT_AT + 124 };

/* One more decimal unit in the last place; what isn't a digit ("1.#INF") counts up by its code. */
static void increment(struct decimal *number, int last)
{
    for (int i = last; i >= 0; i--) {
        if (number->text[i] != '9') {
            number->text[i]++;
            return;
        }
        number->text[i] = '0';
    }
    memmove(number->text + 1, number->text, number->digits - 1);
    number->text[0] = '1';
    number->exponent++;
}

/* Rounds to so many digits. */
void decimal_round(struct decimal *number, int digits)
{
    bool up;

    if (digits >= number->digits) return;
    if (digits < 0) {
        number->digits = 0;
        return;
    }
    up = number->text[digits] >= '5';
    if (number->half_even && number->text[digits] == '5' && digits + 1 == number->digits)
        up = digits && number->text[digits - 1] & 1;
    number->digits = digits;
    if (!up) return;
    if (!digits) {
        number->text[0] = '1';
        number->digits = 1;
        number->exponent++;
        return;
    }
    increment(number, digits - 1);
}

/* The digits of VALUE, as many as this runtime computes; 0 gives one digit 0. Infinities and NaNs give
 * Windows' "1#INF" and its like. */
void decimal_exact(struct decimal *out, double value)
{
    uint32_t limb[LIMBS] = {0};
    union {
        double value;
        uint64_t bits;
    } number = {value};
    uint64_t mantissa = number.bits & 0xFFFFFFFFFFFFFull;
    int exponent = number.bits >> 52 & 0x7FF, first = POINT_AT, last = POINT_AT, skip;
    char *text = out->text;

    out->negative = number.bits >> 63;
    out->half_even = false;
    out->exponent = 0;
    if (exponent == 0x7FF) {
        const char *name = !mantissa                                         ? "1#INF"
                           : mantissa == 0x8000000000000ull && out->negative ? "1#IND"
                           : mantissa & 0x8000000000000ull                   ? "1#QNAN"
                                                                             : "1#SNAN";
        out->digits = strlen(name);
        memcpy(text, name, out->digits);
        return;
    }
    if (!exponent && !mantissa) {
        text[0] = '0';
        out->digits = 1;
        return;
    }
    if (exponent)
        mantissa |= 1ull << 52;
    else
        exponent = 1;
    exponent -= 1075;
    while (!(mantissa & 1)) mantissa >>= 1, exponent++;
    for (; mantissa; mantissa /= BASE) limb[--first] = mantissa % BASE;
    while (exponent > 0) {
        int shift = exponent < 29 ? exponent : 29;
        uint64_t carry = 0;
        for (int i = POINT_AT - 1; i >= first; i--) {
            carry += (uint64_t)limb[i] << shift;
            limb[i] = carry % BASE;
            carry /= BASE;
        }
        if (carry) limb[--first] = carry;
        exponent -= shift;
    }
    while (exponent < 0) {
        int shift = -exponent < 9 ? -exponent : 9; /* 2^9 divides 10^9 */
        uint32_t rest = 0;
        for (int i = first; i < last; i++) {
            uint32_t low = limb[i] & ((1u << shift) - 1);
            limb[i] = (limb[i] >> shift) + rest;
            rest = low * (BASE >> shift);
        }
        if (rest) limb[last++] = rest;
        while (first < last && !limb[first]) first++;
        exponent += shift;
    }
    out->exponent = (POINT_AT - first) * 9 - 1;
    for (int i = first; i < last; i++, text += 9)
        for (int digit = 8, left = limb[i]; digit >= 0; digit--, left /= 10) text[digit] = '0' + left % 10;
    out->digits = text - out->text;
    for (skip = 0; out->text[skip] == '0'; skip++) {
    }
    out->exponent -= skip;
    out->digits -= skip;
    memmove(out->text, out->text + skip, out->digits);
    if (crt_profile.significant_digits) decimal_round(out, crt_profile.significant_digits);
    while (out->digits > 1 && out->text[out->digits - 1] == '0') out->digits--;
}

double __cdecl __strtod(const char *s, char **end); /* gdtoa's, of libmingwex */
float __cdecl __strtof(const char *s, char **end);

/* The number of that width nearest to DIGITS (no point) × 10^EXPONENT: 0 or infinity where it is out of
 * range. */
double decimal_parse(const char *digits, int count, int exponent, enum float_width width)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    char text[800 + 24], *p = text;
    int more = 0;

    while (count && *digits == '0') digits++, count--;
    while (count && digits[count - 1] == '0') count--, exponent++;
    if (!count) return 0;
    if (width == FLOAT_DOUBLE && count <= 15 && exponent >= -22 && exponent <= 22) {
        /* Both are exact, so one operation rounds once; in SSE whatever the x87's precision is. */
        __int64 value = 0;
        __m128d result;
        for (int i = 0; i < count; i++) value = value * 10 + (digits[i] - '0');
        result = _mm_set_sd((double)value);
        result = exponent < 0 ? _mm_div_sd(result, _mm_set_sd(power[-exponent]))
                              : _mm_mul_sd(result, _mm_set_sd(power[exponent]));
        return _mm_cvtsd_f64(result);
    }
    if (exponent + count > 400) return __builtin_inf();
    if (exponent + count < -400) return 0;
    /* No double needs more than 768 digits; a further one only tells above from exactly half. */
    if (count > 790) {
        more = count - 790;
        count = 790;
    }
    memcpy(p, digits, count);
    p += count;
    if (more) *p++ = '1', more--;
    exponent += more;
    *p++ = 'e';
    if (exponent < 0) *p++ = '-', exponent = -exponent;
    if (exponent >= 1000) *p++ = '0' + exponent / 1000 % 10;
    *p++ = '0' + exponent / 100 % 10;
    *p++ = '0' + exponent / 10 % 10;
    *p++ = '0' + exponent % 10;
    *p = 0;
    return width == FLOAT_SINGLE ? __strtof(text, NULL) : __strtod(text, NULL);
}
