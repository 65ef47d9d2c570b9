// The shell's functions on paths as texts: kernelbase's since Windows 8, older than those of pathcch.h. Each
// is made for both widths of characters from path_text_template.h.
#include "base.h"
#include "shell_text.h"

#ifndef PMSF_NORMAL
#define PMSF_NORMAL            0x00000000
#define PMSF_MULTIPLE          0x00000001
#define PMSF_DONT_STRIP_SPACES 0x00010000
#endif

// ---- what differs between the widths ----

static inline bool is_lead_narrow(char c)
{
    return IsDBCSLeadByte((BYTE)c);
}

static inline bool is_lead_wide(WCHAR c)
{
    (void)c;
    return false;
}

static inline bool is_letter_narrow(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static inline bool is_letter_wide(WCHAR c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

// Whether two characters, neither of which is a terminator, differ in case at most. They have the same size
// then.
static bool is_same_narrow(const char *a, const char *b)
{
    SIZE_T size = (SIZE_T)(next_narrow(a) - a);
    WCHAR x = 0, y = 0;

    if (size != (SIZE_T)(next_narrow(b) - b)) return false;
    if (!memcmp(a, b, size)) return true;
    RtlMultiByteToUnicodeN(&x, sizeof(x), NULL, a, (ULONG)size);
    RtlMultiByteToUnicodeN(&y, sizeof(y), NULL, b, (ULONG)size);
    return RtlUpcaseUnicodeChar(x) == RtlUpcaseUnicodeChar(y);
}

static bool is_same_wide(const WCHAR *a, const WCHAR *b)
{
    return RtlUpcaseUnicodeChar(*a) == RtlUpcaseUnicodeChar(*b);
}

static char *last_narrow(char *text)
{
    char *last = text;
    for (; *text; text = (char *)next_narrow(text)) last = text;
    return last;
}

static WCHAR *last_wide(WCHAR *text)
{
    return *text ? text + wide_length(text) - 1 : text;
}

// A decimal number, with a minus.
static int number_wide(const WCHAR *text)
{
    bool negative;
    int value = 0;

    while (*text == ' ') text++;
    negative = *text == '-';
    if (negative) text++;
    for (; *text >= '0' && *text <= '9'; text++) value = (int)((unsigned)value * 10 + (*text - '0'));
    return negative ? -value : value;
}

static int number_narrow(const char *text)
{
    WCHAR wide[20];
    SIZE_T n = 0;

    for (; n < ARRAY_LENGTH(wide) - 1 && text[n]; n++) wide[n] = (BYTE)text[n];
    wide[n] = 0;
    return number_wide(wide);
}

#include "path_text_template.h"
#define WIDE
#include "path_text_template.h"
