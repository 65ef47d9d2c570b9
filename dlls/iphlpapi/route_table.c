// Routes, and which of them a packet takes.
#include "network.h"

// Linux' numbers of what made a route (rtnetlink(7)).
enum { MADE_BY_KERNEL = 2, MADE_BY_BOOT = 3, MADE_BY_DHCP = 16 };

static void fill_row(MIB_IPFORWARDROW *row, const HOST_ROUTE *route)
{
    memset(row, 0, sizeof *row);
    row->dwForwardDest = ipv4_of(route->Destination);
    row->dwForwardMask = prefix_mask(route->PrefixLength);
    row->dwForwardNextHop = route->HasGateway ? ipv4_of(route->Gateway) : 0;
    row->dwForwardIfIndex = route->Index;
    row->dwForwardType = route->HasGateway ? MIB_IPROUTE_TYPE_INDIRECT : MIB_IPROUTE_TYPE_DIRECT;
    row->dwForwardProto = route->Protocol == MADE_BY_KERNEL ? MIB_IPPROTO_LOCAL : MIB_IPPROTO_NETMGMT;
    row->dwForwardMetric1 = route->Metric;
    row->dwForwardMetric2 = row->dwForwardMetric3 = row->dwForwardMetric4 = row->dwForwardMetric5 = ~0u;
}

static int by_destination(const void *a, const void *b)
{
    const MIB_IPFORWARDROW *first = a, *second = b;
    ULONG one = __builtin_bswap32(first->dwForwardDest), two = __builtin_bswap32(second->dwForwardDest);
    if (one != two) return one < two ? -1 : 1;
    one = __builtin_bswap32(first->dwForwardMask), two = __builtin_bswap32(second->dwForwardMask);
    return one < two ? -1 : one > two;
}

HOTPATCH DWORD WINAPI GetIpForwardTable(PMIB_IPFORWARDTABLE table, PULONG size, WINBOOL order)
{
    ULONG count, error, n = 0;
    if (!size) return ERROR_INVALID_PARAMETER;
    HOST_ROUTE *routes = routes_read(&count, &error);
    if (!routes) return error;
    for (ULONG i = 0; i < count; i++) n += routes[i].Family == AF_INET;
    bool fits = table_fits(table, size, FIELD_OFFSET(MIB_IPFORWARDTABLE, table) + n * sizeof *table->table);
    if (fits) {
        table->dwNumEntries = 0;
        for (ULONG i = 0; i < count; i++)
            if (routes[i].Family == AF_INET) fill_row(&table->table[table->dwNumEntries++], &routes[i]);
        if (order) qsort(table->table, n, sizeof *table->table, by_destination);
    }
    table_free(routes);
    if (!fits) return ERROR_INSUFFICIENT_BUFFER;
    return n ? ERROR_SUCCESS : ERROR_NO_DATA;
}

// ---- the newer tables ----

HOTPATCH VOID WINAPI InitializeIpForwardEntry(PMIB_IPFORWARD_ROW2 row)
{
    memset(row, 0, sizeof *row);
    row->ValidLifetime = row->PreferredLifetime = ~0u;
    row->Metric = ~0u;
    row->Protocol = RouteProtocolNetMgmt;
    row->Immortal = row->AutoconfigureAddress = row->Publish = row->Loopback = TRUE;
}

static void fill_row2(MIB_IPFORWARD_ROW2 *row, const HOST_ROUTE *route)
{
    memset(row, 0, sizeof *row);
    row->InterfaceIndex = route->Index;
    ConvertInterfaceIndexToLuid(route->Index, &row->InterfaceLuid);
    address_to_inet(&row->DestinationPrefix.Prefix, route->Family, route->Destination, route->Index);
    row->DestinationPrefix.PrefixLength = route->PrefixLength;
    address_to_inet(&row->NextHop, route->Family, route->Gateway, route->Index);
    row->ValidLifetime = row->PreferredLifetime = ~0u;
    row->Metric = route->Metric;
    row->Protocol = route->Protocol == MADE_BY_KERNEL ? RouteProtocolLocal : RouteProtocolNetMgmt;
    row->Loopback = route->Local;
    row->AutoconfigureAddress = row->Publish = row->Immortal = TRUE;
    row->Origin = route->Protocol == MADE_BY_DHCP ? NlroDHCP : NlroManual;
}

