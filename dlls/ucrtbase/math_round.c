/* Rounding to whole numbers, exponents, neighbours, and the one rounding of fma. */
#include "ucrtbase.h"
#include "dlls/msvcrt/math_core.h"

double EXPORT ldexp(double x, int n);
double EXPORT _nextafter(double x, double y);
double EXPORT _logb(double x);
double EXPORT _copysign(double x, double sign);
double EXPORT _chgsign(double x);

/* By the rounding mode in force. The x87 does it in one instruction, exactly. */
static double whole_by_mode(double x)
{
    long double value = x;
    __asm__ volatile("frndint" : "+t"(value));
    return value;
}

double EXPORT rint(double x)
{
    return whole_by_mode(x);
}

/* As rint, but the inexact flag stays as it was. */
double EXPORT nearbyint(double x)
{
    enum { INEXACT = 0x20 };
    unsigned environment[7];
    unsigned short before;
    volatile double result;

    __asm__ volatile("fnstsw %0" : "=m"(before));
    result = whole_by_mode(x);
    if (before & INEXACT) return result;
    __asm__ volatile("fnstenv %0" : "=m"(environment) : : "memory");
    environment[1] &= ~INEXACT;
    __asm__ volatile("fldenv %0" : : "m"(environment) : "memory");
    return result;
}

double EXPORT trunc(double x)
{
    uint64_t bits = bits_of(x);
    int exponent = (int)(bits >> 52 & 0x7FF) - 1023;

    if (exponent >= 52) return x;
    if (exponent < 0) return of_bits(bits & 1ull << 63);
    return of_bits(bits & ~(0xFFFFFFFFFFFFFull >> exponent));
}

/* Halves away from zero. */
double EXPORT round(double x)
{
    uint64_t bits = bits_of(x);
    int exponent = (int)(bits >> 52 & 0x7FF) - 1023;

    if (exponent >= 52) return x;
    if (exponent < -1) return of_bits(bits & 1ull << 63);
    if (exponent == -1) return of_bits((bits & 1ull << 63) | 1023ull << 52);
    bits += 1ull << (51 - exponent);
    return of_bits(bits & ~(0xFFFFFFFFFFFFFull >> exponent));
}

static __int64 to_integer(double x, __int64 least, __int64 most)
{
    if (_isnan(x) || x < (double)least || x > (double)most ||
        (most == INT64_MAX && x >= 9223372036854775808.0)) {
        errno = EDOM;
        return least;
    }
    return (__int64)x;
}

__int64 EXPORT llrint(double x)
{
    return to_integer(whole_by_mode(x), INT64_MIN, INT64_MAX);
}
__int64 EXPORT llround(double x)
{
    return to_integer(round(x), INT64_MIN, INT64_MAX);
}
long EXPORT lrint(double x)
{
    return to_integer(whole_by_mode(x), LONG_MIN, LONG_MAX);
}
long EXPORT lround(double x)
{
    return to_integer(round(x), LONG_MIN, LONG_MAX);
}

double EXPORT scalbln(double x, long n)
{
    return ldexp(x, n);
}

enum { ILOGB_ZERO = INT_MIN, ILOGB_NAN = INT_MAX };

int EXPORT ilogb(double x)
{
    if (_isnan(x) || is_infinite(x) || x == 0) {
        errno = EDOM;
        return x == 0 ? ILOGB_ZERO : ILOGB_NAN;
    }
    return _logb(x);
}

/* Every float's forms: what is exact for doubles is exact for them. */
#define FLOAT_FORM(name)                                                                                     \
    float EXPORT name##f(float x)                                                                            \
    {                                                                                                        \
        return name(x);                                                                                      \
    }
FLOAT_FORM(rint)
FLOAT_FORM(nearbyint)
FLOAT_FORM(trunc)
FLOAT_FORM(round)
FLOAT_FORM(_logb)
FLOAT_FORM(_chgsign)
__int64 EXPORT llrintf(float x)
{
    return llrint(x);
}
__int64 EXPORT llroundf(float x)
{
    return llround(x);
}
long EXPORT lrintf(float x)
{
    return lrint(x);
}
long EXPORT lroundf(float x)
{
    return lround(x);
}
int EXPORT ilogbf(float x)
{
    return ilogb(x);
}

