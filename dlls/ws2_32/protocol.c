// The catalog of protocols: which sockets there are, and what WSAEnumProtocols says of them.
#include "winsock.h"

enum { CATALOG_BASE = 1001, IP_PROTOCOLS = 255, DATAGRAM_MAX = 65467, RAW_MAX = 32767 };

static const DWORD stream_flags = XP1_GUARANTEED_DELIVERY | XP1_GUARANTEED_ORDER | XP1_GRACEFUL_CLOSE |
                                  XP1_EXPEDITED_DATA | XP1_IFS_HANDLES,
                   message_flags = XP1_CONNECTIONLESS | XP1_MESSAGE_ORIENTED | XP1_SUPPORT_BROADCAST |
                                   XP1_SUPPORT_MULTIPOINT | XP1_IFS_HANDLES;

// The providers' GUIDs are Windows' own.
#define PROVIDER_IPV4                                                                                        \
    {                                                                                                        \
        0xe70f1aa0, 0xab8b, 0x11cf,                                                                          \
        {                                                                                                    \
            0x8c, 0xa3, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92                                                   \
        }                                                                                                    \
    }
#define PROVIDER_IPV6                                                                                        \
    {                                                                                                        \
        0xf9eab0c0, 0x26d4, 0x11d0,                                                                          \
        {                                                                                                    \
            0xbb, 0xbf, 0x00, 0xaa, 0x00, 0x6c, 0x34, 0xe4                                                   \
        }                                                                                                    \
    }

#define ENTRY(index, family, size, type, number, range, message, flags, guid, name)                          \
    {                                                                                                        \
        .dwServiceFlags1 = (flags), .dwProviderFlags = PFL_MATCHES_PROTOCOL_ZERO, .ProviderId = guid,        \
        .dwCatalogEntryId = CATALOG_BASE + (index), .ProtocolChain = {.ChainLen = BASE_PROTOCOL},            \
        .iVersion = 2, .iAddressFamily = (family), .iMaxSockAddr = (size), .iMinSockAddr = (size),           \
        .iSocketType = (type), .iProtocol = (number), .iProtocolMaxOffset = (range),                         \
        .iNetworkByteOrder = BIGENDIAN, .iSecurityScheme = SECURITY_PROTOCOL_NONE,                           \
        .dwMessageSize = (message), .szProtocol = (name)                                                     \
    }

static const WSAPROTOCOL_INFOW catalog[] = {
    ENTRY(0, AF_INET, sizeof(SOCKADDR_IN), SOCK_STREAM, IPPROTO_TCP, 0, 0, stream_flags, PROVIDER_IPV4,
          L"MSAFD Tcpip [TCP/IP]"),
    ENTRY(1, AF_INET, sizeof(SOCKADDR_IN), SOCK_DGRAM, IPPROTO_UDP, 0, DATAGRAM_MAX, message_flags,
          PROVIDER_IPV4, L"MSAFD Tcpip [UDP/IP]"),
    ENTRY(2, AF_INET, sizeof(SOCKADDR_IN), SOCK_RAW, 0, IP_PROTOCOLS, RAW_MAX, message_flags, PROVIDER_IPV4,
          L"MSAFD Tcpip [RAW/IP]"),
    ENTRY(3, AF_INET6, sizeof(SOCKADDR_IN6), SOCK_STREAM, IPPROTO_TCP, 0, 0, stream_flags, PROVIDER_IPV6,
          L"MSAFD Tcpip [TCP/IPv6]"),
    ENTRY(4, AF_INET6, sizeof(SOCKADDR_IN6), SOCK_DGRAM, IPPROTO_UDP, 0, DATAGRAM_MAX, message_flags,
          PROVIDER_IPV6, L"MSAFD Tcpip [UDP/IPv6]"),
    ENTRY(5, AF_INET6, sizeof(SOCKADDR_IN6), SOCK_RAW, 0, IP_PROTOCOLS, RAW_MAX, message_flags, PROVIDER_IPV6,
          L"MSAFD Tcpip [RAW/IPv6]"),
};

