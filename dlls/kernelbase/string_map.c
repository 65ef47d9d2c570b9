// LCMapString: case, width and kana mappings, and sort keys; FoldString and normalisation of digits.
#include "locale.h"
#include "sort.h"

// Appends to a buffer that may be absent (size 0: only count).
struct output {
    void *buffer;
    int size, length;
    bool overflow;
};

static void put_byte(struct output *out, BYTE byte)
{
    if (out->size) {
        if (out->length >= out->size) {
            out->overflow = true;
            return;
        }
        ((BYTE *)out->buffer)[out->length] = byte;
    }
    out->length++;
}

// ---- sort keys: first weights, 1, diacritics, 1, case, 1, 1, special characters, 0 ----

struct key_pass {
    BYTE weight; // what a missing weight is
    bool secondary;
};

// Writes one of the weaker levels; weights that are the usual ones at the end are left out.
static void put_level(struct output *out, DWORD flags, const WCHAR *text, int length, struct key_pass pass)
{
    int trailing = 0;
    for (int i = 0; i < length; i++) {
        struct sort_element elements[2];
        if (!(flags & SORT_STRINGSORT) && is_word_sort_character(text[i])) continue;
        unsigned n = sort_elements(text[i], elements);
        for (unsigned k = 0; k < n; k++) {
            BYTE weight = pass.secondary ? elements[k].secondary : elements[k].tertiary;
            if (!elements[k].primary && !pass.secondary) continue;
            if (weight == pass.weight) {
                trailing++;
                continue;
            }
            for (; trailing; trailing--) put_byte(out, pass.weight);
            put_byte(out, weight);
        }
    }
}

static int sort_key(DWORD flags, const WCHAR *text, int length, void *buffer, int size)
{
    struct output out = {buffer, size, 0, false};
    for (int i = 0; i < length; i++) {
        struct sort_element elements[2];
        if (!(flags & SORT_STRINGSORT) && is_word_sort_character(text[i])) continue;
        WORD type1 = 0;
        if ((flags & NORM_IGNORESYMBOLS) && GetStringTypeW(CT_CTYPE1, text + i, 1, &type1) &&
            (type1 & (C1_PUNCT | C1_SPACE)))
            continue;
        unsigned n = sort_elements(text[i], elements);
        for (unsigned k = 0; k < n; k++) {
            if (!elements[k].primary) continue;
            // Both bytes stay above the separators.
            put_byte(&out, (BYTE)(2 + (elements[k].primary >> 7 & 0xFF)));
            put_byte(&out, (BYTE)(2 + (elements[k].primary & 0x7F)));
        }
    }
    put_byte(&out, 1);
    if (!(flags & (NORM_IGNORENONSPACE | LINGUISTIC_IGNOREDIACRITIC)))
        put_level(&out, flags, text, length, (struct key_pass){2, true});
    put_byte(&out, 1);
    if (!(flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE)))
        put_level(&out, flags, text, length, (struct key_pass){2, false});
    put_byte(&out, 1);
    put_byte(&out, 1);
    if (!(flags & (SORT_STRINGSORT | NORM_IGNORESYMBOLS)))
        for (int i = 0; i < length; i++) {
            if (!is_word_sort_character(text[i])) continue;
            put_byte(&out, 0x80);
            put_byte(&out, (BYTE)(2 + (i & 0x7F)));
            put_byte(&out, text[i] == '\'' ? 0x80 : 0x82);
        }
    put_byte(&out, 0);
    if (out.overflow) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return out.length;
}

// ---- mappings ----

