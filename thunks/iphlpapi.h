// The boundary under iphlpapi: what the host's network is made of. Tables are read whole: *count is how many
// entries there are, of which as many are written as fit. Addresses are 16 bytes of which IPv4 uses the first
// four, in network order; families are Windows' (AF_INET6 is 23), interfaces have the host's indices.
#include "define.h"
#include "nt/nt.h"

INTERFACE(iphlpapi, 5)

enum {
    HOST_LINK_UP = 1,
    HOST_LINK_RUNNING = 2,
    HOST_LINK_MULTICAST = 4,
    HOST_LINK_BROADCAST = 8,
    HOST_LINK_POINT_TO_POINT = 16,
};

typedef struct _HOST_LINK {
    ULONG Index, Type; // IF_TYPE_*
    ULONG Mtu, Flags;  // HOST_LINK_*
    ULONG AddressLength;
    UCHAR Address[32];
    CHAR Name[16];
    ULONGLONG Speed; // bits a second; 0: unknown
    ULONGLONG InOctets, InPackets, InErrors, InDiscards, InMulticast;
    ULONGLONG OutOctets, OutPackets, OutErrors, OutDiscards;
} HOST_LINK;

enum { HOST_ADDRESS_DEPRECATED = 1, HOST_ADDRESS_TENTATIVE = 2, HOST_ADDRESS_TEMPORARY = 4 };

typedef struct _HOST_ADDRESS {
    ULONG Index;
    USHORT Family;
    UCHAR PrefixLength, Flags; // HOST_ADDRESS_*
    UCHAR Address[16];
    ULONG ValidLifetime, PreferredLifetime; // seconds; ~0: for ever
} HOST_ADDRESS;

typedef struct _HOST_ROUTE {
    ULONG Index, Metric;
    USHORT Family;
    UCHAR PrefixLength, Protocol; // the host's RTPROT_*
    UCHAR Local, HasGateway;      // Local: to an address of this machine, or a broadcast of one
    UCHAR Destination[16], Gateway[16], Source[16];
} HOST_ROUTE;

typedef struct _HOST_NEIGHBOUR {
    ULONG Index;
    USHORT Family, State; // the host's NUD_*
    UCHAR Address[16];
    ULONG LinkLength;
    UCHAR LinkAddress[32];
} HOST_NEIGHBOUR;

typedef struct _HOST_ENDPOINT {
    USHORT LocalPort, RemotePort; // network order
    ULONG State;                  // MIB_TCP_STATE_*; 0 for datagrams
    ULONG ProcessId;              // 0: unknown
    ULONG LocalScope, RemoteScope;
    UCHAR Local[16], Remote[16];
} HOST_ENDPOINT;

typedef struct _HOST_SERVER {
    USHORT Family;
    UCHAR Address[16];
} HOST_SERVER;

typedef struct _HOST_RESOLVER {
    ULONG Count;
    HOST_SERVER Servers[8];
    CHAR Domain[256];
} HOST_RESOLVER;

typedef struct _HOST_ECHO {
    ULONG Status;    // IP_SUCCESS and so on
    ULONG RoundTrip; // ms
    ULONG Size;      // of the data that came back
    UCHAR Ttl, Tos;
    UCHAR Address[16];
} HOST_ECHO;

// ---- dlls/iphlpapi/unix/network_tables.c: by rtnetlink ----
CALL NTSTATUS NetworkLinks(OUT_BYTES(size) HOST_LINK *links, ULONG size, OUT ULONG *count);
CALL NTSTATUS NetworkAddresses(OUT_BYTES(size) HOST_ADDRESS *addresses, ULONG size, OUT ULONG *count);
CALL NTSTATUS NetworkRoutes(OUT_BYTES(size) HOST_ROUTE *routes, ULONG size, OUT ULONG *count);
CALL NTSTATUS NetworkNeighbours(OUT_BYTES(size) HOST_NEIGHBOUR *neighbours, ULONG size, OUT ULONG *count);
// The route that a packet to this address would take. STATUS_NETWORK_UNREACHABLE, STATUS_HOST_UNREACHABLE.
CALL NTSTATUS NetworkBestRoute(ULONG family, IN_BYTES(16) const void *address, OUT HOST_ROUTE *route);
// A file from which a read returns when links, addresses or routes have changed: which, by bits 1, 2, 4.
CALL NTSTATUS NetworkWatch(ULONG changes, OUT HANDLE *file);

// ---- network_endpoints.c: by /proc/net. protocol: IPPROTO_TCP, IPPROTO_UDP ----
CALL NTSTATUS NetworkEndpoints(ULONG protocol, ULONG family, OUT_BYTES(size) HOST_ENDPOINT *endpoints,
                               ULONG size, OUT ULONG *count);
// Counters of IPPROTO_IP, ICMP, TCP or UDP in the order of RFC 1213; with 0x100: of IP and UDP over IPv6.
CALL NTSTATUS NetworkCounters(ULONG protocol, OUT_BYTES(size) ULONGLONG *values, ULONG size,
                              OUT ULONG *count);

// ---- network_resolver.c, network_echo.c ----
CALL NTSTATUS NetworkResolver(OUT HOST_RESOLVER *resolver);
// Sends an ICMP echo and waits for what comes back. STATUS_ACCESS_DENIED: the host lets nobody.
// scope: the interface of a link-local address.
CALL NTSTATUS NetworkEcho(ULONG family, IN_BYTES(16) const void *address, ULONG scope,
                          OPT IN_BYTES(size) const void *data, ULONG size, ULONG ttl, ULONG tos,
                          BOOLEAN whole, ULONG timeout, OUT HOST_ECHO *echo, OPT OUT_BYTES(room) void *answer,
                          ULONG room);

// ---- network_neighbour.c ----
// Who has an address on a link: known, or asked for there. STATUS_BAD_NETWORK_NAME: nobody answers within
// timeout ms.
CALL NTSTATUS NetworkResolveNeighbour(ULONG index, ULONG family, IN_BYTES(16) const void *address,
                                      ULONG timeout, OUT HOST_NEIGHBOUR *neighbour);

TYPE(HOST_LINK)
TYPE(HOST_ADDRESS)
TYPE(HOST_ROUTE)
TYPE(HOST_NEIGHBOUR)
TYPE(HOST_ENDPOINT)
TYPE(HOST_RESOLVER)
