// The languages of user interfaces: which ones programs prefer, which there are, and files that have texts in
// them.
#include "dlls/ntdll/ui_languages.h"
#include "locale.h"
#include "nt/locale.h"

// ---- preferred user-interface languages ----

HOTPATCH BOOL WINAPI GetUserPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return bool_from_status(RtlGetUserPreferredUILanguages(flags, 0, count, buffer, size));
}

HOTPATCH BOOL WINAPI GetSystemPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return bool_from_status(RtlGetSystemPreferredUILanguages(flags, 0, count, buffer, size));
}

HOTPATCH BOOL WINAPI GetThreadPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return bool_from_status(RtlGetThreadPreferredUILanguages(flags, count, buffer, size));
}

HOTPATCH BOOL WINAPI GetProcessPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return bool_from_status(RtlGetProcessPreferredUILanguages(flags, count, buffer, size));
}

HOTPATCH BOOL WINAPI SetThreadPreferredUILanguages(DWORD flags, PCZZWSTR languages, ULONG *count)
{
    return bool_from_status(RtlSetThreadPreferredUILanguages(flags, languages, count));
}

HOTPATCH BOOL WINAPI SetProcessPreferredUILanguages(DWORD flags, PCZZWSTR languages, ULONG *count)
{
    return bool_from_status(RtlSetProcessPreferredUILanguages(flags, languages, count));
}

// ---- those that are installed: the user's, and English as what everything falls back to ----

// Tells the callback, whose text is of either kind. False: it has enough.
static bool tell(void *callback, bool ansi, DWORD flags, LANGID language, LONG_PTR parameter)
{
    WCHAR name[LOCALE_NAME_MAX_LENGTH];
    char narrow[LOCALE_NAME_MAX_LENGTH];
    if (flags & MUI_LANGUAGE_NAME)
        LCIDToLocaleName(language, name, ARRAY_LENGTH(name), 0);
    else
        for (int i = 0; i < 5; i++) name[i] = i < 4 ? L"0123456789abcdef"[language >> (12 - 4 * i) & 15] : 0;
    if (!ansi) return ((UILANGUAGE_ENUMPROCW)callback)(name, parameter);
    ansi_from_wide(narrow, sizeof(narrow), name, wide_length(name));
    return ((UILANGUAGE_ENUMPROCA)callback)(narrow, parameter);
}

static BOOL enum_languages(void *callback, bool ansi, DWORD flags, LONG_PTR parameter)
{
    const DWORD licensed = 0x10, installed = 0x20; // MUI_LICENSED_LANGUAGES, MUI_ALL_INSTALLED_LANGUAGES
    const DWORD known = MUI_LANGUAGE_ID | MUI_LANGUAGE_NAME | licensed | installed;
    const LANGID english = MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), own = GetUserDefaultUILanguage();
    if (!callback) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~known || (flags & MUI_LANGUAGE_ID && flags & MUI_LANGUAGE_NAME))
        return fail_with(ERROR_INVALID_FLAGS);
    if (tell(callback, ansi, flags, own, parameter) && own != english)
        tell(callback, ansi, flags, english, parameter);
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumUILanguagesW(UILANGUAGE_ENUMPROCW callback, DWORD flags, LONG_PTR parameter)
{
    return enum_languages((void *)callback, false, flags, parameter);
}

HOTPATCH BOOL WINAPI EnumUILanguagesA(UILANGUAGE_ENUMPROCA callback, DWORD flags, LONG_PTR parameter)
{
    return enum_languages((void *)callback, true, flags, parameter);
}