static WCHAR map_character(DWORD flags, WCHAR c)
{
    if ((flags & LCMAP_FULLWIDTH) && c > 0x20 && c < 0x7F)
        c = (WCHAR)(c + 0xFEE0);
    else if ((flags & LCMAP_FULLWIDTH) && c == 0x20)
        c = 0x3000;
    else if ((flags & LCMAP_HALFWIDTH) && c >= 0xFF01 && c <= 0xFF5E)
        c = (WCHAR)(c - 0xFEE0);
    else if ((flags & LCMAP_HALFWIDTH) && c == 0x3000)
        c = 0x20;
    if ((flags & LCMAP_HIRAGANA) && c >= 0x30A1 && c <= 0x30F6)
        c = (WCHAR)(c - 0x60);
    else if ((flags & LCMAP_KATAKANA) && c >= 0x3041 && c <= 0x3096)
        c = (WCHAR)(c + 0x60);
    if (flags & LCMAP_UPPERCASE)
        c = RtlUpcaseUnicodeChar(c);
    else if (flags & LCMAP_LOWERCASE)
        c = RtlDowncaseUnicodeChar(c);
    return c;
}

static bool is_letter(WCHAR c)
{
    WORD type = 0;
    GetStringTypeW(CT_CTYPE1, &c, 1, &type);
    return type & (C1_ALPHA | C1_DIGIT) || c == '\'';
}

