// What would change the network: the host's configuration belongs to its administrator, so each of these is
// refused as Windows refuses those who aren't one, once its arguments are understood.
#include "network.h"

static DWORD refuse(const void *row)
{
    return row ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

static DWORD refuse_family(ADDRESS_FAMILY family)
{
    bool known = family == AF_UNSPEC || family == AF_INET || family == AF_INET6;
    return known ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

// ---- interfaces and addresses ----

HOTPATCH DWORD WINAPI SetIfEntry(PMIB_IFROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI SetIpInterfaceEntry(PMIB_IPINTERFACE_ROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI CreateUnicastIpAddressEntry(CONST MIB_UNICASTIPADDRESS_ROW *row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI SetUnicastIpAddressEntry(CONST MIB_UNICASTIPADDRESS_ROW *row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI DeleteUnicastIpAddressEntry(CONST MIB_UNICASTIPADDRESS_ROW *row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI AddIPAddress(IPAddr address, IPMask mask, DWORD index, PULONG context, PULONG instance)
{
    (void)address, (void)mask, (void)index;
    return context ? refuse(instance) : ERROR_INVALID_PARAMETER;
}

HOTPATCH DWORD WINAPI IpReleaseAddress(PIP_ADAPTER_INDEX_MAP adapter)
{
    return refuse(adapter);
}

HOTPATCH DWORD WINAPI IpRenewAddress(PIP_ADAPTER_INDEX_MAP adapter)
{
    return refuse(adapter);
}

// ---- routes ----

HOTPATCH DWORD WINAPI CreateIpForwardEntry(PMIB_IPFORWARDROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI SetIpForwardEntry(PMIB_IPFORWARDROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI DeleteIpForwardEntry(PMIB_IPFORWARDROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI CreateIpForwardEntry2(CONST MIB_IPFORWARD_ROW2 *row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI SetIpForwardEntry2(CONST MIB_IPFORWARD_ROW2 *row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI DeleteIpForwardEntry2(CONST MIB_IPFORWARD_ROW2 *row)
{
    return refuse(row);
}

// ---- neighbours ----

HOTPATCH DWORD WINAPI CreateIpNetEntry(PMIB_IPNETROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI SetIpNetEntry(PMIB_IPNETROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI DeleteIpNetEntry(PMIB_IPNETROW row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI CreateIpNetEntry2(CONST MIB_IPNET_ROW2 *row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI SetIpNetEntry2(PMIB_IPNET_ROW2 row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI DeleteIpNetEntry2(CONST MIB_IPNET_ROW2 *row)
{
    return refuse(row);
}

HOTPATCH DWORD WINAPI FlushIpNetTable(DWORD index)
{
    HOST_LINK link;
    return link_find(index, &link) ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

HOTPATCH DWORD WINAPI FlushIpNetTable2(ADDRESS_FAMILY family, NET_IFINDEX index)
{
    (void)index;
    return refuse_family(family);
}

// ---- the protocols ----

HOTPATCH DWORD WINAPI SetTcpEntry(PMIB_TCPROW row)
{
    if (!row || row->dwState != MIB_TCP_STATE_DELETE_TCB) return ERROR_INVALID_PARAMETER;
    return ERROR_ACCESS_DENIED;
}

HOTPATCH DWORD WINAPI SetIpStatistics(PMIB_IPSTATS statistics)
{
    return refuse(statistics);
}

HOTPATCH DWORD WINAPI SetIpTTL(UINT ttl)
{
    return ttl <= 255 ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}