float EXPORT scalblnf(float x, long n)
{
    volatile float result = ldexp(x, n);

    if (is_infinite(result) && _finite(x)) errno = ERANGE;
    return result;
}

float EXPORT nextafterf(float x, float y)
{
    union {
        float value;
        uint32_t bits;
    } number = {x}, sign = {y};

    if (_isnan(x)) return x;
    if (_isnan(y) || x == y) return y;
    if (x == 0)
        number.bits = (sign.bits & 1u << 31) | 1;
    else if ((x < y) == !(number.bits >> 31))
        number.bits++;
    else
        number.bits--;
    return number.value;
}

/* The neighbour of a float in the direction of a double. */
float EXPORT nexttowardf(float x, double y)
{
    if (_isnan(y)) return y;
    if (x == y) return y;
    return nextafterf(x, x < y ? __builtin_inff() : -__builtin_inff());
}

/* ---- fma ---- */

union extended {
    long double value;
    struct {
        uint64_t mantissa;
        uint16_t sign_exponent;
    };
};

/* a + b; where that isn't exact, the neighbour whose last bit is set: a later rounding to fewer bits is then
 * right. */
static long double add_to_odd(long double a, long double b)
{
    volatile long double sum = a + b, part = sum - a, rest_b = b - part, rest_a = a - (sum - part);
    volatile long double rest = rest_a + rest_b;
    union extended result = {sum};

    if (rest == 0 || rest - rest != 0 || result.mantissa & 1) return sum;
    if ((rest > 0) == !(result.sign_exponent >> 15)) {
        result.mantissa++;
    } else if (result.mantissa == 1ull << 63) {
        result.mantissa = UINT64_MAX;
        result.sign_exponent--;
    } else {
        result.mantissa--;
    }
    return result.value;
}

/* The upper 26 bits: products of such halves are exact in 64 bits. */
static double upper_half(double x)
{
    return of_bits(bits_of(x) & ~0x7FFFFFFull);
}

/* x·y is high + low exactly; z comes to it with everything that is lost kept for the last rounding. */
static long double fused(double x, double y, double z)
{
    volatile long double xh = upper_half(x), yh = upper_half(y), xl = x - xh, yl = y - yh;
    volatile long double high = (long double)x * y;
    volatile long double low = ((xh * yh - high) + xh * yl + xl * yh) + xl * yl;
    volatile long double sum = high + z, part = sum - high, rest = (high - (sum - part)) + (z - part);

    return add_to_odd(sum, add_to_odd(rest, low));
}

/* Is x·y + z settled without arithmetic that could round? Then *RESULT is it. */
static bool fused_special(double x, double y, double z, double *result)
{
    bool infinite = is_infinite(x) || is_infinite(y);

    if (_isnan(x) || _isnan(y) || _isnan(z)) {
        *result = _isnan(x) ? x : _isnan(y) ? y : z;
    } else if (infinite &&
               (x == 0 || y == 0 || (is_infinite(z) && (bits_of(x) ^ bits_of(y) ^ bits_of(z)) >> 63))) {
        errno = EDOM;
        *result = INDEFINITE;
    } else if (infinite || x == 0 || y == 0) {
        *result = x * y + z;
    } else if (is_infinite(z)) {
        *result = z;
    } else {
        return false;
    }
    return true;
}

double EXPORT fma(double x, double y, double z)
{
    unsigned short control;
    volatile double result;
    double special;

    if (fused_special(x, y, z, &special)) return special;
    control = precise();
    result = fused(x, y, z);
    restore(control);
    if (is_infinite(result)) errno = ERANGE;
    return result;
}

float EXPORT fmaf(float x, float y, float z)
{
    unsigned short control;
    volatile float result;
    double special;

    if (fused_special(x, y, z, &special)) return special;
    control = precise();
    result = add_to_odd((long double)x * y, z);
    restore(control);
    if (is_infinite(result)) errno = ERANGE;
    return result;
}
