// Addresses and text, as programs ask for it: inet_addr and its like, WSAStringToAddress and
// WSAAddressToString.
#include "winsock.h"

enum { TEXT_MAX = 128 };

WCHAR *wide_from_ansi(const char *text)
{
    int n = MultiByteToWideChar(CP_ACP, 0, text, -1, NULL, 0);
    WCHAR *wide = RtlAllocateHeap(peb_self()->ProcessHeap, 0, n * sizeof *wide);
    if (wide) MultiByteToWideChar(CP_ACP, 0, text, -1, wide, n);
    return wide;
}

// An address' text is ASCII; what is longer or other is no address.
static bool widen(const char *text, WCHAR wide[TEXT_MAX])
{
    for (int i = 0; i < TEXT_MAX; i++) {
        wide[i] = (UCHAR)text[i];
        if (!text[i]) return true;
    }
    return false;
}

static void widen_result(const char *text, WCHAR *wide)
{
    do *wide++ = (UCHAR)*text;
    while (*text++);
}

// ---- inet_* ----

HOTPATCH ULONG WSAAPI inet_addr(const char *text)
{
    WCHAR wide[TEXT_MAX];
    IN_ADDR address;
    if (!text) {
        SetLastError(WSAEFAULT);
        return INADDR_NONE;
    }
    if (text[0] == ' ' && !text[1]) return 0;
    const WCHAR *end = widen(text, wide) ? text_to_ipv4_loose(wide, &address) : NULL;
    return end && (!*end || *end == ' ' || (*end >= '\t' && *end <= '\r')) ? address.s_addr : INADDR_NONE;
}

HOTPATCH char *WSAAPI inet_ntoa(IN_ADDR address)
{
    struct thread_answers *answers = thread_answers();
    if (!answers) return NULL;
    ipv4_to_text(&address, answers->text);
    return answers->text;
}

static int family_text(int family, const void *address, char text[IPV6_TEXT])
{
    if (!address) return WSAEFAULT;
    switch (family) {
    case AF_INET: ipv4_to_text(address, text); return 0;
    case AF_INET6: ipv6_to_text(address, text); return 0;
    default: return WSAEAFNOSUPPORT;
    }
}

HOTPATCH LPCSTR WSAAPI inet_ntop(INT family, LPCVOID address, LPSTR buffer, size_t size)
{
    char text[IPV6_TEXT];
    int error = family_text(family, address, text);
    if (!error && (!buffer || strlen(text) >= size)) error = STATUS_INVALID_PARAMETER; // as it is
    if (error) {
        SetLastError(error);
        return NULL;
    }
    return strcpy(buffer, text);
}

HOTPATCH LPCWSTR WSAAPI InetNtopW(INT family, LPCVOID address, LPWSTR buffer, size_t size)
{
    char text[IPV6_TEXT];
    int error = family_text(family, address, text);
    if (!error && (!buffer || strlen(text) >= size)) error = ERROR_INVALID_PARAMETER;
    if (error) {
        SetLastError(error);
        return NULL;
    }
    widen_result(text, buffer);
    return buffer;
}

// 1, or 0 for what is no address; SOCKET_ERROR with the error set.
static int read_address(int family, const WCHAR *text, void *address)
{
    IN6_ADDR found;
    switch (family) {
    case AF_INET: {
        IN_ADDR ipv4;
        memcpy(&ipv4, address, sizeof ipv4);
        bool valid = text_to_ipv4(text, &ipv4);
        memcpy(address, &ipv4, sizeof ipv4);
        return valid;
    }
    case AF_INET6: {
        const WCHAR *end = text_to_ipv6(text, &found);
        if (!end || *end) return 0;
        memcpy(address, &found, sizeof found);
        return 1;
    }
    default: return fail(WSAEAFNOSUPPORT);
    }
}

HOTPATCH INT WSAAPI InetPtonW(INT family, LPCWSTR text, LPVOID address)
{
    if (!text || !address) return fail(WSAEFAULT);
    int result = read_address(family, text, address);
    if (result == 0) SetLastError(WSAEINVAL); // which inet_pton doesn't
    return result;
}

HOTPATCH INT WSAAPI inet_pton(INT family, LPCSTR text, LPVOID address)
{
    WCHAR wide[TEXT_MAX];
    if (!text || !address) return fail(WSAEFAULT);
    if (!widen(text, wide)) return family == AF_INET || family == AF_INET6 ? 0 : fail(WSAEAFNOSUPPORT);
    return read_address(family, wide, address);
}

// ---- WSAStringToAddress ----

// ":port" at the end; NULL when something else is there.
static const WCHAR *read_port(const WCHAR *at, USHORT *port)
{
    ULONG number = 0;
    *port = 0;
    if (*at != ':') return at;
    if (at[1] < '0' || at[1] > '9') return NULL;
    for (at++; *at >= '0' && *at <= '9' && number <= 0xFFFF; at++) number = number * 10 + *at - '0';
    if (number > 0xFFFF) return NULL;
    *port = __builtin_bswap16((USHORT)number);
    return at;
}

static int string_to_ipv4(const WCHAR *text, SOCKADDR_IN *address)
{
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
    const WCHAR *end = text_to_ipv4_loose(text, &address->sin_addr);
    if (end) end = read_port(end, &address->sin_port);
    return end && !*end ? 0 : WSAEINVAL;
}

