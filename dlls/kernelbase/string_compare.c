// Linguistic comparison. A character has up to two sort elements; strings compare by all first weights, then
// by diacritics, then by case; hyphens and apostrophes only count when all else is equal (word sort).
#include "locale.h"
#include "nls_section.h"
#include "sort.h"

// Order of punctuation and symbols of ASCII as Windows sorts them, after the spaces and before digits.
static const char symbol_order[] = "'-\t\n\v\f\r !\"#$%&()*,./:;?@[\\]^_`{|}~+<=>";

enum {
    PRIMARY_SYMBOL = 0x0100,
    PRIMARY_OTHER_SYMBOL = 0x0200, // + low byte
    PRIMARY_DIGIT = 0x0400,
    PRIMARY_LETTER = 0x0500, // Latin letters, two apart, for those that sort after one
};

// Latin letters without a decomposition: as one or two basic letters and a diacritic weight of their own.
static const struct {
    WCHAR upper, lower;
    char first, second;
    BYTE secondary;
} special_letters[] = {
    {0x00C6, 0x00E6, 'A', 'E', 1},  {0x0152, 0x0153, 'O', 'E', 1},  {0x1E9E, 0x00DF, 'S', 'S', 1},
    {0x00DE, 0x00FE, 'T', 'H', 1},  {0x00D0, 0x00F0, 'D', 0, 0x68}, {0x00D8, 0x00F8, 'O', 0, 0x21},
    {0x0110, 0x0111, 'D', 0, 0x21}, {0x0141, 0x0142, 'L', 0, 0x21}, {0x0126, 0x0127, 'H', 0, 0x21},
    {0x0166, 0x0167, 'T', 0, 0x21}, {0x0049, 0x0131, 'I', 0, 0x03}, {0x0132, 0x0133, 'I', 'J', 1},
    {0x014A, 0x014B, 'N', 0, 0x70},
};

// A combining mark's diacritic weight: the common ones keep apart, the rest share what is left.
static BYTE mark_weight(WCHAR mark)
{
    static const BYTE common[] = {15, 14, 18, 25, 23, 21, 22, 20, 24, 36, 26, 29, 30, 33, 34, 37};
    if (mark >= 0x300 && mark < 0x300 + ARRAY_LENGTH(common)) return common[mark - 0x300];
    return (BYTE)(40 + (mark & 0x7F));
}

// What decompose.nls holds behind their number, ordered by character. mark 0: a single equivalent.
struct decomposition {
    WCHAR character, base, mark;
};

static const WORD *decomposition_table;

