// Arithmetic of DECIMALs: 96 bits, a sign and up to 28 digits of fraction.
#include "automation.h"

bool decimal_is_valid(const DECIMAL *value)
{
    return value->scale <= DECIMAL_SCALE && !(value->sign & ~DECIMAL_NEG);
}

static void store(const struct wide *magnitude, int scale, BYTE sign, DECIMAL *result)
{
    result->Lo32 = magnitude->limb[0];
    result->Mid32 = magnitude->limb[1];
    result->Hi32 = magnitude->limb[2];
    result->scale = (BYTE)scale;
    result->sign = sign;
}

// Takes away the last `digits` digits.
static void drop_digits(struct wide *value, int digits)
{
    uint32_t last = 0;
    bool sticky = false;
    for (; digits > 0; digits--) {
        sticky = sticky || last;
        last = wide_divide_small(value, 10);
    }
    bool up = last > 5 || (last == 5 && (sticky || value->limb[0] & 1));
    if (up) wide_add(value, &(struct wide){{1}});
}

// The digits are dropped from the whole number at once: rounding twice would round wrongly.
HRESULT decimal_pack(struct wide magnitude, int scale, bool negative, DECIMAL *result)
{
    for (int drop = scale > DECIMAL_SCALE ? scale - DECIMAL_SCALE : 0; drop <= scale; drop++) {
        struct wide rounded = magnitude;
        drop_digits(&rounded, drop);
        if (!wide_fits_decimal(&rounded)) continue;
        store(&rounded, scale - drop, negative ? DECIMAL_NEG : 0, result);
        return S_OK;
    }
    return DISP_E_OVERFLOW;
}

void decimal_round(const DECIMAL *value, int scale, DECIMAL *result)
{
    struct wide magnitude = wide_of_decimal(value);
    drop_digits(&magnitude, value->scale - scale);
    store(&magnitude, scale, value->sign, result);
}

HRESULT decimal_to_integer(const DECIMAL *value, bool *negative, uint64_t *magnitude)
{
    if (!decimal_is_valid(value)) return E_INVALIDARG;
    DECIMAL whole;
    decimal_round(value, 0, &whole);
    if (whole.Hi32) return DISP_E_OVERFLOW;
    *negative = whole.sign && whole.Lo64;
    *magnitude = whole.Lo64;
    return S_OK;
}

double decimal_to_double(const DECIMAL *value)
{
    double result = ((double)value->Hi32 * 4294967296.0 + value->Mid32) * 4294967296.0 + value->Lo32,
           power = 1;
    for (int i = 0; i < value->scale; i++) power *= 10;
    return (value->sign ? -result : result) / power;
}

// Both with the larger scale of the two.
static int align(const DECIMAL *left, const DECIMAL *right, struct wide *l, struct wide *r)
{
    int scale = left->scale > right->scale ? left->scale : right->scale;
    *l = wide_of_decimal(left);
    *r = wide_of_decimal(right);
    for (int i = left->scale; i < scale; i++) wide_multiply_small(l, 10);
    for (int i = right->scale; i < scale; i++) wide_multiply_small(r, 10);
    return scale;
}

HOTPATCH HRESULT WINAPI VarDecAdd(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result)
{
    if (!decimal_is_valid(left) || !decimal_is_valid(right)) return E_INVALIDARG;
    struct wide l, r;
    int scale = align(left, right, &l, &r);
    if (left->sign == right->sign) {
        wide_add(&l, &r);
        return decimal_pack(l, scale, left->sign, result);
    }
    if (wide_compare(&l, &r) >= 0) {
        wide_subtract(&l, &r);
        return decimal_pack(l, scale, left->sign && !wide_is_zero(&l), result);
    }
    wide_subtract(&r, &l);
    return decimal_pack(r, scale, right->sign, result);
}

HOTPATCH HRESULT WINAPI VarDecSub(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result)
{
    if (!decimal_is_valid(left) || !decimal_is_valid(right)) return E_INVALIDARG;
    DECIMAL negated = *right;
    negated.sign ^= DECIMAL_NEG;
    return VarDecAdd(left, &negated, result);
}

HOTPATCH HRESULT WINAPI VarDecMul(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result)
{
    if (!decimal_is_valid(left) || !decimal_is_valid(right)) return E_INVALIDARG;
    struct wide product, l = wide_of_decimal(left), r = wide_of_decimal(right);
    wide_multiply(&product, &l, &r);
    return decimal_pack(product, left->scale + right->scale, left->sign != right->sign, result);
}

