// C99's mathematics, the classifying functions, fenv.h and the SSE2 entries of compilers.
// link: -D_UCRT -msse2 -nostdlib -Wl,--entry,_start -lucrt -lgcc -lkernel32
#include "start.h"
#include "tests/check.h"
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <windows.h>

#define INF     __builtin_inf()
#define NOT     __builtin_nan("")
#define F(name) float __cdecl name(float);
double __cdecl rint(double);
double __cdecl nearbyint(double);
F(cbrtf) F(log1pf) F(exp2f) F(roundf) F(truncf) F(rintf)
double __cdecl fma(double, double, double);
float __cdecl fmaf(float, float, float);
double __cdecl remquo(double, double, int *);
double __cdecl remainder(double, double);
double __cdecl fmax(double, double);
float __cdecl nextafterf(float, float);
long __cdecl lrint(double);
long __cdecl lround(double);
long long __cdecl llround(double);
int __cdecl ilogb(double);
short __cdecl _dclass(double);
short __cdecl _fdclass(float);
int __cdecl _dpcomp(double, double);

/* mingw-w64's libraries have some of these of their own. */
#define RUNTIME(name) ((void *)GetProcAddress(GetModuleHandleA("ucrtbase.dll"), name))

struct one {
    const char *name;
    double x, wanted;
    int error; // 0: errno stays as it was
};

static bool same(double a, double b)
{
    volatile double difference = a - b;

    if (a != a) return b != b;
    if (a == b) return true;
    return difference < 0 ? -difference <= 1e-15 * (b < 0 ? -b : b) : difference <= 1e-15 * (b < 0 ? -b : b);
}

static void check_functions(void)
{
    static const struct one all[] = {
        {"acosh", 0.5, NOT, EDOM},
        {"acosh", 2, 1.3169578969248167, 0},
        {"asinh", 1, 0.881373587019543, 0},
        {"asinh", INF, INF, 0},
        {"atanh", 1, INF, ERANGE},
        {"atanh", -2, NOT, EDOM},
        {"atanh", 0.5, 0.5493061443340549, 0},
        {"cbrt", -27, -3, 0},
        {"erf", 0.5, 0.5204998778130465, 0},
        {"erfc", 2, 0.004677734981047266, 0},
        {"erfc", -INF, 2, 0},
        {"exp2", 0.5, 1.4142135623730951, 0},
        {"exp2", 2000, INF, ERANGE},
        {"expm1", 1e-10, 1.00000000005e-10, 0},
        {"expm1", 1000, INF, ERANGE},
        {"lgamma", 10, 12.801827480081469, 0},
        {"lgamma", -3, INF, ERANGE},
        {"tgamma", 5, 24, 0},
        {"tgamma", 0, INF, ERANGE},
        {"tgamma", -1, NOT, EDOM},
        {"log1p", 1e-10, 9.9999999995e-11, 0},
        {"log1p", -1, -INF, ERANGE},
        {"log1p", -2, NOT, EDOM},
        {"log2", 8, 3, 0},
        {"log2", 0, -INF, ERANGE},
        {"log2", -1, NOT, EDOM},
        {"log2", NOT, NOT, 0},
        {"rint", 2.5, 2, 0},
        {"nearbyint", -1.5, -2, 0},
        {"trunc", -2.9, -2, 0},
        {"round", 2.5, 3, 0},
        {"round", -0.5, -1, 0},
        {"round", 0.49999999999999994, 0, 0},
        {"round", 4503599627370497.0, 4503599627370497.0, 0},
    };

    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
        double(__cdecl * function)(double) = RUNTIME(all[i].name);
        volatile double result;
        errno = 77;
        result = function(all[i].x);
        CHECK(same(result, all[i].wanted) && errno == (all[i].error ? all[i].error : 77),
              "%s(%g) is %.17g, errno %d", all[i].name, all[i].x, result, errno);
    }
    CHECK(cbrtf(8) == 2 && exp2f(3) == 8 && roundf(1.5f) == 2 && truncf(1.5f) == 1 && rintf(1.5f) == 2,
          "floats");
    CHECK(log1pf(-1) == -INF, "a pole");
}