HOTPATCH DWORD WINAPI GetIpForwardTable2(ADDRESS_FAMILY family, PMIB_IPFORWARD_TABLE2 *table)
{
    ULONG count, error;
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    HOST_ROUTE *routes = routes_read(&count, &error);
    if (!routes) return error;
    *table = mib_allocate(FIELD_OFFSET(MIB_IPFORWARD_TABLE2, Table) + count * sizeof(MIB_IPFORWARD_ROW2));
    for (ULONG i = 0; *table && i < count; i++)
        if (family == AF_UNSPEC || routes[i].Family == family)
            fill_row2(&(*table)->Table[(*table)->NumEntries++], &routes[i]);
    table_free(routes);
    return *table ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

// The prefix and next hop that a row asks for, as the host has them.
static bool is_route(const HOST_ROUTE *route, const MIB_IPFORWARD_ROW2 *row, NET_IFINDEX index)
{
    ADDRESS_FAMILY family = row->DestinationPrefix.Prefix.si_family;
    MIB_IPFORWARD_ROW2 own;
    if (route->Index != index || route->Family != family ||
        route->PrefixLength != row->DestinationPrefix.PrefixLength)
        return false;
    fill_row2(&own, route);
    if (family == AF_INET)
        return own.DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr ==
                   row->DestinationPrefix.Prefix.Ipv4.sin_addr.s_addr &&
               own.NextHop.Ipv4.sin_addr.s_addr == row->NextHop.Ipv4.sin_addr.s_addr;
    return !memcmp(&own.DestinationPrefix.Prefix.Ipv6.sin6_addr,
                   &row->DestinationPrefix.Prefix.Ipv6.sin6_addr, sizeof(IN6_ADDR)) &&
           !memcmp(&own.NextHop.Ipv6.sin6_addr, &row->NextHop.Ipv6.sin6_addr, sizeof(IN6_ADDR));
}

HOTPATCH DWORD WINAPI GetIpForwardEntry2(PMIB_IPFORWARD_ROW2 row)
{
    ULONG count, error;
    if (!row) return ERROR_INVALID_PARAMETER;
    ADDRESS_FAMILY family = row->DestinationPrefix.Prefix.si_family;
    NET_IFINDEX index = row->InterfaceIndex;
    if ((family != AF_INET && family != AF_INET6) || (!row->InterfaceLuid.Value && !index))
        return ERROR_INVALID_PARAMETER;
    if (row->InterfaceLuid.Value && ConvertInterfaceLuidToIndex(&row->InterfaceLuid, &index))
        return ERROR_FILE_NOT_FOUND;
    HOST_ROUTE *routes = routes_read(&count, &error);
    if (!routes) return error;
    error = ERROR_NOT_FOUND;
    for (ULONG i = 0; i < count && error; i++) {
        if (!is_route(&routes[i], row, index)) continue;
        fill_row2(row, &routes[i]);
        error = ERROR_SUCCESS;
    }
    table_free(routes);
    return error;
}

// ---- the best one ----

// The host's answer is of one destination; the entry of its table that led to it has the prefix.
static void find_prefix(HOST_ROUTE *route)
{
    ULONG count, error, best = ~0u;
    unsigned bits = route->Family == AF_INET ? 32 : 128;
    HOST_ROUTE *routes = routes_read(&count, &error);
    for (ULONG i = 0; routes && i < count; i++) {
        const HOST_ROUTE *each = &routes[i];
        if (each->Family != route->Family || each->Index != route->Index) continue;
        unsigned equal = 0;
        while (equal < bits &&
               !((each->Destination[equal / 8] ^ route->Destination[equal / 8]) & (0x80 >> equal % 8)))
            equal++;
        if (equal >= each->PrefixLength && (best == ~0u || each->PrefixLength > routes[best].PrefixLength))
            best = i;
    }
    if (best != ~0u) {
        UCHAR source[16];
        memcpy(source, route->Source, sizeof source);
        *route = routes[best];
        memcpy(route->Source, source, sizeof source);
    }
    table_free(routes);
}

static DWORD best_route(ULONG family, const void *address, HOST_ROUTE *route)
{
    UCHAR bytes[16] = {0};
    memcpy(bytes, address, family == AF_INET ? 4 : 16);
    NTSTATUS status = NetworkBestRoute(family, bytes, route);
    return status ? RtlNtStatusToDosError(status) : ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetBestInterfaceEx(struct sockaddr *address, PDWORD index)
{
    HOST_ROUTE route;
    DWORD error;
    if (!address || !index) return ERROR_INVALID_PARAMETER;
    if (address->sa_family == AF_INET)
        error = best_route(AF_INET, &((SOCKADDR_IN *)address)->sin_addr, &route);
    else if (address->sa_family == AF_INET6)
        error = best_route(AF_INET6, &((SOCKADDR_IN6 *)address)->sin6_addr, &route);
    else
        return ERROR_INVALID_PARAMETER;
    if (!error) *index = route.Index;
    return error;
}

HOTPATCH DWORD WINAPI GetBestInterface(IPAddr address, PDWORD index)
{
    SOCKADDR_IN full = {.sin_family = AF_INET, .sin_addr.s_addr = address};
    return GetBestInterfaceEx((struct sockaddr *)&full, index);
}

HOTPATCH DWORD WINAPI GetBestRoute(DWORD destination, DWORD source, PMIB_IPFORWARDROW row)
{
    HOST_ROUTE route;
    (void)source; // the host's routes do not depend on it
    if (!row) return ERROR_INVALID_PARAMETER;
    DWORD error = best_route(AF_INET, &destination, &route);
    if (error) return error;
    find_prefix(&route);
    fill_row(row, &route);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetBestRoute2(NET_LUID *luid, NET_IFINDEX index, CONST SOCKADDR_INET *source,
                                    CONST SOCKADDR_INET *destination, ULONG options, PMIB_IPFORWARD_ROW2 row,
                                    SOCKADDR_INET *best_source)
{
    HOST_ROUTE route;
    (void)luid, (void)index, (void)source, (void)options; // the host chooses the interface
    if (!destination || !row || !best_source) return ERROR_INVALID_PARAMETER;
    ADDRESS_FAMILY family = destination->si_family;
    if (family != AF_INET && family != AF_INET6) return ERROR_INVALID_PARAMETER;
    DWORD error = best_route(family,
                             family == AF_INET ? (const void *)&destination->Ipv4.sin_addr
                                               : (const void *)&destination->Ipv6.sin6_addr,
                             &route);
    if (error) return error;
    find_prefix(&route);
    fill_row2(row, &route);
    address_to_inet(best_source, family, route.Source, route.Index);
    return ERROR_SUCCESS;
}
