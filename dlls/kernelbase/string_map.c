// LCMapString: case, width and kana mappings, and sort keys.
#include "locale.h"
#include "sort.h"
#include "string_decompose.h"
#include "string_width.h"

// Turkish and Azeri in Latin letters, which know a dotless I, by their languages' numbers.
static bool has_dotless_i(const struct locale *locale)
{
    return PRIMARYLANGID(locale->id) == LANG_TURKISH || locale->id == 0x042C;
}
#define DOTLESS_I 0x80000000u // in the flags of these functions; LCMapString has no such flag

static WCHAR map_case(DWORD flags, WCHAR c)
{
    if (flags & LCMAP_LINGUISTIC_CASING) {
        if (flags & LCMAP_UPPERCASE && c == 0x0131) return 'I';
        if (flags & LCMAP_LOWERCASE && c == 0x0130) return 'i';
        if (flags & DOTLESS_I && flags & LCMAP_UPPERCASE && c == 'i') return 0x0130;
        if (flags & DOTLESS_I && flags & LCMAP_LOWERCASE && c == 'I') return 0x0131;
    }
    if (flags & LCMAP_UPPERCASE) return RtlUpcaseUnicodeChar(c);
    return flags & LCMAP_LOWERCASE ? RtlDowncaseUnicodeChar(c) : c;
}

// Maps the characters at text, of which it returns how many it took; what they become is one or two units. A
// wide form is looked for first, a narrow one last: kana are mapped in the wide form.
static int map_character(DWORD flags, const WCHAR *text, int length, WCHAR out[2], int *out_length)
{
    WCHAR c = text[0];
    int taken = flags & LCMAP_FULLWIDTH ? string_full_width(text, length, &c) : 1;
    if (flags & LCMAP_HIRAGANA) c = string_hiragana(c);
    if (flags & LCMAP_KATAKANA) c = string_katakana(c);
    c = map_case(flags, c);
    out[0] = c;
    *out_length = flags & LCMAP_HALFWIDTH ? string_half_width(c, out) : 1;
    return taken;
}

static bool is_letter(WCHAR c)
{
    WORD type = 0;
    GetStringTypeW(CT_CTYPE1, &c, 1, &type);
    return type & (C1_ALPHA | C1_DIGIT) || c == '\'';
}

// Whether flags that leave characters out leave this one out.
static bool is_left_out(DWORD flags, WCHAR c)
{
    WORD type1 = 0, type3 = 0;
    if (!(flags & (NORM_IGNORENONSPACE | NORM_IGNORESYMBOLS)) || !c) return false;
    GetStringTypeW(CT_CTYPE1, &c, 1, &type1);
    GetStringTypeW(CT_CTYPE3, &c, 1, &type3);
    return (flags & NORM_IGNORENONSPACE && is_combining_mark(type3)) ||
           (flags & NORM_IGNORESYMBOLS && type1 & (C1_PUNCT | C1_SPACE));
}

