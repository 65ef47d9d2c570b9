// Enumerating locales, calendars and formats: each calls back with texts until told to stop.
#include "locale.h"

// A locale's number as text: eight hexadecimal digits.
static void write_lcid(WCHAR *text, LCID id)
{
    for (int i = 0; i < 8; i++) text[i] = L"0123456789abcdef"[id >> (28 - 4 * i) & 15];
    text[8] = 0;
}

// One of the two is wanted.
struct receiver {
    LOCALE_ENUMPROCW wide;
    LOCALE_ENUMPROCA ansi;
};

// Returns what the callback says about going on.
static bool tell(const struct receiver *to, LCID id)
{
    WCHAR text[9];
    char ansi[9];
    write_lcid(text, id);
    if (to->wide) return to->wide(text);
    for (int k = 0; k < 9; k++) ansi[k] = (char)text[k];
    return to->ansi(ansi);
}

// Languages without a region are not told. Other sort orders are on request: those alone with no other flag.
static BOOL enum_ids(const struct receiver *to, DWORD flags)
{
    if (!to->wide && !to->ansi) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)(LCID_INSTALLED | LCID_SUPPORTED | LCID_ALTERNATE_SORTS))
        return fail_with(ERROR_INVALID_FLAGS);
    if (flags != LCID_ALTERNATE_SORTS)
        for (unsigned i = 1; i < locale_count(); i++)
            if (!tell(to, locale_number(i)->id)) return TRUE;
    if (flags & LCID_ALTERNATE_SORTS)
        for (unsigned i = 0; i < locale_alias_count(); i++) {
            const struct locale_alias *alias = locale_alias_number(i);
            if (alias->sort && !tell(to, MAKELCID(alias->id, alias->sort))) return TRUE;
        }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemLocalesW(LOCALE_ENUMPROCW callback, DWORD flags)
{
    const struct receiver to = {callback, NULL};
    return enum_ids(&to, flags);
}

HOTPATCH BOOL WINAPI EnumSystemLocalesA(LOCALE_ENUMPROCA callback, DWORD flags)
{
    const struct receiver to = {NULL, callback};
    return enum_ids(&to, flags);
}

// flags choose among languages, locales and sort orders; without any of them all are told.
HOTPATCH BOOL WINAPI EnumSystemLocalesEx(LOCALE_ENUMPROCEX callback, DWORD flags, LPARAM parameter,
                                         void *reserved)
{
    const DWORD kinds = LOCALE_NEUTRALDATA | LOCALE_SPECIFICDATA | LOCALE_ALTERNATE_SORTS;
    if (reserved || !callback) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD wanted = flags & kinds ? flags & kinds : kinds;
    for (unsigned i = 0; wanted & LOCALE_SPECIFICDATA && i < locale_count(); i++)
        if (!callback((WCHAR *)locale_text(locale_number(i)->name), LOCALE_WINDOWS | LOCALE_SPECIFICDATA,
                      parameter))
            return TRUE;
    for (unsigned i = 0; i < locale_alias_count(); i++) {
        const struct locale_alias *alias = locale_alias_number(i);
        DWORD kind = alias->sort ? LOCALE_ALTERNATE_SORTS : LOCALE_NEUTRALDATA;
        if (wanted & kind && !callback((WCHAR *)locale_text(alias->name), LOCALE_WINDOWS | kind, parameter))
            return TRUE;
    }
    return TRUE;
}
