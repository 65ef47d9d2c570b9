// FoldString: digits of all scripts as ASCII's, ligatures as letters, characters composed and decomposed.
#include "nls_section.h"
#include "string_decompose.h"

// What digits.nls holds behind their number, ordered by code point.
struct digit_run {
    WORD high, low; // of the first code point
    WORD value, count;
};

static const WORD *digit_table;

// The digit's value, or -1.
static int digit_value(DWORD c)
{
    const WORD *table = nls_section(NLS_DIGITS, &digit_table);
    const struct digit_run *runs = (const struct digit_run *)(table + 1);
    unsigned low = 0, high = table[0];
    while (low < high) {
        unsigned middle = (low + high) / 2;
        DWORD first = (DWORD)runs[middle].high << 16 | runs[middle].low;
        if (c < first)
            high = middle;
        else if (c >= first + runs[middle].count)
            low = middle + 1;
        else
            return runs[middle].value + (int)(c - first);
    }
    return -1;
}

static const struct {
    WCHAR ligature;
    WCHAR letters[4];
} ligatures[] = {
    {0x00C6, L"AE"},           {0x00DE, L"TH"},           {0x00DF, L"ss"},
    {0x00E6, L"ae"},           {0x00FE, L"th"},           {0x0132, L"IJ"},
    {0x0133, L"ij"},           {0x0152, L"OE"},           {0x0153, L"oe"},
    {0x01C4, L"D\x017D"},      {0x01C5, L"D\x017E"},      {0x01C6, L"d\x017E"},
    {0x01C7, L"LJ"},           {0x01C8, L"Lj"},           {0x01C9, L"lj"},
    {0x01CA, L"NJ"},           {0x01CB, L"Nj"},           {0x01CC, L"nj"},
    {0x01E2, L"\x0100\x0112"}, {0x01E3, L"\x0101\x0113"}, {0x01F1, L"DZ"},
    {0x01F2, L"Dz"},           {0x01F3, L"dz"},           {0x01FC, L"\x00C1\x00C9"},
    {0x01FD, L"\x00E1\x00E9"}, {0x05F0, L"\x05D5\x05D5"}, {0x05F1, L"\x05D5\x05D9"},
    {0x05F2, L"\x05D9\x05D9"}, {0xFB00, L"ff"},           {0xFB01, L"fi"},
    {0xFB02, L"fl"},           {0xFB03, L"ffi"},          {0xFB04, L"ffl"},
    {0xFB05, L"\x017Ft"},      {0xFB06, L"st"},
};

// Counts what would be written when there is no buffer.
struct output {
    WCHAR *buffer;
    int size, length;
    bool overflow;
};

static void put(struct output *out, WCHAR c)
{
    if (out->size && out->length >= out->size) {
        out->overflow = true;
        return;
    }
    if (out->size) out->buffer[out->length] = c;
    out->length++;
}

static void put_decomposed(struct output *out, WCHAR c)
{
    WCHAR base, mark;
    if (!canonical_parts(c, &base, &mark)) {
        put(out, c);
        return;
    }
    put_decomposed(out, base);
    if (mark) put(out, mark);
}

static void put_ligature(struct output *out, WCHAR c)
{
    for (size_t i = 0; c >= 0xC6 && i < ARRAY_LENGTH(ligatures); i++) {
        if (ligatures[i].ligature != c) continue;
        for (const WCHAR *letter = ligatures[i].letters; *letter; letter++) put(out, *letter);
        return;
    }
    put(out, c);
}

// Folds the digit at text, if there is one; returns the units that it takes, 0 if there is none.
static int put_digit(struct output *out, const WCHAR *text, int length)
{
    bool pair = length > 1 && (text[0] & 0xFC00) == 0xD800 && (text[1] & 0xFC00) == 0xDC00;
    DWORD c = pair ? 0x10000 + ((text[0] & 0x3FFu) << 10) + (text[1] & 0x3FFu) : text[0];
    int value = c < 0x80 ? -1 : digit_value(c);
    if (value < 0) return 0;
    put(out, (WCHAR)('0' + value));
    return pair ? 2 : 1;
}

// Puts the characters at text folded, and returns how many it took.
static int fold(struct output *out, DWORD flags, const WCHAR *text, int length)
{
    WCHAR c = text[0], composed;
    int taken = flags & MAP_FOLDDIGITS ? put_digit(out, text, length) : 0;
    if (taken) return taken;
    if (flags & MAP_FOLDCZONE && c >= 0xFF01 && c <= 0xFF5E) c = (WCHAR)(c - 0xFEE0);
    if (flags & MAP_COMPOSITE) {
        put_decomposed(out, c);
        return 1;
    }
    for (taken = 1; flags & MAP_PRECOMPOSED && taken < length; taken++) {
        composed = canonical_composition(c, text[taken]);
        if (!composed) break;
        c = composed;
    }
    if (flags & MAP_EXPAND_LIGATURES)
        put_ligature(out, c);
    else
        put(out, c);
    return taken;
}

HOTPATCH int WINAPI FoldStringW(DWORD flags, const WCHAR *text, int length, WCHAR *buffer, int size)
{
    const DWORD all = MAP_FOLDDIGITS | MAP_FOLDCZONE | MAP_PRECOMPOSED | MAP_COMPOSITE | MAP_EXPAND_LIGATURES;
    const DWORD forms = flags & (MAP_PRECOMPOSED | MAP_COMPOSITE | MAP_EXPAND_LIGATURES);
    if (!text || !length || size < 0 || text == buffer) return fail_with(ERROR_INVALID_PARAMETER);
    // At most one of three.
    if (!flags || flags & ~all || forms & (forms - 1)) return fail_with(ERROR_INVALID_FLAGS);
    if (length < 0) length = (int)wide_length(text) + 1;
    struct output out = {buffer, size, 0, false};
    for (int i = 0; i < length;) i += fold(&out, flags, text + i, length - i);
    return out.overflow ? fail_with(ERROR_INSUFFICIENT_BUFFER) : out.length;
}

HOTPATCH int WINAPI FoldStringA(DWORD flags, const char *text, int length, char *buffer, int size)
{
    if (!text || !length || size < 0 || text == buffer) return fail_with(ERROR_INVALID_PARAMETER);
    int needed = MultiByteToWideChar(CP_ACP, 0, text, length, NULL, 0);
    AUTO_FREE WCHAR *wide = heap_alloc((SIZE_T)needed * sizeof(WCHAR));
    if (!wide) return 0;
    MultiByteToWideChar(CP_ACP, 0, text, length, wide, needed);
    int folded_length = FoldStringW(flags, wide, needed, NULL, 0);
    AUTO_FREE WCHAR *folded = folded_length ? heap_alloc((SIZE_T)folded_length * sizeof(WCHAR)) : NULL;
    if (!folded) return 0;
    FoldStringW(flags, wide, needed, folded, folded_length);
    return WideCharToMultiByte(CP_ACP, 0, folded, folded_length, buffer, size, NULL, NULL);
}
