// GetAdaptersAddresses: all that is known of each interface, as one block of linked structures.
#include "network.h"

// The caller's memory as it fills up. Beyond its end only the size counts.
struct block {
    char *start, *at, *end;
    ULONG needed;
};

// What the structures are made of.
struct sources {
    HOST_LINK *links;
    HOST_ADDRESS *addresses;
    HOST_ROUTE *routes;
    ULONG links_n, addresses_n, routes_n;
    HOST_RESOLVER resolver;
    ULONG family, flags;
};

// Room for a structure, zeroed; NULL when the block has no more.
static void *take(struct block *block, ULONG size)
{
    size = (size + 7) & ~7u;
    block->needed += size;
    if ((ULONG)(block->end - block->at) < size) return NULL;
    void *taken = block->at;
    block->at += size;
    return memset(taken, 0, size);
}

static void take_address(struct block *block, SOCKET_ADDRESS *address, const SOCKADDR_INET *inet)
{
    ULONG size = inet->si_family == AF_INET ? sizeof inet->Ipv4 : sizeof inet->Ipv6;
    void *room = take(block, size);
    if (!room) return;
    memcpy(room, inet, size);
    address->lpSockaddr = room;
    address->iSockaddrLength = size;
}

static WCHAR *take_text(struct block *block, const WCHAR *text)
{
    ULONG size = (wcslen(text) + 1) * sizeof *text;
    WCHAR *room = take(block, size);
    return room ? memcpy(room, text, size) : NULL;
}

static bool wants_family(const struct sources *sources, USHORT family)
{
    return sources->family == AF_UNSPEC || sources->family == family;
}

static bool is_link_local(const HOST_ADDRESS *address)
{
    return address->Family == AF_INET6 ? address->Address[0] == 0xFE && (address->Address[1] & 0xC0) == 0x80
                                       : address->Address[0] == 169 && address->Address[1] == 254;
}

// A list's next place: each structure begins with a length and flags, then the pointer to the next.
#define APPEND(link, entry) (*(link) = (entry), (link) = &(entry)->Next)

static void add_unicast(struct block *block, const struct sources *sources, const HOST_LINK *of,
                        IP_ADAPTER_ADDRESSES *adapter)
{
    IP_ADAPTER_UNICAST_ADDRESS_LH *unused, **link = adapter ? &adapter->FirstUnicastAddress : &unused;
    for (ULONG i = 0; i < sources->addresses_n; i++) {
        const HOST_ADDRESS *address = &sources->addresses[i];
        SOCKADDR_INET inet;
        SOCKET_ADDRESS none;
        if (address->Index != of->Index || !wants_family(sources, address->Family)) continue;
        IP_ADAPTER_UNICAST_ADDRESS_LH *entry = take(block, sizeof *entry);
        address_to_inet(&inet, address->Family, address->Address, of->Index);
        take_address(block, entry ? &entry->Address : &none, &inet);
        if (!entry) continue;
        entry->Length = sizeof *entry;
        if (!is_link_local(address)) entry->Flags = IP_ADAPTER_ADDRESS_DNS_ELIGIBLE;
        if (address->Flags & HOST_ADDRESS_TEMPORARY) entry->Flags |= IP_ADAPTER_ADDRESS_TRANSIENT;
        bool forever = address->ValidLifetime == ~0u;
        entry->PrefixOrigin = forever ? IpPrefixOriginManual : IpPrefixOriginDhcp;
        entry->SuffixOrigin = forever ? IpSuffixOriginManual : IpSuffixOriginDhcp;
        if (is_link_local(address)) {
            entry->PrefixOrigin = IpPrefixOriginWellKnown;
            entry->SuffixOrigin = IpSuffixOriginLinkLayerAddress;
        }
        entry->DadState = dad_state(address);
        entry->ValidLifetime = entry->LeaseLifetime = address->ValidLifetime;
        entry->PreferredLifetime = address->PreferredLifetime;
        entry->OnLinkPrefixLength = address->PrefixLength;
        APPEND(link, entry);
    }
}

