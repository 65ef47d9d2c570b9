// Tables of the machine's addresses.
#include "network.h"

static int by_address(const void *a, const void *b)
{
    ULONG first = __builtin_bswap32(((const MIB_IPADDRROW *)a)->dwAddr),
          second = __builtin_bswap32(((const MIB_IPADDRROW *)b)->dwAddr);
    return first < second ? -1 : first > second;
}

HOTPATCH DWORD WINAPI GetIpAddrTable(PMIB_IPADDRTABLE table, PULONG size, WINBOOL order)
{
    ULONG count, error, n = 0;
    if (!size) return ERROR_INVALID_PARAMETER;
    HOST_ADDRESS *addresses = addresses_read(&count, &error);
    if (!addresses) return error;
    for (ULONG i = 0; i < count; i++) n += addresses[i].Family == AF_INET;
    bool fits = table_fits(table, size, FIELD_OFFSET(MIB_IPADDRTABLE, table) + n * sizeof *table->table);
    if (fits) {
        table->dwNumEntries = 0;
        for (ULONG i = 0; i < count; i++) {
            if (addresses[i].Family != AF_INET) continue;
            table->table[table->dwNumEntries++] = (MIB_IPADDRROW){
                .dwAddr = ipv4_of(addresses[i].Address),
                .dwIndex = addresses[i].Index,
                .dwMask = prefix_mask(addresses[i].PrefixLength),
                .dwBCastAddr = 1, // which of the two forms broadcasts have: that of ones
                .dwReasmSize = 0xFFFF,
                .wType = MIB_IPADDR_PRIMARY,
            };
        }
        if (order) qsort(table->table, n, sizeof *table->table, by_address);
    }
    table_free(addresses);
    return fits ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
}

// ---- GetUnicastIpAddressTable ----

HOTPATCH VOID WINAPI InitializeUnicastIpAddressEntry(PMIB_UNICASTIPADDRESS_ROW row)
{
    memset(row, 0, sizeof *row);
    row->PrefixOrigin = IpPrefixOriginUnchanged;
    row->SuffixOrigin = IpSuffixOriginUnchanged;
    row->OnLinkPrefixLength = 255;
    row->ValidLifetime = row->PreferredLifetime = ~0u;
}

static void fill_unicast(MIB_UNICASTIPADDRESS_ROW *row, const HOST_ADDRESS *address)
{
    memset(row, 0, sizeof *row);
    address_to_inet(&row->Address, address->Family, address->Address, address->Index);
    row->InterfaceIndex = address->Index;
    ConvertInterfaceIndexToLuid(address->Index, &row->InterfaceLuid);
    bool forever = address->ValidLifetime == ~0u;
    row->PrefixOrigin = forever ? IpPrefixOriginManual : IpPrefixOriginDhcp;
    row->SuffixOrigin = forever ? IpSuffixOriginManual : IpSuffixOriginDhcp;
    row->ValidLifetime = address->ValidLifetime;
    row->PreferredLifetime = address->PreferredLifetime;
    row->OnLinkPrefixLength = address->PrefixLength;
    row->DadState = dad_state(address);
    if (address->Family == AF_INET6) row->ScopeId.Value = row->Address.Ipv6.sin6_scope_id;
}

HOTPATCH DWORD WINAPI GetUnicastIpAddressTable(ADDRESS_FAMILY family, PMIB_UNICASTIPADDRESS_TABLE *table)
{
    ULONG count, error;
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    HOST_ADDRESS *addresses = addresses_read(&count, &error);
    if (!addresses) return error;
    *table = mib_allocate(FIELD_OFFSET(MIB_UNICASTIPADDRESS_TABLE, Table) +
                          count * sizeof(MIB_UNICASTIPADDRESS_ROW));
    for (ULONG i = 0; *table && i < count; i++)
        if (family == AF_UNSPEC || addresses[i].Family == family)
            fill_unicast(&(*table)->Table[(*table)->NumEntries++], &addresses[i]);
    table_free(addresses);
    return *table ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static bool is_address(const HOST_ADDRESS *address, const SOCKADDR_INET *inet)
{
    if (address->Family != inet->si_family) return false;
    return address->Family == AF_INET
               ? !memcmp(address->Address, &inet->Ipv4.sin_addr, sizeof inet->Ipv4.sin_addr)
               : !memcmp(address->Address, &inet->Ipv6.sin6_addr, sizeof inet->Ipv6.sin6_addr);
}

HOTPATCH DWORD WINAPI GetUnicastIpAddressEntry(PMIB_UNICASTIPADDRESS_ROW row)
{
    ULONG count, error;
    if (!row) return ERROR_INVALID_PARAMETER;
    ADDRESS_FAMILY family = row->Address.si_family;
    NET_IFINDEX index = row->InterfaceIndex;
    if ((family != AF_INET && family != AF_INET6) || (!row->InterfaceLuid.Value && !index))
        return ERROR_INVALID_PARAMETER;
    if (row->InterfaceLuid.Value && ConvertInterfaceLuidToIndex(&row->InterfaceLuid, &index))
        return ERROR_FILE_NOT_FOUND;
    HOST_ADDRESS *addresses = addresses_read(&count, &error);
    if (!addresses) return error;
    error = ERROR_NOT_FOUND;
    for (ULONG i = 0; i < count && error; i++) {
        if (addresses[i].Index != index || !is_address(&addresses[i], &row->Address)) continue;
        fill_unicast(row, &addresses[i]);
        error = ERROR_SUCCESS;
    }
    table_free(addresses);
    return error;
}

// Addresses here are stable: what is tentative on the host soon is not.
HOTPATCH DWORD WINAPI NotifyStableUnicastIpAddressTable(ADDRESS_FAMILY family,
                                                        PMIB_UNICASTIPADDRESS_TABLE *table,
                                                        PSTABLE_UNICAST_IPADDRESS_TABLE_CALLBACK callback,
                                                        PVOID context, HANDLE *notification)
{
    (void)context;
    if (!callback || !notification) return ERROR_INVALID_PARAMETER;
    *notification = NULL; // nothing is left to be told
    return GetUnicastIpAddressTable(family, table);
}

// A table on a heap of the caller's.
HOTPATCH DWORD WINAPI AllocateAndGetIpAddrTableFromStack(PMIB_IPADDRTABLE *table, WINBOOL order, HANDLE heap,
                                                         DWORD flags)
{
    ULONG size = 0, error;
    if (!table) return ERROR_INVALID_PARAMETER;
    *table = NULL;
    while ((error = GetIpAddrTable(*table, &size, order)) == ERROR_INSUFFICIENT_BUFFER) {
        if (*table) HeapFree(heap, 0, *table);
        *table = HeapAlloc(heap, flags, size);
        if (!*table) return ERROR_NOT_ENOUGH_MEMORY;
    }
    if (!error) return error;
    if (*table) HeapFree(heap, 0, *table);
    *table = NULL;
    return error;
}
