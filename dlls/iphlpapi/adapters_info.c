// The older ways to ask for adapters, of IPv4 alone: GetAdaptersInfo and its like, and the machine's name
// servers.
#include "network.h"

// Whether GetAdaptersInfo shows a link at all.
static bool is_shown(const HOST_LINK *link)
{
    return link->Type != IF_TYPE_SOFTWARE_LOOPBACK && link->Flags & HOST_LINK_UP;
}

struct ipv4 {
    HOST_LINK *links;
    HOST_ADDRESS *addresses;
    HOST_ROUTE *routes;
    ULONG links_n, addresses_n, routes_n;
};

static ULONG ipv4_read(struct ipv4 *ipv4)
{
    ULONG error = ERROR_SUCCESS;
    memset(ipv4, 0, sizeof *ipv4);
    ipv4->links = links_read(&ipv4->links_n, &error);
    if (!error) ipv4->addresses = addresses_read(&ipv4->addresses_n, &error);
    if (!error) ipv4->routes = routes_read(&ipv4->routes_n, &error);
    return error;
}

static void ipv4_free(struct ipv4 *ipv4)
{
    table_free(ipv4->links);
    table_free(ipv4->addresses);
    table_free(ipv4->routes);
}

static bool is_of(const HOST_ADDRESS *address, const HOST_LINK *link)
{
    return address->Index == link->Index && address->Family == AF_INET;
}

static bool is_gateway_of(const HOST_ROUTE *route, const HOST_LINK *link)
{
    return route->Index == link->Index && route->Family == AF_INET && route->HasGateway &&
           !route->PrefixLength;
}

// The first goes into the adapter's structure, each further one needs a structure.
static ULONG extra_of(const struct ipv4 *ipv4, const HOST_LINK *link)
{
    ULONG addresses = 0, gateways = 0;
    for (ULONG i = 0; i < ipv4->addresses_n; i++) addresses += is_of(&ipv4->addresses[i], link);
    for (ULONG i = 0; i < ipv4->routes_n; i++) gateways += is_gateway_of(&ipv4->routes[i], link);
    return (addresses > 1 ? addresses - 1 : 0) + (gateways > 1 ? gateways - 1 : 0);
}

// Fills a list that begins at first; further entries come from *extra.
static void add_string(IP_ADDR_STRING *first, IP_ADDR_STRING **extra, ULONG address, ULONG mask,
                       ULONG context)
{
    IP_ADDR_STRING *entry = first;
    if (first->IpAddress.String[0]) {
        entry = (*extra)++;
        memset(entry, 0, sizeof *entry);
        IP_ADDR_STRING *last = first;
        while (last->Next) last = last->Next;
        last->Next = entry;
    }
    ipv4_to_text(address, entry->IpAddress.String);
    ipv4_to_text(mask, entry->IpMask.String);
    entry->Context = context;
}

static void fill_adapter(IP_ADAPTER_INFO *adapter, IP_ADDR_STRING **extra, const struct ipv4 *ipv4,
                         const HOST_LINK *link)
{
    memset(adapter, 0, sizeof *adapter);
    adapter->ComboIndex = adapter->Index = link->Index;
    guid_text(link, adapter->AdapterName);
    memcpy(adapter->Description, link->Name, sizeof link->Name);
    adapter->AddressLength = link->AddressLength <= MAX_ADAPTER_ADDRESS_LENGTH ? link->AddressLength : 0;
    memcpy(adapter->Address, link->Address, adapter->AddressLength);
    adapter->Type = link->Type;
    for (ULONG i = 0; i < ipv4->addresses_n; i++) {
        const HOST_ADDRESS *address = &ipv4->addresses[i];
        if (!is_of(address, link)) continue;
        add_string(&adapter->IpAddressList, extra, ipv4_of(address->Address),
                   prefix_mask(address->PrefixLength), ipv4_of(address->Address));
        if (address->ValidLifetime != ~0u) adapter->DhcpEnabled = TRUE;
    }
    for (ULONG i = 0; i < ipv4->routes_n; i++)
        if (is_gateway_of(&ipv4->routes[i], link))
            add_string(&adapter->GatewayList, extra, ipv4_of(ipv4->routes[i].Gateway), INADDR_NONE, 0);
    if (!adapter->IpAddressList.IpAddress.String[0])
        add_string(&adapter->IpAddressList, extra, INADDR_ANY, INADDR_ANY, 0);
    if (!adapter->GatewayList.IpAddress.String[0])
        add_string(&adapter->GatewayList, extra, INADDR_ANY, INADDR_NONE, 0);
}

HOTPATCH ULONG WINAPI GetAdaptersInfo(PIP_ADAPTER_INFO adapters, PULONG size)
{
    struct ipv4 ipv4;
    ULONG count = 0, extra = 0;
    if (!size) return ERROR_INVALID_PARAMETER;
    ULONG error = ipv4_read(&ipv4);
    for (ULONG i = 0; !error && i < ipv4.links_n; i++) {
        if (!is_shown(&ipv4.links[i])) continue;
        count++;
        extra += extra_of(&ipv4, &ipv4.links[i]);
    }
    if (!error && !count) error = ERROR_NO_DATA;
    if (!error && !table_fits(adapters, size, count * sizeof *adapters + extra * sizeof(IP_ADDR_STRING)))
        error = ERROR_BUFFER_OVERFLOW;
    if (!error) {
        IP_ADDR_STRING *more = (IP_ADDR_STRING *)(adapters + count);
        IP_ADAPTER_INFO *at = adapters;
        for (ULONG i = 0; i < ipv4.links_n; i++) {
            if (!is_shown(&ipv4.links[i])) continue;
            fill_adapter(at, &more, &ipv4, &ipv4.links[i]);
            at->Next = at + 1;
            at++;
        }
        at[-1].Next = NULL;
    }
    ipv4_free(&ipv4);
    return error;
}

