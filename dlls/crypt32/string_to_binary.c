// CryptStringToBinary: base64 with and without its header lines, and dumps in hexadecimal.
#include "string_binary.h"
#include "dlls/advapi32/base.h"
#include <wincrypt.h>

static bool is_space(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

// --- base64

static int base64_value(char byte)
{
    if (byte >= 'A' && byte <= 'Z') return byte - 'A';
    if (byte >= 'a' && byte <= 'z') return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9') return byte - '0' + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

bool base64_decode(struct text_span text, BYTE *data, DWORD *size)
{
    DWORD bits = 0, digits = 0, padding = 0, count = 0;
    for (; text.size; text.size--) {
        char byte = *text.data++;
        if (is_space(byte)) continue;
        if (byte == '=') {
            if (++padding > 2) return false;
            continue;
        }
        int value = base64_value(byte);
        if (value < 0 || padding) return false;
        bits = bits << 6 | (DWORD)value;
        if (++digits % 4 == 1) continue;
        if (data) data[count] = (BYTE)(bits >> (6 - (digits - 1) % 4 * 2));
        count++;
    }
    *size = count;
    return digits % 4 != 1 && (!padding || (digits + padding) % 4 == 0);
}

static const char *find_text(struct text_span text, const char *wanted)
{
    DWORD length = (DWORD)strlen(wanted);
    for (; text.size >= length; text.data++, text.size--)
        if (!memcmp(text.data, wanted, length)) return text.data;
    return NULL;
}

static void skip_to(struct text_span *text, const char *place)
{
    text->size -= (DWORD)(place - text->data);
    text->data = place;
}

bool pem_next(struct text_span *text, struct text_span *body)
{
    const char *begin = find_text(*text, "-----BEGIN ");
    if (!begin) return false;
    skip_to(text, begin + 11);
    const char *dashes = find_text(*text, "-----");
    if (!dashes) return false;
    skip_to(text, dashes + 5);
    const char *end = find_text(*text, "-----END ");
    if (!end) return false;
    *body = (struct text_span){text->data, (DWORD)(end - text->data)};
    skip_to(text, end);
    return true;
}

static bool read_base64(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    *skipped = 0;
    return base64_decode(text, data, size);
}

static bool read_pem(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    struct text_span rest = text, body;
    const char *begin = find_text(text, "-----BEGIN ");
    if (!begin || !pem_next(&rest, &body)) return false;
    *skipped = (DWORD)(begin - text.data);
    return base64_decode(body, data, size);
}

static bool read_crl_pem(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    return find_text(text, "-----BEGIN X509 CRL-----") && read_pem(text, data, size, skipped);
}

static bool read_base64_url(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    AUTO_FREE char *copy = heap_alloc(text.size + 1);
    if (!copy) return false;
    for (DWORD i = 0; i < text.size; i++)
        copy[i] = text.data[i] == '-' ? '+' : text.data[i] == '_' ? '/' : text.data[i];
    return read_base64((struct text_span){copy, text.size}, data, size, skipped);
}

// --- hexadecimal

static int hex_value(char byte)
{
    if (byte >= '0' && byte <= '9') return byte - '0';
    if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static bool read_hex(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    DWORD count = 0;
    *skipped = 0;
    while (text.size) {
        if (is_space(text.data[0])) {
            text.data++;
            text.size--;
            continue;
        }
        int high = hex_value(text.data[0]), low = text.size > 1 ? hex_value(text.data[1]) : -1;
        if (high < 0 || low < 0) return false;
        if (data) data[count] = (BYTE)(high << 4 | low);
        count++;
        text.data += 2;
        text.size -= 2;
    }
    *size = count;
    return true;
}

enum { DUMP_ADDRESS = 1, DUMP_ASCII = 2, LINE_BYTES = 16 };

// One line of a dump: an address of hexadecimal digits, up to 16 bytes, and after at least two spaces
// characters.
static bool read_dump_line(struct text_span line, unsigned form, BYTE *data, DWORD *count)
{
    while (line.size && is_space(line.data[0])) skip_to(&line, line.data + 1);
    if (form & DUMP_ADDRESS) {
        DWORD digits = 0;
        for (; line.size && hex_value(line.data[0]) >= 0; digits++) skip_to(&line, line.data + 1);
        if (line.size ? digits < 4 || !is_space(line.data[0]) : digits) return false;
    }
    for (DWORD bytes = 0; line.size && bytes < LINE_BYTES; bytes++) {
        DWORD spaces = 0;
        for (; line.size && is_space(line.data[0]); spaces++) skip_to(&line, line.data + 1);
        if (!line.size || (form & DUMP_ASCII && bytes && spaces > 2)) break;
        int high = hex_value(line.data[0]), low = line.size > 1 ? hex_value(line.data[1]) : -1;
        if (high < 0 || low < 0) return false;
        if (data) data[*count] = (BYTE)(high << 4 | low);
        ++*count;
        skip_to(&line, line.data + 2);
    }
    if (form & DUMP_ASCII) return true;
    while (line.size && is_space(line.data[0])) skip_to(&line, line.data + 1);
    return !line.size;
}

static bool read_dump(struct text_span text, unsigned form, BYTE *data, DWORD *size, DWORD *skipped)
{
    *size = *skipped = 0;
    while (text.size) {
        DWORD length = 0;
        while (length < text.size && text.data[length] != '\n') length++;
        if (!read_dump_line((struct text_span){text.data, length}, form, data, size)) return false;
        skip_to(&text, text.data + length + (length < text.size));
    }
    return true;
}

static bool read_hex_address(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    return read_dump(text, DUMP_ADDRESS, data, size, skipped);
}

static bool read_hex_ascii(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    return read_dump(text, DUMP_ASCII, data, size, skipped);
}

static bool read_hex_both(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    return read_dump(text, DUMP_ADDRESS | DUMP_ASCII, data, size, skipped);
}

static bool read_binary(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped)
{
    *skipped = 0;
    *size = text.size;
    if (data) memcpy(data, text.data, text.size);
    return true;
}

// --- formats

typedef bool reader(struct text_span text, BYTE *data, DWORD *size, DWORD *skipped);

static const struct {
    DWORD format;
    reader *read;
    DWORD any; // the "any" formats that try it, in this order: bits of their numbers
} formats[] = {
    {CRYPT_STRING_BASE64HEADER, read_pem, 1 << CRYPT_STRING_BASE64_ANY | 1 << CRYPT_STRING_ANY},
    {CRYPT_STRING_BASE64, read_base64, 1 << CRYPT_STRING_BASE64_ANY | 1 << CRYPT_STRING_ANY},
    {CRYPT_STRING_BASE64REQUESTHEADER, read_pem, 0},
    {CRYPT_STRING_BASE64X509CRLHEADER, read_crl_pem, 0},
    {CRYPT_STRING_HEXADDR, read_hex_address, 1 << CRYPT_STRING_HEX_ANY},
    {CRYPT_STRING_HEXASCIIADDR, read_hex_both, 1 << CRYPT_STRING_HEX_ANY},
    {CRYPT_STRING_HEX, read_hex, 1 << CRYPT_STRING_HEX_ANY},
    {CRYPT_STRING_HEXRAW, read_hex, 1 << CRYPT_STRING_HEX_ANY},
    {CRYPT_STRING_HEXASCII, read_hex_ascii, 1 << CRYPT_STRING_HEX_ANY},
    {13 /* CRYPT_STRING_BASE64URI */, read_base64_url, 0},
    {CRYPT_STRING_BINARY, read_binary, 1 << CRYPT_STRING_ANY},
};

HOTPATCH BOOL WINAPI CryptStringToBinaryA(LPCSTR string, DWORD length, DWORD flags, BYTE *data, DWORD *size,
                                          DWORD *skipped, DWORD *used)
{
    DWORD format = flags & ~(CRYPT_STRING_NOCR | CRYPT_STRING_NOCRLF | CRYPT_STRING_STRICT), needed, before;
    if (!string) return fail_with(ERROR_INVALID_PARAMETER);
    struct text_span text = {string, length ? length : (DWORD)strlen(string)};
    for (DWORD i = 0; i < ARRAY_LENGTH(formats); i++) {
        bool any = format < 32 && formats[i].any >> format & 1;
        if (formats[i].format != format && !any) continue;
        if (!formats[i].read(text, NULL, &needed, &before)) continue;
        DWORD room = *size;
        *size = needed;
        if (skipped) *skipped = before;
        if (used) *used = formats[i].format;
        if (!data) return TRUE;
        if (room < needed) return fail_with(ERROR_MORE_DATA);
        return formats[i].read(text, data, &needed, &before);
    }
    return fail_with(ERROR_INVALID_DATA);
}

HOTPATCH BOOL WINAPI CryptStringToBinaryW(LPCWSTR string, DWORD length, DWORD flags, BYTE *data, DWORD *size,
                                          DWORD *skipped, DWORD *used)
{
    if (!string) return fail_with(ERROR_INVALID_PARAMETER);
    if (!length) length = (DWORD)wcslen(string);
    if (!length) return CryptStringToBinaryA("", 0, flags, data, size, skipped, used);
    // What isn't ASCII belongs to no format.
    AUTO_FREE char *text = heap_alloc(length + 1);
    if (!text) return FALSE;
    for (DWORD i = 0; i < length; i++) text[i] = string[i] < 0x80 ? (char)string[i] : '\x80';
    return CryptStringToBinaryA(text, length, flags, data, size, skipped, used);
}
