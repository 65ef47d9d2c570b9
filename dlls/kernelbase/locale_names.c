// Locales by number and by name, the user's and the thread's, and languages.
#include "locale.h"

const WORD *locale_words;

// The user's locale is the host's, asked for once.
static const struct locale *user_locale_cached;

static bool equal_names(const WCHAR *first, const WCHAR *second)
{
    for (; *first || *second; first++, second++) {
        WCHAR a = *first == '_' ? '-' : *first, b = *second;
        if (a >= 'A' && a <= 'Z') a += 32;
        if (b >= 'A' && b <= 'Z') b += 32;
        if (a != b) return false;
    }
    return true;
}

static const struct locale *find_name(const WCHAR *name)
{
    for (unsigned i = 0; i < locale_count(); i++)
        if (equal_names(name, locale_text(locale_number(i)->name))) return locale_number(i);
    return NULL;
}

// A language without a region stands for its first locale in the table.
static const struct locale *find_language(const WCHAR *language)
{
    for (unsigned i = 1; i < locale_count(); i++)
        if (equal_names(language, locale_text(locale_number(i)->iso_language))) return locale_number(i);
    return NULL;
}

static const struct locale *user_locale(void)
{
    const struct locale *found = __atomic_load_n(&user_locale_cached, __ATOMIC_ACQUIRE);
    if (found) return found;
    LCID id = 0;
    if (NT_SUCCESS(NtQueryDefaultLocale(TRUE, &id)))
        for (unsigned i = 1; i < locale_count() && !found; i++)
            if (locale_number(i)->id == id) found = locale_number(i);
    if (!found) found = find_name(L"en-US");
    __atomic_store_n(&user_locale_cached, found, __ATOMIC_RELEASE);
    return found;
}

const struct locale *locale_from_id(LCID id)
{
    LANGID language = LANGIDFROMLCID(id);
    switch (id) {
    case LOCALE_USER_DEFAULT:
    case LOCALE_SYSTEM_DEFAULT:
    case LOCALE_NEUTRAL: return user_locale();
    case 0x0C00: // LOCALE_CUSTOM_DEFAULT
    case 0x1400: // LOCALE_CUSTOM_UI_DEFAULT
        return user_locale();
    case LOCALE_INVARIANT: return locale_number(0);
    }
    for (unsigned i = 0; i < locale_count(); i++)
        if (locale_number(i)->id == language) return locale_number(i);
    // A primary language alone: its first region.
    if (SUBLANGID(language) == SUBLANG_NEUTRAL)
        for (unsigned i = 1; i < locale_count(); i++)
            if (PRIMARYLANGID(locale_number(i)->id) == PRIMARYLANGID(language)) return locale_number(i);
    return NULL;
}

const struct locale *locale_from_name(const WCHAR *name)
{
    if (!name || equal_names(name, L"!x-sys-default-locale")) return user_locale();
    const struct locale *found = find_name(name);
    return found ? found : find_language(name);
}

void locale_list_entry(struct locale_text entries, unsigned index, WCHAR *buffer, unsigned size)
{
    const WCHAR *list = locale_text(entries);
    while (index && *list)
        if (*list++ == '|') index--;
    unsigned n = 0;
    while (list[n] && list[n] != '|' && n + 1 < size) {
        buffer[n] = list[n];
        n++;
    }
    buffer[n] = 0;
}

// ---- LCIDs and names ----

HOTPATCH LCID WINAPI GetUserDefaultLCID(void)
{
    return user_locale()->id;
}

HOTPATCH LCID WINAPI GetSystemDefaultLCID(void)
{
    return user_locale()->id;
}

HOTPATCH LANGID WINAPI GetUserDefaultLangID(void)
{
    return LANGIDFROMLCID(user_locale()->id);
}

HOTPATCH LANGID WINAPI GetSystemDefaultLangID(void)
{
    return LANGIDFROMLCID(user_locale()->id);
}

HOTPATCH LANGID WINAPI GetUserDefaultUILanguage(void)
{
    return LANGIDFROMLCID(user_locale()->id);
}

HOTPATCH LANGID WINAPI GetSystemDefaultUILanguage(void)
{
    return LANGIDFROMLCID(user_locale()->id);
}

// Length with the NUL, as all these functions count.
static int copy_name(const WCHAR *name, WCHAR *buffer, int size)
{
    int length = (int)wide_length(name) + 1;
    if (size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!size) return length;
    if (size < length) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, name, (SIZE_T)length * sizeof(WCHAR));
    return length;
}

HOTPATCH int WINAPI GetUserDefaultLocaleName(WCHAR *buffer, int size)
{
    return copy_name(locale_text(user_locale()->name), buffer, size);
}

HOTPATCH int WINAPI GetSystemDefaultLocaleName(WCHAR *buffer, int size)
{
    return copy_name(locale_text(user_locale()->name), buffer, size);
}

