// GetStringType: the kind of each character, from Unicode's data.
#include "nls_section.h"

// ctype.nls: the number of classes; their three types; where the classes of each high byte's characters lie,
// one byte per low byte.
static const WORD *character_types;

static WORD type_of(const WORD *table, WCHAR c, unsigned kind)
{
    const WORD *classes = table + 1, *rows = classes + 3 * table[0];
    BYTE class = ((const BYTE *)(table + rows[c >> 8]))[c & 0xFF];
    return classes[3 * class + kind];
}

HOTPATCH BOOL WINAPI GetStringTypeW(DWORD type, const WCHAR *text, int length, WORD *types)
{
    if (!text || !types || !length) return fail_with(ERROR_INVALID_PARAMETER);
    if (length < 0) length = (int)wide_length(text) + 1;
    if (type != CT_CTYPE1 && type != CT_CTYPE2 && type != CT_CTYPE3)
        return fail_with(ERROR_INVALID_PARAMETER);
    _Static_assert(CT_CTYPE1 == 1 && CT_CTYPE2 == 2 && CT_CTYPE3 == 4, "type / 2 counts them");
    const WORD *table = nls_section(NLS_CHARACTER_TYPES, &character_types);
    for (int i = 0; i < length; i++) types[i] = type_of(table, text[i], type / 2);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetStringTypeExW(LCID locale, DWORD type, const WCHAR *text, int length, WORD *types)
{
    (void)locale; // the answer is Unicode's
    return GetStringTypeW(type, text, length, types);
}

// The parameters differ in order from those of the wide function.
HOTPATCH BOOL WINAPI GetStringTypeA(LCID locale, DWORD type, const char *text, int length, WORD *types)
{
    if (!text || !types || !length) return fail_with(ERROR_INVALID_PARAMETER);
    UINT code_page = CP_ACP;
    GetLocaleInfoW(locale, LOCALE_IDEFAULTANSICODEPAGE | LOCALE_RETURN_NUMBER, (WCHAR *)&code_page, 2);
    int needed = MultiByteToWideChar(code_page, 0, text, length, NULL, 0);
    if (!needed) return FALSE;
    AUTO_FREE WCHAR *wide = heap_alloc((SIZE_T)needed * sizeof(WCHAR));
    if (!wide) return FALSE;
    MultiByteToWideChar(code_page, 0, text, length, wide, needed);
    return GetStringTypeW(type, wide, needed, types);
}

HOTPATCH BOOL WINAPI GetStringTypeExA(LCID locale, DWORD type, const char *text, int length, WORD *types)
{
    return GetStringTypeA(locale, type, text, length, types);
}
