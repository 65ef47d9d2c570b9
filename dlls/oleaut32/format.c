// VarFormat: values as texts by a format, as Visual Basic's Format makes them.
#include "format.h"

// What VarTokenizeFormatString keeps of a format. The sections are read from the format's text again.
struct tokens {
    BYTE size, first_day, first_week;
};

static enum format_kind kind_of_character(WCHAR c)
{
    switch (c) {
    case '0':
    case '#':
    case '.':
    case ',':
    case '%':
    case ';': return FORMAT_NUMBER;
    case '@':
    case '&':
    case '<':
    case '>':
    case '!': return FORMAT_TEXT;
    case ':':
    case '/': return FORMAT_DATE;
    }
    c |= 0x20;
    return c == 'a' || c == 'c' || c == 'd' || c == 'h' || c == 'm' || c == 'n' || c == 'q' || c == 's' ||
                   c == 't' || c == 'w' || c == 'y'
               ? FORMAT_DATE
               : FORMAT_LITERAL;
}

// The first character that means something says for what the format is.
static void read_format(const WCHAR *text, struct format *format)
{
    struct section rest = {text, text + lstrlenW(text)}, *section = format->section;
    struct piece piece;
    *section = rest;
    format->sections = 1;
    format->kind = FORMAT_LITERAL;
    for (const WCHAR *before = rest.at; next_piece(&rest, &piece); before = rest.at) {
        if (piece.literal) continue;
        if (format->kind == FORMAT_LITERAL) format->kind = kind_of_character(piece.c);
        if (piece.c != ';') continue;
        section->end = before;
        if (format->sections == FORMAT_SECTIONS) return;
        *++section = rest;
        format->sections++;
    }
}

// ---- formats with names ----

static const WCHAR *const yes_no[][3] = {
    {L"Yes/No", L"No", L"Yes"}, {L"True/False", L"False", L"True"}, {L"On/Off", L"Off", L"On"}};

static bool is_name(const WCHAR *format, const WCHAR *name)
{
    return CompareStringOrdinal(format, -1, name, -1, TRUE) == CSTR_EQUAL;
}

// The format that a name stands for; the text itself where it is no name.
static const WCHAR *named_format(const WCHAR *format)
{
    static const WCHAR *const names[][2] = {
        {L"Fixed", L"0.00"},
        {L"Standard", L"#,##0.00"},
        {L"Percent", L"0.00%"},
        {L"Scientific", L"0.00E+00"},
        {L"General Date", L"c"},
        {L"Long Date", L"dddddd"},
        {L"Medium Date", L"dd-mmm-yy"},
        {L"Short Date", L"ddddd"},
        {L"Long Time", L"ttttt"},
        {L"Medium Time", L"hh:mm AMPM"},
        {L"Short Time", L"hh:mm"},
    };
    for (unsigned i = 0; i < ARRAY_LENGTH(names); i++)
        if (is_name(format, names[i][0])) return names[i][1];
    return format;
}

static HRESULT general(struct output *out, VARIANT *value)
{
    VARIANT text;
    VariantInit(&text);
    HRESULT status = VariantChangeTypeEx(&text, value, out->lcid, VARIANT_LOCALBOOL, VT_BSTR);
    if (SUCCEEDED(status)) put_text(out, V_BSTR(&text), SysStringLen(V_BSTR(&text)));
    VariantClear(&text);
    return status;
}

static HRESULT put_yes_no(struct output *out, VARIANT *value, const WCHAR *const words[3])
{
    VARIANT number;
    VariantInit(&number);
    HRESULT status = VariantChangeTypeEx(&number, value, out->lcid, 0, VT_R8);
    if (FAILED(status)) return status;
    const WCHAR *word = words[V_R8(&number) != 0 ? 2 : 1];
    put_text(out, word, (ULONG)lstrlenW(word));
    return S_OK;
}

// ---- all of them ----

static HRESULT format_value(struct output *out, struct format *format, const WCHAR *text, VARIANT *value)
{
    HRESULT status;
    if (!text || !*text || is_name(text, L"General Number")) return general(out, value);
    for (unsigned i = 0; i < ARRAY_LENGTH(yes_no); i++)
        if (is_name(text, yes_no[i][0])) return put_yes_no(out, value, yes_no[i]);
    read_format(named_format(text), format);
    switch (format->kind) {
    case FORMAT_NUMBER: status = format_number(out, format, value); break;
    case FORMAT_DATE: status = format_date(out, format, value); break;
    case FORMAT_TEXT: return format_text(out, format, value);
    default: return format_number(out, format, value);
    }
    // A text that is no number stays as it is.
    return FAILED(status) && V_VT(value) == VT_BSTR ? general(out, value) : status;
}

static HRESULT format_variant(VARIANT *value, const WCHAR *text, int first_day, int first_week, ULONG flags,
                              LCID lcid, BSTR *result)
{
    struct output out = {.lcid = lcid};
    struct format format = {.first_day = first_day, .first_week = first_week};
    VARIANT plain;
    *result = NULL;
    VariantInit(&plain);
    HRESULT status = VariantCopyInd(&plain, value);
    if (FAILED(status) || V_VT(&plain) == VT_NULL) return status;
    if (text && is_name(text, L"Currency"))
        status = VarFormatCurrency(&plain, -1, -2, -2, -2, flags, result);
    else
        status = finish_output(&out, format_value(&out, &format, text, &plain), result);
    VariantClear(&plain);
    return status;
}

HOTPATCH HRESULT WINAPI VarFormat(LPVARIANT value, LPOLESTR format, int first_day, int first_week,
                                  ULONG flags, BSTR *result)
{
    if (!value || !result || first_day < 0 || first_day > 7 || first_week < 0 || first_week > 3)
        return E_INVALIDARG;
    return format_variant(value, format, first_day, first_week, flags, LOCALE_USER_DEFAULT, result);
}

HOTPATCH HRESULT WINAPI VarTokenizeFormatString(LPOLESTR text, LPBYTE buffer, int size, int first_day,
                                                int first_week, LCID lcid, int *needed)
{
    struct tokens tokens = {
        .size = sizeof(tokens), .first_day = (BYTE)first_day, .first_week = (BYTE)first_week};
    (void)text, (void)lcid; // formats are the same in all languages
    if (!buffer || size < 0 || first_day < 0 || first_day > 7 || first_week < 0 || first_week > 3)
        return E_INVALIDARG;
    if (needed) *needed = sizeof(tokens);
    if (size < (int)sizeof(tokens)) return TYPE_E_BUFFERTOOSMALL;
    memcpy(buffer, &tokens, sizeof(tokens));
    return S_OK;
}

HOTPATCH HRESULT WINAPI VarFormatFromTokens(LPVARIANT value, LPOLESTR text, LPBYTE buffer, ULONG flags,
                                            BSTR *result, LCID lcid)
{
    struct tokens tokens;
    if (!value || !result || !buffer) return E_INVALIDARG;
    memcpy(&tokens, buffer, sizeof(tokens));
    if (tokens.size != sizeof(tokens)) return E_INVALIDARG;
    return format_variant(value, text, tokens.first_day, tokens.first_week, flags, lcid, result);
}
