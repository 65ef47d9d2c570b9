// CryptBinaryToString: base64 with and without header lines, and dumps in hexadecimal.
#include "der.h"
#include "dlls/advapi32/base.h"
#include <wincrypt.h>

enum { LINE_BYTES = 16, BASE64_LINE = 64 };

static void put_text(struct der_writer *out, const char *text)
{
    der_put(out, text, (DWORD)strlen(text));
}

static const char *line_end(DWORD flags)
{
    return flags & CRYPT_STRING_NOCRLF ? "" : flags & CRYPT_STRING_NOCR ? "\n" : "\r\n";
}

// --- base64

static void put_base64(struct der_writer *out, const BYTE *data, DWORD size, DWORD flags, bool url)
{
    const char *digits = url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                             : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    DWORD column = 0;
    for (DWORD i = 0; i < size; i += 3) {
        DWORD left = size - i, bits = (DWORD)data[i] << 16;
        if (left > 1) bits |= (DWORD)data[i + 1] << 8;
        if (left > 2) bits |= data[i + 2];
        char group[4] = {digits[bits >> 18], digits[bits >> 12 & 63], left > 1 ? digits[bits >> 6 & 63] : '=',
                         left > 2 ? digits[bits & 63] : '='};
        der_put(out, group, url && left < 3 ? left + 1 : 4);
        column += 4;
        if (column == BASE64_LINE || (left <= 3 && !url)) {
            put_text(out, line_end(flags));
            column = 0;
        }
    }
}

static void put_pem(struct der_writer *out, const BYTE *data, DWORD size, DWORD flags, const char *what)
{
    // Header lines end also where the text in between isn't divided.
    const char *end = flags & CRYPT_STRING_NOCR ? "\n" : "\r\n";
    put_text(out, "-----BEGIN ");
    put_text(out, what);
    put_text(out, "-----");
    put_text(out, end);
    put_base64(out, data, size, flags & ~CRYPT_STRING_NOCRLF, false);
    put_text(out, "-----END ");
    put_text(out, what);
    put_text(out, "-----");
    put_text(out, end);
}

// --- hexadecimal

static void put_hex(struct der_writer *out, DWORD value, int digits)
{
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        der_put(out, &"0123456789abcdef"[value >> shift & 15], 1);
}

static void put_ascii(struct der_writer *out, const BYTE *data, DWORD count)
{
    for (DWORD i = count; i < LINE_BYTES; i++) put_text(out, i == 7 ? "    " : "   ");
    put_text(out, "   ");
    for (DWORD i = 0; i < count; i++)
        der_put(out, data[i] < 0x20 || data[i] > 0x7E ? (const BYTE *)"." : &data[i], 1);
}

static void put_dump(struct der_writer *out, const BYTE *data, DWORD size, DWORD flags, bool address,
                     bool ascii)
{
    for (DWORD line = 0; line < size; line += LINE_BYTES) {
        DWORD count = size - line < LINE_BYTES ? size - line : LINE_BYTES;
        if (address) {
            put_hex(out, line, 4);
            put_text(out, "\t");
        }
        for (DWORD i = 0; i < count; i++) {
            if (i) put_text(out, i == 8 ? "  " : " ");
            put_hex(out, data[line + i], 2);
        }
        if (ascii) put_ascii(out, data + line, count);
        put_text(out, flags & CRYPT_STRING_NOCRLF && line + count < size ? " " : line_end(flags));
    }
}

// --- formats

// False for one that is not known.
static bool put_format(struct der_writer *out, const BYTE *data, DWORD size, DWORD flags)
{
    switch (flags & 0xFFFFFFF) {
    case CRYPT_STRING_BASE64HEADER: put_pem(out, data, size, flags, "CERTIFICATE"); break;
    case CRYPT_STRING_BASE64: put_base64(out, data, size, flags, false); break;
    case CRYPT_STRING_BASE64REQUESTHEADER: put_pem(out, data, size, flags, "NEW CERTIFICATE REQUEST"); break;
    case CRYPT_STRING_BASE64X509CRLHEADER: put_pem(out, data, size, flags, "X509 CRL"); break;
    case CRYPT_STRING_HEX: put_dump(out, data, size, flags, false, false); break;
    case CRYPT_STRING_HEXASCII: put_dump(out, data, size, flags, false, true); break;
    case CRYPT_STRING_HEXADDR: put_dump(out, data, size, flags, true, false); break;
    case CRYPT_STRING_HEXASCIIADDR: put_dump(out, data, size, flags, true, true); break;
    case CRYPT_STRING_HEXRAW:
        for (DWORD i = 0; i < size; i++) put_hex(out, data[i], 2);
        put_text(out, line_end(flags));
        break;
    case 13 /* CRYPT_STRING_BASE64URI */:
        put_base64(out, data, size, flags | CRYPT_STRING_NOCRLF, true);
        break;
    default: return false;
    }
    return true;
}

// Whether the text fits; *length is then its length, else what it takes with its NUL.
static bool have_room(DWORD needed, const void *string, DWORD *length)
{
    DWORD room = *length;
    *length = needed + 1;
    if (!string) return false;
    if (room <= needed) {
        SetLastError(ERROR_MORE_DATA);
        return false;
    }
    *length = needed;
    return true;
}

// CRYPT_STRING_BINARY: the bytes as they are, by both functions.
static BOOL give_bytes(const BYTE *data, DWORD size, void *string, DWORD *length)
{
    DWORD room = *length;
    *length = size;
    if (!string) return TRUE;
    if (room < size) return fail_with(ERROR_MORE_DATA);
    memcpy(string, data, size);
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptBinaryToStringA(const BYTE *data, DWORD size, DWORD flags, LPSTR string,
                                          DWORD *length)
{
    AUTO_WRITER struct der_writer out = {0};
    if (!data || !length) return fail_with(ERROR_INVALID_PARAMETER);
    if ((flags & 0xFFFFFFF) == CRYPT_STRING_BINARY) return give_bytes(data, size, string, length);
    if (!put_format(&out, data, size, flags)) return fail_with(ERROR_INVALID_PARAMETER);
    if (out.error) return fail_with(out.error);
    if (!have_room(out.size, string, length)) return !string;
    memcpy(string, out.data, out.size);
    string[out.size] = 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI CryptBinaryToStringW(const BYTE *data, DWORD size, DWORD flags, LPWSTR string,
                                          DWORD *length)
{
    AUTO_WRITER struct der_writer out = {0};
    if (!data || !length) return fail_with(ERROR_INVALID_PARAMETER);
    if ((flags & 0xFFFFFFF) == CRYPT_STRING_BINARY) return give_bytes(data, size, string, length);
    if (!put_format(&out, data, size, flags)) return fail_with(ERROR_INVALID_PARAMETER);
    if (out.error) return fail_with(out.error);
    if (!have_room(out.size, string, length)) return !string;
    for (DWORD i = 0; i < out.size; i++) string[i] = out.data[i];
    string[out.size] = 0;
    return TRUE;
}
