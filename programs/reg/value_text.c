// Data of values as text, and back.
#include "value_text.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static const struct type {
    DWORD type;
    const WCHAR *name;
} types[] = {
    {REG_NONE, L"REG_NONE"},
    {REG_SZ, L"REG_SZ"},
    {REG_EXPAND_SZ, L"REG_EXPAND_SZ"},
    {REG_BINARY, L"REG_BINARY"},
    {REG_DWORD, L"REG_DWORD"},
    {REG_DWORD_BIG_ENDIAN, L"REG_DWORD_BIG_ENDIAN"},
    {REG_LINK, L"REG_LINK"},
    {REG_MULTI_SZ, L"REG_MULTI_SZ"},
    {REG_RESOURCE_LIST, L"REG_RESOURCE_LIST"},
    {REG_FULL_RESOURCE_DESCRIPTOR, L"REG_FULL_RESOURCE_DESCRIPTOR"},
    {REG_RESOURCE_REQUIREMENTS_LIST, L"REG_RESOURCE_REQUIREMENTS_LIST"},
    {REG_QWORD, L"REG_QWORD"},
    {REG_DWORD, L"REG_DWORD_LITTLE_ENDIAN"},
    {REG_QWORD, L"REG_QWORD_LITTLE_ENDIAN"},
};

const WCHAR *type_name(DWORD type)
{
    for (size_t i = 0; i < ARRAYSIZE(types); i++)
        if (types[i].type == type) return types[i].name;
    return NULL;
}

bool type_named(const WCHAR *name, DWORD *type)
{
    for (size_t i = 0; i < ARRAYSIZE(types); i++) {
        if (_wcsicmp(types[i].name, name) != 0) continue;
        *type = types[i].type;
        return true;
    }
    return false;
}

// ---- text to data ----

static int digit_of(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

// Decimal digits, or hexadecimal ones behind 0x; nothing else, and no more than the type holds.
static bool take_number(const WCHAR *text, uint64_t most, uint64_t *number)
{
    int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
    if (base == 16) text += 2;
    if (!*text) return false;
    for (*number = 0; *text; text++) {
        int digit = digit_of(*text);
        if (digit >= base || *number > (most - (uint64_t)digit) / (uint64_t)base) return false;
        *number = *number * (uint64_t)base + (uint64_t)digit;
    }
    return true;
}

static enum data_error number_from_text(const WCHAR *text, DWORD width, BYTE **data, DWORD *size)
{
    uint64_t number;
    if (!text || !take_number(text, width == 4 ? UINT32_MAX : UINT64_MAX, &number)) return DATA_NOT_A_NUMBER;
    *data = memcpy(take_memory(sizeof number), &number, sizeof number);
    *size = width;
    return DATA_GOOD;
}

// An odd number of digits has a zero before them.
static enum data_error bytes_from_text(const WCHAR *text, BYTE **data, DWORD *size)
{
    size_t digits = wcslen(text), n = 0;
    *data = take_memory(digits / 2 + 1);
    unsigned byte = 0;
    for (size_t i = 0; i < digits; i++) {
        int digit = digit_of(text[i]);
        if (digit == 16) return DATA_NOT_HEXADECIMAL;
        byte = byte << 4 | (unsigned)digit;
        if ((digits - i) % 2) (*data)[n++] = (BYTE)byte;
    }
    *size = (DWORD)n;
    return DATA_GOOD;
}

// Strings with one separator between each two; one at the end is passed over. None of them may be empty.
static enum data_error strings_from_text(const WCHAR *text, const WCHAR *separator, BYTE **data, DWORD *size)
{
    size_t skip = wcslen(separator), n = 0;
    WCHAR *out = take_memory((wcslen(text) + 2) * sizeof(WCHAR));
    *data = (BYTE *)out;
    if (wcscmp(text, separator) == 0) text = L"";
    while (*text) {
        const WCHAR *end = wcsstr(text, separator);
        size_t length = end ? (size_t)(end - text) : wcslen(text);
        if (!length) return DATA_EMPTY_STRING;
        wmemcpy(out + n, text, length);
        n += length;
        out[n++] = 0;
        text += length + (end ? skip : 0);
    }
    out[n++] = 0;
    *size = (DWORD)(n * sizeof(WCHAR));
    return DATA_GOOD;
}

enum data_error data_from_text(DWORD type, const WCHAR *text, const WCHAR *separator, BYTE **data,
                               DWORD *size)
{
    switch (type) {
    case REG_DWORD:
    case REG_DWORD_BIG_ENDIAN: return number_from_text(text, 4, data, size);
    case REG_QWORD: return number_from_text(text, 8, data, size);
    case REG_BINARY: return bytes_from_text(text ? text : L"", data, size);
    case REG_MULTI_SZ: return strings_from_text(text ? text : L"", separator, data, size);
    default:
        *data = (BYTE *)copy_text(text ? text : L"");
        *size = (DWORD)((wcslen((WCHAR *)*data) + 1) * sizeof(WCHAR));
        return DATA_GOOD;
    }
}

// ---- data to text ----

static WCHAR *number_to_text(const BYTE *data, DWORD size)
{
    uint64_t number = 0;
    WCHAR *text = take_memory(20 * sizeof(WCHAR));
    memcpy(&number, data, size);
    swprintf(text, 20, L"0x%I64x", number);
    return text;
}

static WCHAR *bytes_to_text(const BYTE *data, DWORD size)
{
    WCHAR *text = take_memory((2 * (size_t)size + 1) * sizeof(WCHAR));
    for (DWORD i = 0; i < size; i++) {
        text[2 * i] = L"0123456789ABCDEF"[data[i] >> 4];
        text[2 * i + 1] = L"0123456789ABCDEF"[data[i] & 15];
    }
    text[2 * (size_t)size] = 0;
    return text;
}

static WCHAR *strings_to_text(const WCHAR *strings, size_t count, const WCHAR *separator)
{
    size_t length = 0, skip = wcslen(separator);
    while (count && !strings[count - 1]) count--;
    WCHAR *text = take_memory((count * (skip + 1) + 1) * sizeof(WCHAR));
    for (size_t i = 0; i < count; i++) {
        if (strings[i]) {
            text[length++] = strings[i];
            continue;
        }
        wmemcpy(text + length, separator, skip);
        length += skip;
    }
    text[length] = 0;
    return text;
}

WCHAR *data_to_text(const struct registry_value *value, const WCHAR *separator)
{
    switch (value->type) {
    case REG_SZ:
    case REG_EXPAND_SZ:
    case REG_LINK: return copy_text((const WCHAR *)value->data);
    case REG_MULTI_SZ:
        return strings_to_text((const WCHAR *)value->data, value->size / sizeof(WCHAR), separator);
    case REG_DWORD:
    case REG_DWORD_BIG_ENDIAN:
        if (value->size == 4) return number_to_text(value->data, 4);
        break;
    case REG_QWORD:
        if (value->size == 8) return number_to_text(value->data, 8);
        break;
    }
    return bytes_to_text(value->data, value->size);
}