HOTPATCH DWORD WINAPI GetInterfaceInfo(PIP_INTERFACE_INFO info, PULONG size)
{
    ULONG count, error, shown = 0;
    if (!size) return ERROR_INVALID_PARAMETER;
    HOST_LINK *links = links_read(&count, &error);
    if (!links) return error;
    for (ULONG i = 0; i < count; i++) shown += is_shown(&links[i]);
    error = !shown ? ERROR_NO_DATA : ERROR_SUCCESS;
    if (!error &&
        !table_fits(info, size, FIELD_OFFSET(IP_INTERFACE_INFO, Adapter) + shown * sizeof *info->Adapter))
        error = ERROR_INSUFFICIENT_BUFFER;
    if (!error) {
        IP_ADAPTER_INDEX_MAP *at = info->Adapter;
        info->NumAdapters = shown;
        for (ULONG i = 0; i < count; i++) {
            char guid[GUID_TEXT];
            if (!is_shown(&links[i])) continue;
            guid_text(&links[i], guid);
            at->Index = links[i].Index;
            wcscpy(at->Name, L"\\DEVICE\\TCPIP_");
            WCHAR *name = at->Name + wcslen(at->Name);
            for (unsigned n = 0; n < GUID_TEXT; n++) name[n] = (UCHAR)guid[n];
            at++;
        }
    }
    table_free(links);
    return error;
}

HOTPATCH DWORD WINAPI GetAdapterIndex(LPWSTR name, PULONG index)
{
    static const WCHAR device[] = L"\\DEVICE\\TCPIP_";
    ULONG count, error;
    if (!name || !index) return ERROR_INVALID_PARAMETER;
    if (!wcsncmp(name, device, ARRAYSIZE(device) - 1)) name += ARRAYSIZE(device) - 1;
    HOST_LINK *links = links_read(&count, &error);
    if (!links) return error;
    error = ERROR_DEV_NOT_EXIST;
    for (ULONG i = 0; i < count && error; i++) {
        char guid[GUID_TEXT];
        unsigned n = 0;
        guid_text(&links[i], guid);
        while (n < GUID_TEXT && name[n] == (UCHAR)guid[n] && guid[n]) n++;
        if (n == GUID_TEXT - 1 && !name[n]) {
            *index = links[i].Index;
            error = ERROR_SUCCESS;
        }
    }
    table_free(links);
    return error;
}

// ---- name servers ----

static ULONG servers_n(const HOST_RESOLVER *resolver)
{
    ULONG n = 0;
    for (ULONG i = 0; i < resolver->Count; i++) n += resolver->Servers[i].Family == AF_INET;
    return n;
}

static void fill_servers(IP_ADDR_STRING *first, IP_ADDR_STRING *extra, const HOST_RESOLVER *resolver)
{
    memset(first, 0, sizeof *first);
    for (ULONG i = 0; i < resolver->Count; i++)
        if (resolver->Servers[i].Family == AF_INET)
            add_string(first, &extra, ipv4_of(resolver->Servers[i].Address), INADDR_ANY, 0);
}

HOTPATCH DWORD WINAPI GetNetworkParams(PFIXED_INFO info, PULONG size)
{
    enum { RESERVED_HOST = sizeof info->HostName };
    HOST_RESOLVER resolver;
    if (!size) return ERROR_INVALID_PARAMETER;
    NTSTATUS status = NetworkResolver(&resolver);
    if (status) return RtlNtStatusToDosError(status);
    ULONG servers = servers_n(&resolver);
    if (!table_fits(info, size, sizeof *info + (servers > 1 ? servers - 1 : 0) * sizeof(IP_ADDR_STRING)))
        return ERROR_BUFFER_OVERFLOW;
    memset(info, 0, sizeof *info);
    DWORD room = RESERVED_HOST;
    GetComputerNameExA(ComputerNameDnsHostname, info->HostName, &room);
    size_t domain = strlen(resolver.Domain);
    if (domain < sizeof info->DomainName) memcpy(info->DomainName, resolver.Domain, domain);
    fill_servers(&info->DnsServerList, (IP_ADDR_STRING *)(info + 1), &resolver);
    info->CurrentDnsServer = servers ? &info->DnsServerList : NULL;
    info->NodeType = HYBRID_NODETYPE;
    info->EnableDns = TRUE;
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetPerAdapterInfo(ULONG index, PIP_PER_ADAPTER_INFO info, PULONG size)
{
    HOST_RESOLVER resolver;
    HOST_LINK link;
    if (!size) return ERROR_INVALID_PARAMETER;
    if (!link_find(index, &link)) return ERROR_NO_DATA;
    NTSTATUS status = NetworkResolver(&resolver);
    if (status) return RtlNtStatusToDosError(status);
    ULONG servers = servers_n(&resolver);
    if (!table_fits(info, size, sizeof *info + (servers > 1 ? servers - 1 : 0) * sizeof(IP_ADDR_STRING)))
        return ERROR_BUFFER_OVERFLOW;
    memset(info, 0, sizeof *info);
    fill_servers(&info->DnsServerList, (IP_ADDR_STRING *)(info + 1), &resolver);
    info->CurrentDnsServer = servers ? &info->DnsServerList : NULL;
    return ERROR_SUCCESS;
}
