// The shell's functions on strings, for one width of characters: string_shell.c includes this twice, with
// WIDE defined for the second. They bear NULL for a string. UNIT is a character as an argument or a result of
// NEXT.
#include "dlls/template.h"

#define F(name)   T(name##A, name##W)
#define S(name)   T(name##_narrow, name##_wide) // a static function
#define LENGTH(p) T(strlen, wide_length)(p)
#define NEXT(p)   T(next_narrow, next_wide)(p)
#define ARGUMENT  T(WORD, WCHAR) // a character; both bytes of a double one, lead byte first in the low half

// ---- characters ----

// Whether the character at text is c.
static bool S(is_char)(const CHAR *text, ARGUMENT c, bool insensitive)
{
    ARGUMENT found = S(char_at)(text);

    return found == c || (insensitive && S(folded)(found) == S(folded)(c));
}

// The first such character before end (NULL: the terminator); or the last.
static CHAR *S(find_char)(const CHAR *text, const CHAR *end, ARGUMENT c, bool insensitive, bool last)
{
    const CHAR *found = NULL;

    if (!text) return NULL;
    for (; end ? text < end : *text != 0; text = NEXT(text)) {
        if (!*text) break;
        if (!S(is_char)(text, c, insensitive)) continue;
        found = text;
        if (!last) break;
    }
    return (CHAR *)found;
}

HOTPATCH CHAR *WINAPI F(StrChr)(const CHAR *text, ARGUMENT c)
{
    return S(find_char)(text, NULL, c, false, false);
}

HOTPATCH CHAR *WINAPI F(StrChrI)(const CHAR *text, ARGUMENT c)
{
    return S(find_char)(text, NULL, c, true, false);
}

HOTPATCH CHAR *WINAPI F(StrRChr)(const CHAR *text, const CHAR *end, ARGUMENT c)
{
    return S(find_char)(text, end, c, false, true);
}

HOTPATCH CHAR *WINAPI F(StrRChrI)(const CHAR *text, const CHAR *end, ARGUMENT c)
{
    return S(find_char)(text, end, c, true, true);
}

// FALSE when they are equal.
HOTPATCH BOOL WINAPI F(ChrCmpI)(ARGUMENT a, ARGUMENT b)
{
    return S(folded)(a) != S(folded)(b);
}

// ---- sets of characters ----

// How many units at the beginning of text are, or are not, in set.
static int S(span)(const CHAR *text, const CHAR *set, bool wanted, bool insensitive)
{
    const CHAR *at = text;

    if (!text || !set) return 0;
    while (*at && (S(find_char)(set, NULL, S(char_at)(at), insensitive, false) != NULL) == wanted)
        at = NEXT(at);
    return (int)(at - text);
}

HOTPATCH int WINAPI F(StrSpn)(const CHAR *text, const CHAR *set)
{
    return S(span)(text, set, true, false);
}

HOTPATCH int WINAPI F(StrCSpn)(const CHAR *text, const CHAR *set)
{
    return S(span)(text, set, false, false);
}

HOTPATCH int WINAPI F(StrCSpnI)(const CHAR *text, const CHAR *set)
{
    return S(span)(text, set, false, true);
}

HOTPATCH CHAR *WINAPI F(StrPBrk)(const CHAR *text, const CHAR *set)
{
    const CHAR *found;

    if (!text || !set) return NULL;
    found = text + S(span)(text, set, false, false);
    return *found ? (CHAR *)found : NULL;
}

// Takes characters of set off both ends.
HOTPATCH BOOL WINAPI F(StrTrim)(CHAR *text, const CHAR *set)
{
    CHAR *begin, *end;
    bool trimmed;

    if (!text || !*text || !set) return FALSE;
    begin = text + S(span)(text, set, true, false);
    end = begin;
    for (CHAR *at = begin; *at;) {
        bool in_set = S(find_char)(set, NULL, S(char_at)(at), false, false);
        at = NEXT(at);
        if (!in_set) end = at;
    }
    trimmed = begin != text || *end;
    *end = 0;
    if (begin != text) memmove(text, begin, ((SIZE_T)(end - begin) + 1) * sizeof(CHAR));
    return trimmed;
}

// ---- parts ----

static int S(compare_n)(const CHAR *a, const CHAR *b, int n, bool insensitive)
{
    return S(compare_strings)(a, b, n, insensitive) - CSTR_EQUAL;
}

static bool S(has_part)(const CHAR *text, const CHAR *part, SIZE_T length, bool insensitive)
{
    const CHAR *end = part + length, *next;

    for (; part < end; text += next - part, part = next) {
        next = NEXT(part);
        if (NEXT(text) - text != next - part || !S(is_char)(text, S(char_at)(part), insensitive))
            return false;
    }
    return true;
}

// The first such part.
static CHAR *S(first_part)(const CHAR *text, const CHAR *part, bool insensitive)
{
    const CHAR *end;
    SIZE_T length;

    if (!text || !part || !*part) return NULL;
    length = LENGTH(part);
    end = text + LENGTH(text);
    for (; (SIZE_T)(end - text) >= length; text = NEXT(text))
        if (S(has_part)(text, part, length, insensitive)) return (CHAR *)text;
    return NULL;
}

HOTPATCH CHAR *WINAPI F(StrStr)(const CHAR *text, const CHAR *part)
{
    return S(first_part)(text, part, false);
}

HOTPATCH CHAR *WINAPI F(StrStrI)(const CHAR *text, const CHAR *part)
{
    return S(first_part)(text, part, true);
}