// The networks that the interface's addresses lie in.
static void add_prefixes(struct block *block, const struct sources *sources, const HOST_LINK *of,
                         IP_ADAPTER_ADDRESSES *adapter)
{
    IP_ADAPTER_PREFIX *unused, **link = adapter ? &adapter->FirstPrefix : &unused;
    for (ULONG i = 0; i < sources->addresses_n; i++) {
        const HOST_ADDRESS *address = &sources->addresses[i];
        SOCKADDR_INET inet;
        SOCKET_ADDRESS none;
        UCHAR network[16];
        if (address->Index != of->Index || !wants_family(sources, address->Family)) continue;
        for (unsigned at = 0; at < sizeof network; at++) {
            int bits = address->PrefixLength - (int)at * 8;
            network[at] = address->Address[at] & (bits >= 8 ? 0xFF : bits <= 0 ? 0 : (UCHAR)(0xFF00 >> bits));
        }
        IP_ADAPTER_PREFIX *entry = take(block, sizeof *entry);
        address_to_inet(&inet, address->Family, network, of->Index);
        take_address(block, entry ? &entry->Address : &none, &inet);
        if (!entry) continue;
        entry->Length = sizeof *entry;
        entry->PrefixLength = address->PrefixLength;
        APPEND(link, entry);
    }
}

static void add_gateways(struct block *block, const struct sources *sources, const HOST_LINK *of,
                         IP_ADAPTER_ADDRESSES *adapter)
{
    IP_ADAPTER_GATEWAY_ADDRESS_LH *unused, **link = adapter ? &adapter->FirstGatewayAddress : &unused;
    for (ULONG i = 0; i < sources->routes_n; i++) {
        const HOST_ROUTE *route = &sources->routes[i];
        SOCKADDR_INET inet;
        SOCKET_ADDRESS none;
        if (route->Index != of->Index || !route->HasGateway || route->PrefixLength ||
            !wants_family(sources, route->Family))
            continue;
        IP_ADAPTER_GATEWAY_ADDRESS_LH *entry = take(block, sizeof *entry);
        address_to_inet(&inet, route->Family, route->Gateway, of->Index);
        take_address(block, entry ? &entry->Address : &none, &inet);
        if (!entry) continue;
        entry->Length = sizeof *entry;
        APPEND(link, entry);
    }
}

static void add_servers(struct block *block, const struct sources *sources, const HOST_LINK *of,
                        IP_ADAPTER_ADDRESSES *adapter)
{
    IP_ADAPTER_DNS_SERVER_ADDRESS_XP *unused, **link = adapter ? &adapter->FirstDnsServerAddress : &unused;
    if (of->Type == IF_TYPE_SOFTWARE_LOOPBACK) return;
    for (ULONG i = 0; i < sources->resolver.Count; i++) {
        const HOST_SERVER *server = &sources->resolver.Servers[i];
        SOCKADDR_INET inet;
        SOCKET_ADDRESS none;
        if (!wants_family(sources, server->Family)) continue;
        IP_ADAPTER_DNS_SERVER_ADDRESS_XP *entry = take(block, sizeof *entry);
        address_to_inet(&inet, server->Family, server->Address, 0);
        take_address(block, entry ? &entry->Address : &none, &inet);
        if (!entry) continue;
        entry->Length = sizeof *entry;
        APPEND(link, entry);
    }
}

static bool has_family(const struct sources *sources, const HOST_LINK *link, USHORT family)
{
    return addresses_have(sources->addresses, sources->addresses_n, link->Index, family);
}

static void describe(IP_ADAPTER_ADDRESSES *adapter, const struct sources *sources, const HOST_LINK *link)
{
    bool ipv4 = has_family(sources, link, AF_INET), ipv6 = has_family(sources, link, AF_INET6);
    adapter->Length = sizeof *adapter;
    adapter->IfIndex = link->Index;
    adapter->Ipv6IfIndex = ipv6 ? link->Index : 0;
    adapter->PhysicalAddressLength =
        link->AddressLength <= MAX_ADAPTER_ADDRESS_LENGTH ? link->AddressLength : 0;
    memcpy(adapter->PhysicalAddress, link->Address, adapter->PhysicalAddressLength);
    adapter->Ipv4Enabled = ipv4;
    adapter->Ipv6Enabled = ipv6;
    adapter->NoMulticast = !(link->Flags & HOST_LINK_MULTICAST);
    adapter->Mtu = link->Type == IF_TYPE_SOFTWARE_LOOPBACK ? ~0u : link->Mtu;
    adapter->IfType = link->Type;
    adapter->OperStatus = operational_status(link);
    for (unsigned i = 0; i < ARRAYSIZE(adapter->ZoneIndices); i++) adapter->ZoneIndices[i] = link->Index;
    adapter->TransmitLinkSpeed = adapter->ReceiveLinkSpeed = link->Speed ? link->Speed : ~0ull;
    adapter->Ipv4Metric = adapter->Ipv6Metric = interface_metric(link);
    adapter->Luid = luid_of(link);
    adapter->CompartmentId = 1;
    adapter->NetworkGuid = guid_of(link);
    adapter->ConnectionType = NET_IF_CONNECTION_DEDICATED;
    adapter->TunnelType = TUNNEL_TYPE_NONE;
}

