// Enumerating locales, calendars and formats: each calls back with texts until told to stop.
#include "locale.h"

// A locale's number as text: eight hexadecimal digits.
static void write_lcid(WCHAR *text, LCID id)
{
    for (int i = 0; i < 8; i++) text[i] = L"0123456789abcdef"[id >> (28 - 4 * i) & 15];
    text[8] = 0;
}

HOTPATCH BOOL WINAPI EnumSystemLocalesW(LOCALE_ENUMPROCW callback, DWORD flags)
{
    (void)flags;
    for (unsigned i = 1; i < locale_count(); i++) {
        WCHAR text[9];
        write_lcid(text, locale_number(i)->id);
        if (!callback(text)) break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemLocalesA(LOCALE_ENUMPROCA callback, DWORD flags)
{
    (void)flags;
    for (unsigned i = 1; i < locale_count(); i++) {
        WCHAR text[9];
        char ansi[9];
        write_lcid(text, locale_number(i)->id);
        for (int k = 0; k < 9; k++) ansi[k] = (char)text[k];
        if (!callback(ansi)) break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemLocalesEx(LOCALE_ENUMPROCEX callback, DWORD flags, LPARAM parameter,
                                         void *reserved)
{
    (void)flags;
    if (reserved) return fail_with(ERROR_INVALID_PARAMETER);
    for (unsigned i = 0; i < locale_count(); i++)
        if (!callback((WCHAR *)locale_text(locale_number(i)->name), LOCALE_WINDOWS | LOCALE_SPECIFICDATA,
                      parameter))
            break;
    return TRUE;
}
