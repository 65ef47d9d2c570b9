// GetStringType: the kind of each character, from Unicode's data.
#include "base.h"
#include "unicode_tables.h"

// Latin characters, which nearly all calls ask about, without the search. Filled on first use; two threads
// may both fill it with the same values.
static BYTE first_classes[256];
static LONG first_classes_filled;

static const struct character_class *search_class(WCHAR c)
{
    unsigned low = 0, high = class_run_count;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (class_runs[middle].first <= c)
            low = middle;
        else
            high = middle;
    }
    return &character_classes[class_runs[low].class];
}

static const struct character_class *class_of(WCHAR c)
{
    if (c >= ARRAY_LENGTH(first_classes)) return search_class(c);
    if (!__atomic_load_n(&first_classes_filled, __ATOMIC_ACQUIRE)) {
        for (unsigned i = 0; i < ARRAY_LENGTH(first_classes); i++)
            first_classes[i] = (BYTE)(search_class((WCHAR)i) - character_classes);
        __atomic_store_n(&first_classes_filled, 1, __ATOMIC_RELEASE);
    }
    return &character_classes[first_classes[c]];
}

HOTPATCH BOOL WINAPI GetStringTypeW(DWORD type, const WCHAR *text, int length, WORD *types)
{
    if (!text || !types || !length) return fail_with(ERROR_INVALID_PARAMETER);
    if (length < 0) length = (int)wide_length(text) + 1;
    switch (type) {
    case CT_CTYPE1:
        for (int i = 0; i < length; i++) types[i] = class_of(text[i])->type1;
        return TRUE;
    case CT_CTYPE2:
        for (int i = 0; i < length; i++) types[i] = class_of(text[i])->type2;
        return TRUE;
    case CT_CTYPE3:
        for (int i = 0; i < length; i++) {
            types[i] = class_of(text[i])->type3;
            if (text[i] >= 0xD800 && text[i] <= 0xDFFF)
                types[i] |= text[i] < 0xDC00 ? C3_HIGHSURROGATE : C3_LOWSURROGATE;
        }
        return TRUE;
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
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