static IP_ADAPTER_ADDRESSES *add_adapter(struct block *block, const struct sources *sources,
                                         const HOST_LINK *link)
{
    WCHAR alias[16], suffix[ARRAYSIZE(sources->resolver.Domain)];
    IP_ADAPTER_ADDRESSES *adapter = take(block, sizeof *adapter);
    char *name = take(block, GUID_TEXT);
    bool loopback = link->Type == IF_TYPE_SOFTWARE_LOOPBACK;
    alias_of(link, alias);
    for (unsigned i = 0; i < ARRAYSIZE(suffix); i++)
        suffix[i] = loopback ? 0 : (UCHAR)sources->resolver.Domain[i];
    WCHAR *description = take_text(block, alias), *dns_suffix = take_text(block, suffix), *friendly = NULL;
    if (!(sources->flags & GAA_FLAG_SKIP_FRIENDLY_NAME)) friendly = take_text(block, alias);
    if (adapter) {
        describe(adapter, sources, link);
        adapter->AdapterName = name;
        adapter->Description = description;
        adapter->DnsSuffix = dns_suffix;
        adapter->FriendlyName = friendly;
    }
    if (name) guid_text(link, name);
    if (!(sources->flags & GAA_FLAG_SKIP_UNICAST)) add_unicast(block, sources, link, adapter);
    if (!(sources->flags & GAA_FLAG_SKIP_DNS_SERVER)) add_servers(block, sources, link, adapter);
    if (sources->flags & GAA_FLAG_INCLUDE_GATEWAYS) add_gateways(block, sources, link, adapter);
    if (sources->flags & GAA_FLAG_INCLUDE_PREFIX) add_prefixes(block, sources, link, adapter);
    return adapter;
}

static void sources_free(struct sources *sources)
{
    table_free(sources->links);
    table_free(sources->addresses);
    table_free(sources->routes);
}

static ULONG sources_read(struct sources *sources)
{
    ULONG error = ERROR_SUCCESS;
    sources->links = links_read(&sources->links_n, &error);
    if (!error) sources->addresses = addresses_read(&sources->addresses_n, &error);
    if (!error) sources->routes = routes_read(&sources->routes_n, &error);
    if (!error) NetworkResolver(&sources->resolver);
    return error;
}

HOTPATCH ULONG WINAPI GetAdaptersAddresses(ULONG family, ULONG flags, PVOID reserved,
                                           PIP_ADAPTER_ADDRESSES adapters, PULONG size)
{
    struct sources sources = {.family = family, .flags = flags};
    (void)reserved;
    if (!size || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    ULONG error = sources_read(&sources), room = adapters ? *size : 0, shown = 0;
    struct block block = {(char *)adapters, (char *)adapters, (char *)adapters + room, 0};
    IP_ADAPTER_ADDRESSES *unused, **link = &unused;
    for (ULONG i = 0; !error && i < sources.links_n; i++) {
        const HOST_LINK *each = &sources.links[i];
        bool bound = has_family(&sources, each, AF_INET) || has_family(&sources, each, AF_INET6);
        if (!bound && !(flags & GAA_FLAG_INCLUDE_ALL_INTERFACES)) continue;
        IP_ADAPTER_ADDRESSES *adapter = add_adapter(&block, &sources, each);
        shown++;
        if (adapter) APPEND(link, adapter);
    }
    sources_free(&sources);
    if (error) return error;
    if (!shown) return ERROR_NO_DATA;
    if (block.needed <= room) return ERROR_SUCCESS;
    *size = block.needed;
    return ERROR_BUFFER_OVERFLOW;
}