static void check_more(void)
{
    int quotient;
    long huge, (__cdecl * unknown_lrint)(double) = RUNTIME("lrint"); // GCC thinks it leaves errno alone
    volatile double a = 1 + 0x1p-52, product;

    product = fma(a, a, -(1 + 0x1p-51));
    CHECK(product == 0x1p-104, "fma rounds once: %a", product);
    product = fma(0x1p-1074, 0.5, 0x1p-1074);
    CHECK(product == 0x1p-1073, "half of the least: %a", product);
    product = fma(0x1.fffffffffffffp1023, 2, -0x1.fffffffffffffp1023);
    CHECK(product == 0x1.fffffffffffffp1023, "beyond the range in between: %a", product);
    CHECK(fma(INF, 0, 1) != fma(INF, 0, 1), "no number");
    CHECK(fmaf(1 + 0x1p-23f, 1 + 0x1p-23f, -(1 + 0x1p-22f)) == 0x1p-46f, "fmaf");
    CHECK(remquo(29, 3, &quotient) == -1 && (quotient & 7) == 2, "%d", quotient);
    CHECK(remainder(5, 2) == 1 && remainder(-7, 4) == 1, "remainder");
    CHECK(fmax(NOT, 1) == 1 && fmax(-0.0, 2) == 2, "fmax");
    CHECK(nextafterf(1, 2) == 1 + 0x1p-23f && nextafterf(0, -1) == -0x1p-149f, "nextafterf");
    CHECK(lrint(2.5) == 2 && lround(2.5) == 3 && llround(-4.5) == -5 && ilogb(8.5) == 3, "integers");
    errno = 0;
    huge = unknown_lrint(3e9);
    CHECK(huge == LONG_MIN && errno == EDOM, "%ld, errno %d", huge, errno);
    CHECK(_dclass(INF) == 1 && _dclass(NOT) == 2 && _dclass(1) == -1 && _dclass(1e-310) == -2 &&
              _dclass(0) == 0,
          "classes");
    CHECK(_fdclass(1e-40f) == -2 && _dpcomp(1, 2) == 1 && _dpcomp(2, 2) == 2 && !_dpcomp(NOT, 1),
          "comparisons");
}

static void check_environment(void)
{
    enum { UP = 0x200, INEXACT = 1 };
    int(__cdecl * fegetround)(void) = RUNTIME("fegetround"),
                  (__cdecl * fesetround)(int) = RUNTIME("fesetround");
    int(__cdecl * feclearexcept)(int) = RUNTIME("feclearexcept"),
                  (__cdecl * fetestexcept)(int) = RUNTIME("fetestexcept");

    CHECK_EQUAL(fegetround(), 0);
    CHECK_EQUAL(fesetround(UP), 0);
    CHECK(rint(0.1) == 1 && lrint(-0.9) == 0, "up");
    CHECK_EQUAL(fesetround(0), 0);
    feclearexcept(0x1F);
    CHECK(nearbyint(0.1) == 0, "nearest");
    CHECK(!(fetestexcept(INEXACT)), "nearbyint leaves no trace");
}

/* Compilers call these with arguments and result in SSE registers. */
static double call_sse(void *function, double x, double y)
{
    register double first __asm__("xmm0") = x, second __asm__("xmm1") = y;

    __asm__ volatile("call *%2"
                     : "+x"(first), "+x"(second)
                     : "r"(function)
                     : "eax", "ecx", "edx", "memory", "cc");
    return first;
}

static void check_sse(void)
{
    CHECK(call_sse(RUNTIME("_libm_sse2_log10_precise"), 1000, 0) == 3, "log10");
    CHECK(call_sse(RUNTIME("_libm_sse2_pow_precise"), 2, 10) == 1024, "pow");
    CHECK(call_sse(RUNTIME("_libm_sse2_sqrt_precise"), 81, 0) == 9, "sqrt");
}

/* What compilers usually have inline: .NET's run-time imports modf. */
static void check_inline(void)
{
    double(__cdecl * modf)(double, double *) = RUNTIME("modf"), whole = 0;
    double(__cdecl * fabs)(double) = RUNTIME("fabs");

    CHECK(modf && modf(-3.25, &whole) == -0.25 && whole == -3, "modf");
    CHECK(modf && modf(INF, &whole) == 0 && whole == INF, "modf of infinity");
    CHECK(fabs && fabs(-2.5) == 2.5, "fabs");
    CHECK(RUNTIME("_fpreset"), "_fpreset");
}

int main(int argc, char **argv, char **environment)
{
    (void)argc, (void)argv, (void)environment;
    check_functions();
    check_more();
    check_environment();
    check_sse();
    check_inline();
    return check_summary();
}
