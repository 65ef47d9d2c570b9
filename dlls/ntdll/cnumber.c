// Numbers to and from C strings: the strto*, ato*, *toa and *tow families of ntdll.
#include "rtl.h"

static BOOLEAN is_space(WCHAR c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// The strto* parser for both widths: CHAR_AT(s, i) reads a character. Yields magnitude, sign, overflow and
// where it stopped (0: nothing parsed).
struct parsed {
    ULONGLONG value;
    BOOLEAN negative, overflow;
    size_t end;
};

#define DEFINE_PARSE(name, type)                                                                             \
    static struct parsed name(const type *s, int base, ULONGLONG max)                                        \
    {                                                                                                        \
        struct parsed result = {0};                                                                          \
        size_t i = 0;                                                                                        \
                                                                                                             \
        while (is_space(s[i])) i++;                                                                          \
        if (s[i] == '-' || s[i] == '+') result.negative = s[i++] == '-';                                     \
        if ((base == 0 || base == 16) && s[i] == '0' && (s[i + 1] | 32) == 'x' &&                            \
            digit_value(s[i + 2]) < 16) {                                                                    \
            i += 2;                                                                                          \
            base = 16;                                                                                       \
        } else if (base == 0) {                                                                              \
            base = s[i] == '0' ? 8 : 10;                                                                     \
        }                                                                                                    \
        for (int digit; (digit = digit_value(s[i])) < base; i++) {                                           \
            if (result.value > (max - digit) / base) result.overflow = TRUE;                                 \
            result.value = result.value * base + digit;                                                      \
            result.end = i + 1;                                                                              \
        }                                                                                                    \
        return result;                                                                                       \
    }

DEFINE_PARSE(parse_narrow, char)
DEFINE_PARSE(parse_wide, WCHAR)

static LONG signed_result(const struct parsed *p)
{
    if (p->overflow || p->value > (p->negative ? 0x80000000u : 0x7FFFFFFFu)) {
        return p->negative ? (LONG)0x80000000 : 0x7FFFFFFF;
    }
    return p->negative ? -(LONG)p->value : (LONG)p->value;
}

static LONGLONG signed_result64(const struct parsed *p)
{
    ULONGLONG max = 0x7FFFFFFFFFFFFFFFull;

    if (p->overflow || p->value > max + p->negative) return p->negative ? (LONGLONG)(max + 1) : (LONGLONG)max;
    return p->negative ? -p->value : p->value;
}

long __cdecl strtol(const char *s, char **end, int base)
{
    struct parsed p = parse_narrow(s, base, 0xFFFFFFFF);

    if (end) *end = (char *)s + p.end;
    return signed_result(&p);
}

unsigned long __cdecl strtoul(const char *s, char **end, int base)
{
    struct parsed p = parse_narrow(s, base, 0xFFFFFFFF);

    if (end) *end = (char *)s + p.end;
    if (p.overflow) return 0xFFFFFFFF;
    return p.negative ? -(ULONG)p.value : (ULONG)p.value;
}

long __cdecl wcstol(const WCHAR *s, WCHAR **end, int base)
{
    struct parsed p = parse_wide(s, base, 0xFFFFFFFF);

    if (end) *end = (WCHAR *)s + p.end;
    return signed_result(&p);
}

unsigned long __cdecl wcstoul(const WCHAR *s, WCHAR **end, int base)
{
    struct parsed p = parse_wide(s, base, 0xFFFFFFFF);

    if (end) *end = (WCHAR *)s + p.end;
    if (p.overflow) return 0xFFFFFFFF;
    return p.negative ? -(ULONG)p.value : (ULONG)p.value;
}

__int64 __cdecl _strtoi64(const char *s, char **end, int base)
{
    struct parsed p = parse_narrow(s, base, ~0ull);

    if (end) *end = (char *)s + p.end;
    return signed_result64(&p);
}

unsigned __int64 __cdecl _strtoui64(const char *s, char **end, int base)
{
    struct parsed p = parse_narrow(s, base, ~0ull);

    if (end) *end = (char *)s + p.end;
    if (p.overflow) return ~0ull;
    return p.negative ? -p.value : p.value;
}

__int64 __cdecl _wcstoi64(const WCHAR *s, WCHAR **end, int base)
{
    struct parsed p = parse_wide(s, base, ~0ull);

    if (end) *end = (WCHAR *)s + p.end;
    return signed_result64(&p);
}

unsigned __int64 __cdecl _wcstoui64(const WCHAR *s, WCHAR **end, int base)
{
    struct parsed p = parse_wide(s, base, ~0ull);

    if (end) *end = (WCHAR *)s + p.end;
    if (p.overflow) return ~0ull;
    return p.negative ? -p.value : p.value;
}

// The ato* family wraps around instead of saturating.
__int64 __cdecl _atoi64(const char *s)
{
    struct parsed p = parse_narrow(s, 10, ~0ull);

    return p.negative ? -p.value : p.value;
}

int __cdecl atoi(const char *s)
{
    return (int)_atoi64(s);
}

long __cdecl atol(const char *s)
{
    return (long)_atoi64(s);
}

__int64 __cdecl _wtoi64(const WCHAR *s)
{
    struct parsed p = parse_wide(s, 10, ~0ull);

    return p.negative ? -p.value : p.value;
}

int __cdecl _wtoi(const WCHAR *s)
{
    return (int)_wtoi64(s);
}

long __cdecl _wtol(const WCHAR *s)
{
    return (long)_wtoi64(s);
}

// Writes value's digits backwards from the end of buffer; returns where they start.
static char *digits(ULONGLONG value, int radix, char *end)
{
    do {
        int digit;
        if (value >> 32) {
            digit = value % radix;
            value /= radix;
        } else {
            ULONG low = value;
            digit = low % radix;
            value = low / radix;
        }
        *--end = digit < 10 ? '0' + digit : 'a' + digit - 10;
    } while (value);
    return end;
}

#include "cnumber_template.h"
#define WIDE
#include "cnumber_template.h"

int __cdecl abs(int value)
{
    return value < 0 ? -value : value;
}

long __cdecl labs(long value)
{
    return value < 0 ? -value : value;
}