HOTPATCH int WINAPI LCIDToLocaleName(LCID id, WCHAR *buffer, int size, DWORD flags)
{
    const struct locale *locale = locale_from_id(id);
    if (!locale || (flags & ~(DWORD)LOCALE_ALLOW_NEUTRAL_NAMES)) return fail_with(ERROR_INVALID_PARAMETER);
    return copy_name(locale_text(locale->name), buffer, size);
}

HOTPATCH LCID WINAPI LocaleNameToLCID(const WCHAR *name, DWORD flags)
{
    const struct locale *locale = locale_from_name(name);
    if (!locale || (flags & ~(DWORD)LOCALE_ALLOW_NEUTRAL_NAMES))
        return (LCID)fail_with(ERROR_INVALID_PARAMETER);
    return locale->id;
}

HOTPATCH int WINAPI ResolveLocaleName(const WCHAR *name, WCHAR *buffer, int size)
{
    const struct locale *locale = locale_from_name(name);
    return copy_name(locale ? locale_text(locale->name) : L"", buffer, size);
}

HOTPATCH LCID WINAPI ConvertDefaultLocale(LCID id)
{
    const struct locale *locale = locale_from_id(id);
    return locale ? locale->id : id;
}

HOTPATCH BOOL WINAPI IsValidLocale(LCID id, DWORD flags)
{
    (void)flags; // installed and supported are the same
    return id != LOCALE_INVARIANT && locale_from_id(id) != NULL;
}

HOTPATCH BOOL WINAPI IsValidLocaleName(const WCHAR *name)
{
    return name && locale_from_name(name) != NULL;
}

// ---- the thread's ----

HOTPATCH LCID WINAPI GetThreadLocale(void)
{
    LCID id = teb_self()->CurrentLocale;
    return id ? id : (teb_self()->CurrentLocale = user_locale()->id);
}

HOTPATCH BOOL WINAPI SetThreadLocale(LCID id)
{
    const struct locale *locale = locale_from_id(id);
    if (!locale) return fail_with(ERROR_INVALID_PARAMETER);
    teb_self()->CurrentLocale = locale->id;
    return TRUE;
}

HOTPATCH LANGID WINAPI GetThreadUILanguage(void)
{
    return LANGIDFROMLCID(GetThreadLocale());
}

// 0 asks for the default; the answer is the language now in effect.
HOTPATCH LANGID WINAPI SetThreadUILanguage(LANGID language)
{
    if (language && !SetThreadLocale(MAKELCID(language, SORT_DEFAULT))) return 0;
    return GetThreadUILanguage();
}

// ---- preferred user-interface languages: the user's and English ----

static BOOL preferred_languages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    WCHAR list[2 * LOCALE_NAME_MAX_LENGTH + 2];
    ULONG length = 0;
    const struct locale *choices[] = {user_locale(), find_name(L"en-US")};
    *count = 0;
    for (size_t i = 0; i < ARRAY_LENGTH(choices); i++) {
        if (i && choices[i] == choices[0]) continue;
        ++*count;
        if (flags & MUI_LANGUAGE_ID) {
            // Four hexadecimal digits.
            for (int shift = 12; shift >= 0; shift -= 4)
                list[length++] = L"0123456789ABCDEF"[choices[i]->id >> shift & 15];
        } else {
            for (const WCHAR *at = locale_text(choices[i]->name); *at; at++) list[length++] = *at;
        }
        list[length++] = 0;
    }
    list[length++] = 0;
    ULONG given = *size;
    *size = length;
    if (!buffer || !given) return TRUE;
    if (given < length) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, list, length * sizeof(WCHAR));
    return TRUE;
}

HOTPATCH BOOL WINAPI GetUserPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return preferred_languages(flags, count, buffer, size);
}

HOTPATCH BOOL WINAPI GetSystemPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return preferred_languages(flags, count, buffer, size);
}

HOTPATCH BOOL WINAPI GetThreadPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return preferred_languages(flags, count, buffer, size);
}

HOTPATCH BOOL WINAPI GetProcessPreferredUILanguages(DWORD flags, ULONG *count, WCHAR *buffer, ULONG *size)
{
    return preferred_languages(flags, count, buffer, size);
}

// "English (United States)".
HOTPATCH DWORD WINAPI VerLanguageNameW(DWORD language, WCHAR *buffer, DWORD size)
{
    WCHAR text[160];
    if (!GetLocaleInfoW(MAKELCID(language, SORT_DEFAULT), LOCALE_SLANGUAGE, text, ARRAY_LENGTH(text)))
        lstrcpyW(text, L"Language Neutral");
    return copy_wide_result(buffer, size, text, wide_length(text));
}

HOTPATCH DWORD WINAPI VerLanguageNameA(DWORD language, char *buffer, DWORD size)
{
    WCHAR text[160];
    DWORD length = VerLanguageNameW(language, text, ARRAY_LENGTH(text));
    return ansi_from_wide(buffer, size, text, length);
}
