// MultiByteToWideChar and WideCharToMultiByte: argument rules, and conversion by a code page's tables.
#include "codepage.h"
#include "string_decompose.h"

// Ends a conversion: ERROR_INSUFFICIENT_BUFFER or ERROR_NO_UNICODE_TRANSLATION give 0.
static int finish(struct conversion result, bool strict)
{
    if (result.invalid && strict) return fail_with(ERROR_NO_UNICODE_TRANSLATION);
    if (result.overflow) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    return result.length;
}

// ---- to wide ----

// Whether a byte or pair that became c has no character: it got the default one without standing for it.
static bool is_undefined(const CPTABLEINFO *tables, unsigned code, WCHAR c)
{
    return c == tables->UniDefaultChar && code != tables->TransUniDefaultChar;
}

// A code page of single bytes, where nobody asks whether all of them have a character: no more than a
// look-up.
static struct conversion bytes_to_wide(const USHORT *table, const unsigned char *source, int length,
                                       WCHAR *target, int size)
{
    struct conversion result = {length, size && size < length, false};
    int n = !size ? 0 : result.overflow ? size : length, i = 0;
    for (; i + 2 <= n; i += 2) {
        DWORD pair = table[source[i]] | (DWORD)table[source[i + 1]] << 16;
        __builtin_memcpy(target + i, &pair, sizeof(pair));
    }
    for (; i < n; i++) target[i] = table[source[i]];
    return result;
}

static struct conversion table_to_wide(const CPTABLEINFO *tables, const unsigned char *source, int length,
                                       WCHAR *target, int size)
{
    const USHORT *single = tables->MultiByteTable;
    const USHORT *offsets = tables->DBCSCodePage ? tables->DBCSOffsets : NULL;
    struct conversion result = {};
    for (int i = 0; i < length; i++) {
        unsigned code = source[i];
        WCHAR c;
        if (offsets && offsets[code]) {
            // A pair; a lead byte before the end or before a NUL has no partner.
            if (i + 1 < length && source[i + 1]) {
                unsigned trail = source[++i];
                c = offsets[offsets[code] + trail];
                code = code << 8 | trail;
                if (is_undefined(tables, code, c)) result.invalid = true;
            } else {
                c = tables->UniDefaultChar;
                result.invalid = true;
            }
        } else {
            c = single[code];
            // Bytes without a character have one of the private use area.
            if (is_undefined(tables, code, c) || (c >= 0xE000 && c <= 0xF8FF)) result.invalid = true;
        }
        if (size) {
            if (result.length >= size) {
                result.overflow = true;
                break;
            }
            target[result.length] = c;
        }
        result.length++;
    }
    return result;
}

// The symbol code page: glyphs of symbol fonts in the private use area.
static struct conversion symbol_to_wide(const unsigned char *source, int length, WCHAR *target, int size)
{
    struct conversion result = {length, size && size < length, false};
    int n = result.overflow ? size : length;
    if (size)
        for (int i = 0; i < n; i++) target[i] = source[i] < 0x20 ? source[i] : (WCHAR)(0xF000 + source[i]);
    return result;
}

// Decomposed results (MB_COMPOSITE) are given precomposed: nothing that reads Windows' text tells them apart.
HOTPATCH int WINAPI MultiByteToWideChar(UINT code_page, DWORD flags, const char *text, int length,
                                        WCHAR *buffer, int size)
{
    const unsigned char *source = (const unsigned char *)text;
    if (!text || !length || size < 0 || (size && (!buffer || (const void *)buffer == text)))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (length < 0) length = (int)strlen(text) + 1;
    code_page = resolve_code_page(code_page);
    bool strict = flags & MB_ERR_INVALID_CHARS;
    switch (code_page) {
    case CP_UTF8:
        if (flags & ~(DWORD)MB_ERR_INVALID_CHARS) return fail_with(ERROR_INVALID_FLAGS);
        return finish(utf8_to_wide(source, length, buffer, size), strict);
    case CP_UTF7:
        if (flags) return fail_with(ERROR_INVALID_FLAGS);
        return finish(utf7_to_wide(source, length, buffer, size), false);
    case CP_SYMBOL:
        if (flags) return fail_with(ERROR_INVALID_FLAGS);
        return finish(symbol_to_wide(source, length, buffer, size), false);
    }
    const CPTABLEINFO *tables = code_page_tables(code_page);
    if (!tables) return fail_with(ERROR_INVALID_PARAMETER);
    if ((flags & ~(DWORD)(MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS | MB_ERR_INVALID_CHARS)) ||
        (flags & (MB_PRECOMPOSED | MB_COMPOSITE)) == (MB_PRECOMPOSED | MB_COMPOSITE))
        return fail_with(ERROR_INVALID_FLAGS);
    if (!strict && !tables->DBCSCodePage)
        return finish(bytes_to_wide(tables->MultiByteTable, source, length, buffer, size), false);
    return finish(table_to_wide(tables, source, length, buffer, size), strict);
}

// ---- from wide ----

static unsigned encode(const CPTABLEINFO *tables, WCHAR c)
{
    return tables->DBCSCodePage ? ((const USHORT *)tables->WideCharTable)[c]
                                : ((const unsigned char *)tables->WideCharTable)[c];
}