static int map_string(DWORD flags, const WCHAR *text, int length, WCHAR *buffer, int size)
{
    int written = 0;
    bool in_word = false;
    const DWORD title = LCMAP_UPPERCASE | LCMAP_LOWERCASE; // both: the first letter of each word
    for (int i = 0; i < length; i++) {
        WCHAR c = text[i];
        if (flags & (NORM_IGNORENONSPACE | NORM_IGNORESYMBOLS)) {
            WORD type1 = 0, type3 = 0;
            GetStringTypeW(CT_CTYPE1, &c, 1, &type1);
            GetStringTypeW(CT_CTYPE3, &c, 1, &type3);
            if ((flags & NORM_IGNORENONSPACE) && is_combining_mark(type3)) continue;
            if ((flags & NORM_IGNORESYMBOLS) && c && (type1 & (C1_PUNCT | C1_SPACE))) continue;
        }
        DWORD how = flags;
        if ((flags & title) == title) {
            how &= ~(DWORD)(in_word ? LCMAP_UPPERCASE : LCMAP_LOWERCASE);
            in_word = is_letter(c);
        }
        if (size) {
            if (written >= size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
            buffer[written] = map_character(how, c);
        }
        written++;
    }
    return written;
}

// A repeatable number for equal strings.
static int hash_string(DWORD flags, const WCHAR *text, int length, void *buffer, int size)
{
    if (!size) return sizeof(int);
    if (size < (int)sizeof(int)) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    int key_size = sort_key(flags, text, length, NULL, 0);
    AUTO_FREE BYTE *key = heap_alloc((SIZE_T)key_size);
    if (!key) return 0;
    sort_key(flags, text, length, key, key_size);
    unsigned hash = 2166136261u;
    for (int i = 0; i < key_size; i++) hash = (hash ^ key[i]) * 16777619u;
    memcpy(buffer, &hash, sizeof(hash));
    return sizeof(int);
}

HOTPATCH int WINAPI LCMapStringEx(const WCHAR *locale, DWORD flags, const WCHAR *text, int length,
                                  WCHAR *buffer, int size, NLSVERSIONINFO *version, void *reserved,
                                  LPARAM handle)
{
    const DWORD mappings = LCMAP_LOWERCASE | LCMAP_UPPERCASE | LCMAP_HIRAGANA | LCMAP_KATAKANA |
                           LCMAP_HALFWIDTH | LCMAP_FULLWIDTH | LCMAP_LINGUISTIC_CASING |
                           LCMAP_SIMPLIFIED_CHINESE | LCMAP_TRADITIONAL_CHINESE;
    (void)version;
    if (reserved || handle || !text || !length || size < 0 || !locale_from_name(locale))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (length < 0) length = (int)wide_length(text) + 1;
    flags &= ~(DWORD)LOCALE_USE_CP_ACP;
    if (flags & (LCMAP_SORTKEY | LCMAP_HASH)) {
        if (flags & mappings) return fail_with(ERROR_INVALID_FLAGS);
        // The terminating NUL is part of no key.
        if (length && !text[length - 1]) length--;
        return flags & LCMAP_HASH ? hash_string(flags, text, length, buffer, size)
                                  : sort_key(flags, text, length, buffer, size);
    }
    if (((flags & LCMAP_HIRAGANA) && (flags & LCMAP_KATAKANA)) ||
        ((flags & LCMAP_HALFWIDTH) && (flags & LCMAP_FULLWIDTH)))
        return fail_with(ERROR_INVALID_FLAGS);
    // In place only where the length can't change.
    if (size && text == buffer &&
        (flags & ~(DWORD)(LCMAP_LOWERCASE | LCMAP_UPPERCASE | LCMAP_LINGUISTIC_CASING)))
        return fail_with(ERROR_INVALID_FLAGS);
    return map_string(flags, text, length, buffer, size);
}

HOTPATCH int WINAPI LCMapStringW(LCID locale, DWORD flags, const WCHAR *text, int length, WCHAR *buffer,
                                 int size)
{
    const struct locale *found = locale_from_id(locale);
    if (!found) return fail_with(ERROR_INVALID_PARAMETER);
    return LCMapStringEx(locale_text(found->name), flags, text, length, buffer, size, NULL, NULL, 0);
}

HOTPATCH int WINAPI LCMapStringA(LCID locale, DWORD flags, const char *text, int length, char *buffer,
                                 int size)
{
    if (!text || !length || size < 0) return fail_with(ERROR_INVALID_PARAMETER);
    int needed = MultiByteToWideChar(CP_ACP, 0, text, length, NULL, 0);
    AUTO_FREE WCHAR *wide = heap_alloc((SIZE_T)needed * sizeof(WCHAR));
    if (!wide) return 0;
    MultiByteToWideChar(CP_ACP, 0, text, length, wide, needed);
    // Sort keys are bytes in both forms.
    if (flags & (LCMAP_SORTKEY | LCMAP_HASH))
        return LCMapStringW(locale, flags, wide, needed, (WCHAR *)buffer, size);
    int mapped_length = LCMapStringW(locale, flags, wide, needed, NULL, 0);
    AUTO_FREE WCHAR *mapped = mapped_length ? heap_alloc((SIZE_T)mapped_length * sizeof(WCHAR)) : NULL;
    if (!mapped) return 0;
    LCMapStringW(locale, flags, wide, needed, mapped, mapped_length);
    return WideCharToMultiByte(CP_ACP, 0, mapped, mapped_length, buffer, size, NULL, NULL);
}

HOTPATCH int WINAPI FoldStringW(DWORD flags, const WCHAR *text, int length, WCHAR *buffer, int size)
{
    if (!text || !length || size < 0 || text == buffer) return fail_with(ERROR_INVALID_PARAMETER);
    if (!flags || (flags & ~(DWORD)(MAP_FOLDDIGITS | MAP_FOLDCZONE | MAP_PRECOMPOSED | MAP_COMPOSITE |
                                    MAP_EXPAND_LIGATURES)))
        return fail_with(ERROR_INVALID_FLAGS);
    if (length < 0) length = (int)wide_length(text) + 1;
    if (size && size < length) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    for (int i = 0; i < length && size; i++) {
        WCHAR c = text[i];
        if ((flags & MAP_FOLDCZONE) && c >= 0xFF01 && c <= 0xFF5E) c = (WCHAR)(c - 0xFEE0);
        WORD type = 0;
        GetStringTypeW(CT_CTYPE1, &c, 1, &type);
        // Digits of every script come in runs of ten that begin at a multiple of ten or six.
        if ((flags & MAP_FOLDDIGITS) && (type & C1_DIGIT) && c > '9') {
            WCHAR zero = c;
            WORD before = C1_DIGIT;
            while (zero > c - 9) {
                WCHAR previous = (WCHAR)(zero - 1);
                GetStringTypeW(CT_CTYPE1, &previous, 1, &before);
                if (!(before & C1_DIGIT)) break;
                zero = previous;
            }
            c = (WCHAR)('0' + (c - zero));
        }
        buffer[i] = c;
    }
    return length;
}
