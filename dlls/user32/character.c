// Characters: case, stepping through strings, kinds, and the OEM code page.
#include "nt/nt.h"
#include <stdbool.h>

// An argument below 64 K is a single character in a pointer's place, and so is the result.
static bool is_character(const void *argument)
{
    return !((ULONG_PTR)argument >> 16);
}

// ---- case ----

HOTPATCH DWORD WINAPI CharUpperBuffW(WCHAR *text, DWORD length)
{
    for (DWORD i = 0; text && i < length; i++) text[i] = RtlUpcaseUnicodeChar(text[i]);
    return text ? length : 0;
}

HOTPATCH DWORD WINAPI CharLowerBuffW(WCHAR *text, DWORD length)
{
    for (DWORD i = 0; text && i < length; i++) text[i] = RtlDowncaseUnicodeChar(text[i]);
    return text ? length : 0;
}

HOTPATCH WCHAR *WINAPI CharUpperW(WCHAR *text)
{
    if (is_character(text)) return (WCHAR *)(ULONG_PTR)RtlUpcaseUnicodeChar((WCHAR)(ULONG_PTR)text);
    CharUpperBuffW(text, (DWORD)lstrlenW(text));
    return text;
}

HOTPATCH WCHAR *WINAPI CharLowerW(WCHAR *text)
{
    if (is_character(text)) return (WCHAR *)(ULONG_PTR)RtlDowncaseUnicodeChar((WCHAR)(ULONG_PTR)text);
    CharLowerBuffW(text, (DWORD)lstrlenW(text));
    return text;
}

// Changes ANSI text in place through its wide form, which has no other length in any ANSI code page.
static DWORD change_ansi(char *text, DWORD length, DWORD(WINAPI *change)(WCHAR *, DWORD))
{
    if (!text || !length) return 0;
    ULONG bytes = 0;
    WCHAR *wide = HeapAlloc(GetProcessHeap(), 0, length * sizeof(WCHAR));
    if (!wide) return 0;
    RtlMultiByteToUnicodeN(wide, length * sizeof(WCHAR), &bytes, text, length);
    change(wide, bytes / sizeof(WCHAR));
    RtlUnicodeToMultiByteN(text, length, &bytes, wide, bytes);
    HeapFree(GetProcessHeap(), 0, wide);
    return length;
}

HOTPATCH DWORD WINAPI CharUpperBuffA(char *text, DWORD length)
{
    return change_ansi(text, length, CharUpperBuffW);
}

HOTPATCH DWORD WINAPI CharLowerBuffA(char *text, DWORD length)
{
    return change_ansi(text, length, CharLowerBuffW);
}

HOTPATCH char *WINAPI CharUpperA(char *text)
{
    if (!is_character(text)) {
        CharUpperBuffA(text, (DWORD)lstrlenA(text));
        return text;
    }
    char c = (char)(ULONG_PTR)text;
    CharUpperBuffA(&c, 1);
    return (char *)(ULONG_PTR)(BYTE)c;
}

HOTPATCH char *WINAPI CharLowerA(char *text)
{
    if (!is_character(text)) {
        CharLowerBuffA(text, (DWORD)lstrlenA(text));
        return text;
    }
    char c = (char)(ULONG_PTR)text;
    CharLowerBuffA(&c, 1);
    return (char *)(ULONG_PTR)(BYTE)c;
}

// ---- stepping ----

HOTPATCH WCHAR *WINAPI CharNextW(const WCHAR *text)
{
    return (WCHAR *)(*text ? text + 1 : text);
}

HOTPATCH WCHAR *WINAPI CharPrevW(const WCHAR *start, const WCHAR *text)
{
    return (WCHAR *)(text > start ? text - 1 : text);
}

HOTPATCH char *WINAPI CharNextExA(WORD code_page, const char *text, DWORD flags)
{
    (void)flags;
    if (!*text) return (char *)text;
    return (char *)text + (IsDBCSLeadByteEx(code_page, (BYTE)*text) && text[1] ? 2 : 1);
}

// Goes forward from the start: where a character begins can't be told from the end.
HOTPATCH char *WINAPI CharPrevExA(WORD code_page, const char *start, const char *text, DWORD flags)
{
    while (*start && start < text) {
        const char *next = CharNextExA(code_page, start, flags);
        if (next >= text) break;
        start = next;
    }
    return (char *)start;
}