static int string_to_ipv6(const WCHAR *text, SOCKADDR_IN6 *address)
{
    bool bracket = *text == '[';
    memset(address, 0, sizeof *address);
    address->sin6_family = AF_INET6;
    const WCHAR *end = text_to_ipv6(text + bracket, &address->sin6_addr);
    if (!end) return WSAEINVAL;
    if (*end == '%')
        for (end++; *end >= '0' && *end <= '9'; end++)
            address->sin6_scope_id = address->sin6_scope_id * 10 + *end - '0';
    if (bracket) {
        if (*end++ != ']') return WSAEINVAL;
        end = read_port(end, &address->sin6_port);
    }
    return end && !*end ? 0 : WSAEINVAL;
}

static int string_to_address(const WCHAR *text, int family, void *address, int *length)
{
    SOCKADDR_IN6 found;
    int size = family == AF_INET6 ? sizeof(SOCKADDR_IN6) : sizeof(SOCKADDR_IN);
    if (family != AF_INET && family != AF_INET6) return WSAEINVAL;
    if (*length < size) {
        *length = size;
        return WSAEFAULT;
    }
    int error =
        family == AF_INET6 ? string_to_ipv6(text, &found) : string_to_ipv4(text, (SOCKADDR_IN *)&found);
    if (error)
        memset(address, 0, size);
    else
        memcpy(address, &found, size);
    if (!error) *length = size;
    return error;
}

HOTPATCH INT WSAAPI WSAStringToAddressW(LPWSTR text, INT family, LPWSAPROTOCOL_INFOW info, LPSOCKADDR address,
                                        LPINT length)
{
    (void)info;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!text) return fail(WSAEINVAL);
    if (!address || !length) return fail(WSAEFAULT);
    int error = string_to_address(text, family, address, length);
    return error ? fail(error) : 0;
}

HOTPATCH INT WSAAPI WSAStringToAddressA(LPSTR text, INT family, LPWSAPROTOCOL_INFOA info, LPSOCKADDR address,
                                        LPINT length)
{
    WCHAR wide[TEXT_MAX];
    (void)info;
    if (!winsock_started()) return SOCKET_ERROR;
    if (!text || !widen(text, wide)) return fail(WSAEINVAL);
    return WSAStringToAddressW(wide, family, NULL, address, length);
}

// ---- WSAAddressToString ----

static int address_to_string(const struct sockaddr *address, DWORD length, char text[TEXT_MAX])
{
    char *at = text;
    if (!address) return WSAEFAULT;
    if (address->sa_family == AF_INET) {
        const SOCKADDR_IN *ipv4 = (const SOCKADDR_IN *)address;
        if (length < sizeof *ipv4) return WSAEFAULT;
        ipv4_to_text(&ipv4->sin_addr, at);
        at += strlen(at);
        if (ipv4->sin_port) {
            *at++ = ':';
            at = number_to_text(at, __builtin_bswap16(ipv4->sin_port), 10);
        }
    } else if (address->sa_family == AF_INET6) {
        const SOCKADDR_IN6 *ipv6 = (const SOCKADDR_IN6 *)address;
        if (length < sizeof *ipv6) return WSAEFAULT;
        if (ipv6->sin6_port) *at++ = '[';
        ipv6_to_text(&ipv6->sin6_addr, at);
        at += strlen(at);
        if (ipv6->sin6_scope_id) {
            *at++ = '%';
            at = number_to_text(at, ipv6->sin6_scope_id, 10);
        }
        if (ipv6->sin6_port) {
            *at++ = ']';
            *at++ = ':';
            at = number_to_text(at, __builtin_bswap16(ipv6->sin6_port), 10);
        }
    } else {
        return WSAEINVAL;
    }
    *at = 0;
    return 0;
}

// Leaves the text, and its size with the NUL in *size. 0 or an error.
static int address_text(const struct sockaddr *address, DWORD length, char text[TEXT_MAX], bool buffer,
                        DWORD *size)
{
    int error = address_to_string(address, length, text);
    if (error) return error;
    if (!size) return WSAEFAULT;
    DWORD room = *size;
    *size = strlen(text) + 1;
    return !buffer || room < *size ? WSAEFAULT : 0;
}

HOTPATCH INT WSAAPI WSAAddressToStringA(LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOA info,
                                        LPSTR buffer, LPDWORD size)
{
    char text[TEXT_MAX];
    (void)info;
    if (!winsock_started()) return SOCKET_ERROR;
    int error = address_text(address, length, text, buffer != NULL, size);
    if (error) return fail(error);
    strcpy(buffer, text);
    return 0;
}

HOTPATCH INT WSAAPI WSAAddressToStringW(LPSOCKADDR address, DWORD length, LPWSAPROTOCOL_INFOW info,
                                        LPWSTR buffer, LPDWORD size)
{
    char text[TEXT_MAX];
    (void)info;
    if (!winsock_started()) return SOCKET_ERROR;
    int error = address_text(address, length, text, buffer != NULL, size);
    if (error) return fail(error);
    widen_result(text, buffer);
    return 0;
}
