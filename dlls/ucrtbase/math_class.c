/* What the headers' classifying macros and comparisons call: fpclassify, signbit, isless and their like. */
#include "ucrtbase.h"
#include "dlls/msvcrt/math_core.h"

enum { IS_SUBNORMAL = -2, IS_NORMAL = -1, IS_ZERO = 0, IS_INFINITE = 1, IS_NAN = 2 };
enum { IS_LESS = 1, IS_EQUAL = 2, IS_GREATER = 4 };
enum { SIGN_BIT = 0x8000 };

static uint32_t float_bits(float x)
{
    union {
        float value;
        uint32_t bits;
    } number = {x};
    return number.bits;
}

static short classify(bool largest_exponent, bool no_exponent, bool mantissa)
{
    if (largest_exponent) return mantissa ? IS_NAN : IS_INFINITE;
    if (no_exponent) return mantissa ? IS_SUBNORMAL : IS_ZERO;
    return IS_NORMAL;
}

short EXPORT _dtest(const double *x)
{
    uint64_t bits = bits_of(*x);
    return classify((bits >> 52 & 0x7FF) == 0x7FF, !(bits >> 52 & 0x7FF), bits & 0xFFFFFFFFFFFFFull);
}

short EXPORT _dclass(double x)
{
    return _dtest(&x);
}

short EXPORT _fdtest(const float *x)
{
    uint32_t bits = float_bits(*x);
    return classify((bits >> 23 & 0xFF) == 0xFF, !(bits >> 23 & 0xFF), bits & 0x7FFFFF);
}

short EXPORT _fdclass(float x)
{
    return _fdtest(&x);
}

int EXPORT _dsign(double x)
{
    return bits_of(x) >> 63 ? SIGN_BIT : 0;
}

int EXPORT _fdsign(float x)
{
    return float_bits(x) >> 31 ? SIGN_BIT : 0;
}

/* 0 where one is a NaN. */
int EXPORT _dpcomp(double x, double y)
{
    if (_isnan(x) || _isnan(y)) return 0;
    return x < y ? IS_LESS : x > y ? IS_GREATER : IS_EQUAL;
}

int EXPORT _fdpcomp(float x, float y)
{
    return _dpcomp(x, y);
}

int EXPORT _fpclassf(float x)
{
    enum { NEGATIVE_DENORMAL = 0x10, POSITIVE_DENORMAL = 0x80 };

    if (_fdclass(x) == IS_SUBNORMAL) return _fdsign(x) ? NEGATIVE_DENORMAL : POSITIVE_DENORMAL;
    return _fpclass(x);
}
