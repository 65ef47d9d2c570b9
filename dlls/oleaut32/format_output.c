// The text that VarFormat makes, and how formats are taken apart.
#include "format.h"

#define LENGTH_MAX 0x1FFFFFFF // twice that many characters can be counted in bytes

static bool make_room(struct output *out, ULONG length)
{
    if (length > LENGTH_MAX - out->length) out->failed = true;
    if (out->failed) return false;
    if (out->length + length <= out->capacity) return true;
    ULONG capacity = (out->length + length) * 2;
    WCHAR *text = out->text ? HeapReAlloc(GetProcessHeap(), 0, out->text, capacity * sizeof(WCHAR))
                            : HeapAlloc(GetProcessHeap(), 0, capacity * sizeof(WCHAR));
    out->failed = !text;
    if (!text) return false;
    out->text = text;
    out->capacity = capacity;
    return true;
}

void put_text(struct output *out, const WCHAR *text, ULONG length)
{
    if (!length || !make_room(out, length)) return;
    memcpy(out->text + out->length, text, length * sizeof(WCHAR));
    out->length += length;
}

void put_character(struct output *out, WCHAR c)
{
    put_text(out, &c, 1);
}

void put_number(struct output *out, unsigned number, int width)
{
    WCHAR digits[16];
    int n = ARRAY_LENGTH(digits);
    for (; number; number /= 10, width--) digits[--n] = '0' + number % 10;
    for (; width > 0; width--) put_character(out, '0'); // a format may ask for any number of them
    put_text(out, digits + n, ARRAY_LENGTH(digits) - (ULONG)n);
}

void put_locale(struct output *out, LCTYPE type)
{
    WCHAR text[80];
    int size = GetLocaleInfoW(out->lcid, type, text, ARRAY_LENGTH(text));
    if (size > 0) put_text(out, text, (ULONG)size - 1);
}

HRESULT finish_output(struct output *out, HRESULT status, BSTR *result)
{
    if (SUCCEEDED(status)) {
        BSTR text = out->failed ? NULL : SysAllocStringLen(out->text, out->length);
        if (text) *result = text;
        status = text ? S_OK : E_OUTOFMEMORY;
    }
    if (out->text) HeapFree(GetProcessHeap(), 0, out->text);
    return status;
}

bool next_piece(struct section *section, struct piece *piece)
{
    if (section->at >= section->end) return false;
    *piece = (struct piece){.c = *section->at++};
    if (piece->c == '\\' && section->at < section->end) {
        piece->literal = section->at++;
        piece->length = 1;
    } else if (piece->c == '"') {
        piece->literal = section->at;
        while (section->at < section->end && *section->at != '"') section->at++;
        piece->length = (ULONG)(section->at - piece->literal);
        if (section->at < section->end) section->at++;
    }
    return true;
}
