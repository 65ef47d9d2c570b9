// Neighbours: which link addresses the machines of the local networks have.
#include "network.h"

// Linux' numbers of a neighbour's state (neighbour(8)).
enum { REACHABLE = 2, STALE = 4, DELAY = 8, PROBE = 16, FAILED = 32, PERMANENT = 128, NO_ARP = 64 };

static bool is_listed(const HOST_NEIGHBOUR *neighbour)
{
    return neighbour->Family == AF_INET && neighbour->LinkLength != 0 &&
           neighbour->LinkLength <= MAXLEN_PHYSADDR && !(neighbour->State & NO_ARP);
}

static int by_address(const void *a, const void *b)
{
    ULONG first = __builtin_bswap32(((const MIB_IPNETROW *)a)->dwAddr),
          second = __builtin_bswap32(((const MIB_IPNETROW *)b)->dwAddr);
    return first < second ? -1 : first > second;
}

HOTPATCH ULONG WINAPI GetIpNetTable(PMIB_IPNETTABLE table, PULONG size, WINBOOL order)
{
    ULONG count, error, n = 0;
    if (!size) return ERROR_INVALID_PARAMETER;
    HOST_NEIGHBOUR *neighbours = neighbours_read(&count, &error);
    if (!neighbours) return error;
    for (ULONG i = 0; i < count; i++) n += is_listed(&neighbours[i]);
    bool fits = table_fits(table, size, FIELD_OFFSET(MIB_IPNETTABLE, table) + n * sizeof *table->table);
    if (fits) {
        table->dwNumEntries = 0;
        for (ULONG i = 0; i < count; i++) {
            if (!is_listed(&neighbours[i])) continue;
            MIB_IPNETROW *row = &table->table[table->dwNumEntries++];
            memset(row, 0, sizeof *row);
            row->dwIndex = neighbours[i].Index;
            row->dwPhysAddrLen = neighbours[i].LinkLength;
            memcpy(row->bPhysAddr, neighbours[i].LinkAddress, neighbours[i].LinkLength);
            row->dwAddr = ipv4_of(neighbours[i].Address);
            row->dwType = neighbours[i].State & PERMANENT ? MIB_IPNET_TYPE_STATIC : MIB_IPNET_TYPE_DYNAMIC;
        }
        if (order) qsort(table->table, n, sizeof *table->table, by_address);
    }
    table_free(neighbours);
    if (!fits && n) return ERROR_INSUFFICIENT_BUFFER;
    return n ? ERROR_SUCCESS : ERROR_NO_DATA;
}

static NL_NEIGHBOR_STATE windows_state(USHORT host)
{
    if (host & (PERMANENT | NO_ARP)) return NlnsPermanent;
    if (host & REACHABLE) return NlnsReachable;
    if (host & STALE) return NlnsStale;
    if (host & DELAY) return NlnsDelay;
    if (host & PROBE) return NlnsProbe;
    return host & FAILED ? NlnsUnreachable : NlnsIncomplete;
}

void fill_neighbour(MIB_IPNET_ROW2 *row, const HOST_NEIGHBOUR *neighbour)
{
    memset(row, 0, sizeof *row);
    address_to_inet(&row->Address, neighbour->Family, neighbour->Address, neighbour->Index);
    row->InterfaceIndex = neighbour->Index;
    ConvertInterfaceIndexToLuid(neighbour->Index, &row->InterfaceLuid);
    row->PhysicalAddressLength = neighbour->LinkLength;
    memcpy(row->PhysicalAddress, neighbour->LinkAddress, neighbour->LinkLength);
    row->State = windows_state(neighbour->State);
}

HOTPATCH DWORD WINAPI GetIpNetTable2(ADDRESS_FAMILY family, PMIB_IPNET_TABLE2 *table)
{
    ULONG count, error;
    if (!table || (family != AF_UNSPEC && family != AF_INET && family != AF_INET6))
        return ERROR_INVALID_PARAMETER;
    HOST_NEIGHBOUR *neighbours = neighbours_read(&count, &error);
    if (!neighbours) return error;
    *table = mib_allocate(FIELD_OFFSET(MIB_IPNET_TABLE2, Table) + count * sizeof(MIB_IPNET_ROW2));
    for (ULONG i = 0; *table && i < count; i++) {
        const HOST_NEIGHBOUR *neighbour = &neighbours[i];
        if (family != AF_UNSPEC && neighbour->Family != family) continue;
        fill_neighbour(&(*table)->Table[(*table)->NumEntries++], neighbour);
    }
    table_free(neighbours);
    return *table ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}
