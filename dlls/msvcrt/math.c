/* Mathematics: libmingwex's extended-precision functions, rounded once, with the runtime's error reports. */
#include "math_core.h"

long double sinl(long double x), cosl(long double x), tanl(long double x);
long double asinl(long double x), acosl(long double x), atanl(long double x),
    atan2l(long double y, long double x);
long double expl(long double x), logl(long double x), log10l(long double x),
    powl(long double x, long double y);
long double sinhl(long double x), coshl(long double x), tanhl(long double x);
long double fmodl(long double x, long double y), expm1l(long double x);
double __powidf2(double x, int n);

double _HUGE = __builtin_inf();

/* ---- errors ---- */

struct math_exception {
    int type;
    char *name;
    double first, second, result;
};
typedef int(EXPORT *math_handler)(struct math_exception *);
static math_handler on_math_error;

void EXPORT __setusermatherr(math_handler handler)
{
    on_math_error = handler;
}

double math_error(int type, const char *name, double first, double second, double result)
{
    struct math_exception exception = {type, (char *)name, first, second, result};

    if (on_math_error && on_math_error(&exception)) return exception.result;
    if (type == MATH_DOMAIN)
        errno = EDOM;
    else if (type == MATH_SINGULAR || type == MATH_OVERFLOW)
        errno = ERANGE;
    else if (type == MATH_UNDERFLOW)
        return exception.result;
    return exception.result;
}

