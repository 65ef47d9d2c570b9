/* Bessel functions: series, asymptotic form and recurrence, for the six that the runtime exports. */
#include "msvcrt.h"

double EXPORT sin(double x);
double EXPORT cos(double x);
double EXPORT sqrt(double x);
double EXPORT log(double x);

static const long double pi = 3.14159265358979323846264338327950288L;
static const long double euler = 0.57721566490153286060651209008240243L;

/* P and Q of Hankel's expansion for order N at a large X. */
static void hankel(int n, long double x, long double *p, long double *q)
{
    long double mu = 4.0L * n * n, term = 1, odd;

    *p = 1;
    *q = 0;
    for (int k = 1; k < 60; k++) {
        long double next;
        odd = 2 * k - 1;
        next = term * (mu - odd * odd) / (k * 8 * x);
        if ((next < 0 ? -next : next) >= (term < 0 ? -term : term)) break;
        term = next;
        switch (k & 3) {
        case 0: *p += term; break;
        case 1: *q += term; break;
        case 2: *p -= term; break;
        case 3: *q -= term; break;
        }
    }
}

static double large(int n, double x, bool second)
{
    long double p, q, s, c, phase = (2 * n + 1) * pi / 4;
    long double sx = sin(x), cx = cos(x), sp = sin((double)phase), cp = cos((double)phase);

    hankel(n, x, &p, &q);
    c = cx * cp + sx * sp;
    s = sx * cp - cx * sp;
    return (second ? p * s + q * c : p * c - q * s) * (long double)sqrt(2 / (pi * x));
}

static long double series(int n, long double x)
{
    long double quarter = -x * x / 4, term = 1, sum;

    for (int i = 1; i <= n; i++) term *= x / 2 / i;
    sum = term;
    for (int k = 1; k < 200; k++) {
        term *= quarter / ((long double)k * (k + n));
        sum += term;
    }
    return sum;
}

static long double series_second(int n, long double x)
{
    long double quarter = -x * x / 4, term, sum, harmonic_k = 0, harmonic_n = 0;

    if (n == 0) {
        sum = 2 / pi * (log((double)(x / 2)) + euler) * series(0, x);
        for (int k = 1, i = 0; k < 200; k++, i++) {
            harmonic_k += 1.0L / k;
            term = 1;
            for (int j = 1; j <= k; j++) term *= quarter / ((long double)j * j);
            sum -= 2 / pi * harmonic_k * term;
            if (i > 20 && (term < 0 ? -term : term) < 1e-25L) break;
        }
        return sum;
    }
    sum = -2 / (pi * x) + 2 / pi * log((double)(x / 2)) * series(1, x);
    term = x / 2;
    harmonic_n = 1;
    for (int k = 0; k < 200; k++) {
        sum -= term / pi * (harmonic_k + harmonic_n - 2 * euler);
        harmonic_k += 1.0L / (k + 1);
        harmonic_n += 1.0L / (k + 2);
        term *= quarter / ((long double)(k + 1) * (k + 2));
    }
    return sum;
}

static double first_kind(int n, double x)
{
    double size = x < 0 ? -x : x;
    double value = size > 22 ? large(n, size, false) : (double)series(n, size);
    return x < 0 && n & 1 ? -value : value;
}

double EXPORT _j0(double x)
{
    return first_kind(0, x);
}
double EXPORT _j1(double x)
{
    return first_kind(1, x);
}

double EXPORT _jn(int n, double x)
{
    double sign = 1, size = x < 0 ? -x : x;

    if (n < 0) {
        n = -n;
        if (n & 1) sign = -sign;
    }
    if (x < 0 && n & 1) sign = -sign;
    if (n < 2) return sign * first_kind(n, size);
    if (size <= 22) return sign * (double)series(n, size);
    if (n < size) { /* forward recurrence is stable below the turning point */
        double a = first_kind(0, size), b = first_kind(1, size);
        for (int k = 1; k < n; k++) {
            double next = 2 * k / size * b - a;
            a = b;
            b = next;
        }
        return sign * b;
    }
    { /* Miller's: downwards from an arbitrary start, normalised by J0 */
        int start = n + 30 + (int)size;
        long double next = 0, value = 1e-300L, wanted = 0;
        for (int k = start; k > 0; k--) {
            long double lower = 2 * k / (long double)size * value - next;
            next = value;
            value = lower;
            if (k - 1 == n) wanted = value;
            if (value > 1e1000L || value < -1e1000L) value /= 1e1000L, next /= 1e1000L, wanted /= 1e1000L;
        }
        return sign * (double)(wanted / value * first_kind(0, size));
    }
}

static double second_kind(int n, double x)
{
    if (x < 0) {
        errno = EDOM;
        return -__builtin_nan("");
    }
    if (x == 0) {
        errno = ERANGE;
        return -__builtin_inf();
    }
    return x > 22 ? large(n, x, true) : (double)series_second(n, x);
}

double EXPORT _y0(double x)
{
    return second_kind(0, x);
}
double EXPORT _y1(double x)
{
    return second_kind(1, x);
}

double EXPORT _yn(int n, double x)
{
    double a, b, sign = 1;

    if (n < 0) {
        n = -n;
        if (n & 1) sign = -1;
    }
    if (n < 2 || x <= 0) return sign * second_kind(n & 1, x);
    a = second_kind(0, x);
    b = second_kind(1, x);
    for (int k = 1; k < n; k++) {
        double next = 2 * k / x * b - a;
        a = b;
        b = next;
    }
    return sign * b;
}
