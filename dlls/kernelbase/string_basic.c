// The lstr functions, MulDiv, and comparisons by code unit. lstr functions survive bad pointers on Windows:
// they answer 0 or NULL where a fault would be; a probe of the first byte covers the usual case, NULL.
#include "base.h"

HOTPATCH int WINAPI lstrlenA(const char *text)
{
    return text ? (int)strlen(text) : 0;
}

HOTPATCH int WINAPI lstrlenW(const WCHAR *text)
{
    return text ? (int)wide_length(text) : 0;
}

HOTPATCH char *WINAPI lstrcpyA(char *target, const char *source)
{
    if (!target || !source) return NULL;
    memcpy(target, source, strlen(source) + 1);
    return target;
}

HOTPATCH WCHAR *WINAPI lstrcpyW(WCHAR *target, const WCHAR *source)
{
    if (!target || !source) return NULL;
    memcpy(target, source, (wide_length(source) + 1) * sizeof(WCHAR));
    return target;
}

// Copies at most size - 1 characters and always ends with NUL.
HOTPATCH char *WINAPI lstrcpynA(char *target, const char *source, int size)
{
    char *at = target;
    if (!target || !source) return NULL;
    if (size <= 0) return target;
    while (size > 1 && *source) {
        size--;
        *at++ = *source++;
    }
    *at = 0;
    return target;
}

HOTPATCH WCHAR *WINAPI lstrcpynW(WCHAR *target, const WCHAR *source, int size)
{
    WCHAR *at = target;
    if (!target || !source) return NULL;
    if (size <= 0) return target;
    while (size > 1 && *source) {
        size--;
        *at++ = *source++;
    }
    *at = 0;
    return target;
}

HOTPATCH char *WINAPI lstrcatA(char *target, const char *source)
{
    if (!target || !source) return NULL;
    lstrcpyA(target + strlen(target), source);
    return target;
}

HOTPATCH WCHAR *WINAPI lstrcatW(WCHAR *target, const WCHAR *source)
{
    if (!target || !source) return NULL;
    lstrcpyW(target + wide_length(target), source);
    return target;
}

// ---- linguistic comparisons of the thread's locale, with -1, 0, 1 ----

static int compare_with_null(bool first, bool second)
{
    return first ? 1 : second ? -1 : 0;
}

HOTPATCH int WINAPI lstrcmpW(const WCHAR *first, const WCHAR *second)
{
    if (!first || !second) return compare_with_null(first, second);
    return CompareStringW(GetThreadLocale(), LOCALE_USE_CP_ACP, first, -1, second, -1) - CSTR_EQUAL;
}

HOTPATCH int WINAPI lstrcmpiW(const WCHAR *first, const WCHAR *second)
{
    if (!first || !second) return compare_with_null(first, second);
    return CompareStringW(GetThreadLocale(), LOCALE_USE_CP_ACP | NORM_IGNORECASE, first, -1, second, -1) -
           CSTR_EQUAL;
}

HOTPATCH int WINAPI lstrcmpA(const char *first, const char *second)
{
    if (!first || !second) return compare_with_null(first, second);
    return CompareStringA(GetThreadLocale(), LOCALE_USE_CP_ACP, first, -1, second, -1) - CSTR_EQUAL;
}

HOTPATCH int WINAPI lstrcmpiA(const char *first, const char *second)
{
    if (!first || !second) return compare_with_null(first, second);
    return CompareStringA(GetThreadLocale(), LOCALE_USE_CP_ACP | NORM_IGNORECASE, first, -1, second, -1) -
           CSTR_EQUAL;
}

// ---- by code unit ----

HOTPATCH int WINAPI CompareStringOrdinal(const WCHAR *first, int first_length, const WCHAR *second,
                                         int second_length, BOOL ignore_case)
{
    if (!first || !second) return fail_with(ERROR_INVALID_PARAMETER);
    SIZE_T a = first_length < 0 ? wide_length(first) : (SIZE_T)first_length;
    SIZE_T b = second_length < 0 ? wide_length(second) : (SIZE_T)second_length;
    LONG result = RtlCompareUnicodeStrings(first, a, second, b, ignore_case != 0);
    return result < 0 ? CSTR_LESS_THAN : result > 0 ? CSTR_GREATER_THAN : CSTR_EQUAL;
}

// The position of value in source by flags FIND_*, or -1.
HOTPATCH int WINAPI FindStringOrdinal(DWORD flags, const WCHAR *source, int source_length, const WCHAR *value,
                                      int value_length, BOOL ignore_case)
{
    SetLastError(ERROR_SUCCESS);
    if (!source || !value) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return -1;
    }
    int n = source_length < 0 ? (int)wide_length(source) : source_length;
    int m = value_length < 0 ? (int)wide_length(value) : value_length;
    int first = 0, last = n - m, step = 1;
    if (flags == FIND_STARTSWITH)
        last = m <= n ? 0 : -1;
    else if (flags == FIND_ENDSWITH)
        first = last;
    else if (flags == FIND_FROMEND)
        step = -1;
    else if (flags && flags != FIND_FROMSTART) {
        SetLastError(ERROR_INVALID_FLAGS);
        return -1;
    }
    if (m > n) return -1;
    for (int i = step > 0 ? first : last; i >= first && i <= last; i += step)
        if (!RtlCompareUnicodeStrings(source + i, (SIZE_T)m, value, (SIZE_T)m, ignore_case != 0)) return i;
    return -1;
}

// a * b / c in 64 bits, rounded half away from zero; -1 on overflow or division by zero.
HOTPATCH int WINAPI MulDiv(int a, int b, int c)
{
    if (!c) return -1;
    LONGLONG product = (LONGLONG)a * b, divisor = c;
    if (divisor < 0) {
        product = -product;
        divisor = -divisor;
    }
    // Half the divisor moves the quotient to the nearest.
    LONGLONG result = (product < 0 ? product - divisor / 2 : product + divisor / 2) / divisor;
    return result > INT32_MAX || result < -INT32_MAX ? -1 : (int)result;
}
