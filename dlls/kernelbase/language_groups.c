// Language groups: what once could be installed together. All are.
#include "locale.h"

// Names and numbers: the documentation of EnumSystemLanguageGroups; members by their code pages.
static const struct {
    const WCHAR *name;
    WORD code_page; // 0: by language
    WORD languages[10];
} groups[] = {
    {L"Western Europe and United States", 1252, {}},
    {L"Central Europe", 1250, {}},
    {L"Baltic", 1257, {}},
    {L"Greek", 1253, {}},
    {L"Cyrillic", 1251, {}},
    {L"Turkic", 1254, {}},
    {L"Japanese", 932, {}},
    {L"Korean", 949, {}},
    {L"Traditional Chinese", 950, {}},
    {L"Simplified Chinese", 936, {}},
    {L"Thai", 874, {}},
    {L"Hebrew", 1255, {}},
    {L"Arabic", 1256, {}},
    {L"Vietnamese", 1258, {}},
    {L"Indic",
     0,
     {LANG_HINDI, LANG_BENGALI, LANG_PUNJABI, LANG_GUJARATI, LANG_TAMIL, LANG_TELUGU, LANG_KANNADA,
      LANG_MALAYALAM, LANG_MARATHI, LANG_SANSKRIT}},
    {L"Georgian", 0, {LANG_GEORGIAN}},
    {L"Armenian", 0, {LANG_ARMENIAN}},
};

static bool is_group(LGRPID group)
{
    return group >= 1 && group <= ARRAY_LENGTH(groups);
}

static bool is_in_group(const struct locale *locale, LGRPID group)
{
    const WORD page = groups[group - 1].code_page;
    if (page) return locale->ansi_code_page == page;
    for (unsigned i = 0; i < ARRAY_LENGTH(groups[0].languages); i++)
        if (groups[group - 1].languages[i] && PRIMARYLANGID(locale->id) == groups[group - 1].languages[i])
            return true;
    return false;
}

// A number in hexadecimal digits, as both forms of the callbacks have it.
static void put_hexadecimal(DWORD value, WCHAR *wide, char *narrow)
{
    UNICODE_STRING string = {0, 16 * sizeof(WCHAR), wide};
    RtlIntegerToUnicodeString(value, 16, &string);
    for (int i = 0; i < 16; i++) {
        narrow[i] = (char)wide[i];
        if (!wide[i]) break;
    }
}

HOTPATCH BOOL WINAPI IsValidLanguageGroup(LGRPID group, DWORD flags)
{
    return (flags == LGRPID_INSTALLED || flags == LGRPID_SUPPORTED) && is_group(group);
}

// One of the two is NULL.
static BOOL enum_groups(LANGUAGEGROUP_ENUMPROCW wide, LANGUAGEGROUP_ENUMPROCA narrow, DWORD flags,
                        LONG_PTR parameter)
{
    if (!wide && !narrow) return fail_with(ERROR_INVALID_PARAMETER);
    if (!flags) flags = LGRPID_INSTALLED;
    if (flags != LGRPID_INSTALLED && flags != LGRPID_SUPPORTED) return fail_with(ERROR_INVALID_FLAGS);
    for (LGRPID group = 1; is_group(group); group++) {
        WCHAR number[16], name[64];
        char narrow_number[16], narrow_name[64];
        put_hexadecimal(group, number, narrow_number);
        for (unsigned i = 0; i < 64; i++) {
            name[i] = groups[group - 1].name[i];
            narrow_name[i] = (char)name[i]; // ASCII
            if (!name[i]) break;
        }
        if (wide ? !wide(group, number, name, flags, parameter)
                 : !narrow(group, narrow_number, narrow_name, flags, parameter))
            break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemLanguageGroupsW(LANGUAGEGROUP_ENUMPROCW callback, DWORD flags,
                                               LONG_PTR parameter)
{
    return enum_groups(callback, NULL, flags, parameter);
}

HOTPATCH BOOL WINAPI EnumSystemLanguageGroupsA(LANGUAGEGROUP_ENUMPROCA callback, DWORD flags,
                                               LONG_PTR parameter)
{
    return enum_groups(NULL, callback, flags, parameter);
}

static BOOL enum_locales(LANGGROUPLOCALE_ENUMPROCW wide, LANGGROUPLOCALE_ENUMPROCA narrow, LGRPID group,
                         DWORD flags, LONG_PTR parameter)
{
    if ((!wide && !narrow) || !is_group(group) || flags) return fail_with(ERROR_INVALID_PARAMETER);
    for (unsigned i = 1; i < locale_count(); i++) {
        const struct locale *locale = locale_number(i);
        WCHAR number[16];
        char narrow_number[16];
        if (!is_in_group(locale, group)) continue;
        put_hexadecimal(locale->id, number, narrow_number);
        if (wide ? !wide(group, locale->id, number, parameter)
                 : !narrow(group, locale->id, narrow_number, parameter))
            break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumLanguageGroupLocalesW(LANGGROUPLOCALE_ENUMPROCW callback, LGRPID group, DWORD flags,
                                               LONG_PTR parameter)
{
    return enum_locales(callback, NULL, group, flags, parameter);
}

HOTPATCH BOOL WINAPI EnumLanguageGroupLocalesA(LANGGROUPLOCALE_ENUMPROCA callback, LGRPID group, DWORD flags,
                                               LONG_PTR parameter)
{
    return enum_locales(NULL, callback, group, flags, parameter);
}
