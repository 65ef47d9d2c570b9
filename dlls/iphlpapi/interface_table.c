// Tables of interfaces, of both generations.
#include "network.h"

IF_OPER_STATUS operational_status(const HOST_LINK *link)
{
    return (link->Flags & (HOST_LINK_UP | HOST_LINK_RUNNING)) == (HOST_LINK_UP | HOST_LINK_RUNNING)
               ? IfOperStatusUp
               : IfOperStatusDown;
}

ULONG interface_metric(const HOST_LINK *link)
{
    enum { METRIC = 25, LOOPBACK_METRIC = 75 };
    return link->Type == IF_TYPE_SOFTWARE_LOOPBACK ? LOOPBACK_METRIC : METRIC;
}

HOTPATCH DWORD WINAPI GetNumberOfInterfaces(PDWORD number)
{
    ULONG count, error;
    if (!number) return ERROR_INVALID_PARAMETER;
    HOST_LINK *links = links_read(&count, &error);
    if (!links) return error;
    *number = count;
    table_free(links);
    return ERROR_SUCCESS;
}

// ---- GetIfTable ----

static void fill_row(MIB_IFROW *row, const HOST_LINK *link)
{
    bool up = operational_status(link) == IfOperStatusUp;
    memset(row, 0, sizeof *row);
    alias_of(link, row->wszName);
    row->dwIndex = link->Index;
    row->dwType = link->Type;
    row->dwMtu = link->Mtu;
    row->dwSpeed = link->Speed > ~0u ? ~0u : (ULONG)link->Speed;
    row->dwPhysAddrLen = link->AddressLength <= sizeof row->bPhysAddr ? link->AddressLength : 0;
    memcpy(row->bPhysAddr, link->Address, row->dwPhysAddrLen);
    row->dwAdminStatus = (link->Flags & HOST_LINK_UP) != 0;
    row->dwOperStatus = up ? MIB_IF_OPER_STATUS_OPERATIONAL : MIB_IF_OPER_STATUS_DISCONNECTED;
    row->dwInOctets = (ULONG)link->InOctets;
    row->dwInUcastPkts = (ULONG)(link->InPackets - link->InMulticast);
    row->dwInNUcastPkts = (ULONG)link->InMulticast;
    row->dwInDiscards = (ULONG)link->InDiscards;
    row->dwInErrors = (ULONG)link->InErrors;
    row->dwOutOctets = (ULONG)link->OutOctets;
    row->dwOutUcastPkts = (ULONG)link->OutPackets;
    row->dwOutDiscards = (ULONG)link->OutDiscards;
    row->dwOutErrors = (ULONG)link->OutErrors;
    row->dwDescrLen = strlen(link->Name) + 1;
    memcpy(row->bDescr, link->Name, row->dwDescrLen);
}

HOTPATCH DWORD WINAPI GetIfEntry(PMIB_IFROW row)
{
    HOST_LINK link;
    if (!row) return ERROR_INVALID_PARAMETER;
    if (!link_find(row->dwIndex, &link)) return ERROR_INVALID_DATA;
    fill_row(row, &link);
    return ERROR_SUCCESS;
}

// The host lists links by their index, in order.
HOTPATCH DWORD WINAPI GetIfTable(PMIB_IFTABLE table, PULONG size, WINBOOL order)
{
    ULONG count, error;
    (void)order;
    if (!size) return ERROR_INVALID_PARAMETER;
    HOST_LINK *links = links_read(&count, &error);
    if (!links) return error;
    bool fits = table_fits(table, size, FIELD_OFFSET(MIB_IFTABLE, table) + count * sizeof *table->table);
    if (fits) {
        table->dwNumEntries = count;
        for (ULONG i = 0; i < count; i++) fill_row(&table->table[i], &links[i]);
    }
    table_free(links);
    return fits ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
}

// ---- GetIfTable2 ----

