// Locales by number and by name, the user's and the thread's, and languages.
#include "locale.h"
#include "nt/locale.h"

const WORD *locale_words;

// The user's locale is the host's, asked for once.
static const struct locale *user_locale_cached;

static const struct locale *user_locale(void)
{
    const struct locale *found = __atomic_load_n(&user_locale_cached, __ATOMIC_ACQUIRE);
    if (found) return found;
    LCID id = 0;
    if (NT_SUCCESS(NtQueryDefaultLocale(TRUE, &id))) found = locale_find_id(locale_file(), id).record;
    if (!found) found = locale_find_id(locale_file(), 0x0409).record;
    __atomic_store_n(&user_locale_cached, found, __ATOMIC_RELEASE);
    return found;
}

struct locale_found locale_lookup_id(LCID id)
{
    switch (id) {
    case LOCALE_USER_DEFAULT:
    case LOCALE_SYSTEM_DEFAULT:
    case LOCALE_NEUTRAL:
    case LOCALE_CUSTOM_DEFAULT:
    case LOCALE_CUSTOM_UNSPECIFIED:
    case LOCALE_CUSTOM_UI_DEFAULT: return (struct locale_found){user_locale(), NULL};
    default: return locale_find_id(locale_file(), id);
    }
}

struct locale_found locale_lookup_name(const WCHAR *name)
{
    if (!name || locale_is_name(name, LOCALE_NAME_SYSTEM_DEFAULT))
        return (struct locale_found){user_locale(), NULL};
    return locale_find_name(locale_file(), name);
}

struct locale_found locale_to_sort(LCID id)
{
    struct locale_found found = locale_lookup_id(id);
    return found.record ? found : locale_find_id(locale_file(), LANGIDFROMLCID(id));
}

const struct locale *locale_from_id(LCID id)
{
    return locale_to_sort(id).record;
}

const struct locale *locale_from_name(const WCHAR *name)
{
    return locale_lookup_name(name).record;
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

// A language alone means its first region, unless flags let it stand for itself.
static struct locale_found without_neutral(struct locale_found found, DWORD flags)
{
    if (locale_is_neutral(found) && !(flags & LOCALE_ALLOW_NEUTRAL_NAMES)) found.alias = NULL;
    return found;
}

HOTPATCH int WINAPI LCIDToLocaleName(LCID id, WCHAR *buffer, int size, DWORD flags)
{
    struct locale_found found = without_neutral(locale_lookup_id(id), flags);
    if (!found.record || (flags & ~(DWORD)LOCALE_ALLOW_NEUTRAL_NAMES))
        return fail_with(ERROR_INVALID_PARAMETER);
    return copy_name(locale_text(locale_found_name(found)), buffer, size);
}

HOTPATCH LCID WINAPI LocaleNameToLCID(const WCHAR *name, DWORD flags)
{
    struct locale_found found = without_neutral(locale_lookup_name(name), flags);
    if (!found.record || (flags & ~(DWORD)LOCALE_ALLOW_NEUTRAL_NAMES))
        return (LCID)fail_with(ERROR_INVALID_PARAMETER);
    return locale_found_id(found);
}

static bool is_name_unit(WCHAR c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// The nearest locale with a region: parts of the name are left out from its end. "": there is none.
HOTPATCH int WINAPI ResolveLocaleName(const WCHAR *name, WCHAR *buffer, int size)
{
    WCHAR shorter[LOCALE_NAME_MAX_LENGTH];
    const struct locale *locale = locale_from_name(name);
    if (!locale) {
        SIZE_T length = 0;
        for (; name[length]; length++)
            if (!is_name_unit(name[length])) return fail_with(ERROR_INVALID_PARAMETER);
        if (length >= ARRAY_LENGTH(shorter)) return fail_with(ERROR_INVALID_PARAMETER);
        memcpy(shorter, name, (length + 1) * sizeof(WCHAR));
        while (!locale && length--)
            if (shorter[length] == '-' || shorter[length] == '_') {
                shorter[length] = 0;
                locale = locale_from_name(shorter);
            }
    }
    const WCHAR *resolved = locale ? locale_text(locale->name) : L"";
    int needed = copy_name(resolved, buffer, size);
    // What fits is given all the same.
    if (!needed && size > 0 && buffer)
        memcpy(buffer, resolved, ((SIZE_T)size - 1) * sizeof(WCHAR)), buffer[size - 1] = 0;
    return needed;
}

HOTPATCH LCID WINAPI ConvertDefaultLocale(LCID id)
{
    struct locale_found found = locale_lookup_id(id);
    if (!found.record || (found.alias && !locale_is_neutral(found))) return id;
    return found.record->id;
}

HOTPATCH BOOL WINAPI IsValidLocale(LCID id, DWORD flags)
{
    (void)flags; // installed and supported are the same
    return locale_find_id(locale_file(), id).record != NULL;
}

HOTPATCH BOOL WINAPI IsValidLocaleName(const WCHAR *name)
{
    return name && locale_find_name(locale_file(), name).record != NULL;
}

// Not documented: resolves the default LCIDs in place and returns what stands for the locale, or NULL. A
// language alone stands for its first region unless flags let it stand for itself.
HOTPATCH const void *WINAPI NlsValidateLocale(LCID *id, ULONG flags)
{
    struct locale_found found = locale_lookup_id(*id);
    if (!found.record) return NULL;
    if (!found.alias) *id = found.record->id;
    found = without_neutral(found, flags);
    return found.alias ? (const void *)found.alias : found.record;
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

// "English (United States)"; as much of it as there is room for.
HOTPATCH DWORD WINAPI VerLanguageNameW(DWORD language, WCHAR *buffer, DWORD size)
{
    WCHAR text[160];
    if (!GetLocaleInfoW(MAKELCID(language, SORT_DEFAULT), LOCALE_SLANGUAGE, text, ARRAY_LENGTH(text)))
        lstrcpyW(text, L"Language Neutral");
    if (buffer && size && wide_length(text) >= size) lstrcpynW(buffer, text, (int)size);
    return copy_wide_result(buffer, size, text, wide_length(text));
}

HOTPATCH DWORD WINAPI VerLanguageNameA(DWORD language, char *buffer, DWORD size)
{
    WCHAR text[160];
    DWORD length = VerLanguageNameW(language, text, ARRAY_LENGTH(text));
    DWORD result = ansi_from_wide(buffer, size, text, length);
    if (buffer && size && result > size) {
        ULONG written = 0;
        RtlUnicodeToMultiByteN(buffer, size - 1, &written, text, (ULONG)(length * sizeof(WCHAR)));
        buffer[written] = 0;
    }
    return result;
}
