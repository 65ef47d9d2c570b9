// Asking a link who has an address: SendARP and its successors.
#include "network.h"

enum { TIMEOUT_MS = 3000 };

// The link of the machine's own address; false: it isn't one.
static bool find_own(USHORT family, const UCHAR address[16], HOST_LINK *link)
{
    ULONG count, error, index = 0;
    HOST_ADDRESS *addresses = addresses_read(&count, &error);
    for (ULONG i = 0; addresses && i < count; i++)
        if (addresses[i].Family == family &&
            !memcmp(addresses[i].Address, address, sizeof addresses[i].Address))
            index = addresses[i].Index;
    table_free(addresses);
    return index && link_find(index, link);
}

// Who has the address; index 0: on the link that the way to it begins with.
static DWORD resolve(ULONG index, USHORT family, const UCHAR address[16], HOST_NEIGHBOUR *neighbour)
{
    enum { REACHABLE = 2 };
    HOST_LINK link;
    HOST_ROUTE route;
    if (find_own(family, address, &link)) {
        memset(neighbour, 0, sizeof *neighbour);
        neighbour->Index = link.Index;
        neighbour->Family = family;
        neighbour->State = REACHABLE;
        neighbour->LinkLength = link.AddressLength;
        memcpy(neighbour->LinkAddress, link.Address, sizeof link.Address);
        return ERROR_SUCCESS;
    }
    if (!index) {
        if (NetworkBestRoute(family, address, &route)) return ERROR_BAD_NET_NAME;
        if (route.HasGateway) return ERROR_BAD_NET_NAME; // it is on no link of ours
        index = route.Index;
    }
    NTSTATUS status = NetworkResolveNeighbour(index, family, address, TIMEOUT_MS, neighbour);
    return status ? RtlNtStatusToDosError(status) : ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI SendARP(IPAddr destination, IPAddr source, PVOID address, PULONG length)
{
    UCHAR bytes[16] = {0};
    HOST_NEIGHBOUR neighbour;
    (void)source; // the host chooses the link by its routes
    if (!address || !length || !destination) return ERROR_INVALID_PARAMETER;
    if (!*length) return ERROR_NO_SYSTEM_RESOURCES;
    memcpy(bytes, &destination, sizeof destination);
    DWORD error = resolve(0, AF_INET, bytes, &neighbour);
    if (error) return error;
    if (*length > neighbour.LinkLength) *length = neighbour.LinkLength;
    memcpy(address, neighbour.LinkAddress, *length);
    return ERROR_SUCCESS;
}

// What a row asks for: its address and its interface.
static DWORD read_row(const MIB_IPNET_ROW2 *row, NET_IFINDEX *index, UCHAR address[16])
{
    if (!row) return ERROR_INVALID_PARAMETER;
    ADDRESS_FAMILY family = row->Address.si_family;
    *index = row->InterfaceIndex;
    if ((family != AF_INET && family != AF_INET6) || (!row->InterfaceLuid.Value && !*index))
        return ERROR_INVALID_PARAMETER;
    if (row->InterfaceLuid.Value && ConvertInterfaceLuidToIndex(&row->InterfaceLuid, index))
        return ERROR_FILE_NOT_FOUND;
    memset(address, 0, 16);
    if (family == AF_INET)
        memcpy(address, &row->Address.Ipv4.sin_addr, sizeof row->Address.Ipv4.sin_addr);
    else
        memcpy(address, &row->Address.Ipv6.sin6_addr, sizeof row->Address.Ipv6.sin6_addr);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetIpNetEntry2(PMIB_IPNET_ROW2 row)
{
    ULONG count, error;
    NET_IFINDEX index;
    UCHAR address[16];
    error = read_row(row, &index, address);
    if (error) return error;
    HOST_NEIGHBOUR *neighbours = neighbours_read(&count, &error);
    if (!neighbours) return error;
    error = ERROR_NOT_FOUND;
    for (ULONG i = 0; i < count && error; i++) {
        if (neighbours[i].Index != index || neighbours[i].Family != row->Address.si_family ||
            memcmp(neighbours[i].Address, address, sizeof address))
            continue;
        fill_neighbour(row, &neighbours[i]);
        error = ERROR_SUCCESS;
    }
    table_free(neighbours);
    return error;
}

HOTPATCH DWORD WINAPI ResolveIpNetEntry2(PMIB_IPNET_ROW2 row, CONST SOCKADDR_INET *source)
{
    NET_IFINDEX index;
    UCHAR address[16];
    HOST_NEIGHBOUR neighbour;
    (void)source;
    DWORD error = read_row(row, &index, address);
    if (error) return error;
    error = resolve(index, row->Address.si_family, address, &neighbour);
    if (error) return error;
    memcpy(neighbour.Address, address, sizeof neighbour.Address);
    fill_neighbour(row, &neighbour);
    return ERROR_SUCCESS;
}
