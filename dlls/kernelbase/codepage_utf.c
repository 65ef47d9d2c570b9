// UTF-8 and UTF-7. Malformed input becomes U+FFFD, one for each maximal part of a sequence, as the Unicode
// standard recommends and Windows does.
#include "codepage.h"

struct wide_writer {
    WCHAR *target;
    int size;
    int length;
    bool overflow;
};

static inline void put_wide(struct wide_writer *out, WCHAR unit)
{
    if (out->size) {
        if (out->length >= out->size) {
            out->overflow = true;
            return;
        }
        out->target[out->length] = unit;
    }
    out->length++;
}

static inline void put_code_point(struct wide_writer *out, uint32_t c)
{
    if (c < 0x10000) {
        put_wide(out, (WCHAR)c);
        return;
    }
    if (out->size && out->length + 2 > out->size) {
        out->overflow = true;
        return;
    }
    put_wide(out, (WCHAR)(0xD7C0 + (c >> 10)));
    put_wide(out, (WCHAR)(0xDC00 + (c & 0x3FF)));
}

// Decodes one multi-byte sequence: its length, and the code point, or 0xFFFFFFFF for a malformed part.
static int decode_utf8(const unsigned char *s, int n, uint32_t *c)
{
    unsigned lead = s[0];
    unsigned low = 0x80, high = 0xBF; // what may follow the lead byte
    int length;
    *c = 0xFFFFFFFF;
    if (lead < 0xC2 || lead > 0xF4) return 1;
    if (lead < 0xE0) {
        length = 2;
        lead &= 0x1F;
    } else if (lead < 0xF0) {
        if (lead == 0xE0) low = 0xA0;  // shorter forms exist
        if (lead == 0xED) high = 0x9F; // surrogates
        length = 3;
        lead &= 0x0F;
    } else {
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F; // beyond U+10FFFF
        length = 4;
        lead &= 0x07;
    }
    uint32_t value = lead;
    for (int i = 1; i < length; i++, low = 0x80, high = 0xBF) {
        if (i >= n || s[i] < low || s[i] > high) return i;
        value = value << 6 | (s[i] & 0x3F);
    }
    *c = value;
    return length;
}

struct conversion utf8_to_wide(const unsigned char *source, int length, WCHAR *target, int size)
{
    struct wide_writer out = {target, size, 0, false};
    bool invalid = false;
    for (int i = 0; i < length && !out.overflow;) {
        if (source[i] < 0x80) {
            put_wide(&out, source[i++]);
            continue;
        }
        uint32_t c;
        i += decode_utf8(source + i, length - i, &c);
        if (c == 0xFFFFFFFF) {
            invalid = true;
            c = 0xFFFD;
        }
        put_code_point(&out, c);
    }
    return (struct conversion){out.length, out.overflow, invalid};
}

// The code point at source[*i], which moves on; a lone surrogate is malformed.
static uint32_t next_code_point(const WCHAR *source, int length, int *i, bool *invalid)
{
    uint32_t c = source[(*i)++];
    if (c < 0xD800 || c > 0xDFFF) return c;
    if (c < 0xDC00 && *i < length && source[*i] >= 0xDC00 && source[*i] <= 0xDFFF)
        return 0x10000 + ((c - 0xD800) << 10) + (source[(*i)++] - 0xDC00u);
    *invalid = true;
    return 0xFFFD;
}

struct conversion wide_to_utf8(const WCHAR *source, int length, char *target, int size)
{
    int written = 0;
    bool invalid = false, overflow = false;
    for (int i = 0; i < length;) {
        unsigned char bytes[4];
        int n;
        uint32_t c = source[i];
        if (c < 0x80) {
            i++;
            bytes[0] = (unsigned char)c;
            n = 1;
        } else {
            c = next_code_point(source, length, &i, &invalid);
            if (c < 0x800) {
                bytes[0] = (unsigned char)(0xC0 | c >> 6);
                n = 2;
            } else if (c < 0x10000) {
                bytes[0] = (unsigned char)(0xE0 | c >> 12);
                n = 3;
            } else {
                bytes[0] = (unsigned char)(0xF0 | c >> 18);
                n = 4;
            }
            for (int k = n - 1; k > 0; k--, c >>= 6) bytes[k] = (unsigned char)(0x80 | (c & 0x3F));
        }
        if (size) {
            if (written + n > size) {
                overflow = true;
                break;
            }
            for (int k = 0; k < n; k++) target[written + k] = (char)bytes[k];
        }
        written += n;
    }
    return (struct conversion){written, overflow, invalid};
}

// ---- UTF-7 (RFC 2152) ----

static int base64_value(unsigned char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

struct conversion utf7_to_wide(const unsigned char *source, int length, WCHAR *target, int size)
{
    struct wide_writer out = {target, size, 0, false};
    uint32_t bits = 0;
    int count = 0;
    for (int i = 0; i < length && !out.overflow;) {
        if (source[i] != '+') {
            put_wide(&out, source[i++]);
            continue;
        }
        i++;
        if (i < length && source[i] == '-') { // "+-" is a plus sign
            put_wide(&out, '+');
            i++;
            continue;
        }
        int value;
        for (; i < length && (value = base64_value(source[i])) >= 0 && !out.overflow; i++) {
            bits = bits << 6 | (uint32_t)value;
            count += 6;
            if (count >= 16) {
                count -= 16;
                put_wide(&out, (WCHAR)(bits >> count));
            }
        }
        // An unfinished unit is dropped where a run ends; not at a byte beyond ASCII, as on Windows.
        if (i < length && source[i] < 0x80) count = 0;
        if (i < length && source[i] == '-') i++;
    }
    return (struct conversion){out.length, out.overflow, false};
}

// Whether a character stands for itself outside a base64 run: Windows passes these and encodes the rest.
static bool is_direct_utf7(WCHAR c)
{
    if (c == 0 || c == '\t' || c == '\n' || c == '\r' || c == ' ') return true;
    if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) return true;
    return c == '\'' || c == '(' || c == ')' || c == ',' || c == '-' || c == '.' || c == '/' || c == ':' ||
           c == '?';
}

struct conversion wide_to_utf7(const WCHAR *source, int length, char *target, int size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    int written = 0;
    bool overflow = false;
#define PUT(byte)                                                                                            \
    do {                                                                                                     \
        if (size && written >= size)                                                                         \
            overflow = true;                                                                                 \
        else if (size)                                                                                       \
            target[written++] = (char)(byte);                                                                \
        else                                                                                                 \
            written++;                                                                                       \
    } while (0)
    for (int i = 0; i < length && !overflow;) {
        if (source[i] == '+') {
            PUT('+');
            PUT('-');
            i++;
        } else if (is_direct_utf7(source[i])) {
            PUT(source[i]);
            i++;
        } else {
            uint32_t bits = 0;
            int count = 0;
            PUT('+');
            for (; i < length && source[i] != '+' && !is_direct_utf7(source[i]) && !overflow; i++) {
                bits = bits << 16 | source[i];
                count += 16;
                while (count >= 6) {
                    count -= 6;
                    PUT(digits[bits >> count & 63]);
                }
            }
            // As Windows: the bits that are left over go out with the end of the run or not at all.
            if (count && size && written + 1 >= size) overflow = true;
            if (count && !overflow) PUT(digits[bits << (6 - count) & 63]);
            if (!overflow) PUT('-');
        }
    }
#undef PUT
    return (struct conversion){written, overflow, false};
}
