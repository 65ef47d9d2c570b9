// File names between UTF-16 and the host's bytes: WTF-8 with two escapes, case folding, generated 8.3 names.
#include "host_name.h"
#include "upcase.h"
#include <stdbool.h>

enum { ESCAPED_BYTE = 0xF700, ESCAPED_CHARACTER = 0xF000 };

// Characters by what names may hold them: one bit for each of ASCII.
static const uint64_t illegal_set[2] = {
    0xFFFFFFFEull | 1ull << '"' | 1ull << '*' | 1ull << ':' | 1ull << '<' | 1ull << '>' | 1ull << '?',
    1ull << ('\\' - 64) | 1ull << ('|' - 64),
};
static const uint64_t not_short_set[2] = {
    1ull | 1ull << ' ' | 1ull << '+' | 1ull << ',' | 1ull << ';' | 1ull << '=' | 1ull << '.' | 1ull << '/',
    1ull << ('[' - 64) | 1ull << (']' - 64) | 1ull << (0x7F - 64),
};

static bool in_set(const uint64_t set[2], uint32_t c)
{
    return c < 128 && set[c >> 6] >> (c & 63) & 1;
}

static bool illegal(uint32_t c)
{
    return in_set(illegal_set, c);
}

// Whether a code point means something else to the escapes.
static bool reserved(uint32_t c)
{
    return (c >= ESCAPED_BYTE + 0x80 && c <= ESCAPED_BYTE + 0xFF) ||
           (c > ESCAPED_CHARACTER && c < ESCAPED_CHARACTER + 0x80 && illegal(c - ESCAPED_CHARACTER));
}

ssize_t host_name_from_utf16(char *out, size_t capacity, const uint16_t *name, size_t length)
{
    uint8_t *to = (uint8_t *)out, *end = to + capacity;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = name[i];
        if (c == 0 || end - to < 5) {
            // The slow check: near the end, or invalid.
            size_t need = c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            if (c >= 0xD800 && c < 0xDC00 && i + 1 < length && (name[i + 1] & 0xFC00) == 0xDC00) need = 4;
            if (c == 0 || (size_t)(end - to) < need + 1) return -1;
        }
        if (c < 0x80) {
            *to++ = c;
        } else if (c < 0x800) {
            *to++ = 0xC0 | c >> 6;
            *to++ = 0x80 | (c & 0x3F);
        } else if (reserved(c)) {
            *to++ = c & 0xFF;
        } else if ((c & 0xFC00) == 0xD800 && i + 1 < length && (name[i + 1] & 0xFC00) == 0xDC00) {
            c = 0x10000 + ((c & 0x3FF) << 10) + (name[++i] & 0x3FF);
            *to++ = 0xF0 | c >> 18;
            *to++ = 0x80 | ((c >> 12) & 0x3F);
            *to++ = 0x80 | ((c >> 6) & 0x3F);
            *to++ = 0x80 | (c & 0x3F);
        } else {
            *to++ = 0xE0 | c >> 12;
            *to++ = 0x80 | ((c >> 6) & 0x3F);
            *to++ = 0x80 | (c & 0x3F);
        }
    }
    if (to == end) return -1;
    *to = 0;
    return (char *)to - out;
}

// The length of the valid (W)UTF-8 sequence at p and its code point; 0 when there is none.
static size_t decode(const uint8_t *p, size_t n, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = p[0] < 0x80   ? 1
                    : p[0] < 0xC2 ? 0
                    : p[0] < 0xE0 ? 2
                    : p[0] < 0xF0 ? 3
                    : p[0] < 0xF5 ? 4
                                  : 0;
    if (length == 0 || length > n) return 0;
    uint32_t value = length == 1 ? p[0] : p[0] & (0xFF >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xC0) != 0x80) return 0;
        value = value << 6 | (p[i] & 0x3F);
    }
    if (value < least[length] || value > 0x10FFFF) return 0;
    *c = value;
    return length;
}

