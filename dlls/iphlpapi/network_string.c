// ParseNetworkString: addresses, services, networks and names as text.
#include "network.h"

struct parsed {
    NET_ADDRESS_INFO info;
    USHORT port; // host order
    UCHAR prefix;
};

enum { NO_PREFIX = 255 };

// A number without a sign to the text's end. False: it is none, or larger.
static bool read_number(const WCHAR *text, ULONG largest, ULONG *number)
{
    if (!*text) return false;
    for (*number = 0; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        *number = *number * 10 + *text - '0';
        if (*number > largest) return false;
    }
    return true;
}

static bool parse_ipv4(const WCHAR *text, DWORD types, struct parsed *parsed)
{
    IN_ADDR address;
    USHORT port;
    if (RtlIpv4StringToAddressExW(text, TRUE, &address, &port)) return false;
    if (!(types & (port ? NET_STRING_IPV4_SERVICE : NET_STRING_IPV4_ADDRESS))) return false;
    parsed->info.Format = NET_ADDRESS_IPV4;
    parsed->info.Ipv4Address.sin_family = AF_INET;
    parsed->info.Ipv4Address.sin_port = port;
    parsed->info.Ipv4Address.sin_addr = address;
    parsed->port = __builtin_bswap16(port);
    return true;
}

static bool parse_ipv6(const WCHAR *text, DWORD types, struct parsed *parsed)
{
    IN6_ADDR address;
    ULONG scope;
    USHORT port;
    if (RtlIpv6StringToAddressExW(text, &address, &scope, &port)) return false;
    DWORD with_scope = port ? NET_STRING_IPV6_SERVICE : NET_STRING_IPV6_ADDRESS,
          without = port ? NET_STRING_IPV6_SERVICE_NO_SCOPE : NET_STRING_IPV6_ADDRESS_NO_SCOPE;
    if (!(types & with_scope) && !(types & without && !scope)) return false;
    parsed->info.Format = NET_ADDRESS_IPV6;
    parsed->info.Ipv6Address.sin6_family = AF_INET6;
    parsed->info.Ipv6Address.sin6_port = port;
    parsed->info.Ipv6Address.sin6_addr = address;
    parsed->info.Ipv6Address.sin6_scope_id = scope;
    parsed->port = __builtin_bswap16(port);
    return true;
}

// An address before a slash and the length of a prefix, beyond which the address has no bits.
static bool parse_network(const WCHAR *text, DWORD types, struct parsed *parsed)
{
    WCHAR address[INET6_ADDRSTRLEN];
    ULONG prefix, length = 0;
    while (text[length] && text[length] != '/') length++;
    if (!text[length] || length >= ARRAYSIZE(address) || !read_number(text + length + 1, 128, &prefix))
        return false;
    memcpy(address, text, length * sizeof *address);
    address[length] = 0;
    bool ipv4 = types & NET_STRING_IPV4_NETWORK && parse_ipv4(address, NET_STRING_IPV4_ADDRESS, parsed),
         ipv6 = !ipv4 && types & NET_STRING_IPV6_NETWORK &&
                parse_ipv6(address, NET_STRING_IPV6_ADDRESS_NO_SCOPE, parsed);
    if ((!ipv4 && !ipv6) || (ipv4 && prefix > 32)) return false;
    const UCHAR *bytes = ipv4 ? (const UCHAR *)&parsed->info.Ipv4Address.sin_addr
                              : (const UCHAR *)&parsed->info.Ipv6Address.sin6_addr;
    for (unsigned bit = prefix; bit < (ipv4 ? 32u : 128u); bit++)
        if (bytes[bit / 8] & 0x80 >> bit % 8) return false;
    parsed->prefix = (UCHAR)prefix;
    return true;
}

static bool is_name(const WCHAR *text, ULONG length)
{
    if (!length || length >= DNS_MAX_NAME_BUFFER_LENGTH) return false;
    for (ULONG i = 0; i < length; i++) {
        WCHAR c = text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
        if (!letter && c != '-' && c != '_' && !(c == '.' && i && text[i - 1] != '.')) return false;
    }
    return true;
}

static bool parse_name(const WCHAR *text, DWORD types, struct parsed *parsed)
{
    ULONG length = 0, port = 0;
    while (text[length] && text[length] != ':') length++;
    bool service = text[length] != 0;
    if (!(types & (service ? NET_STRING_NAMED_SERVICE : NET_STRING_NAMED_ADDRESS)) || !is_name(text, length))
        return false;
    ULONG port_size = service ? wcslen(text + length) : 0; // of its digits and their NUL
    if (port_size > ARRAYSIZE(parsed->info.NamedAddress.Port)) return false;
    if (service && (!read_number(text + length + 1, 0xFFFF, &port) || !port)) return false;
    parsed->info.Format = NET_ADDRESS_DNS_NAME;
    memcpy(parsed->info.NamedAddress.Address, text, length * sizeof *text);
    memcpy(parsed->info.NamedAddress.Port, text + length + 1, port_size * sizeof *text);
    parsed->port = (USHORT)port;
    return true;
}

HOTPATCH DWORD WINAPI ParseNetworkString(CONST WCHAR *text, DWORD types, PNET_ADDRESS_INFO info, USHORT *port,
                                         BYTE *prefix)
{
    struct parsed parsed;
    if (!text) return ERROR_INVALID_PARAMETER;
    memset(&parsed, 0, sizeof parsed);
    parsed.prefix = NO_PREFIX;
    bool good = parse_ipv4(text, types, &parsed) || parse_ipv6(text, types, &parsed) ||
                parse_network(text, types, &parsed) || parse_name(text, types, &parsed);
    if (!good) return ERROR_INVALID_PARAMETER;
    if (info) *info = parsed.info;
    if (port) *port = parsed.port;
    if (prefix) *prefix = parsed.prefix;
    return ERROR_SUCCESS;
}
