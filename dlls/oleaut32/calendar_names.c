// Names of months and days of the week.
#include "format.h"

static HRESULT give_name(LCTYPE type, BSTR *result)
{
    struct output out = {.lcid = LOCALE_USER_DEFAULT};
    put_locale(&out, type);
    return finish_output(&out, S_OK, result);
}

HOTPATCH HRESULT WINAPI VarMonthName(int month, int abbreviated, ULONG flags, BSTR *result)
{
    (void)flags;
    if (!result || month < 1 || month > 12) return E_INVALIDARG;
    return give_name((abbreviated ? LOCALE_SABBREVMONTHNAME1 : LOCALE_SMONTHNAME1) + (LCTYPE)month - 1,
                     result);
}

HOTPATCH HRESULT WINAPI VarWeekdayName(int weekday, int abbreviated, int first_day, ULONG flags, BSTR *result)
{
    (void)flags;
    if (!result || weekday < 1 || weekday > 7 || first_day < 0 || first_day > 7) return E_INVALIDARG;
    // Names begin with Monday, days of the week with Sunday.
    LCTYPE name = (LCTYPE)(weekday + first_day_of_week(first_day, LOCALE_USER_DEFAULT) + 4) % 7;
    return give_name((abbreviated ? LOCALE_SABBREVDAYNAME1 : LOCALE_SDAYNAME1) + name, result);
}

// ---- other names of months ----

enum { MONTHS = 12 };

// Languages whose months have other names, made when first asked for and kept: callers don't free them.
static struct alternative {
    LANGID language;
    WCHAR **names; // MONTHS of them, then NULL
} alternatives[] = {{.language = LANG_ARABIC}, {.language = LANG_RUSSIAN}, {.language = LANG_POLISH}};

static int month_name(LANGID language, int month, WCHAR *name, int size)
{
    const LCID lcid = MAKELCID(MAKELANGID(language, SUBLANG_DEFAULT), SORT_DEFAULT);
    // In Arabic those of the Hijri calendar, elsewhere the genitive.
    if (language == LANG_ARABIC)
        return GetCalendarInfoW(lcid, CAL_HIJRI, CAL_SMONTHNAME1 + (CALTYPE)month, name, size, NULL);
    return GetLocaleInfoW(lcid, (LOCALE_SMONTHNAME1 + (LCTYPE)month) | LOCALE_RETURN_GENITIVE_NAMES, name,
                          size);
}

static WCHAR **make_names(LANGID language)
{
    enum { NAME_SIZE = 80 };
    // One block: the pointers, and behind them the names.
    WCHAR **names =
        HeapAlloc(GetProcessHeap(), 0, (MONTHS + 1) * sizeof(*names) + MONTHS * NAME_SIZE * sizeof(WCHAR));
    if (!names) return NULL;
    WCHAR *text = (WCHAR *)(names + MONTHS + 1);
    for (int i = 0; i < MONTHS; i++, text += NAME_SIZE) {
        names[i] = text;
        if (!month_name(language, i, text, NAME_SIZE)) *text = 0;
    }
    names[MONTHS] = NULL;
    return names;
}

HOTPATCH HRESULT WINAPI GetAltMonthNames(LCID lcid, LPOLESTR **result)
{
    if (!result) return E_INVALIDARG;
    *result = NULL;
    for (unsigned i = 0; i < ARRAY_LENGTH(alternatives); i++) {
        struct alternative *alternative = &alternatives[i];
        if (PRIMARYLANGID(LANGIDFROMLCID(lcid)) != alternative->language) continue;
        if (!alternative->names) {
            WCHAR **names = make_names(alternative->language);
            if (!names) return E_OUTOFMEMORY;
            if (InterlockedCompareExchangePointer((void **)&alternative->names, names, NULL))
                HeapFree(GetProcessHeap(), 0, names);
        }
        *result = alternative->names;
    }
    return S_OK;
}