// The last such part that begins before end (NULL: the text's end).
HOTPATCH CHAR *WINAPI F(StrRStrI)(const CHAR *text, const CHAR *end, const CHAR *part)
{
    const CHAR *found = NULL;
    SIZE_T length, left;

    if (!text || !part || !*part) return NULL;
    length = LENGTH(part);
    left = LENGTH(text);
    for (const CHAR *at = text; (SIZE_T)(at - text) + length <= left && (!end || at < end); at = NEXT(at))
        if (S(has_part)(at, part, length, true)) found = at;
    return (CHAR *)found;
}

// ---- comparing ----

HOTPATCH int WINAPI F(StrCmpN)(const CHAR *a, const CHAR *b, int n)
{
    return S(compare_n)(a, b, n, false);
}

HOTPATCH int WINAPI F(StrCmpNI)(const CHAR *a, const CHAR *b, int n)
{
    return S(compare_n)(a, b, n, true);
}

HOTPATCH BOOL WINAPI F(StrIsIntlEqual)(BOOL sensitive, const CHAR *a, const CHAR *b, int n)
{
    return !S(compare_n)(a, b, n, !sensitive);
}

// By numbers of characters alone; n -1: as long as they are.
static int S(compare_units)(const CHAR *a, const CHAR *b, int n, bool insensitive)
{
    for (; n; n--, a++, b++) {
        int x = (UCHAR)*a, y = (UCHAR)*b;
        if (insensitive) {
            if (x >= 'A' && x <= 'Z') x |= 0x20;
            if (y >= 'A' && y <= 'Z') y |= 0x20;
        }
        if (x != y) return x - y;
        if (!x) break;
    }
    return 0;
}

HOTPATCH int WINAPI F(StrCmpC)(const CHAR *a, const CHAR *b)
{
    return S(compare_units)(a, b, -1, false);
}

HOTPATCH int WINAPI F(StrCmpIC)(const CHAR *a, const CHAR *b)
{
    return S(compare_units)(a, b, -1, true);
}

HOTPATCH int WINAPI F(StrCmpNC)(const CHAR *a, const CHAR *b, int n)
{
    return S(compare_units)(a, b, n, false);
}

HOTPATCH int WINAPI F(StrCmpNIC)(const CHAR *a, const CHAR *b, int n)
{
    return S(compare_units)(a, b, n, true);
}

// ---- copying ----

// A copy that the caller gives to LocalFree.
HOTPATCH CHAR *WINAPI F(StrDup)(const CHAR *text)
{
    SIZE_T size = text ? (LENGTH(text) + 1) * sizeof(CHAR) : 0;
    CHAR *copy = size ? LocalAlloc(LMEM_FIXED, size) : NULL;

    if (copy) memcpy(copy, text, size);
    return copy;
}

// Appends as much of a text as fits into size characters with the terminator.
HOTPATCH CHAR *WINAPI F(StrCatBuff)(CHAR *text, const CHAR *more, int size)
{
    int n;

    if (!text) return NULL;
    n = (int)LENGTH(text);
    if (!more || n >= size) return text;
    while (n < size - 1 && *more) text[n++] = *more++;
    text[n] = 0;
    return text;
}

// Copies as much of a text as fits into size characters with the terminator; returns the copy's end.
HOTPATCH CHAR *WINAPI F(StrCpyNX)(CHAR *text, const CHAR *from, int size)
{
    if (!text || !from || size <= 0) return text;
    while (--size && *from) *text++ = *from++;
    *text = 0;
    return text;
}

// ---- numbers ----

// Reads a number as STIF_ flags say, after blanks: decimal with a minus, or hexadecimal after 0x.
HOTPATCH BOOL WINAPI F(StrToInt64Ex)(const CHAR *text, STIF_FLAGS flags, LONGLONG *result)
{
    bool negative = false, any = false;
    ULONGLONG value = 0;

    if (!text || !result) return FALSE;
    if (flags > STIF_SUPPORT_HEX) return FALSE;
    while (*text == ' ' || *text == '\t' || *text == '\n') text++;
    if (*text == '-') {
        negative = true;
        text++;
    } else if (*text == '+') {
        text++;
    }
    if ((flags & STIF_SUPPORT_HEX) && text[0] == '0' && (text[1] | 0x20) == 'x') {
        negative = false; // a hexadecimal number has no sign
        for (text += 2; S(digit)(*text) < 16; text++, any = true) value = value * 16 + S(digit)(*text);
    } else {
        for (; S(digit)(*text) < 10; text++, any = true) value = value * 10 + S(digit)(*text);
    }
    *result = (LONGLONG)(negative ? -value : value);
    return any;
}

HOTPATCH BOOL WINAPI F(StrToIntEx)(const CHAR *text, STIF_FLAGS flags, int *result)
{
    LONGLONG value = 0;
    BOOL found = F(StrToInt64Ex)(text, flags, &value);

    if (text && result && found) *result = (int)value;
    return found;
}

// A decimal number with a minus, and no blanks before it.
HOTPATCH int WINAPI F(StrToInt)(const CHAR *text)
{
    LONGLONG value = 0;

    if (!text || (*text != '-' && S(digit)(*text) >= 10)) return 0;
    F(StrToInt64Ex)(text, STIF_DEFAULT, &value);
    return (int)value;
}

#undef F
#undef S
#undef LENGTH
#undef NEXT
#undef ARGUMENT
#include "dlls/template_end.h"
