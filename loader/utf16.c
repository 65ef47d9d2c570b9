// Text between the host's UTF-8 and the guest's UTF-16 (Unicode Standard, 3.9, with WTF-8's surrogates).
#include "loader/utf16.h"

enum { RAW_BYTE = 0xf700 };

// Decodes one sequence; 0 when the bytes at text are none.
static size_t decode(uint32_t *c, const unsigned char *text, size_t length)
{
    unsigned char first = text[0];
    size_t n = first < 0x80                    ? 1
               : first >= 0xc2 && first < 0xe0 ? 2
               : first >= 0xe0 && first < 0xf0 ? 3
               : first >= 0xf0 && first < 0xf5 ? 4
                                               : 0;
    if (n == 0 || n > length) return 0;
    uint32_t value = n == 1 ? first : first & (0xff >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0) != 0x80) return 0;
        value = value << 6 | (text[i] & 0x3f);
    }
    if ((n == 3 && value < 0x800) || (n == 4 && (value < 0x10000 || value > 0x10ffff))) return 0;
    *c = value;
    return n;
}

size_t utf16_from_utf8(uint16_t *out, const char *text, size_t length)
{
    size_t units = 0;
    for (size_t i = 0; i < length;) {
        uint32_t c;
        size_t n = decode(&c, (const unsigned char *)text + i, length - i);
        if (n == 0) {
            out[units++] = RAW_BYTE + (unsigned char)text[i++];
            continue;
        }
        if (c < 0x10000) {
            out[units++] = c;
        } else {
            out[units++] = 0xd800 + ((c - 0x10000) >> 10);
            out[units++] = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        i += n;
    }
    return units;
}

size_t utf16_to_utf8(char *out, const uint16_t *units, size_t length)
{
    char *p = out;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = units[i];
        if (c >= 0xd800 && c < 0xdc00 && i + 1 < length && units[i + 1] >= 0xdc00 && units[i + 1] < 0xe000)
            c = 0x10000 + ((c - 0xd800) << 10) + (units[++i] - 0xdc00);
        if (c >= RAW_BYTE + 0x80 && c <= RAW_BYTE + 0xff) {
            *p++ = (char)(c - RAW_BYTE);
        } else if (c < 0x80) {
            *p++ = (char)c;
        } else if (c < 0x800) {
            *p++ = (char)(0xc0 | c >> 6);
            *p++ = (char)(0x80 | (c & 0x3f));
        } else if (c < 0x10000) {
            *p++ = (char)(0xe0 | c >> 12);
            *p++ = (char)(0x80 | (c >> 6 & 0x3f));
            *p++ = (char)(0x80 | (c & 0x3f));
        } else {
            *p++ = (char)(0xf0 | c >> 18);
            *p++ = (char)(0x80 | (c >> 12 & 0x3f));
            *p++ = (char)(0x80 | (c >> 6 & 0x3f));
            *p++ = (char)(0x80 | (c & 0x3f));
        }
    }
    *p = 0;
    return p - out;
}
