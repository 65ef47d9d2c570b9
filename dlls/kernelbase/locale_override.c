// What the user changed of his locale: values of the key Control Panel\International, read once in a process.
// Source of types and names: the documentation of SetLocaleInfo.
#include "locale_override.h"
#include "reg.h"

static const struct {
    DWORD type;
    const WCHAR *value;
} settings[] = {
    {LOCALE_ICALENDARTYPE, L"iCalendarType"},
    {LOCALE_ICURRDIGITS, L"iCurrDigits"},
    {LOCALE_ICURRENCY, L"iCurrency"},
    {LOCALE_IDIGITS, L"iDigits"},
    {LOCALE_IDIGITSUBSTITUTION, L"NumShape"},
    {LOCALE_IFIRSTDAYOFWEEK, L"iFirstDayOfWeek"},
    {LOCALE_IFIRSTWEEKOFYEAR, L"iFirstWeekOfYear"},
    {LOCALE_ILZERO, L"iLZero"},
    {LOCALE_IMEASURE, L"iMeasure"},
    {LOCALE_INEGCURR, L"iNegCurr"},
    {LOCALE_INEGNUMBER, L"iNegNumber"},
    {LOCALE_IPAPERSIZE, L"iPaperSize"},
    {LOCALE_ITIME, L"iTime"},
    {LOCALE_SAM, L"s1159"},
    {LOCALE_SPM, L"s2359"},
    {LOCALE_SCURRENCY, L"sCurrency"},
    {LOCALE_SDATE, L"sDate"},
    {LOCALE_SDECIMAL, L"sDecimal"},
    {LOCALE_SGROUPING, L"sGrouping"},
    {LOCALE_SINTLSYMBOL, L"sIntlSymbol"},
    {LOCALE_SLIST, L"sList"},
    {LOCALE_SLONGDATE, L"sLongDate"},
    {LOCALE_SMONDECIMALSEP, L"sMonDecimalSep"},
    {LOCALE_SMONGROUPING, L"sMonGrouping"},
    {LOCALE_SMONTHOUSANDSEP, L"sMonThousandSep"},
    {LOCALE_SNATIVEDIGITS, L"sNativeDigits"},
    {LOCALE_SNEGATIVESIGN, L"sNegativeSign"},
    {LOCALE_SPOSITIVESIGN, L"sPositiveSign"},
    {LOCALE_SSHORTDATE, L"sShortDate"},
    {LOCALE_SSHORTTIME, L"sShortTime"},
    {LOCALE_STHOUSAND, L"sThousand"},
    {LOCALE_STIME, L"sTime"},
    {LOCALE_STIMEFORMAT, L"sTimeFormat"},
    {LOCALE_SYEARMONTH, L"sYearMonth"},
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static WCHAR *values[ARRAY_LENGTH(settings)]; // on the process heap; NULL: not set
static LONG is_loaded;

// The setting's number; ARRAY_LENGTH(settings): the type can't be set.
static size_t find_setting(DWORD type)
{
    size_t i = 0;
    while (i < ARRAY_LENGTH(settings) && settings[i].type != type) i++;
    return i;
}

// Takes over a value of the key, if it is a setting.
static void keep(size_t setting, const WCHAR *text)
{
    SIZE_T length = wide_length(text);
    if (length > LOCALE_OVERRIDE_MAX) return;
    WCHAR *copy = heap_alloc((length + 1) * sizeof(WCHAR));
    if (!copy) return;
    lstrcpyW(copy, text);
    if (values[setting]) heap_free(values[setting]);
    values[setting] = copy;
}

static void load(HKEY key)
{
    WCHAR name[32], text[LOCALE_OVERRIDE_MAX + 2];
    for (DWORD i = 0;; i++) {
        DWORD length = ARRAY_LENGTH(name), size = sizeof(text) - sizeof(WCHAR), type;
        LSTATUS error = RegEnumValueW(key, i, name, &length, NULL, &type, (BYTE *)text, &size);
        if (error == ERROR_MORE_DATA) continue; // no setting is so long
        if (error) return;
        if (type != REG_SZ) continue;
        text[size / sizeof(WCHAR)] = 0;
        for (size_t k = 0; k < ARRAY_LENGTH(settings); k++)
            if (!lstrcmpiW(settings[k].value, name)) keep(k, text);
    }
}

static const WCHAR international[] = L"Control Panel\\International";

static void load_once(void)
{
    HKEY key;
    if (__atomic_load_n(&is_loaded, __ATOMIC_ACQUIRE)) return;
    RtlAcquireSRWLockExclusive(&lock);
    if (!is_loaded && !RegOpenKeyExW(HKEY_CURRENT_USER, international, 0, KEY_READ, &key)) {
        load(key);
        RegCloseKey(key);
    }
    __atomic_store_n(&is_loaded, 1, __ATOMIC_RELEASE);
    RtlReleaseSRWLockExclusive(&lock);
}

bool locale_override(const struct locale *locale, DWORD type, WCHAR *buffer)
{
    if (locale != locale_from_id(LOCALE_USER_DEFAULT)) return false;
    size_t setting = find_setting(type);
    if (setting == ARRAY_LENGTH(settings)) return false;
    load_once();
    RtlAcquireSRWLockShared(&lock);
    bool found = values[setting] != NULL;
    if (found) lstrcpyW(buffer, values[setting]);
    RtlReleaseSRWLockShared(&lock);
    return found;
}

// Whatever id says, it is the user's locale that changes. ERROR_INVALID_FLAGS: the type can't be set.
HOTPATCH BOOL WINAPI SetLocaleInfoW(LCID id, LCTYPE type, const WCHAR *value)
{
    HKEY key;
    if (!locale_from_id(id) || !value) return fail_with(ERROR_INVALID_PARAMETER);
    size_t setting = find_setting(type & ~(LOCALE_NOUSEROVERRIDE | LOCALE_USE_CP_ACP));
    if (setting == ARRAY_LENGTH(settings)) return fail_with(ERROR_INVALID_FLAGS);
    if (wide_length(value) > LOCALE_OVERRIDE_MAX) return fail_with(ERROR_INVALID_PARAMETER);
    load_once();
    LSTATUS error =
        RegCreateKeyExW(HKEY_CURRENT_USER, international, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return fail_with((DWORD)error);
    error = RegSetValueExW(key, settings[setting].value, 0, REG_SZ, (const BYTE *)value,
                           (DWORD)((wide_length(value) + 1) * sizeof(WCHAR)));
    RegCloseKey(key);
    if (error) return fail_with((DWORD)error);
    RtlAcquireSRWLockExclusive(&lock);
    keep(setting, value);
    RtlReleaseSRWLockExclusive(&lock);
    return TRUE;
}

HOTPATCH BOOL WINAPI SetLocaleInfoA(LCID id, LCTYPE type, const char *value)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(value);
    if (conversion_failed(value, wide)) return FALSE;
    return SetLocaleInfoW(id, type, wide);
}
