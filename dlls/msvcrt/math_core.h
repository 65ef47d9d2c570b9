/* What the mathematical functions share: doubles as bits, extended precision, error reports. */
#pragma once

#include "msvcrt.h"

enum { MATH_DOMAIN = 1, MATH_SINGULAR, MATH_OVERFLOW, MATH_UNDERFLOW, MATH_TOTAL_LOSS, MATH_PARTIAL_LOSS };
/* Offers an error to the program's handler; else errno. The result to return. */
double math_error(int type, const char *name, double first, double second, double result);
int EXPORT _isnan(double x);
int EXPORT _finite(double x);
int EXPORT _fpclass(double x);

static inline uint64_t bits_of(double x)
{
    union {
        double value;
        uint64_t bits;
    } number = {x};
    return number.bits;
}

static inline double of_bits(uint64_t bits)
{
    union {
        uint64_t bits;
        double value;
    } number = {bits};
    return number.value;
}

static inline bool is_infinite(double x)
{
    return (bits_of(x) & INT64_MAX) == 0x7FF0000000000000ull;
}
#define INDEFINITE of_bits(0xFFF8000000000000ull)

/* The extended functions want the whole mantissa, also when the program has the x87 at 53 bits. */
static inline unsigned short precise(void)
{
    unsigned short old, wide;
    __asm__ volatile("fnstcw %0" : "=m"(old));
    wide = old | 0x300;
    if (wide != old) __asm__ volatile("fldcw %0" : : "m"(wide));
    return old;
}

static inline void restore(unsigned short old)
{
    if ((old & 0x300) != 0x300) __asm__ volatile("fldcw %0" : : "m"(old));
}

#define PRECISE(result, call)                                                                                \
    do {                                                                                                     \
        unsigned short control = precise();                                                                  \
        int error = errno;                                                                                   \
        volatile double rounded = (double)(call);                                                            \
        restore(control);                                                                                    \
        errno = error; /* the functions underneath report by rules of their own */                           \
        result = rounded;                                                                                    \
    } while (0)