static bool protocol_matches(const WSAPROTOCOL_INFOW *entry, int protocol)
{
    return protocol == 0
               ? entry->iSocketType != SOCK_RAW
               : protocol >= entry->iProtocol && protocol <= entry->iProtocol + entry->iProtocolMaxOffset;
}

const WSAPROTOCOL_INFOW *protocol_find(int family, int type, int protocol)
{
    bool family_known = false, type_known = false;
    if (family == AF_UNSPEC && protocol == 0) {
        SetLastError(WSAEINVAL);
        return NULL;
    }
    for (unsigned i = 0; i < ARRAYSIZE(catalog); i++) {
        if (family != AF_UNSPEC && catalog[i].iAddressFamily != family) continue;
        family_known = true;
        if (type != 0 && catalog[i].iSocketType != type) continue;
        type_known = true;
        // Raw sockets are only had by asking for them.
        if (protocol_matches(&catalog[i], protocol) &&
            (type == SOCK_RAW || protocol == IPPROTO_RAW || catalog[i].iSocketType != SOCK_RAW))
            return &catalog[i];
    }
    SetLastError(!family_known ? WSAEAFNOSUPPORT : !type_known ? WSAESOCKTNOSUPPORT : WSAEPROTONOSUPPORT);
    return NULL;
}

int protocol_describe(SOCKET socket, WSAPROTOCOL_INFOW *info)
{
    SOCKET_INFO kind;
    NTSTATUS status = SocketGetInfo(handle_of(socket), &kind);
    if (status) return winsock_error(status);
    for (unsigned i = 0; i < ARRAYSIZE(catalog); i++) {
        if (catalog[i].iAddressFamily != kind.Family || catalog[i].iSocketType != kind.Type) continue;
        *info = catalog[i];
        if (kind.Type == SOCK_RAW)
            info->dwProviderFlags |= PFL_HIDDEN;
        else
            info->iProtocol = kind.Protocol;
        return 0;
    }
    return WSAENOTSOCK;
}

void protocol_info_to_ansi(WSAPROTOCOL_INFOA *ansi, const WSAPROTOCOL_INFOW *wide)
{
    memcpy(ansi, wide, FIELD_OFFSET(WSAPROTOCOL_INFOA, szProtocol));
    WideCharToMultiByte(CP_ACP, 0, wide->szProtocol, -1, ansi->szProtocol, sizeof ansi->szProtocol, NULL,
                        NULL);
}

bool protocol_has_provider(const GUID *provider)
{
    for (unsigned i = 0; i < ARRAYSIZE(catalog); i++)
        if (IsEqualGUID(&catalog[i].ProviderId, provider)) return true;
    return false;
}

static bool listed(const WSAPROTOCOL_INFOW *entry, const int *wanted)
{
    if (!wanted) return true;
    for (; *wanted; wanted++)
        if (entry->iProtocol == *wanted) return true;
    return false;
}

// Gives each entry that is wanted to the caller's array of structures of the given size.
static int enumerate(const int *wanted, void *buffer, DWORD *size, DWORD each, bool ansi)
{
    if (!winsock_started()) return SOCKET_ERROR;
    if (!size) return fail(WSAEFAULT);
    int count = 0;
    DWORD room = *size;
    for (unsigned i = 0; i < ARRAYSIZE(catalog); i++) count += listed(&catalog[i], wanted);
    *size = count * each;
    if (!buffer || room < *size) return fail(WSAENOBUFS);
    char *at = buffer;
    for (unsigned i = 0; i < ARRAYSIZE(catalog); i++) {
        if (!listed(&catalog[i], wanted)) continue;
        if (ansi)
            protocol_info_to_ansi((WSAPROTOCOL_INFOA *)at, &catalog[i]);
        else
            memcpy(at, &catalog[i], each);
        at += each;
    }
    return count;
}

HOTPATCH int WSAAPI WSAEnumProtocolsW(LPINT wanted, WSAPROTOCOL_INFOW *buffer, LPDWORD size)
{
    return enumerate(wanted, buffer, size, sizeof *buffer, false);
}

HOTPATCH int WSAAPI WSAEnumProtocolsA(LPINT wanted, WSAPROTOCOL_INFOA *buffer, LPDWORD size)
{
    return enumerate(wanted, buffer, size, sizeof *buffer, true);
}