HOTPATCH char *WINAPI CharNextA(const char *text)
{
    return CharNextExA(CP_ACP, text, 0);
}

HOTPATCH char *WINAPI CharPrevA(const char *start, const char *text)
{
    return CharPrevExA(CP_ACP, start, text, 0);
}

// ---- kinds ----

static WORD kind(WCHAR c)
{
    WORD type = 0;
    GetStringTypeW(CT_CTYPE1, &c, 1, &type);
    return type;
}

static WORD ansi_kind(char c)
{
    WCHAR wide = 0;
    ULONG bytes;
    RtlMultiByteToUnicodeN(&wide, sizeof(wide), &bytes, &c, 1);
    return kind(wide);
}

HOTPATCH BOOL WINAPI IsCharAlphaW(WCHAR c)
{
    return (kind(c) & C1_ALPHA) != 0;
}

HOTPATCH BOOL WINAPI IsCharAlphaA(char c)
{
    return (ansi_kind(c) & C1_ALPHA) != 0;
}

HOTPATCH BOOL WINAPI IsCharAlphaNumericW(WCHAR c)
{
    return (kind(c) & (C1_ALPHA | C1_DIGIT)) != 0;
}

HOTPATCH BOOL WINAPI IsCharAlphaNumericA(char c)
{
    return (ansi_kind(c) & (C1_ALPHA | C1_DIGIT)) != 0;
}

HOTPATCH BOOL WINAPI IsCharUpperW(WCHAR c)
{
    return (kind(c) & C1_UPPER) != 0;
}

HOTPATCH BOOL WINAPI IsCharUpperA(char c)
{
    return (ansi_kind(c) & C1_UPPER) != 0;
}

HOTPATCH BOOL WINAPI IsCharLowerW(WCHAR c)
{
    return (kind(c) & C1_LOWER) != 0;
}

HOTPATCH BOOL WINAPI IsCharLowerA(char c)
{
    return (ansi_kind(c) & C1_LOWER) != 0;
}

// ---- the OEM code page ----

HOTPATCH BOOL WINAPI CharToOemBuffW(const WCHAR *source, char *target, DWORD length)
{
    ULONG written;
    return source && target &&
           NT_SUCCESS(RtlUnicodeToOemN(target, length, &written, source, length * sizeof(WCHAR)));
}

HOTPATCH BOOL WINAPI OemToCharBuffW(const char *source, WCHAR *target, DWORD length)
{
    ULONG written;
    return source && target &&
           NT_SUCCESS(RtlOemToUnicodeN(target, length * sizeof(WCHAR), &written, source, length));
}

HOTPATCH BOOL WINAPI CharToOemW(const WCHAR *source, char *target)
{
    return source && CharToOemBuffW(source, target, (DWORD)lstrlenW(source) + 1);
}

HOTPATCH BOOL WINAPI OemToCharW(const char *source, WCHAR *target)
{
    return source && OemToCharBuffW(source, target, (DWORD)lstrlenA(source) + 1);
}

// Between two byte code pages; source and target may be the same.
static BOOL recode(UINT from, UINT to, const char *source, char *target, DWORD length)
{
    if (!source || !target) return FALSE;
    if (!length) return TRUE;
    WCHAR *wide = HeapAlloc(GetProcessHeap(), 0, length * sizeof(WCHAR));
    if (!wide) return FALSE;
    int units = MultiByteToWideChar(from, 0, source, (int)length, wide, (int)length);
    WideCharToMultiByte(to, 0, wide, units, target, (int)length, NULL, NULL);
    HeapFree(GetProcessHeap(), 0, wide);
    return TRUE;
}

HOTPATCH BOOL WINAPI CharToOemBuffA(const char *source, char *target, DWORD length)
{
    return recode(CP_ACP, CP_OEMCP, source, target, length);
}

HOTPATCH BOOL WINAPI OemToCharBuffA(const char *source, char *target, DWORD length)
{
    return recode(CP_OEMCP, CP_ACP, source, target, length);
}

HOTPATCH BOOL WINAPI CharToOemA(const char *source, char *target)
{
    return source && CharToOemBuffA(source, target, (DWORD)lstrlenA(source) + 1);
}

HOTPATCH BOOL WINAPI OemToCharA(const char *source, char *target)
{
    return source && OemToCharBuffA(source, target, (DWORD)lstrlenA(source) + 1);
}
