// Network addresses as text: IPv4 and IPv6 in both directions. Ethernet addresses are in address_ethernet.c.
//
// Narrow and wide functions share one implementation on narrow text: addresses are ASCII.
#include "rtl.h"
#include <inaddr.h>
#include <in6addr.h>

#define TEXT_MAX 66 // "[...%scope]:port" at its longest, with terminator

static USHORT swap16(USHORT value)
{
    return value >> 8 | value << 8;
}

static ULONG widen(WCHAR *out, const char *in)
{
    ULONG n = 0;

    do out[n] = (BYTE)in[n];
    while (in[n++]);
    return n;
}

// Copies the part of a wide text that an address may take; returns FALSE when it is longer.
static void narrow(char *out, const WCHAR *in, ULONG size)
{
    ULONG n = 0;

    while (n + 1 < size && in[n]) {
        out[n] = in[n] < 0x80 ? (char)in[n] : '?';
        n++;
    }
    out[n] = 0;
}

static ULONG format_ipv4(const struct in_addr *address, char *out)
{
    const BYTE *b = (const BYTE *)address;

    return _snprintf(out, 16, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
}

/** Writes a.b.c.d; returns where it ends. */
PSTR WINAPI RtlIpv4AddressToStringA(const struct in_addr *address, PSTR out)
{
    return out + format_ipv4(address, out);
}

PWSTR WINAPI RtlIpv4AddressToStringW(const struct in_addr *address, PWSTR out)
{
    char text[16];

    format_ipv4(address, text);
    return out + widen(out, text) - 1;
}

static ULONG format_ipv4_port(const struct in_addr *address, USHORT port, char *out)
{
    ULONG n = format_ipv4(address, out);

    if (port) n += _snprintf(out + n, 7, ":%u", swap16(port));
    return n + 1;
}

/** With ":port" (network order) unless that is 0. STATUS_INVALID_PARAMETER, with *size the need, when it
 * doesn't fit. */
NTSTATUS WINAPI RtlIpv4AddressToStringExA(const struct in_addr *address, USHORT port, PSTR out, PULONG size)
{
    char text[TEXT_MAX];
    ULONG n, room;

    if (!address || !out || !size) return STATUS_INVALID_PARAMETER;
    n = format_ipv4_port(address, port, text);
    room = *size;
    *size = n;
    if (room < n) return STATUS_INVALID_PARAMETER;
    memcpy(out, text, n);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlIpv4AddressToStringExW(const struct in_addr *address, USHORT port, PWSTR out, PULONG size)
{
    char text[TEXT_MAX];
    ULONG n, room;

    if (!address || !out || !size) return STATUS_INVALID_PARAMETER;
    n = format_ipv4_port(address, port, text);
    room = *size;
    *size = n;
    if (room < n) return STATUS_INVALID_PARAMETER;
    widen(out, text);
    return STATUS_SUCCESS;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 99;
}

// One number of an address: decimal, and unless strict also octal and hexadecimal. FALSE on overflow or
// nothing.
static BOOLEAN parse_number(const char **text, BOOLEAN strict, ULONG *value)
{
    const char *p = *text;
    ULONG base = 10, n = 0;
    ULONGLONG result = 0;

    if (*p == '0' && !strict) {
        base = 8;
        if (p[1] == 'x' || p[1] == 'X') {
            base = 16;
            p += 2;
        }
    } else if (*p == '0' && digit(p[1]) < 10) {
        return FALSE; // strict addresses have no leading zeros
    }
    for (; (ULONG)digit(*p) < base; p++, n++) {
        result = result * base + digit(*p);
        if (result >> 32) return FALSE;
    }
    *text = p;
    *value = result;
    return n > 0;
}

static NTSTATUS parse_ipv4(const char *text, BOOLEAN strict, const char **end, struct in_addr *address)
{
    ULONG parts[4], n = 0, value = 0;
    BYTE *out = (BYTE *)address;
    const char *p = text;

    for (;;) {
        if (!parse_number(&p, strict, &parts[n])) goto bad;
        n++;
        if (*p != '.' || n == 4) break;
        p++;
    }
    if (strict && n != 4) goto bad;
    // The last part fills what the others leave.
    for (ULONG i = 0; i + 1 < n; i++) {
        if (parts[i] > 255) goto bad;
        value |= parts[i] << (24 - 8 * i);
    }
    if (n > 1 && parts[n - 1] >> (8 * (5 - n))) goto bad;
    value |= parts[n - 1];
    for (ULONG i = 0; i < 4; i++) out[i] = value >> (24 - 8 * i);
    *end = p;
    return STATUS_SUCCESS;
bad:
    *end = p;
    return STATUS_INVALID_PARAMETER;
}

/** Reads an address, strictly a.b.c.d or in any form that inet_addr knows. *end: where reading stopped. */
NTSTATUS WINAPI RtlIpv4StringToAddressA(PCSTR text, BOOLEAN strict, PCSTR *end, struct in_addr *address)
{
    return parse_ipv4(text, strict, end, address);
}

NTSTATUS WINAPI RtlIpv4StringToAddressW(PCWSTR text, BOOLEAN strict, PCWSTR *end, struct in_addr *address)
{
    char buffer[TEXT_MAX];
    const char *stop;
    NTSTATUS status;

    narrow(buffer, text, sizeof(buffer));
    status = parse_ipv4(buffer, strict, &stop, address);
    *end = text + (stop - buffer);
    return status;
}

static NTSTATUS parse_port(const char *p, USHORT *port)
{
    ULONG value;

    *port = 0;
    if (!*p) return STATUS_SUCCESS;
    if (*p++ != ':' || !parse_number(&p, FALSE, &value) || *p || value > 0xFFFF)
        return STATUS_INVALID_PARAMETER;
    *port = swap16(value);
    return STATUS_SUCCESS;
}

/** Reads an address with or without ":port", and nothing behind. */
NTSTATUS WINAPI RtlIpv4StringToAddressExA(PCSTR text, BOOLEAN strict, struct in_addr *address, PUSHORT port)
{
    const char *end;
    NTSTATUS status;

    if (!text || !address || !port) return STATUS_INVALID_PARAMETER;
    status = parse_ipv4(text, strict, &end, address);
    return status < 0 ? status : parse_port(end, port);
}

NTSTATUS WINAPI RtlIpv4StringToAddressExW(PCWSTR text, BOOLEAN strict, struct in_addr *address, PUSHORT port)
{
    char buffer[TEXT_MAX];

    if (!text) return STATUS_INVALID_PARAMETER;
    narrow(buffer, text, sizeof(buffer));
    return RtlIpv4StringToAddressExA(buffer, strict, address, port);
}

static ULONG format_ipv6(const struct in6_addr *address, char *out)
{
    const BYTE *b = (const BYTE *)address;
    USHORT words[8];
    ULONG best = 8, best_length = 1, count = 8, n = 0;

    for (ULONG i = 0; i < 8; i++) words[i] = b[2 * i] << 8 | b[2 * i + 1];
    // IPv4-compatible, -mapped, -translated and ISATAP addresses end in dotted form.
    if (!words[0] && !words[1] && !words[2] && !words[3] &&
        ((!words[4] && (words[5] == 0xFFFF || (!words[5] && words[6]))) ||
         (words[4] == 0xFFFF && !words[5]))) {
        count = 6;
    }
    if ((words[4] & ~0x200) == 0 && words[5] == 0x5EFE) count = 6;
    for (ULONG i = 0, run; i < count; i += run ? run : 1) {
        for (run = 0; i + run < count && !words[i + run];) run++;
        if (run > best_length) {
            best = i;
            best_length = run;
        }
    }
    for (ULONG i = 0; i < count;) {
        if (i == best) {
            n += _snprintf(out + n, 3, "::");
            i += best_length;
            continue;
        }
        if (i && i != best + best_length) out[n++] = ':';
        n += _snprintf(out + n, 5, "%x", words[i++]);
    }
    if (count == 6) {
        if (n && out[n - 1] != ':') out[n++] = ':';
        n += _snprintf(out + n, 16, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
    }
    out[n] = 0;
    return n;
}

/** Writes the shortest usual form; returns where it ends. */
PSTR WINAPI RtlIpv6AddressToStringA(const struct in6_addr *address, PSTR out)
{
    char text[TEXT_MAX];
    ULONG n = format_ipv6(address, text);

    memcpy(out, text, n + 1);
    return out + n;
}

PWSTR WINAPI RtlIpv6AddressToStringW(const struct in6_addr *address, PWSTR out)
{
    char text[TEXT_MAX];

    format_ipv6(address, text);
    return out + widen(out, text) - 1;
}

static ULONG format_ipv6_port(const struct in6_addr *address, ULONG scope, USHORT port, char *out)
{
    ULONG n = 0;

    if (port) out[n++] = '[';
    n += format_ipv6(address, out + n);
    if (scope) n += _snprintf(out + n, 12, "%%%u", scope);
    if (port) n += _snprintf(out + n, 9, "]:%u", swap16(port));
    out[n] = 0;
    return n + 1;
}

/** With "%scope" and "[...]:port" unless they are 0. STATUS_INVALID_PARAMETER, with *size the need. */
NTSTATUS WINAPI RtlIpv6AddressToStringExA(const struct in6_addr *address, ULONG scope, USHORT port, PSTR out,
                                          PULONG size)
{
    char text[TEXT_MAX];
    ULONG n, room;

    if (!address || !out || !size) return STATUS_INVALID_PARAMETER;
    n = format_ipv6_port(address, scope, port, text);
    room = *size;
    *size = n;
    if (room < n) return STATUS_INVALID_PARAMETER;
    memcpy(out, text, n);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI RtlIpv6AddressToStringExW(const struct in6_addr *address, ULONG scope, USHORT port, PWSTR out,
                                          PULONG size)
{
    char text[TEXT_MAX];
    ULONG n, room;

    if (!address || !out || !size) return STATUS_INVALID_PARAMETER;
    n = format_ipv6_port(address, scope, port, text);
    room = *size;
    *size = n;
    if (room < n) return STATUS_INVALID_PARAMETER;
    widen(out, text);
    return STATUS_SUCCESS;
}

static NTSTATUS parse_ipv6(const char *text, const char **end, struct in6_addr *address)
{
    USHORT words[8] = {0};
    ULONG n = 0, gap = 8;
    const char *p = text;
    BYTE *out = (BYTE *)address;

    *end = p;
    if (p[0] == ':' && p[1] != ':') return STATUS_INVALID_PARAMETER;
    while (n < 8) {
        ULONG value = 0, digits = 0;
        struct in_addr v4;
        const char *stop;

        if (p[0] == ':' && p[1] == ':') {
            if (gap != 8) break;
            gap = n;
            p += 2;
            if (digit(*p) > 15) break;
        } else if (n && *p == ':') {
            if (digit(p[1]) > 15) break;
            p++;
        } else if (n || digit(*p) > 15) {
            break;
        }
        while (digits < 4 && digit(p[digits]) < 16) value = value << 4 | digit(p[digits++]);
        if (p[digits] == '.' && n <= 6 && parse_ipv4(p, TRUE, &stop, &v4) >= 0) {
            const BYTE *b = (const BYTE *)&v4;
            words[n++] = b[0] << 8 | b[1];
            words[n++] = b[2] << 8 | b[3];
            p = stop;
            break;
        }
        if (!digits || digit(p[digits]) < 16) {
            *end = p;
            return STATUS_INVALID_PARAMETER;
        }
        words[n++] = value;
        p += digits;
    }
    *end = p;
    if (n < 8 && gap == 8) return STATUS_INVALID_PARAMETER;
    if (n == 8 && gap != 8) return STATUS_INVALID_PARAMETER;
    for (ULONG i = 0; i < 8; i++) {
        USHORT word = i < gap ? words[i] : i >= 8 - (n - gap) ? words[i - (8 - n)] : 0;
        if (gap == 8) word = words[i];
        out[2 * i] = word >> 8;
        out[2 * i + 1] = word;
    }
    return STATUS_SUCCESS;
}

/** Reads an IPv6 address. *end: where reading stopped. */
NTSTATUS WINAPI RtlIpv6StringToAddressA(PCSTR text, PCSTR *end, struct in6_addr *address)
{
    return parse_ipv6(text, end, address);
}

NTSTATUS WINAPI RtlIpv6StringToAddressW(PCWSTR text, PCWSTR *end, struct in6_addr *address)
{
    char buffer[TEXT_MAX];
    const char *stop;
    NTSTATUS status;

    narrow(buffer, text, sizeof(buffer));
    status = parse_ipv6(buffer, &stop, address);
    *end = text + (stop - buffer);
    return status;
}

/** Reads an address with or without "%scope", brackets and ":port", and nothing behind. */
NTSTATUS WINAPI RtlIpv6StringToAddressExA(PCSTR text, struct in6_addr *address, PULONG scope, PUSHORT port)
{
    const char *p = text;
    BOOLEAN bracket;
    NTSTATUS status;

    if (!text || !address || !scope || !port) return STATUS_INVALID_PARAMETER;
    *scope = 0;
    *port = 0;
    bracket = *p == '[';
    if (bracket) p++;
    status = parse_ipv6(p, &p, address);
    if (status < 0) return status;
    if (*p == '%') {
        p++;
        if (!parse_number(&p, TRUE, scope)) return STATUS_INVALID_PARAMETER;
    }
    if (bracket && *p++ != ']') return STATUS_INVALID_PARAMETER;
    if (!bracket) return *p ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
    return parse_port(p, port);
}

NTSTATUS WINAPI RtlIpv6StringToAddressExW(PCWSTR text, struct in6_addr *address, PULONG scope, PUSHORT port)
{
    char buffer[TEXT_MAX];

    if (!text) return STATUS_INVALID_PARAMETER;
    narrow(buffer, text, sizeof(buffer));
    return RtlIpv6StringToAddressExA(buffer, address, scope, port);
}