int EXPORT _isnan(double x)
{
    return (bits_of(x) & INT64_MAX) > 0x7FF0000000000000ull;
}
int EXPORT _finite(double x)
{
    return (bits_of(x) >> 52 & 0x7FF) != 0x7FF;
}
/* One argument, defined everywhere but where DOMAIN says; RANGE checks the result. */
#define FUNCTION(name, call, bad)                                                                            \
    double EXPORT name(double x)                                                                             \
    {                                                                                                        \
        double result;                                                                                       \
        if (_isnan(x)) return math_error(MATH_DOMAIN, #name, x, 0, x);                                       \
        if (bad) return math_error(MATH_DOMAIN, #name, x, 0, INDEFINITE);                                    \
        PRECISE(result, call);                                                                               \
        if (!_finite(result) && _finite(x)) return math_error(MATH_OVERFLOW, #name, x, 0, result);           \
        return result;                                                                                       \
    }
FUNCTION(sin, sinl(x), !_finite(x))
FUNCTION(cos, cosl(x), !_finite(x))
FUNCTION(tan, tanl(x), !_finite(x))
FUNCTION(asin, asinl(x), x<-1 || x> 1)
FUNCTION(acos, acosl(x), x<-1 || x> 1)
FUNCTION(atan, atanl(x), false)
FUNCTION(exp, is_infinite(x) ? (x < 0 ? 0 : x) : expl(x), false)
FUNCTION(sinh, is_infinite(x) ? x : sinhl(x), false)
FUNCTION(cosh, is_infinite(x) ? __builtin_inf() : coshl(x), false)
FUNCTION(tanh, is_infinite(x) ? (x < 0 ? -1 : 1) : tanhl(x), false)

double EXPORT log(double x)
{
    double result;

    if (_isnan(x)) return math_error(MATH_DOMAIN, "log", x, 0, x);
    if (x < 0) return math_error(MATH_DOMAIN, "log", x, 0, INDEFINITE);
    if (x == 0) return math_error(MATH_SINGULAR, "log", x, 0, -__builtin_inf());
    PRECISE(result, logl(x));
    return result;
}

double EXPORT log10(double x)
{
    double result;

    if (_isnan(x)) return math_error(MATH_DOMAIN, "log10", x, 0, x);
    if (x < 0) return math_error(MATH_DOMAIN, "log10", x, 0, INDEFINITE);
    if (x == 0) return math_error(MATH_SINGULAR, "log10", x, 0, -__builtin_inf());
    PRECISE(result, log10l(x));
    return result;
}

double EXPORT sqrt(double x)
{
    double result;

    if (_isnan(x)) return math_error(MATH_DOMAIN, "sqrt", x, 0, x);
    if (x < 0) return math_error(MATH_DOMAIN, "sqrt", x, 0, INDEFINITE);
    __asm__("sqrtsd %1, %0" : "=x"(result) : "x"(x));
    return result;
}

double EXPORT atan2(double y, double x)
{
    double result;

    if (_isnan(x) || _isnan(y)) return math_error(MATH_DOMAIN, "atan2", y, x, _isnan(x) ? x : y);
    PRECISE(result, atan2l(y, x));
    return result;
}

static bool is_odd(double y)
{
    double half = y / 2;
    return y > -9007199254740992.0 && y < 9007199254740992.0 && y == (double)(int64_t)y &&
           half != (double)(int64_t)half;
}

double EXPORT pow(double x, double y)
{
    double result;

    if (y == 0) return 1;
    if (_isnan(x) || _isnan(y)) return math_error(MATH_DOMAIN, "pow", x, y, _isnan(x) ? x : y);
    if (x < 0 && _finite(x) && _finite(y) && y != (double)(int64_t)y && y > -9e15 && y < 9e15)
        return math_error(MATH_DOMAIN, "pow", x, y, INDEFINITE);
    if (x == 0 && y < 0)
        return math_error(MATH_SINGULAR, "pow", x, y,
                          is_odd(y) && bits_of(x) >> 63 ? -__builtin_inf() : __builtin_inf());
    PRECISE(result, powl(x, y));
    if (!_finite(result) && _finite(x) && _finite(y)) return math_error(MATH_OVERFLOW, "pow", x, y, result);
    if (result == 0 && x != 0 && _finite(x) && _finite(y))
        return math_error(MATH_UNDERFLOW, "pow", x, y, result);
    return result;
}

double EXPORT fmod(double x, double y)
{
    double result;

    if (_isnan(x) || _isnan(y)) return math_error(MATH_DOMAIN, "fmod", x, y, _isnan(x) ? x : y);
    if (is_infinite(x) || y == 0) return math_error(MATH_DOMAIN, "fmod", x, y, INDEFINITE);
    PRECISE(result, fmodl(x, y));
    return result;
}

double EXPORT fabs(double x)
{
    return of_bits(bits_of(x) & INT64_MAX);
}

/* Clears the bits behind the point; OUTWARD: one more away from zero if there were any. */
static double whole(double x, bool outward)
{
    uint64_t bits = bits_of(x), mask;
    int exponent = (int)(bits >> 52 & 0x7FF) - 1023;

    if (exponent >= 52) return x;
    if (exponent < 0) {
        if (!(bits & INT64_MAX)) return x;
        return outward ? (bits >> 63 ? -1.0 : 1.0) : of_bits(bits & 1ull << 63);
    }
    mask = UINT64_MAX >> (12 + exponent);
    mask &= 0xFFFFFFFFFFFFFull;
    if (!(bits & mask)) return x;
    if (outward) bits += mask;
    return of_bits(bits & ~mask);
}

double EXPORT floor(double x)
{
    return whole(x, bits_of(x) >> 63);
}
double EXPORT ceil(double x)
{
    return whole(x, !(bits_of(x) >> 63));
}

double EXPORT modf(double x, double *integer)
{
    if (_isnan(x)) return *integer = x;
    *integer = whole(x, false);
    if (is_infinite(x) || *integer == x) return of_bits(bits_of(x) & 1ull << 63);
    return x - *integer;
}

double EXPORT frexp(double x, int *exponent)
{
    uint64_t bits = bits_of(x);
    int e = bits >> 52 & 0x7FF;

    *exponent = 0;
    if (e == 0x7FF) {
        *exponent = -1;
        return math_error(MATH_DOMAIN, "frexp", x, 0, is_infinite(x) ? INDEFINITE : x);
    }
    if (!(bits & INT64_MAX)) return x;
    if (!e) {
        bits = bits_of(x * 18014398509481984.0); /* 2^54 */
        e = (int)(bits >> 52 & 0x7FF) - 54;
    }
    *exponent = e - 1022;
    return of_bits((bits & ~(0x7FFull << 52)) | 1022ull << 52);
}

static double scale(double x, long n)
{
    long double value = x, power;
    volatile double result;

    if (n > 5000) n = 5000;
    if (n < -5000) n = -5000;
    __asm__("fscale" : "=t"(power) : "0"(value), "u"((long double)n));
    result = power;
    return result;
}

double EXPORT ldexp(double x, int n)
{
    double result = scale(x, n);

    if (!_finite(result) && _finite(x)) return math_error(MATH_OVERFLOW, "ldexp", x, n, result);
    if (result == 0 && x != 0) return math_error(MATH_UNDERFLOW, "ldexp", x, n, result);
    return result;
}

double EXPORT _scalb(double x, long n)
{
    return ldexp(x, n);
}

double EXPORT _logb(double x)
{
    int e;

    if (_isnan(x)) return x;
    if (is_infinite(x)) return __builtin_inf();
    if (x == 0) return math_error(MATH_SINGULAR, "_logb", x, 0, -__builtin_inf());
    frexp(x, &e);
    return e - 1;
}

double EXPORT _hypot(double x, double y)
{
    long double a = x, b = y, root;
    volatile double result;

    if (is_infinite(x) || is_infinite(y)) return __builtin_inf();
    __asm__("fsqrt" : "=t"(root) : "0"(a * a + b * b));
    result = root;
    if (!_finite(result) && _finite(x) && _finite(y))
        return math_error(MATH_OVERFLOW, "_hypot", x, y, result);
    return result;
}

struct complex_number {
    double x, y;
};
double EXPORT _cabs(struct complex_number z)
{
    return _hypot(z.x, z.y);
}

double EXPORT _copysign(double x, double sign)
{
    return of_bits((bits_of(x) & INT64_MAX) | (bits_of(sign) & 1ull << 63));
}

float EXPORT _copysignf(float x, float sign)
{
    return _copysign(x, sign);
}
double EXPORT _chgsign(double x)
{
    return of_bits(bits_of(x) ^ 1ull << 63);
}

double EXPORT _nextafter(double x, double y)
{
    uint64_t bits = bits_of(x);

    if (_isnan(x)) return x;
    if (_isnan(y)) return y;
    if (x == y) return y;
    if (x == 0) return of_bits((bits_of(y) & 1ull << 63) | 1);
    return of_bits((x < y) == !(bits >> 63) ? bits + 1 : bits - 1);
}

enum {
    CLASS_SNAN = 1,
    CLASS_QNAN = 2,
    CLASS_NINF = 4,
    CLASS_NNORMAL = 8,
    CLASS_NDENORMAL = 0x10,
    CLASS_NZERO = 0x20,
    CLASS_PZERO = 0x40,
    CLASS_PDENORMAL = 0x80,
    CLASS_PNORMAL = 0x100,
    CLASS_PINF = 0x200,
};

int EXPORT _fpclass(double x)
{
    uint64_t bits = bits_of(x), mantissa = bits & 0xFFFFFFFFFFFFFull;
    int exponent = bits >> 52 & 0x7FF;
    bool negative = bits >> 63;

    if (exponent == 0x7FF) {
        if (mantissa) return mantissa >> 51 ? CLASS_QNAN : CLASS_SNAN;
        return negative ? CLASS_NINF : CLASS_PINF;
    }
    if (exponent) return negative ? CLASS_NNORMAL : CLASS_PNORMAL;
    if (mantissa) return negative ? CLASS_NDENORMAL : CLASS_PDENORMAL;
    return negative ? CLASS_NZERO : CLASS_PZERO;
}

/* Where libmingwex would report an error: it is reported here, with the runtime's own name for it. */
void __mingw_raise_matherr(int type, const char *name, double first, double second, double result)
{
    (void)type, (void)name, (void)first, (void)second, (void)result;
}

/* ---- integers ---- */

int EXPORT abs(int x)
{
    return x < 0 ? -x : x;
}
long EXPORT labs(long x)
{
    return x < 0 ? -x : x;
}
__int64 EXPORT _abs64(__int64 x)
{
    return x < 0 ? -x : x;
}

/* Returned in EDX:EAX, as Windows' compilers expect of eight bytes. */
uint64_t EXPORT div_pair(int numerator, int denominator)
{
    return (uint32_t)(numerator / denominator) | (uint64_t)(uint32_t)(numerator % denominator) << 32;
}

static unsigned SSE2_enabled = 1;
int EXPORT _set_SSE2_enable(int flag)
{
    SSE2_enabled = flag != 0;
    return SSE2_enabled;
}

int EXPORT rand(void)
{
    struct thread_data *data = thread_data();

    data->random = data->random * 214013 + 2531011;
    return data->random >> 16 & 0x7FFF;
}

void EXPORT srand(unsigned seed)
{
    thread_data()->random = seed;
}

BOOLEAN WINAPI SystemFunction036(void *buffer, ULONG size);

int EXPORT rand_s(unsigned *value)
{
    static BOOLEAN(WINAPI * generate)(void *, ULONG);
    HMODULE module;

    REQUIRE(value, EINVAL, EINVAL);
    *value = 0;
    if (!generate) {
        module = LoadLibraryW(L"advapi32.dll");
        if (module) generate = (void *)GetProcAddress(module, "SystemFunction036");
    }
    if (!generate || !generate(value, sizeof(*value))) return errno = EINVAL;
    return 0;
}