static WCHAR decode(const CPTABLEINFO *tables, unsigned code)
{
    if (code < 0x100) return tables->MultiByteTable[code];
    unsigned offset = tables->DBCSOffsets[code >> 8];
    return offset ? tables->DBCSOffsets[offset + (code & 0xFF)] : 0;
}

struct wide_to_table {
    const CPTABLEINFO *tables;
    DWORD flags;
    unsigned default_code;
};

// The code of a character, or the default one.
static unsigned code_of(const struct wide_to_table *how, WCHAR c, bool *used_default)
{
    const CPTABLEINFO *tables = how->tables;
    unsigned code = encode(tables, c);
    bool mapped = code != tables->TransUniDefaultChar && code != tables->DefaultChar;
    // What maps to the default code is that character itself, or has no mapping.
    if (!mapped)
        mapped = decode(tables, code) == c;
    else if (how->flags & WC_NO_BEST_FIT_CHARS)
        mapped = decode(tables, code) == c;
    if (mapped) return code;
    *used_default = true;
    return how->default_code;
}

// The code of a letter and the mark behind it (WC_COMPOSITECHECK); false: they don't compose. Where the code
// page lacks what they compose to, flags say what stands for it; by default both stay as they are.
static bool code_of_pair(const struct wide_to_table *how, WCHAR letter, WCHAR mark, unsigned *code,
                         bool *used_default)
{
    bool lacking = false;
    WCHAR composed = canonical_composition(letter, mark);
    if (!composed) return false;
    *code = code_of(how, composed, &lacking);
    if (!lacking && decode(how->tables, *code) == composed) return true;
    if (!(how->flags & (WC_DISCARDNS | WC_DEFAULTCHAR))) return false;
    if (how->flags & WC_DISCARDNS) {
        *code = code_of(how, letter, used_default);
    } else {
        *code = how->default_code;
        *used_default = true;
    }
    return true;
}

static struct conversion wide_to_table(const struct wide_to_table *how, const WCHAR *source, int length,
                                       char *target, int size, bool *used_default)
{
    struct conversion result = {};
    for (int i = 0; i < length; i++) {
        unsigned code;
        if (how->flags & WC_COMPOSITECHECK && i + 1 < length && source[i + 1] >= 0x300 &&
            code_of_pair(how, source[i], source[i + 1], &code, used_default))
            i++;
        else
            code = code_of(how, source[i], used_default);
        int n = code > 0xFF ? 2 : 1;
        if (size) {
            if (result.length + n > size) {
                result.overflow = true;
                break;
            }
            if (n == 2) target[result.length] = (char)(code >> 8);
            target[result.length + n - 1] = (char)code;
        }
        result.length += n;
    }
    return result;
}

static int wide_to_symbol(const WCHAR *source, int length, char *target, int size)
{
    for (int i = 0; i < length; i++) {
        bool valid = source[i] < 0x20 || (source[i] >= 0xF020 && source[i] <= 0xF0FF);
        if (!valid) return fail_with(ERROR_NO_UNICODE_TRANSLATION);
        if (!size) continue;
        if (i >= size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
        target[i] = (char)source[i];
    }
    return length;
}

HOTPATCH int WINAPI WideCharToMultiByte(UINT code_page, DWORD flags, const WCHAR *text, int length,
                                        char *buffer, int size, const char *default_char, BOOL *used_default)
{
    if (!text || !length || size < 0 || (size && (!buffer || (const void *)buffer == text)))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (length < 0) length = (int)wide_length(text) + 1;
    code_page = resolve_code_page(code_page);
    if (code_page == CP_UTF8 || code_page == CP_UTF7 || code_page == CP_SYMBOL) {
        // Since Windows 10 1709 UTF-8 takes the arguments, which are for characters that it does not lack.
        if (code_page != CP_UTF8 && (default_char || used_default)) return fail_with(ERROR_INVALID_PARAMETER);
        if (flags & ~(DWORD)(code_page == CP_UTF8 ? WC_ERR_INVALID_CHARS : 0))
            return fail_with(ERROR_INVALID_FLAGS);
        if (code_page == CP_SYMBOL) return wide_to_symbol(text, length, buffer, size);
        if (code_page == CP_UTF7) return finish(wide_to_utf7(text, length, buffer, size), false);
        struct conversion result = wide_to_utf8(text, length, buffer, size);
        if (used_default) *used_default = result.invalid;
        return finish(result, flags & WC_ERR_INVALID_CHARS);
    }
    const CPTABLEINFO *tables = code_page_tables(code_page);
    if (!tables) return fail_with(ERROR_INVALID_PARAMETER);
    if (flags &
        ~(DWORD)(WC_COMPOSITECHECK | WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_NO_BEST_FIT_CHARS))
        return fail_with(ERROR_INVALID_FLAGS);
    struct wide_to_table how = {tables, flags, tables->DefaultChar};
    if (default_char) {
        unsigned char first = (unsigned char)default_char[0];
        bool lead = tables->DBCSCodePage && tables->DBCSOffsets[first];
        how.default_code = lead ? (unsigned)first << 8 | (unsigned char)default_char[1] : first;
    }
    bool used = false;
    struct conversion result = wide_to_table(&how, text, length, buffer, size, &used);
    if (used_default) *used_default = used;
    return finish(result, false);
}
