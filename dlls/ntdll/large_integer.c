// 64-bit arithmetic by call, for compilers without it.
#include "rtl.h"

LARGE_INTEGER WINAPI RtlLargeIntegerAdd(LARGE_INTEGER a, LARGE_INTEGER b)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart + b.QuadPart};
}

LARGE_INTEGER WINAPI RtlLargeIntegerSubtract(LARGE_INTEGER a, LARGE_INTEGER b)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart - b.QuadPart};
}

LARGE_INTEGER WINAPI RtlLargeIntegerNegate(LARGE_INTEGER a)
{
    return (LARGE_INTEGER){.QuadPart = -a.QuadPart};
}

LARGE_INTEGER WINAPI RtlLargeIntegerShiftLeft(LARGE_INTEGER a, CCHAR count)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart << (count & 63)};
}

LARGE_INTEGER WINAPI RtlLargeIntegerShiftRight(LARGE_INTEGER a, CCHAR count)
{
    return (LARGE_INTEGER){.QuadPart = (ULONGLONG)a.QuadPart >> (count & 63)};
}

LARGE_INTEGER WINAPI RtlLargeIntegerArithmeticShift(LARGE_INTEGER a, CCHAR count)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart >> (count & 63)};
}

LARGE_INTEGER WINAPI RtlLargeIntegerDivide(ULARGE_INTEGER a, ULARGE_INTEGER b, PULARGE_INTEGER remainder)
{
    if (remainder) remainder->QuadPart = a.QuadPart % b.QuadPart;
    return (LARGE_INTEGER){.QuadPart = a.QuadPart / b.QuadPart};
}

LARGE_INTEGER WINAPI RtlConvertLongToLargeInteger(LONG a)
{
    return (LARGE_INTEGER){.QuadPart = a};
}

LARGE_INTEGER WINAPI RtlConvertUlongToLargeInteger(ULONG a)
{
    return (LARGE_INTEGER){.QuadPart = a};
}

LARGE_INTEGER WINAPI RtlEnlargedIntegerMultiply(LONG a, LONG b)
{
    return (LARGE_INTEGER){.QuadPart = (LONGLONG)a * b};
}

LARGE_INTEGER WINAPI RtlEnlargedUnsignedMultiply(ULONG a, ULONG b)
{
    return (LARGE_INTEGER){.QuadPart = (ULONGLONG)a * b};
}

/** 64 by 32 bits; the quotient must fit 32 bits. */
ULONG WINAPI RtlEnlargedUnsignedDivide(ULARGE_INTEGER a, ULONG b, PULONG remainder)
{
    if (remainder) *remainder = a.QuadPart % b;
    return a.QuadPart / b;
}

LARGE_INTEGER WINAPI RtlExtendedIntegerMultiply(LARGE_INTEGER a, LONG b)
{
    return (LARGE_INTEGER){.QuadPart = a.QuadPart * b};
}

LARGE_INTEGER WINAPI RtlExtendedLargeIntegerDivide(LARGE_INTEGER a, ULONG b, PULONG remainder)
{
    if (remainder) *remainder = (ULONGLONG)a.QuadPart % b;
    return (LARGE_INTEGER){.QuadPart = (ULONGLONG)a.QuadPart / b};
}
