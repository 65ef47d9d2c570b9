// The shell's functions on strings: kernelbase's since Windows 8. Those for both widths of characters are
// made from string_shell_template.h; those for wide ones alone follow it.
#include "shell_text.h"

// ---- what differs between the widths ----

// More than any digit for what is none.
static unsigned digit_wide(WCHAR c)
{
    return (unsigned)hex_digit(c);
}

static unsigned digit_narrow(char c)
{
    return digit_wide((BYTE)c);
}

static WCHAR char_at_wide(const WCHAR *text)
{
    return *text;
}

static WORD char_at_narrow(const char *text)
{
    BYTE first = (BYTE)*text, second = IsDBCSLeadByte(first) ? (BYTE)text[1] : 0;
    return (WORD)(first | second << 8);
}

// Characters for comparisons that ignore case.
static WCHAR folded_wide(WCHAR c)
{
    return RtlUpcaseUnicodeChar(c);
}

static WCHAR folded_narrow(WORD c)
{
    char bytes[2] = {(char)c, (char)(c >> 8)};
    WCHAR wide = 0;
    RtlMultiByteToUnicodeN(&wide, sizeof(wide), NULL, bytes, bytes[1] ? 2 : 1);
    return RtlUpcaseUnicodeChar(wide);
}

static int bounded_wide(const WCHAR *text, int n)
{
    int length = 0;
    if (n < 0) return -1;
    while (length < n && text[length]) length++;
    return length;
}

static int bounded_narrow(const char *text, int n)
{
    int length = 0;
    if (n < 0) return -1;
    while (length < n && text[length]) length++;
    return length;
}

// CSTR_EQUAL and its neighbours, by the thread's locale.
static int compare_strings_wide(const WCHAR *a, const WCHAR *b, int n, bool insensitive)
{
    int result = CompareStringW(GetThreadLocale(), insensitive ? NORM_IGNORECASE : 0, a, bounded_wide(a, n),
                                b, bounded_wide(b, n));
    return result ? result : CSTR_EQUAL;
}

static int compare_strings_narrow(const char *a, const char *b, int n, bool insensitive)
{
    int result = CompareStringA(GetThreadLocale(), insensitive ? NORM_IGNORECASE : 0, a, bounded_narrow(a, n),
                                b, bounded_narrow(b, n));
    return result ? result : CSTR_EQUAL;
}

#include "string_shell_template.h"
#define WIDE
#include "string_shell_template.h"

// ---- for wide characters alone ----

// The first such character among n. They may be said to be more than memory has.
static const WCHAR *find_char_among(const WCHAR *text, WCHAR c, UINT n, bool insensitive)
{
    for (; text && n && *text; text++, n--)
        if (is_char_wide(text, c, insensitive)) return text;
    return NULL;
}

HOTPATCH const WCHAR *WINAPI StrChrNW(const WCHAR *text, WCHAR c, UINT n)
{
    return find_char_among(text, c, n, false);
}

HOTPATCH const WCHAR *WINAPI StrChrNIW(const WCHAR *text, WCHAR c, UINT n)
{
    return find_char_among(text, c, n, true);
}

// A part of the first n characters.
static WCHAR *find_part(const WCHAR *text, const WCHAR *part, UINT n, bool insensitive)
{
    SIZE_T length;

    if (!text || !part || !*part || !n) return NULL;
    length = wide_length(part);
    for (SIZE_T i = 0; text[i] && i + length <= n; i++)
        if (has_part_wide(text + i, part, length, insensitive)) return (WCHAR *)text + i;
    return NULL;
}

HOTPATCH const WCHAR *WINAPI StrStrNW(const WCHAR *text, const WCHAR *part, UINT n)
{
    return find_part(text, part, n, false);
}

HOTPATCH const WCHAR *WINAPI StrStrNIW(const WCHAR *text, const WCHAR *part, UINT n)
{
    return find_part(text, part, n, true);
}

HOTPATCH int WINAPI StrCmpW(const WCHAR *a, const WCHAR *b)
{
    return compare_n_wide(a, b, -1, false);
}

HOTPATCH int WINAPI StrCmpIW(const WCHAR *a, const WCHAR *b)
{
    return compare_n_wide(a, b, -1, true);
}

HOTPATCH WCHAR *WINAPI StrCpyNW(WCHAR *text, const WCHAR *from, int size)
{
    StrCpyNXW(text, from, size);
    return text;
}

// Appends at `at` (-1: the text's end) what fits into size characters with the terminator; returns the new
// end.
HOTPATCH DWORD WINAPI StrCatChainW(WCHAR *text, DWORD size, DWORD at, const WCHAR *more)
{
    if (at == ~0u) at = (DWORD)wide_length(text);
    if (!size) return at;
    while (at < size - 1 && *more) text[at++] = *more++;
    if (at < size) text[at] = 0;
    return at;
}

// Compares the numbers of any length that two texts begin with, and goes past them if they are equal.
static int compare_numbers(const WCHAR **a, const WCHAR **b)
{
    int order = 0;

    while (**a == '0') ++*a;
    while (**b == '0') ++*b;
    for (; digit_wide(**a) < 10 && digit_wide(**b) < 10; ++*a, ++*b)
        if (!order && **a != **b) order = **a < **b ? -1 : 1;
    if (digit_wide(**a) < 10) return 1;
    return digit_wide(**b) < 10 ? -1 : order;
}

// Compares as people do: digits by the number that they make, everything else by case-insensitive order.
HOTPATCH int WINAPI StrCmpLogicalW(const WCHAR *a, const WCHAR *b)
{
    if (!a || !b) return 0;
    while (*a) {
        if (!*b) return 1;
        if (digit_wide(*a) < 10 && digit_wide(*b) < 10) {
            int order = compare_numbers(&a, &b);
            if (order) return order;
        } else if (digit_wide(*a) < 10) {
            return -1;
        } else if (digit_wide(*b) < 10) {
            return 1;
        } else {
            int order = compare_n_wide(a, b, 1, true);
            if (order) return order;
            a++;
            b++;
        }
    }
    return *b ? -1 : 0;
}
