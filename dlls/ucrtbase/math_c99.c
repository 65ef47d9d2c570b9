/* C99's mathematics: libmingwex's extended-precision functions, rounded once. Errors go to errno alone. */
#include "ucrtbase.h"
#include "dlls/msvcrt/math_core.h"

long double acoshl(long double x), asinhl(long double x), atanhl(long double x), cbrtl(long double x);
long double erfl(long double x), erfcl(long double x), exp2l(long double x), expm1l(long double x);
long double lgammal(long double x), tgammal(long double x), log1pl(long double x), log2l(long double x);
long double remquol(long double x, long double y, int *quotient);

static double domain_error(void)
{
    errno = EDOM;
    return INDEFINITE;
}

static double range_error(double result)
{
    errno = ERANGE;
    return result;
}

/*
 * One argument, in both widths. A NaN is its own result; OUTSIDE the domain and at a POLE (whose result is
 * AT_POLE) the errors are reported, and so is an infinite result of a finite argument.
 */
#define FUNCTION(name, call, outside, pole, at_pole)                                                         \
    double EXPORT name(double x)                                                                             \
    {                                                                                                        \
        double result;                                                                                       \
        if (_isnan(x)) return x;                                                                             \
        if (outside) return domain_error();                                                                  \
        if (pole) return range_error(at_pole);                                                               \
        PRECISE(result, call);                                                                               \
        if (is_infinite(result) && _finite(x)) errno = ERANGE;                                               \
        return result;                                                                                       \
    }                                                                                                        \
    float EXPORT name##f(float value)                                                                        \
    {                                                                                                        \
        double x = value;                                                                                    \
        volatile float result;                                                                               \
        if (_isnan(x)) return value;                                                                         \
        if (outside) return domain_error();                                                                  \
        if (pole) return range_error(at_pole);                                                               \
        {                                                                                                    \
            unsigned short control = precise();                                                              \
            int error = errno;                                                                               \
            result = (float)(call);                                                                          \
            restore(control);                                                                                \
            errno = error;                                                                                   \
        }                                                                                                    \
        if (is_infinite(result) && _finite(x)) errno = ERANGE;                                               \
        return result;                                                                                       \
    }

#define EVERYWHERE(name, call) FUNCTION(name, call, false, false, 0)
#define INFINITELY             __builtin_inf()
static inline bool is_negative_whole(double x)
{
    return x < 0 && (x <= -4503599627370496.0 || x == (double)(int64_t)x);
}
FUNCTION(acosh, is_infinite(x) ? x : acoshl(x), x < 1, false, 0)
EVERYWHERE(asinh, is_infinite(x) || x == 0 ? x : asinhl(x))
FUNCTION(atanh, x == 0 ? x : atanhl(x), x<-1 || x> 1, x == 1 || x == -1, x > 0 ? INFINITELY : -INFINITELY)
EVERYWHERE(cbrt, is_infinite(x) || x == 0 ? x : cbrtl(x))
EVERYWHERE(erf, is_infinite(x) ? (x > 0 ? 1 : -1) : erfl(x))
EVERYWHERE(erfc, is_infinite(x) ? (x > 0 ? 0 : 2) : erfcl(x))
EVERYWHERE(exp2, is_infinite(x) ? (x > 0 ? x : 0) : exp2l(x))
EVERYWHERE(expm1, is_infinite(x) ? (x > 0 ? x : -1) : x == 0 ? x : expm1l(x))
FUNCTION(lgamma, is_infinite(x) ? INFINITELY : lgammal(x), false, x == 0 || is_negative_whole(x), INFINITELY)
FUNCTION(tgamma, is_infinite(x) ? x : tgammal(x), is_negative_whole(x) || x == -INFINITELY, x == 0,
         bits_of(x) >> 63 ? -INFINITELY : INFINITELY)
FUNCTION(log1p, is_infinite(x) || x == 0 ? x : log1pl(x), x < -1, x == -1, -INFINITELY)
FUNCTION(log2, is_infinite(x) ? x : log2l(x), x < 0, x == 0, -INFINITELY)

/* Two arguments, by the form for doubles. */
double EXPORT _hypot(double x, double y);
float EXPORT _hypotf(float x, float y)
{
    volatile float result = _hypot(x, y);

    if (is_infinite(result) && _finite(x) && _finite(y)) errno = ERANGE;
    return result;
}

double EXPORT pow(double x, double y);
float EXPORT powf(float x, float y)
{
    volatile float result = pow(x, y);

    if (is_infinite(result) && _finite(x) && _finite(y)) errno = ERANGE;
    return result;
}

/* x - n·y for the whole n nearest to x/y, halves to even; the last bits of n with its sign. */
double EXPORT remquo(double x, double y, int *quotient)
{
    double result;

    *quotient = 0;
    if (_isnan(x) || _isnan(y)) return _isnan(x) ? x : y;
    if (is_infinite(x) || y == 0) return domain_error();
    if (is_infinite(y)) return x;
    PRECISE(result, remquol(x, y, quotient));
    return result;
}

float EXPORT remquof(float x, float y, int *quotient)
{
    return remquo(x, y, quotient);
}

double EXPORT remainder(double x, double y)
{
    int quotient;
    return remquo(x, y, &quotient);
}

float EXPORT remainderf(float x, float y)
{
    return remainder(x, y);
}

double EXPORT fdim(double x, double y)
{
    volatile double result;

    if (_isnan(x) || _isnan(y)) return _isnan(x) ? x : y;
    result = x > y ? x - y : 0;
    if (is_infinite(result) && _finite(x) && _finite(y)) errno = ERANGE;
    return result;
}

float EXPORT fdimf(float x, float y)
{
    volatile float result = fdim(x, y);

    if (is_infinite(result) && _finite(x) && _finite(y)) errno = ERANGE;
    return result;
}

double EXPORT fmax(double x, double y)
{
    if (_isnan(x)) return y;
    if (_isnan(y)) return x;
    if (x == 0 && y == 0) return bits_of(x) >> 63 ? y : x;
    return x < y ? y : x;
}

double EXPORT fmin(double x, double y)
{
    if (_isnan(x)) return y;
    if (_isnan(y)) return x;
    if (x == 0 && y == 0) return bits_of(x) >> 63 ? x : y;
    return x < y ? x : y;
}

float EXPORT fmaxf(float x, float y)
{
    return fmax(x, y);
}
float EXPORT fminf(float x, float y)
{
    return fmin(x, y);
}

double EXPORT nan(const char *text)
{
    (void)text;
    return __builtin_nan("");
}
float EXPORT nanf(const char *text)
{
    return nan(text);
}