static int map_string(DWORD flags, const WCHAR *text, int length, WCHAR *buffer, int size)
{
    int written = 0;
    bool in_word = false;
    const DWORD title = LCMAP_UPPERCASE | LCMAP_LOWERCASE; // both: the first letter of each word
    for (int i = 0, taken; i < length; i += taken) {
        WCHAR c = text[i], out[2];
        int n = 1;
        taken = 1;
        if (is_left_out(flags, c)) continue;
        DWORD how = flags;
        if ((flags & title) == title) {
            how &= ~(DWORD)(in_word ? LCMAP_UPPERCASE : LCMAP_LOWERCASE);
            in_word = is_letter(c);
        }
        if (flags & NORM_IGNORENONSPACE)
            out[0] = base_character(c);
        else
            taken = map_character(how, text + i, length - i, out, &n);
        if (size && written + n > size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
        for (int k = 0; k < n && size; k++) buffer[written + k] = out[k];
        written += n;
    }
    return written;
}

// A repeatable number for equal strings.
static int hash_string(const struct collation *collation, DWORD flags, const WCHAR *text, int length,
                       void *buffer, int size)
{
    if (!size) return sizeof(int);
    if (size < (int)sizeof(int)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    struct sort_key key;
    unsigned hash = 2166136261u;
    sort_key_make(&key, collation, flags, text, length, true);
    for (int level = 0; level < LEVELS; level++)
        for (unsigned i = 0; i <= key.levels[level].n; i++)
            hash = (hash ^ (i < key.levels[level].n ? key.levels[level].data[i] : 1)) * 16777619u;
    sort_key_free(&key);
    if (key.failed) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
    memcpy(buffer, &hash, sizeof(hash));
    return sizeof(int);
}

// Which flags may stand together when no key is asked for.
static bool is_mapping(DWORD flags)
{
    const DWORD forms = LCMAP_HIRAGANA | LCMAP_KATAKANA | LCMAP_HALFWIDTH | LCMAP_FULLWIDTH;
    const DWORD chinese = LCMAP_SIMPLIFIED_CHINESE | LCMAP_TRADITIONAL_CHINESE;
    const DWORD cases = LCMAP_LOWERCASE | LCMAP_UPPERCASE | LCMAP_LINGUISTIC_CASING;
    const DWORD leaving_out = NORM_IGNORENONSPACE | NORM_IGNORESYMBOLS;
    if (!flags || flags & ~(forms | chinese | cases | leaving_out)) return false;
    if (flags & leaving_out && flags & ~leaving_out) return false;
    if (flags & chinese && flags & forms) return false;
    return !((flags & LCMAP_HIRAGANA && flags & LCMAP_KATAKANA) ||
             (flags & LCMAP_HALFWIDTH && flags & LCMAP_FULLWIDTH) || (flags & chinese) == chinese);
}

#define MAPPINGS                                                                                             \
    (LCMAP_LOWERCASE | LCMAP_UPPERCASE | LCMAP_HIRAGANA | LCMAP_KATAKANA | LCMAP_HALFWIDTH |                 \
     LCMAP_FULLWIDTH | LCMAP_LINGUISTIC_CASING | LCMAP_SIMPLIFIED_CHINESE | LCMAP_TRADITIONAL_CHINESE)

static int map_by_locale(struct locale_found locale, DWORD flags, const WCHAR *text, int length,
                         WCHAR *buffer, int size)
{
    // Only what depends on a language needs one that is known.
    const DWORD by_language =
        LCMAP_SORTKEY | LCMAP_HASH | LCMAP_LOWERCASE | LCMAP_UPPERCASE | LCMAP_LINGUISTIC_CASING;
    if (!text || !length || size < 0 || (!locale.record && (!flags || flags & by_language)))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (length < 0) length = (int)wide_length(text) + 1;
    flags &= ~(DWORD)LOCALE_USE_CP_ACP;
    if (flags & (LCMAP_SORTKEY | LCMAP_HASH)) {
        const struct collation *collation = collation_of(locale, flags);
        if (flags & MAPPINGS) return fail_with(ERROR_INVALID_FLAGS);
        return flags & LCMAP_HASH ? hash_string(collation, flags, text, length, buffer, size)
                                  : sort_key_bytes(collation, flags, text, length, (BYTE *)buffer, size);
    }
    if (!is_mapping(flags)) return fail_with(ERROR_INVALID_FLAGS);
    // In place only where the length can't change.
    if (size && text == buffer &&
        (flags & ~(DWORD)(LCMAP_LOWERCASE | LCMAP_UPPERCASE | LCMAP_LINGUISTIC_CASING)))
        return fail_with(ERROR_INVALID_FLAGS);
    return map_string(flags | (locale.record && has_dotless_i(locale.record) ? DOTLESS_I : 0), text, length,
                      buffer, size);
}

// The reserved parameters are ignored, as on Windows.
HOTPATCH int WINAPI LCMapStringEx(const WCHAR *locale, DWORD flags, const WCHAR *text, int length,
                                  WCHAR *buffer, int size, NLSVERSIONINFO *version, void *reserved,
                                  LPARAM handle)
{
    (void)version;
    (void)reserved;
    (void)handle;
    return map_by_locale(locale_lookup_name(locale), flags, text, length, buffer, size);
}

HOTPATCH int WINAPI LCMapStringW(LCID locale, DWORD flags, const WCHAR *text, int length, WCHAR *buffer,
                                 int size)
{
    const struct locale_found found = locale_to_sort(locale);
    if (!found.record) return fail_with(ERROR_INVALID_PARAMETER);
    return map_by_locale(found, flags, text, length, buffer, size);
}

HOTPATCH int WINAPI LCMapStringA(LCID locale, DWORD flags, const char *text, int length, char *buffer,
                                 int size)
{
    const DWORD title = LCMAP_LOWERCASE | LCMAP_UPPERCASE;
    const struct locale *found = locale_from_id(locale);
    if (!text || !length || size < 0 || !found) return fail_with(ERROR_INVALID_PARAMETER);
    const UINT page = locale_code_page(found, flags);
    if ((flags & title) == title) return fail_with(ERROR_INVALID_FLAGS);
    int needed = MultiByteToWideChar(page, 0, text, length, NULL, 0);
    AUTO_FREE WCHAR *wide = heap_alloc((SIZE_T)needed * sizeof(WCHAR));
    if (!wide) return 0;
    MultiByteToWideChar(page, 0, text, length, wide, needed);
    // Sort keys are bytes in both forms.
    if (flags & (LCMAP_SORTKEY | LCMAP_HASH))
        return LCMapStringW(locale, flags, wide, needed, (WCHAR *)buffer, size);
    int mapped_length = LCMapStringW(locale, flags, wide, needed, NULL, 0);
    AUTO_FREE WCHAR *mapped = mapped_length ? heap_alloc((SIZE_T)mapped_length * sizeof(WCHAR)) : NULL;
    if (!mapped) return 0;
    LCMapStringW(locale, flags, wide, needed, mapped, mapped_length);
    return WideCharToMultiByte(page, 0, mapped, mapped_length, buffer, size, NULL, NULL);
}