size_t host_name_to_utf16(uint16_t *out, size_t capacity, const char *name, size_t length)
{
    const uint8_t *p = (const uint8_t *)name;
    size_t units = 0;
    bool after_high = false; // the last unit was a lone high surrogate
#define PUT(unit) (units < capacity ? (void)(out[units] = (uint16_t)(unit)) : (void)0, units++)
    while (length > 0) {
        uint32_t c;
        size_t n = decode(p, length, &c);
        bool high = false;
        if (n == 1) {
            PUT(illegal(c) ? ESCAPED_CHARACTER + c : c);
        } else if (n == 0 || reserved(c) || (after_high && (c & 0xFFFFFC00) == 0xDC00)) {
            // Two surrogates that would join into one character are bytes here: or they'd encode differently.
            for (size_t i = 0; i < (n ? n : 1); i++) PUT(ESCAPED_BYTE + p[i]);
        } else if (c >= 0x10000) {
            PUT(0xD800 + ((c - 0x10000) >> 10));
            PUT(0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            PUT(c);
            high = (c & 0xFC00) == 0xD800;
        }
        after_high = high;
        p += n ? n : 1;
        length -= n ? n : 1;
    }
#undef PUT
    return units;
}

size_t host_text_to_utf16(uint16_t *out, size_t capacity, const char *text, size_t length)
{
    size_t units = host_name_to_utf16(out, capacity, text, length);
    for (size_t i = 0; i < units && i < capacity; i++)
        if (out[i] < ESCAPED_CHARACTER + 0x80 && out[i] >= ESCAPED_CHARACTER &&
            illegal(out[i] - ESCAPED_CHARACTER))
            out[i] -= ESCAPED_CHARACTER;
    return units;
}

uint32_t host_name_hash(const uint16_t *name, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ upcase(name[i])) * 16777619u;
    return hash;
}

int host_name_equal(const uint16_t *a, size_t a_length, const uint16_t *b, size_t b_length)
{
    if (a_length != b_length) return 0;
    for (size_t i = 0; i < a_length; i++)
        if (a[i] != b[i] && upcase(a[i]) != upcase(b[i])) return 0;
    return 1;
}

static bool short_character(uint16_t c)
{
    return c < 128 && !in_set(illegal_set, c) && !in_set(not_short_set, c);
}

// Whether name is an 8.3 name as it stands.
static bool is_short(const uint16_t *name, size_t length)
{
    size_t dot = length;
    for (size_t i = 0; i < length; i++) {
        if (name[i] == '.') {
            if (dot != length) return false;
            dot = i;
        } else if (!short_character(name[i])) {
            return false;
        }
    }
    size_t extension = dot == length ? 0 : length - dot - 1;
    return dot >= 1 && dot <= 8 && extension <= 3 && (dot == length || extension > 0);
}

size_t short_name_generate(uint16_t out[SHORT_NAME_MAX], const uint16_t *name, size_t length)
{
    static const char digits[] = "0123456789JKQVXZ"; // letters that few masks have
    // Dots in front don't count: ".a" is "A" with no extension.
    size_t start = 0, dot = length;
    while (start < length && name[start] == '.') start++;
    if (is_short(name, length) || (start == length && length <= 2)) return 0;
    for (size_t i = length; i-- > start + 1;)
        if (name[i] == '.') {
            dot = i;
            break;
        }
    size_t n = 0;
    for (size_t i = start; i < dot && n < 2; i++)
        if (short_character(name[i])) out[n++] = upcase(name[i]);
    uint32_t hash = host_name_hash(name, length);
    hash ^= hash >> 16;
    for (int shift = 12; shift >= 0; shift -= 4) out[n++] = digits[(hash >> shift) & 15];
    out[n++] = '~';
    out[n++] = '1';
    size_t before = n;
    out[n++] = '.';
    for (size_t i = dot + 1; i < length && n < before + 4; i++)
        if (short_character(name[i])) out[n++] = upcase(name[i]);
    return n == before + 1 ? before : n;
}
