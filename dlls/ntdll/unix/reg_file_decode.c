// The encodings of .reg files.
#include "reg_file.h"
#include <stdlib.h>
#include <string.h>

// Windows-1252 from 80h to 9Fh; the rest is Latin-1.
static const uint16_t upper[32] = {
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178,
};

uint16_t reg_file_from_ansi(uint8_t character)
{
    return character >= 0x80 && character < 0xA0 ? upper[character - 0x80] : character;
}

uint8_t reg_file_to_ansi(uint16_t unit)
{
    if (unit < 0x80 || (unit >= 0xA0 && unit < 0x100)) return (uint8_t)unit;
    for (unsigned i = 0; i < 32; i++)
        if (upper[i] == unit) return (uint8_t)(0x80 + i);
    return '?';
}

// One character of UTF-8; -1 when it is none.
static int32_t take_utf8(const uint8_t *bytes, size_t size, size_t *at)
{
    uint8_t first = bytes[(*at)++];
    if (first < 0x80) return first;
    unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    static const int32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    if (first < 0xC2 || first > 0xF4 || size - *at < more) return -1;
    int32_t character = first & (0x3F >> more);
    for (unsigned i = 0; i < more; i++) {
        uint8_t next = bytes[(*at)++];
        if ((next & 0xC0) != 0x80) return -1;
        character = character << 6 | (next & 0x3F);
    }
    return character < smallest[more] || character > 0x10FFFF ? -1 : character;
}

static bool decode_utf8(const uint8_t *bytes, size_t size, uint16_t *out, size_t *count)
{
    size_t n = 0;
    for (size_t at = 0; at < size;) {
        int32_t character = take_utf8(bytes, size, &at);
        if (character < 0) return false;
        if (character >= 0x10000) {
            out[n++] = (uint16_t)(0xD800 + ((character - 0x10000) >> 10));
            out[n++] = (uint16_t)(0xDC00 + (character & 0x3FF));
        } else {
            out[n++] = (uint16_t)character;
        }
    }
    *count = n;
    return true;
}

uint16_t *reg_file_decode(const uint8_t *bytes, size_t size, size_t *count)
{
    uint16_t *out = malloc(2 * size + 2);
    if (!out) return NULL;
    if (size >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) {
        *count = (size - 2) / 2;
        memcpy(out, bytes + 2, *count * 2);
        return out;
    }
    bool marked = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (decode_utf8(bytes + 3 * marked, size - 3 * marked, out, count)) return out;
    for (size_t i = 0; i < size; i++) out[i] = reg_file_from_ansi(bytes[i]);
    *count = size;
    return out;
}