static const struct decomposition *find_decomposition(WCHAR c)
{
    const WORD *table = nls_section(NLS_DECOMPOSITIONS, &decomposition_table);
    const struct decomposition *decompositions = (const struct decomposition *)(table + 1);
    unsigned low = 0, high = table[0];
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (decompositions[middle].character == c) return &decompositions[middle];
        if (decompositions[middle].character < c)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool canonical_parts(WCHAR c, WCHAR *base, WCHAR *mark)
{
    const struct decomposition *parts = c < 0x80 ? NULL : find_decomposition(c);
    if (!parts) return false;
    *base = parts->base;
    *mark = parts->mark;
    return true;
}

WCHAR canonical_composition(WCHAR base, WCHAR mark)
{
    const WORD *table = nls_section(NLS_DECOMPOSITIONS, &decomposition_table);
    const struct decomposition *decompositions = (const struct decomposition *)(table + 1);
    WORD type3 = 0;
    GetStringTypeW(CT_CTYPE3, &mark, 1, &type3);
    if (!mark || !is_combining_mark(type3)) return 0;
    for (unsigned i = 0; i < table[0]; i++)
        if (decompositions[i].base == base && decompositions[i].mark == mark)
            return decompositions[i].character;
    return 0;
}

static struct sort_element letter(char upper, BYTE secondary, bool is_upper)
{
    return (struct sort_element){(WORD)(PRIMARY_LETTER + (upper - 'A') * 8), secondary, is_upper ? 0x12 : 2};
}

static unsigned ascii_elements(WCHAR c, struct sort_element *out)
{
    if (c >= 'a' && c <= 'z') {
        out[0] = letter((char)(c - 32), 2, false);
    } else if (c >= 'A' && c <= 'Z') {
        out[0] = letter((char)c, 2, true);
    } else if (c >= '0' && c <= '9') {
        out[0] = (struct sort_element){(WORD)(PRIMARY_DIGIT + (c - '0') * 4), 2, 2};
    } else {
        const char *place = c ? strchr(symbol_order, c) : NULL;
        if (!place) return 0; // control characters don't count
        out[0] = (struct sort_element){(WORD)(PRIMARY_SYMBOL + (place - symbol_order)), 2, 2};
    }
    return 1;
}

WCHAR base_character(WCHAR c)
{
    const struct decomposition *parts;
    while ((parts = find_decomposition(c)) && parts->mark) c = parts->base;
    return c;
}

unsigned sort_elements(WCHAR c, struct sort_element out[2])
{
    if (c < 0x80) return ascii_elements(c, out);
    for (size_t i = 0; i < ARRAY_LENGTH(special_letters); i++) {
        bool upper = c == special_letters[i].upper;
        if (!upper && c != special_letters[i].lower) continue;
        out[0] = letter(special_letters[i].first,
                        special_letters[i].second ? 2 : special_letters[i].secondary, upper);
        if (!special_letters[i].second) return 1;
        out[1] = letter(special_letters[i].second, 3, upper);
        return 2;
    }
    // Combining marks have only a diacritic weight, which adds to the letter before them.
    WORD type3 = 0;
    GetStringTypeW(CT_CTYPE3, &c, 1, &type3);
    if (is_combining_mark(type3)) {
        out[0] = (struct sort_element){0, mark_weight(c), 0};
        return 1;
    }
    const struct decomposition *parts = find_decomposition(c);
    if (parts) {
        unsigned n = sort_elements(parts->base, out);
        if (n && parts->mark) out[n - 1].secondary = (BYTE)(out[n - 1].secondary + mark_weight(parts->mark));
        return n;
    }
    WORD type1 = 0;
    GetStringTypeW(CT_CTYPE1, &c, 1, &type1);
    if (type1 & C1_CNTRL) return 0;
    if (!(type1 & (C1_ALPHA | C1_DIGIT)) && c < 0x3000) {
        out[0] = (struct sort_element){(WORD)(PRIMARY_OTHER_SYMBOL + (c & 0x1FF)), 2, 2};
        return 1;
    }
    // Other scripts sort by code point, both cases of a letter together.
    WCHAR upper = RtlUpcaseUnicodeChar(c);
    WORD primary = upper < 0x800 ? (WORD)(0x0700 + upper) : upper;
    out[0] = (struct sort_element){primary, 2, upper == c && RtlDowncaseUnicodeChar(c) != c ? 0x12 : 2};
    return 1;
}

bool is_word_sort_character(WCHAR c)
{
    return c == '-' || c == '\'' || c == 0x00AD || c == 0x2010 || c == 0x2011;
}

// ---- walking a string's elements ----

struct walker {
    const WCHAR *text;
    int length, position;
    struct sort_element pending[2];
    unsigned pending_count, pending_next;
    DWORD flags;
};

// Whether flags take a character out of the comparison.
static bool is_ignored(const struct walker *walker, WCHAR c)
{
    if (!(walker->flags & SORT_STRINGSORT) && is_word_sort_character(c)) return true;
    if (!(walker->flags & (NORM_IGNORESYMBOLS | NORM_IGNORENONSPACE))) return false;
    WORD type1 = 0, type3 = 0;
    GetStringTypeW(CT_CTYPE1, &c, 1, &type1);
    GetStringTypeW(CT_CTYPE3, &c, 1, &type3);
    if ((walker->flags & NORM_IGNORESYMBOLS) && (type1 & (C1_PUNCT | C1_SPACE))) return true;
    return (walker->flags & NORM_IGNORENONSPACE) && is_combining_mark(type3);
}

// Folds what flags make equal before weights are looked up.
static WCHAR fold(DWORD flags, WCHAR c)
{
    if ((flags & NORM_IGNOREWIDTH) && c >= 0xFF01 && c <= 0xFF5E) return (WCHAR)(c - 0xFEE0);
    if ((flags & NORM_IGNOREKANATYPE) && c >= 0x30A1 && c <= 0x30F6) return (WCHAR)(c - 0x60);
    return c;
}

// The next element with a first weight. Marks before it belong to the element before: *marks is their sum.
// Nothing behind the element is looked at, so that a comparison ends at the first difference. False at the
// end.
static bool next_element(struct walker *walker, struct sort_element *element, unsigned *marks)
{
    *marks = 0;
    for (;;) {
        while (walker->pending_next < walker->pending_count) {
            *element = walker->pending[walker->pending_next++];
            if (element->primary) return true;
            *marks += element->secondary;
        }
        if (walker->position >= walker->length) return false;
        WCHAR c = fold(walker->flags, walker->text[walker->position++]);
        walker->pending_next = walker->pending_count = 0;
        if (!is_ignored(walker, c)) walker->pending_count = sort_elements(c, walker->pending);
    }
}

// The first hyphen or apostrophe that only one string has, or has earlier: the last tie-breaker.
static int compare_word_sort(const WCHAR *first, int first_length, const WCHAR *second, int second_length)
{
    int i = 0, k = 0;
    while (i < first_length && k < second_length) {
        bool a = is_word_sort_character(first[i]), b = is_word_sort_character(second[k]);
        if (a && b && first[i] != second[k]) return first[i] == '\'' ? -1 : 1;
        if (a != b) return a ? 1 : -1;
        i++;
        k++;
    }
    for (; i < first_length; i++)
        if (is_word_sort_character(first[i])) return 1;
    for (; k < second_length; k++)
        if (is_word_sort_character(second[k])) return -1;
    return 0;
}

static int sign(int a, int b)
{
    return (a > b) - (a < b);
}

int compare_linguistic(DWORD flags, const WCHAR *first, int first_length, const WCHAR *second,
                       int second_length)
{
    struct walker a = {.text = first, .length = first_length, .flags = flags};
    struct walker b = {.text = second, .length = second_length, .flags = flags};
    int secondary = 0, tertiary = 0;
    unsigned before_a = 0, before_b = 0; // diacritic weights of the elements before, without their marks
    for (;;) {
        struct sort_element x = {}, y = {};
        unsigned marks_a, marks_b;
        bool more_a = next_element(&a, &x, &marks_a), more_b = next_element(&b, &y, &marks_b);
        if (!secondary) secondary = sign((int)(before_a + marks_a), (int)(before_b + marks_b));
        if (!more_a || !more_b) {
            if (more_a != more_b) return more_a ? 1 : -1;
            break;
        }
        if (x.primary != y.primary) return sign(x.primary, y.primary);
        before_a = x.secondary;
        before_b = y.secondary;
        if (!tertiary) tertiary = sign(x.tertiary, y.tertiary);
    }
    if (secondary && !(flags & (NORM_IGNORENONSPACE | LINGUISTIC_IGNOREDIACRITIC))) return secondary;
    if (tertiary && !(flags & (NORM_IGNORECASE | LINGUISTIC_IGNORECASE))) return tertiary;
    if ((flags & SORT_STRINGSORT) || (flags & NORM_IGNORESYMBOLS)) return 0;
    return compare_word_sort(first, first_length, second, second_length);
}

// ---- the API ----

#define COMPARE_FLAGS                                                                                        \
    (NORM_IGNORECASE | NORM_IGNORENONSPACE | NORM_IGNORESYMBOLS | NORM_IGNOREKANATYPE | NORM_IGNOREWIDTH |   \
     NORM_LINGUISTIC_CASING | LINGUISTIC_IGNORECASE | LINGUISTIC_IGNOREDIACRITIC | SORT_STRINGSORT |         \
     SORT_DIGITSASNUMBERS | LOCALE_USE_CP_ACP | LOCALE_NOUSEROVERRIDE)

HOTPATCH int WINAPI CompareStringEx(const WCHAR *locale, DWORD flags, const WCHAR *first, int first_length,
                                    const WCHAR *second, int second_length, NLSVERSIONINFO *version,
                                    void *reserved, LPARAM parameter)
{
    (void)version;
    if (reserved || parameter || !first || !second || !locale_from_name(locale))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (flags & ~(DWORD)COMPARE_FLAGS) return fail_with(ERROR_INVALID_FLAGS);
    if (first_length < 0) first_length = (int)wide_length(first);
    if (second_length < 0) second_length = (int)wide_length(second);
    return compare_linguistic(flags, first, first_length, second, second_length) + CSTR_EQUAL;
}

HOTPATCH int WINAPI CompareStringW(LCID locale, DWORD flags, const WCHAR *first, int first_length,
                                   const WCHAR *second, int second_length)
{
    const struct locale *found = locale_from_id(locale);
    if (!found) return fail_with(ERROR_INVALID_PARAMETER);
    return CompareStringEx(locale_text(found->name), flags, first, first_length, second, second_length, NULL,
                           NULL, 0);
}

HOTPATCH int WINAPI CompareStringA(LCID locale, DWORD flags, const char *first, int first_length,
                                   const char *second, int second_length)
{
    if (!first || !second) return fail_with(ERROR_INVALID_PARAMETER);
    if (first_length < 0) first_length = (int)strlen(first);
    if (second_length < 0) second_length = (int)strlen(second);
    WCHAR small[2][128];
    AUTO_FREE WCHAR *large_first =
        first_length > 128 ? heap_alloc((SIZE_T)first_length * sizeof(WCHAR)) : NULL;
    AUTO_FREE WCHAR *large_second =
        second_length > 128 ? heap_alloc((SIZE_T)second_length * sizeof(WCHAR)) : NULL;
    if ((first_length > 128 && !large_first) || (second_length > 128 && !large_second)) return 0;
    WCHAR *a = large_first ? large_first : small[0], *b = large_second ? large_second : small[1];
    ULONG a_bytes = 0, b_bytes = 0;
    RtlMultiByteToUnicodeN(a, (ULONG)first_length * 2, &a_bytes, first, (ULONG)first_length);
    RtlMultiByteToUnicodeN(b, (ULONG)second_length * 2, &b_bytes, second, (ULONG)second_length);
    return CompareStringW(locale, flags, a, (int)(a_bytes / 2), b, (int)(b_bytes / 2));
}

// The first or last place where value compares equal, by FIND_* in flags; *found receives its length.
HOTPATCH int WINAPI FindNLSStringEx(const WCHAR *locale, DWORD flags, const WCHAR *source, int source_length,
                                    const WCHAR *value, int value_length, int *found, NLSVERSIONINFO *version,
                                    void *reserved, LPARAM parameter)
{
    (void)version;
    if (reserved || parameter || !source || !value || !source_length || !value_length ||
        !locale_from_name(locale)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return -1;
    }
    if (source_length < 0) source_length = (int)wide_length(source);
    if (value_length < 0) value_length = (int)wide_length(value);
    const DWORD kinds = FIND_FROMSTART | FIND_FROMEND | FIND_STARTSWITH | FIND_ENDSWITH;
    bool backwards = flags & (FIND_FROMEND | FIND_ENDSWITH);
    for (int n = 0; n <= source_length; n++) {
        int start = backwards ? source_length - n : n;
        if ((flags & FIND_STARTSWITH) && start) break;
        // What matches may be shorter or longer than value: up to three times, for decomposed characters.
        int limit = source_length - start < value_length * 3 ? source_length - start : value_length * 3;
        for (int length = 1; length <= limit; length++) {
            if ((flags & FIND_ENDSWITH) && start + length != source_length) continue;
            if (compare_linguistic(flags & ~kinds, source + start, length, value, value_length)) continue;
            if (found) *found = length;
            SetLastError(ERROR_SUCCESS);
            return start;
        }
    }
    SetLastError(ERROR_SUCCESS);
    return -1;
}

HOTPATCH int WINAPI FindNLSString(LCID locale, DWORD flags, const WCHAR *source, int source_length,
                                  const WCHAR *value, int value_length, int *found)
{
    const struct locale *known = locale_from_id(locale);
    return FindNLSStringEx(known ? locale_text(known->name) : L"invalid", flags, source, source_length, value,
                           value_length, found, NULL, NULL, 0);
}
