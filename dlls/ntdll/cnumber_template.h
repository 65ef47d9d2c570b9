// Integers as text, once for both widths; cnumber.c includes it twice.
#include "dlls/template.h"

static CHAR *T(to_narrow, to_wide)(ULONGLONG value, BOOLEAN negative, CHAR *out, int radix)
{
    char buffer[66], *end = buffer + sizeof(buffer), *p = digits(value, radix, end);
    CHAR *q = out;

    if (negative) *--p = '-';
    while (p < end) *q++ = *p++;
    *q = 0;
    return out;
}

CHAR *__cdecl T(_ltoa, _ltow)(long value, CHAR *out, int radix)
{
    BOOLEAN negative = value < 0 && radix == 10;

    return T(to_narrow, to_wide)(negative ? -(ULONG)value : (ULONG)value, negative, out, radix);
}

CHAR *__cdecl T(_itoa, _itow)(int value, CHAR *out, int radix)
{
    return T(_ltoa, _ltow)(value, out, radix);
}

CHAR *__cdecl T(_ultoa, _ultow)(unsigned long value, CHAR *out, int radix)
{
    return T(to_narrow, to_wide)(value, FALSE, out, radix);
}

CHAR *__cdecl T(_i64toa, _i64tow)(__int64 value, CHAR *out, int radix)
{
    BOOLEAN negative = value < 0 && radix == 10;

    return T(to_narrow, to_wide)(negative ? -(ULONGLONG)value : (ULONGLONG)value, negative, out, radix);
}

CHAR *__cdecl T(_ui64toa, _ui64tow)(unsigned __int64 value, CHAR *out, int radix)
{
    return T(to_narrow, to_wide)(value, FALSE, out, radix);
}

#include "dlls/template_end.h"