static void fill_row2(MIB_IF_ROW2 *row, const HOST_LINK *link)
{
    bool loopback = link->Type == IF_TYPE_SOFTWARE_LOOPBACK, up = operational_status(link) == IfOperStatusUp;
    memset(row, 0, sizeof *row);
    row->InterfaceLuid = luid_of(link);
    row->InterfaceIndex = link->Index;
    row->InterfaceGuid = guid_of(link);
    alias_of(link, row->Alias);
    alias_of(link, row->Description);
    row->PhysicalAddressLength = link->AddressLength;
    memcpy(row->PhysicalAddress, link->Address, link->AddressLength);
    memcpy(row->PermanentPhysicalAddress, link->Address, link->AddressLength);
    row->Mtu = link->Mtu;
    row->Type = link->Type;
    row->MediaType = loopback ? NdisMediumLoopback : NdisMedium802_3;
    row->PhysicalMediumType = loopback ? NdisPhysicalMediumUnspecified : NdisPhysicalMedium802_3;
    row->AccessType = loopback ? NET_IF_ACCESS_LOOPBACK : NET_IF_ACCESS_BROADCAST;
    row->DirectionType = NET_IF_DIRECTION_SENDRECEIVE;
    row->InterfaceAndOperStatusFlags.HardwareInterface = link->Type == IF_TYPE_ETHERNET_CSMACD;
    row->InterfaceAndOperStatusFlags.ConnectorPresent = link->Type == IF_TYPE_ETHERNET_CSMACD;
    row->InterfaceAndOperStatusFlags.NotMediaConnected = !up;
    row->OperStatus = operational_status(link);
    row->AdminStatus = link->Flags & HOST_LINK_UP ? NET_IF_ADMIN_STATUS_UP : NET_IF_ADMIN_STATUS_DOWN;
    row->MediaConnectState = up ? MediaConnectStateConnected : MediaConnectStateDisconnected;
    row->ConnectionType = NET_IF_CONNECTION_DEDICATED;
    row->TransmitLinkSpeed = row->ReceiveLinkSpeed = link->Speed;
    row->InOctets = row->InUcastOctets = link->InOctets;
    row->InUcastPkts = link->InPackets - link->InMulticast;
    row->InNUcastPkts = link->InMulticast;
    row->InDiscards = link->InDiscards;
    row->InErrors = link->InErrors;
    row->OutOctets = row->OutUcastOctets = link->OutOctets;
    row->OutUcastPkts = link->OutPackets;
    row->OutDiscards = link->OutDiscards;
    row->OutErrors = link->OutErrors;
}

// The link that a row means by its LUID or, where that is 0, its index.
static bool row_link(const NET_LUID *luid, NET_IFINDEX index, HOST_LINK *link)
{
    if (luid->Value && ConvertInterfaceLuidToIndex(luid, &index)) return false;
    return index && link_find(index, link);
}

