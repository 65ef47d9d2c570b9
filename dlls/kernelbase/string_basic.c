// The lstr functions, MulDiv, and comparisons by code unit. lstr functions survive bad pointers: they answer
// 0 or NULL where a fault would be.
#include "base.h"
#include "dlls/ntdll/guard.h"

// What a guarded copy does: appends to the target's text or replaces it, at most limit units with the NUL.
struct copy {
    void *target;
    const void *source;
    SIZE_T limit;
    bool append;
    SIZE_T length; // of a text that was only measured
};

static void measure_ansi(void *context)
{
    struct copy *copy = context;
    copy->length = strlen(copy->source);
}

static void measure_wide(void *context)
{
    struct copy *copy = context;
    copy->length = wide_length(copy->source);
}

HOTPATCH int WINAPI lstrlenA(const char *text)
{
    struct copy copy = {.source = text};
    return text && !lowland_guarded_call(measure_ansi, &copy) ? (int)copy.length : 0;
}

HOTPATCH int WINAPI lstrlenW(const WCHAR *text)
{
    struct copy copy = {.source = text};
    return text && !lowland_guarded_call(measure_wide, &copy) ? (int)copy.length : 0;
}

static void copy_ansi(void *context)
{
    struct copy *copy = context;
    char *at = copy->target;
    const char *source = copy->source;
    if (copy->append) at += strlen(at);
    SIZE_T left = copy->limit;
    while (left > 1 && *source) {
        left--;
        *at++ = *source++;
    }
    *at = 0;
}

static void copy_wide(void *context)
{
    struct copy *copy = context;
    WCHAR *at = copy->target;
    const WCHAR *source = copy->source;
    if (copy->append) at += wide_length(at);
    SIZE_T left = copy->limit;
    while (left > 1 && *source) {
        left--;
        *at++ = *source++;
    }
    *at = 0;
}

// The target, or NULL where a pointer was bad.
static void *guarded_copy(void (*function)(void *), void *target, const void *source, SIZE_T limit,
                          bool append)
{
    struct copy copy = {target, source, limit, append, 0};
    if (!limit) return target;
    return lowland_guarded_call(function, &copy) ? NULL : target;
}

HOTPATCH char *WINAPI lstrcpyA(char *target, const char *source)
{
    return guarded_copy(copy_ansi, target, source, ~(SIZE_T)0, false);
}

HOTPATCH WCHAR *WINAPI lstrcpyW(WCHAR *target, const WCHAR *source)
{
    return guarded_copy(copy_wide, target, source, ~(SIZE_T)0, false);
}

// Copies at most size - 1 characters and always ends with NUL.
HOTPATCH char *WINAPI lstrcpynA(char *target, const char *source, int size)
{
    return guarded_copy(copy_ansi, target, source, size > 0 ? (SIZE_T)size : 0, false);
}

HOTPATCH WCHAR *WINAPI lstrcpynW(WCHAR *target, const WCHAR *source, int size)
{
    return guarded_copy(copy_wide, target, source, size > 0 ? (SIZE_T)size : 0, false);
}

HOTPATCH char *WINAPI lstrcatA(char *target, const char *source)
{
    return guarded_copy(copy_ansi, target, source, ~(SIZE_T)0, true);
}

HOTPATCH WCHAR *WINAPI lstrcatW(WCHAR *target, const WCHAR *source)
{
    return guarded_copy(copy_wide, target, source, ~(SIZE_T)0, true);
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
