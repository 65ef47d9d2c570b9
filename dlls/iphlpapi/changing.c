// What would change the network: the host's configuration belongs to its administrator, so each of these is
// refused as Windows refuses those who aren't one, once its arguments are understood.
#include "network.h"

static DWORD refuse(const void *row)
{
    return row ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

// A call that takes what it would change and nothing else.
#define REFUSED(name, row_type)                                                                              \
    HOTPATCH DWORD WINAPI name(row_type row)                                                                 \
    {                                                                                                        \
        return refuse(row);                                                                                  \
    }

static DWORD refuse_family(ADDRESS_FAMILY family)
{
    bool known = family == AF_UNSPEC || family == AF_INET || family == AF_INET6;
    return known ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}

// ---- interfaces and addresses ----

REFUSED(SetIfEntry, PMIB_IFROW)
REFUSED(SetIpInterfaceEntry, PMIB_IPINTERFACE_ROW)
REFUSED(CreateUnicastIpAddressEntry, CONST MIB_UNICASTIPADDRESS_ROW *)
REFUSED(SetUnicastIpAddressEntry, CONST MIB_UNICASTIPADDRESS_ROW *)
REFUSED(DeleteUnicastIpAddressEntry, CONST MIB_UNICASTIPADDRESS_ROW *)

HOTPATCH DWORD WINAPI AddIPAddress(IPAddr address, IPMask mask, DWORD index, PULONG context, PULONG instance)
{
    (void)address, (void)mask, (void)index;
    return context ? refuse(instance) : ERROR_INVALID_PARAMETER;
}

REFUSED(IpReleaseAddress, PIP_ADAPTER_INDEX_MAP)
REFUSED(IpRenewAddress, PIP_ADAPTER_INDEX_MAP)

// ---- routes ----

REFUSED(CreateIpForwardEntry, PMIB_IPFORWARDROW)
REFUSED(SetIpForwardEntry, PMIB_IPFORWARDROW)
REFUSED(DeleteIpForwardEntry, PMIB_IPFORWARDROW)
REFUSED(CreateIpForwardEntry2, CONST MIB_IPFORWARD_ROW2 *)
REFUSED(SetIpForwardEntry2, CONST MIB_IPFORWARD_ROW2 *)
REFUSED(DeleteIpForwardEntry2, CONST MIB_IPFORWARD_ROW2 *)

// ---- neighbours ----

REFUSED(CreateIpNetEntry, PMIB_IPNETROW)
REFUSED(SetIpNetEntry, PMIB_IPNETROW)
REFUSED(DeleteIpNetEntry, PMIB_IPNETROW)
REFUSED(CreateIpNetEntry2, CONST MIB_IPNET_ROW2 *)
REFUSED(SetIpNetEntry2, PMIB_IPNET_ROW2)
REFUSED(DeleteIpNetEntry2, CONST MIB_IPNET_ROW2 *)

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

REFUSED(SetIpStatistics, PMIB_IPSTATS)

HOTPATCH DWORD WINAPI SetIpTTL(UINT ttl)
{
    return ttl <= 255 ? ERROR_ACCESS_DENIED : ERROR_INVALID_PARAMETER;
}