// Whether the quotient has room for ten times as much.
static bool has_room(const struct wide *quotient)
{
    struct wide more = *quotient;
    wide_multiply_small(&more, 10);
    return wide_fits_decimal(&more);
}

// Digits are added while something remains and there is room for them.
HOTPATCH HRESULT WINAPI VarDecDiv(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result)
{
    if (!decimal_is_valid(left) || !decimal_is_valid(right)) return E_INVALIDARG;
    struct wide quotient = wide_of_decimal(left), divisor = wide_of_decimal(right), rest;
    if (wide_is_zero(&divisor)) return DISP_E_DIVBYZERO;
    int scale = left->scale - right->scale;
    wide_divide(&quotient, &divisor, &rest);
    while (scale < 0 || (!wide_is_zero(&rest) && scale < DECIMAL_SCALE)) {
        if (!has_room(&quotient)) {
            if (scale < 0) return DISP_E_OVERFLOW;
            break;
        }
        wide_multiply_small(&rest, 10);
        struct wide digit = rest;
        wide_divide(&digit, &divisor, &rest);
        wide_multiply_small(&quotient, 10);
        wide_add(&quotient, &digit);
        scale++;
    }
    wide_multiply_small(&rest, 2);
    int half = wide_compare(&rest, &divisor);
    if (half > 0 || (half == 0 && quotient.limb[0] & 1)) wide_add(&quotient, &(struct wide){{1}});
    return decimal_pack(quotient, scale, left->sign != right->sign, result);
}

HOTPATCH HRESULT WINAPI VarDecCmp(LPDECIMAL left, LPDECIMAL right)
{
    struct wide l, r;
    align(left, right, &l, &r);
    bool l_negative = left->sign && !wide_is_zero(&l), r_negative = right->sign && !wide_is_zero(&r);
    if (l_negative != r_negative) return l_negative ? VARCMP_LT : VARCMP_GT;
    int order = wide_compare(&l, &r);
    if (!order) return VARCMP_EQ;
    return (order < 0) != l_negative ? VARCMP_LT : VARCMP_GT;
}

HOTPATCH HRESULT WINAPI VarDecCmpR8(LPDECIMAL left, double right)
{
    DECIMAL decimal;
    HRESULT result = VarDecFromR8(right, &decimal);
    return FAILED(result) ? result : VarDecCmp(left, &decimal);
}

HOTPATCH HRESULT WINAPI VarDecAbs(LPDECIMAL value, LPDECIMAL result)
{
    *result = *value;
    result->sign &= (BYTE)~DECIMAL_NEG;
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarDecNeg(LPDECIMAL value, LPDECIMAL result)
{
    *result = *value;
    result->sign ^= DECIMAL_NEG;
    return S_OK;
}

// Without the fraction; *lost: whether there was one.
static void truncate(const DECIMAL *value, DECIMAL *result, bool *lost)
{
    struct wide magnitude = wide_of_decimal(value);
    *lost = false;
    for (int i = 0; i < value->scale; i++)
        if (wide_divide_small(&magnitude, 10)) *lost = true;
    store(&magnitude, 0, value->sign, result);
}

HOTPATCH HRESULT WINAPI VarDecFix(LPDECIMAL value, LPDECIMAL result)
{
    bool lost;
    if (!decimal_is_valid(value)) return E_INVALIDARG;
    truncate(value, result, &lost);
    return S_OK;
}

// The largest integer that is not above.
HOTPATCH HRESULT WINAPI VarDecInt(LPDECIMAL value, LPDECIMAL result)
{
    bool lost;
    if (!decimal_is_valid(value)) return E_INVALIDARG;
    bool negative = value->sign;
    truncate(value, result, &lost);
    if (!negative || !lost) return S_OK;
    struct wide magnitude = wide_of_decimal(result);
    wide_add(&magnitude, &(struct wide){{1}});
    return decimal_pack(magnitude, 0, true, result);
}

HOTPATCH HRESULT WINAPI VarDecRound(LPDECIMAL value, int digits, LPDECIMAL result)
{
    if (digits < 0 || !decimal_is_valid(value)) return E_INVALIDARG;
    if (digits >= value->scale) {
        *result = *value;
        return S_OK;
    }
    decimal_round(value, digits, result);
    return S_OK;
}
