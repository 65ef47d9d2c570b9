// Addresses as text and back (RFC 4291 and 5952 for IPv6; inet_addr's forms for IPv4).
#include "winsock.h"

enum { WORDS = 8, PARTS = 4 };

static int digit_of(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
    return 255;
}

// Reads a number in C's notation; NULL when there is none or it is above 32 bits.
static const WCHAR *read_number(const WCHAR *at, ULONG *value)
{
    unsigned base = 10;
    ULONGLONG number = 0;
    if (*at == '0') {
        base = (at[1] | 0x20) == 'x' ? 16 : 8;
        if (base == 16) at += 2;
    }
    const WCHAR *start = at;
    for (; digit_of(*at) < (int)base; at++) {
        number = number * base + digit_of(*at);
        if (number > 0xFFFFFFFF) return NULL;
    }
    *value = (ULONG)number;
    return at == start ? NULL : at;
}

const WCHAR *text_to_ipv4_loose(const WCHAR *at, IN_ADDR *address)
{
    ULONG parts[PARTS], result = 0;
    int n = 0;
    for (;;) {
        at = read_number(at, &parts[n++]);
        if (!at) return NULL;
        if (*at != '.') break;
        if (n == PARTS) return NULL;
        at++;
    }
    // The last part fills what the others, of eight bits each, leave.
    for (int i = 0; i < n - 1; i++) {
        if (parts[i] > 255) return NULL;
        result |= parts[i] << (24 - 8 * i);
    }
    if (n > 1 && parts[n - 1] >> (32 - 8 * (n - 1))) return NULL;
    address->s_addr = __builtin_bswap32(result | parts[n - 1]);
    return at;
}

// Four decimal parts; returns where they end.
static const WCHAR *read_four_parts(const WCHAR *at, UCHAR bytes[PARTS])
{
    for (int i = 0; i < PARTS; i++) {
        unsigned value = 0, digits = 0;
        if (i > 0 && *at++ != '.') return NULL;
        for (; *at >= '0' && *at <= '9'; at++, digits++) {
            value = value * 10 + *at - '0';
            if (value > 255 || (digits > 0 && at[-1] == '0' && value < 10)) return NULL;
        }
        if (!digits) return NULL;
        bytes[i] = value;
    }
    return at;
}

bool text_to_ipv4(const WCHAR *text, IN_ADDR *address)
{
    UCHAR bytes[PARTS];
    const WCHAR *end = read_four_parts(text, bytes);
    if (!end) return false;
    memcpy(address, bytes, sizeof bytes); // as Windows leaves it, whatever follows
    return !*end;
}

// One group of up to four hexadecimal digits.
static const WCHAR *read_group(const WCHAR *at, USHORT *value)
{
    unsigned digits = 0, number = 0;
    for (; digit_of(*at) < 16 && digits < 5; at++, digits++) number = number << 4 | digit_of(*at);
    *value = number;
    return digits > 0 && digits < 5 ? at : NULL;
}

const WCHAR *text_to_ipv6(const WCHAR *at, IN6_ADDR *address)
{
    USHORT words[WORDS] = {0};
    int n = 0, gap = -1;
    if (at[0] == ':') {
        if (at[1] != ':') return NULL;
        gap = 0;
        at += 2;
    }
    while (n < WORDS && digit_of(*at) < 16) {
        const WCHAR *end = n <= WORDS - 2 ? read_four_parts(at, (UCHAR *)&words[n]) : NULL;
        if (end) { // an IPv4 address ends it
            n += 2;
            at = end;
            break;
        }
        USHORT word;
        end = read_group(at, &word);
        if (!end) return NULL;
        words[n++] = __builtin_bswap16(word);
        at = end;
        if (*at != ':' || n == WORDS) break;
        if (at[1] == ':') {
            if (gap >= 0) return NULL;
            gap = n;
            at += 2;
        } else {
            if (digit_of(at[1]) >= 16) return NULL;
            at++;
        }
    }
    if (gap < 0 ? n != WORDS : n == WORDS) return NULL;
    memset(address, 0, sizeof *address);
    int head = gap < 0 ? n : gap;
    memcpy(address->u.Word, words, head * sizeof *words);
    memcpy(address->u.Word + WORDS - (n - head), words + head, (n - head) * sizeof *words);
    return at;
}

char *number_to_text(char *at, unsigned value, unsigned base)
{
    char digits[10];
    int n = 0;
    do digits[n++] = "0123456789abcdef"[value % base];
    while (value /= base);
    while (n > 0) *at++ = digits[--n];
    return at;
}

static char *put_ipv4(char *at, const UCHAR *bytes)
{
    for (int i = 0; i < PARTS; i++) {
        if (i > 0) *at++ = '.';
        at = number_to_text(at, bytes[i], 10);
    }
    return at;
}

void ipv4_to_text(const IN_ADDR *address, char text[IPV4_TEXT])
{
    *put_ipv4(text, (const UCHAR *)address) = 0;
}

// The longest run of zero words among the first n, of at least two; its start, or -1.
static int longest_gap(const USHORT *words, int n, int *length)
{
    int best = -1;
    *length = 1;
    for (int i = 0; i < n; i++) {
        int run = 0;
        while (i + run < n && !words[i + run]) run++;
        if (run > *length) {
            best = i;
            *length = run;
        }
        i += run;
    }
    return best;
}

// Whether the address is written with its last 32 bits as IPv4: mapped, compatible and translated ones, and
// ISATAP's.
static bool ends_in_ipv4(const USHORT *words)
{
    const USHORT all_ones = 0xFFFF, isatap = __builtin_bswap16(0x5EFE);
    for (int i = 0; i < 4; i++)
        if (words[i]) return (words[4] & ~0x0002) == 0 && words[5] == isatap;
    if (words[4] == 0 && words[5] == 0) return words[6] != 0;
    return (words[4] == 0 && words[5] == all_ones) || (words[4] == all_ones && words[5] == 0) ||
           ((words[4] & ~0x0002) == 0 && words[5] == isatap);
}

void ipv6_to_text(const IN6_ADDR *address, char text[IPV6_TEXT])
{
    const USHORT *words = address->u.Word;
    bool tail = ends_in_ipv4(words);
    int n = tail ? WORDS - 2 : WORDS, length, gap = longest_gap(words, n, &length);
    char *at = text;
    for (int i = 0; i < n; i++) {
        if (i == gap) {
            *at++ = ':';
            i += length - 1;
            if (i + 1 == n) *at++ = ':';
            continue;
        }
        if (i > 0) *at++ = ':';
        at = number_to_text(at, __builtin_bswap16(words[i]), 16);
    }
    if (tail) {
        if (gap < 0 || gap + length != n) *at++ = ':';
        at = put_ipv4(at, (const UCHAR *)&words[WORDS - 2]);
    }
    *at = 0;
}