HOTPATCH DWORD WINAPI GetIfEntry2(PMIB_IF_ROW2 row)
{
    HOST_LINK link;
    if (!row || (!row->InterfaceLuid.Value && !row->InterfaceIndex)) return ERROR_INVALID_PARAMETER;
    if (!row_link(&row->InterfaceLuid, row->InterfaceIndex, &link)) return ERROR_FILE_NOT_FOUND;
    fill_row2(row, &link);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetIfTable2Ex(MIB_IF_TABLE_LEVEL level, PMIB_IF_TABLE2 *table)
{
    ULONG count, error;
    if (!table || (ULONG)level > 2) return ERROR_INVALID_PARAMETER;
    HOST_LINK *links = links_read(&count, &error);
    if (!links) return error;
    *table = mib_allocate(FIELD_OFFSET(MIB_IF_TABLE2, Table) + count * sizeof(MIB_IF_ROW2));
    if (*table) {
        (*table)->NumEntries = count;
        for (ULONG i = 0; i < count; i++) fill_row2(&(*table)->Table[i], &links[i]);
    }
    table_free(links);
    return *table ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

HOTPATCH DWORD WINAPI GetIfTable2(PMIB_IF_TABLE2 *table)
{
    return GetIfTable2Ex(MibIfTableNormal, table);
}

// ---- GetIpInterfaceTable ----

HOTPATCH VOID WINAPI InitializeIpInterfaceEntry(PMIB_IPINTERFACE_ROW row)
{
    memset(row, 0, sizeof *row);
}

static void fill_ip_row(MIB_IPINTERFACE_ROW *row, const HOST_LINK *link, ADDRESS_FAMILY family)
{
    enum { REACHABLE_MS = 30000, RETRANSMIT_MS = 1000, IPV6_PREFIX = 64 };
    bool loopback = link->Type == IF_TYPE_SOFTWARE_LOOPBACK;
    memset(row, 0, sizeof *row);
    row->Family = family;
    row->InterfaceLuid = luid_of(link);
    row->InterfaceIndex = link->Index;
    row->UseAutomaticMetric = TRUE;
    row->UseNeighborUnreachabilityDetection = !loopback;
    row->BaseReachableTime = row->ReachableTime = REACHABLE_MS;
    row->RetransmitTime = RETRANSMIT_MS;
    row->DadTransmits = loopback ? 0 : family == AF_INET ? 3 : 1;
    row->LinkLocalAddressBehavior = family == AF_INET6 ? LinkLocalAlwaysOn : LinkLocalDelayed;
    for (unsigned i = 0; i < ScopeLevelCount; i++) row->ZoneIndices[i] = link->Index;
    row->SitePrefixLength = family == AF_INET6 ? IPV6_PREFIX : 0;
    row->Metric = interface_metric(link);
    row->NlMtu = link->Mtu;
    row->Connected = operational_status(link) == IfOperStatusUp;
    row->SupportsNeighborDiscovery = row->SupportsRouterDiscovery = !loopback;
}

HOTPATCH DWORD WINAPI GetIpInterfaceEntry(PMIB_IPINTERFACE_ROW row)
{
    HOST_LINK link;
    if (!row || (row->Family != AF_INET && row->Family != AF_INET6)) return ERROR_INVALID_PARAMETER;
    if (!row->InterfaceLuid.Value && !row->InterfaceIndex) return ERROR_INVALID_PARAMETER;
    if (!row_link(&row->InterfaceLuid, row->InterfaceIndex, &link)) return ERROR_FILE_NOT_FOUND;
    fill_ip_row(row, &link, row->Family);
    return ERROR_SUCCESS;
}

HOTPATCH DWORD WINAPI GetIpInterfaceTable(ADDRESS_FAMILY family, PMIB_IPINTERFACE_TABLE *table)
{
    static const ADDRESS_FAMILY families[] = {AF_INET, AF_INET6};
    ULONG links_n = 0, addresses_n = 0, error = ERROR_SUCCESS;
    HOST_ADDRESS *addresses = NULL;
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    HOST_LINK *links = links_read(&links_n, &error);
    if (links) addresses = addresses_read(&addresses_n, &error);
    *table = addresses ? mib_allocate(FIELD_OFFSET(MIB_IPINTERFACE_TABLE, Table) +
                                      2 * links_n * sizeof(MIB_IPINTERFACE_ROW))
                       : NULL;
    for (unsigned f = 0; *table && f < ARRAYSIZE(families); f++)
        for (ULONG i = 0; i < links_n && (family == AF_UNSPEC || family == families[f]); i++)
            if (addresses_have(addresses, addresses_n, links[i].Index, families[f]))
                fill_ip_row(&(*table)->Table[(*table)->NumEntries++], &links[i], families[f]);
    table_free(links);
    table_free(addresses);
    return *table ? ERROR_SUCCESS : error ? error : ERROR_NOT_ENOUGH_MEMORY;
}

HOTPATCH DWORD WINAPI GetFriendlyIfIndex(DWORD index)
{
    return index & 0x00FFFFFF;
}

// No interface here only receives.
HOTPATCH DWORD WINAPI GetUniDirectionalAdapterInfo(PIP_UNIDIRECTIONAL_ADAPTER_ADDRESS info, PULONG size)
{
    (void)info;
    return size ? ERROR_NO_DATA : ERROR_INVALID_PARAMETER;
}
